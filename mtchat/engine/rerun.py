"""What followed a turn that was changed, run again on top of it: the recorded code, on a new path beside the old one.

Knows what tells that a turn does something else now. Leaves running it to `Engine`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mtchat.engine.effects import Effects, effects
from mtchat.engine.engine import Engine
from mtchat.engine.replay import compare
from mtchat.engine.values import Hooks
from mtchat.errors import MtchatError
from mtchat.sandbox import Variable
from mtchat.selection import steady
from mtchat.session import Attach
from mtchat.turn import Turn


@dataclass(frozen=True)
class Rerun:
    """A turn on top of another past: `then` as recorded, `now` its code run again.

    `number` counts from 1 along the path. `diff` shows how its output differs, `values` what it gave variables then
    and now (None: it is not there).
    """

    number: int
    then: Turn
    now: Turn
    diff: str
    values: tuple[tuple[str, str | None, str | None], ...]

    @property
    def same(self) -> bool:
        return not self.diff and not self.values


def follow(engine: Engine, then: Sequence[Turn], changed: Turn, hooks: Hooks) -> Iterator[Rerun]:
    """The turns `then`, which followed the one that `changed` stands for, once more below it: recorded code, no model.

    Each is a turn of the session, the head on it; it ends early after one that left nothing. Files that were attached
    between them are there again.
    """
    if not then:
        return
    session, first = engine.session, len(engine.session.path(then[0].id))
    was, is_now = _look(engine, then[0].parent), _look(engine, changed.id)
    for number, turn in enumerate(then, first):
        _attach(engine, session.files(turn.parent, turn), hooks)
        now = engine.again(turn, hooks)
        if not now.execution.advances:
            yield Rerun(number, turn, now, compare(turn, turn.code, now.execution), ())
            return
        left, leaves = _look(engine, turn.id), _look(engine, now.id)
        yield Rerun(number, turn, now, compare(turn, turn.code, now.execution), _apart(was, left, is_now, leaves))
        was, is_now = left, leaves
        if hooks.cancel.is_set():
            return
    _attach(engine, session.files(then[-1].id), hooks)


def _attach(engine: Engine, records: Sequence[Attach], hooks: Hooks) -> None:
    for record in records:
        engine.attach_again(record, engine.journal.attached(record), hooks.cancel)


Look = list[Variable] | None
"""The variables of a state; None where it cannot be had any more."""


def _look(engine: Engine, turn: str | None) -> Look:
    try:
        return engine.sandbox.variables(engine.states.at(engine.session, turn))
    except MtchatError:
        return None


def _apart(was: Look, left: Look, is_now: Look, leaves: Look) -> tuple[tuple[str, str | None, str | None], ...]:
    if was is None or left is None or is_now is None or leaves is None:
        return ()
    touched = [*_touched(effects(was, left)), *_touched(effects(is_now, leaves))]
    then, now = {v.name: v.repr for v in left}, {v.name: v.repr for v in leaves}
    return tuple(
        (name, then.get(name), now.get(name))
        for name in dict.fromkeys(touched)
        if steady(then.get(name, "")) != steady(now.get(name, ""))
    )


def _touched(found: Effects) -> list[str]:
    return [v.name for v in (*found.added, *(new for _, new in found.changed), *found.removed)]
