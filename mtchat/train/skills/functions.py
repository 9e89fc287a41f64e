"""Defining functions and calling them, on literals and on variables.

Knows: a table of function bodies with what they return in words; predicates and expressions of the other tables as
bodies too.
Leaves to others: sentences around a call's value (`frames`).
"""

from __future__ import annotations

from mtchat.train.phrasing import slots_of
from mtchat.train.scene import Function, Scene, Turn, _keyword
from mtchat.train.skills import Make
from mtchat.train.skills.frames import code_of, print_turn, slots, store_turn
from mtchat.train.skills.functions_table import (
    BODIES,
    CALL,
    CALL_PRINTS,
    CALL_STORE,
    CANON,
    FOR,
    GENERIC,
    MAP_CALL,
    MAP_PRINT,
    NO_NAME,
    TO,
    WITH_NAME,
    WITH_PARAMS,
    Body,
)
from mtchat.train.skills.ops import Op, modest, ops, parameter
from mtchat.train.skills.predicates import PREDS
from mtchat.train.values import Spelled, draw
from mtchat.train.words import FUNCTIONS

FAMOUS = frozenset(
    """square cube double add multiply average maximum factorial gcd is_prime fibonacci is_even greet reverse
    is_palindrome count_vowels count_words total mean largest circle_area""".split()  # noqa: SIM905
)
_FAMOUS = [body for body in BODIES if body.name in FAMOUS]


def define(scene: Scene, body: Body) -> Turn | None:
    """One function of the table under its own name or another."""
    rng = scene.rng
    params = [(name, kind) for name, kind in (p.split(":") for p in body.params.split())]
    options = ["returns"] * 3 * bool(body.returns) + ["checks"] * 4 * bool(body.checks) + ["does"] * 3 * bool(body.does)
    how = rng.choice(options)
    generic = rng.random() < 0.7
    said = {name: rng.choice(GENERIC[kind]) if generic else name for name, kind in params}
    if len(params) == 2 and "{ab}" in " ".join(body.returns + body.does):
        said["ab"] = "two numbers" if generic else f"{params[0][0]} and {params[1][0]}"
    phrase = scene.speaker.say(scene.speaker.choose(getattr(body, how)), said)
    if how == "returns":
        what = scene.speaker.say("<returns> {r}", {"r": phrase})
    elif how == "checks":
        what = scene.speaker.say(
            "[checks|tests|determines|tells|says|returns|~verifies] [whether|if] {r}", {"r": phrase}
        )
    else:
        what = phrase
    return finish(scene, body.name, params, body.body, what, how, phrase, generic)


def finish(
    scene: Scene, usual: str, params: list[tuple[str, str]], body: str, what: str, how: str, phrase: str, generic: bool
) -> Turn | None:
    """The sentence and the code of a definition; the scene learns the function."""
    rng, name, roll = scene.rng, usual, scene.rng.random()
    if roll > 0.45:
        name = rng.choice(FUNCTIONS) if rng.random() < 0.4 else scene.new_name()
    if (name in scene.space and name not in scene.functions) or (_keyword(name) and name != usual):
        return None
    names = ", ".join(p[0] for p in params)
    given = {
        "f": name if rng.random() < 0.9 else f"`{name}`",
        "d": what,
        "p": names,
        "q": " and ".join(p[0] for p in params),
        "r": phrase,
    }
    if name == usual and rng.random() < 0.5:
        sentence = scene.speaker.choose(NO_NAME)
        if how == "does" and rng.random() < 0.4:
            sentence, given["inf"] = (
                scene.speaker.choose([t for t in TO if "{f}" not in t and "{ing}" not in t]),
                infinitive(phrase),
            )
        elif how == "returns" and generic and rng.random() < 0.2:
            sentence = scene.speaker.choose([t for t in FOR if "{f}" not in t])
        elif how == "checks" and rng.random() < 0.3:
            sentence, given["inf"] = (
                scene.speaker.choose([t for t in TO if "{f}" not in t and "{ing}" not in t]),
                f"check {rng.choice(('whether', 'if'))} {phrase}",
            )
    elif not generic:
        sentence = scene.speaker.choose(WITH_PARAMS)
    else:
        sentence = scene.speaker.choose(WITH_NAME)
        if how == "does" and rng.random() < 0.25:
            sentence, given["inf"] = scene.speaker.choose([t for t in TO if "{f}" in t]), infinitive(phrase)
    body = body.replace(f"{usual}(", f"{name}(") if f"{usual}(" in body else body
    code = f"def {name}({names}):\n" + "\n".join("    " + line for line in body.split("\n"))
    scene.functions[name] = Function(tuple(p[1] for p in params), "return" not in body)
    return Turn(f"def_{usual}", scene.speaker.intent(sentence, given), code)


