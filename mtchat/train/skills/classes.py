"""Defining classes, making instances, using attributes and methods.

Knows: a few shapes of classes (attributes, a method that prints, returns or changes, `__repr__`). Leaves to others: everything that is not a class.
"""

from __future__ import annotations

from mtchat.train.scene import Class, Function, Scene, Turn, _keyword
from mtchat.train.skills import Make
from mtchat.train.skills.frames import say_name
from mtchat.train.values import Spelled, quoted
from mtchat.train.words import CLASSES

ATTRIBUTES = {"name": "str", "age": "int", "color": "str", "price": "int", "title": "str", "weight": "int", "height": "int", "width": "int", "size": "int", "city": "str", "owner": "str", "balance": "int", "score": "int", "speed": "int", "kind": "str", "year": "int", "x": "int", "y": "int", "level": "int", "author": "str", "length": "int", "brand": "str", "salary": "int", "email": "str", "count": "int", "points": "int"}  # fmt: skip
DEFINE = ["<make> a class {C} with {at}", "<make> a class {C} with [the attributes|attributes|the fields|the attribute|fields] {at}", "<make> a class <named> {C} with {at}", "<make> a class <named> {C} that has {at}", "define class {C} with {at}", "write a class {C} that <takes> {at}", "I need a class {C} with {at}", "<make> class {C} with [attributes|fields|] {at}", "~model a {C} class holding {at}", "class {C} with {at}", "define a {C} class with {at}", "<make> a {C} class that stores {at}", "<make> a class {C} whose __init__ takes {at}", "define a class {C} having {at}"]  # fmt: skip
METHOD = [
    ("returns", "return self.{a}", "str int", ("a method {m} that returns the {a}", "a {m} method returning the {a}", "a method {m} which gives back {a}")),
    ("prints", "print(self.{a})", "str int", ("a method {m} that prints the {a}", "a {m} method that prints {a}")),
    ("hello", "print(f\"Hello, I am {self.{a}}\")", "str", ("a method {m} that prints Hello, I am and the {a}", "a {m} method that prints \"Hello, I am\" and the {a}")),
    ("double", "return self.{a} * 2", "int", ("a method {m} that returns twice the {a}", "a method {m} that returns the {a} doubled")),
    ("upper", "return self.{a}.upper()", "str", ("a method {m} that returns the {a} in upper case",)),
    ("inc", "self.{a} += 1", "int", ("a method {m} that adds one to the {a}", "a method {m} that increases {a} by one", "a {m} method that increments {a}")),
]  # fmt: skip
METHOD_NAMES = ["describe", "show", "info", "get", "speak", "greet", "display", "grow", "update", "report", "talk", "intro", "tell", "say_hi", "hello", "go", "run", "work"]
ADDING = [" and {me}", ", and {me}", " plus {me}", " that has {me}", ". It has {me}", ". Give it {me}", " and it should have {me}"]
MAKE = ["<make> a {C} <named> {y} with {v}", "<make> a {C} {y} with {v}", "<make> an instance of {C} <named> {y} with {v}", "<make> an instance {y} of {C} with {v}", "{y} = a {C} with {v}", "let {y} be a {C} with {v}", "<store> a {C} with {v} in {y}", "instantiate {C} as {y} with {v}", "<make> a new {C} with {v} and call it {y}", "set {y} to a {C} with {v}", "~make me a {C} with {v}, name it {y}", "<make> a {C} object {y} with {v}", "{y} = {C}({p})", "<make> {y}, a {C} with {v}"]  # fmt: skip
READ = ["<print> the {a} of {o}", "<print> {o}.{a}", "<print> {o}'s {a}", "what is the {a} of {o}", "what is {o}'s {a}", "<print> the {a} attribute of {o}", "show {o}.{a}", "<print> the {a} of the object {o}", "what {a} does {o} have"]
WRITE = ["set the {a} of {o} to {v}", "<change> the {a} of {o} to {v}", "set {o}.{a} to {v}", "{o}.{a} = {v}", "set {o}'s {a} to {v}", "make the {a} of {o} {v}", "update the {a} of {o} to {v}"]
CALL = ["<call> {o}.{m}()", "<call> the {m} method of {o}", "<call> {m} on {o}", "<call> the method {m} of {o}", "<call> {m} of {o}", "{o}.{m}()", "let {o} {m}", "<call> the {m} method on {o}", "make {o} {m}"]
CALL_RETURN = ["<call> {o}.{m}() and <print> <result>", "<print> the result of {o}.{m}()", "<print> {o}.{m}()", "<call> {m} on {o} and <print> <result>", "<call> the {m} method of {o} and <print> <result>", "what does {o}.{m}() return", "<call> {o}.{m}()", "<call> {m} on {o}"]


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
    lines = [f"class {name}:", f"    def __init__(self, {', '.join(attributes)}):", *(f"        self.{a} = {a}" for a in attributes)]
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
        lines += ["    def __repr__(self):", f"        return f\"{name}({{self.{a}}})\""]
        intent += rng.choice((" and a __repr__ that shows the class name and the {a}", " and a __repr__ showing the name of the class and {a}", ", with a __repr__ of the class name and the {a}")).replace("{a}", a)
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
        return Turn("method", scene.speaker.intent(scene.speaker.choose(CALL if quiet else CALL_RETURN), {"o": o, "m": m}), code)
    a, kind = rng.choice(cls.attributes)
    if roll < 0.75:
        return Turn("attribute", scene.speaker.intent(scene.speaker.choose(READ), {"o": o, "a": a}), f"print({o}.{a})")
    value = attribute_value(scene, kind)
    return Turn("set_attribute", scene.speaker.intent(scene.speaker.choose(WRITE), {"o": o, "a": a, "v": value.said}), f"{o}.{a} = {value.code}")


def skills() -> list[tuple[str, float, Make]]:
    """Classes and instances."""
    return [("class", 4, define), ("instance", 5, make), ("object", 8, use)]


__all__ = ["Function", "skills"]
