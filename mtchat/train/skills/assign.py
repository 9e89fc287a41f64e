"""Giving a value a name: literals of every kind, ranges, copies, swaps, renames, updates.

Knows: how people introduce values. Leaves to others: sentences around a noun phrase (`frames`), values (`values`).
"""

from __future__ import annotations

from mtchat.train.scene import DEFAULT, Scene, Turn
from mtchat.train.skills import Make
from mtchat.train.skills.frames import NAMELESS, STORE, named_turn, say_name
from mtchat.train.values import Spelled, draw, quoted
from mtchat.train.words import TOPICS

PLAIN = ["{v}"]
LITERAL = {
    "int": ["{v}", "{v}", "{v}", "the number {v}", "the value {v}", "the integer {v}"],
    "float": ["{v}", "{v}", "{v}", "the number {v}", "the value {v}", "the float {v}", "the decimal number {v}"],
    "str": ["{v}", "{v}", "the <strnoun> {v}", "the <strnoun> {v}", "the value {v}"],
    "bool": ["{v}", "{v}", "the value {v}", "the boolean {v}"],
    "ints": ["{v}", "{v}", "the list {v}", "the <listnoun> {v}", "a <listnoun> [of|with|containing] {v}", "a <listnoun> of the numbers {v}", "the numbers {v}", "a <listnoun> [of|with|containing|holding] the [numbers|integers|values] {v}", "~these numbers: {v}", "a <listnoun>: {v}", "a <listnoun> of [numbers|integers]: {v}"],
    "floats": ["{v}", "the list {v}", "the <listnoun> {v}", "a <listnoun> [of|with|containing] {v}", "a <listnoun> of [floats|the numbers|the values|decimals] {v}"],
    "strs": ["{v}", "{v}", "the list {v}", "the <listnoun> {v}", "a <listnoun> [of|with|containing] {v}", "a <listnoun> [of|with|containing] the <wordsnoun> {v}", "the <wordsnoun> {v}", "a <listnoun> of <wordsnoun>: {v}", "a <listnoun>: {v}", "~these words: {v}"],
    "matrix": ["{v}", "the [matrix|nested list|grid|list of lists|2d list] {v}", "a [matrix|nested list|grid|list of lists] {v}", "a [matrix|nested list|2d list] [with|of] {v}"],
    "tuple": ["the tuple {v}", "a tuple {v}", "a tuple [of|with|containing] {v}", "a tuple with the [values|elements] {v}"],
    "dict": ["the <dictnoun> {v}", "a <dictnoun> {v}", "a <dictnoun> [with|of|containing|where] {v}", "a <dictnoun>: {v}", "a <dictnoun> with the [entries|pairs] {v}"],
    "set": ["the set {v}", "a set {v}", "a set [of|with|containing] {v}", "a set of [the numbers|numbers] {v}"],
    "sset": ["the set {v}", "a set {v}", "a set [of|with|containing] {v}", "a set of [the words|words|strings] {v}"],
}  # fmt: skip
LITERAL["sdict"] = LITERAL["dict"]
WEIGHT = {"int": 4, "float": 1.5, "str": 5, "bool": 0.8, "ints": 7, "floats": 1.3, "strs": 4.5, "matrix": 1.3, "tuple": 1.2, "dict": 4, "sdict": 2, "set": 1.3, "sset": 0.9}


def literal(scene: Scene, kind: str) -> Turn:
    """A literal under a name (or a default name, or the topic's)."""
    rng, value = scene.rng, draw(kind, scene.words, scene.rng)
    marked = value.said[:1] in "[({" or kind in ("int", "float", "str", "bool")
    options = [o for o in LITERAL[kind] if not (kind in ("tuple", "set", "sset") and False)]
    if marked and value.said[:1] in "([{":
        options = [*options, "{v}", "{v}"]
    if not marked and kind not in ("int", "float", "str", "bool"):
        options = [o for o in options if o != "{v}" and " of {" not in o] or options
    if rng.random() < 0.1 and kind in ("ints", "floats", "strs", "dict", "sdict"):
        return topic(scene, kind, value)
    phrase = scene.speaker.say(scene.speaker.choose(options), {"v": value.said})
    if rng.random() < 0.07 and kind not in ("int", "str", "float", "bool", "tuple"):
        name = DEFAULT[kind]
        intent = scene.speaker.intent(scene.speaker.choose([f for f in NAMELESS if f != "{E}"]), {"E": phrase})
        return Turn(f"assign_{kind}", intent, f"{name} = {value.code}")
    return named_turn(scene, f"assign_{kind}", phrase, value.code, scene.store_name(), show=0.06)


