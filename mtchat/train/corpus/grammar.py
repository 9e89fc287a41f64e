"""Phrasing patterns: how one intent is said in many ways.

Knows: the pattern language (`[a|b]` a choice, `<class>` a shared synonym class, `{slot}` a value) and who may say a
held-out word. Leaves to others: which patterns exist (`skills`, `frames`), what fills their slots (`scene`), surface
noise (`noise`), what is held out (`holdout`).
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from mtchat.train.corpus import holdout
from mtchat.train.corpus.synonyms import CLASSES

_PIECE = re.compile(r"\[|\]|\||<\w+>|\{\w+\}|[^\[\]|<>{}]+|[<>{}]")
Node = tuple[str, Any]
Said = list[tuple[str, str]]  # (text, the slot that it is the value of or "")


def _parse(pieces: list[str], at: int) -> tuple[list[list[Node]], int]:
    """Alternatives from `pieces[at:]` up to a closing bracket or the end, and where that is."""
    options: list[list[Node]] = [[]]
    while at < len(pieces) and pieces[at] != "]":
        piece = pieces[at]
        if piece == "[":
            inner, at = _parse(pieces, at + 1)
            options[-1].append(("alt", inner))
        elif piece == "|":
            options.append([])
        elif len(piece) > 2 and piece[0] == "<":
            options[-1].append(("class", piece[1:-1]))
        elif len(piece) > 2 and piece[0] == "{":
            options[-1].append(("slot", piece[1:-1]))
        else:
            options[-1].append(("text", piece))
        at += 1
    return options, at


@lru_cache(maxsize=50_000)
def parse(pattern: str) -> list[list[Node]]:
    """The alternatives of a pattern, each a list of nodes. A pattern's own top level may hold `|` too."""
    pieces = _PIECE.findall(re.sub(r"\}\[([^\]|]*)\]", r"}⟦\1⟧", pattern))  # {x}[0] is Python's, no choice
    return _parse(pieces, 0)[0]


@lru_cache(maxsize=50_000)
def slots_of(pattern: str) -> frozenset[str]:
    """Every slot name that the pattern mentions."""
    return frozenset(re.findall(r"\{(\w+)\}", pattern))


def unknown_classes(pattern: str) -> set[str]:
    """Names in `<...>` that are no synonym class."""
    return {name for name in re.findall(r"<(\w+)>", pattern) if name not in CLASSES}


@lru_cache(maxsize=4096)
def split_held(name: str) -> tuple[list[str], list[str]]:
    """The options of a synonym class that training may say, and those that it may not."""
    free = [option for option in CLASSES[name] if not holdout.held_in(option)]
    return free or CLASSES[name], [option for option in CLASSES[name] if holdout.held_in(option)]


@dataclass
class Voice:
    """Says patterns. With `held_words` it prefers words that training never hears; `used_held` tells whether it did.
    With `everything` nothing is held back.
    """

    rng: random.Random
    held_words: bool = False
    everything: bool = False
    used_held: bool = field(default=False)

    def pieces(self, pattern: str, slots: Mapping[str, str]) -> Said:
        """The pattern said once, in pieces."""
        said: Said = []
        self._say(parse(pattern), slots, said)
        return said

    def _say(self, options: list[list[Node]], slots: Mapping[str, str], said: Said) -> None:
        option = options[0] if len(options) == 1 else options[int(self.rng.random() * len(options))]
        for kind, body in option:
            if kind == "text":
                said.append((body, ""))
            elif kind == "slot":
                said.append((slots[body], body))
            elif kind == "class":
                self._say(parse(self._word(body)), slots, said)
            else:
                self._say(body, slots, said)

    def _word(self, name: str) -> str:
        free, held = split_held(name)
        if self.everything:
            return _plainer(CLASSES[name], self.rng)
        if held and self.held_words and self.rng.random() < 0.7:
            self.used_held = True
            return self.rng.choice(held)
        return _plainer(free, self.rng)

    def say(self, pattern: str, slots: Mapping[str, str]) -> str:
        """The pattern said once, plain: no politeness, no capitals, no noise."""
        return tidy("".join(text for text, _ in self.pieces(pattern, slots)))

    def pick(self, patterns: Sequence[str]) -> str:
        """One of the patterns."""
        return patterns[int(self.rng.random() * len(patterns))]


