"""Styled text: code that streams in, and what a finished program left."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtchat import render
from mtchat.languages import PYTHON
from mtchat.turn import Execution, Figure, ProgramError

PIECES = [
    "def f(x):\n",
    "    return 'a",
    "bc'\n",
    "x = [1, 2",
    "34]\n",
    "# no\n",
    "'''tri",
    "ple'''\n",
    "print",
    "(x)\n",
    '"',
]


@given(st.lists(st.sampled_from(PIECES), max_size=12))
def test_streamed_code_adds_up_to_the_code(pieces: list[str]) -> None:
    text, shown = "", ""
    for piece in pieces:
        text += piece
        shown += render.plain(render.grown(text, len(shown), PYTHON))
        assert text.startswith(shown)
    shown += render.plain(render.grown(text, len(shown), PYTHON, final=True))
    assert shown == text


def test_a_word_is_held_back_until_it_can_no_longer_change() -> None:
    assert render.plain(render.grown("x = pri", 0, PYTHON)) == "x = "
    grown = render.grown("x = print(", 4, PYTHON)
    assert grown == [("class:pygments.name.builtin", "print")]


def test_what_a_program_left() -> None:
    assert render.plain(render.outcome(Execution("ok", value="42"), 10)) == "42\n"
    assert render.plain(render.outcome(Execution("ok", figures=(Figure("image/png", "0"),)), 10)).startswith(
        "[figure 1"
    )
    error = ProgramError("ValueError", "no", 2, "Traceback (most recent call last):\n  …\nValueError: no\n")
    assert render.plain(render.outcome(Execution("error", error=error), 10)).endswith("ValueError: no\n")
    assert render.outcome(Execution("ok"), 10) == []


@pytest.mark.parametrize("status", ["timeout", "memory", "denied", "interrupted", "crashed", "limit"])
def test_a_failure_says_that_nothing_changed(status: str) -> None:
    said = render.plain(render.outcome(Execution(status, error=ProgramError("T", "because", None, "")), 2.5))  # type: ignore[arg-type]
    assert "because" in said
    assert "as before this turn" in said
    assert ("2.5 s" in said) == (status == "timeout")
