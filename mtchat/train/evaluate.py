"""Evaluation by execution: how many turns a packed model gets right, in distribution and off it.

Knows: greedy completion with transformers, the sets (what `corpus.holdout` holds out; made names; long values; a
newcomer's conversations). Leaves to others: what "right" means (`judge`), conversations (`corpus`, `newcomer`).
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from mtchat.train import tokenizer as bpe
from mtchat.train.corpus import Conversation, Recipe, comment, conversations, holdout
from mtchat.train.judge import execute, namespace, same_effect
from mtchat.train.newcomer import CONVERSATIONS

STREAM = 1_000_000  # evaluation streams start here: no training shard comes near


class Case(NamedTuple):
    """One turn to be written: the text before it, the code of the turns before, the intent, the reference code, the
    names that it sets and whether the intent gave them.
    """

    prefix: str
    before: list[str]
    text: str
    intent: str
    code: str
    skill: str
    targets: tuple[str, ...]
    named: bool


class Score(NamedTuple):
    """Turns right, of how many; and up to twenty that were wrong as (intent, reference, written)."""

    right: int
    total: int
    wrong: list[tuple[str, str, str]]


class Writer:
    """A packed model, read with transformers in float32, that completes texts greedily."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        import torch
        from transformers import CodeGenForCausalLM

        torch.set_num_threads(threads)
        self.tokenizer = bpe.load(folder)
        self.model = CodeGenForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
        self.room: int = self.model.config.n_positions

    def complete(self, text: str, most: int = 240) -> str:
        """The code that follows `text`, up to the next intent comment or the end mark."""
        import torch

        end = self.model.config.eos_token_id
        ids = self.tokenizer.encode(text).ids
        if len(ids) + 8 > self.room:
            return ""
        cache, feed, written = None, torch.tensor([ids]), list[int]()
        with torch.inference_mode():
            for _ in range(min(most, self.room - len(ids))):
                out = self.model(input_ids=feed, past_key_values=cache, use_cache=True)
                cache, token = out.past_key_values, int(out.logits[0, -1].argmax())
                if token == end:
                    break
                written.append(token)
                feed = torch.tensor([[token]])
                code = self.tokenizer.decode(written)
                if "\n#" in code or code.startswith("#"):
                    break
        return until_comment(self.tokenizer.decode(written))


def until_comment(text: str) -> str:
    """The code before the first line that is a comment."""
    kept = []
    for line in text.split("\n"):
        if line.startswith("#"):
            break
        kept.append(line)
    return "\n".join(kept).rstrip()


def cases(
    recipe: Recipe, count: int, wanted: Callable[[Conversation, int], bool] = lambda c, i: True, stream: int = STREAM
) -> Iterator[Case]:
    """`count` turns of fresh conversations, at most two of each, each with the reference conversation before it."""
    rng, given = random.Random(recipe.seed), 0
    for conversation in conversations(recipe, stream):
        fitting = [i for i in range(len(conversation.turns)) if wanted(conversation, i)]
        for i in sorted(rng.sample(fitting, min(2, len(fitting)))):
            before = [t.code for t in conversation.turns[:i]]
            text = conversation.prefix + "".join(f"{comment(t.intent)}{t.code}\n\n" for t in conversation.turns[:i])
            turn = conversation.turns[i]
            yield Case(conversation.prefix, before, text + comment(turn.intent), turn.intent, turn.code, turn.skill,
                       turn.targets, turn.spoken)  # fmt: skip
            given += 1
            if given == count:
                return


def measure(writer: Writer, found: Iterator[Case]) -> Score:
    """Write each case's code and judge it."""
    right, total, wrong = 0, 0, list[tuple[str, str, str]]()
    for case in found:
        written, total = writer.complete(case.text), total + 1
        good = same_effect(case.prefix, case.before, case.code, written, case.targets, case.named)
        right += good
        if not good and len(wrong) < 20:
            wrong.append((case.intent, case.code, written))
    return Score(right, total, wrong)


def used(conversation: Conversation, i: int) -> bool:
    """Whether turn i used what is held out."""
    return conversation.used_held[i]


def long_value(conversation: Conversation, i: int) -> bool:
    """Whether turn i holds a literal of nine elements or more, or of six words or more."""
    code = conversation.turns[i].code
    return code.count(", ") >= 8 or max((part.count(" ") for part in code.split('"')[1::2]), default=0) >= 5


def made_name(conversation: Conversation, i: int) -> bool:
    """Whether turn i stores under a name that is in no pool."""
    from mtchat.train.corpus.words import NAMES

    name = conversation.turns[i].code.split(" = ")[0]
    return name.isidentifier() and name not in NAMES


SETS: dict[str, tuple[dict[str, Any], Callable[[Conversation, int], bool]]] = {
    "in distribution": ({}, lambda c, i: True),
    **{f"held-out {name}": ({"hold": name}, used) for name in holdout.SETS},
    "made names": ({"rare_names": 1.0}, made_name),
    "long values": ({}, long_value),
    "long conversations": ({"most_turns": 20}, lambda c, i: i >= 10),
}


def evaluate(
    folder: Path, count: int = 200, seed: int = 0, report: Callable[[str, Score], None] | None = None
) -> dict[str, Score]:
    """Every set, `count` turns each, and the newcomer's conversations."""
    writer = Writer(folder, threads=int(os.environ.get("OMP_NUM_THREADS", "1")))
    tokens = bpe.words(writer.tokenizer)
    found: dict[str, Score] = {}
    for name, (options, wanted) in SETS.items():
        recipe = Recipe(seed=seed, tokens=tokens, **options)
        found[name] = measure(writer, cases(recipe, count, wanted))
        if report:
            report(name, found[name])
    found["newcomer"] = newcomer(writer)
    if report:
        report("newcomer", found["newcomer"])
    return found


def newcomer(writer: Writer) -> Score:
    """The hand-written conversations, each turn on the model's own earlier code."""
    right, total, wrong = 0, 0, list[tuple[str, str, str]]()
    for conversation in CONVERSATIONS:
        text, space = "", namespace()
        for intent, check in conversation:
            code = writer.complete(text + comment(intent))
            out, _ = execute(code, space)
            good, total = holds(check, space, out), total + 1
            right += good
            if not good:
                wrong.append((intent, check, code))
            text += f"{comment(intent)}{code}\n\n"
    return Score(right, total, wrong)


def holds(check: str, space: dict[str, Any], out: str) -> bool:
    """Whether a check is true of the state; one that cannot be evaluated is not."""
    env = {name: value for name, value in space.items() if not name.startswith("__")}
    try:
        return bool(
            eval(check, {**space, "env": env, "out": out, "callable": callable, "isinstance": isinstance, "type": type})
        )
    except Exception:
        return False
