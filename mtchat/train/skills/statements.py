"""Turns that are statements: printing things, changing containers, imports, several steps at once.

Knows: a table of statements (needs, code, sentences). Leaves to others: expressions (`ops`), conditions (`predicates`).
"""

from __future__ import annotations

from functools import partial

from mtchat.train.phrasing import slots_of
from mtchat.train.scene import Scene, Turn, word_slot
from mtchat.train.skills import Make
from mtchat.train.skills.frames import code_of, say_name, slots
from mtchat.train.skills.ops import element_of, key_of, parameter
from mtchat.train.skills.statements_table import ARITH, COMPARE, HELLO, TABLE, TIMES, WORDED, Statement
from mtchat.train.values import Spelled, draw, phrase, quoted, say_str


def turn(scene: Scene, s: Statement) -> Turn | None:
    """The statement over operands of the scene."""
    given = fill(scene, s)
    if given is None:
        return None
    said = slots(given)
    sentence, code = scene.speaker.choose(s.says), code_of(s.code, given)
    if s.show and scene.rng.random() < 0.2:
        text = scene.speaker.say(sentence, said)
        return Turn(
            s.name,
            scene.speaker.intent(
                "{V} <and> <show> [it|{x}|the <listnoun>|the result|it]", {"V": text, "x": given["x"].code}
            ),
            f"{code}\nprint({given['x'].code})",
        )
    return Turn(s.name, scene.speaker.intent(sentence, said), code)


def fill(scene: Scene, s: Statement) -> dict[str, Spelled] | None:
    """Values for the slots of a statement; None where the scene has none."""
    name = scene.pick(s.kinds.split())
    if name is None:
        return None
    given = {"x": Spelled(scene.refer(name), name)}
    for slot in sorted(slots_of(s.code) | {slot for says in s.says for slot in slots_of(says)}):
        if slot in ("x", "i"):
            continue
        value = special(scene, slot, given["x"])
        if value is None:
            return None
        given[slot] = value
    kind = scene.kinds[name]
    given["i"] = Spelled("", {"ints": "n", "floats": "n", "strs": "w"}.get(kind, "item"))
    return given


def special(scene: Scene, slot: str, x: Spelled) -> Spelled | None:
    """Slots that statements add to those of operations."""
    if slot in ("y", "y2"):
        name = scene.new_name()
        return Spelled(say_name(scene, name), name)
    if slot in ("o", "o1"):
        kinds = ("int",) if slot == "o1" else ("int", "float", "str", "bool", "ints", "strs")
        others = [n for n in scene.of(kinds) if n != x.code]
        return Spelled(*(2 * (scene.rng.choice(others),))) if others else None
    if slot == "v":
        word = scene.words.word()
        return Spelled(word, word)
    if slot in ("k", "e"):
        return (key_of if slot == "k" else element_of)(scene, Spelled(x.code, x.code))
    return parameter(scene, slot, x)


def hello(scene: Scene) -> Turn:
    """Print a literal text."""
    rng = scene.rng
    text = (
        rng.choice(("hello world", "hello", "Hello, world!", "hi", "Hello World", "good morning", "hello there"))
        if rng.random() < 0.25
        else phrase(scene.words, rng)
    )
    plain = text.replace(",", "").replace("!", "").replace("?", "").replace(".", "") == text
    said = say_str(text, rng, 0.5 if plain else 0.05)
    sentence = scene.speaker.choose(HELLO)
    if sentence.startswith("print("):
        said = quoted(text)
    if said == text:
        return Turn("hello", bare(scene, sentence, said), f"print({quoted(text)})")
    if rng.random() < 0.2:
        n = rng.randint(2, 12)
        times = scene.speaker.choose(
            ["{s} {n} times", "{s} {n} times [in a loop|using a loop|on separate lines]", "{s} {n} times"]
        )
        said_all = scene.speaker.say(sentence, {"t": said})
        return Turn(
            "hello_times",
            scene.speaker.intent(times.replace("{s}", "{V}"), {"V": said_all, "n": str(n)}),
            f"for _ in range({n}):\n    print({quoted(text)})",
        )
    return Turn("hello", scene.speaker.intent(sentence, {"t": said}), f"print({quoted(text)})")


