"""Each option of `Rules`: a program that passes with it and not without, or the other way round."""

from typing import Any

import pytest
from msgspec.structs import replace

from mtchat.bench.grader import REFERENCE, STRICT, Rules
from tests.bench.grader.conftest import Grade

SERIES = "import pandas as pd\nprint(pd.Series([3, 3, 3]))"
QUIRKS: list[tuple[str, str, Any, bool]] = [
    # option, program, expected output, the reference's verdict, which the option off turns round
    ("trailing_assignment", "print(1)\nx = 7", 7, True),
    ("first_argument_only", "print(7, 'apples')", 7, True),
    ("by_reference", "x = [1]\nprint(x)\nfor i in [2]:\n    x.append(i)", [1], False),
    ("errors_after_print", "print(7)\nprint(1 / 0)", 7, True),
    ("open_record", "print(7)\nprint_stack = None", 7, False),
    ("process_guard", "import os\nif os.getcwd():\n    print(7)", 7, False),
    ("lenient_numbers", "print(7.9)", 7, True),
    ("lenient_numbers", "print('0.5')", 0.5, True),
    ("lenient_numbers", "print(True)", 1, True),
    ("lenient_lists", "print('ab')", ["a", "b"], True),
    ("lenient_text", "print(7)", "7", True),
    ("booleans_as_text", "print('True')", True, True),
]


@pytest.mark.parametrize(("option", "program", "expected", "passes"), QUIRKS)
def test_an_option_turns_a_verdict(grade: Grade, option: str, program: str, expected: Any, passes: bool) -> None:
    assert grade(program, expected).passed is passes
    rules = replace(REFERENCE, **{option: False})
    if option == "open_record":
        rules = replace(rules, trailing_assignment=False)  # by which the second statement of that program is printed
        assert not grade(program, expected, rules=replace(rules, open_record=True)).passed
    assert grade(program, expected, rules=rules).passed is not passes


@pytest.mark.slow
def test_a_series_is_compared_as_numpy_would(grade: Grade) -> None:
    pytest.importorskip("pandas")
    assert grade(SERIES, 3).passed
    assert not grade(SERIES, 3, rules=Rules(close_series=False)).passed
    assert grade(SERIES, [3, 3, 3], rules=Rules(close_series=False)).passed


def test_every_option_is_tried() -> None:
    assert {option for option, *_ in QUIRKS} | {"tolerance", "close_series"} == set(Rules.__struct_fields__)


def test_the_tolerance_is_absolute_and_may_be_none(grade: Grade) -> None:
    assert grade("print(0.5 + 9e-7)", 0.5).passed
    assert not grade("print(0.5 + 2e-6)", 0.5).passed
    assert not grade("print(0.5 + 9e-7)", 0.5, rules=Rules(tolerance=0)).passed
    assert grade("print(0.5)", 0.5, rules=Rules(tolerance=0)).passed


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        ("import numpy as np\nprint(np.int64(7))", 7),
        ("import numpy as np\nprint(np.array([[1, 2], [3, 4]]))", [[1, 2], [3, 4]]),
        ("import numpy as np\nprint(np.float32(0.5))", 0.5),
        ("import numpy as np\nnp.bool_(True)", True),
        ("print((1, 'two'))", [1, "two"]),
        ("'seven'", "seven"),
        ("print('7', 'of', 9, sep='')", "7of9"),
    ],
)
def test_strict_rules_pass_what_is_right(grade: Grade, program: str, expected: Any) -> None:
    graded = grade(program, expected, rules=STRICT)
    assert graded.passed, graded
