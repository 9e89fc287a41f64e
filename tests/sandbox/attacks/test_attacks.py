"""Every payload of the corpus, in plain CPython (where it must reach) and in every mode (where it must not).

What a mode's layers are known not to hold is written in the payload (`#: expect`), and then it must reach: the table
in docs/sandbox.md is made of the same runs.
"""

import importlib.util
import os
import sys

import pytest

from tests.sandbox.attacks.payloads import MODES, Payload, corpus
from tests.sandbox.attacks.support import Arena, achieved


def _skip_where_it_cannot_run(payload: Payload) -> None:
    if sys.version_info < payload.python:
        pytest.skip(f"Python before {payload.python}")
    for name in payload.needs:
        if importlib.util.find_spec(name) is None:
            pytest.skip(f"{name} is not installed")


def _marks(payload: Payload, mode: str) -> list[pytest.MarkDecorator]:
    """Slow are, too, what `language` and `kernel` imply (both together, and the interpreter's internals), and most
    controls: what a program does in plain CPython changes only with the program.
    """
    implied = mode == "both" or (payload.goal == "internals" and mode == "no-userns")
    implied |= mode == "control" and payload.group not in ("network", "published")
    return [pytest.mark.slow] if payload.slow or implied else []


CONTROLS = [
    pytest.param(each, id=f"{each.group}-control-{each.id}", marks=_marks(each, "control"))
    for each in corpus()
    if each.controlled
]
ATTEMPTS = [
    pytest.param(each, mode, id=f"{each.group}-{mode}-{each.id}", marks=_marks(each, mode))
    for mode in MODES
    for each in corpus()
    if mode in each.modes
]


@pytest.mark.parametrize("payload", CONTROLS)
def test_it_reaches_when_nothing_holds_it(arena: Arena, payload: Payload) -> None:
    _skip_where_it_cannot_run(payload)
    if payload.root and os.geteuid() != 0:
        pytest.skip("its control takes the privileges of root")
    for _ in range(3):  # a race may be lost where the machine is busy
        outcome = arena.control(payload)
        if there := achieved(payload, outcome):
            break
    assert there, f"{payload.group}: {payload.title}: goes for {payload.goal}: {outcome}"


@pytest.mark.parametrize(("payload", "mode"), ATTEMPTS)
def test_it_reaches_nothing(arena: Arena, payload: Payload, mode: str) -> None:
    _skip_where_it_cannot_run(payload)
    outcome = arena.attempt(payload, mode)
    label = f"{payload.group}: {payload.title}: {mode}: {outcome}"
    reached = bool(outcome.reached)
    assert outcome.broken is None, label
    assert reached == (mode in payload.expected), label
    if payload.goal == "end":
        assert mode == "language" or outcome.statuses[-1] in payload.ends, label
        assert arena.sandbox(mode).run("1 + 1")[0].value == "2", label
