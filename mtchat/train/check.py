"""What an author runs on his file of skills: every skill generates, runs, agrees with itself and can be said.

Knows: trials of one skill on drawn inputs, agreement of its code variants, faults in words. Leaves to others: making
turns (`corpus`), the file format (`corpus.skill`).
"""

from __future__ import annotations

import contextlib
import io
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mtchat.train.corpus import code as codes
from mtchat.train.corpus import comment, forms, functions, inputs, operands, stories
from mtchat.train.corpus.derive import derived
from mtchat.train.corpus.draws import drawable
from mtchat.train.corpus.grammar import Voice, unknown_classes
from mtchat.train.corpus.kinds import NOUNS, kinds_of
from mtchat.train.corpus.library import everything, load
from mtchat.train.corpus.limits import limited, ready
from mtchat.train.corpus.plan import Plan
from mtchat.train.corpus.scene import Scene
from mtchat.train.corpus.skill import Param, Skill, Story
from mtchat.train.corpus.values import Words
from mtchat.train.judge import same_value

TRIALS = 12
FEW = 3
"""Fewer phrasings than this are a fault: breadth is what generalises."""


@dataclass
class Report:
    """What one skill or story showed: faults (must be mended), derived skills, examples."""

    name: str
    faults: list[str] = field(default_factory=list)
    derived: int = 0
    phrasings: int = 0
    examples: list[str] = field(default_factory=list)


