"""Turns that come back to earlier ones: another value, the same step for another variable, a function that does more.

Knows: what may be said of an earlier turn, the code that follows from its code. Leaves to others: first turns (`inputs`,
`forms`, `functions`), their order (`plans`).
"""

# ruff: noqa: E501
# Tables with a row a line, however long.

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from mtchat.train.corpus import code as codes
from mtchat.train.corpus.draws import draw, drawable
from mtchat.train.corpus.forms import Turn, speak
from mtchat.train.corpus.kinds import main_kind
from mtchat.train.corpus.scene import Scene
from mtchat.train.corpus.skill import Skill
from mtchat.train.corpus.thingrules import noun_of, operations, predicates

CHANGE = (
    "[change|set] {x} to {v}", "<change> {x} to {v}", "now {x} is {v}", "redefine {x} as {v}", "<replace> the value of {x} [with|by] {v}", "let {x} be {v} instead",
    "{x} should be {v} instead", "give {x} the new value {v}", "use {v} for {x} [instead|from now on]", "assign the new value {v} to {x}", "from now on {x} is {v}",
    "overwrite {x} with {v}", "{x} is no longer right, it should be {v}", "set {x} to {v} this time", "let us try {x} = {v}", "make {x} {v} instead", "actually, {x} is {v}",
    "correct {x}: it is {v}", "put {v} into {x} instead", "what if {x} were {v}? Change it", "I made a mistake: {x} should be {v}", "{x} = {v} now",
)  # fmt: skip
AGAIN = (
    "<compute> {y} again", "recalculate {y}", "recompute {y}", "update {y} [accordingly|to match|]", "redo the computation of {y}", "<compute> {y} once more", "<compute> {y} again with the new [value|input]",
    "<compute> {y} for the new {x}", "bring {y} up to date", "work out {y} [again|anew] for the changed {x}", "repeat the step that [gave|set|computed] {y}",
)  # fmt: skip
SAME = (
    "do the same [for|with] {y}", "now do the same [for|with] {y}", "repeat this [for|with] {y}", "do that [for|with] {y} too", "the same for {y}", "and now the same [for|with] {y}", "do this also for {y}",
    "[now|] likewise for {y}", "apply the same [step|operation] to {y}", "same [thing|] with {y} [please|]", "repeat the last step [for|with] {y}", "do it again, [but|this time] with {y}", "now with {y} instead of {x}",
)  # fmt: skip
KEPT = (
    "",
    " and <storeit> in {_y}",
    " and <callit> {_y}",
    ", <storeit> in {_y}",
    " and <saveit> as {_y}",
    " and assign the result to {_y}",
)


def change(scene: Scene, turns: Sequence[Turn]) -> Turn | None:
    """Another value for an input, perhaps with what followed from it computed again."""
    inputs = [t for t in turns if t.form == "input" and len(t.targets) == 1 and t.targets[0] in scene.entities]
    if not inputs:
        return None
    rng, turn = scene.rng, scene.rng.choice(inputs)
    name, kind = turn.targets[0], turn.skill.removeprefix("give_")
    if not drawable(kind):
        return None
    value = draw(kind, scene.words, rng)
    plain = value.said if kind in ("int", "pos", "small", "float", "num", "year", "word", "nat", "big") else value.code
    plain = plain if kind not in ("array", "array2", "frame", "series", "deque") else ""
    later = followers(scene, turns, name)
    if not plain or len(plain) > 90:
        return None
    slots = {"x": name if rng.random() < 0.7 else scene.quoted(name), "v": plain}
    frame, code = rng.choice(CHANGE), f"{name} = {value.code}"
    if later and rng.random() < 0.35 and not frame.endswith("it"):
        frame += f"{rng.choice((' and ', ' and ', ', then ', '. Then '))}{rng.choice(AGAIN[:4])}"
        slots["y"] = later[-1].targets[0]
        code += "\n" + later[-1].code
    intent = speak(scene, frame, {}, slots)
    return Turn("change_value", intent, code, "change", (name, *later[-1].targets) if "\n" in code else (name,))


def followers(scene: Scene, turns: Sequence[Turn], name: str) -> list[Turn]:
    """Turns of one line that computed a value, still there, from `name`."""
    found = []
    for t in turns:
        target = t.targets[0] if len(t.targets) == 1 else ""
        if (
            t.form in ("store", "nameless", "call")
            and target in scene.entities
            and target != name
            and "\n" not in t.code
            and re.search(rf"\b{name}\b", t.code.partition("=")[2])
        ):
            found.append(t)
    return found


