"""The values that a turn is about: live variables and fresh literals for a skill's parameters.

Knows: which variable fits a parameter, how it is referred to, what depends on what. Leaves to others: the skill's words
and code (`forms`), what can be drawn (`draws`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from mtchat.train.corpus.draws import about, draw, drawable
from mtchat.train.corpus.grammar import QUALITY, TITLE, UNIT
from mtchat.train.corpus.kinds import NOUNS, kinds_of, main_kind
from mtchat.train.corpus.scene import Scene
from mtchat.train.corpus.skill import Param, Skill


@dataclass
class Operand:
    """A parameter's value: as the intent says it, as the code writes it, the variable it is (or ""), its value."""

    said: str
    code: str
    name: str = ""
    value: Any = None


Bound = dict[str, Operand]
NO_LITERAL = frozenset(
    ("frame", "array", "array2", "anyarray", "series", "records", "csvtext", "lines", "date", "deque")
)


def bind(scene: Scene, skill: Skill, focus: str = "", partner: str = "") -> Bound | None:
    """Values for every parameter, `partner` the second of them; None where the scene lacks one."""
    bound: Bound = {}
    for i, param in enumerate(skill.params):
        if i == 1 and partner:
            if not fits(scene, param, bound, partner):
                return None
            bound[param.name] = _named(scene, partner)
            continue
        value = (
            _dependent(scene, param, bound)
            if param.of
            else _free(scene, _alike(param, skill, bound), i == 0, focus, bound)
        )
        if value is None:
            return None
        bound[param.name] = value
    return bound


def _alike(param: Param, skill: Skill, bound: Bound) -> Param:
    """A second operand of the same kinds as the first is of the kind that the first turned out to be."""
    if not bound or param.kinds != skill.x.kinds or len(param.kinds) == 1:
        return param
    own = kinds_of(bound[skill.x.name].value)
    return replace(param, kinds=tuple(k for k in param.kinds if k in own) or param.kinds)


def fits(scene: Scene, param: Param, bound: Bound, name: str) -> bool:
    """Whether a live variable may be the value of a parameter."""
    if name in {o.name for o in bound.values()}:
        return False
    if not param.of:
        return not scene.entities[name].kinds.isdisjoint(param.kinds)
    value, whole = scene.space[name], bound[param.of].value
    kind, test = type(value), _FITTING.get(param.kinds[0])
    return bool(
        test and kind in (int, float, str) and isinstance(whole, list | dict | str | tuple) and test(value, whole)
    )


_FITTING: dict[str, Callable[[Any, Any], bool]] = {
    **dict.fromkeys(("item", "like"), lambda v, x: {type(e) for e in x} == {type(v)} and not isinstance(x, dict)),
    **dict.fromkeys(("upto", "below"), lambda v, x: type(v) is int and 1 <= v <= min(len(x), 12)),
    "index": lambda v, x: type(v) is int and 0 <= v < len(x),
    "key": lambda v, x: v in x,
    "newkey": lambda v, x: isinstance(v, str) and v not in x,
    "letter": lambda v, x: isinstance(v, str) and len(v) == 1 and v.isalpha(),
    "wordof": lambda v, x: isinstance(v, str) and isinstance(x, str) and v in x.split(),
}  # fmt: skip
"""Which values may stand for a parameter that depends on another."""


def _named(scene: Scene, name: str) -> Operand:
    """A live variable by its name, for what stands beside another operand."""
    noun = NOUNS.get(main_kind(scene.entities[name].kinds), (("value",),))[0][0]
    said = scene.decorated(name, noun) if scene.rng.random() < 0.3 else name
    return Operand(said, name, name, scene.space[name])


def _dependent(scene: Scene, param: Param, bound: Bound) -> Operand | None:
    if scene.rng.random() < 0.2:
        live = [n for n in scene.order if fits(scene, param, bound, n)]
        if live:
            return _named(scene, scene.rng.choice(live))
    found = about(param.kinds[0], bound[param.of].value, scene.words, scene.rng)
    return None if found is None else Operand(found.said, found.code)


def _free(scene: Scene, param: Param, first: bool, focus: str, bound: Bound) -> Operand | None:
    rng, kind = scene.rng, param.kinds[0]
    if kind in ("name", "Class", "pick"):
        name = rng.choice(param.names)
        return Operand(name, name)
    used = tuple(o.name for o in bound.values() if o.name)
    scalar = kind in (
        "int",
        "num",
        "small",
        "tiny",
        "pos",
        "nat",
        "str",
        "word",
        "char",
        "float",
        "year",
        "big",
        "phrase",
    )
    if first and focus and not scene.entities[focus].kinds.isdisjoint(param.kinds):
        return variable(scene, focus)
    if rng.random() < (0.93 if first or not scalar else 0.12):
        live = scene.pick(param.kinds, used)
        if live:
            return variable(scene, live)
    if param.name.startswith("bound") and bound and rng.random() < 0.8:
        near = _near(next(iter(bound.values())).value, rng)
        if near:
            return Operand(near, near, "", int(near))
    return literal(scene, param)


def _near(value: Any, rng: Any) -> str:
    """A bound that some elements of a value pass and others do not: near one of them, or near a length of theirs."""
    one = rng.choice(value) if isinstance(value, list) and value else value
    if isinstance(one, bool) or not isinstance(one, int | float | str):
        return ""
    size = len(one) if isinstance(one, str) else int(one)
    return str(max(size + rng.randint(-2, 2), 1) if isinstance(one, str) else size + rng.randint(-3, 3))


def variable(scene: Scene, name: str) -> Operand:
    """A live variable as an operand."""
    return Operand(scene.refer(name), name, name, scene.space[name])


def literal(scene: Scene, param: Param) -> Operand | None:
    """A fresh value spelled out; None for kinds that no intent spells inside a sentence."""
    kinds = [k for k in param.kinds if drawable(k) and k not in NO_LITERAL]
    if not kinds:
        return None
    found = draw(scene.rng.choice(kinds), scene.words, scene.rng)
    if len(found.code) > 80:
        return None
    try:
        return Operand(found.said, found.code, "", eval(found.code, {}))
    except (NameError, SyntaxError):
        return None


def said(bound: Bound, way: tuple[str, dict[str, str]] | None = None) -> dict[str, str]:
    """What the intent says for each parameter; a variable before a unit ("{n} rows") or after what it is ("the year
    {n}") by its name alone.
    """
    text = "\n".join(way[1].values()) if way else ""
    return {slot: o.name if o.name and _counts(slot, o.value, text) else o.said for slot, o in bound.items()}


def _counts(slot: str, value: Any, text: str) -> bool:
    """Whether a slot stands right before a noun, as an amount, or right after one, as its name."""
    unit = isinstance(value, int | float) and re.search(rf"\{{{slot}\}} {UNIT}", text)
    return bool(unit or re.search(rf"\b(?:the|an?|{TITLE}|{QUALITY}) \{{{slot}\}}", text))


def code_slots(bound: Bound) -> dict[str, str]:
    """What the code writes for each parameter."""
    return {name: o.code for name, o in bound.items()}