TOPIC = ["<make> [a|the|] <container> of {t}: {v}", "<make> [a|the|] <container> [of|for|with] {t}: {v}", "<make> [a|the|] {t} <container>: {v}", "<make> [a|] <container> of {t} with {v}", "here are some {t}: {v}", "{t}: {v}", "<store> {t}: {v}", "the {t} are {v}", "~note these {t}: {v}", "<store> the {t} {v}", "<make> {t}: {v}"]  # fmt: skip


def topic(scene: Scene, kind: str, value: Spelled) -> Turn:
    """A literal introduced by what it is about; the topic becomes the name."""
    subject = scene.rng.choice(TOPICS) if scene.rng.random() < 0.5 else " ".join(scene.words.several(scene.rng.randint(1, 2)))
    container = "<dictnoun>" if "dict" in kind else "<listnoun>"
    pattern = scene.speaker.choose(TOPIC).replace("<container>", container)
    name = subject.lower().replace(" ", "_")
    if not name.isidentifier() or name in scene.space:
        return named_turn(scene, f"assign_{kind}", "the list " + value.said, value.code, scene.new_name())
    from mtchat.train.scene import _keyword

    if _keyword(name):
        return named_turn(scene, f"assign_{kind}", value.said, value.code, scene.new_name())
    return Turn("assign_topic", scene.speaker.intent(pattern, {"t": subject, "v": value.said}), f"{name} = {value.code}")


EMPTY = {"[]": ["an empty list", "an empty list", "[]", "an empty array", "a new empty list", "a list with nothing in it"], "{}": ["an empty dictionary", "an empty dict", "{}", "a new empty dictionary"], '""': ["an empty string", '""'], "set()": ["an empty set", "a new empty set"], "0": ["0", "zero"], "None": ["None", "nothing", "none"]}  # fmt: skip


def empty(scene: Scene) -> Turn:
    """An empty container under a name."""
    code = scene.rng.choice(list(EMPTY))
    value = scene.rng.choice(EMPTY[code])
    return Turn("assign_empty", scene.speaker.intent(scene.speaker.choose(STORE), {"E": value, "y": say_name(scene, name := scene.new_name())}), f"{name} = {code}")


RANGE = ["the numbers from {a} to {b}", "the numbers from {a} to {b}", "numbers {a} to {b}", "[all|] the [integers|numbers] from {a} [to|through|up to] {b}", "[all|] the [integers|numbers] between {a} and {b}", "a <listnoun> of [the|all the|] [numbers|integers] from {a} to {b}", "a <listnoun> of [the|] numbers {a} to {b}", "a <listnoun> [from|of] {a} to {b}", "a <listnoun> with the numbers {a} to {b}", "a <listnoun> with numbers from {a} to {b}", "range {a} to {b} as a list", "the integers {a} through {b}", "{a} to {b}", "~whole numbers running from {a} to {b}", "a <listnoun> [of|with|containing] [the|] [integers|numbers] from {a} [to|through] {b}"]  # fmt: skip
KINDS = [
    ("list(range({a}, {b1}))", RANGE),
    ("[n for n in range({a}, {b1}) if n % 2 == 0]", ["the even numbers from {a} to {b}", "[all|] [the|] even numbers [from|between] {a} [to|and] {b}", "a <listnoun> of [the|] even numbers from {a} to {b}", "[all|] the evens from {a} to {b}"]),
    ("[n for n in range({a}, {b1}) if n % 2 == 1]", ["the odd numbers from {a} to {b}", "[all|] [the|] odd numbers from {a} to {b}", "a <listnoun> of [the|] odd numbers from {a} to {b}", "[all|] the odds from {a} to {b}"]),
    ("[n for n in range({a}, {b1}) if n % {n} == 0]", ["the numbers from {a} to {b} divisible by {n}", "[all|] the multiples of {n} from {a} to {b}", "[all|] [the|] numbers from {a} to {b} that are divisible by {n}", "a <listnoun> of [the|] multiples of {n} from {a} to {b}"]),
    ("[n ** 2 for n in range({a}, {b1})]", ["the squares of the numbers from {a} to {b}", "the squares from {a} to {b}", "the squares of {a} to {b}", "a <listnoun> of [the|] squares from {a} to {b}", "a <listnoun> of the squares of the numbers from {a} to {b}", "the square numbers of {a} to {b}", "a list of squares of the numbers {a} to {b}"]),
    ("[n ** 3 for n in range({a}, {b1})]", ["the cubes of the numbers from {a} to {b}", "the cubes from {a} to {b}", "a <listnoun> of [the|] cubes from {a} to {b}"]),
    ("list(range({b}, {a0}, -1))", ["the numbers from {b} down to {a}", "a countdown from {b} to {a}", "a <listnoun> of [the|] numbers from {b} down to {a}", "a <listnoun> counting down from {b} to {a}"]),
    ("sum(range({a}, {b1}))", ["the <total> of the numbers from {a} to {b}", "the <total> of [all|the|all the] [integers|numbers] from {a} to {b}", "the <total> of {a} to {b}"]),
    ("list(range({a}, {b1}, {n}))", ["every {n}th number from {a} to {b}", "the numbers from {a} to {b} in steps of {n}", "the numbers from {a} to {b} with step {n}"]),
    ("{n: n ** 2 for n in range({a}, {b1})}", ["a <dictnoun> of [the|] numbers from {a} to {b} and their squares", "a <dictnoun> [from|of] the numbers {a} to {b} to their squares", "a <dictnoun> that maps the numbers from {a} to {b} to their squares", "a <dictnoun> with the squares of {a} to {b}", "a <dictnoun> of squares from {a} to {b}"]),
]  # fmt: skip


