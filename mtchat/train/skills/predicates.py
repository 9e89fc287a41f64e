"""Conditions and mappings over elements, with everything that consumes them: filter, count, any, all, loops, if/else,
sums.

Knows: what makes an element qualify ("even", "longer than 4") and what may become of it ("squared"). Leaves to
others: sentences (`frames`).
"""

from __future__ import annotations

from functools import partial

from mtchat.train.scene import Scene, Turn
from mtchat.train.skills import Make
from mtchat.train.skills.frames import code_of, print_turn, slots, store_turn, verb_turn
from mtchat.train.skills.ops import parameter
from mtchat.train.skills.predicates_table import (
    ALL,
    ANY,
    BOTH,
    BRANCH,
    CONSUMERS,
    EACH,
    MAPS,
    ONLY_IF,
    PREDS,
    SET_IF,
    TEST,
    Map,
    Pred,
)
from mtchat.train.values import Spelled, quoted


def conditions(scene: Scene, pred: Pred, *taken: str) -> tuple[dict[str, Spelled], str] | None:
    """The predicate's parameter and one way to say it after a noun ("" where an adjective before the noun says it)."""
    given: dict[str, Spelled] = {}
    if pred.slot:
        value = parameter(scene, pred.slot, Spelled("", taken[0] if taken else ""))
        if value is None:
            return None
        given[pred.slot] = value
    if pred.before and scene.rng.random() < 0.7:
        return given, ""
    return given, scene.speaker.say(scene.speaker.choose(pred.after), slots(given))


def filtering(scene: Scene, pred: Pred) -> Turn | None:
    """One predicate over one list, in one consumer."""
    rng, skill = scene.rng, f"pred_{pred.name}"
    x = scene.operand((pred.kind,), 0.06)
    made = conditions(scene, pred, x.code) if x else None
    if x is None or made is None:
        return None
    given, after = made
    loop = scene.loop_name("str" if pred.kind == "strs" else "int", x.code, *(v.code for v in given.values()))
    given = {**given, "i": Spelled(loop, loop)}
    test, opposite = code_of(pred.code, given), code_of(pred.opposite, given)
    noun = "<wordsnoun>" if pred.kind == "strs" else "<numbersnoun>"
    said = {
        "b": "" if after else pred.before,
        "a": after,
        "x": x.said,
        "noun": scene.speaker.say(noun, {}),
        "one": rng.choice(("word", "string", "item", "element"))
        if pred.kind == "strs"
        else rng.choice(("number", "number", "element", "value", "item")),
    }

    def phrase(consumer: str) -> str:
        return scene.speaker.say(scene.speaker.choose(CONSUMERS[consumer]), said)

    roll = rng.random()
    kept = f"[{loop} for {loop} in {x.code} if {test}]"
    if roll < 0.4:
        turn = print_turn if rng.random() < 0.45 else store_turn
        return turn(scene, skill, phrase("list"), kept)
    if roll < 0.55:
        code = f"sum(1 for {loop} in {x.code} if {test})"
        if rng.random() < 0.4:
            return Turn(skill, scene.speaker.intent("{E}", {"E": phrase("howmany")}), f"print({code})")
        return (print_turn if rng.random() < 0.6 else store_turn)(scene, skill, phrase("count"), code)
    if roll < 0.64 and pred.kind != "strs":
        return (print_turn if rng.random() < 0.6 else store_turn)(
            scene, skill, phrase("sum"), f"sum({loop} for {loop} in {x.code} if {test})"
        )
    if roll < 0.74 and x.code.isidentifier():
        return verb_turn(scene, skill, phrase("keep"), kept, x, True)
    if roll < 0.86 and x.code.isidentifier():
        return verb_turn(scene, skill, phrase("drop"), f"[{loop} for {loop} in {x.code} if {opposite}]", x, True)
    return Turn(
        skill,
        scene.speaker.intent("{V}", {"V": phrase("loop")}),
        f"for {loop} in {x.code}:\n    if {test}:\n        print({loop})",
    )


def quantified(scene: Scene, pred: Pred) -> Turn | None:
    """any(...) and all(...)."""
    x = scene.operand((pred.kind,), 0.05)
    made = conditions(scene, pred, x.code) if x else None
    if x is None or made is None:
        return None
    loop = scene.loop_name("str" if pred.kind == "strs" else "int", x.code, *(v.code for v in made[0].values()))
    given = {**made[0], "i": Spelled(loop, loop)}
    single = scene.speaker.say(scene.speaker.choose(pred.single), slots(given))
    one = (
        scene.rng.choice(("word", "string", "item", "element"))
        if pred.kind == "strs"
        else scene.rng.choice(("number", "number", "element", "value", "item"))
    )
    every = scene.rng.random() < 0.5
    phrase = scene.speaker.say(scene.speaker.choose(ALL if every else ANY), {"x": x.said, "s": single, "one": one})
    code = f"{'all' if every else 'any'}({code_of(pred.code, given)} for {loop} in {x.code})"
    if scene.rng.random() < 0.6:
        return Turn("quantified", scene.speaker.intent("<check> {E}", {"E": phrase}), f"print({code})")
    return store_turn(scene, "quantified", phrase, code)


