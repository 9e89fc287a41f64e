"""Code from templates: filling slots, functions from expressions, names that do not clash, imports that are missing.

Knows: Python's syntax as far as templates need it. Pure. Leaves to others: which template and which values (`forms`).
"""

# ruff: noqa: E501
# Some tables with a row a line, however long.

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Collection, Mapping
from functools import lru_cache

IMPORTS: dict[str, str] = {
    **{m: f"import {m}" for m in ("math", "re", "json", "csv", "io", "random", "itertools", "functools", "collections",
                                  "datetime", "string", "statistics", "operator", "bisect", "heapq", "time", "calendar")},
    "np": "import numpy as np", "pd": "import pandas as pd", "plt": "import matplotlib.pyplot as plt",
    "Counter": "from collections import Counter", "defaultdict": "from collections import defaultdict",
    "deque": "from collections import deque", "namedtuple": "from collections import namedtuple",
    "reduce": "from functools import reduce", "date": "from datetime import date",
    "timedelta": "from datetime import timedelta", "StringIO": "from io import StringIO",
    "product": "from itertools import product", "permutations": "from itertools import permutations",
    "combinations": "from itertools import combinations", "accumulate": "from itertools import accumulate",
    "chain": "from itertools import chain", "groupby": "from itertools import groupby",
    "islice": "from itertools import islice", "cycle": "from itertools import cycle",
    "pairwise": "from itertools import pairwise", "ChainMap": "from collections import ChainMap",
    "itemgetter": "from operator import itemgetter",
    "zip_longest": "from itertools import zip_longest", "dataclass": "from dataclasses import dataclass",
    "LinearRegression": "from sklearn.linear_model import LinearRegression",
    "LogisticRegression": "from sklearn.linear_model import LogisticRegression",
    "KMeans": "from sklearn.cluster import KMeans", "load_iris": "from sklearn.datasets import load_iris",
    "train_test_split": "from sklearn.model_selection import train_test_split",
    "StandardScaler": "from sklearn.preprocessing import StandardScaler",
    "MinMaxScaler": "from sklearn.preprocessing import MinMaxScaler",
    "accuracy_score": "from sklearn.metrics import accuracy_score",
    "mean_squared_error": "from sklearn.metrics import mean_squared_error",
    "DecisionTreeClassifier": "from sklearn.tree import DecisionTreeClassifier",
    "KNeighborsClassifier": "from sklearn.neighbors import KNeighborsClassifier",
}  # fmt: skip
"""What a free name in code is imported by (`datetime` is the module, `date` the class)."""

OTHERS = {
    "n": ("num", "x", "number", "value", "k"), "num": ("n", "x", "value"), "x": ("n", "num", "value", "item"),
    "w": ("word", "s", "item"), "word": ("w", "s", "item", "name"), "ch": ("c", "char", "letter"), "c": ("ch", "char", "letter"),
    "i": ("j", "k", "idx", "index"), "j": ("i", "k", "idx"), "row": ("r", "line", "inner"), "s": ("text", "word", "t"),
    "k": ("key", "name"), "v": ("value", "val"), "item": ("element", "entry", "it"), "result": ("res", "output", "found"),
    "a": ("first", "p", "one"), "b": ("second", "q", "two"), "count": ("cnt", "total"), "total": ("acc", "result"),
    "y": ("other", "second"), "p": ("pair", "point"), "d": ("divisor", "day"), "m": ("mid", "month"),
}  # fmt: skip


_OFFSET = re.compile(
    r"(?P<before>range\((?:[^()]*, )?|[\[:] ?)\{(?P<slot>\w+)\} (?P<sign>[+*-]) (?P<by>\d+|\{\w+\})(?=[,)\]:])"
)


def folded(template: str, codes: Mapping[str, str]) -> str:
    """The template with `{n} + 1` worked out where n is a number spelled out, in a range or an index."""

    def work_out(match: re.Match[str]) -> str:
        code, by = codes.get(match["slot"], ""), codes.get(match["by"].strip("{}"), match["by"])
        if not (code.isdigit() and by.isdigit()):
            return match[0]
        found = {"+": int(code) + int(by), "-": int(code) - int(by), "*": int(code) * int(by)}[match["sign"]]
        return f"{match['before']}{found}" if found >= 0 else match[0]

    return _OFFSET.sub(work_out, template)


def _in_fstring(before: str) -> bool:
    """Whether the end of a line's beginning stands within an f-string."""
    parts = re.split(r'(f?)"', re.sub(r"\\.", "", before))
    return len(parts) % 4 == 3 and parts[-2] == "f"


def fill(template: str, codes: Mapping[str, str]) -> str:
    """The template with each `{slot}` that `codes` has replaced; other braces are Python's."""
    template = folded(template, codes)

    def put(match: re.Match[str]) -> str:
        code = codes.get(match[1])
        if code is None:
            return match[0]
        if code[:1] == '"' and _in_fstring(template[: match.start()].rpartition("\n")[2]):
            return code.replace('"', "'")  # before Python 3.12, none of an f-string's own quotes within it
        alone = template[match.start() - 1 : match.start()] in ("(", "[", " ", "") and template[
            match.end() : match.end() + 1
        ] in (")", "]", ",", "")
        if _NEGATIVE.match(code) and not _TIGHT.match(template, match.end()):
            return code if not template[: match.start()].endswith(("+ ", "- ")) else f"({code})"
        whole = not template[: match.start()].strip() or template[match.start() - 1 : match.start()] in "(["
        return code if atomic(code) or (alone and whole) else f"({code})"

    return _DOUBLE_SIGN.sub(lambda m: f"{'-' if m[1] == '+' else '+'} {m[2]}", re.sub(r"\{(\w+)\}", put, template))


