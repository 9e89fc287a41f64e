"""Phrasing patterns: how one intent is said in many ways.

Knows: the pattern language (`[a|b]` a choice, `<class>` a shared synonym class, `{slot}` a value), what is held out
(a choice that starts with `~`),
and surface noise (politeness, capitals, full stops, typos). Leaves to others: which patterns exist (`skills`) and
what fills their slots (`scene`).
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from mtchat.train.synonyms import CLASSES

_PIECE = re.compile(r"\[|\]|\||<\w+>|\{\w+\}|[^\[\]|<>{}]+|[<>]")
Node = tuple[str, Any]


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
        elif piece[0] == "{":
            options[-1].append(("slot", piece[1:-1]))
        else:
            options[-1].append(("text", piece))
        at += 1
    return options, at


@cache
def parse(pattern: str) -> list[list[Node]]:
    """The alternatives of a pattern, each a list of nodes. A pattern's own top level may hold `|` too."""
    return _parse(_PIECE.findall(pattern), 0)[0]


@cache
def slots_of(pattern: str) -> frozenset[str]:
    """Every slot name that the pattern can mention, synonym classes included."""
    found = set(re.findall(r"\{(\w+)\}", pattern))
    for name in re.findall(r"<(\w+)>", pattern):
        found |= {slot for option in CLASSES[name] for slot in slots_of(option)}
    return frozenset(found)


def _is_held(option: list[Node]) -> bool:
    return bool(option) and option[0][0] == "text" and option[0][1].startswith("~")


@dataclass
class Speaker:
    """Says patterns. `hold` is what may be said that training never hears: "" (nothing), "phrasings" or "words";
    `used_held` tells whether it was.
    """

    rng: random.Random
    hold: str = ""
    used_held: bool = field(default=False)

    def choose(self, options: Sequence[str], hold: str = "phrasings") -> str:
        """One of `options`; those that start with `~` only where this speaker may say them (and then mostly those)."""
        held = [o for o in options if o.startswith("~")]
        if held and self.hold == hold and self.rng.random() < 0.8:
            self.used_held = True
            return self.rng.choice(held)[1:]
        return self.rng.choice([o for o in options if not o.startswith("~")])

    def pieces(self, pattern: str, slots: Mapping[str, str]) -> list[tuple[str, str]]:
        """The pattern said once: (text, the slot that it is the value of or "") pairs."""
        return self._say(parse(pattern), slots, "phrasings")

    def _say(self, options: list[list[Node]], slots: Mapping[str, str], hold: str) -> list[tuple[str, str]]:
        held = [o for o in options if _is_held(o)]
        if held and self.hold == hold and self.rng.random() < 0.8:
            self.used_held, option = True, self.rng.choice(held)
        else:
            option = self.rng.choice([o for o in options if not _is_held(o)])
        said: list[tuple[str, str]] = []
        for kind, body in option:
            if kind == "text":
                said.append((body.removeprefix("~"), ""))
            elif kind == "slot":
                said.append((slots[body], body))
            elif kind == "class":
                said += self._say(parse(self.choose(CLASSES[body], "words")), slots, "words")
            else:
                said += self._say(body, slots, "phrasings")
        return said

    def say(self, pattern: str, slots: Mapping[str, str]) -> str:
        """The pattern said once, plain: no politeness, no capitals, no noise."""
        return tidy("".join(text for text, _ in self.pieces(pattern, slots)))

    def intent(self, pattern: str, slots: Mapping[str, str]) -> str:
        """The pattern as a person would type it: perhaps polite, capitalised, with a full stop, with a typo."""
        rng, pieces = self.rng, self.pieces(pattern, slots)
        if rng.random() < 0.02:
            pieces = [(text if slot else misspell(text, rng), slot) for text, slot in pieces]
        text = "".join(t for t, _ in pieces)
        text = tidy(text)
        question = bool(re.match(r"(what|how|which|is|are|does|do|can|could|who|where|tell me what)\b", text))
        first_is_word = _starts_with_word(pieces) and text[:1].isalpha()
        if not question and first_is_word and rng.random() < 0.14:
            before, after = rng.choice(_POLITE)
            text = before + text + after
            question = after == "?"
            first_is_word = True
        style = rng.random()
        if style < 0.55 and first_is_word:
            text = text[0].upper() + text[1:]
        if question:
            return text.rstrip("?") + ("?" if style < 0.75 or rng.random() < 0.3 else "")
        return text + ("." if style < 0.5 and text[-1] not in ".!:?" else "")


def _starts_with_word(pieces: list[tuple[str, str]]) -> bool:
    """Whether the first piece is ordinary words (no value that a capital letter would change)."""
    text, slot = next(((t, s) for t, s in pieces if t.strip()), ("", "x"))
    return slot in ("", "V", "S") or (slot == "E" and text.split(" ")[0] in _OPENERS)


_OPENERS = frozenset(
    [
        "the",
        "a",
        "an",
        "all",
        "every",
        "each",
        "how",
        "which",
        "whether",
        "if",
        "what",
        "print",
        "show",
        "for",
        "does",
        "is",
        "do",
        "are",
    ]
)
_POLITE = [
    ("please ", ""),
    ("please ", ""),
    ("can you ", "?"),
    ("could you ", "?"),
    ("could you please ", "?"),
    ("now ", ""),
    ("now ", ""),
    ("then ", ""),
    ("next, ", ""),
    ("ok, ", ""),
    ("ok now ", ""),
    ("I want you to ", ""),
    ("i'd like you to ", ""),
    ("I need you to ", ""),
    ("", " please"),
    ("", ", please"),
    ("just ", ""),
    ("finally, ", ""),
    ("finally ", ""),
    ("first ", ""),
    ("first, ", ""),
    ("let's ", ""),
    ("also ", ""),
    ("would you ", "?"),
    ("next ", ""),
    ("and now ", ""),
    ("hey, ", ""),
    ("", " for me"),
    ("", " now"),
    ("great, now ", ""),
]


def tidy(text: str) -> str:
    """Single spaces, none at the ends, none before a comma."""
    text = re.sub(r"\ba (?=(?:array|integer|even|odd|element|item|entry|instance|index)\b)", "an ", text)
    return re.sub(r" +", " ", text).strip().replace(" ,", ",").replace("⟦", "[").replace("⟧", "]")


def misspell(text: str, rng: random.Random) -> str:
    """One letter of one longer word swapped, dropped or doubled."""
    words = text.split(" ")
    long = [i for i, w in enumerate(words) if len(w) > 3 and w.isalpha()]
    if not long:
        return text
    i = rng.choice(long)
    word, at = words[i], rng.randrange(1, len(words[i]) - 1)
    words[i] = rng.choice(
        [
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
        ]
    )
    return " ".join(words)
