"""Grading programs of our own: what is judged, what ends a grading, and what a program cannot do to it."""

from typing import Any

import pytest

from mtchat.bench.grader import grade_joined, grade_turns
from mtchat.sandbox import Sandbox, Snapshot
from tests.bench.grader.conftest import Grade, Sandboxes


@pytest.mark.parametrize(
    ("program", "expected", "passes"),
    [
        ("", 7, False),
        ("print(7", 7, False),
        ("x = 7\nx", 7, True),
        ("1, 2", [1, 2], True),
        ("(i for i in (1, 2))", [1, 2], True),
        ("(7 # seven\n)", 7, True),
        ("é = 'ü'; é + 'ö'", "üö", True),
        ("'''not printed'''\nfrom __future__ import annotations\nprint(7)", 7, True),
        ("list = print = 3", 7, False),
        ("list, str = [1], '2'\nprint(tuple(list))", [1], True),
        ("print({'a': 1})", {"a": 1}, False),
        ("print([{'a': [1]}])", [{"a": [1]}], True),
        ("print([{'a': [2]}])", [{"a": [1]}], False),
        ("from fractions import Fraction\nprint([Fraction(1, 2)])", [0.5], True),
        ("print([(1, 2)], [[1, 2]])", [[1, 2]], True),
        ("import numpy as np\nprint([np.array([7]), np.float32(0.1), np.int8(1)])", [7, 0.1, 1], True),
        ("import numpy as np\nprint([np.array([7, 7])])", [7], False),
        ("class Yes:\n    def __eq__(self, other):\n        return True\nprint([Yes()])", [7], False),
    ],
)
def test_verdicts(grade: Grade, program: str, expected: Any, passes: bool) -> None:
    graded = grade(program, expected)
    assert graded.passed is passes, graded
    assert bool(graded.message) is not passes


@pytest.mark.parametrize(
    "program",
    [
        "import itertools\nprint(itertools.count())",
        "x = []\nx.append(x)\nprint(x)",
        "print([7] * 10 ** 5)",
        "print(10 ** 10000)",
        "class A:\n    def __iter__(self):\n        raise SystemExit(0)\nprint(A())",
        "class A:\n    def __iter__(self):\n        print([7])\n        return iter(('value', [7]))\nprint(A())",
    ],
)
def test_what_is_printed_cannot_break_the_look(grade: Grade, program: str) -> None:
    assert not grade(program, [7]).passed
    assert not grade(program, 7).passed


def test_a_value_that_hangs_is_a_timeout(grade: Grade) -> None:
    hangs = "class A:\n    def __int__(self):\n        while True: pass\nprint(A())"
    graded = grade(hangs, 7, timeout=0.3)
    assert (graded.passed, graded.status) == (False, "timeout")


def test_a_timeout_is_judged_by_the_last_print_before_it(grade: Grade) -> None:
    loops = (
        "x = [6]\nprint(x)\nx[0] += 1\ntry:\n    print(x)\n    while True: pass\nfinally:\n    x[0] = 8\n    print(9)"
    )
    graded = grade(loops.replace("x[0] = 8", "pass"), [7], timeout=0.3)
    assert (graded.passed, graded.status) == (True, "timeout")
    assert grade("while True: pass\nprint(7)", 7, timeout=0.3).message.startswith("TimeoutError")


def test_a_refusal_says_so(grade: Grade) -> None:
    graded = grade("print(7)\nimport socket", 7)
    assert (graded.passed, graded.status) == (False, "denied")
    assert "socket" in graded.message


def test_the_expected_output_is_nowhere_in_the_sandbox(sandboxes: Sandboxes) -> None:
    """With everything Python has, while it runs and while it is looked at: the frames, their code, every string."""
    snoop = """
import gc, sys
class Snoop:
    def __str__(self):
        frame, seen = sys._getframe(), []
        while frame:
            seen += [repr(frame.f_code.co_consts), repr(list(frame.f_locals)), repr(frame.f_code.co_names)]
            frame = frame.f_back
        seen += [each for each in gc.get_objects() if isinstance(each, str)]
        word = "".join(["secret", " ", "word"])  # so that the program does not hold it itself
        return word if any(word in each for each in seen) else "nothing"
print(Snoop())
"""
    sandbox, at = sandboxes["open"]
    assert grade_joined(sandbox, snoop, "nothing", at=at).passed
    assert not grade_joined(sandbox, snoop, "secret word", at=at).passed


def test_turns_go_on_where_the_last_ended(sandbox: Sandbox, at: Snapshot) -> None:
    def passes(*codes: str) -> bool:
        return grade_turns(sandbox, "import math\n\n", codes, 7, at=at, timeout=0.5).passed

    assert passes("x = 3", "", "def f():\n    return x + 4", "f()  # shown")
    assert passes("print(7)", "# nothing more")
    assert passes("x = 7\n1 / 0", "print(x)", "no Python at all")
    assert passes("x = 7", "x = 8\nimport socket", "x")
    assert passes("x = 7", "print(8)\nwhile True: pass", "print(x)")
    assert not passes("7", "x = 8", "pass")  # only the last turn's value is printed


def test_a_refused_turn_shows_in_the_status(sandbox: Sandbox, at: Snapshot) -> None:
    graded = grade_turns(sandbox, "", ["import socket", "print(socket)"], 7, at=at)
    assert (graded.passed, graded.status) == (False, "denied")


def test_nothing_is_left_parked(sandbox: Sandbox, at: Snapshot) -> None:
    before = len(sandbox._parked)
    grade_joined(sandbox, "print(7)", 7, at=at)
    grade_turns(sandbox, "x = 7", ["print(x)", "1 / 0"], 7, at=at)
    assert len(sandbox._parked) == before


def test_chance_falls_alike_in_every_run_and_under_both_policies(sandboxes: Sandboxes) -> None:
    program = "import random\nimport numpy as np\nprint(random.random(), np.random.rand(), hash('word'))"
    runs = [box.run(program, at)[0] for box, at in sandboxes.values() for _ in range(2)]
    assert len({run.stdout for run in runs}) == 1
    assert runs[0].ok
