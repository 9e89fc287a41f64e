"""Functions: one turn defines what a skill does, later turns call it.

Knows: what a definition takes and how it is said, parameters' names, calls, examples inside an intent. A function that
was defined is a skill again, so that it can be mapped, filtered by, and composed. Leaves to others: the words
(`frames`), the skills.
"""

# ruff: noqa: E501
# Some tables with a row a line, however long.

from __future__ import annotations

import itertools
import random
import re
from dataclasses import replace

from mtchat.train.corpus import code as codes
from mtchat.train.corpus import verbs
from mtchat.train.corpus.draws import about, drawable
from mtchat.train.corpus.forms import Turn, speak
from mtchat.train.corpus.frames import FRAMES
from mtchat.train.corpus.grammar import QUALITY, many, third_person, untitled
from mtchat.train.corpus.inputs import GROUP
from mtchat.train.corpus.kinds import NOUNS
from mtchat.train.corpus.operands import NO_LITERAL, Bound, Operand, bind, literal
from mtchat.train.corpus.scene import RESERVED, Scene
from mtchat.train.corpus.skill import Param, Skill
from mtchat.train.corpus.words import FUNCTIONS

ARGUMENT = {
    "nums": ("numbers", "nums", "lst", "values", "arr"), "strs": ("words", "strings", "lst", "items"), "text": ("s", "text", "string"),
    "num": ("n", "x", "num"), "float": ("x", "value"), "dict": ("d", "data"), "matrix": ("matrix", "grid", "rows"),
    "set": ("s", "items"), "tuple": ("t",), "records": ("records", "rows"), "array": ("arr", "a"), "frame": ("df", "frame"),
    "series": ("s", "series"), "bool": ("flag",), "deque": ("queue", "q"), "other": ("x", "value"),
    "field": ("field",), "namefield": ("name_field", "label"), "key": ("key", "k"), "newkey": ("key", "new_key"),
    "item": ("item", "x", "target"), "index": ("i", "index"), "upto": ("n", "k"), "below": ("n", "k"), "letter": ("letter", "ch"),
    "wordof": ("word", "w"), "like": ("x", "value"), "row": ("i", "row"), "col": ("j", "col"), "column": ("column", "col"),
    "numcolumn": ("column", "col"), "textcolumn": ("group_column", "label"), "percent": ("p", "percent"), "middle": ("limit", "x"),
    "innerkey": ("key", "field"), "pairs": ("pairs", "lst"), "bools": ("flags",), "strlists": ("lists", "groups"),
     "value": ("value", "v"), "yesword": ("yes",), "noword": ("no",), "newname": ("new_name",),
}  # fmt: skip
"""What parameters are called when the intent does not say; the first is what code calls them then."""
CALLED_BY_SLOT = frozenset(("n", "k", "a", "b", "c", "sep", "start", "end", "m", "key", "value", "char", "word", "old", "new", "base",
                            "width", "height", "radius", "rate", "years", "principal", "bound", "y", "i", "j", "low", "high", "target"))  # fmt: skip


_FURTHER = re.compile(
    r"(?:\band|<and>) (<(?:print|printit|store|storeit|compute|make|remove|add|change|replace|keep|sort|reverse|convert|"
    r"check|join|split|combine|repeat|round)>)"
)


DEPENDENT = {
    "field": ("field", "field name", "key"), "namefield": ("field", "field name"), "key": ("key",), "newkey": ("key", "new key"),
    "item": ("value", "item"), "index": ("index", "position"), "upto": ("number", "count"), "below": ("number",),
    "letter": ("letter", "character"), "wordof": ("word",), "row": ("row index", "row number"), "col": ("column index", "column number"),
    "column": ("column name", "column"), "numcolumn": ("column name", "column"), "textcolumn": ("column name", "column"),
    "middle": ("number", "limit"), "like": ("value",),
}  # fmt: skip
"""What a parameter that depends on another is called."""


def definable(skill: Skill) -> bool:
    """Whether a skill can be a function: it gives something, from parameters that stand on their own."""
    if skill.name.startswith("choose_"):
        return False
    if not skill.result or not skill.params or not (skill.codes or skill.whole):
        return False
    return bool(skill.nouns or skill.preds or skill.verbs) and all(drawable(p.kinds[0]) or p.of for p in skill.params)


