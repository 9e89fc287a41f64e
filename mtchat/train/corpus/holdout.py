"""What training never sees, chosen by hash so that it stays the same as skills are added.

Knows: which skills, patterns, words, pairs and combinations are held out, and how much of each. Pure. Leaves to
others: making conversations with or without them (`library`, `corpus`).
"""

from __future__ import annotations

import re
import zlib
from functools import lru_cache

from mtchat.train.corpus.synonyms import CLASSES

SETS = ("skills", "phrasings", "words", "combinations", "pairs")
"""The sets an evaluation may ask for; training sees none of them."""


def _one_in(n: int, text: str) -> bool:
    return zlib.crc32(text.encode()) % n == 0


def skill(name: str) -> bool:
    """Whether a whole skill is held out (one in twenty)."""
    return _one_in(20, f"skill {name}")


def pattern(skill_name: str, text: str) -> bool:
    """Whether one phrasing of a skill is held out (one in twelve)."""
    return _one_in(12, f"pattern {skill_name} {text}")


def combination(name: str) -> bool:
    """Whether a derived skill ("filter is_even", "then sort sum") is held out (one in fifteen)."""
    return _one_in(15, f"combination {name}")


def pair(first: str, second: str) -> bool:
    """Whether training never shows `second` right after `first` (one in thirty)."""
    return first != second and _one_in(30, f"pair {first} {second}")


@lru_cache(maxsize=1)
def words() -> frozenset[str]:
    """Single words of the synonym classes that training never hears: none of a class's first six, about one in four of
    the rest.
    """
    plain = [option for options in CLASSES.values() for option in list(dict.fromkeys(options))[:6]]
    leading = {word for option in plain for word in re.findall(r"\w+", option)}
    single = {o for options in CLASSES.values() for o in options if o.isalpha() and len(o) > 3}
    return frozenset(word for word in single - leading if _one_in(4, f"word {word}"))


@lru_cache(maxsize=1)
def _any_word() -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(sorted(words())) + r")\b", re.IGNORECASE)


@lru_cache(maxsize=50_000)
def held_in(text: str) -> bool:
    """Whether a text holds a held-out word."""
    return bool(_any_word().search(text))
