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


CORE = frozenset(
    """assign_int assign_str assign_ints assign_strs assign_dict assign_pair range empty update swap hello word_times
    arithmetic print_var print_items greet inc append append_s remove pop0 dict_add dict_set dict_print sort_asc
    sort_desc sort_alpha reversed_list sum largest smallest average length longest first_n first_item last_item upper
    reverse_str split_words word_count vowel_count strlen occurrences replace_word lookup keys dict_argmax dict_sum plus
    minus times double add_two max_two sqrt pred_even pred_gt map_square map_double branch loop_count_up
    loop_count_down loop_fizzbuzz loop_squares define call class instance object imports""".split()  # noqa: SIM905
)
"""What a newcomer asks first."""


@lru_cache(maxsize=2)
def _weights(focus: bool) -> tuple[list[str], list[float]]:
    found = table()
    return list(found), [weight * (3 if focus and name in CORE else 1) for name, (weight, _) in found.items()]


def pick(rng: random.Random, focus: bool = False) -> str:
    """A skill's name, by weight; with `focus` the core weighs three times as much."""
    names, weights = _weights(focus)
    return rng.choices(names, weights)[0]
