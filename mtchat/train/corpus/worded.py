"""Values told in words: "the first ten odd numbers", "five", "a 3 by 4 grid of zeros".

Knows: number words, and for each kind what is said and the expression that makes it. Leaves to others: spelled-out
values (`draws`), the sentences (`inputs`).
"""

# ruff: noqa: E501
# A table with a row a line, however long.

from __future__ import annotations

import random
import re

from mtchat.train.corpus.code import folded
from mtchat.train.corpus.values import Spelled, Words, quoted

_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]

_INTS = (
    ("[the|all the|all] [numbers|integers|whole numbers] from {low} to {high}", "list(range({low}, {high} + 1))"),
    ("the [numbers|integers] {low} to {high}", "list(range({low}, {high} + 1))"),
    ("the [numbers|integers] from {low} up to and including {high}", "list(range({low}, {high} + 1))"),
    ("the [numbers|integers] from {low} up to but not including {high}", "list(range({low}, {high}))"),
    ("the [numbers|integers] between {low} and {high}, both included", "list(range({low}, {high} + 1))"),
    ("the [numbers|integers] from {high} down to {low}", "list(range({high}, {low} - 1, -1))"),
    ("the [numbers|integers] from {low} to {high} in steps of {k}", "list(range({low}, {high} + 1, {k}))"),
    ("the first {n} positive [integers|numbers]", "list(range(1, {n} + 1))"),
    ("the first {n} positive even numbers", "list(range(2, {odd}, 2))"),
    ("the first {n} even numbers, [beginning|starting] with 2", "[2 * i for i in range(1, {n} + 1)]"),
    ("the first {n} odd numbers", "[2 * i + 1 for i in range({n})]"),
    ("the odd numbers [below|under] {high}", "list(range(1, {high}, 2))"),
    ("the even numbers from {low} to {high}", "[n for n in range({low}, {high} + 1) if n % 2 == 0]"),
    ("the odd numbers from {low} to {high}", "[n for n in range({low}, {high} + 1) if n % 2 == 1]"),
    ("the first {n} multiples of {k}", "[{k} * i for i in range(1, {n} + 1)]"),
    ("the multiples of {k} up to {high}", "list(range({k}, {high} + 1, {k}))"),
    ("the squares of [the numbers|all numbers|the integers] from {low} to {high}", "[n ** 2 for n in range({low}, {high} + 1)]"),
    ("the first {n} square numbers, [beginning|starting] with 1", "[i ** 2 for i in range(1, {n} + 1)]"),
    ("the cubes of [the numbers|all numbers|the integers] from 1 to {n}", "[i ** 3 for i in range(1, {n} + 1)]"),
    ("the first {n} powers of two, [beginning|starting] with 1", "[2 ** i for i in range({n})]"),
    ("{n} zeros", "[0] * {n}"),
    ("{n} ones", "[1] * {n}"),
    ("{n} copies of [the number|] {low}", "[{low}] * {n}"),
    ("the numbers from {low} to {high} that are divisible by {k}", "[n for n in range({low}, {high} + 1) if n % {k} == 0]"),
    ("the number {k} [repeated|] {n} times", "[{k}] * {n}"),
    ("the halves of the numbers from 1 to {n}", "[i / 2 for i in range(1, {n} + 1)]"),
)  # fmt: skip
_STRS = (
    ("{n} copies of the [word|string] {w}", "[{w}] * {n}"),
    ("the [word|string] {w} [repeated|] {n} times", "[{w}] * {n}"),
    ("the letters of [the word|] {w}", "list({w})"),
    ("the [characters|single letters] of {w}", "list({w})"),
    ("the words [of|in] the [sentence|text] {s}", "{s}.split()"),
    ("the numbers from 1 to {n} as strings", "[str(i) for i in range(1, {n} + 1)]"),
    ("[the names|the labels|] item1, item2 and so on up to item{n}", '[f"item{i}" for i in range(1, {n} + 1)]'),
)
_ARRAYS = (
    ("the [numbers|integers] from {low} to {high}", "np.arange({low}, {high} + 1)"),
    ("the [numbers|integers] from 0 up to but not including {high}", "np.arange({high})"),
    ("the numbers from {low} to {high} in steps of {k}", "np.arange({low}, {high} + 1, {k})"),
    ("{n} zeros", "np.zeros({n})"),
    ("{n} ones", "np.ones({n})"),
    ("{n} evenly spaced [numbers|values|points] [between|from] 0 [and|to] {k}", "np.linspace(0, {k}, {n})"),
    ("the number {k} {n} times", "np.full({n}, {k})"),
)
_GRIDS = (
    ("a {k} by {n} [grid|matrix|table] of zeros", "[[0] * {n} for _ in range({k})]"),
    ("a [grid|matrix|table] of {k} rows and {n} columns filled with {low}", "[[{low}] * {n} for _ in range({k})]"),
    ("a list of {k} lists with {n} ones each", "[[1] * {n} for _ in range({k})]"),
    ("the {k} by {n} multiplication table", "[[i * j for j in range(1, {n} + 1)] for i in range(1, {k} + 1)]"),
    ("a matrix with {k} rows, each of which holds the numbers from 1 to {n}", "[list(range(1, {n} + 1)) for _ in range({k})]"),
    ("the {k} by {k} identity matrix as a list of lists", "[[1 if i == j else 0 for j in range({k})] for i in range({k})]"),
)  # fmt: skip
_ARRAYS2 = (
    ("[an array|a numpy array] of zeros with {k} rows and {n} columns", "np.zeros(({k}, {n}))"),
    ("a {k} by {n} [array|matrix] of ones", "np.ones(({k}, {n}))"),
    ("the identity matrix of size {k}", "np.eye({k})"),
    ("a {k} by {n} array filled with {low}", "np.full(({k}, {n}), {low})"),
    ("[an array|a numpy array] with the numbers from 0 upwards in {k} rows of {n}", "np.arange({k} * {n}).reshape({k}, {n})"),
)  # fmt: skip
_WHOLE = {
    "int": (
        ("{n}", "{n}"),
        ("{n}", "{n}"),
        ("minus {n}", "-{n}"),
        ("[the product of|] {k} times {n}", "{k} * {n}"),
        ("the sum of {low} and {high}", "{low} + {high}"),
        ("the difference between {high} and {low}", "{high} - {low}"),
        ("two to the power of {n}", "2 ** {n}"),
        ("{n} squared", "{n} ** 2"),
        ("a dozen", "12"),
        ("a hundred", "100"),
        ("a thousand", "1000"),
        ("a million", "1000000"),
    ),
    "float": (
        ("{n} and a half", "{n}.5"),
        ("[one half|half|a half]", "0.5"),
        ("a quarter", "0.25"),
        ("one third", "1 / 3"),
        ("{high} divided by {n}", "{high} / {n}"),
        ("the square root of {high}", "{high} ** 0.5"),
    ),
    "str": (
        ("{w} [repeated|] {n} times", "{w} * {n}"),
        ("the letter {c} [repeated|] {n} times", "{c} * {n}"),
        ("{w} and {v} [with a space between them|joined by a space]", '{w} + " " + {v}'),
        ("{w} in [upper case|capital letters|capitals]", "{w}.upper()"),
        ("the number {high} as [a string|text]", "str({high})"),
        ("{n} [dashes|hyphens]", '"-" * {n}'),
    ),
    "anydict": (
        ("a <dict> that maps the numbers from 1 to {n} to their squares", "{{i: i ** 2 for i in range(1, {n} + 1)}}"),
        ("a <dict> with {w} and {v} as keys, both [with the value|set to] {low}", "{{{w}: {low}, {v}: {low}}}"),
        ("a <dict> with the keys {w} and {v} and the values {low} and {high}", "{{{w}: {low}, {v}: {high}}}"),
        ("a <dict> in which {w} has the value {low} and {v} the value {high}", "{{{w}: {low}, {v}: {high}}}"),
        ("a <dict> with {w} for 1 and {v} for 2", "{{1: {w}, 2: {v}}}"),
    ),
    "ntuple": (
        ("a tuple of the numbers from {low} to {high}", "tuple(range({low}, {high} + 1))"),
        ("the tuple with {low} and {high} in it", "({low}, {high})"),
        ("a pair of {low} and {high}", "({low}, {high})"),
    ),
    "set": (
        ("the set of the numbers from {low} to {high}", "set(range({low}, {high} + 1))"),
        ("a set with {low}, {high} and {n}", "{{{low}, {high}, {n}}}"),
        ("the set of all multiples of {k} up to {high}", "set(range({k}, {high} + 1, {k}))"),
    ),
    "matrix": _GRIDS,
    "array2": _ARRAYS2,
}
_LISTS = (
    "a <list> of {w}",
    "a <list> [with|containing|that holds] {w}",
    "the list of {w}",
    "{w} as a list",
    "a <list> that consists of {w}",
)
_VECTORS = (
    "[an|a numpy] array of {w}",
    "a numpy array [with|containing|that holds] {w}",
    "the array of {w}",
    "{w} as a numpy array",
)
TOLD: dict[str, tuple[tuple[str, ...], tuple[tuple[str, str], ...]]] = {
    "ints": (_LISTS, _INTS),
    "posints": (_LISTS, _INTS),
    "wordlist": (_LISTS, _STRS),
    "strs": (_LISTS, _STRS),
    "array": (_VECTORS, _ARRAYS),
    **{kind: (("{w}",), rows) for kind, rows in _WHOLE.items()},
}  # fmt: skip
"""By kind: noun phrases around what is told, and what may be told with the expression for it."""
ALIKE = {"num": "int", "pos": "int", "small": "int", "word": "str", "dict": "anydict", "tuple": "ntuple"}


