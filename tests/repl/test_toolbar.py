"""The line below the prompt: what gives way first, in any width."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtchat.render.fit import width_of
from mtchat.repl.timings import Wrote, forms, lines
from mtchat.repl.toolbar import GIVING_WAY, KEYS, _branch, _context, _isolation, _model, fitted


def bar(width: int, name: str = "Salesforce/codegen-350M-mono", level: str = "full", branch: str = "") -> str:
    fields = [
        _model(name, True),
        _isolation(level),
        _context(312, 2048),
        _branch(branch),
        ["review"],
        ["saved", ""],
        [KEYS, ""],
    ]
    return fitted(fields, width, GIVING_WAY)


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (159, f"Salesforce/codegen-350M-mono · full isolation · context 312/2048 tokens · review · saved · {KEYS}"),
        (120, f"codegen-350M-mono · full isolation · context 312/2048 tokens · review · saved · {KEYS}"),
        (79, "codegen-350M-mono · full isolation · context 312/2048 tokens · review · saved"),
        (39, "codegen… · isolated · 15% used · review"),
    ],
)
def test_in_each_width_what_matters_is_there(width: int, line: str) -> None:
    assert bar(width) == line


def test_isolation_that_is_not_full_is_always_seen() -> None:
    assert "no-landlock" in bar(39, level="no-landlock")
    assert "isolation no-landlock" in bar(120, level="no-landlock")


def test_a_branch_is_named_where_there_is_one() -> None:
    assert "tokens · with tax · review" in bar(120, branch="with tax")
    assert bar(42, branch="with tax") == "codegen… · 15% used · with tax · review"


def test_a_model_that_is_loading_says_so() -> None:
    assert fitted([_model("embedded", False)], 60, ()) == "embedded (loading)"
    assert _context(0, 0) == [""]


@given(st.integers(1, 200), st.text(max_size=60))
def test_it_never_wraps(width: int, name: str) -> None:
    assert width_of(bar(width, name)) <= width


def test_times_of_a_turn_from_long_to_short() -> None:
    assert forms(Wrote(0.1, 0.5, 60), 0.02)[0] == "model 500 ms · 120 tokens/s · program 20 ms"
    assert forms(Wrote(0.1, 20.0, 60), 75)[-1] == "3.0 tokens/s"
    assert forms(None, 1.25) == ["program 1.2 s", "1.2 s"]
    assert forms(Wrote(0.1, 0.5, 0), 0.02)[0] == "model 500 ms · program 20 ms"


def test_no_turn_no_times() -> None:
    assert lines([], {}) == []
