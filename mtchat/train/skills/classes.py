"""Defining classes, making instances, using attributes and methods.

Knows: a few shapes of classes (attributes, a method that prints, returns or changes, `__repr__`). Leaves to others:
everything that is not a class.
"""

from __future__ import annotations

from mtchat.train.scene import Class, Function, Scene, Turn, _keyword
from mtchat.train.skills import Make
from mtchat.train.skills.classes_table import (
    ADDING,
    ATTRIBUTES,
    CALL,
    CALL_RETURN,
    DEFINE,
    MAKE,
    METHOD,
    METHOD_NAMES,
    READ,
    WRITE,
)
from mtchat.train.skills.frames import say_name
from mtchat.train.values import Spelled, quoted
from mtchat.train.words import CLASSES


def define(scene: Scene) -> Turn | None:
    """A class with one to three attributes, perhaps a method, perhaps `__repr__`."""
    rng = scene.rng
    name = rng.choice(CLASSES) if rng.random() < 0.75 or not scene.words.tokens else scene.words.rare().capitalize()
    if not name.isidentifier() or name in scene.space or _keyword(name):
        return None
    attributes = rng.sample(list(ATTRIBUTES), rng.choice((1, 2, 2, 2, 3)))
    listed = ", ".join(attributes[:-1]) + " and " + attributes[-1] if len(attributes) > 1 else attributes[0]
    if rng.random() < 0.35 and len(attributes) > 1:
        listed = ", ".join("a " + a for a in attributes[:-1]) + " and a " + attributes[-1]
    elif len(attributes) == 1 and rng.random() < 0.5:
        listed = "a " + listed
    lines = [
        f"class {name}:",
        f"    def __init__(self, {', '.join(attributes)}):",
        *(f"        self.{a} = {a}" for a in attributes),
    ]
    intent, methods = scene.speaker.choose(DEFINE), []
    said = {"C": name, "at": listed}
    if rng.random() < 0.5:
        kind, body, kinds, says = rng.choice(METHOD)
        fitting = [a for a in attributes if ATTRIBUTES[a] in kinds.split()]
        if not fitting:
            return None
        a, m = rng.choice(fitting), rng.choice([m for m in METHOD_NAMES if m not in attributes])
        lines += [f"    def {m}(self):", "        " + body.replace("{a}", a)]
        intent += rng.choice(ADDING).replace("{me}", scene.speaker.choose(says).replace("{a}", a).replace("{m}", m))
        methods.append((m, (kind,)))
    elif rng.random() < 0.35:
        a = attributes[0]
        lines += ["    def __repr__(self):", f'        return f"{name}({{self.{a}}})"']
        intent += rng.choice(
            (
                " and a __repr__ that shows the class name and the {a}",
                " and a __repr__ showing the name of the class and {a}",
                ", with a __repr__ of the class name and the {a}",
            )
        ).replace("{a}", a)
    scene.classes[name] = Class(tuple((a, ATTRIBUTES[a]) for a in attributes), tuple(methods))
    return Turn("class", scene.speaker.intent(intent, said), "\n".join(lines))


def attribute_value(scene: Scene, kind: str) -> Spelled:
    """A value for an attribute."""
    if kind == "int":
        n = str(scene.rng.randrange(1, 10 ** scene.rng.choice((1, 2, 3))))
        return Spelled(n, n)
    word = scene.words.word().capitalize() if scene.rng.random() < 0.5 else scene.words.word()
    return Spelled(word if scene.rng.random() < 0.5 else scene.rng.choice((f"'{word}'", f'"{word}"')), quoted(word))


def make(scene: Scene) -> Turn | None:
    """An instance of a class of an earlier turn."""
    if not scene.classes:
        return None
    name = list(scene.classes)[-1]
    cls, y = scene.classes[name], scene.new_name()
    values = [attribute_value(scene, kind) for _, kind in cls.attributes]
    style = scene.rng.random()
    pairs = [f"{a} {v.said}" if style < 0.7 else v.said for (a, _), v in zip(cls.attributes, values, strict=True)]
    listed = ", ".join(pairs[:-1]) + " and " + pairs[-1] if len(pairs) > 1 else pairs[0]
    code = ", ".join(v.code for v in values)
    scene.objects[y] = name
    said = {"C": name, "y": say_name(scene, y), "v": listed, "p": code}
    return Turn("instance", scene.speaker.intent(scene.speaker.choose(MAKE), said), f"{y} = {name}({code})")


def use(scene: Scene) -> Turn | None:
    """Read or write an attribute, or call a method, of an instance."""
    rng, names = scene.rng, [n for n in scene.objects if n in scene.space and scene.objects[n] in scene.classes]
    if not names:
        return None
    o = names[-1] if rng.random() < 0.7 else rng.choice(names)
    cls, roll = scene.classes[scene.objects[o]], rng.random()
    if cls.methods and roll < 0.5:
        m, (kind,) = rng.choice(cls.methods)
        quiet = kind in ("prints", "hello", "inc")
        code = f"{o}.{m}()" if quiet else f"print({o}.{m}())"
        return Turn(
            "method", scene.speaker.intent(scene.speaker.choose(CALL if quiet else CALL_RETURN), {"o": o, "m": m}), code
        )
    a, kind = rng.choice(cls.attributes)
    if roll < 0.75:
        return Turn("attribute", scene.speaker.intent(scene.speaker.choose(READ), {"o": o, "a": a}), f"print({o}.{a})")
    value = attribute_value(scene, kind)
    return Turn(
        "set_attribute",
        scene.speaker.intent(scene.speaker.choose(WRITE), {"o": o, "a": a, "v": value.said}),
        f"{o}.{a} = {value.code}",
    )


def skills() -> list[tuple[str, float, Make]]:
    """Classes and instances."""
    return [("class", 4, define), ("instance", 5, make), ("object", 8, use)]


__all__ = ["Function", "skills"]
