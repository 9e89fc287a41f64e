"""Whether what a program printed is what was expected. On the host, on data alone: no code of the program runs here.

Knows the reference's comparisons. Leaves to others: what is done to a value before it is data (`inside`).
"""

import ast
import struct
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from mtchat.bench.grader.rules import Rules

KINDS = {bool: "bool", int: "int", float: "float", str: "str", list: "list"}
"""The types of expected output that something can pass for; a dict and None never pass in the reference."""
_RTOL, _ATOL = 1e-5, 1e-8  # numpy's defaults
_FORMATS = {2: "e", 4: "f"}


def read(literal: str | None) -> tuple[str, Any]:
    """The shape and data that a look brought out. ValueError for what is none: cut short, or no look's."""
    try:
        shape, data = ast.literal_eval(literal or "")
        return str(shape), data
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        raise ValueError("what was printed is too large to be looked at") from None


def size(expected: Any) -> tuple[int, int]:
    """How many values, and how many characters in the longest text, an expected output has."""
    match expected:
        case list():
            inner = [size(each) for each in expected]
        case dict():
            inner = [size(each) for pair in expected.items() for each in pair]
        case str():
            return 1, len(expected)
        case _:
            return 1, 32
    return 1 + sum(nodes for nodes, _ in inner), max((longest for _, longest in inner), default=0)


def is_right(shape: str, data: Any, expected: Any, rules: Rules) -> bool:
    """Whether the data of a look (`inside.look`) pass for the expected output.

    The data came from where the program ran: what no look would say is simply not right.
    """
    try:
        return _passes(shape, data, expected, rules)
    except (ArithmeticError, ValueError, TypeError, LookupError, RecursionError):
        return False


def _passes(shape: str, data: Any, expected: Any, rules: Rules) -> bool:
    if shape == "series":
        return _is_near(data, expected)
    match expected:
        case bool():
            return data == str(expected) if rules.booleans_as_text else data is expected
        case int():
            return not (isinstance(data, bool) and not rules.lenient_numbers) and equal(data, expected)
        case float():
            return _is_within(data, expected, rules.tolerance)
        case str() | list():
            return equal(data, expected)
    return False


def equal(data: Any, expected: Any) -> bool:
    """Python's `==` between what the data stand for and JSON."""
    match data:
        case ("ratio", int(over), int(under)):
            return _is_number(expected) and Fraction(over, under) == expected
        case ("float", str(text)):
            return _is_number(expected) and float(text) == expected
        case ("narrow", int(width), float(value)):
            return _is_number(expected) and _narrowed(expected, width) == value
        case ("one", inner):
            while isinstance(expected, list) and len(expected) == 1:
                expected = expected[0]
            return not isinstance(expected, list) and equal(inner, expected)
        case ("dict", list(pairs)):
            return isinstance(expected, dict) and _same_dict(pairs, expected)
        case list():
            return (
                isinstance(expected, list)
                and len(data) == len(expected)
                and all(equal(one, other) for one, other in zip(data, expected, strict=True))
            )
        case tuple():
            return False
    return bool(data == expected)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float)


def _same_dict(pairs: list[Any], expected: dict[str, Any]) -> bool:
    given = {key: value for key, value in pairs if isinstance(key, str)}
    return len(pairs) == len(expected) and all(key in given and equal(given[key], expected[key]) for key in expected)


def _narrowed(value: float, width: int) -> float | None:
    """`value` as numpy compares it with a float of `width` bytes: rounded to that."""
    try:
        (rounded,) = struct.unpack(_FORMATS[width], struct.pack(_FORMATS[width], value))
    except (OverflowError, struct.error):
        return None
    return float(rounded)


def _is_within(data: Any, expected: float, tolerance: float) -> bool:
    match data:
        case ("narrow", int(), float(value)):
            data = value
        case ("float", str(text)):
            data = float(text)
        case ("ratio", int(over), int(under)):
            data = Fraction(over, under)
    if isinstance(data, bool) or not isinstance(data, int | float | Fraction):
        return False
    return data == expected or abs(float(data) - expected) < tolerance


def _is_near(data: list[Any], expected: Any) -> bool:
    """numpy's `allclose` with its broadcasting, of a Series with a number or a list of any depth."""
    values = [float(each[1]) if isinstance(each, tuple) else each for each in data]
    return all(_are_near(values, row) for row in _rows(expected))


def _rows(expected: Any) -> Iterator[list[Any]]:
    """The lowest lists of an expected output. TypeError for what is not numbers throughout."""
    if not isinstance(expected, list):
        expected = [expected]
    if expected and all(isinstance(each, list) for each in expected):
        for each in expected:
            yield from _rows(each)
    elif all(_is_number(each) for each in expected):
        yield expected
    else:
        raise TypeError


def _are_near(values: list[Any], row: list[Any]) -> bool:
    if len(values) != len(row) and 1 not in (len(values), len(row)):
        return False
    many = values if len(row) == 1 else row
    left = values if len(values) == len(many) else values * len(many)
    right = row if len(row) == len(many) else row * len(many)
    pairs = zip(left, right, strict=True)
    return all(one == other or abs(one - other) <= _ATOL + _RTOL * abs(other) for one, other in pairs)
