"""Rules in words, made of skills: which one is made of what the library has.

Knows: drawing predicates and operations that go together. Leaves to others: the rules (`thingrules`, `listrules`), single
conditions and going over elements (`derive`), what is held out (`holdout`).
"""

# ruff: noqa: E501
# A table with a row a line, however long.

from __future__ import annotations

import random
from collections.abc import Callable

from mtchat.train.corpus.derive import derived
from mtchat.train.corpus.listrules import changed, chosen, told
from mtchat.train.corpus.skill import Skill
from mtchat.train.corpus.thingrules import both, cases, operations, predicates, verdict

Pool = Callable[[frozenset[str]], tuple[list[Skill], list[float]]]
OVER_OF: dict[str, frozenset[str]] = {
    "int": frozenset(("ints", "posints")), "num": frozenset(("ints", "nums", "posints", "floats")), "nat": frozenset(("posints",)), "pos": frozenset(("posints",)),
    "small": frozenset(("posints",)), "float": frozenset(("floats",)), "str": frozenset(("strs", "wordlist")), "word": frozenset(("wordlist",)),
    "ints": frozenset(("lists", "matrix")),
}  # fmt: skip
"""Which containers hold elements of a kind."""


def elements_of(kinds: frozenset[str]) -> frozenset[str]:
    """Kinds of the elements of a value of these kinds."""
    return frozenset(k for k, at in OVER_OF.items() if at & kinds)


def sample(kinds: frozenset[str], pool: Pool, rng: random.Random) -> list[Skill]:
    """Some two dozen skills that take kinds."""
    found, weights = pool(kinds)
    return list(dict.fromkeys(rng.choices(found, cum_weights=weights, k=24))) if found else []


def listed(kinds: frozenset[str]) -> bool:
    """Whether a value of these kinds has elements that rules are about."""
    return any(at & kinds for at in OVER_OF.values())


def compose(kinds: frozenset[str], pool: Pool, rng: random.Random) -> Skill | None:
    """A rule for a value of one of `kinds`; `pool` gives the base skills that take kinds, with cumulative weights."""
    in_list = listed(kinds) and rng.random() < 0.9
    drawn = sample(elements_of(kinds) if in_list else kinds, pool, rng)
    tests, does = predicates(drawn), operations(drawn)
    if not tests:
        return None
    test = tests[0]
    if len(tests) > 1 and rng.random() < 0.35:
        test = both(tests[0], tests[1], rng) or test
    if not in_list:
        ways: list[Callable[[], Skill | None]] = [lambda: test if test.base else None]
        ways += [lambda: verdict(test, None, rng)] if rng.random() < 0.5 else []
        ways += [lambda: verdict(tests[0], tests[1], rng)] if len(tests) > 1 else []
        ways += [lambda: cases(test, does[0], None, rng)] if does else []
        ways += [lambda: cases(test, does[0], does[1], rng)] if len(does) > 1 else []
        return rng.choice(ways)()
    if test.base and rng.random() < 0.4:
        options = [d for d in derived(test) if d.params[0].name == "xs"]
        return rng.choice(options) if options else None
    ways = [lambda: told(test, None, rng), lambda: told(test, does[0] if does else None, rng)]
    ways += [lambda: chosen(test, does[0], rng)] * 4 if does else []
    ways += [lambda: changed(test, does[0], None, rng)] * 2 if does else []
    ways += [lambda: changed(test, does[0], does[1], rng)] if len(does) > 1 else []
    return rng.choice(ways)()
