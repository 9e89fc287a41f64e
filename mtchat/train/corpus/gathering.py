"""A result that is built up: something empty first, then a loop that fills it.

Knows: what can be gathered from the elements of a list, how that is said in two turns. Leaves to others: predicates and
operations (`thingrules`), when it is done (`plans`).
"""

# ruff: noqa: E501
# Tables with a row a line, however long.

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from mtchat.train.corpus import code as codes
from mtchat.train.corpus.derive import NUMBERS, over
from mtchat.train.corpus.forms import Turn, speak
from mtchat.train.corpus.grammar import untitled
from mtchat.train.corpus.operands import bind, said
from mtchat.train.corpus.scene import Scene
from mtchat.train.corpus.skill import Param, Skill
from mtchat.train.corpus.thingrules import noun_of, operations, predicates

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
CALLED = {
    "list": ("results", "found", "collected"), "number": ("total", "count", "counter"), "count": ("total", "count", "counter"),
    "dict": ("table", "lookup", "mapping"),
}  # fmt: skip


class Gathering(NamedTuple):
    """What is gathered: into a list, a number, a count or a dict; what is done to each element (None: nothing), and for
    which of them (None: for all).
    """

    way: str
    do: Skill | None
    test: Skill | None

    @property
    def one(self) -> Skill | None:
        """The skill that says what the elements are."""
        return self.test or self.do


def gather(scene: Scene, pool: Sequence[Skill], name: str) -> list[Turn]:
    """An empty result, then a loop over the elements of `name` that fills it; no turns where `pool` holds nothing fit."""
    found = drawn(scene, pool)
    at = over(found.one) if found and found.one else None
    if found is None or at is None or at.container == "word":
        return []
    bound = bind(scene, Skill("gather", (Param("xs", (at.container,)),)), name)
    if bound is None or bound["xs"].name != name:
        return []
    acc = scene.new_name(CALLED[found.way])
    first = beginning(scene, found.way, acc)
    n = next((x for x in (at.loop, "item", "element") if x != acc and x not in scene.space), f"{acc}_item")
    noun = scene.voice.say(at.noun, {})
    phrases = wording(scene, found, noun, noun if noun != "value" else "number" if at.loop in "nx" else "word")
    if not phrases:
        return []
    slots = {"xs": said(bound)["xs"], "acc": acc if scene.rng.random() < 0.75 else scene.quoted(acc)}
    frame = phrases.pop("frame")
    for slot, text in phrases.items():
        frame = frame.replace("{" + slot + "}", text)
    intent, base = speak(scene, frame, {}, slots), f"gather {found.way} {found.one.name if found.one else ''}"
    return [first, Turn(f"gather_{found.way}", intent, loop(found, acc, n, name), "gather", (acc,), base=base)]


def drawn(scene: Scene, pool: Sequence[Skill]) -> Gathering | None:
    """Something to gather with what `pool` holds."""
    rng = scene.rng
    tests = [s for s in predicates(list(pool)) if over(s) and len(s.params) == 1]
    does = [s for s in operations(list(pool)) if over(s) and len(s.params) == 1 and noun_of(s, "it", rng)]
    way = rng.choice(("list", "list", "number", "count", "dict"))
    do = rng.choice(does) if does and way != "count" else None
    test = rng.choice(tests) if tests and (way == "count" or rng.random() < 0.5) else None
    if (way == "count" and test is None) or (way in ("number", "dict") and do is None):
        return None
    if way == "number" and do and do.result not in NUMBERS:
        return None
    if (do is None and test is None) or (do and test and test.x.kinds[0] not in do.x.kinds):
        return None
    return Gathering(way, do, test)


def beginning(scene: Scene, way: str, acc: str) -> Turn:
    """The turn that makes the empty result."""
    value, ways = EMPTY["number" if way == "count" else way]
    frame, phrases = scene.rng.choice(START), {"E": scene.rng.choice(ways)}
    intent = speak(scene, frame, phrases, {"_y": scene.given(acc)})
    return Turn(f"start_{way}", intent, f"{acc} = {value}", "start", (acc,))


def wording(scene: Scene, found: Gathering, noun: str, plain: str) -> dict[str, str]:
    """The frame of the second turn and what stands in it; empty where the operation cannot be said."""
    rng, (way, do, test) = scene.rng, found
    noun = plain if way == "dict" else noun
    clause = rng.choice(test.preds) if test else ""
    which = f"{rng.choice(('each', 'every'))} {noun} <in> {{xs}}" + (f" that {clause}" if test else "")
    it = noun_of(do, "it", rng) if do else "it"
    of = noun_of(do, which, rng) if do else which
    if not it or not of:
        return {}
    short = which.replace(" <in> {xs}", "")
    frame = rng.choice(ADD[way])
    if "{xs}" in frame:
        of = noun_of(do, short, rng) if do else short
    phrases = {"W": which, "R": short if "{xs}" in frame or way == "dict" else which, "it": it, "of": of, "n": plain}
    return {"frame": frame, **{slot: untitled(text, "{xs}") for slot, text in phrases.items()}}


def loop(found: Gathering, acc: str, n: str, name: str) -> str:
    """The code of the second turn, with `n` for each element of `name`."""
    way, do, test = found
    element = codes.fill(do.codes[0], {do.x.name: n}) if do else n
    line = {
        "list": f"{acc}.append({element})",
        "number": f"{acc} += {element}",
        "count": f"{acc} += 1",
        "dict": f"{acc}[{n}] = {element}",
    }[way]
    if test:
        line = f"if {codes.fill(test.codes[0], {test.x.name: n})}:\n        {line}"
    return f"for {n} in {name}:\n    {line}"