def number(n: int) -> str:
    """A number from 0 to 99 in words; digits for others."""
    if n < 20:
        return _ONES[n] if n >= 0 else str(n)
    if n > 99:
        return str(n)
    return _TENS[n // 10 - 2] + (f"-{_ONES[n % 10]}" if n % 10 else "")


def told(kind: str, words: Words, rng: random.Random) -> Spelled | None:
    """A noun phrase (a pattern of `grammar`) for a value, and code; None where a kind is never told in words."""
    around, rows = TOLD.get(ALIKE.get(kind, kind), ((), ()))
    if not rows:
        return None
    said, code = rng.choice(rows)
    low = rng.randint(1, 9)
    numbers = {"low": low, "high": low + rng.choice((4, 5, 7, 9, 10, 11, 16)), "n": rng.choice((3, 4, 5, 5, 6, 7, 8, 10, 10, 12)), "k": rng.choice((2, 2, 3, 3, 4, 5))}  # fmt: skip
    if kind in ("matrix", "array2"):
        numbers["n"] = rng.randint(2, 5)
    one, two = words.several(2)
    texts = {"w": one, "v": two, "c": rng.choice("abcdefghxyz"), "s": " ".join(words.several(rng.randint(3, 5)))}
    share = rng.choice((0.0, 0.0, 0.5, 1.0))
    spoken = {name: number(n) if rng.random() < share else str(n) for name, n in numbers.items()}
    if said == "{n}" and spoken["n"].isdigit():
        spoken["n"] = number(numbers["n"])
    mark = rng.choice(("'", '"', '"'))
    spoken |= {name: f"{mark}{t}{mark}" for name, t in texts.items()}
    written = {name: str(n) for name, n in numbers.items()} | {name: quoted(t) for name, t in texts.items()}
    written["odd"] = str(2 * numbers["n"] + 1)
    said = rng.choice(around).replace("{w}", said)
    return Spelled(_put(said, spoken), _put(folded(code, written), written).replace("{{", "{").replace("}}", "}"))


def _put(pattern: str, values: dict[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda m: values.get(m[1], m[0]), pattern)
