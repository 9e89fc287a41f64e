"""What a person is asked while a turn is made: may this code run, and what `input()` wants; answers are kept."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mtchat.config import Settings
from mtchat.engine import Engine, Hooks, Memory, regenerate, replay
from mtchat.errors import SessionError
from mtchat.models.scripted import ScriptedModel
from mtchat.sandbox import Sandbox
from mtchat.session import Header, Session, Store, read

HEADER = Header(created="2026-11-21T09:00:00+00:00")
SCRIPT = {
    "ask": "name = input('name? ')\nprint('hello', name)",
    "ask twice": "print(int(input()) + int(input()))",
    "two ways": ["print('a')", "print('b')"],
    "ask two ways": ["x = input()\nprint(x)", "x = input()\nprint(x, x)"],
    "*": "x = 1",
}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


def engine(sandbox: Sandbox, journal: object = None, **settings: object) -> Engine:
    scripted = ScriptedModel(SCRIPT)
    return Engine(journal or Memory(Session(HEADER)), sandbox, lambda: scripted, Settings(**settings))  # type: ignore[arg-type]


def answers(*lines: str) -> Callable[[str], str | None]:
    """A person who answers these, then has no more to say."""
    left = list(lines)
    return lambda prompt: left.pop(0) if left else None


def nobody(prompt: str) -> str | None:
    raise AssertionError(f"the person was asked again: {prompt}")


def test_code_that_is_skipped_does_not_run_and_stands_beside_the_path(sandbox: Sandbox) -> None:
    session = engine(sandbox)
    made = session.submit("x", Hooks(on_review=lambda code: None))
    assert (made.code, made.execution.status, session.session.head) == ("x = 1", "denied", None)
    assert made.execution.error is not None
    assert "/retry" in made.execution.error.message
    assert session.sandbox.run("'x' in globals()", session.restore())[0].value == "False"
    assert session.last_turn() == made, "/edit takes it up"


def test_code_changed_in_review_is_what_runs_and_is_recorded(sandbox: Sandbox) -> None:
    session = engine(sandbox)
    made = session.submit("x", Hooks(on_review=lambda code: f"{code} + 1"))
    assert (made.code, made.edited, made.defined) == ("x = 1 + 1", True, ("x",))
    assert made.completion is not None
    assert made.completion.text == "x = 1"
    assert session.sandbox.run("x", session.restore())[0].value == "2"


def test_code_let_through_is_not_edited_and_code_by_hand_is_not_reviewed(sandbox: Sandbox) -> None:
    session, seen = engine(sandbox), []

    def look(code: str) -> str | None:
        seen.append(code)
        return code

    assert not session.submit("x", Hooks(on_review=look)).edited
    session.run_code("y = 2", Hooks(on_review=look))
    session.edit("y = 3", Hooks(on_review=look))
    assert seen == ["x = 1"]


def test_each_candidate_is_reviewed_before_it_runs(sandbox: Sandbox) -> None:
    session = engine(sandbox, candidates=2, temperature=0.8)
    made = session.submit("two ways", Hooks(on_review=lambda code: None if "'a'" in code else code))
    assert (made.code, made.execution.stdout) == ("print('b')", "b\n")
    assert [(c.code, c.execution.status) for c in made.candidates] == [("print('a')", "denied")]


def test_input_is_answered_recorded_and_never_asked_again(tmp_path: Path) -> None:
    path = tmp_path / "s.mtchat.jsonl"
    with Sandbox() as sandbox, Store.create(path, HEADER) as store:
        session = engine(sandbox, store)
        made = session.submit("ask", Hooks(on_input=answers("Ada")))
        session.submit("ask twice", Hooks(on_input=answers("1", "2")))
        assert made.execution.inputs == ("Ada",)
        assert made.execution.stdout == "name? hello Ada\n"
    recorded, notices = read(path), []
    assert [turn.execution.inputs for turn in recorded.path()] == [("Ada",), ("1", "2")]
    with Sandbox() as sandbox, Store.open(path) as store:
        again = Engine(store, sandbox, lambda: ScriptedModel(SCRIPT), Settings(), notices.append)
        assert sandbox.run("name", again.restore())[0].value == "'Ada'"
        assert notices == []
        assert [found.diff for found in replay(recorded, sandbox, Hooks(on_input=nobody))] == ["", ""]
        fresh = engine(sandbox)
        assert [found.diff for found in regenerate(recorded, fresh, hooks=Hooks(on_input=nobody))] == ["", ""]


def test_nobody_there_is_the_end_of_the_input(sandbox: Sandbox) -> None:
    made = engine(sandbox).submit("ask", Hooks())
    assert made.execution.error is not None
    assert (made.execution.status, made.execution.error.type) == ("error", "EOFError")
    assert made.execution.inputs == ()


def test_candidates_get_recorded_answers_only(sandbox: Sandbox) -> None:
    session = engine(sandbox, candidates=2, temperature=0.8)
    made = session.submit("ask two ways", Hooks(on_input=nobody))
    assert made.execution.error is not None
    assert made.execution.error.type == "EOFError"
    alone = engine(sandbox)
    first = alone.submit("ask two ways", Hooks(on_input=answers("hi")))
    second = alone.retry(Hooks(on_input=nobody))
    assert (first.execution.stdout.split(), second.execution.stdout.split()) == (["hi"], ["hi", "hi"])


def test_a_header_in_a_language_there_is_none_of_is_refused() -> None:
    from mtchat.engine import sandbox_of

    with pytest.raises(SessionError, match="'cobol'"):
        sandbox_of(Header(created="now", language="cobol"), Settings())