def again(scene: Scene, turns: Sequence[Turn]) -> Turn | None:
    """After a change, a result computed again."""
    if not turns or turns[-1].form != "change" or len(turns[-1].targets) != 1:
        return None
    rng, name = scene.rng, turns[-1].targets[0]
    later = followers(scene, turns, name)
    if not later:
        return None
    turn = rng.choice(later)
    target = turn.targets[0]
    shown = rng.random() < 0.5
    frame = rng.choice(AGAIN) + (
        rng.choice((" and <printit>", " and <print> it", ", then <print> {y}", ". <printit>")) if shown else ""
    )
    intent = speak(scene, frame, {}, {"x": name, "y": target if rng.random() < 0.8 else scene.quoted(target)})
    return Turn(
        turn.skill, intent, turn.code + (f"\nprint({target})" if shown else ""), "again", (target,), base=turn.base
    )


def same(scene: Scene, turns: Sequence[Turn]) -> Turn | None:
    """What the last turn did, for another variable of the same kind."""
    if not turns or turns[-1].form not in ("store", "print", "call", "nameless", "same", "show"):
        return None
    rng, turn = scene.rng, turns[-1]
    target = turn.targets[0] if turn.targets else ""
    used = [n for n in scene.order if n != target and re.search(rf"\b{n}\b", turn.code)]
    if len(used) != 1 or re.search(rf"[\"'`][^\"'`]*\b{used[0]}\b", turn.code) or len(turn.targets) > 1:
        return None
    kinds = scene.entities[used[0]].kinds
    main = main_kind(kinds)
    others = [n for n in scene.order if n not in (used[0], target) and main in scene.entities[n].kinds]
    if not others:
        return None
    other = rng.choice(others)
    code, frame = codes.rename(turn.code, used[0], other), rng.choice(SAME)
    slots = {"y": other if rng.random() < 0.7 else scene.quoted(other), "x": used[0]}
    new = ""
    if target:
        tail = rng.choice(KEPT[1:]) if turn.spoken or rng.random() < 0.5 else ""
        new = scene.new_name() if tail else scene.own_name((f"{target}2", f"{other}_{target}"))
        code, frame = codes.rename(code, target, new), frame.removesuffix(" [please|]") + tail
        slots["_y"] = scene.given(new)
    intent = speak(scene, frame, {}, slots)
    return Turn(turn.skill, intent, code, "same", (new,) if new else (), base=turn.base)


DEFAULT = (
    "give the parameter {k} of {f} the default value {v}", "{f} should use {k} = {v} [by default|when nothing else is given]", "let {k} in {f} default to {v}", "make {k} optional in {f}, with {v} as default",
    "change {f} so that {k} is {v} unless it is given", "[add|set] a default of {v} for {k} in {f}", "redefine {f} with the default {k}={v}",
)  # fmt: skip
MORE = (
    "change {f} so that it returns {S}", "{f} should return {S}", "[modify|update|adjust] {f} to return {S}", "redefine {f} so that it gives {S}", "now {f} should give back {S}", "improve {f}: it should return {S}",
    "let {f} return {S} instead", "rewrite {f} to return {S}",
)  # fmt: skip
BEFORE = (
    "what it returned before",
    "its former result",
    "what it returns now",
    "the old result",
    "its present result",
    "the value it returned so far",
)
ALSO = (
    "{f} should also require that the {n} {p}", "change {f} so that the {n} also has to be one that {p}", "[extend|change] {f}: it should only be True if the {n} {p}, too", "{f} must also check that the {n} {p}",
    "make {f} stricter: it should be True only if, besides, the {n} {p}",
)  # fmt: skip
NOT = (
    "{f} should return the opposite",
    "change {f} to return the opposite",
    "negate the result of {f}",
    "make {f} return False where it returned True and the other way round",
    "turn the answer of {f} around",
)
_DEF = re.compile(r"def (\w+)\(([^)]*)\):\n((?:    .*\n)*)    return (.*)$")


class Definition(NamedTuple):
    """A function as it stands: what comes before its `def`, its name, parameters, the lines before its result."""

    head: str
    name: str
    parameters: str
    before: str
    result: str

    @property
    def arguments(self) -> list[str]:
        """The parameters, one by one."""
        return [a for a in self.parameters.split(", ") if a]

    def written(self, parameters: str, result: str) -> str:
        """The function with these instead."""
        return f"def {self.name}({parameters}):\n{self.before}    return {result}"


