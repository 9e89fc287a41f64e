"""Proposing code and accepting one: nothing recorded before, nothing run again after, a person reads all at once."""

from collections.abc import Sequence

import pytest

from mtchat.engine import Hooks
from mtchat.errors import CommandError
from mtchat.models.scripted import ScriptedModel
from mtchat.sandbox import Sandbox
from tests.engine.test_engine import engine, sandbox, value

__all__ = ["sandbox"]

WAYS = ["x = 1", "x = 2", "import time\nx = time.time()", "x = 1"]


def test_a_proposal_records_nothing_and_the_pick_is_not_run_again(sandbox: Sandbox) -> None:
    session = engine(sandbox, model=ScriptedModel([WAYS]), candidates=4)
    proposal = session.propose("set x", Hooks())
    assert [(c.code, c.count) for c in proposal.candidates] == [("x = 1", 2), ("x = 2", 1), (WAYS[2], 1)]
    assert session.session.turns == {}
    seen = sandbox.run("x", proposal.trials[2].snapshot)[0].value
    made = session.accept(proposal, 2, checks=("x > 0",))
    assert (made.code, made.checks, made.intent) == (WAYS[2], ("x > 0",), "set x")
    assert [c.code for c in made.candidates] == ["x = 1", "x = 2"]
    assert value(session, "x") == seen, "the state of the run that was seen"


def test_a_proposal_below_another_turn(sandbox: Sandbox) -> None:
    session = engine(sandbox, model=ScriptedModel(["x = 1", "x += 1", "x += 10"]))
    first, second = session.submit("one", Hooks()), session.submit("two", Hooks())
    made = session.accept(session.propose("two", Hooks(), parent=first.id), 0)
    assert (made.parent, value(session, "x")) == (second.parent, "11")


def test_with_other_what_was_tried_is_never_taken(sandbox: Sandbox) -> None:
    session = engine(sandbox, model=ScriptedModel([WAYS]), candidates=4)
    offered = session.propose("set x", Hooks(), tried={"x = 1"}, other=True)
    assert [c.code for c in offered.candidates] == WAYS[1:3]
    with pytest.raises(CommandError, match="no other code"):
        session.propose("set x", Hooks(), tried=set(WAYS), other=True)


def test_several_codes_are_read_at_once_and_only_the_allowed_run(sandbox: Sandbox) -> None:
    asked: list[Sequence[tuple[str, int]]] = []

    def reviews(codes: Sequence[tuple[str, int]]) -> list[str | None]:
        asked.append(codes)
        return [None, "x = 20", None]

    session = engine(sandbox, model=ScriptedModel([WAYS]), candidates=4)
    made = session.submit("set x", Hooks(on_reviews=reviews))
    assert [list(codes) for codes in asked] == [[("x = 1", 2), ("x = 2", 1), (WAYS[2], 1)]]
    assert (made.code, made.edited, value(session, "x")) == ("x = 20", True, "20")
    assert {c.execution.status for c in made.candidates} == {"denied"}


def test_what_was_skipped_is_never_the_best(sandbox: Sandbox) -> None:
    session = engine(sandbox, model=ScriptedModel([["x = 1", "x = 2", "while True: pass"]]), candidates=3, timeout=0.5)
    proposal = session.propose("set x", Hooks(on_reviews=lambda codes: [None, None, codes[2][0]]))
    assert (proposal.ran, proposal.best) == ((2,), 2)


def test_one_code_is_read_as_before(sandbox: Sandbox) -> None:
    session = engine(sandbox, model=ScriptedModel(["x = 1"]))
    assert session.submit("set x", Hooks(on_review=lambda code: "x = 3", on_reviews=None)).code == "x = 3"
    assert session.submit("set x", Hooks(on_review=lambda code: None)).execution.status == "denied"