def branching(scene: Scene) -> Turn | None:
    """if/else on one value: print, test or store."""
    rng = scene.rng
    pred = rng.choice([p for p in PREDS if p.kind in ("ints", "strs")])
    x = scene.pick(("int",) if pred.kind == "ints" else ("str",))
    made = conditions(scene, pred, x) if x else None
    if x is None or made is None:
        return None
    given = {**made[0], "i": Spelled(x, x)}
    test = code_of(pred.code, given)
    a, b = answers(scene)
    said = {
        "x": scene.refer(x),
        "s": scene.speaker.say(scene.speaker.choose(pred.single), slots(given)),
        "w": a.said,
        "u": b.said,
        "y": (y := scene.new_name()),
    }
    roll = rng.random()
    if roll < 0.4:
        return Turn(
            "branch",
            scene.speaker.intent(scene.speaker.choose(BRANCH), said),
            f"if {test}:\n    print({a.code})\nelse:\n    print({b.code})",
        )
    if roll < 0.6:
        return Turn(
            "only_if", scene.speaker.intent(scene.speaker.choose(ONLY_IF), said), f"if {test}:\n    print({a.code})"
        )
    if roll < 0.8:
        return Turn("test", scene.speaker.intent(scene.speaker.choose(TEST), said), f"print({test})")
    return Turn(
        "set_if", scene.speaker.intent(scene.speaker.choose(SET_IF), said), f"{y} = {a.code} if {test} else {b.code}"
    )


def answers(scene: Scene) -> tuple[Spelled, Spelled]:
    """Two words to print."""
    rng = scene.rng
    pairs = [
        ("yes", "no"),
        ("even", "odd"),
        ("big", "small"),
        ("good", "bad"),
        ("pass", "fail"),
        ("high", "low"),
        ("true", "false"),
        ("ok", "not ok"),
        ("long", "short"),
        ("hot", "cold"),
    ]
    a, b = rng.choice(pairs) if rng.random() < 0.6 else scene.words.several(2)
    style = rng.random()
    wrap = (lambda w: w) if style < 0.35 else (lambda w: f"'{w}'") if style < 0.6 else quoted
    return Spelled(wrap(a), quoted(a)), Spelled(wrap(b), quoted(b))


def mapping(scene: Scene, mapped: Map) -> Turn | None:
    """One mapping over one list: new list, changed list, or printed one by one."""
    rng, skill = scene.rng, f"map_{mapped.name}"
    x = scene.operand(mapped.kind.split(), 0.06)
    if x is None:
        return None
    given: dict[str, Spelled] = {"x": x}
    if mapped.slot:
        value = parameter(scene, mapped.slot, x)
        if value is None:
            return None
        given[mapped.slot] = value
    loop = scene.loop_name("str" if mapped.kind == "strs" else "int", x.code, *(v.code for v in given.values()))
    code = code_of(mapped.code, {**given, "i": Spelled(loop, loop)})
    roll, said = rng.random(), slots(given)
    if roll < 0.15 or not mapped.nouns:
        one = (
            rng.choice(("word", "string", "item", "element"))
            if mapped.kind == "strs"
            else rng.choice(("number", "number", "element", "value"))
        )
        o = scene.speaker.say(scene.speaker.choose(mapped.one), said)
        return Turn(
            skill,
            scene.speaker.intent(scene.speaker.choose(EACH), {"x": x.said, "one": one, "o": o}),
            f"for {loop} in {x.code}:\n    print({code})",
        )
    whole = f"[{code} for {loop} in {x.code}]"
    if roll < 0.55 and mapped.verbs:
        return verb_turn(scene, skill, scene.speaker.say(scene.speaker.choose(mapped.verbs), said), whole, x, True)
    phrase = scene.speaker.say(scene.speaker.choose(mapped.nouns), said)
    if roll < 0.63 and "strs" not in mapped.kind and mapped.name not in ("str",):
        return (print_turn if rng.random() < 0.6 else store_turn)(
            scene, skill, scene.speaker.say("the <total> of {E}", {"E": phrase}), f"sum({code} for {loop} in {x.code})"
        )
    return (print_turn if rng.random() < 0.45 else store_turn)(scene, skill, phrase, whole)


def map_filter(scene: Scene) -> Turn | None:
    """Squares of the even ones, and the like."""
    rng = scene.rng
    pred = rng.choice([p for p in PREDS if p.kind == "ints"])
    x = scene.operand(("ints",), 0.05)
    made = conditions(scene, pred, x.code) if x else None
    if x is None or made is None:
        return None
    loop = scene.loop_name("int", x.code, *(v.code for v in made[0].values()))
    name, code = rng.choice((("squares", "{} ** 2"), ("cubes", "{} ** 3"), ("doubles", "{} * 2"), ("halves", "{} / 2")))
    after, given = made[1], {**made[0], "i": Spelled(loop, loop)}
    said = {
        "m": name,
        "b": "" if after else pred.before,
        "a": after,
        "x": x.said,
        "noun": scene.speaker.say("<numbersnoun>", {}),
        "one": "number",
    }
    phrase = scene.speaker.say(scene.speaker.choose(BOTH), said)
    whole = f"[{code.format(loop)} for {loop} in {x.code} if {code_of(pred.code, given)}]"
    return (print_turn if rng.random() < 0.45 else store_turn)(scene, "map_filter", phrase, whole)


def skills() -> list[tuple[str, float, Make]]:
    """Filters, mappings and branches."""
    found: list[tuple[str, float, Make]] = [
        (f"pred_{p.name}", 1.6 if p.kind != "floats" else 0.4, partial(filtering, pred=p)) for p in PREDS
    ]
    found += [(f"map_{m.name}", 1.2, partial(mapping, mapped=m)) for m in MAPS if m.one]
    found += [
        ("quantified", 2.5, lambda scene: quantified(scene, scene.rng.choice(PREDS))),
        ("branch", 7, branching),
        ("map_filter", 1.5, map_filter),
    ]
    return found