def _plainer(options: Sequence[str], rng: random.Random) -> str:
    """One of the options, the earlier likelier: the first third is said two thirds of the time."""
    return options[int(rng.random() ** 2.4 * len(options))]


_VOWELS = [
    "array",
    "integer",
    "int",
    "even",
    "odd",
    "element",
    "item",
    "entry",
    "instance",
    "index",
    "alphab",
    "email",
    "empty",
    "object",
    "average",
    "inverse",
]
_AN = re.compile(rf"\b([Aa]) (?=(?:{'|'.join(_VOWELS)}|uppercase|ascending|ordered)\w*\b)")


def tidy(text: str) -> str:
    """Single spaces, none at the ends, none before a comma; "an" before a vowel; Python's brackets back."""
    text = _AN.sub(r"\1n ", text)
    text = re.sub(r" {2,}", " ", text).strip().replace(" ,", ",").replace(" .", ".").replace(",,", ",")
    return text.replace("the the ", "the ").replace("of of ", "of ").replace("⟦", "[").replace("⟧", "]")


_ES = ("s", "x", "z", "ch", "sh", "o")


def third_person(phrase: str) -> str:
    """A command as what a thing does: "count the words" is "counts the words"."""
    verb, _, rest = phrase.partition(" ")
    special = {"be": "is", "have": "has", "is": "is", "has": "has"}
    if verb in special:
        verb = special[verb]
    elif verb.endswith("y") and verb[-2:-1] not in ("a", "e", "o", "u", ""):
        verb = verb[:-1] + "ies"
    else:
        verb += "es" if verb.endswith(_ES) else "s"
    both = re.sub(
        r"\band (count|sum|add|print|return|sort|take|keep|join|find|get|remove|reverse)\b(?!s)", r"and \1s", rest
    )
    return f"{verb} {both}".strip()


_ONE = re.compile(r"is an? ([\w -]+?)(?= of | that | with | in |$)")


def plural(predicate: str) -> str:
    """A clause about one thing as a clause about many: "is even" is "are even", "starts with" is "start with"."""
    verb, _, rest = predicate.partition(" ")
    if predicate.startswith("does not "):
        return "do" + predicate.removeprefix("does")
    one = _ONE.match(predicate)
    if one:
        head = one[1][:-1] + "ies" if one[1].endswith("y") else one[1] + "s"
        return f"are {head}{predicate[one.end() :]}"
    return (
        f"{bare(verb)} {rest}".strip() if verb not in ("is", "has") else f"{'are' if verb == 'is' else 'have'} {rest}"
    )


def bare(verb: str) -> str:
    """The infinitive of a verb in the third person."""
    if verb.endswith("ies"):
        return verb[:-3] + "y"
    return verb[:-2] if verb.endswith(("sses", "shes", "ches", "xes")) else verb.removesuffix("s")


def question(predicate: str, subject: str) -> str:
    """ "is even" of x is "is x even"; "starts with" is "does x start with"."""
    verb, _, rest = predicate.partition(" ")
    return (
        f"is {subject} {rest}" if verb == "is" else f"does {subject} {'have' if verb == 'has' else bare(verb)} {rest}"
    )


def negated(predicate: str) -> str:
    """ "is even" is "is not even"; "starts with" is "does not start with"."""
    verb, _, rest = predicate.partition(" ")
    return f"is not {rest}" if verb == "is" else f"does not {'have' if verb == 'has' else bare(verb)} {rest}"
