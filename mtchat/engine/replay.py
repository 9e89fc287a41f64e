"""Replay: what recorded code does now against what its record says, with or without asking a model again.

Knows how two executions are compared and shown as a diff. Never writes to the session it reads.
"""

import difflib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from mtchat.engine.checks import failing
from mtchat.engine.engine import Engine
from mtchat.engine.states import Files, given, no_files, patience, run_prefix
from mtchat.engine.values import Hooks
from mtchat.sandbox import Sandbox
from mtchat.selection import steady
from mtchat.session import Session
from mtchat.turn import Execution, SamplingParams, Turn


@dataclass(frozen=True)
class Comparison:
    """One turn then and now. `number` counts from 1 along the path; `diff` is "" where both agree.

    `failed` are the turn's checks that do not hold now, each with why.
    """

    number: int
    then: Turn
    code: str
    now: Execution
    diff: str
    failed: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        return not self.diff and not self.failed


def replay(
    session: Session, sandbox: Sandbox, hooks: Hooks | None = None, files: Files = no_files
) -> Iterator[Comparison]:
    """Run the recorded code of the path to the head, each turn on the state that the one before left. No model.

    `files` gives the bytes of what was attached; `input()` is answered as it was.
    """
    hooks = hooks or Hooks()
    state = run_prefix(sandbox, session.header.prefix)
    for number, turn in enumerate(session.path(), 1):
        hooks.on_code(turn.code)
        state = given(sandbox, state, session.files(turn.parent, turn), files)
        now, state = sandbox.run(
            turn.code,
            state,
            on_output=hooks.on_output,
            inputs=turn.execution.inputs,
            cancel=hooks.cancel,
            timeout=patience(sandbox, turn),
        )
        failed = failing(sandbox, state, turn.checks, hooks.cancel)
        yield Comparison(number, turn, turn.code, now, compare(turn, turn.code, now), failed)
        if hooks.cancel.is_set():
            return


def regenerate(
    session: Session,
    engine: Engine,
    sampling: Callable[[Turn], SamplingParams | None] = lambda turn: turn.sampling,
    hooks: Hooks | None = None,
    files: Files = no_files,
) -> Iterator[Comparison]:
    """Ask the model again for each turn that a model wrote, on top of its own earlier answers; code by hand is kept.

    `engine` works on a fresh journal with the session's header; `sampling` is as recorded, seed included, or None for
    the engine's settings.
    """
    hooks = hooks or Hooks()
    for number, turn in enumerate(session.path(), 1):
        for record in session.files(turn.parent, turn):
            engine.attach_again(record, files(record), hooks.cancel)
        answers = turn.execution.inputs
        by_hand = turn.completion is None or turn.edited
        if by_hand:
            again = engine.run_code(turn.code, hooks, turn.intent, answers)
        else:
            offered = engine.propose(
                turn.intent, hooks, sampling=sampling(turn), tried=passed_over(session, turn), inputs=answers
            )
            again = engine.accept(offered, offered.index(turn.code))  # what a person picked is picked again
        told = compare(turn, again.code, again.execution)
        at = engine.states.at(engine.session, again.id if again.execution.advances else again.parent)
        failed = failing(engine.sandbox, at, turn.checks, hooks.cancel)
        yield Comparison(number, turn, again.code, again.execution, told, failed)
        if hooks.cancel.is_set():
            return


def passed_over(session: Session, turn: Turn) -> frozenset[str]:
    """The codes that a retry had to leave aside for `turn`: those of earlier turns beside it for the same intent."""
    beside = (t for t in session.turns.values() if t.parent == turn.parent and t.intent == turn.intent)
    tried = frozenset(t.code for t in beside if t.seq < turn.seq)
    return frozenset() if turn.code in tried else tried


def compare(then: Turn, code: str, now: Execution) -> str:
    """A unified diff of code and behaviour, "" where they agree. Times and addresses do not count, figures by kind."""
    before, after = _told(then.code, then.execution), _told(code, now)
    return "".join(difflib.unified_diff(before, after, "recorded", "now", n=2))


def _told(code: str, execution: Execution) -> list[str]:
    parts = {
        "code": code,
        "status": execution.status,
        "stdout": execution.stdout,
        "stderr": execution.stderr,
        "value": execution.value,
        "error": execution.error and f"{execution.error.type}: {execution.error.message}",
        "figures": " ".join(figure.mime for figure in execution.figures),
    }
    return [f"{name}: {line}\n" for name, text in parts.items() if text for line in steady(text).split("\n")]
