"""Turns that give a program its inputs: a variable with a value that the intent spells out.

Knows: which kinds are given and how often, the sentences. Leaves to others: the values (`draws`,
`worded`), several inputs in one turn (`together`).
"""

# ruff: noqa: E501
# Some tables with a row a line, however long.

from __future__ import annotations

import ast
import random
import re

from mtchat.train.corpus.draws import draw
from mtchat.train.corpus.forms import Turn, speak
from mtchat.train.corpus.frames import FRAMES
from mtchat.train.corpus.kinds import NOUNS
from mtchat.train.corpus.scene import Scene
from mtchat.train.corpus.worded import told
from mtchat.train.corpus.words import TOPICS

INPUTS: dict[str, tuple[str, ...]] = {
    "num": ("{v}", "{v}", "{v}", "the number {v}", "the value {v}", "the integer {v}", "a value of {v}"),
    "float": ("{v}", "{v}", "the number {v}", "the value {v}", "the float {v}"),
    "text": (
        "{v}",
        "{v}",
        "{v}",
        "the <string> {v}",
        "the <string> {v}",
        "the value {v}",
        "a <string> [with the value|containing|with|that says] {v}",
        "the text {v}",
    ),
    "bool": ("{v}", "the value {v}", "the boolean {v}"),
    "nums": (
        "{v}",
        "{v}",
        "the list {v}",
        "the <list> {v}",
        "a <list> [of|with|containing] {v}",
        "a <list> [of|with|containing] the <numbers> {v}",
        "the <numbers> {v}",
        "a <list> of [integers|numbers] [holding|made of|that holds] {v}",
        "a <list> of [integers|numbers]: {v}",
        "[these|the following] <numbers>: {v}",
    ),
    "strs": (
        "{v}",
        "{v}",
        "the list {v}",
        "the <list> {v}",
        "a <list> [of|with|containing] {v}",
        "a <list> [of|with|containing] the <words> {v}",
        "the <words> {v}",
        "a <list> of [strings|words] [holding|made of|that holds] {v}",
        "a <list> of [strings|words]: {v}",
        "[these|the following] <words>: {v}",
    ),
    "matrix": (
        "{v}",
        "the <matrix> {v}",
        "a <matrix> [with|of|containing] {v}",
        "the <matrix> [with rows|with the rows|] {v}",
        "a <matrix> with [the rows|rows] {v}",
    ),
    "tuple": (
        "the tuple {v}",
        "a tuple {v}",
        "a tuple [of|with|containing] {v}",
        "a tuple with the [values|elements] {v}",
    ),
    "dict": (
        "{v}",
        "the <dict> {v}",
        "a <dict> {v}",
        "a <dict> [with|of|containing|where] {v}",
        "a <dict>: {v}",
        "a <dict> with the [entries|pairs|items] {v}",
    ),
    "set": ("the set {v}", "a set {v}", "a set [of|with|containing] {v}", "a set with the [elements|values] {v}"),
    "records": (
        "{v}",
        "the list of dictionaries {v}",
        "a list of dictionaries: {v}",
        "the records {v}",
        "a list of records {v}",
    ),
    "array": (
        "the <array> {v}",
        "a <array> [with|of|containing] {v}",
        "a numpy array [holding|from the list|with elements|of] {v}",
        "the numpy array {v}",
        "an array of {v}",
    ),
    "frame": (
        "a <frame> [with|from|with the data|with the columns|using] {v}",
        "the <frame> {v}",
        "a pandas DataFrame [from|with] {v}",
    ),
    "series": ("a pandas series [with|of|holding] {v}", "the series {v}"),
    "deque": ("a deque [with|of|containing] {v}", "the deque {v}", "a queue (deque) of {v}"),
    "other": ("{v}", "{v}", "the value {v}"),
}
"""What an intent calls a value that it spells out."""

