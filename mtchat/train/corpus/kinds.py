"""Kinds of values: what a skill's operand may be, told from the value itself.

Knows: the names of kinds, the test of each, the nouns for each. Leaves to others: drawing values (`values`).
"""

from __future__ import annotations

import re
import types
from typing import Any

_DATE = re.compile(r"\d{4}-\d\d-\d\d$")
_TIME = re.compile(r"\d\d:\d\d$")
_EMAIL = re.compile(r"[\w.]+@[\w.]+\.\w+$")
_WORDY = re.compile(r"[A-Za-z' ,.!?-]+$")


def kinds_of(value: Any) -> frozenset[str]:
    """Every kind that a runtime value is of; the empty set for what no skill takes."""
    test = _TESTS.get(type(value).__name__)
    return frozenset(test(value)) if test else frozenset()


def _int(n: int) -> list[str]:
    found = ["int", "num"]
    found += ["nat"] if n >= 0 else []
    found += ["pos"] if 0 < n <= 5000 else []
    found += ["small"] if 1 <= n <= 12 else []
    found += ["percent"] if 1 <= n <= 99 else []
    found += ["big"] if 100 <= n < 10**9 else []
    found += ["year"] if 1800 <= n <= 2100 else []
    return found


def _str(s: str) -> list[str]:
    found = ["str"]
    if not s:
        return found
    if len(s) == 1:
        return ["str", "char"] if s.isalpha() else ["str"]
    if s.isalpha():
        found.append("word")
    elif s.isdigit():
        found.append("digits")
        found += ["binary"] if set(s) <= {"0", "1"} else []
    elif "\n" in s:
        found.append("lines")
        found += ["csvtext"] if all("," in line for line in s.splitlines()) else []
    elif _WORDY.match(s) and " " in s:
        found += ["phrase", "sentence"] if s.count(" ") > 1 else ["phrase"]
    elif s[0] in "{[" and s[-1] in "}]":
        found.append("jsontext")
    elif _DATE.match(s):
        found.append("isodate")
    elif _TIME.match(s):
        found.append("clock")
    elif _EMAIL.match(s):
        found.append("email")
    elif s.startswith("http"):
        found.append("url")
    elif any(ch.isdigit() for ch in s) and any(ch.isalpha() for ch in s):
        found.append("mixed")
    if s.count(",") > 1 and "\n" not in s and s[0] not in "{[":
        found.append("commas")
    return found


def _list(v: list[Any]) -> list[str]:
    if not v:
        return ["empty"]
    types_ = {type(e) for e in v}
    if types_ == {int}:
        return ["ints", "nums", "list", *(["posints"] if min(v) > 0 and max(v) <= 5000 else [])]
    if types_ <= {int, float}:
        return ["floats", "nums", "list"]
    if types_ == {str}:
        found = ["strs", "list"]
        found += ["isodates"] if all(_DATE.match(s) for s in v) else []
        found += ["digitstrs"] if all(s.isdigit() for s in v) else []
        found += ["wordlist"] if all(s.isalpha() for s in v) else []
        return found
    if types_ == {bool}:
        return ["bools"]
    if types_ == {list}:
        return _lists(v)
    if types_ == {dict}:
        return ["records"] if all(v[0].keys() == row.keys() for row in v) else []
    if types_ == {tuple}:
        pairs = all(len(t) == 2 and type(t[0]) is str and type(t[1]) in (int, float) for t in v)
        return ["pairs"] if pairs else []
    return ["mixedlist"] if types_ <= {int, float, str, bool, type(None)} else []


def _lists(v: list[list[Any]]) -> list[str]:
    inner = {type(e) for row in v for e in row}
    if not inner or not all(v):
        return []
    if inner <= {int, float}:
        return ["lists", "matrix"] if len({len(row) for row in v}) == 1 else ["lists"]
    return ["strlists"] if inner == {str} else []