class Option(NamedTuple):
    """One way to define a function again: frame, phrases and slots of the intent, the code, what the function is then."""

    frame: str
    phrases: dict[str, str]
    slots: dict[str, str]
    code: str
    skill: Skill


def extend(scene: Scene, turns: Sequence[Turn], pool: Sequence[Skill]) -> Turn | None:
    """The newest function defined again: more done with its result, one more condition, a default."""
    name = scene.newest_function
    turn = next((t for t in reversed(turns) if t.form in ("define", "extend") and t.targets == (name,)), None)
    skill, known = scene.functions.get(name), read(turn.code, name) if turn else None
    if turn is None or known is None or skill is None:
        return None
    slots = {"f": name if scene.rng.random() < 0.7 else scene.quoted(name)}
    options = with_default(scene, known, skill, slots)
    if skill.preds and len(known.result) < 60:
        code = known.written(known.parameters, codes.negation(known.result))
        options.append(Option(scene.rng.choice(NOT), {}, slots, code, skill))
        options += stricter(scene, known, skill, slots, pool)
    elif not skill.preds and skill.result:
        options += with_more(scene, known, skill, slots, pool)
    if not options:
        return None
    chosen = scene.rng.choice(options)
    if chosen.code == turn.code:
        return None
    scene.functions[name] = chosen.skill
    return Turn("extend", speak(scene, *chosen[:3]), known.head + chosen.code, "extend", (name,))


def read(code: str, name: str) -> Definition | None:
    """The function that `code` defines, if it has one result, at its end."""
    head, _, old = code.rpartition("def ")
    found = _DEF.match("def " + old)
    if found is None or "    return " in found[3]:
        return None
    return Definition(head, name, found[2], found[3], found[4])


def with_default(scene: Scene, known: Definition, skill: Skill, slots: dict[str, str]) -> list[Option]:
    """A default for the second of two parameters."""
    if len(known.arguments) != 2 or "=" in known.parameters or skill.params[1].of:
        return []
    kind, (first, second) = skill.params[1].kinds[0], known.arguments
    if not drawable(kind):
        return []
    value = draw(kind, scene.words, scene.rng).code
    frame, code = scene.rng.choice(DEFAULT), known.written(f"{first}, {second}={value}", known.result)
    return [Option(frame, {}, {**slots, "k": second, "v": value}, code, skill)]


def stricter(
    scene: Scene, known: Definition, skill: Skill, slots: dict[str, str], pool: Sequence[Skill]
) -> list[Option]:
    """One more condition for a predicate."""
    rng, kinds = scene.rng, skill.x.kinds
    tests = [s for s in predicates(list(pool)) if len(s.params) == 1 and s.x.kinds[0] in kinds]
    tests = [s for s in tests if not re.search(r" (?:and|or|but) ", s.preds[0])]
    if not tests or " or " in known.result or " if " in known.result:
        return []
    test = rng.choice(tests)
    more = codes.fill(test.codes[0], {test.x.name: known.arguments[0]})
    more = f"({more})" if " or " in more or " if " in more else more
    noun = {"int": "number", "num": "number", "word": "word", "str": "text"}.get(kinds[0], "value")
    frame, phrases = rng.choice(ALSO), {"p": rng.choice(test.preds), "n": noun}
    return [Option(frame, phrases, slots, known.written(known.parameters, f"{known.result} and {more}"), skill)]


def with_more(
    scene: Scene, known: Definition, skill: Skill, slots: dict[str, str], pool: Sequence[Skill]
) -> list[Option]:
    """Something more done with the result."""
    does = [s for s in operations(list(pool)) if len(s.params) == 1 and skill.result in s.x.kinds]
    does = [s for s in does if s.codes[0].count("{" + s.x.name + "}") == 1]
    if not does or len(known.result) >= 50:
        return []
    do = scene.rng.choice(does)
    phrase = noun_of(do, scene.rng.choice(BEFORE), scene.rng)
    if not phrase:
        return []
    code = known.written(known.parameters, codes.fill(do.codes[0], {do.x.name: known.result}))
    return [Option(scene.rng.choice(MORE), {"S": phrase}, slots, code, replace(skill, result=do.result))]