INPUT_FRAMES = (
    "<begin> {K} {_y} [with|of|=] {v}",
    "initialize {_y} [as|to] {K} [with|of|containing] {v}",
    "initialize {K} {_y} [with|to] {v}",
    "consider {K} {v}. [name|call] it {_y}",
    "consider {K} {_y} [with|of|containing] {v}",
    "there is {K}: {v}. [name|call] it {_y}",
    "there is {K} <named> {_y} [with|that holds|containing] {v}",
    "here is {K}: {v}. [save|store|keep] it [as|in] {_y}",
    "here is {K} <named> {_y}: {v}",
    "I have {K} {v}. [call|name] it {_y}",
    "I have {K}: {v}. [put|store|save] it in {_y}",
    "I have {K} {_y}: {v}",
    "[suppose|assume|say] we have {K} {_y} = {v}",
    "[suppose|assume|imagine] there is {K} {_y} with {v}",
    "take {K} {v} and [name|call] it {_y}",
    "take {K} {_y} = {v}",
    "we are given {K} {_y}: {v}",
    "you are given {K} {_y} with {v}",
    "[the input is|as input we have|the data is] {K}, {v}. [save|store|keep] it [as|in] {_y}",
    "[add|introduce|declare] {_y}, {K} [with|of|containing] {v}",
    "{v} is {K}. [call|name] it {_y}",
    "[work|start|begin] with {K}: {v}. its name is {_y}",
    "{_y}, {K}, [has|holds|contains] {v}",
    "let {v} be {K} <named> {_y}",
    "write {K} with {v} into {_y}",
    "<make> a <variable> <named> {_y} <with> {E}",
    "<make> a <variable> <named> {_y} with the value {v}",
    "<make> {K} <named> {_y} <with> {v}",
    "<make> {K} <named> {_y} <with> {v}",
    "<make> {K} {_y} <with> {v}",
    "<make> {K} <named> {_y} that [holds|contains|consists of] {v}",
    "<make> {K} variable <named> {_y} [with value|with the value|set to|equal to] {v}",
    "<make> {K} <named> {_y}: {v}",
    "<make> {K} {v} and call it {_y}",
    "<make> {K} {v} <named> {_y}",
    "define {K} {_y} = {v}",
    "<make> {K} {_y} [equal to|as|=] {v}",
    "{_y} is {K} with {v}",
    "let {_y} be {K} [with|of|:] {v}",
    "we have {K} {_y} = {v}",
    "given {K} {_y} = {v}",
    "{K} {_y} is given as {v}",
    "<make> {K} <named> {_y}, which [contains|holds|is] {v}",
)
"""For an input: {K} is its kind with an article."""

WEIGHTS = {
    "ints": 12, "wordlist": 7, "sentence": 8, "word": 4, "str": 3, "int": 5, "float": 2, "dict": 6, "matrix": 4,
    "floats": 2, "posints": 3, "pos": 2, "small": 2, "tuple": 1.5, "set": 1.5, "sset": 0.7, "sdict": 2, "records": 3,
    "pairs": 1.5, "ldict": 1.2, "ndict": 1, "lists": 1.2, "digits": 1.2, "binary": 0.8, "isodate": 1.5, "clock": 0.5,
    "email": 0.7, "url": 0.4, "mixed": 1, "commas": 1, "lines": 0.6, "csvtext": 1, "jsontext": 1, "bool": 0.6,
    "isodates": 0.6, "digitstrs": 0.6, "array": 4, "array2": 2.5, "frame": 4, "series": 1, "year": 0.8, "phrase": 1.5,
    "big": 1, "nat": 1, "num": 1, "char": 0.4, "ntuple": 1, "deque": 0.4,
}  # fmt: skip
"""How often a conversation starts from a value of each kind."""

