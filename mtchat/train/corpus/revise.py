"""Turns that come back to earlier ones: another value, the same step for another variable, a function that does more, a
result that is built up.

Knows: what may be said of an earlier turn, the code that follows from its code. Leaves to others: first turns (`inputs`,
`forms`, `functions`), their order (`plans`).
"""

# ruff: noqa: E501
# Tables with a row a line, however long.

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from mtchat.train.corpus import code as codes
from mtchat.train.corpus.derive import NUMBERS, over
from mtchat.train.corpus.draws import draw, drawable
from mtchat.train.corpus.forms import Turn, bind, said, speak
from mtchat.train.corpus.grammar import untitled
from mtchat.train.corpus.kinds import main_kind
from mtchat.train.corpus.rules import noun_of, operations, predicates
from mtchat.train.corpus.scene import Scene
from mtchat.train.corpus.skill import Param, Skill

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
EMPTY = {
    "list": ("[]", ("an empty list", "a list without elements", "an empty list")),
    "number": ("0", ("0", "zero", "the number 0")),
    "dict": ("{}", ("an empty dictionary", "an empty dict", "a dictionary without entries")),
}  # fmt: skip
START = (
    "<make> {E} <named> {_y}", "<begin> {E} <named> {_y}", "set {_y} to {E}", "let {_y} be {E}", "{_y} is {E} [at first|to begin with|]", "initialize {_y} [with|as|to] {E}", "<store> {E} in {_y}", "{_y} = {E}",
    "we need {E} for the results. Call it {_y}", "<make> {_y}, {E}[, to start with|]",
)  # fmt: skip
ADD = {
    "list": ("for {W}[,|] [append|add] {it} to {acc}", "<loop> {xs} and [append|add] {of} to {acc}", "[append|add] {of} to {acc}", "go through {xs} and put {of} into {acc}", "fill {acc} with {of}", "for {W}[,|] put {it} into {acc}"),
    "number": ("for {W}[,|] add {it} to {acc}", "<loop> {xs} and add {of} to {acc}", "add {of} to {acc}", "increase {acc} by {of}", "go through {xs} and increase {acc} by {of}"),
    "count": ("for {W} add 1 to {acc}", "increase {acc} by one for {W}", "<loop> {xs} and add one to {acc} for {R}", "count {R} in {acc}", "go through {xs} and increase {acc} by 1 at {R}"),
    "dict": ("for {W}[,|] store {it} in {acc} under the {n}", "<loop> {xs} and map {R} to {it} in {acc}", "for {W}[,|] add an entry to {acc}: the {n} as key and {it} as value", "for {W}[,|] set the value of the {n} in {acc} to {it}"),
}  # fmt: skip


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


def gather(scene: Scene, pool: Sequence[Skill], name: str) -> list[Turn]:
    """An empty result, then a loop over the elements of `name` that fills it."""
    rng = scene.rng
    tests = [s for s in predicates(list(pool)) if over(s) and len(s.params) == 1]
    does = [s for s in operations(list(pool)) if over(s) and len(s.params) == 1 and noun_of(s, "it", rng)]
    way = rng.choice(("list", "list", "number", "count", "dict"))
    do = rng.choice(does) if does and way != "count" else None
    test = rng.choice(tests) if tests and (way == "count" or rng.random() < 0.5) else None
    if (
        (way == "count" and test is None)
        or (way == "number" and (do is None or do.result not in NUMBERS))
        or (way == "dict" and do is None)
    ):
        return []
    if (do is None and test is None) or (do and test and test.x.kinds[0] not in do.x.kinds):
        return []
    one = test or do
    at = over(one) if one else None
    if one is None or at is None or at.container == "word":
        return []
    bound = bind(scene, Skill("gather", (Param("xs", (at.container,)),)), name)
    if bound is None or bound["xs"].name != name:
        return []
    acc = scene.new_name(
        ("results", "found", "collected")
        if way == "list"
        else ("total", "count", "counter")
        if way in ("number", "count")
        else ("table", "lookup", "mapping")
    )
    value, ways = EMPTY["number" if way == "count" else way]
    first = Turn(
        f"start_{way}",
        speak(scene, rng.choice(START), {"E": rng.choice(ways)}, {"_y": scene.given(acc)}),
        f"{acc} = {value}",
        "start",
        (acc,),
    )
    n = next((x for x in (at.loop, "item", "element") if x != acc and x not in scene.space), f"{acc}_item")
    noun = scene.voice.say(at.noun, {})
    plain = noun if noun != "value" else "number" if at.loop in "nx" else "word"
    noun = plain if way == "dict" else noun
    clause = rng.choice(test.preds) if test else ""
    which = f"{rng.choice(('each', 'every'))} {noun} <in> {{xs}}" + (f" that {clause}" if test else "")
    it = noun_of(do, "it", rng) if do else "it"
    of = noun_of(do, which, rng) if do else which
    if not it or not of:
        return []
    element = codes.fill(do.codes[0], {do.x.name: n}) if do else n
    line = {
        "list": f"{acc}.append({element})",
        "number": f"{acc} += {element}",
        "count": f"{acc} += 1",
        "dict": f"{acc}[{n}] = {element}",
    }[way]
    lines = f"for {n} in {name}:\n    {line}"
    if test:
        lines = f"for {n} in {name}:\n    if {codes.fill(test.codes[0], {test.x.name: n})}:\n        {line}"
    short = which.replace(" <in> {xs}", "")
    frame = rng.choice(ADD[way])
    if "{xs}" in frame:
        of = noun_of(do, short, rng) if do else short
    phrases = {"W": which, "R": short if "{xs}" in frame or way == "dict" else which, "it": it, "of": of, "n": plain}
    phrases = {k: untitled(v, "{xs}") for k, v in phrases.items()}
    frames = {"xs": said(bound)["xs"], "acc": acc if rng.random() < 0.75 else scene.quoted(acc)}
    for slot, text in phrases.items():
        frame = frame.replace("{" + slot + "}", text)
    second = Turn(
        f"gather_{way}", speak(scene, frame, {}, frames), lines, "gather", (acc,), base=f"gather {way} {one.name}"
    )
    return [first, second]


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


