"""Turns that give a program its inputs: a variable with a value that the intent spells out.

Knows: which kinds are given and how often, the sentences. Leaves to others: the values (`draws`).
"""

from __future__ import annotations

from mtchat.train.corpus.draws import draw
from mtchat.train.corpus.forms import Turn, speak
from mtchat.train.corpus.frames import FRAMES, INPUT_FRAMES, INPUTS
from mtchat.train.corpus.kinds import NOUNS
from mtchat.train.corpus.scene import Scene
from mtchat.train.corpus.words import TOPICS

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
    "here are some {t}: {v}. <store> them in {_y}", "the {t} are {v}, <store> them [as|in] {_y}", "<make> {_y}, a {K} of {t}: {v}",
    "<store> these {t} in a variable <named> {_y}: {v}",
)  # fmt: skip