GROUP = {
    **dict.fromkeys(("int", "num", "pos", "nat", "small", "tiny", "big", "year"), "num"), "float": "float", "bool": "bool",
    **dict.fromkeys(("str", "word", "char", "phrase", "sentence", "digits", "binary", "lines", "commas", "csvtext", "jsontext",
                     "isodate", "clock", "email", "url", "mixed"), "text"),
    **dict.fromkeys(("ints", "posints", "nums", "floats"), "nums"),
    **dict.fromkeys(("strs", "wordlist", "digitstrs", "isodates", "list"), "strs"),
    "matrix": "matrix", "lists": "matrix", "tuple": "tuple", "ntuple": "tuple", "set": "set", "sset": "set",
    **dict.fromkeys(("dict", "sdict", "anydict", "ldict", "ndict"), "dict"), "records": "records",
    **dict.fromkeys(("array", "array2", "anyarray"), "array"), "frame": "frame", "deque": "deque", "series": "series",
}  # fmt: skip
USUAL = {
    "nums": ("numbers", "nums", "values", "data", "scores", "ages", "prices", "lst", "my_list", "xs"),
    "strs": ("words", "names", "fruits", "cities", "colors", "items", "animals", "strings", "my_list"),
    "text": ("text", "s", "sentence", "word", "message", "string", "my_string", "phrase", "line", "name"),
    "num": ("n", "x", "num", "number", "a", "b", "k", "value", "limit", "age", "total", "price"),
    "float": ("x", "price", "rate", "weight", "height", "value", "temperature"),
    "dict": ("d", "data", "prices", "ages", "scores", "stock", "my_dict", "inventory", "lookup"),
    "matrix": ("matrix", "grid", "m", "rows", "table", "board", "a"), "tuple": ("t", "point", "pair", "my_tuple", "coords"),
    "set": ("s", "unique", "my_set", "tags", "a", "b"), "records": ("people", "records", "students", "items", "rows", "products"),
    "array": ("arr", "a", "data", "x", "array", "vec"), "frame": ("df", "df", "data", "table", "people"), "series": ("s", "series", "values"),
    "deque": ("queue", "q", "waiting", "line"), "bool": ("flag", "is_ready", "done", "found", "active"),
}  # fmt: skip


_NUMERIC = re.compile(r"prices|scores|ages|populations|numbers|results|temperatures|speeds|points|ratings|salaries|sizes|lengths|stock|goals|sales"
                      r"|grades|weights|heights|distances|measurements")  # fmt: skip


def _topics(group: str) -> list[str]:
    """What lists of numbers, lists of texts, dictionaries may be about."""
    return [t for t in TOPICS if group == "dict" or bool(_NUMERIC.search(t)) == (group == "nums")]


def on_lines(code: str, rng: random.Random) -> str:
    """A value as several lines of a comment, an element each; "" where that is not done."""
    try:
        value = ast.literal_eval(code)
    except ValueError:
        return ""
    if isinstance(value, str) and "\n" in value:
        return value
    if isinstance(value, list) and all(isinstance(row, list) for row in value):
        glue = rng.choice((" ", ", "))
        return "\n".join(glue.join(map(str, row)) for row in value)
    if isinstance(value, list) and all(isinstance(e, str) for e in value) and value:
        mark = rng.choice(("", "", "- "))
        return "\n".join(f"{mark}{e}" for e in value)
    if isinstance(value, dict) and all(isinstance(v, int | float | str) for v in value.values()):
        glue = rng.choice((": ", " = ", " - "))
        return "\n".join(f"{k}{glue}{v}" for k, v in value.items())
    return ""