def baked(skill: Skill, scene: Scene) -> Skill:
    """The skill with its further parameters settled: "divisible by {k}" is "divisible by 3"."""
    further = skill.params[1:]
    if not further or not skill.codes or any(p.of or p.kinds[0] not in SETTLED for p in further):
        return skill
    said: dict[str, str] = {}
    written: dict[str, str] = {}
    for param in further:
        found = literal(scene, param)
        if found is None or any(c.count("{" + param.name + "}") > 1 and not found.code.isdigit() for c in skill.codes):
            return skill
        said[param.name], written[param.name] = found.said, found.code

    def say(patterns: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(re.sub(r"\{(\w+)\}", lambda m: said.get(m[1], m[0]), p) for p in patterns)

    def write(templates: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(codes.fill(t, written) for t in templates)

    whole = tuple(re.sub(r"(def [^)]*)\):", lambda m: f"{m[1].split(',')[0]}):", t, count=1) for t in skill.whole)
    return replace(skill, params=skill.params[:1], nouns=say(skill.nouns), verbs=say(skill.verbs), preds=say(skill.preds), asks=(), adjectives=(),
                   measures=(), codes=write(skill.codes), whole=write(whole), in_place=(), acts=())  # fmt: skip


SETTLED = frozenset(("int", "num", "small", "tiny", "pos", "nat", "percent", "word", "char", "big", "phrase", "year"))
"""Kinds that a definition may settle."""


def define(scene: Scene, skill: Skill, named: bool = True) -> Turn | None:
    """A turn that defines a function doing `skill`; the scene knows it from then on."""
    rng = scene.rng
    name = _name(scene, skill) if named else scene.own_name((skill.name, *FUNCTIONS[:20]))
    if not scene.free(name):
        return None
    explicit = rng.random() < 0.45
    arguments = _arguments(skill, rng, explicit, name)
    frame_key, phrases = _said(scene, skill, arguments, named)
    if not frame_key:
        return None
    own = {"_f": _quoted(scene, name), "_sig": f"{name}({', '.join(arguments.values())})"}
    frame = scene.voice.pick(FRAMES[frame_key])  # parameters may be called f, sig and x too
    if sum(p.kinds == skill.x.kinds for p in skill.params) > 1:
        frame = frame.replace(" it {P}", " {x} {P}")  # beside another of its kind
    frame = frame.replace("{f}", "{_f}").replace("{sig}", "{_sig}").replace("{x}", arguments[skill.x.name])
    args_said = _takes(skill, arguments, rng, explicit)
    intent = speak(scene, frame, {**phrases, "args": args_said}, {**arguments, **own})
    code = _code(skill, name, arguments, rng, "recurs" in intent.lower())
    scene.functions[name] = as_skill(skill, name, arguments)
    scene.newest_function = name
    return Turn(skill.name, intent, code, "define", (name,), (), named, skill.base)


def _name(scene: Scene, skill: Skill) -> str:
    roll = scene.rng.random()
    long = (
        skill.base.startswith("rule") or "call_" in skill.name or len(skill.name) > 26
    )  # nobody takes the whole rule for a name
    if roll < 0.5 and not long:
        return skill.name
    if long and roll < 0.5 and skill.called[0] != "result":
        return scene.rng.choice(("", "", "get_", "find_", "compute_")) + scene.rng.choice(skill.called)
    if roll < 0.6 and skill.called[0] != "result":
        return scene.rng.choice(("get_", "find_", "compute_", "calc_")) + scene.rng.choice(skill.called)
    if roll < 0.8 or not scene.words.tokens:
        return scene.rng.choice(FUNCTIONS)
    return scene.new_name()


def _quoted(scene: Scene, name: str) -> str:
    return scene.rng.choice((name, name, name, name, f'"{name}"', f"`{name}`", f"'{name}'", f"{name}()"))


def _arguments(skill: Skill, rng: random.Random, explicit: bool, function: str) -> dict[str, str]:
    """Parameter slot to the name that the function gives it: never the function's own, never a built-in's."""
    found: dict[str, str] = {}
    for param in skill.params:
        usual = ARGUMENT.get(param.kinds[0]) or ARGUMENT[GROUP.get(param.kinds[0], "other")]
        own = (param.name in CALLED_BY_SLOT or len(param.name) > 2) and param.name not in RESERVED
        name = param.name if own else rng.choice(usual) if explicit else usual[0]
        taken = {*found.values(), function}
        if name in taken:
            name = next((n for n in (*usual, param.name, usual[0] + "2") if n not in taken), name + "_2")
        found[param.name] = name
    return found


def _indefinite(param: Param, rng: random.Random) -> str:
    known = NOUNS.get(param.kinds[0])
    noun = rng.choice(DEPENDENT.get(param.kinds[0], ("value",)) if param.of else known[1] if known else ("value",))
    return f"{rng.choice(('a', 'a', 'a', 'a', 'the given', 'a given'))} {noun}"


def _takes(skill: Skill, arguments: dict[str, str], rng: random.Random, explicit: bool) -> str:
    """ "a list of numbers and a number n"."""
    kinds = [p.kinds[0] for p in skill.params]
    if len(kinds) == 2 and kinds[0] == kinds[1] and not skill.params[1].of:
        noun = many(rng.choice(NOUNS.get(kinds[0], (("value",), ("value",)))[1]))
        return f"two {noun}" + (
            f"[,| called|] {' and '.join(arguments.values())}" if explicit or rng.random() < 0.7 else ""
        )
    parts = []
    for i, param in enumerate(skill.params):
        part = _indefinite(param, rng).replace("the given", "a").replace("a given", "a")
        parts.append(
            f"{part} {rng.choice(('', 'called ', 'named ', ''))}{arguments[param.name]}" if explicit or i else part
        )
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]


def _said(scene: Scene, skill: Skill, arguments: dict[str, str], named: bool) -> tuple[str, dict[str, str]]:
    """(frame's key, phrases): the same noun phrase with the operand said as a frame needs it."""
    rng, first = scene.rng, "{" + skill.x.name + "}"
    noun = NOUNS.get(skill.x.kinds[0], (("value",),))[0][0]
    commands = [v for v in skill.verbs if v[:1] in "<[" or verbs.opens(v)]
    ways = [w for w, found in (("N", skill.nouns), ("P", skill.preds), ("V", commands)) if found]
    if not ways:
        return "", {}
    way = "N" if not named and "N" in ways else rng.choice(ways)
    some = _indefinite(skill.x, rng)
    if way == "P":
        predicate = rng.choice(skill.preds).replace(first, "it")
        return "define-check", {"P": predicate, "I1": some}
    pattern = rng.choice(skill.nouns if way == "N" else commands)
    if first not in pattern or re.search(rf"\b(?:{QUALITY}) {re.escape(first)}", pattern):
        return "", {}
    own = arguments[skill.x.name]
    explicit = rng.choice((f"the {noun}", f"the {noun}", "it", own, f"that {noun}"))
    apart = untitled(pattern, first)
    indefinite = apart.replace(first, some, 1).replace(first, "it")
    for other in skill.params[1:]:
        if other.kinds == skill.x.kinds and not other.of and rng.random() < 0.8:
            indefinite = indefinite.replace("{" + other.name + "}", f"another {noun}", 1)
    if any(p.kinds == skill.x.kinds and not p.of for p in skill.params[1:]):
        explicit = own  # beside another of its kind
    plain = (
        (pattern if explicit == own else apart)
        .replace(first, explicit, 1)
        .replace(first, "it" if explicit != "it" else f"the {noun}")
    )
    signed = re.sub(rf"\b{own} {own}\b", own, pattern.replace(first, own))
    if way == "N":
        if pattern.startswith("how many"):
            return "", {}
        return ("define" if named else "define-nameless"), {"E": plain, "I": indefinite, "S": signed}
    return "define-verb", {
        "Vs": _verb(scene, plain),
        "VsI": _verb(scene, indefinite),
        "VI": indefinite,
        "VS": signed,
        "VsS": _verb(scene, signed),
    }


def _verb(scene: Scene, pattern: str) -> str:
    """A command pattern as what a function does; classes and choices at its start are settled first."""
    if pattern[:1] in "<[":
        close = pattern.index(">" if pattern[0] == "<" else "]") + 1
        pattern = scene.voice.say(pattern[:close], {}) + pattern[close:]
    pattern = _FURTHER.sub(lambda m: f"and {scene.voice.say(m[1], {})}", pattern)
    return third_person(pattern.strip())


def _code(skill: Skill, name: str, arguments: dict[str, str], rng: random.Random, recursive: bool) -> str:
    slots = {**arguments, "f": name}
    if skill.whole and (recursive or not skill.codes or rng.random() < 0.5):
        return codes.fill(rng.choice(skill.whole), slots)
    template = skill.codes[0] if rng.random() < 0.75 else rng.choice(skill.codes)
    template = codes.renamed(template, [*arguments.values(), name])
    filled = codes.fill(template, arguments)
    taken = {*codes.names(filled)[0], *arguments.values(), name}
    out = next((n for n in ("result", "total", "found", "answer", "output") if n not in taken), "result_")
    if (
        skill.preds
        and " else " not in filled
        and rng.random() < 0.1
        and not codes.is_block(filled)
        and "\n" not in filled
    ):
        return codes.define(name, list(arguments.values()), f"    if {filled}:\n        return True\n    return False")
    return codes.define(name, list(arguments.values()), codes.body(filled, out))


def as_skill(skill: Skill, name: str, arguments: dict[str, str]) -> Skill:
    """The function as a skill that later turns may use."""
    slots = "{" + "}, {".join(p.name for p in skill.params) + "}"
    call = f"{name}({slots})"
    x = "{" + skill.x.name + "}"
    one = len(skill.params) == 1
    # to a reader, brackets are choices: a call is said with parentheses only
    nouns = (
        [
            f"the result of [calling|applying|using|running|] {name} <on> {x}",
            f"{name} of {x}",
            f"the output of {name} for {x}",
        ]
        if one
        else []
    )
    verbs = [f"<call> {name} <on> {x}", f"apply {name} to {x}", f"use {name} <on> {x}"] if one else []
    params = tuple(p for p in skill.params)
    return Skill(f"call_{skill.name}", params, skill.result, ("result", "output", "answer"), nouns=(f"{name}({slots})", *nouns), verbs=tuple(verbs),
                 preds=(f"satisfies {name}", f"makes {name} true") if skill.preds and one else (), codes=(call,), domain="functions", base="")  # fmt: skip


def call(scene: Scene, name: str, want: str, focus: str = "") -> Turn | None:
    """A turn that calls a function and prints or stores what it gives."""
    skill, rng = scene.functions[name], scene.rng
    bound = arguments_for(scene, skill, focus)
    if bound is None:
        return None
    argument = ", ".join(bound[p.name].code for p in skill.params)
    said = _listed([bound[p.name].said for p in skill.params])
    frame = scene.voice.pick(FRAMES[f"call-{want}"])
    if "{f}({x})" in frame:
        said = argument
        shown = name
    else:
        newest = scene.newest_function == name and scene.codes
        shown = rng.choice(FRAMES["call-them"]) if newest and rng.random() < 0.25 else _quoted(scene, name)
    code = f"{name}({argument})"
    if want == "print":
        intent = speak(scene, frame, {}, {"f": shown, "x": said}, last=True)
        return Turn(skill.name, intent, f"print({code})", "call")
    target = scene.new_name(("result", "output", "answer", "value", "res"))
    intent = speak(scene, frame, {}, {"f": shown, "x": said, "_y": scene.given(target)})
    return Turn(skill.name, intent, f"{target} = {code}", "call", (target,))


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]