def _dict(d: dict[Any, Any]) -> list[str]:
    keys = {type(k) for k in d}
    if keys == {int}:
        return ["idict", "anydict"]
    if keys != {str}:
        return []
    types_ = {type(v) for v in d.values()}
    if types_ <= {int, float}:
        return ["dict", "anydict", "record"]
    if types_ == {str}:
        return ["sdict", "anydict", "record"]
    if types_ == {list}:
        numbers = all(v and all(type(e) in (int, float) for e in v) for v in d.values())
        return ["ldict"] if numbers else ["anydict"]
    return ["ndict"] if types_ == {dict} else (["record"] if types_ <= {int, float, str, bool} else ["anydict"])


def _set(v: set[Any]) -> list[str]:
    types_ = {type(e) for e in v}
    return ["set"] if types_ == {int} else ["sset"] if types_ == {str} else []


def _tuple(v: tuple[Any, ...]) -> list[str]:
    types_ = {type(e) for e in v}
    return ["tuple", "ntuple"] if types_ and types_ <= {int, float} else ["tuple"]


LARGE = 200
"""Numbers up to which an array is a value that turns talk about."""


def _array(v: Any) -> list[str]:
    if v.size > LARGE:
        return []  # no turn takes it: a data set is for models
    if v.size == 0 or v.dtype.kind not in "iuf":
        return ["barray"] if v.size and v.dtype.kind == "b" else []
    return ["anyarray", *{1: ["array"], 2: ["array2"]}.get(v.ndim, [])]


def _frame(v: Any) -> list[str]:
    return ["frame"] if 1 <= len(v) <= 30 and all(isinstance(c, str) for c in v.columns) else []


def _function(v: types.FunctionType) -> list[str]:
    return ["function"]


