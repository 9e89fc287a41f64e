"""Conversations as programs with a goal: inputs, steps on what the last step gave, a result that is shown.

Knows: the shapes of conversations, what may follow what. Leaves to others: which turns are kept (`plan`), single turns
(`forms`, `functions`, `inputs`, `stories`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mtchat.train.corpus import code as codes
from mtchat.train.corpus import (
    combine,
    derive,
    forms,
    functions,
    gathering,
    holdout,
    inputs,
    revise,
    rules,
    shown,
    stories,
    together,
)
from mtchat.train.corpus.draws import drawable
from mtchat.train.corpus.forms import Turn
from mtchat.train.corpus.frames import FRAMES
from mtchat.train.corpus.plan import Plan
from mtchat.train.corpus.skill import Skill


def tries(n: int, make: Callable[[], bool]) -> bool:
    """Whether one of up to n attempts worked."""
    return any(make() for _ in range(n))


def give(plan: Plan, kind: str = "") -> bool:
    """An input, of a kind that most skills can use."""
    rng = plan.scene.rng

    def one() -> bool:
        chosen = kind or rng.choices(list(inputs.WEIGHTS), list(inputs.WEIGHTS.values()))[0]
        return plan.commit(inputs.give(plan.scene, chosen))

    return tries(6, one)


def give_several(plan: Plan, kinds: tuple[str, ...] = ()) -> bool:
    """Two or three inputs in one turn."""
    return tries(4, lambda: plan.commit(together.give(plan.scene, kinds)))


def focus_of(plan: Plan) -> str:
    """The value that the next step is about: mostly the newest."""
    scene = plan.scene
    if not scene.order:
        return ""
    return scene.order[-1] if scene.rng.random() < 0.72 else scene.rng.choice(scene.order)


def choose(plan: Plan, name: str) -> tuple[Skill | None, bool]:
    """A skill for a value, and whether it is held out."""
    scene, rng = plan.scene, plan.scene.rng
    kinds = scene.entities[name].kinds
    if plan.rare is not None and rng.random() < 0.5:
        found = plan.rare.taking(kinds, rng)
        if found is not None:
            return found, True
    if rng.random() < (0.3 if rules.listed(kinds) else 0.12):
        rule = rule_for(plan, kinds)
        if rule is not None:
            return rule, plan.hold == "combinations" and holdout.combination(rule.base)
    first = plan.library.taking(kinds, rng)
    if first is None or not first.result or rng.random() > 0.22:
        return first, False
    second = plan.library.taking(frozenset((first.result,)), rng, "base")
    joined = combine.then(first, second, rng) if second else None
    rare = joined is not None and holdout.combination(joined.base)
    if rare and plan.hold != "combinations":
        return first, False
    return joined or first, rare


def rule_for(plan: Plan, kinds: frozenset[str]) -> Skill | None:
    """A rule composed for a value of some kinds."""
    return rules.compose(kinds, pool(plan), plan.scene.rng)


def pool(plan: Plan) -> rules.Pool:
    """The base skills that take kinds."""
    return lambda kinds: plan.library.candidates("base", kinds)


def revised(plan: Plan) -> bool:
    """A turn that comes back to an earlier one: another value and what follows, or the same for another variable."""
    scene = plan.scene
    if plan.commit(revise.same(scene, plan.turns)):
        return True
    if scene.rng.random() < 0.5 or not plan.commit(revise.change(scene, plan.turns)):
        return False
    if scene.rng.random() < 0.75:
        tries(2, lambda: plan.commit(revise.again(scene, plan.turns)))
    return True


def gathered(plan: Plan) -> bool:
    """A result that starts empty and is filled from a list."""
    scene = plan.scene
    found = [n for n in scene.order if rules.listed(scene.entities[n].kinds)]
    if not found:
        return False
    name = scene.rng.choice(found)
    drawn = rules.sample(rules.elements_of(scene.entities[name].kinds), pool(plan), scene.rng)
    turns = gathering.gather(scene, drawn, name)
    return bool(turns) and all(plan.commit(turn) for turn in turns)


def extended(plan: Plan) -> bool:
    """The newest function defined again."""
    scene = plan.scene
    skill = scene.functions.get(scene.newest_function)
    if skill is None:
        return False
    kinds = frozenset((skill.result, *skill.x.kinds))

    def one() -> bool:
        drawn = rules.sample(kinds, pool(plan), scene.rng)
        if plan.commit(revise.extend(scene, plan.turns, drawn)):
            return True
        scene.functions[scene.newest_function] = skill  # as it was
        return False

    return tries(3, one)


def step(plan: Plan, want: str, last: bool = False) -> bool:
    """One operation on the value in focus."""

    def one() -> bool:
        name = focus_of(plan)
        if not name:
            return False
        if plan.scene.functions and plan.scene.rng.random() < 0.12:
            return use_function(plan, want)
        skill, rare = choose(plan, name)
        return skill is not None and plan.commit(forms.make(plan.scene, skill, want, name, last), rare)

    return tries(10, one)


def relate(plan: Plan, want: str, last: bool = False) -> bool:
    """One operation on two values of earlier turns."""
    scene, rng = plan.scene, plan.scene.rng
    names = [n for n in scene.order if "empty" not in scene.entities[n].kinds]
    if len(names) < 2:
        return False

    def one() -> bool:
        first, second = rng.sample(names[-4:], 2)
        skill = plan.library.taking(scene.entities[first].kinds, rng, "several")
        if skill is None or len(skill.params) < 2:
            return False
        return plan.commit(forms.make(scene, skill, want, first, last, partner=second))

    return tries(25, one)


def use_function(plan: Plan, want: str) -> bool:
    """Call a function on a value of the scene, or go over a list with it."""
    scene = plan.scene
    name = scene.newest_function if scene.rng.random() < 0.7 else scene.rng.choice(list(scene.functions))
    if name not in scene.space:
        return False
    skill = scene.functions[name]
    if scene.rng.random() < 0.4:
        options = [d for d in derive.derived(skill) if scene.of(d.x.kinds)]
        if options:
            return plan.commit(forms.make(scene, scene.rng.choice(options), want))
    found = scene.of(skill.x.kinds)
    return plan.commit(
        functions.call(scene, name, "print" if want == "print" else "store", scene.rng.choice(found) if found else "")
    )


def finish(plan: Plan) -> bool:
    """Show a result: as the last step's own form, or a turn for it."""
    scene = plan.scene
    if plan.turns and plan.outputs[-1].strip() and scene.rng.random() < 0.7:
        return True
    if scene.order and scene.rng.random() < 0.3 and tries(2, lambda: plan.commit(shown.give(scene, last=True))):
        return True
    if scene.order and (scene.rng.random() < 0.45 or not step(plan, "print", last=True)):
        return plan.commit(forms.output(scene, scene.order[-1]))
    return True