def check(path: Path, examples: int = 20, seed: int = 0) -> Iterator[Report]:
    """A report for each skill and story of a file; ConfigError where the file cannot be read."""
    skills, stories_ = everything((path,))
    items: list[Skill | Story] = [*skills, *stories_]
    names = Counter(s.name for s in items)
    every = max(1, len(items) * 2 // max(examples, 1))
    others = others_than(path.stem)
    for i, item in enumerate(items):
        rng = random.Random(f"{seed}/{item.name}")
        report = of_skill(item, rng) if isinstance(item, Skill) else of_story(item, rng)
        report.faults += ["the name is used twice"] if names[item.name] > 1 or item.name in others else []
        report.examples = report.examples[: 2 if i % every == 0 or examples >= 2 * len(names) else 0]
        yield report


def others_than(domain: str) -> set[str]:
    """Names of the package's skills and stories in other files."""
    skills, stories_ = everything()
    return {s.name for s in skills if s.domain != domain} | {s.name for s in stories_ if s.domain != domain}


def scene(rng: random.Random) -> Scene:
    """An empty scene that may say everything."""
    return Scene(rng, Voice(rng, everything=True), Words(rng, []), 0.0)


def of_skill(skill: Skill, rng: random.Random) -> Report:
    """Faults and examples of one skill."""
    report = Report(skill.name, forms.sound(skill), len(derived(skill)), sum(1 for _ in skill.patterns()))
    report.faults += words_of(p for _, p in skill.patterns())
    broken = bool(report.faults)
    main = max(len(skill.nouns) + len(skill.verbs), len(skill.preds))
    report.faults += [f"only {main} phrasing(s); give {FEW} or more"] if main < FEW - 1 and skill.params else []
    unknown = [
        k
        for p in skill.params
        if not p.of
        for k in p.kinds
        if k not in NOUNS and k not in ("name", "Class", "pick", "tiny", "newname")
    ]
    report.faults += [f"no kind is called {k!r}" for k in unknown]
    if unknown or broken:
        return report
    ran = 0
    for _ in range(TRIALS):
        ran += trial(skill, rng, report)
    if not ran:
        report.faults.append(f"ran in only {ran} of {TRIALS} trials")
    report.faults = list(dict.fromkeys(report.faults))[:6]
    return report


def _split(pattern: str) -> bool:
    """Whether a pattern has a `|` that stands in no brackets."""
    depth = 0
    for ch in pattern:
        depth += {"[": 1, "]": -1}.get(ch, 0)
        if ch == "|" and not depth:
            return True
    return False


def words_of(patterns: Iterator[str]) -> list[str]:
    """Faults in patterns: unknown synonym classes, brackets that do not close."""
    faults = []
    for pattern in patterns:
        faults += [f"<{name}> is no synonym class, in {pattern!r}" for name in sorted(unknown_classes(pattern))]
        if pattern.count("[") != pattern.count("]"):
            faults.append(f"brackets do not match in {pattern!r}")
        if _split(pattern):
            faults.append(f"a | outside of […] cuts {pattern!r} in two; write the sign in the code, or name it")
        if not pattern:
            faults.append("an empty phrasing (` / ` at an end?)")
    return faults


def trial(skill: Skill, rng: random.Random, report: Report) -> bool:
    """Whether the skill ran once on drawn inputs; faults and an example are added to the report."""
    place = scene(rng)
    if not prepared(place, skill):
        return False
    plan = Plan(place, load("everything"), everything=True)
    bound = operands.bind(place, skill)
    if bound is None:
        return False
    agree(place, skill, bound, report)
    if not (skill.codes or skill.acts or skill.in_place):
        turn = functions.define(place, skill)
    else:
        turn = functions.define(place, skill) if functions.definable(skill) and rng.random() < 0.3 else None
        turn = turn or forms.make(place, skill, rng.choice(("print", "store", "any")))
    if turn is None or not plan.commit(turn):
        return False
    report.examples.append(f"{comment(plan.turns[0].intent)}{plan.turns[0].code}")
    return True


def prepared(place: Scene, skill: Skill) -> bool:
    """Give the scene a variable for each parameter that an earlier turn would have set."""
    for param in skill.params:
        kinds = [k for k in param.kinds if drawable(k)]
        if param.of or not kinds or param.kinds[0] in ("name", "Class", "pick"):
            continue
        if param is skill.params[0] or skill.acts or kinds[0] in operands.NO_LITERAL:
            turn = inputs.give(place, place.rng.choice(kinds))
            missing = codes.imports(turn.code, place.space)
            place.run("\n".join([*missing, turn.code]))
            place.note(turn.targets[0])
    return bool(not skill.params or place.order or skill.x.kinds[0] in ("name", "pick"))


def agree(place: Scene, skill: Skill, bound: operands.Bound, report: Report) -> None:
    """Run every code variant on the same operands; they must give equal values of the declared kind."""
    values = [value for template in skill.codes if (value := run_variant(place, template, bound)) is not None]
    values += [value for template in skill.whole if (value := run_whole(place, skill, template, bound)) is not None]
    values = [v for v in values if not isinstance(v, SyntaxError)]  # a text put inside an f-string
    if any(isinstance(v, Exception) for v in values) and not all(isinstance(v, Exception) for v in values):
        report.faults.append(f"some variants raise: {next(v for v in values if isinstance(v, Exception))!r}")
    good = [v for v in values if not isinstance(v, Exception)]
    shown = {n: o.code for n, o in bound.items()}
    if any(not alike(good[0], v) for v in good[1:]):
        report.faults.append(f"variants differ for {shown}: {[repr(v)[:60] for v in good]}")
    if good and skill.result in NOUNS and skill.result not in kinds_of(good[0]) | wider(good[0]):
        report.faults.append(f"declared -> {skill.result}, but gave {good[0]!r:.60} for {shown}")


def wider(value: Any) -> frozenset[str]:
    """Kinds that a value may stand for though it is none of them: an empty list for a list, a number for a float."""
    kinds = kinds_of(value)
    if hasattr(value, "__len__") and (len(value) == 0 or (isinstance(value, list) and [] in value)):
        return frozenset(NOUNS)
    return (
        frozenset(("int", "num", "float", "pos", "nat", "npnum"))
        if kinds & {"num", "npnum"}
        else frozenset(("str", "strs", "list", "tuple"))
    )


def run_variant(place: Scene, template: str, bound: operands.Bound) -> Any:
    """The value of one code variant, or the exception that it raised."""
    filled = codes.fill(codes.renamed(template, list(place.space)), operands.code_slots(bound))
    code = forms.produce(place, filled, "out_")
    return _run(place, code, "out_")


def run_whole(place: Scene, skill: Skill, template: str, bound: operands.Bound) -> Any:
    """The value of one whole definition, called on the operands."""
    names = {p.name: p.name for p in skill.params}
    call = f"out_ = f_({', '.join(bound[p.name].code for p in skill.params)})"
    return _run(place, f"{codes.fill(template, {**names, 'f': 'f_'})}\n{call}", "out_")


def _run(place: Scene, code: str, name: str) -> Any:
    import copy

    space = {
        k: copy.deepcopy(v) if not k.startswith("__") and not callable(v) and type(v).__name__ != "module" else v
        for k, v in place.space.items()
    }
    code = "\n".join([*codes.imports(code, space), code])
    try:
        ready(code)
        with limited(1.0):
            exec(code, space)
    except Exception as error:
        return error
    return space.get(name)


def alike(a: Any, b: Any) -> bool:
    """Equal, or equal but for rounding or for a number's type."""
    a, b = (v.item() if type(v).__module__ == "numpy" and getattr(v, "ndim", 1) == 0 else v for v in (a, b))
    if isinstance(a, int | float) and isinstance(b, int | float):
        return abs(a - b) <= 1e-6 * max(1.0, abs(a)) or (isinstance(a, float) and abs(a - b) < 0.01 * max(abs(a), 1))
    if type(a).__module__.split(".")[0] in ("numpy", "pandas"):
        return repr(a) == repr(b)
    return same_value(a, b) or repr(a) == repr(b)


def of_story(story: Story, rng: random.Random) -> Report:
    """Faults and an example of one story."""
    known = {p.name for p in story.params}
    said = [p for step in story.steps for p in step.says]
    report = Report(story.name, words_of(iter(said)), 0, len(said))
    report.faults += [f"{{{s}}} is no parameter, in {p!r}" for p in said for s in forms.slots_of(p) - known]
    report.faults += [f"turn {i + 1} has only one phrasing" for i, s in enumerate(story.steps) if len(s.says) < 2]
    if report.faults:
        return report
    ran = 0
    for _ in range(TRIALS):
        place = scene(rng)
        plan = Plan(place, load("everything"), everything=True)
        try:
            made = list(stories.turns(place, story))
        except (SyntaxError, KeyError, ValueError, TypeError) as error:
            report.faults.append(f"a turn cannot be made: {error!r}")
            return report
        good = bool(made) and all(plan.commit(turn) for turn in made)
        ran += good
        if good:
            report.examples.append("\n\n".join(f"{comment(t.intent)}{t.code}" for t in plan.turns))
        elif made and len(report.faults) < 2:
            report.faults.append(failure(place, made[len(plan.turns)].code))
    report.faults = [f for f in report.faults if ran < TRIALS * 2 // 3]
    return report


def failure(place: Scene, code: str) -> str:
    """Why a story's turn was not kept."""
    with contextlib.redirect_stdout(io.StringIO()):
        error = _run(place, code, "")
    why = "it prints nothing or too much, gives a value of more than 1500 characters, nan, or is too long itself"
    return f"{error!r} in {code!r}" if isinstance(error, Exception) else f"not kept, perhaps {why}: {code!r}"


__all__ = ["Param", "Report", "check", "of_skill", "of_story"]
