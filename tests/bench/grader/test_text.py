"""The pure parts: the edits of a program's text, and comparing what came out with what was expected."""

from typing import Any

import pytest

from mtchat.bench.grader import REFERENCE, Rules, compare, source


@pytest.mark.parametrize(
    ("code", "edited"),
    [
        ("x  # the value\n", "print((x))  # the value\n"),
        ("a, b = c = 1, 2", "a, b = c = print((1, 2))"),
        ("x += 1", "x += print((1))"),
        ("x: int", "x: int"),
        ("printer(x)", "printer(x)"),
        ("a.print(x)", "print((a.print(x)))"),
        ("y = '''ä\r\nö''' 'ü'", "y = print(('''ä\nö''' 'ü'))"),
        ("if x:\n    x", "if x:\n    x"),
        ("import joblib.x as j; os.getcwd()", "raise ImportError(...); print(([None][0]()))"),
    ],
)
def test_printed(code: str, edited: str) -> None:
    found = source.printed(code, REFERENCE)
    assert found.replace("'the reference grader does not give this module'", "...") == edited
    assert source.printed(code, Rules(process_guard=False), last=False) == code.replace("\r\n", "\n")


@pytest.mark.parametrize("code", ["print 1", "x\0", "\ufeffx", "(" * 500, "'\ud800'"])
def test_what_is_no_python_is_said_in_a_line(code: str) -> None:
    with pytest.raises(source.NotPython) as caught:
        source.printed(code, REFERENCE)
    assert "\n" not in str(caught.value)


def test_the_recorder_comes_after_what_has_to_be_first() -> None:
    code = source.with_recorder("'doc'\nfrom __future__ import annotations\nx = 1", "RECORDER\n")
    assert code == "from __future__ import annotations\nRECORDER\n'doc'\npass\nx = 1"


def test_bound_names() -> None:
    names = frozenset({"list", "str", "len", "int"})
    assert source.bound(["list = 1\ndef f(): str = 2", "from x import y as len", "(", "int(str)"], names) == {
        *("list", "str", "len"),
    }
    assert source.bound(["from x import *"], names) == source.bound(["exec(s)"], names) == names


@pytest.mark.parametrize(
    ("data", "expected", "right"),
    [
        ([1, [2.0, True]], [1, [2, 1]], True),
        ([1, 2], [1, 2, 3], False),
        (("ratio", 1, 2), 0.5, True),
        (("ratio", 1, 0), 0.5, False),
        (("float", "nan"), 0.5, False),
        (("float", "what"), 0.5, False),
        (("narrow", 4, 0.10000000149011612), [0.1], False),
        ([("narrow", 4, 0.10000000149011612)], [0.1], True),
        ([("narrow", 4, 1.0)], [10**400], False),
        ([("one", 7)], [[[7]]], True),
        ([("one", 7)], [[7, 7]], False),
        ([("dict", [("a", 1)])], [{"a": 1}], True),
        ([("dict", [("a", 1), ([], 1)])], [{"a": 1}], False),
        ([("other", "tuple")], [[1]], False),
        (b"x", "x", False),
        ({1, 2}, [1, 2], False),
    ],
)
def test_is_right(data: Any, expected: Any, right: bool) -> None:
    assert compare.is_right("value", data, expected, REFERENCE) is right


@pytest.mark.parametrize(
    ("data", "expected", "near"),
    [
        ([1.0, 2.0], [1.00001, 2], True),
        ([1.0, 2.0], [1.0001, 2], False),
        ([3.0, 3.0], 3, True),
        ([], 3, True),
        ([1.0], [], True),
        ([1.0, 2.0], [[1, 2], [1, 2]], True),
        ([1.0, 2.0], [1, 2, 3], False),
        ([("float", "inf")], "inf", False),
        ([("float", "inf")], [float("inf")], True),
    ],
)
def test_a_series_is_near(data: Any, expected: Any, near: bool) -> None:
    assert compare.is_right("series", data, expected, REFERENCE) is near


@pytest.mark.parametrize("literal", [None, "", "[1, 2", "f(1)", "7", "(" * 10000])
def test_what_is_no_look_is_an_error(literal: str | None) -> None:
    with pytest.raises(ValueError, match="too large"):
        compare.read(literal)
