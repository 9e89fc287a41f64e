"""Words and the spellings of values: what a person writes for a list, a text, a dictionary, and what code does.

Knows: the dealer of words (`Words`), how values are spelled in intents (`said`) and in code (`code`). Leaves to
others: which kinds there are and what is drawn for them (`draws`), names and sentences.
"""

from __future__ import annotations

import random
from typing import NamedTuple

from mtchat.train.corpus.words import WORDS


class Spelled(NamedTuple):
    """One value: as an intent says it, as the code writes it."""

    said: str
    code: str


class Words:
    """A source of words: mostly common ones, some made of vocabulary tokens dealt in rounds, so that no token is
    left out.
    """

    def __init__(self, rng: random.Random, tokens: list[str], even: bool = False) -> None:
        self.rng, self.tokens, self.even = rng, tokens, even
        self._decks: dict[str, list[str]] = {"": [], "name": [], "string": []}
        self._dealt: list[tuple[str, str]] = []

    def token(self, role: str = "") -> str:
        """The next vocabulary token of a shuffled deck; where words are dealt evenly, each role has its own deck."""
        deck = self._decks[role if self.even else ""]
        if not deck:
            deck += self.rng.sample(self.tokens, len(self.tokens))
        self._dealt.append((role, deck[-1]))
        return deck.pop()

    def settle(self, text: str) -> None:
        """Where words are dealt evenly, take back the tokens dealt since the last call that are not in `text`."""
        if self.even:
            for role, token in self._dealt:
                if token not in text:
                    self._decks[role].append(token)
        self._dealt.clear()

    def rare(self, role: str = "") -> str:
        """One to three tokens run together; where words are dealt evenly, mostly one as it is."""
        lengths = (1, 1, 1, 1, 1, 2, 2, 3) if self.even else (1, 1, 2, 2, 3)
        return "".join(self.token(role) for _ in range(self.rng.choice(lengths)))

    def word(self) -> str:
        """A common word, or a made one where there are tokens."""
        made = self.tokens and self.rng.random() < (0.7 if self.even else 0.35)
        return self.rare("string") if made else self.rng.choice(WORDS)

    def several(self, n: int) -> list[str]:
        """n different words."""
        found: dict[str, None] = {}
        while len(found) < n:
            found[self.word()] = None
        return list(found)


def integer(rng: random.Random) -> int:
    """Mostly small; up to six digits; some negative."""
    n = rng.randrange(10 ** rng.choice((1, 1, 2, 2, 2, 3, 3, 4, 5, 6)))
    return -n if rng.random() < 0.12 else n


def real(rng: random.Random) -> float:
    """One to three decimals."""
    x = round(rng.uniform(0, 10 ** rng.choice((1, 1, 2, 3))), rng.choice((1, 1, 2, 2, 3)))
    return -x if rng.random() < 0.1 else x


def length(rng: random.Random, most: int = 20) -> int:
    """How many elements: mostly 3 to 7, sometimes up to `most`."""
    return rng.randint(2, 7) if rng.random() < 0.75 else rng.randint(2, most)


def quoted(text: str) -> str:
    """Code for a string: double quotes, as a formatter would."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def say_str(text: str, rng: random.Random, bare: float = 0.2) -> str:
    """A string inside an intent: double quotes, single quotes or (with chance `bare`) none."""
    if rng.random() < bare and text.strip() == text and text:
        return text
    return quoted(text) if rng.random() < 0.5 or "'" in text else f"'{text}'"


def phrase(words: Words, rng: random.Random) -> str:
    """A text of one to ten words, sometimes with capitals or punctuation."""
    n = rng.choice((1, 1, 1, 2, 2, 2, 3, 4, 5, 6, 8, 10))
    text = (", " if n > 2 and rng.random() < 0.05 else " ").join(words.word() for _ in range(n))
    style = rng.random()
    text = (
        text.title() if style < 0.08 else text.upper() if style < 0.11 else text.capitalize() if style < 0.25 else text
    )
    return text + rng.choice(("", "", "", "", "", "!", "?", ".")) if n > 1 else text


def join_said(parts: list[str], rng: random.Random, words: bool = False) -> str:
    """Parts as prose: "1, 2, 3", "1, 2 and 3", "1 2 3"."""
    style = rng.random()
    if style < 0.4 or len(parts) == 1:
        return ", ".join(parts)
    if style < (0.97 if words else 0.88):
        return ", ".join(parts[:-1]) + rng.choice((" and ", ", and ")) + parts[-1]
    return " ".join(parts)


def sequence(codes: list[str], saids: list[str], rng: random.Random, marks: str = "[]", prose: float = 0.3) -> Spelled:
    code = marks[0] + ", ".join(codes) + marks[1]
    if rng.random() < prose and len(codes) > 1:
        return Spelled(join_said(saids, rng), code)
    gap = "," if rng.random() < 0.15 else ", "
    return Spelled(marks[0] + gap.join(codes if rng.random() < 0.7 else saids) + marks[1], code)


def strs(words: Words, rng: random.Random, marks: str = "[]", found: list[str] | None = None) -> Spelled:
    found = found or words.several(length(rng, 14))
    style = rng.random()
    saids = [f"'{w}'" if style < 0.4 else quoted(w) for w in found]
    codes = [quoted(w) for w in found]
    code = marks[0] + ", ".join(codes) + marks[1]
    if rng.random() < 0.4:
        return Spelled(join_said(found if rng.random() < 0.7 else saids, rng, words=True), code)
    return Spelled(marks[0] + ("," if rng.random() < 0.1 else ", ").join(saids) + marks[1], code)


def mapping(pairs: list[tuple[str, str, str]], rng: random.Random) -> Spelled:
    """From (key, value as said, value as code)."""
    code = "{" + ", ".join(f"{quoted(k)}: {c}" for k, _, c in pairs) + "}"
    style = rng.random()
    if style < 0.45:
        q = rng.choice(('"', "'"))
        return Spelled(
            "{" + ", ".join(f"{q}{k}{q}: {c if q == chr(34) else c.replace(chr(34), q)}" for k, _, c in pairs) + "}",
            code,
        )
    glue = rng.choice((": ", ": ", " ", " = ", " is ", " to ", " -> ", "="))
    return Spelled(
        join_said([k + glue + s for k, s, _ in pairs], rng)
        if glue != " "
        else ", ".join(f"{k} {s}" for k, s, _ in pairs),
        code,
    )
