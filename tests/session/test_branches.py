"""Names of lines of turns: they follow the head, survive the file and copies; readers without them lose no more."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtchat.errors import CommandError, SessionError
from mtchat.session import MAIN, Header, HeadMove, Session, Store, TurnRecord, branch_name, check_name, copy, read
from mtchat.turn import Execution, Status, Turn

HEADER = Header(created="2026-11-21T09:00:00+00:00")


def turn(session: Session, code: str, status: Status = "ok") -> TurnRecord:
    made = Turn.of(parent=session.head, seq=session.next_seq, intent=code, code=code, execution=Execution(status))
    return TurnRecord(made)


def grown(session: Session, *codes: str) -> Session:
    for code in codes:
        session = session.apply(turn(session, code))
    return session


def codes(session: Session, name: str) -> list[str]:
    tip = session.branches.tips[name]
    return [each.code for each in session.path(tip)] if tip else []


def test_a_session_begins_on_main_and_says_so_once_there_are_others() -> None:
    session = grown(Session(HEADER), "a", "b")
    assert (session.branches.current, codes(session, MAIN), branch_name(session)) == (MAIN, ["a", "b"], None)
    session = grown(session.apply(HeadMove(session.head, "idea")), "c")
    assert (branch_name(session), codes(session, "idea"), codes(session, MAIN)) == ("idea", ["a", "b", "c"], ["a", "b"])


def test_a_name_follows_a_turn_made_after_an_undo_and_the_line_left_has_none() -> None:
    session = grown(Session(HEADER), "a", "b", "c")
    left = session.head
    session = grown(session.apply(HeadMove(session.undo_target(2))), "d")
    assert codes(session, MAIN) == ["a", "d"]
    session = session.apply(HeadMove(left))
    assert session.branches.current is None
    session = grown(session, "e")
    assert (session.branches.current, codes(session, MAIN)) == (None, ["a", "d"])
    session = session.apply(HeadMove(session.path()[0].id))
    assert session.branches.current == MAIN, "the line of main has this turn"


def test_going_by_number_to_a_named_line_is_going_to_its_branch() -> None:
    session = grown(Session(HEADER), "a", "b")
    main = session.head
    session = session.apply(HeadMove(session.path()[0].id))
    session = grown(session.apply(HeadMove(session.head, "idea")), "c")
    assert session.apply(HeadMove(main)).branches.current == MAIN
    assert session.apply(HeadMove(session.path()[0].id)).branches.current == "idea"


def test_a_failed_turn_moves_no_name() -> None:
    session = grown(Session(HEADER), "a")
    assert session.apply(turn(session, "loop", "timeout")).branches == session.branches


def test_names_are_in_the_file_and_its_copy(tmp_path: Path) -> None:
    path, target = tmp_path / "a.mtchat.jsonl", tmp_path / "b.mtchat.jsonl"
    with Store.create(path, HEADER) as store:
        for code in "ab":
            store.append(turn(store.session, code))
        store.append(HeadMove(store.session.path()[0].id))
        store.append(HeadMove(store.session.head, "idea"))
        store.append(turn(store.session, "c"))
        session = store.session
    assert read(path) == session
    assert '{"record":"head","turn":"' in path.read_text()
    assert path.read_text().count('"branch":"idea"}') == 1
    copy(session, path, target)
    again = read(target)
    assert (again.branches.current, dict(again.branches.tips), again.head) == (
        "idea", dict(session.branches.tips), session.head,
    )  # fmt: skip


def test_a_session_without_branches_is_written_as_before(tmp_path: Path) -> None:
    path, target = tmp_path / "a.mtchat.jsonl", tmp_path / "b.mtchat.jsonl"
    with Store.create(path, HEADER) as store:
        store.append(turn(store.session, "a"))
        store.append(HeadMove(None))
        session = store.session
    copy(session, path, target)
    for file in (path, target):
        assert [list(json.loads(line)) for line in file.read_text().splitlines()[2:]] == [["record", "turn"]]


@pytest.mark.parametrize("name", ["", "7", "#7", "a b", "-x", "x" * 61, "a\x1b[2J"])
def test_what_is_no_name_is_refused_by_hand_and_in_a_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(CommandError, match="is no name for a branch"):
        check_name(name)
    path = tmp_path / "a.mtchat.jsonl"
    with Store.create(path, HEADER):
        pass
    path.write_text(path.read_text() + json.dumps({"record": "head", "turn": None, "branch": name}) + "\n")
    with pytest.raises(SessionError, match="line 2: a record that does not fit"):
        read(path)


@given(st.lists(st.tuples(st.sampled_from(["turn", "fail", "go", "name"]), st.integers(0, 9)), max_size=25))
@settings(max_examples=60, deadline=None)
def test_wherever_one_goes_the_head_is_on_the_line_of_its_branch(steps: list[tuple[str, int]]) -> None:
    session = Session(HEADER)
    for what, pick in steps:
        places = [None, *(each.id for each in session.turns.values() if each.execution.advances)]
        place = places[pick % len(places)]
        match what:
            case "go":
                session = session.apply(HeadMove(place))
            case "name":
                session = session.apply(HeadMove(session.head, f"b{pick}"))
            case _:
                session = session.apply(turn(session, what, "ok" if what == "turn" else "timeout"))
        current = session.branches.current
        lines = {n: [None, *(t.id for t in session.path(tip) if tip)] for n, tip in session.branches.tips.items()}
        if current is None:
            assert not any(session.head in line for line in lines.values())
        else:
            assert session.head in lines[current]
