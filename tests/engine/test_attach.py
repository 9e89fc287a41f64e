"""Attached files in the real sandbox: there from their point on, gone before it, there again after every rebuild."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mtchat.config import Settings
from mtchat.engine import Engine, Hooks, Memory, regenerate, replay
from mtchat.errors import CommandError, SessionError
from mtchat.models.scripted import ScriptedModel
from mtchat.sandbox import Sandbox
from mtchat.session import Header, Session, Store, blob, read

HEADER = Header(created="2026-11-21T09:00:00+00:00")
READ = "print(open('nums.txt').read().split())"
THERE = """\
try:
    print(bool(open('nums.txt')))
except FileNotFoundError:
    print(False)"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "nums.txt"
    path.write_text("3\n1\n2\n")
    return path


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


def engine(sandbox: Sandbox, journal: object = None) -> Engine:
    return Engine(journal or Memory(Session(HEADER)), sandbox, lambda: ScriptedModel([READ]), Settings())  # type: ignore[arg-type]


def out(engine: Engine, code: str) -> str:
    """What a turn of `code` prints, or the type of its error."""
    execution = engine.run_code(code, Hooks()).execution
    return execution.error.type if execution.error else execution.stdout.rstrip("\n")


def test_a_program_finds_the_file_and_undo_takes_it_away(sandbox: Sandbox, source: Path) -> None:
    session = engine(sandbox)
    assert out(session, "x = 1") == ""
    session.attach(source)
    assert out(session, READ) == "['3', '1', '2']"
    session.undo()
    assert out(session, THERE) == "True", "it was attached at this state"
    session.undo(2)
    assert out(session, THERE) == "False"


def test_at_the_start_it_is_in_this_session_only(sandbox: Sandbox, source: Path) -> None:
    session = engine(sandbox)
    session.attach(source)
    assert out(session, READ) == "['3', '1', '2']"
    session.undo()
    assert out(session, READ) == "['3', '1', '2']"
    assert out(engine(sandbox), THERE) == "False"


def test_what_a_program_does_to_it_is_undone(sandbox: Sandbox, source: Path) -> None:
    session = engine(sandbox)
    session.attach(source)
    out(session, "open('nums.txt', 'w').close()")
    assert out(session, READ) == "[]"
    session.undo(2)
    assert out(session, READ) == "['3', '1', '2']"
    assert source.read_text() == "3\n1\n2\n", "the person's own file is never touched"


def test_a_rebuild_puts_it_back_for_those_who_saw_it_only(tmp_path: Path, source: Path) -> None:
    with Sandbox() as first, Store.create(tmp_path / "s.mtchat.jsonl", HEADER) as store:
        session = engine(first, store)
        out(session, "x = 1")
        early = session.run_code(THERE, Hooks())
        session.undo()
        session.attach(source)
        late = session.run_code(THERE, Hooks())
        assert (early.execution.stdout, late.execution.stdout) == ("False\n", "True\n")
    notices: list[str] = []
    with Sandbox() as second, Store.open(tmp_path / "s.mtchat.jsonl") as store:
        again = Engine(store, second, lambda: ScriptedModel([READ]), Settings(), notices.append)
        again.restore()
        assert out(again, READ) == "['3', '1', '2']"
        again.goto(early.id)
        assert out(again, THERE) == "False"
        again.goto(late.id)
        assert out(again, THERE) == "True"
    assert notices == [], "every turn did what it did"


def test_the_same_name_again_is_the_newer_file(sandbox: Sandbox, source: Path) -> None:
    session = engine(sandbox)
    session.attach(source)
    source.write_text("7")
    session.attach(source)
    assert out(session, READ) == "['7']"
    session.states = type(session.states)(sandbox, session.journal.attached)
    assert out(session, READ) == "['7']"


def test_replay_and_regenerate_put_it_where_it_was(tmp_path: Path, sandbox: Sandbox, source: Path) -> None:
    path = tmp_path / "s.mtchat.jsonl"
    with Store.create(path, HEADER) as store:
        session = engine(sandbox, store)
        session.run_code("x = 1", Hooks())
        session.attach(source)
        session.submit("read them", Hooks())
        session.run_code(READ, Hooks())
        recorded, files = read(path), store.attached
    source.unlink()
    assert [found.same for found in replay(recorded, sandbox, files=files)] == [True, True, True]
    fresh = engine(sandbox)
    assert [found.diff for found in regenerate(recorded, fresh, files=files)] == ["", "", ""]
    assert [record.name for _, record in fresh.session.attached] == ["nums.txt"]


def test_an_altered_file_stops_what_needs_it_and_undo_still_works(tmp_path: Path, source: Path) -> None:
    path = tmp_path / "s.mtchat.jsonl"
    with Sandbox() as sandbox, Store.create(path, HEADER) as store:
        session = engine(sandbox, store)
        session.run_code("x = 1", Hooks())
        session.run_code("y = 2", Hooks())
        record = session.attach(source)
        session.run_code(READ, Hooks())
    blob(path, record).write_text("9")
    with Sandbox() as sandbox, Store.open(path) as store:
        again = engine(sandbox, store)
        with pytest.raises(SessionError, match=r"nums\.txt is not what was attached"):
            again.restore()
        with pytest.raises(SessionError, match=r"nums\.txt is not what was attached"):
            list(replay(store.session, sandbox, files=store.attached))
        again.undo(2)
        assert out(again, "print(x)") == "1"


def test_what_cannot_be_attached_is_not_recorded(sandbox: Sandbox, tmp_path: Path) -> None:
    session = engine(sandbox)
    with pytest.raises(CommandError, match="No such file"):
        session.attach(tmp_path / "none")
    assert session.session.attached == ()
