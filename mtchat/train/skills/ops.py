"""Expressions over one operand or two: sums, lengths, sorted copies, upper case, look-ups.

Knows: how to read the tables of operations (`ops_lists` and its siblings) and fill their slots. Leaves to others: the
sentences around them (`frames`).

A table is text. Each entry opens with `name ; kinds of x ; code ; flags`; lines that start with N (noun phrases), V
(commands) and Q (questions)
follow, alternatives parted by ` / `. Flags: `!` a command changes x itself; a number is the weight. Slots: x operand,
z another of its kind, n m numbers,
j a small count, d a few places, c a letter, w u words, k a key of x, e an element of x, i the loop variable.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from mtchat.train.phrasing import slots_of
from mtchat.train.scene import Scene, Turn, word_slot
from mtchat.train.skills import Make, ops_lists, ops_mappings, ops_nested, ops_numbers, ops_strings
from mtchat.train.skills.frames import code_of, print_turn, slots, store_turn, verb_turn
from mtchat.train.values import Spelled, quoted


class Op(NamedTuple):
    """An operation: kinds of x, code, ways to name its result, to command it, to ask for it; whether a command
    changes x.
    """

    name: str
    kinds: tuple[str, ...]
    code: str
    nouns: tuple[str, ...]
    verbs: tuple[str, ...]
    asks: tuple[str, ...]
    in_place: bool
    weight: float


def ops() -> Iterator[Op]:
    """The table, parsed: lines of `name; kinds; code; flags` followed by lines that start with N, V or Q."""
    tables = (ops_lists.TABLE, ops_strings.TABLE, ops_mappings.TABLE, ops_numbers.TABLE, ops_nested.TABLE)
    for block in "\n".join(tables).strip().replace("\n\n\n", "\n\n").split("\n\n"):
        head, *lines = block.split("\n")
        name, kinds, code, *flags = [part.strip() for part in head.split(" ; ")]
        said: dict[str, list[str]] = {"N": [], "V": [], "Q": []}
        for line in lines:
            said[line[0]] += [literal_brackets(part.strip()) for part in line[2:].split(" / ")]
        marks = " ".join(flags).split()
        in_place, weight = "!" in marks, next((float(f) for f in marks if f[0].isdigit()), 1.0)
        yield Op(
            name, tuple(kinds.split()), code, tuple(said["N"]), tuple(said["V"]), tuple(said["Q"]), in_place, weight
        )


def literal_brackets(pattern: str) -> str:
    """Brackets right after an operand are Python's, not a choice: mark them so."""
    return re.sub(r"\}\[([^\]|]*)\]", r"}⟦\1⟧", pattern)


def fill(scene: Scene, op: Op, x: Spelled | None = None) -> dict[str, Spelled] | None:
    """Values for every slot that the op's code mentions."""
    x = x or scene.operand(op.kinds)
    if x is None or (op.name == "factors" and not modest(scene, x.code, 5000)):
        return None
    given = {"x": x}
    for slot in sorted(slots_of(op.code) - {"x", "i"}):
        value = parameter(scene, slot, x)
        if value is None:
            return None
        given[slot] = value
    kind = scene.kinds.get(x.code, "")
    given["i"] = Spelled(
        "",
        scene.loop_name(
            "str" if kind == "strs" or x.code.startswith('["') else "int", *(v.code for v in given.values())
        ),
    )
    return given


def modest(scene: Scene, code: str, most: int) -> bool:
    """Whether a number (a variable's or a literal's) is from 1 to `most`, so that a loop over it ends soon."""
    value = scene.space.get(code) if code.isidentifier() else int(code)
    return isinstance(value, int) and 1 <= value <= most


def parameter(scene: Scene, slot: str, x: Spelled) -> Spelled | None:
    """A value for one of the slots that operations share."""
    rng = scene.rng
    if slot in ("n", "m"):
        other = [name for name in scene.of(("int",)) if name != x.code and (slot == "m" or modest(scene, name, 60))]
        if other and rng.random() < 0.2:
            name = rng.choice(other)
            return Spelled(scene.refer(name), name)
        number = str(rng.randint(2, 12) if slot == "n" else rng.randrange(10 ** rng.choice((1, 2, 3))))
        return Spelled(number, number)
    if slot == "j":  # a length of a part: small, perhaps in letters
        n = rng.randint(2, 5)
        return Spelled(str(n) if rng.random() < 0.5 else ("two", "three", "four", "five")[n - 2], str(n))
    if slot == "d":
        n = rng.randint(1, 4)
        return Spelled(str(n) if rng.random() < 0.6 else ("one", "two", "three", "four")[n - 1], str(n))
    if slot == "z":  # a second operand of the same kind
        others = [name for name in scene.of((scene.kinds.get(x.code, "int"),)) if name != x.code]
        return Spelled(*(2 * (rng.choice(others),))) if others else None
    if slot == "c":
        letter = rng.choice("aeioutsrnlmpcdbgkwhy")
        return Spelled(letter if rng.random() < 0.4 else rng.choice((f"'{letter}'", f'"{letter}"')), quoted(letter))
    if slot == "k":
        return key_of(scene, x)
    if slot == "e":
        return element_of(scene, x)
    if slot in ("w", "u"):
        return word_slot(scene)
    raise KeyError(slot)


def key_of(scene: Scene, x: Spelled) -> Spelled | None:
    """A key of the dictionary x."""
    value = scene.space.get(x.code)
    if not isinstance(value, dict) or not value:
        return None
    key = str(scene.rng.choice(list(value)))
    return Spelled(key if scene.rng.random() < 0.5 else scene.rng.choice((f"'{key}'", f'"{key}"')), quoted(key))


def element_of(scene: Scene, x: Spelled) -> Spelled | None:
    """An element of x, or (sometimes) a value that is likely not one."""
    value = scene.space.get(x.code)
    if not value or isinstance(value, dict | int | float):
        return None
    found = (
        scene.rng.choice(sorted(value, key=str))
        if not isinstance(value, str)
        else scene.rng.choice(value.split() or ["a"])
    )
    if isinstance(found, str):
        if '"' in found or "'" in found:
            return None
        return Spelled(found if scene.rng.random() < 0.4 else f'"{found}"', quoted(found))
    return Spelled(repr(found), repr(found))


def turn(scene: Scene, op: Op) -> Turn | None:
    """The operation in one of its frames."""
    given = fill(scene, op)
    if given is None:
        return None
    rng, said, code = scene.rng, slots(given), code_of(op.code, given)
    roll = rng.random()
    if op.verbs and (roll < (0.55 if op.in_place else 0.2) or not op.nouns):
        return verb_turn(
            scene, op.name, scene.speaker.say(scene.speaker.choose(op.verbs), said), code, given["x"], op.in_place
        )
    if op.asks and rng.random() < 0.4:
        return Turn(op.name, scene.speaker.intent(scene.speaker.choose(op.asks), said), f"print({code})")
    phrase = scene.speaker.say(scene.speaker.choose(op.nouns), said)
    if rng.random() < 0.55:
        return print_turn(scene, op.name, phrase, code)
    return store_turn(scene, op.name, phrase, code)


def skills() -> list[tuple[str, float, Make]]:
    """One skill for each operation."""
    return [(op.name, op.weight, partial(turn, op=op)) for op in ops()]
