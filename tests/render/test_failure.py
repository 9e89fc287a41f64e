"""Tracebacks with the code they speak of: which turn, which line, and nothing too long or too wide."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtchat import render
from mtchat.languages import PYTHON
from mtchat.render.failure import Source, failure, folded, parsed
from mtchat.render.fit import width_of
from mtchat.turn import Execution, ProgramError

MEAN = "def mean(xs):\n    total = sum(xs)\n    return total / len(xs)"
SOURCES = {
    n: Source(f"turn {n}", render.code(code, PYTHON)) for n, code in {1: MEAN, 2: "print('go')\nmean([])"}.items()
}
TRACE = """Traceback (most recent call last):
  File "<turn 2>", line 2, in <module>
    mean([])
  File "<turn 1>", line 3, in mean
    return total / len(xs)
           ~~~~~~^~~~~~~~~
ZeroDivisionError: division by zero
"""


def shown(traceback: str, width: int = 80) -> str:
    return render.plain(failure(traceback, SOURCES, width))


def test_each_call_is_told_by_its_turn_and_the_line_to_blame_is_marked() -> None:
    assert shown(TRACE) == (
        "turn 2, line 2\n"
        "▸ 2 │ mean([])\n"
        "turn 1, line 3, in mean\n"
        "  1 │ def mean(xs):\n"
        "  2 │     total = sum(xs)\n"
        "▸ 3 │     return total / len(xs)\n"
        "    │            ~~~~~~^~~~~~~~~\n"
        "ZeroDivisionError: division by zero\n"
    )


def test_the_code_is_highlighted_and_the_error_stands_out() -> None:
    fragments = failure(TRACE, SOURCES, 80)
    assert ("class:pygments.keyword", "return") in fragments
    assert fragments[-1] == ("class:error", "ZeroDivisionError: division by zero\n")


def test_a_turn_that_is_not_there_is_shown_as_python_told_it() -> None:
    text = render.plain(failure(TRACE, {}, 80))
    assert "turn 1, line 3, in mean\n    return total / len(xs)\n           ~~~~~~^~~~~~~~~\n" in text


def test_what_an_exception_came_from_stays() -> None:
    joined = "\nThe above exception was the direct cause of the following exception:\n\n"
    text = shown(TRACE + joined + TRACE.replace("ZeroDivisionError: division by zero", "ValueError: a\n  b"))
    assert text.index("ZeroDivisionError") < text.index("direct cause") < text.index("ValueError: a\n  b\n")
    assert text.count("Traceback (most") == 0
    assert text.count("  2 │     total = sum(xs)") == 1, "the surroundings are those of the last call alone"


def test_a_syntax_error_points_at_its_line() -> None:
    text = shown('  File "<turn 2>", line 2\n    mean([])\n    ^^^^\nSyntaxError: invalid syntax\n')
    assert text == ("turn 2, line 2\n  1 │ print('go')\n▸ 2 │ mean([])\n    │ ^^^^\nSyntaxError: invalid syntax\n")


CALL = '  File "<turn 1>", line 3, in mean\n    return total / len(xs)\n'


@pytest.mark.parametrize("middle", [CALL * 200, CALL * 8 + "  [980 more frames]\n" + CALL * 8])
def test_a_long_recursion_is_folded(middle: str) -> None:
    text = shown(f"Traceback (most recent call last):\n{middle}RecursionError: too deep\n")
    assert text.count("in mean") == 6
    left = 194 if "more frames" not in middle else 990
    assert f"\n  … {left} more calls …\n" in text
    assert text.endswith("RecursionError: too deep\n")


def test_python_s_own_folding_is_counted() -> None:
    assert folded(parsed(CALL * 3 + "  [Previous line repeated 2982 more times]\nE: x"))[-2:] == [2982, "E: x"]


@given(st.integers(8, 160), st.integers(0, 200))
def test_lines_of_code_fit_the_window_with_the_place_in_sight(width: int, before: int) -> None:
    code = "x = " + "1 + " * before + "bad + 漢字"
    place = code.index("bad")
    trace = f'  File "<turn 1>", line 1, in <module>\n    {code}\n    {" " * place}^^^\nNameError: no\n'
    fragments = failure(trace, {1: Source("turn 1", render.code(code, PYTHON))}, width)
    lines = render.plain(fragments).split("\n")
    assert all(width_of(line) <= width for line in lines[1:3])
    if width >= 16:
        assert "bad" in lines[1]
        assert lines[1].index("bad") == lines[2].index("^^^")


@given(st.text(max_size=300), st.integers(1, 100))
def test_any_text_is_shown_rather_than_refused(text: str, width: int) -> None:
    failure(text, SOURCES, width)
    failure(f'  File "<turn 1>", line {len(text)}, in f\n{text}', SOURCES, width)


def test_a_traceback_that_was_cut_short_still_ends_with_the_error() -> None:
    error = ProgramError("RecursionError", "too deep", 3, CALL * 40 + "    ret… (9000 more characters)")
    text = render.plain(render.outcome(Execution("error", error=error), 10, render.Layout(60, SOURCES, 1)))
    assert text.endswith("RecursionError: too deep\n")
    whole = ProgramError("ZeroDivisionError", "division by zero", 2, TRACE)
    text = render.plain(render.outcome(Execution("error", error=whole), 10, render.Layout(60, SOURCES, 2)))
    assert text.count("ZeroDivisionError") == 1


def test_a_refused_line_is_marked() -> None:
    error = ProgramError("PolicyError", "line 2: no", 2, "")
    text = render.plain(render.outcome(Execution("denied", error=error), 10, render.Layout(60, SOURCES, 2)))
    assert text.startswith("  1 │ print('go')\n▸ 2 │ mean([])\nrefused: line 2: no\n")