def extend(scene: Scene, turns: Sequence[Turn], pool: Sequence[Skill]) -> Turn | None:
    """The newest function defined again: more done with its result, one more condition, a default."""
    rng, name = scene.rng, scene.newest_function
    turn = next((t for t in reversed(turns) if t.form in ("define", "extend") and t.targets == (name,)), None)
    head, _, old = turn.code.rpartition("def ") if turn else ("", "", "")
    found = _DEF.match("def " + old)
    skill = scene.functions.get(name)
    if turn is None or found is None or skill is None or "    return " in found[3]:
        return None
    arguments, before, result = [a for a in found[2].split(", ") if a], found[3], found[4]
    shown = name if rng.random() < 0.7 else scene.quoted(name)
    options: list[tuple[str, dict[str, str], dict[str, str], str]] = []
    then = skill
    if len(arguments) == 2 and "=" not in found[2] and not skill.params[1].of and drawable(skill.params[1].kinds[0]):
        value = draw(skill.params[1].kinds[0], scene.words, rng)
        options.append(
            (
                rng.choice(DEFAULT),
                {},
                {"f": shown, "k": arguments[1], "v": value.code},
                f"def {name}({arguments[0]}, {arguments[1]}={value.code}):\n{before}    return {result}",
            )
        )
    if skill.preds and len(result) < 60:
        code = codes.negation(result)
        options.append((rng.choice(NOT), {}, {"f": shown}, f"def {name}({found[2]}):\n{before}    return {code}"))
        tests = [
            s
            for s in predicates(list(pool))
            if len(s.params) == 1 and s.x.kinds[0] in skill.x.kinds and not re.search(r" (?:and|or|but) ", s.preds[0])
        ]
        if tests and " or " not in result and " if " not in result:
            test = rng.choice(tests)
            more = codes.fill(test.codes[0], {test.x.name: arguments[0]})
            more = f"({more})" if " or " in more or " if " in more else more
            noun = {"int": "number", "num": "number", "word": "word", "str": "text"}.get(skill.x.kinds[0], "value")
            options.append(
                (
                    rng.choice(ALSO),
                    {"p": rng.choice(test.preds), "n": noun},
                    {"f": shown},
                    f"def {name}({found[2]}):\n{before}    return {result} and {more}",
                )
            )
    elif not skill.preds and skill.result:
        does = [
            s
            for s in operations(list(pool))
            if len(s.params) == 1 and skill.result in s.x.kinds and s.codes[0].count("{" + s.x.name + "}") == 1
        ]
        if does and len(result) < 50:
            do = rng.choice(does)
            phrase = noun_of(do, rng.choice(BEFORE), rng)
            if phrase:
                code = codes.fill(do.codes[0], {do.x.name: result})
                then = replace(skill, result=do.result)
                options.append(
                    (
                        rng.choice(MORE),
                        {"S": phrase},
                        {"f": shown},
                        f"def {name}({found[2]}):\n{before}    return {code}",
                    )
                )
    if not options:
        return None
    frame, phrases, slots, code = rng.choice(options)
    if code == turn.code:
        return None
    scene.functions[name] = then if frame in MORE else skill
    return Turn("extend", speak(scene, frame, phrases, slots), head + code, "extend", (name,))