def arguments_for(scene: Scene, skill: Skill, focus: str = "") -> Bound | None:
    """Arguments of a call: variables of the scene or literals."""
    if not focus and scene.rng.random() < 0.45 and not any(k in NO_LITERAL for k in skill.x.kinds):
        bound: Bound = {}
        for param in skill.params:
            found = _depending(scene, param, bound) if param.of else literal(scene, param)
            if found is None:
                return None
            bound[param.name] = Operand(
                found.code if param.name != skill.x.name else found.said, found.code, "", found.value
            )
        return bound
    return bind(scene, skill, focus)


def _depending(scene: Scene, param: Param, bound: Bound) -> Operand | None:
    found = about(param.kinds[0], bound[param.of].value, scene.words, scene.rng)
    return Operand(found.said, found.code) if found else None


def example(scene: Scene, name: str) -> str:
    """ ". For example, f(3) returns 9", computed by running the function; "" where that fails or is long."""
    skill = scene.functions[name]
    parts = []
    for param in itertools.islice(skill.params, 3):
        found = None if param.of else literal(scene, param)
        if found is None or len(found.code) > 30:
            return ""
        parts.append(found.code)
    try:
        value = repr(eval(f"{name}({', '.join(parts)})", scene.space))
    except Exception:
        return ""
    if len(value) > 40 or "\n" in value or "<" in value:
        return ""
    return scene.voice.say(
        scene.rng.choice(FRAMES["example"]).replace(" (", "⟨("), {"f": name, "a": ", ".join(parts), "r": value}
    ).replace("⟨", " ")
