"""Turns from skills: stored under a name or without one, printed, asked, changed in place.

Knows: which frame goes with which phrase, and what code each form is. Leaves to others: operands (`operands`), the
words of frames (`frames`), functions (`functions`), the order of turns (`plans`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from mtchat.train.corpus import code as codes
from mtchat.train.corpus import holdout
from mtchat.train.corpus.draws import ABOUT
from mtchat.train.corpus.frames import FRAMES, is_command
from mtchat.train.corpus.grammar import question, slots_of
from mtchat.train.corpus.noise import dress
from mtchat.train.corpus.operands import Bound, bind, code_slots, said
from mtchat.train.corpus.scene import Scene
from mtchat.train.corpus.skill import Skill


class Turn(NamedTuple):
    """One turn: the skill it comes from, what is asked, the code that does it, the form, the names it sets for later
    turns with what describes them, and whether the intent gave those names.
    """

    skill: str
    intent: str
    code: str
    form: str = ""
    targets: tuple[str, ...] = ()
    described: tuple[str, ...] = ()
    spoken: bool = True
    base: str = ""


def expression(scene: Scene, skill: Skill, bound: Bound, target: str = "") -> str | None:
    """One of the skill's code variants, mostly the first, filled; `{out}` is left for blocks. None where none fits:
    lines that build up `target` lose an operand of that name.
    """
    operands = {o.name for o in bound.values()}
    found = [c for c in skill.codes if terse(c, bound) and not (target in operands and codes.is_block(c))]
    if not found:
        return None
    chosen = found[0] if scene.rng.random() < 0.72 or len(found) == 1 else scene.rng.choice(found)
    return codes.fill(codes.renamed(chosen, [*scene.space, *operands, target]), code_slots(bound))


def terse(template: str, bound: Bound) -> bool:
    """Whether no long literal is written twice."""
    return all(
        o.name or len(o.code) <= (3 if i == 0 else 8) or _NUMBER.match(o.code) or template.count("{" + slot + "}") < 2
        for i, (slot, o) in enumerate(bound.items())
    )


_NUMBER = re.compile(r"-?[\d.]+$")


def produce(scene: Scene, template: str, target: str) -> str:
    """Code that sets `target`."""
    return template.replace("{out}", target) if codes.is_block(template) else f"{target} = {template}"


def speak(
    scene: Scene, frame: str, phrases: dict[str, str], slots: dict[str, str], first: bool = False, last: bool = False
) -> str:
    """A frame with phrases (patterns) and slots (values) put in, as a person types it."""
    opens = frame
    for slot, pattern in phrases.items():
        frame = frame.replace("{" + slot + "}", pattern)
    command = is_command(opens) and not opens.startswith(("{P}", "{Vs}"))
    return dress(scene.voice.pieces(frame, slots), scene.rng, command=command, first=first, last=last)


def make(scene: Scene, skill: Skill, want: str, focus: str = "", last: bool = False, partner: str = "") -> Turn | None:
    """A turn that does `skill`: `want` is "print", "store" or "any"; on the variables `focus` and `partner`."""
    bound = bind(scene, skill, focus, partner)
    if bound is None or not (skill.codes or skill.acts or skill.in_place):
        return None
    if not skill.result:
        return statement(scene, skill, bound, last)
    rng = scene.rng
    if want == "print":
        return printing(scene, skill, bound, last, store=rng.random() < 0.15)
    if skill.acts and rng.random() < 0.6:
        return statement(scene, skill, bound, last)
    x = bound[skill.x.name] if skill.params else None
    if skill.in_place and skill.verbs and x and x.name and rng.random() < 0.55:
        return in_place(scene, skill, bound)
    if want == "any" and rng.random() < 0.3:
        return printing(scene, skill, bound, last)
    return storing(scene, skill, bound)


def phrase(scene: Scene, skill: Skill, letters: str, bound: Bound) -> tuple[str, str] | None:
    """(letter, pattern) of one way to say the skill, among the letters."""
    ways: list[tuple[str, Sequence[str]]] = [
        ("N", skill.nouns),
        ("V", skill.verbs),
        ("Q", skill.asks),
        ("P", skill.preds),
    ]
    weights = {"N": 5, "V": 4, "Q": 1.5, "P": 5}
    found = [(k, p) for k, p in ways if p and k in letters]
    if not found:
        return None
    letter, patterns = scene.rng.choices(found, [weights[k] for k, _ in found])[0]
    return letter, scene.voice.pick(patterns)


def _frame(scene: Scene, key: str) -> str:
    return scene.voice.pick(FRAMES[key])


def _check(scene: Scene, skill: Skill, predicate: str, key: str) -> tuple[str, dict[str, str]]:
    """A frame for a predicate of {x}: (frame, phrases)."""
    x = "{" + skill.x.name + "}"
    return _frame(scene, key), {"E": f"<whether> {x} {predicate}", "C": f"{x} {predicate}", "Q": question(predicate, x)}


def _said_frame(scene: Scene, skill: Skill, bound: Bound, kind: str, letters: str) -> tuple[str, dict[str, str]] | None:
    """A frame of one kind ("store", "print", …) for one way of saying the skill."""
    way = phrase(scene, skill, letters, bound)
    if way is None:
        return None
    letter, pattern = way
    if letter == "P":
        return _check(scene, skill, pattern, f"{kind}-check")
    if letter == "V":
        return _frame(scene, f"{kind}-verb"), {"V": pattern}
    if letter == "Q":
        return _frame(scene, "ask"), {"Q": pattern}
    if pattern.startswith(CLAUSES):
        key = f"{kind}-check" if "whether" in pattern[:9] and f"{kind}-check" in FRAMES else kind
        return scene.voice.pick(_for_clauses(key)), {"E": pattern}
    return _frame(scene, kind), {"E": pattern}


CLAUSES = ("how ", "<many>", "<whether>", "whether ", "what ", "where ", "whichever ")
"""How noun phrases begin that are clauses: nobody asks what they are."""


@lru_cache(maxsize=32)
def _for_clauses(key: str) -> tuple[str, ...]:
    """The frames that a clause fits into."""
    fitting = tuple(
        f
        for f in FRAMES[key]
        if "{E}" in f
        and f.startswith(
            ("<store>", "<compute>", "<print>", "<check>", "print {E}", "set ", "let ", "in ", "assign", "save")
        )
    )
    return fitting or FRAMES[key]


def storing(scene: Scene, skill: Skill, bound: Bound) -> Turn | None:
    """`y = …`, under a name that the intent gives or under the usual one."""
    named = scene.rng.random() < 0.8
    kind = "store" if named else "nameless"
    way = _said_frame(scene, skill, bound, kind, "NVP" if named else "NV")
    if way is None:
        return None
    if named and scene.rng.random() < 0.07 and scene.order:
        target = scene.order[-1]  # a name in use gets a new value
    else:
        target = scene.new_name(skill.called) if named else scene.own_name(skill.called)
    code = expression(scene, skill, bound, target)
    if code is None:
        return None
    slots = {**said(bound, way), "_y": scene.given(target)}
    intent = speak(scene, *way, slots)
    described = () if named and target not in skill.called else (target,)
    return Turn(skill.name, intent, produce(scene, code, target), kind, (target,), described, named, skill.base)


def printing(scene: Scene, skill: Skill, bound: Bound, last: bool, store: bool = False) -> Turn | None:
    """`print(…)`, or a value stored and printed."""
    way = _said_frame(scene, skill, bound, "store-print" if store else "print", "NV" if store else "NVQP")
    if way is None:
        return None
    target = scene.new_name(skill.called) if store else scene.own_name(skill.called)
    code = expression(scene, skill, bound, target)
    if code is None:
        return None
    slots = said(bound, way)
    if store or codes.is_block(code) or "\n" in code:
        slots["_y"] = scene.given(target)
        lines = f"{produce(scene, code, target)}\nprint({target})"
        return Turn(
            skill.name,
            speak(scene, *way, slots, last=last),
            lines,
            "store-print" if store else "print",
            (target,),
            (target,),
            store,
            skill.base,
        )
    bare = not last and scene.rng.random() < 0.04
    shown = code if bare else f"print({code})"
    return Turn(skill.name, speak(scene, *way, slots, last=last), shown, "bare" if bare else "print", base=skill.base)


def statement(scene: Scene, skill: Skill, bound: Bound, last: bool = False) -> Turn | None:
    """What a skill without a result does: it prints, or changes its operand."""
    change = bool(skill.in_place) and not (skill.acts and scene.rng.random() < 0.5)
    x = bound[skill.x.name] if skill.params else None
    if not skill.verbs or (change and not (x and x.name)):
        return None
    if change and skill.codes:
        return in_place(scene, skill, bound)
    found = [t for t in (skill.in_place if change else skill.acts) if terse(t, bound)]
    if not found:
        return None
    template = found[0] if scene.rng.random() < 0.75 else scene.rng.choice(found)
    code = codes.fill(codes.renamed(template, list(scene.space)), code_slots(bound))
    way = _frame(scene, "act"), {"V": scene.voice.pick(skill.verbs)}
    intent = speak(scene, *way, said(bound, way), last=last)
    return Turn(skill.name, intent, code, "act", (x.name,) if change and x else (), base=skill.base)


def in_place(scene: Scene, skill: Skill, bound: Bound) -> Turn:
    """A command that changes its operand."""
    template = skill.in_place[0] if scene.rng.random() < 0.7 else scene.rng.choice(skill.in_place)
    code = codes.fill(codes.renamed(template, list(scene.space)), code_slots(bound))
    way = _frame(scene, "in-place"), {"V": scene.voice.pick(skill.verbs)}
    intent = speak(scene, *way, said(bound, way))
    return Turn(skill.name, intent, code, "in place", (bound[skill.x.name].name,), base=skill.base)


def output(scene: Scene, name: str) -> Turn:
    """Show a variable."""
    newest = scene.order[-1] == name and scene.fresh(name)
    if newest and scene.rng.random() < 0.22:
        intent = speak(scene, _frame(scene, "output-it"), {}, {}, last=True)
    else:
        frame = _frame(scene, "output")
        called = name if re.search(r"\bthe (?:\[.*\] )?\{x\}", frame) else scene.refer(name)
        intent = speak(scene, frame, {}, {"x": called}, last=True)
    return Turn("output", intent, f"print({name})", "output")


def sound(skill: Skill) -> list[str]:
    """What is wrong with a skill as written: slots that nothing fills, kinds that nothing draws."""
    wrong = []
    known = {p.name for p in skill.params}
    for letter, pattern in skill.patterns():
        wrong += [f"{letter} {pattern!r} has the slot {{{s}}} that is no parameter" for s in slots_of(pattern) - known]
    for param in skill.params:
        if param.of and param.kinds[0] not in ABOUT:
            wrong.append(f"{param.name}: no {param.kinds[0]}(…) is known")
        if param.of and param.of not in known:
            wrong.append(f"{param.name} depends on {param.of}, which is no parameter")
    return wrong


def held(turn: Turn) -> bool:
    """Whether a turn's combination is one that training never sees."""
    return bool(turn.base) and holdout.combination(turn.base)
