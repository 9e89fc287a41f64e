"""The tree of turns drawn, and what a word for a place means: pure, over sessions made by chance."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prompt_toolkit.utils import get_cwidth

from mtchat.errors import CommandError
from mtchat.render import plain
from mtchat.repl.fitting import clip, padded
from mtchat.repl.places import find
from mtchat.repl.tree import draw
from mtchat.session import Header, HeadMove, Session, TurnRecord
from mtchat.turn import Execution, ProgramError, Status, Turn


def add(session: Session, intent: str, status: Status = "ok") -> Session:
    error = ProgramError("ValueError", "", 1, "") if status == "error" else None
    execution = Execution(status, error=error)
    made = Turn.of(parent=session.head, seq=session.next_seq, intent=intent, code="pass", execution=execution)
    return session.apply(TurnRecord(made))


def forked() -> Session:
    session = Session(Header(created="x"))
    for intent in ("make nums", "sort", "sum"):
        session = add(session, intent)
    session = add(session, "loop", "timeout")
    session = session.apply(HeadMove(session.path()[1].id))
    session = add(session.apply(HeadMove(session.head, "idea")), "turn nums around and print them all")
    return add(session, "oops", "error")


def test_branches_the_head_and_failures_are_marked() -> None:
    assert plain(draw(forked(), 60)).splitlines() == [
        "○ start",
        "├─[1] make nums",
        "├─[2] sort",
        "│ └─#3 sum (main)",
        "│   └─#4 ✗ timeout loop",
        "├─[3] turn nums around and print them all",
        "└─[4] ✗ ValueError oops (idea) ◀ here",
    ]


def test_forty_columns_are_enough() -> None:
    lines = plain(draw(forked(), 40)).splitlines()
    assert all(get_cwidth(line) <= 40 for line in lines)
    assert lines[-2] == "├─[3] turn nums around and print them a…"
    assert lines[-1].endswith("(idea) ◀ here")


@given(
    st.lists(
        st.tuples(st.sampled_from(["ok", "ok", "ok", "error", "timeout", "go", "name"]), st.integers(0, 99)),
        max_size=60,
    ),
    st.sampled_from([20, 40, 80, 160]),
)
@settings(max_examples=60, deadline=None)
def test_any_tree_fits_and_shows_every_turn(steps: list[tuple[str, int]], width: int) -> None:
    session = Session(Header(created="x"))
    for what, pick in steps:
        places = [None, *(turn.id for turn in session.turns.values() if turn.execution.advances)]
        if what == "go":
            session = session.apply(HeadMove(places[pick % len(places)]))
        elif what == "name":
            session = session.apply(HeadMove(session.head, f"branch{pick}"))
        else:
            session = add(session, f"步骤 {pick} \x1b[2J", what)  # type: ignore[arg-type]
    lines = plain(draw(session, width, whole=True)).splitlines()
    assert len(lines) == len(session.turns) + 1
    assert sum("◀" in line or (width < 40 and line.endswith("…")) for line in lines) >= 1
    assert all(get_cwidth(line) <= width for line in lines)
    assert not any("\x1b" in line for line in lines)
    assert all(get_cwidth(line) <= width for line in plain(draw(session, width)).splitlines())


def test_hundreds_of_turns_are_folded_around_what_matters() -> None:
    session = Session(Header(created="x"))
    for number in range(1, 801):
        session = add(session, f"step {number}")
        if number % 5 == 0:
            session = add(session, "bad", "timeout")
    session = session.apply(HeadMove(session.path()[399].id))
    session = add(session.apply(HeadMove(session.head, "idea")), "idea's own")
    start = time.perf_counter()
    lines = plain(draw(session, 80)).splitlines()
    assert time.perf_counter() - start < 2
    assert len(lines) <= 60
    text = "\n".join(lines)
    assert "[1] step 1\n" in text
    assert "[401] idea's own (idea) ◀ here" in text
    assert "(main)" in text
    assert "⋮ " in text
    assert len(plain(draw(session, 80, whole=True)).splitlines()) == len(session.turns) + 1


def test_a_place_is_a_number_of_the_line_one_of_the_tree_or_a_name() -> None:
    session = forked()
    path = [turn.id for turn in session.path()]
    by_seq = {turn.seq: turn.id for turn in session.turns.values()}
    assert [find(session, word) for word in ("1", "4", "#3", "0", "start", "main", "id")] == [
        path[0], path[3], by_seq[3], None, None, by_seq[3], path[3],
    ]  # fmt: skip
    undone = session.apply(HeadMove(path[0]))
    assert find(undone, "3") == path[2], "an undone line goes on where it went on"


@pytest.mark.parametrize(
    ("word", "says"),
    [("9", "no turn 9 on this line, which has 4 turns"), ("#99", "no turn #99"), ("#4", "ended with timeout"),
     ("nope", "no turn or branch 'nope'"), ("-1", "no turn or branch")],
)  # fmt: skip
def test_what_is_no_place_is_named(word: str, says: str) -> None:
    with pytest.raises(CommandError, match=says):
        find(forked(), word)


@given(st.text(max_size=30), st.integers(1, 20))
def test_clipped_text_fits(text: str, width: int) -> None:
    assert get_cwidth(clip(text, width)) <= width
    assert get_cwidth(padded(text, width)) == width