_NEGATIVE = re.compile(r"-[\d.]+$")
_TIGHT = re.compile(r" \*\*|\.|\[")
_DOUBLE_SIGN = re.compile(r"(?<=[\w)\]] )([+-]) \(-([\d.]+)\)(?=[)\],:\n]|$| (?:[-+<>=]|if|else|for|and|or)\b)")
_LITERAL = re.compile(r"(\"[^\"\\]*\"|\[[^\[\]]*\]|\{[^{}]*\}|\w+\(\w*\))$")


@lru_cache(maxsize=100_000)
def atomic(code: str) -> bool:
    """Whether an expression needs no parentheses whatever stands around it."""
    if code.isidentifier() or code.isdigit() or _LITERAL.match(code):
        return True
    try:
        tree = ast.parse(code, mode="eval").body
    except SyntaxError:
        return True  # a statement or a target
    kinds = (ast.Name, ast.Call, ast.Subscript, ast.Attribute, ast.List, ast.Dict, ast.Set, ast.ListComp, ast.SetComp,
             ast.DictComp, ast.JoinedStr)  # fmt: skip
    if isinstance(tree, ast.Tuple):
        return code.startswith("(")
    return (
        isinstance(tree, kinds)
        or (isinstance(tree, ast.Constant) and not isinstance(tree.value, int | float))
        or (isinstance(tree, ast.Constant) and isinstance(tree.value, float))
    )


_OPPOSITE = {ast.Lt: ("<", ">="), ast.Gt: (">", "<="), ast.LtE: ("<=", ">"), ast.GtE: (">=", "<"), ast.Eq: ("==", "!="), ast.NotEq: ("!=", "=="),
             ast.In: ("in", "not in"), ast.NotIn: ("not in", "in")}  # fmt: skip


def negation(code: str) -> str:
    """An expression (slots allowed) that is true where `code` is false: `a >= b` for `a < b`."""
    tree = ast.parse(re.sub(r"\{(\w+)\}", r"slot_\1", code), mode="eval").body
    if isinstance(tree, ast.Compare) and len(tree.ops) == 1:
        sign, other = _OPPOSITE.get(type(tree.ops[0]), ("", ""))
        if sign and len(re.findall(rf" {re.escape(sign)} ", code)) == 1:
            return code.replace(f" {sign} ", f" {other} ")
    if isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.Not):
        return code.removeprefix("not ")
    return f"not ({code})" if isinstance(tree, ast.BoolOp | ast.IfExp | ast.Compare) else f"not {code}"


def is_block(template: str) -> bool:
    """Whether a code template is lines that set {out}, not an expression."""
    return "{out}" in template


@lru_cache(maxsize=100_000)
def names(template: str) -> tuple[frozenset[str], frozenset[str]]:
    """(names that the template's code sets, names that it reads and does not set); slots are none."""
    try:
        tree = ast.parse(re.sub(r"\{(\w+)\}", r"slot_\1", template))
    except SyntaxError:
        return frozenset(), frozenset()
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    stored = {n.id for n in found if not isinstance(n.ctx, ast.Load)} | {
        a.arg for n in ast.walk(tree) if isinstance(n, ast.arguments) for a in n.args
    }
    stored |= {
        (a.asname or a.name) for n in ast.walk(tree) if isinstance(n, ast.Import | ast.ImportFrom) for a in n.names
    }
    loaded = {n.id for n in found if isinstance(n.ctx, ast.Load)}
    clean = {n for n in stored if not n.startswith("slot_")}
    return frozenset(clean), frozenset(n for n in loaded - stored if not n.startswith("slot_"))


def renamed(template: str, taken: Collection[str]) -> str:
    """The template with every local name that is `taken` replaced by another."""
    for name in sorted(names(template)[0] & set(taken)):
        other = next((o for o in OTHERS.get(name, ()) if o not in taken and o not in template), name + "_")
        template = rename(template, name, other)
    return template


def rename(template: str, name: str, other: str) -> str:
    """One identifier replaced, not in strings without braces (an f-string's `{name}` is replaced)."""
    parts = re.split(r"(\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*')", template)
    pattern = re.compile(rf"(?<![\w.]){re.escape(name)}(?!\w)")
    for i, part in enumerate(parts):
        if i % 2 == 0:
            parts[i] = pattern.sub(other, part)
        elif parts[i - 1].endswith("f"):
            parts[i] = re.sub(rf"\{{{re.escape(name)}\b", "{" + other, part)
    return "".join(parts)


def imports(code: str, known: Collection[str]) -> list[str]:
    """Import lines for the free names of `code` that nobody has defined."""
    free = names(code)[1]
    return sorted(
        {IMPORTS[name] for name in free if name in IMPORTS and name not in known}, key=lambda s: (s[0] != "i", s)
    )


def body(template: str, out: str) -> str:
    """The body of a function: the expression returned, or the lines and `return out`."""
    if not is_block(template):
        return f"    return {template}"
    lines = template.replace("{out}", out).split("\n")
    if len(lines) == 1 and lines[0].startswith(f"{out} = "):
        return "    return " + lines[0].removeprefix(f"{out} = ")
    return textwrap.indent("\n".join([*lines, f"return {out}"]), "    ")


def define(name: str, arguments: list[str], lines: str) -> str:
    """A function definition."""
    return f"def {name}({', '.join(arguments)}):\n{lines}"


def indent(lines: str, by: int = 1) -> str:
    """Lines moved right."""
    return textwrap.indent(lines, "    " * by)
