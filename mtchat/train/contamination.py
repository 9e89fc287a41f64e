"""Overlap of the corpus with texts that must not be in it: shared n-grams of words, names and values masked.

Knows: words of a prompt, masking, counting. Pure: texts come in, figures go out; no benchmark is read here. Leaves to
others: which texts (a test reads the benchmarks' files where they are, without keeping them).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_MASKED = re.compile(r"\"[^\"]*\"|'[^'\n]*'|`[^`]*`|\[[^\]]*\]|\{[^}]*\}|-?\d+(?:\.\d+)?")
_WORD = re.compile(r"[a-z]+|\x00", re.IGNORECASE)
MARK = "_"


@dataclass(frozen=True)
class Overlap:
    """Of the n-grams of the texts held against the corpus, how many occur in it; and how many texts occur whole."""

    n: int
    shared: int
    total: int
    whole: int
    texts: int

    @property
    def share(self) -> float:
        """The part of n-grams that occur, 0 to 1."""
        return self.shared / self.total if self.total else 0.0


def words(text: str) -> tuple[str, ...]:
    """Lower-case words, with quoted texts, literals, template slots and numbers as one mark each."""
    found = _WORD.findall(_MASKED.sub("\0", text.lower()))
    masked = [MARK if word == "\0" else word for word in found]
    return tuple(w for i, w in enumerate(masked) if w != MARK or i == 0 or masked[i - 1] != MARK)


def grams(found: tuple[str, ...], n: int) -> set[tuple[str, ...]]:
    """The n-grams of words that hold at least n/2 real words."""
    every = (found[i : i + n] for i in range(len(found) - n + 1))
    return {gram for gram in every if sum(w != MARK for w in gram) * 2 >= n}


def overlap(corpus: Iterable[str], prompts: Iterable[str], n: int = 8) -> Overlap:
    """How much of `prompts` occurs in `corpus` (intents, one text each); an exact repeat counts as `whole` where it has
    n words or more (shorter ones are everyday commands: "print the result").
    """
    against = [words(p) for p in prompts]
    wanted = set().union(*(grams(w, n) for w in against)) if against else set()
    seen: set[tuple[str, ...]] = set()
    texts = {w for w in against if len(w) >= n}
    whole: set[tuple[str, ...]] = set()
    for text in corpus:
        found = words(text)
        seen |= grams(found, n) & wanted
        if found in texts:
            whole.add(found)
    return Overlap(n, len(seen), len(wanted), len(whole), len(against))
