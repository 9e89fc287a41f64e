"""Turns that give a program its inputs: a variable with a value that the intent spells out.

Knows: which kinds are given and how often, the sentences. Leaves to others: the values (`draws`).
"""

# ruff: noqa: E501
# Some tables with a row a line, however long.

from __future__ import annotations

from mtchat.train.corpus.draws import draw
from mtchat.train.corpus.forms import Turn, speak
from mtchat.train.corpus.frames import FRAMES
from mtchat.train.corpus.kinds import NOUNS
from mtchat.train.corpus.scene import Scene
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
    "<make> {K} {_y} [equal to|as|:|=] {v}",
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


def give(scene: Scene, kind: str, name: str = "") -> Turn:
    """A turn that sets a fresh variable to a value of `kind`."""
    rng, group = scene.rng, GROUP.get(kind, "other")
    value = draw(kind, scene.words, rng)
    name = name or scene.new_name(USUAL.get(group, ()))
    slots = {"v": value.said, "_y": scene.given(name)}
    nouns = NOUNS.get(kind, NOUNS["str"])[1]
    roll = rng.random()
    if roll < 0.5 and group not in ("num", "bool"):
        noun = rng.choice(nouns)
        frame = rng.choice(INPUT_FRAMES)
        intent = speak(scene, frame, {"E": rng.choice(INPUTS[group]), "K": f"a {noun}"}, slots, first=not scene.codes)
    elif roll < 0.57 and group in ("nums", "strs", "dict"):
        topic = rng.choice(TOPICS)
        slots["t"] = topic
        intent = speak(scene, rng.choice(TOPIC), {"K": rng.choice(nouns)}, slots, first=not scene.codes)
    else:
        frame = rng.choice(PLAIN)
        intent = speak(scene, frame, {"E": rng.choice(INPUTS[group])}, slots, first=not scene.codes)
    return Turn(f"give_{kind}", intent, f"{name} = {value.code}", "input", (name,))


PLAIN = tuple(f for f in FRAMES["store"] if "<compute>" not in f)
TOPIC = (
    "<make> a {K} of {t} <named> {_y}: {v}", "<make> a {K} <named> {_y} with the {t} {v}", "<store> the {t} {v} in {_y}",
    "here are some {t}: {v}. <store> them in {_y}", "the {t} are {v}, [store|save|keep] them [as|in] {_y}", "<make> {_y}, a {K} of {t}: {v}",
    "<store> these {t} in a variable <named> {_y}: {v}",
)  # fmt: skip
