"""Several inputs in one turn: "set low to 3 and high to 10".

Knows: which values are given together, the sentences that name several at once. Leaves to others: the values
(`draws`), one input (`inputs`).
"""

# ruff: noqa: E501
# Tables with a row a line, however long.

from __future__ import annotations

import ast

from mtchat.train.corpus.draws import draw
from mtchat.train.corpus.forms import Turn, speak
from mtchat.train.corpus.grammar import many
from mtchat.train.corpus.inputs import GROUP
from mtchat.train.corpus.kinds import NOUNS
from mtchat.train.corpus.scene import Scene
from mtchat.train.corpus.values import Spelled
from mtchat.train.corpus.worded import number

SETS: tuple[tuple[tuple[str, ...], str, float], ...] = (
    (("int", "int"), "a b / x y / m n / n k / num1 num2 / first second / start end / low high / x1 x2 / left right / total count / rows cols / n m / p q", 6),
    (("pos", "pos"), "width height / length width / price quantity / hours rate / base exponent / distance time / minutes seconds / apples oranges / adults children / lower upper", 5),
    (("float", "float"), "x y / price tax / weight height / a b / income rent", 1.5),
    (("int", "int", "int"), "a b c / x y z / red green blue / first second third", 3),
    (("pos", "pos", "pos"), "a b c / length width height / hours minutes seconds / small medium large", 2),
    (("word", "word"), "first_name last_name / word1 word2 / s1 s2 / a b / first second / city country / left right / old new / name friend", 3),
    (("word", "word", "word"), "a b c / first middle last / s1 s2 s3", 1),
    (("word", "pos"), "name age / item price / product quantity / word n / city population / team points / title pages", 4),
    (("sentence", "word"), "text word / sentence target / line name", 2),
    (("sentence", "small"), "text n / sentence k / line width", 1),
    (("ints", "ints"), "xs ys / list1 list2 / a b / first second / nums1 nums2 / left right", 4),
    (("ints", "int"), "numbers target / nums k / values limit / xs n / data threshold / scores bonus", 3),
    (("ints", "small"), "numbers n / nums k / values step / data size", 1.5),
    (("wordlist", "wordlist"), "names cities / fruits colors / keys values / a b / list1 list2", 3),
    (("wordlist", "posints"), "names ages / fruits prices / items counts / cities temperatures / students scores", 4),
    (("wordlist", "word"), "words target / names name / items item / fruits favorite", 2),
    (("wordlist", "char"), "words letter / names initial", 1),
    (("dict", "dict"), "d1 d2 / a b / prices discounts / stock sold / old new", 1.5),
    (("dict", "word"), "prices item / ages name / stock product", 1),
    (("matrix", "matrix"), "a b / m1 m2", 0.7),
    (("array", "array"), "a b / x y / u v / v1 v2", 2),
    (("bool", "bool"), "a b / p q / is_open is_full", 0.5),
    (("set", "set"), "a b / s t / set1 set2", 1),
)  # fmt: skip
"""Kinds given together, names that belong together, how often."""

CLAUSES = (
    ("set ", "{y} to {v}"), ("set ", "{y} to {v}"), ("set ", "{y} = {v}"), ("let ", "{y} be {v}"), ("let ", "{y} = {v}"), ("define ", "{y} as {v}"),
    ("assign ", "{v} to {y}"), ("<store> ", "{v} in {y}"), ("given ", "{y} = {v}"), ("[suppose|assume|say] ", "{y} is {v}"), ("", "{y} is {v}"), ("", "{y} = {v}"),
    ("initialize ", "{y} with {v}"), ("initialize ", "{y} to {v}"), ("<make> ", "a variable {y} with {v}"), ("<make> ", "{y} = {v}"), ("use ", "{v} for {y}"),
    ("we have ", "{y} = {v}"), ("here are the inputs: ", "{y} is {v}"), ("<make> [these|the] variables: ", "{y} with {v}"), ("consider ", "{y} = {v}"),
    ("<begin> ", "{y} = {v}"), ("", "{y} should be {v}"), ("<make> {n} variables: ", "{y} = {v}"), ("<make> {n} variables, ", "{y} with the value {v}"),
    ("call ", "{v} {y}"), ("put ", "{v} in {y}"), ("there are {n} values: ", "{y} is {v}"), ("declare ", "{y} = {v}"), ("the inputs are ", "{y} = {v}"),
)  # fmt: skip
"""What stands before all, and what is said of each."""
LISTED = (
    "<make> [the|] variables {ys} with [the values|values] {vs}", "<make> {n} variables {ys} [with|holding|for] {vs}", "set {ys} to {vs}[|, in that order|, respectively]",
    "let {ys} be {vs}[|, in this order]", "{ys} are {vs}", "assign [the values|] {vs} to {ys}[| in this order]", "the variables {ys} [are|hold|should be|have the values] {vs}",
    "<store> {vs} in {ys}[|, respectively]", "initialize {ys} with {vs}", "define {ys} as {vs}", "given {ys} with the values {vs}",
)  # fmt: skip
RISING = ("low", "start", "lower", "small")
ALIKE = (
    "<make> {n} {Ns} {ys} with {vs}", "consider the {Ns} {vs}. [Call|Name] them {ys}", "here are {n} {Ns}: {vs}. [Call|Name] them {ys}", "there are {n} {Ns}: {vs}. [Store|Save|Keep] them in {ys}",
    "I have {n} {Ns}, {vs}. [Name|Call] them {ys}", "call the {Ns} {vs} {ys}", "let {ys} be the {Ns} {vs}", "given the {n} {Ns} {vs}, [call|name] them {ys}",
)  # fmt: skip
"""For values of one kind; {Ns} is its plural."""


