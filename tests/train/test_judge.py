from __future__ import annotations

import pytest

from mtchat.train.evaluate import Score, holds
from mtchat.train.judge import execute, namespace, same_effect


@pytest.mark.parametrize(
    ("before", "reference", "written", "same"),
    [
        ([], "x = 3", "x = 1 + 2", True),
        ([], "x = 3", "y = 3", False),
        ([], "x = 3", "x = 3.0", False),
        ([], "x = 3", "x = 3\nprint(x)", False),
        (["nums = [3, 1]"], "nums = sorted(nums)", "nums.sort()", True),
        (["nums = [3, 1]"], "nums = sorted(nums)", "print(sorted(nums))", False),
        (["x = 2"], "print(x * 3)", "print(3 * x)", True),
        ([], "def f(n):\n    return n * n", "def f(k):\n    return k ** 2", True),
        ([], "def f(n):\n    return n * n", "def f(n):\n    return n * 2", False),
        ([], "def f(n):\n    return n * n", "def g(n):\n    return n * n", False),
        ([], "import math", "import re", False),
        ([], "x = 1", "x = ", False),
        ([], "print({1, 2})", "print({2, 1})", True),
        ([], "print([{'b', 'a'}, 1])", "print([set('ab'), 1])", True),
        ([], "import secrets\nprint(1)", "import secrets\nprint(2)", False),
        ([], "while True:\n    pass", "x = 1\nwhile True:\n    pass", False),
        (
            [],
            "from fractions import Fraction\nprint(Fraction(1, 2))",
            "from fractions import Fraction\nprint('1/2')",
            True,
        ),
        ([], "print({12, 3})", "print({13, 2})", False),
        ([], "print({'a': 1, 'b': 2})", "print({'a': 2, 'b': 1})", False),
        ([], "print({'a': 12})", "print({'a': 21})", False),
        (
            [],
            "class A:\n    def f(self):\n        return 1",
            "class A:\n    def f(self):\n        return 2 + self.x",
            False,
        ),
    ],
)
def test_same_effect(before: list[str], reference: str, written: str, same: bool) -> None:
    assert same_effect("", before, reference, written) is same


def test_programs_reach_no_files_and_end() -> None:
    assert execute("open('/etc/passwd')", namespace())[1] == "NameError"
    assert execute("import socket", namespace())[1] == "ImportError"
    assert execute("while True:\n    pass", namespace())[1] == "TimeoutError"


def test_intervals_are_wilsons() -> None:
    low, high = Score(8, 10, []).interval
    assert (round(low, 3), round(high, 3)) == (0.49, 0.943)
    assert Score(0, 5, []).interval[0] == 0.0
    assert Score(5, 5, []).interval[1] == 1.0


def test_checks_see_state_and_output() -> None:
    assert holds("x == 3 and out == 'a\\n'", {"x": 3}, "a\n")
    assert not holds("missing == 3", {}, "")