def bare(scene: Scene, sentence: str, text: str) -> str:
    """An unquoted text ends the intent: no full stop, no words after it."""
    intent = scene.speaker.say(
        sentence.split("{t}")[0].replace("[text|string|message|words]", "text").replace("[text|string|message]", "text")
        + "{t}",
        {"t": text},
    )
    return intent[0].upper() + intent[1:] if scene.rng.random() < 0.35 else intent


def times(scene: Scene) -> Turn:
    """Print a word n times, quoted or not."""
    word, n = word_slot(scene, 0.6), scene.rng.randint(2, 12)
    return Turn(
        "times",
        scene.speaker.intent(scene.speaker.choose(TIMES), {"t": word.said, "n": str(n)}),
        f"for _ in range({n}):\n    print({word.code})",
    )


def arithmetic(scene: Scene) -> Turn:
    """An expression of literals: print or store it."""
    rng = scene.rng
    ops = [
        rng.choice(("+", "-", "*", "+", "*", "-", "/", "%", "**", "//")) for _ in range(rng.choice((1, 1, 1, 2, 2, 3)))
    ]
    if ops.count("**") > 1:
        ops = ["**"]
    numbers = [
        str(rng.randrange(1, 10 ** rng.choice((1, 1, 2, 2, 3))))
        if rng.random() < 0.88
        else str(abs(round(rng.uniform(0, 50), 1)))
        for _ in range(len(ops) + 1)
    ]
    numbers = [n if i == 0 or ops[i - 1] != "**" else str(rng.randint(2, 6)) for i, n in enumerate(numbers)]
    code, said = numbers[0], numbers[0]
    tight = rng.random() < 0.2
    for op, number in zip(ops, numbers[1:], strict=True):
        code += f" {op} {number}"
        word = op if tight or (len(ops) > 1 and rng.random() < 0.6) else rng.choice(WORDED[op])
        said += f"{word}{number}" if tight else f" {word} {number}"
    if len(ops) == 2 and ops[0] in "+-" and rng.random() < 0.5:
        a, b, c = numbers
        code, said = f"({a} {ops[0]} {b}) {ops[1]} {c}", f"({a} {ops[0]} {b}) {ops[1]} {c}"
    if rng.random() < 0.3:
        from mtchat.train.skills.frames import named_turn

        return named_turn(scene, "arithmetic", said, code, scene.store_name())
    return Turn("arithmetic", scene.speaker.intent(scene.speaker.choose(ARITH), {"e": said}), f"print({code})")


def comparing(scene: Scene) -> Turn:
    """A comparison of two numbers."""
    rng = scene.rng
    op, word = rng.choice(
        (
            ("<", "<lt>"),
            (">", "<gt>"),
            ("==", "equal to"),
            (">=", "at least"),
            ("<=", "at most"),
            ("!=", "different from"),
        )
    )
    a = scene.operand(("int",), 0.6)
    a = a or Spelled(*(2 * (str(rng.randrange(100)),)))
    b = str(rng.randrange(10 ** rng.choice((1, 2, 3))))
    sentence = scene.speaker.choose(COMPARE).replace("{w}", word)
    return Turn("comparing", scene.speaker.intent(sentence, {"a": a.said, "b": b}), f"print({a.code} {op} {b})")


def skills() -> list[tuple[str, float, Make]]:
    """One skill for each statement, and literal printing and arithmetic."""
    found: list[tuple[str, float, Make]] = [(s.name, s.weight, partial(turn, s=s)) for s in TABLE]
    return [
        *found,
        ("hello", 4, hello),
        ("word_times", 1.5, times),
        ("arithmetic", 4, arithmetic),
        ("comparing", 1, comparing),
    ]


__all__ = ["draw", "skills", "turn"]