def give(scene: Scene, kinds: tuple[str, ...] = ()) -> Turn | None:
    """A turn that sets two or three fresh variables, of the given kinds or of kinds that belong together."""
    rng = scene.rng
    rows = [row for row in SETS if not kinds or row[0] == kinds]
    if not rows:
        return None
    drawn, groups, _ = rng.choices(rows, [row[2] for row in rows])[0]
    names = rng.choice(groups.split(" / ")).split()
    if rng.random() < max(0.25, scene.rare_names):
        names = [scene.new_name() for _ in drawn]
    if len(set(names)) < len(names) or not all(scene.free(n) for n in names):
        return None
    values = _even([draw(kind, scene.words, rng) for kind in drawn], drawn)
    values = _rising(values, names)
    saids = [_plainly(v, k) for v, k in zip(values, drawn, strict=True)]
    if sum(map(len, saids)) > 200:
        return None
    quote = rng.choice((scene.quoted, str, str, str))
    ys, roll = [quote(n) for n in names], rng.random()
    slots = {f"y{i}": y for i, y in enumerate(ys)} | {f"v{i}": s for i, s in enumerate(saids)}
    phrases = {"n": rng.choice((number(len(names)), number(len(names)), str(len(names))))}
    if roll < 0.6:
        head, clause = rng.choice(CLAUSES)
        parts = [clause.replace("{y}", f"{{y{i}}}").replace("{v}", f"{{v{i}}}") for i in range(len(names))]
        frame = head + (_listed(parts) if rng.random() < 0.85 else ", ".join(parts))
        at_once = rng.random() < 0.1
        frame += "[ in one line| at once| in a single line| in one statement]" if at_once else ""
    else:
        at_once = rng.random() < 0.25
        frame = rng.choice(ALIKE if len(set(drawn)) == 1 and roll < 0.8 else LISTED)
        phrases |= {
            "ys": _listed([f"{{y{i}}}" for i in range(len(ys))]),
            "vs": _listed([f"{{v{i}}}" for i in range(len(ys))]),
        }
        phrases["Ns"] = many(rng.choice(NOUNS[drawn[0]][1]))
        frame += "[ in one line| at once| in a single statement]" if at_once and frame in LISTED else ""
        at_once = at_once and "[ in one line" in frame
    intent = speak(scene, frame, phrases, slots, first=not scene.codes)
    codes = [v.code for v in values]
    code = (
        f"{', '.join(names)} = {', '.join(codes)}"
        if at_once
        else "\n".join(f"{n} = {c}" for n, c in zip(names, codes, strict=True))
    )
    return Turn("give_" + "_".join(drawn), intent, code, "input", tuple(names))


def _even(values: list[Spelled], kinds: tuple[str, ...]) -> list[Spelled]:
    """Two lists or arrays that belong together, cut to one length where they are written out."""
    if len(values) != 2 or not all(k in ("ints", "posints", "wordlist", "array") for k in kinds):
        return values
    lists = [ast.literal_eval(v.code.removeprefix("np.array(").removesuffix(")")) for v in values]
    n = min(map(len, lists))
    if n < 2:
        return values
    found = [repr(one[:n]).replace("'", '"') for one in lists]
    return [Spelled(code, f"np.array({code})" if k == "array" else code) for code, k in zip(found, kinds, strict=True)]


def _plainly(value: Spelled, kind: str) -> str:
    """How a value is said beside others: as Python writes it, but for single words and numbers."""
    if GROUP[kind] in ("num", "float", "bool", "text") and (" " not in value.said or value.said[0] in "'\""):
        return value.said
    return value.code.removeprefix("np.array(").removesuffix(")") if GROUP[kind] == "array" else value.code


def _rising(values: list[Spelled], names: list[str]) -> list[Spelled]:
    """Numbers whose names say so, the smaller first."""
    numbers = all(v.code.lstrip("-").isdigit() for v in values)
    return sorted(values, key=lambda v: int(v.code)) if numbers and names[0] in RISING else values


def _listed(parts: list[str]) -> str:
    return ", ".join(parts[:-1]) + " and " + parts[-1]