def give(scene: Scene, kind: str, name: str = "") -> Turn:
    """A turn that sets a fresh variable to a value of `kind`."""
    rng, group = scene.rng, GROUP.get(kind, "other")
    name = name or scene.new_name(USUAL.get(group, ()))
    if rng.random() < 0.1:
        in_words = told(kind, scene.words, rng)
        if in_words is not None:
            way = {"E": in_words.said}
            intent = speak(scene, rng.choice(TOLD_FRAMES), way, {"_y": scene.given(name)}, first=not scene.codes)
            return Turn(f"give_{kind}", intent, f"{name} = {in_words.code}", "input", (name,))
    value = draw(kind, scene.words, rng)
    slots = {"v": value.said, "_y": scene.given(name)}
    nouns = NOUNS.get(kind, NOUNS["str"])[1]
    if rng.random() < 0.06:
        rows = on_lines(value.code, rng)
        if rows:
            intent = speak(scene, rng.choice(LINES), {"K": f"a {rng.choice(nouns)}"}, slots, first=not scene.codes)
            return Turn(f"give_{kind}", f"{intent.rstrip('.:')}:\n{rows}", f"{name} = {value.code}", "input", (name,))
    roll = rng.random()
    if roll < 0.5 and group not in ("num", "bool"):
        noun = rng.choice(nouns)
        frame = rng.choice(INPUT_FRAMES)
        if group in NAMED_KINDS and "{K}" not in frame:
            frame = rng.choice(INPUT_FRAMES[:20])
        intent = speak(scene, frame, {"E": rng.choice(INPUTS[group]), "K": f"a {noun}"}, slots, first=not scene.codes)
    elif roll < 0.57 and group in ("nums", "strs", "dict"):
        topic = rng.choice(_topics(group))
        slots["t"] = topic
        intent = speak(scene, rng.choice(TOPIC), {"K": rng.choice(nouns)}, slots, first=not scene.codes)
    else:
        shown = group not in NAMED_KINDS and value.said[:1] in "[{('\"-0123456789TF"
        frame = rng.choice(PLAIN if shown else TOLD_FRAMES)
        intent = speak(scene, frame, {"E": rng.choice(INPUTS[group])}, slots, first=not scene.codes)
    return Turn(f"give_{kind}", intent, f"{name} = {value.code}", "input", (name,))


PLAIN = (
    *(f for f in FRAMES["store"] if "<compute>" not in f),
    "initialize {_y} [as|with|to] {E}", "initialise {_y} with {E}", "initialize a <variable> {_y} [with|to] {E}",
    "[suppose|assume|say] {_y} is {E}", "[suppose|assume|let us say] that {_y} = {E}", "given {_y} = {E}", "given that {_y} is {E}",
    "<begin> {_y} [=|as|set to] {E}", "consider {E} as {_y}", "consider {_y} = {E}", "take {E} as {_y}", "for {_y}, [use|take] {E}",
    "{_y} [holds|contains|has the value|equals|starts as|starts out as] {E}", "{E} is {_y}", "give {_y} the value {v}", "{_y} has [the|a] value of {v}",
    "declare {_y} and [set it to|give it the value|initialize it with] {v}", "the value of {_y} is {v}", "make {_y} [equal to|equal|hold] {E}",
    "there is a <variable> {_y} with the value {v}", "put {E} [into|in] a [new|] variable {_y}", "we have {_y} = {E}", "here is {_y}: {v}",
    "as {_y}[,|] [use|take] {E}", "{_y} := {v}", "use the value {v} for {_y}", "I have {E}. [call|name] it {_y}", "{E}: <callit> {_y}",
)  # fmt: skip
"""Sentences for any value."""
TOLD_FRAMES = tuple(f for f in PLAIN if "{E}" in f)
NAMED_KINDS = ("array", "frame", "series", "deque", "tuple", "set")
"""What nobody takes a value for that is just written down."""
LINES = (
    "<make> {K} <named> {_y} from these lines", "<make> {K} {_y} with one [entry|item|element] a line", "{_y} is {K} with the following [content|items]",
    "let {_y} be {K} with", "<store> the following in {_y}, {K}", "here is {K} <named> {_y}", "[consider|take|use] this as {_y}, {K}", "{_y} is {K}, one item per line",
    "the [items|entries|elements] of {_y}, {K}, are", "<make> {K} <named> {_y} with these [entries|items]",
)  # fmt: skip
"""Before a value that stands on lines of its own."""
TOPIC = (
    "<make> a {K} of {t} <named> {_y}: {v}", "<make> a {K} <named> {_y} with the {t} {v}", "<store> the {t} {v} in {_y}",
    "here are some {t}: {v}. <store> them in {_y}", "the {t} are {v}, [store|save|keep] them [as|in] {_y}", "<make> {_y}, a {K} of {t}: {v}",
    "<store> these {t} in a variable <named> {_y}: {v}",
)  # fmt: skip