_TESTS: dict[str, Any] = {
    "int": _int, "float": lambda x: ["float", "num"], "bool": lambda x: ["bool"], "str": _str, "list": _list,
    "dict": _dict, "Counter": _dict, "defaultdict": _dict, "set": _set, "tuple": _tuple, "ndarray": _array,
    "DataFrame": _frame, "Series": lambda s: ["series"] if 1 <= len(s) <= 40 else [], "function": _function,
    "date": lambda d: ["date"], "datetime": lambda d: ["datetime"], "deque": lambda d: ["deque"] if d else [],
    "int64": lambda n: ["npnum"], "float64": lambda n: ["npnum"],
}  # fmt: skip
# kind: what "the …" may call it; what a function takes, without its article
NOUNS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "int": (("number", "integer", "value"), ("number", "integer", "number", "whole number")),
    "num": (("number", "value"), ("number", "number", "numeric value")),
    "float": (("number", "float", "value"), ("number", "float", "decimal number")),
    "pos": (("number", "integer"), ("positive integer", "number", "integer", "positive number")),
    "nat": (("number",), ("non-negative integer", "number", "integer")),
    "small": (("number",), ("number", "positive integer", "small number", "integer")),
    "big": (("number",), ("number", "integer")),
    "percent": (("number",), ("number",)),
    "tiny": (("number",), ("number", "small number", "integer")),
    "yesword": (("word",), ("word",)),
    "noword": (("word",), ("word",)),
    "year": (("year",), ("year", "year")),
    "bool": (("flag", "boolean"), ("boolean", "flag")),
    "str": (("string", "text"), ("string", "string", "text", "str")),
    "word": (("word", "string"), ("word", "string")),
    "char": (("character", "letter"), ("character", "letter", "single character")),
    "phrase": (("string", "text", "phrase"), ("string", "phrase", "text")),
    "sentence": (("sentence", "string", "text"), ("sentence", "string", "text", "line of text")),
    "digits": (("string", "digits"), ("string of digits", "numeric string")),
    "binary": (("binary string", "bits", "string"), ("binary string", "string of bits")),
    "lines": (("text", "string"), ("multi-line string", "text with several lines")),
    "commas": (("string", "text"), ("comma-separated string", "string with commas")),
    "csvtext": (("csv text", "csv string", "text"), ("csv string", "text in csv format")),
    "jsontext": (("json string", "json text", "json"), ("json string", "string in json format")),
    "isodate": (("date", "date string"), ("date string", "date in the form YYYY-MM-DD")),
    "clock": (("time", "time string"), ("time string", "time in the form HH:MM")),
    "email": (("email", "email address", "address"), ("email address", "email")),
    "url": (("url", "link"), ("url", "web address")),
    "mixed": (("string", "text"), ("string", "string with letters and digits")),
    "ints": (("list", "numbers", "list of numbers"), ("list of numbers", "list of integers", "list", "list of ints")),
    "posints": (("list", "numbers"), ("list of positive integers", "list of numbers", "list of integers")),
    "nums": (("list", "numbers", "list of numbers"), ("list of numbers", "list", "list of values")),
    "floats": (("list", "numbers"), ("list of floats", "list of numbers")),
    "list": (("list",), ("list",)),
    "strs": (("list", "words", "list of strings"), ("list of strings", "list of words", "list")),
    "wordlist": (("list", "words", "list of words"), ("list of words", "list of strings")),
    "digitstrs": (("list", "strings"), ("list of numeric strings", "list of strings of digits")),
    "isodates": (("list", "dates"), ("list of dates", "list of date strings")),
    "bools": (("list", "flags"), ("list of booleans",)),
    "matrix": (("matrix", "grid", "list of lists"), ("matrix", "list of lists", "2d list", "matrix of numbers")),
    "lists": (("list of lists", "nested list", "lists"), ("list of lists", "nested list", "list of lists of numbers")),
    "strlists": (("nested list", "list of lists"), ("list of lists of strings",)),
    "pairs": (("list", "pairs", "list of tuples"), ("list of pairs", "list of tuples")),
    "records": (("list", "records", "list of dictionaries"), ("list of dictionaries", "list of records")),
    "tuple": (("tuple",), ("tuple",)),
    "ntuple": (("tuple",), ("tuple of numbers", "tuple")),
    "dict": (("dictionary", "dict"), ("dictionary", "dictionary of numbers", "dict")),
    "idict": (("dictionary", "dict"), ("dictionary",)),
    "anydict": (("dictionary", "dict"), ("dictionary", "dict")),
    "record": (("dictionary", "record"), ("dictionary",)),
    "sdict": (("dictionary", "dict"), ("dictionary", "dictionary of strings", "dict")),
    "ldict": (("dictionary", "dictionary of lists"), ("dictionary of lists",)),
    "ndict": (("dictionary", "nested dictionary"), ("nested dictionary", "dictionary of dictionaries")),
    "set": (("set",), ("set of numbers", "set")),
    "sset": (("set",), ("set of strings", "set")),
    "array": (("array", "numpy array", "vector"), ("numpy array", "array", "1d array")),
    "array2": (("array", "matrix", "2d array"), ("2d numpy array", "2d array", "matrix")),
    "anyarray": (("array",), ("numpy array", "array")),
    "npnum": (("value", "number"), ("number",)),
    "frame": (("dataframe", "data frame", "table"), ("dataframe", "pandas dataframe")),
    "series": (("series",), ("pandas series", "series")),
    "date": (("date",), ("date",)),
    "datetime": (("datetime", "timestamp"), ("datetime",)),
    "deque": (("queue", "deque"), ("deque",)),
    "mixedlist": (("list",), ("list",)),
}
ORDER = tuple(NOUNS)


def main_kind(kinds: frozenset[str]) -> str:
    """The kind that names a value best: a special one before a general one."""
    special = (
        "isodate",
        "clock",
        "email",
        "url",
        "csvtext",
        "jsontext",
        "binary",
        "matrix",
        "sentence",
        "word",
        "char",
    )
    return next((k for k in special if k in kinds), next((k for k in ORDER if k in kinds), ""))