def ranged(scene: Scene) -> Turn:
    """Numbers of a range, perhaps filtered or mapped: stored, printed, or under the default name."""
    from mtchat.train.skills.frames import print_turn

    rng = scene.rng
    code, phrases = rng.choice(KINDS[:1] * 5 + KINDS[1:])
    a = rng.choice((1, 1, 1, 0, rng.randint(2, 30)))
    b = a + rng.choice((4, 5, 9, 9, 19, rng.randint(3, 60)))
    b = 10 if a < 5 and rng.random() < 0.25 else 100 if a < 2 and rng.random() < 0.1 else b
    numbers = {"a": a, "b": b, "b1": b + 1, "a0": a - 1, "n": rng.randint(2, 9)}
    for slot, number in numbers.items():
        code = code.replace("{" + slot + "}", str(number))
    phrase = scene.speaker.say(scene.speaker.choose(phrases), {k: str(v) for k, v in numbers.items()})
    roll = rng.random()
    if roll < 0.3 and phrase[0].isalpha():
        return print_turn(scene, "range", phrase, code)
    if roll < 0.36 and "list(range" in code and phrase.startswith("a "):
        return Turn("range", scene.speaker.intent(scene.speaker.choose(NAMELESS), {"E": phrase}).replace("?", "."), f"numbers = {code}")
    return named_turn(scene, "range", phrase, code, scene.store_name())


COPY = ["<store> [a copy of|] {x} in {y}", "copy {x} [to|into] {y}", "<make> a copy of {x} <named> {y}", "{y} = {x}", "set {y} to {x}", "set {y} to the value of {x}", "let {y} be {x}", "assign {x} to {y}", "~duplicate {x} as {y}", "<make> {y} the same as {x}", "set {y} equal to {x}", "<store> the value of {x} in {y}"]
SWAP = ["swap {x} and {z}", "swap [the values of|] {x} and {z}", "exchange {x} and {z}", "exchange the values of {x} and {z}", "swap {x} with {z}", "switch {x} and {z}", "interchange {x} and {z}", "~trade the values of {x} and {z}", "<make> {x} and {z} swap [values|places]"]
RENAME = ["rename {x} to {y}", "rename {x} as {y}", "rename the variable {x} to {y}", "change the name of {x} to {y}", "give {x} the name {y} instead", "{x} should be called {y} instead"]
DELETE = ["delete {x}", "delete the variable {x}", "del {x}", "remove the variable {x}", "get rid of the variable {x}", "forget the variable {x}", "delete {x} from memory", "unset {x}"]
UPDATE = ["change {x} to {v}", "set {x} to {v}", "update {x} to {v}", "<change> {x} to {v}", "{x} is now {v}", "make {x} {v}", "{x} = {v}", "now {x} should be {v}", "<change> the value of {x} to {v}", "reassign {x} to {v}", "redefine {x} as {v}", "replace {x} with {v}", "~from now on {x} is {v}", "set {x} to {v} instead", "let {x} be {v} instead"]
PAIR = ["set {y} to {v} and {z} to {u}", "let {y} be {v} and {z} be {u}", "<make> {y} = {v} and {z} = {u}", "{y} = {v} and {z} = {u}", "{y} = {v}, {z} = {u}", "assign {v} to {y} and {u} to {z}", "<store> {v} in {y} and {u} in {z}", "<make> [two|] variables {y} = {v} and {z} = {u}", "<make> two variables, {y} with {v} and {z} with {u}", "set {y} = {v} and {z} = {u}", "{y} is {v} and {z} is {u}", "define {y} as {v} and {z} as {u}"]  # fmt: skip