def load_module(plan: Plan) -> bool:
    """A turn that imports something."""
    rng = plan.scene.rng
    module, line = rng.choice(
        [(m, i) for m, i in codes.IMPORTS.items() if m not in plan.scene.space and "sklearn" not in i]
    )
    name = line.split()[1] if line.startswith("import") else f"{module} from {line.split()[1]}"
    said = f"{name} as {module}" if " as " in line else name
    intent = forms.speak(plan.scene, plan.scene.voice.pick(FRAMES["import"]), {}, {"m": said})
    return plan.commit(Turn("import", intent, line, "import"))


def pipeline(plan: Plan, length: int) -> None:
    """Inputs, then steps on what came before, then the result."""
    if length > 2 and plan.scene.rng.random() < 0.07:
        load_module(plan)
    if plan.scene.rng.random() < 0.17 and give_several(plan):
        walk(plan, length, both=True)
        return
    give(plan)
    if length > 3 and plan.scene.rng.random() < 0.25:
        give(plan)
    walk(plan, length)


def walk(plan: Plan, length: int, both: bool = False) -> None:
    """Steps up to a length, the last of which shows something; where `both`, the first is on both of two inputs."""
    if both:
        relate(plan, "print" if length < 3 else "store", length < 3)
    while len(plan.turns) < length - 1:
        want = "any" if plan.scene.rng.random() < 0.2 else "store"
        roll = plan.scene.rng.random()
        if roll < 0.1 and relate(plan, want):
            continue
        if 0.1 < roll < 0.24 and revised(plan):
            continue
        if 0.24 < roll < 0.275 and plan.commit(shown.give(plan.scene)):
            continue
        if 0.275 < roll < 0.35 and length > 3 and gathered(plan):
            continue
        if plan.scene.rng.random() < 0.06:
            give(plan)
        if not step(plan, want):
            break
    finish(plan)


