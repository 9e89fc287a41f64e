"""Giving a value a name: literals of every kind, ranges, copies, swaps, renames, updates.

Knows: how people introduce values. Leaves to others: sentences around a noun phrase (`frames`), values (`values`).
"""

from __future__ import annotations

from functools import partial

from mtchat.train.scene import DEFAULT, Scene, Turn
from mtchat.train.skills import Make
from mtchat.train.skills.assign_table import (
    COPY,
    DELETE,
    EMPTY,
    KINDS,
    LITERAL,
    PAIR,
    RENAME,
    SWAP,
    TOPIC,
    UPDATE,
    WEIGHT,
)
from mtchat.train.skills.frames import named_turn, say_name
from mtchat.train.skills.frames_table import NAMELESS, STORE
from mtchat.train.values import Spelled, draw, quoted
from mtchat.train.words import TOPICS

LITERAL["sdict"] = LITERAL["dict"]


def literal(scene: Scene, kind: str) -> Turn:
    """A literal under a name (or a default name, or the topic's)."""
    rng, value = scene.rng, draw(kind, scene.words, scene.rng)
    marked = value.said[:1] in "[({" or kind in ("int", "float", "str", "bool")
    options = list(LITERAL[kind])
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


def topic(scene: Scene, kind: str, value: Spelled) -> Turn:
    """A literal introduced by what it is about; the topic becomes the name."""
    subject = (
        scene.rng.choice(TOPICS) if scene.rng.random() < 0.5 else " ".join(scene.words.several(scene.rng.randint(1, 2)))
    )
    container = "<dictnoun>" if "dict" in kind else "<listnoun>"
    pattern = scene.speaker.choose(TOPIC).replace("<container>", container)
    name = subject.lower().replace(" ", "_")
    if not name.isidentifier() or name in scene.space:
        return named_turn(scene, f"assign_{kind}", "the list " + value.said, value.code, scene.new_name())
    from mtchat.train.scene import _keyword

    if _keyword(name):
        return named_turn(scene, f"assign_{kind}", value.said, value.code, scene.new_name())
    return Turn(
        "assign_topic", scene.speaker.intent(pattern, {"t": subject, "v": value.said}), f"{name} = {value.code}"
    )


def empty(scene: Scene) -> Turn:
    """An empty container under a name."""
    code = scene.rng.choice(list(EMPTY))
    value = scene.rng.choice(EMPTY[code])
    return Turn(
        "assign_empty",
        scene.speaker.intent(scene.speaker.choose(STORE), {"E": value, "y": say_name(scene, name := scene.new_name())}),
        f"{name} = {code}",
    )


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
        return Turn(
            "range",
            scene.speaker.intent(scene.speaker.choose(NAMELESS), {"E": phrase}).replace("?", "."),
            f"numbers = {code}",
        )
    return named_turn(scene, "range", phrase, code, scene.store_name())


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
    return Turn(
        "update",
        scene.speaker.intent(scene.speaker.choose(UPDATE), {"x": scene.refer(x), "v": value.said}),
        f"{x} = {value.code}",
    )


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
    found: list[tuple[str, float, Make]] = [
        (f"assign_{kind}", weight, partial(literal, kind=kind)) for kind, weight in WEIGHT.items()
    ]
    rest: list[tuple[str, float, Make]] = [
        ("empty", 1.5, empty),
        ("range", 4, ranged),
        ("copy", 1, copy),
        ("swap", 1.3, swap),
        ("rename", 1.2, rename),
        ("update", 3, update),
        ("assign_pair", 2.5, pair),
    ]
    return found + rest