def copy(scene: Scene) -> Turn | None:
    """Another name for a value (a list is copied)."""
    x = scene.pick(("int", "str", "float"))
    if x is None:
        return None
    name = scene.new_name()
    return Turn("copy", scene.speaker.intent(scene.speaker.choose(COPY), {"x": x, "y": name}), f"{name} = {x}")


def swap(scene: Scene) -> Turn | None:
    """Exchange two variables of the same kind."""
    x = scene.pick(("int", "str", "float", "ints", "strs"))
    others = [n for n in scene.of((scene.kinds.get(x or "", "?"),)) if n != x]
    if not others or x is None:
        return None
    z = scene.rng.choice(others)
    return Turn("swap", scene.speaker.intent(scene.speaker.choose(SWAP), {"x": x, "z": z}), f"{x}, {z} = {z}, {x}")


def rename(scene: Scene) -> Turn | None:
    """The value moves to a new name; the old one goes."""
    names = scene.of(tuple(DEFAULT))
    if len(names) < 2:
        return None
    x, y = scene.rng.choice(names), scene.new_name()
    if scene.rng.random() < 0.5:
        return Turn("delete", scene.speaker.intent(scene.speaker.choose(DELETE), {"x": x}), f"del {x}")
    return Turn("rename", scene.speaker.intent(scene.speaker.choose(RENAME), {"x": x, "y": y}), f"{y} = {x}\ndel {x}")


def update(scene: Scene) -> Turn | None:
    """A new value for an old name, mostly of the same kind."""
    x = scene.pick(("int", "str", "float", "bool", "ints", "strs"))
    if x is None:
        return None
    value = draw(scene.kinds[x], scene.words, scene.rng)
    if value.said[:1].isalpha() and " " in value.said and not value.said.startswith(("True", "False")):
        value = Spelled(value.code, value.code)
    return Turn("update", scene.speaker.intent(scene.speaker.choose(UPDATE), {"x": scene.refer(x), "v": value.said}), f"{x} = {value.code}")


def pair(scene: Scene) -> Turn:
    """Two simple values at once."""
    kind = scene.rng.choice(("int", "int", "float", "str"))
    a, b = (draw(kind, scene.words, scene.rng) for _ in range(2))
    if kind == "str":
        a, b = (Spelled(quoted(w), quoted(w)) for w in scene.words.several(2))
    y, z = scene.new_name(), scene.new_name()
    while z == y:
        z = scene.new_name()
    intent = scene.speaker.intent(scene.speaker.choose(PAIR), {"y": y, "z": z, "v": a.said, "u": b.said})
    return Turn("assign_pair", intent, f"{y} = {a.code}\n{z} = {b.code}")


def skills() -> list[tuple[str, float, Make]]:
    """Assignments of each kind and what else gives names."""
    found: list[tuple[str, float, Make]] = [(f"assign_{kind}", weight, lambda scene, kind=kind: literal(scene, kind)) for kind, weight in WEIGHT.items()]  # type: ignore[misc]
    rest: list[tuple[str, float, Make]] = [("empty", 1.5, empty), ("range", 4, ranged), ("copy", 1, copy), ("swap", 1.3, swap), ("rename", 1.2, rename), ("update", 3, update), ("assign_pair", 2.5, pair)]
    return found + rest
