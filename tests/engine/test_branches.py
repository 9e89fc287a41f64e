"""Switching between long branches: both ends stay at hand, and so does a state every so many turns."""

from collections.abc import Iterator

import pytest

from mtchat.config import Settings
from mtchat.engine import Engine, Hooks, Memory
from mtchat.engine.states import _step
from mtchat.models.scripted import ScriptedModel
from mtchat.sandbox import Limits, Sandbox
from mtchat.session import Header, HeadMove, Session


@pytest.fixture
def engine() -> Iterator[Engine]:
    """One that can park but eight states."""
    with Sandbox(limits=Limits(snapshots=8)) as sandbox:
        yield Engine(Memory(Session(Header(created="x"))), sandbox, lambda: ScriptedModel({}), Settings())


def test_the_end_of_a_branch_stays_at_hand(engine: Engine) -> None:
    for number in range(20):
        engine.run_code(f"x = {number}", Hooks())
    engine.goto(None)
    engine.journal.append(HeadMove(None, "other"))
    for number in range(20):
        engine.run_code(f"y = {number}", Hooks())
    tips = engine.session.branches.tips
    assert [engine.states.lost(engine.session, tips[name]) for name in ("main", "other")] == [0, 0]
    assert engine.states.lost(engine.session, engine.session.path(tips["main"])[10].id) == 11
    engine.goto(tips["main"], branch="main")
    (x,) = engine.sandbox.variables(engine.restore())
    assert (x.name, x.repr, engine.session.branches.current) == ("x", "19", "main")


def test_a_step_that_grows_keeps_those_it_had() -> None:
    for length in range(1, 3000, 7):
        held = range(0, length, _step(length))
        assert len(held) <= 16
        assert set(range(0, length + 7, _step(length + 7))) - {length + n for n in range(7)} <= set(held)