def function_first(plan: Plan, length: int) -> None:
    """A function, perhaps inputs, then calls; or inputs first."""
    scene, rng = plan.scene, plan.scene.rng
    early = rng.random() < 0.25 and give(plan)
    skill, rare = definable(plan, frozenset(scene.entities[scene.order[-1]].kinds) if early and scene.order else None)
    if skill is None or not plan.commit(functions.define(scene, skill, rng.random() < 0.8), rare):
        return
    if not early and rng.random() < 0.6 and length > 2:
        kinds = [k for k in skill.x.kinds if k in inputs.WEIGHTS]
        if kinds:
            give(plan, rng.choice(kinds))
    if length > 3 and rng.random() < 0.2:
        options = [d for d in derive.derived(scene.functions[scene.newest_function]) if functions.definable(d)]
        if options:
            plan.commit(functions.define(scene, rng.choice(options)))
    elif length > 4 and rng.random() < 0.3:
        second, rare = definable(plan, None)
        if second is not None:
            plan.commit(functions.define(scene, second), rare)
    for _ in range(max(1, min(2, length - len(plan.turns) - 1))):
        tries(4, lambda: use_function(plan, "store" if rng.random() < 0.5 else "print"))
    if rng.random() < 0.25 and extended(plan):
        tries(4, lambda: use_function(plan, "print"))
    if length > 4 and scene.order:
        walk(plan, length)
    elif not plan.outputs[-1].strip():
        tries(4, lambda: use_function(plan, "print"))


def definable(plan: Plan, kinds: frozenset[str] | None) -> tuple[Skill | None, bool]:
    """A skill that can be a function, and whether it is held out."""
    rng = plan.scene.rng
    for _ in range(12):
        rare = plan.rare is not None and rng.random() < 0.5
        library = plan.rare if rare and plan.rare else plan.library
        drawn = kinds or frozenset((rng.choice(list(inputs.WEIGHTS)),))
        skill = rule_for(plan, drawn) if not rare and rng.random() < 0.25 else library.taking(drawn, rng)
        if skill is not None and rng.random() < 0.5:
            skill = functions.baked(skill, plan.scene)
        if skill is not None and functions.definable(skill) and any(drawable(k) for k in skill.x.kinds):
            return skill, rare
    return None, False


def direct(plan: Plan, length: int) -> None:
    """Operations on values that the intent itself spells out."""
    rng = plan.scene.rng
    kinds = list(inputs.WEIGHTS)

    def one(want: str) -> bool:
        skill = plan.library.taking(frozenset((rng.choice(kinds),)), rng)
        return skill is not None and plan.commit(forms.make(plan.scene, skill, want))

    for _ in range(rng.choice((1, 1, 2))):
        tries(8, lambda: one("print" if length < 3 else "store"))
    walk(plan, length)


def join(plan: Plan, length: int) -> None:
    """Two inputs of a kind, then something of both."""
    rng = plan.scene.rng
    pairs = plan.library.binary
    if not pairs:
        return
    skill = rng.choice(pairs)
    kinds = [k for k in skill.x.kinds if k in inputs.WEIGHTS]
    alike = (kinds[0], kinds[0]) if kinds else ()
    if kinds and ((rng.random() < 0.5 and give_several(plan, alike)) or all(give(plan, kinds[0]) for _ in range(2))):
        names = plan.scene.order[-2:]
        plan.commit(forms.make(plan.scene, skill, "print" if length < 4 else "store", names[0]))
    walk(plan, length)


def told(plan: Plan, length: int) -> None:
    """A story, and perhaps steps on what it leaves."""
    rng = plan.scene.rng
    rare = plan.rare is not None and bool(plan.rare.stories) and rng.random() < 0.7
    library: Any = plan.rare if rare else plan.library
    if not library.stories:
        pipeline(plan, length)
        return
    story = rng.choices(library.stories, [s.weight for s in library.stories])[0]
    for turn in stories.turns(plan.scene, story):
        if not plan.commit(turn, rare):
            return
    if length > len(plan.turns) + 1 and plan.scene.order and rng.random() < 0.4:
        walk(plan, min(length, len(plan.turns) + 3))


SHAPES: tuple[tuple[Callable[[Plan, int], None], float], ...] = (
    (pipeline, 46), (function_first, 22), (direct, 9), (join, 8), (told, 24),
)  # fmt: skip
"""The shapes of conversations, with weights."""
