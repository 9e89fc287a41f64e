"""What the corpus is like, in figures: skeletons, skills, lengths, what training and validation share, the rate.

Knows: masking names and values, counting. Leaves to others: making conversations (`corpus`).
"""

# ruff: noqa: E501
# Lines of figures, however long.

from __future__ import annotations

import ast
import builtins
import re
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from mtchat.train.corpus import Conversation, Recipe, conversations
from mtchat.train.corpus.holdout import SETS

_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'|`[^`]*`")
_LITERAL = re.compile(r"\[[^\[\]]*\]|\{[^{}]*\}|\([^()]*\)|-?\d+(\.\d+)?")


@dataclass
class Stats:
    """Figures over a number of conversations."""

    conversations: int = 0
    turns: int = 0
    intents: set[str] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)
    skills: Counter[str] = field(default_factory=Counter)
    forms: Counter[str] = field(default_factory=Counter)
    lengths: Counter[int] = field(default_factory=Counter)
    characters: int = 0
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Conversations a second of processor time."""
        return self.conversations / self.seconds if self.seconds else 0.0


def intent_skeleton(intent: str, code: str) -> str:
    """The intent with quoted texts, literals and the names of the code masked, in lower case."""
    names = set(re.findall(r"[A-Za-z_]\w*", code)) - _ORDINARY
    text = _LITERAL.sub("V", _LITERAL.sub("V", _QUOTED.sub("V", intent)))
    text = re.sub(r"[A-Za-z_]\w*", lambda m: "V" if m[0] in names and not _plain(m[0]) else m[0], text)
    return re.sub(r"V(,? (and )?V)+", "V", text).lower().rstrip(".?! ")


_ORDINARY = frozenset(dir(builtins)) | frozenset(
    [
        "for",
        "in",
        "if",
        "else",
        "and",
        "or",
        "not",
        "is",
        "return",
        "def",
        "class",
        "import",
        "from",
        "as",
        "while",
        "lambda",
    ]
)


def _plain(word: str) -> bool:
    return word in ("a", "I", "the", "it", "to", "of", "number", "list", "value", "result", "word")


def code_skeleton(code: str) -> str:
    """The shape of the code: its syntax tree without names and constants."""
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return "broken"
    return " ".join(_shape(node) for node in ast.walk(tree))


def _shape(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f".{node.attr}"
    if isinstance(node, ast.Name):
        return node.id if node.id in _ORDINARY else "n"
    return type(node).__name__


def measure(found: Iterable[Conversation]) -> Stats:
    """Figures over conversations."""
    stats, start = Stats(), time.process_time()
    spent = 0.0
    for conversation in found:
        before = time.process_time()
        stats.conversations += 1
        stats.lengths[len(conversation.turns)] += 1
        for turn in conversation.turns:
            stats.turns += 1
            stats.intents.add(intent_skeleton(turn.intent, turn.code))
            stats.codes.add(code_skeleton(turn.code))
            stats.skills[turn.skill] += 1
            stats.forms[turn.form] += 1
            stats.characters += len(turn.intent) + len(turn.code) + 5
        spent += time.process_time() - before
    stats.seconds = time.process_time() - start - spent
    return stats


def held_turns(hold: str, count: int, seed: int = 0) -> Stats:
    """Figures over the turns of a validation set that use what it holds out."""
    stats = Stats()
    for conversation in islice(conversations(Recipe(seed=seed, hold=hold), 1_000_000), count):
        for turn, held in zip(conversation.turns, conversation.used_held, strict=True):
            if held:
                stats.turns += 1
                stats.intents.add(intent_skeleton(turn.intent, turn.code))
                stats.codes.add(code_skeleton(turn.code))
                stats.skills[turn.skill] += 1
    return stats


def report(count: int, seed: int = 0, tokenizer: Any = None) -> list[str]:
    """Lines of figures over `count` conversations of training and a fifth as many of each validation set."""
    next(conversations(Recipe(seed=seed), 0))  # reading the skills is not generation
    stats = measure(islice(conversations(Recipe(seed=seed), 0), count))
    fresh = measure(islice(conversations(Recipe(seed=seed), 1_000_000), max(count // 5, 1)))
    lines = [
        f"{stats.conversations:,} conversations, {stats.turns:,} turns, {stats.rate:,.0f} conversations a second of processor time",
        f"distinct intent skeletons {len(stats.intents):,} ({len(stats.intents) / stats.turns:.0%} of turns), code skeletons {len(stats.codes):,}",
        f"skills {len(stats.skills):,}; characters a turn {stats.characters / stats.turns:.0f}"
        + _tokens(count, seed, tokenizer),
        "turns a conversation: "
        + ", ".join(f"{n}: {c / stats.conversations:.0%}" for n, c in sorted(stats.lengths.items())),
        "forms: " + ", ".join(f"{form} {c / stats.turns:.0%}" for form, c in stats.forms.most_common()),
        "commonest skills: " + ", ".join(f"{name} {c}" for name, c in stats.skills.most_common(12)),
        "rarest skills: " + ", ".join(f"{name} {c}" for name, c in stats.skills.most_common()[-12:]),
        f"fresh conversations: {_share(fresh.intents, stats.intents)} of intent and {_share(fresh.codes, stats.codes)} of code skeletons were in training",
    ]
    for hold in SETS:
        held = held_turns(hold, max(count // 5, 1), seed)
        lines.append(
            f"held-out {hold}: {held.turns} turns of {len(held.skills)} skills; {_share(held.intents, stats.intents)} of intent and"
            f" {_share(held.codes, stats.codes)} of code skeletons were in training"
        )
    return lines


def _share(part: set[str], whole: set[str]) -> str:
    return f"{len(part & whole) / max(len(part), 1):.0%}"


def _tokens(count: int, seed: int, tokenizer: Any) -> str:
    if tokenizer is None:
        return ""
    from mtchat.train.corpus import layout

    found = list(islice(conversations(Recipe(seed=seed), 1), min(count, 200)))
    texts = ["".join(piece for piece, _ in layout(c)) for c in found]
    total = sum(len(e.ids) for e in tokenizer.encode_batch(texts))
    return f"; tokens a turn {total / sum(len(c.turns) for c in found):.1f}"