def infinitive(phrase: str) -> str:
    """ "counts the words" -> "count the words"."""
    verb, _, rest = phrase.partition(" ")
    base = {"does": "do", "plays": "play", "says": "say"}.get(verb) or (
        verb[:-2] if verb.endswith(("ches", "shes", "sses")) else verb[:-1]
    )
    return f"{base} {rest}"


def from_op(scene: Scene, op: Op) -> Turn | None:
    """An expression of the operations table as a function's body."""
    kind = scene.rng.choice([k for k in op.kinds if k in CANON] or [""])
    if not kind or not op.nouns or slots_of(op.code) - {"x", "i", "n", "m", "d", "j", "c", "w"}:
        return None
    generic = scene.rng.random() < 0.7
    param = CANON[kind] if generic or scene.rng.random() < 0.5 else scene.new_name()
    given = {slot: parameter_literal(scene, slot) for slot in sorted(slots_of(op.code) - {"x", "i"})}
    given["i"] = Spelled("", scene.loop_name("str" if kind == "strs" else "int", param))
    given["x"] = Spelled(scene.rng.choice(GENERIC["int" if kind == "float" else kind]) if generic else param, param)
    phrase = scene.speaker.say(scene.speaker.choose(op.nouns), slots(given))
    what = scene.speaker.say("<returns> {r}", {"r": phrase})
    usual = op.name if not op.name.startswith(("contains", "set_", "dict_")) else "check"
    params = [(param, "ints" if kind == "floats" else "int" if kind == "float" else kind)]
    return finish(scene, usual, params, "return " + code_of(op.code, given), what, "returns", phrase, generic)


def parameter_literal(scene: Scene, slot: str) -> Spelled:
    """A literal for an operation's slot."""
    for _ in range(50):
        value = parameter(scene, slot, Spelled("", ""))
        if value and not value.code.isidentifier():
            return value
    return Spelled("3", "3")


def from_pred(scene: Scene) -> Turn | None:
    """A predicate as a function: of one element, or counting or filtering a list."""
    rng = scene.rng
    pred = rng.choice([p for p in PREDS if p.kind != "floats"])
    given = {pred.slot: parameter_literal(scene, pred.slot)} if pred.slot else {}
    text = pred.kind == "strs"
    if rng.random() < 0.5:
        param = "text" if text else "n"
        given["i"] = Spelled(param, param)
        single = scene.speaker.say(scene.speaker.choose(pred.single), slots(given))
        phrase = f"{rng.choice(GENERIC['str' if text else 'int'])} {single}"
        what = scene.speaker.say("[checks|tests|determines|tells|returns] [whether|if] {r}", {"r": phrase})
        return finish(
            scene,
            f"is_{pred.name}",
            [(param, "str" if text else "int")],
            "return " + code_of(pred.code, given),
            what,
            "checks",
            phrase,
            True,
        )
    param, loop = ("words", "w") if text else ("numbers", "n")
    given["i"] = Spelled(loop, loop)
    after = scene.speaker.say(scene.speaker.choose(pred.after), slots(given))
    noun, test = ("words" if text else "numbers"), code_of(pred.code, given)
    if rng.random() < 0.5:
        phrase, body = f"the {noun} in a list {after}", f"return [{loop} for {loop} in {param} if {test}]"
    else:
        phrase, body = (
            f"how many {noun} in a list are there {after}".replace("are there ", ""),
            f"return sum(1 for {loop} in {param} if {test})",
        )
    what = scene.speaker.say("<returns> {r}", {"r": phrase})
    return finish(scene, f"filter_{pred.name}", [(param, pred.kind)], body, what, "returns", phrase, True)


