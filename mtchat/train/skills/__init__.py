"""Skills: what a turn can ask for. Each skill is `make(scene) -> Turn | None` (None where the scene lacks what it
needs).

Knows: the table of all skills with their weights. Leaves to others: conversations (`corpus`).
"""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import lru_cache

from mtchat.train.scene import Scene, Turn

Make = Callable[[Scene], Turn | None]


@lru_cache(maxsize=1)
def table() -> dict[str, tuple[float, Make]]:
    """Every skill by name, with its weight."""
    from mtchat.train.skills import assign, classes, control, functions, ops, predicates, statements

    found: dict[str, tuple[float, Make]] = {}
    for module in (assign, ops, predicates, statements, control, functions, classes):
        for name, weight, make in module.skills():
            assert name not in found, name
            found[name] = (weight, make)
    return found


@lru_cache(maxsize=1)
def _weights() -> tuple[list[str], list[float]]:
    found = table()
    return list(found), [weight for weight, _ in found.values()]


def pick(rng: random.Random) -> str:
    """A skill's name, by weight."""
    names, weights = _weights()
    return rng.choices(names, weights)[0]
