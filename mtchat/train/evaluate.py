"""Evaluation by execution: how many turns a packed model gets right, in distribution and off it.

Knows: how a packed model is asked for the code of single turns, the sets (what `corpus.holdout` holds out; made names;
long values; a newcomer's conversations). Leaves to others: what "right" means (`judge`), conversations (`corpus`,
`newcomer`).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from mtchat import conversation
from mtchat.errors import ModelError
from mtchat.models import Ask, Model, load_model
from mtchat.train import tokenizer as bpe
from mtchat.train.corpus import Conversation, Recipe, comment, conversations, holdout
from mtchat.train.judge import execute, namespace, same_effect
from mtchat.train.newcomer import CONVERSATIONS
from mtchat.turn import Completion, SamplingParams

GREEDY = SamplingParams(greedy=True, max_new_tokens=240)
ROWS = 16  # programs written side by side
KEPT = 20  # wrong turns kept to be shown
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
    """Turns right, of how many; and up to KEPT that were wrong as (intent, reference, written)."""

    right: int
    total: int
    wrong: list[tuple[str, str, str]]

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval of the share that is right."""
        n, z = max(self.total, 1), 1.96
        share = self.right / n
        middle, spread = share + z * z / (2 * n), z * (share * (1 - share) / n + z * z / (4 * n * n)) ** 0.5
        return max((middle - spread) / (1 + z * z / n), 0.0), min((middle + spread) / (1 + z * z / n), 1.0)


class Written(NamedTuple):
    """What a model wrote for a case: the completion, the code that is kept of it, whether that is right."""

    completion: Completion
    code: str
    right: bool


def load(folder: Path) -> Model:
    """The packed model in `folder`; ModelError where there is none."""
    if not (folder / "config.json").is_file():
        raise ModelError(f"{folder} holds no packed model; make one with: mtchat train --out DIR")
    return load_model(str(folder))


def written(
    model: Model, asked: Iterable[Case], params: SamplingParams = GREEDY, rows: int = ROWS
) -> Iterator[tuple[Case, list[Written]]]:
    """The model's `params.n` programs for each case, judged by execution; cases that fill the context are left out."""
    room = model.context_length - params.max_new_tokens
    fitting = (case for case in asked if model.count(case.text) <= room)
    while batch := list(islice(fitting, max(1, rows // params.n))):
        outs = model.complete_many([Ask(case.text, params, conversation.finished) for case in batch])
        for case, found in zip(batch, outs, strict=True):
            yield case, [judged(case, out) for out in found]


def judged(case: Case, out: Completion) -> Written:
    """What is kept of a completion, and whether it does what the case's reference does."""
    code = conversation.truncate(out.text)
    right = same_effect(case.prefix, case.before, case.code, code, case.targets, case.named)
    return Written(out, code, right)


def cases(
    recipe: Recipe, count: int, wanted: Callable[[Conversation, int], bool] = lambda c, i: True, stream: int = STREAM
) -> Iterator[Case]:
    """`count` turns of fresh conversations, at most two of each, each with the reference conversation before it."""
    rng, given = random.Random(recipe.seed), 0
    for talk in conversations(recipe, stream):
        fitting = [i for i in range(len(talk.turns)) if wanted(talk, i)]
        for i in sorted(rng.sample(fitting, min(2, len(fitting)))):
            before = [t.code for t in talk.turns[:i]]
            text = talk.prefix + "".join(f"{comment(t.intent)}{t.code}\n\n" for t in talk.turns[:i])
            turn = talk.turns[i]
            yield Case(talk.prefix, before, text + comment(turn.intent), turn.intent, turn.code, turn.skill,
                       turn.targets, turn.spoken)  # fmt: skip
            given += 1
            if given == count:
                return


def measure(model: Model, found: Iterable[Case]) -> Score:
    """Write each case's code greedily and judge it."""
    right, total, wrong = 0, 0, list[tuple[str, str, str]]()
    for case, (answer,) in written(model, found):
        total += 1
        right += answer.right
        if not answer.right and len(wrong) < KEPT:
            wrong.append((case.intent, case.code, answer.code))
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
    """Every set, `count` turns each, and the newcomer's conversations. Raises ModelError for no model."""
    model = load(folder)
    tokens = bpe.words(bpe.load(folder))
    found: dict[str, Score] = {}
    for name, (options, wanted) in SETS.items():
        recipe = Recipe(seed=seed, tokens=tokens, **options)
        found[name] = measure(model, cases(recipe, count, wanted))
        if report:
            report(name, found[name])
    found["newcomer"] = newcomer(model)
    if report:
        report("newcomer", found["newcomer"])
    model.close()
    return found


def newcomer(model: Model) -> Score:
    """The hand-written conversations, each turn on the model's own earlier code."""
    right, total, wrong = 0, 0, list[tuple[str, str, str]]()
    for turns in CONVERSATIONS:
        text, space = "", namespace()
        for intent, check in turns:
            (out,) = model.complete(text + comment(intent), GREEDY, stop=conversation.finished)
            code = conversation.truncate(out.text)
            printed, _ = execute(code, space)
            good, total = holds(check, space, printed), total + 1
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