def argument(scene: Scene, kind: str) -> Spelled | None:
    """A value for a parameter: a variable of the scene, or a literal."""
    if kind == "small":
        n = str(scene.rng.randint(1, 12))
        return Spelled(n, n)
    kinds = {
        "int": ("int",),
        "ints": ("ints",),
        "strs": ("strs",),
        "str": ("str",),
        "dict": ("dict",),
        "sdict": ("sdict",),
    }[kind]
    if scene.rng.random() < 0.5:
        name = scene.pick(kinds)
        if name and (kind != "int" or modest(scene, name, 100_000)):
            return Spelled(name, name)
    if kind == "int":
        n = str(scene.rng.randrange(2, 10 ** scene.rng.choice((1, 2, 2, 3))))
        return Spelled(n, n)
    for _ in range(10):
        value = draw(kind, scene.words, scene.rng)
        if len(value.code) < 50 and (value.said[:1] in "[{(\"'" or " " not in value.said):
            return value
    return None


def call(scene: Scene) -> Turn | None:
    """Call a function of an earlier turn: print, store, or (where it prints itself) just call."""
    rng, names = scene.rng, [n for n in scene.functions if n in scene.space]
    if not names:
        return None
    name = names[-1] if rng.random() < 0.65 else rng.choice(names)
    f = scene.functions[name]
    args = [argument(scene, kind) for kind in f.params]
    if any(a is None for a in args):
        return None
    values = [a for a in args if a is not None]
    code = f"{name}({', '.join(a.code for a in values)})"
    given = {"f": name, "a": " and ".join(a.said for a in values), "p": ", ".join(a.code for a in values)}
    latest = bool(scene.order) and name == names[-1] and scene.order[-1] == name
    if f.prints:
        options = [c for c in CALL_PRINTS if latest or (" it " not in c and "the function" not in c)]
        return Turn("call", scene.speaker.intent(scene.speaker.choose(options), given), code)
    if rng.random() < 0.3:
        phrase = scene.speaker.say(scene.speaker.choose(CALL_STORE), given)
        return (store_turn if rng.random() < 0.8 else print_turn)(scene, "call_store", phrase, code)
    options = [c for c in CALL if latest or (" it " not in c and "the function" not in c)]
    return Turn("call", scene.speaker.intent(scene.speaker.choose(options), given), f"print({code})")


def map_call(scene: Scene) -> Turn | None:
    """A function of an earlier turn over a list."""
    found = [
        (n, f)
        for n, f in scene.functions.items()
        if f.params in (("int",), ("str",)) and not f.prints and n in scene.space
    ]
    if not found:
        return None
    name, f = found[-1]
    x = scene.pick(("ints",) if f.params[0] == "int" else ("strs",))
    if x is None or any(isinstance(v, int) and v > 10_000 for v in scene.space[x]):
        return None
    loop, y = "n" if f.params[0] == "int" else "w", scene.new_name()
    given = {"f": name, "x": scene.refer(x), "y": y}
    if scene.rng.random() < 0.5:
        return Turn(
            "map_call",
            scene.speaker.intent(scene.speaker.choose(MAP_PRINT), given),
            f"for {loop} in {x}:\n    print({name}({loop}))",
        )
    return Turn(
        "map_call",
        scene.speaker.intent(scene.speaker.choose(MAP_CALL), given),
        f"{y} = [{name}({loop}) for {loop} in {x}]",
    )


def skills() -> list[tuple[str, float, Make]]:
    """Definitions and calls."""
    usable = [op for op in ops() if op.nouns]
    found: list[tuple[str, float, Make]] = [
        (
            "define",
            13,
            lambda scene: define(
                scene, scene.rng.choice(_FAMOUS if scene.focus and scene.rng.random() < 0.6 else BODIES)
            ),
        )
    ]
    found += [("define_op", 4, lambda scene: from_op(scene, scene.rng.choice(usable))), ("define_pred", 2, from_pred)]
    return [*found, ("call", 16, call), ("map_call", 2, map_call)]
