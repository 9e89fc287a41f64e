"""Better code for turns that are there already: an error fixed, a turn replaced or changed, shorter code found.

Knows which turn each of them hangs below, so that undoing it is one step and what was before stays in the tree. Leaves
making and running code to `Engine`, asking the person to the callers.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mtchat import selection
from mtchat.engine.effects import Effects, effects
from mtchat.engine.engine import RETRY_SAMPLES, Engine
from mtchat.engine.proposal import Proposal
from mtchat.engine.replay import compare
from mtchat.engine.values import Hooks
from mtchat.errors import CommandError, MtchatError
from mtchat.sandbox import Variable
from mtchat.selection import behaviour, steady
from mtchat.session import Attach
from mtchat.turn import Candidate, Execution, SamplingParams, Turn

MOST_TOLD = 200
_REASONS = {"timeout": "it ran too long", "memory": "it wanted too much memory", "crashed": "it crashed Python"}
_NOT_RUN = {"Skipped", "NoCode", "Interrupted"}


def fix(engine: Engine, hooks: Hooks, hint: str = "") -> Turn:
    """A turn that mends the last one: its error becomes the intent, several codes are run, one that runs is taken.

    After an error it follows the erring turn, whose code and state are there; a turn that left nothing (a time-out, a
    refusal) is asked for again, with the reason. `hint` is a further line of the intent. Raises CommandError, the
    session unchanged, where there is nothing to fix or nothing that the model offers runs.
    """
    last, intent = engine.last_turn(), fix_intent(engine, hint)
    parent = last.id if last.execution.advances else last.parent
    proposal = engine.propose(intent, hooks, parent=parent, sampling=_varied(engine), tried={last.code}, other=True)
    if hooks.cancel.is_set():
        raise CommandError("stopped; nothing was changed")
    runs = [c for c in proposal.candidates if c.execution.ok]
    if not runs:
        tried = len(proposal.candidates)
        raise CommandError(f"none of {tried} other codes runs: say the step in other words, /edit its code, or /undo")
    return engine.take(proposal, hooks, selection.choose(_whole(engine, last, runs)))


def fix_intent(engine: Engine, hint: str = "") -> str:
    """What the model is told in order to mend the last turn. Raises CommandError where there is nothing to fix."""
    last = engine.last_turn()
    return "\n".join(line for line in (_begins(last), f"fix: {_reason(last)}", hint.strip()) if line)


def _begins(last: Turn) -> str:
    """The intent that the fix of `last` opens with: none where its code is there already, to be mended."""
    if last.execution.ok:
        raise CommandError("the last turn ran without an error: /retry writes other code for it, /edit changes it")
    if last.execution.error and last.execution.error.type in _NOT_RUN:
        raise CommandError("the last turn did not run, so there is no error to fix: /retry writes other code for it")
    if last.execution.advances:
        return ""
    if not last.intent.strip():
        raise CommandError("code by hand that left nothing cannot be fixed by the model: /edit changes it")
    return last.intent


def _reason(last: Turn) -> str:
    """What went wrong, in one line.

    >>> from mtchat.turn import Execution, ProgramError
    >>> error = ProgramError("NameError", "name 'x' is not defined", 1, "")
    >>> _reason(Turn.of(parent=None, seq=1, intent="", code="x", execution=Execution("error", error=error)))
    "NameError: name 'x' is not defined"
    """
    if (said := _REASONS.get(last.execution.status)) is not None:
        return said
    error = last.execution.error
    told = f"{error.type}: {error.message}" if error else last.execution.status
    return " ".join(told.split())[:MOST_TOLD].rstrip(": ")


def _whole(engine: Engine, last: Turn, runs: Sequence[Candidate]) -> Sequence[Candidate]:
    """Those of `runs` that bind what the erring turn was to bind and did not; all where none does."""
    bound = {v.name for v in engine.sandbox.variables(engine.restore())} if last.execution.advances else set()
    missing = set(last.defined) - bound
    return [c for c in runs if missing <= set(engine.language.defines(c.code))] or runs


def instead(engine: Engine, intent: str, hooks: Hooks) -> Turn:
    """A turn for `intent` in place of the last one, beside it."""
    parent = engine.last_turn().parent
    return engine.take(engine.propose(intent, hooks, parent=parent), hooks)


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


@dataclass(frozen=True)
class Alike:
    """Other codes for a turn that did the same as it: candidates of `proposal` by number, simplest first.

    `unseen` are names that the turn bound to functions, classes or other values that a look cannot tell apart.
    """

    turn: Turn
    proposal: Proposal
    simpler: tuple[int, ...]
    same: int
    unseen: tuple[str, ...]


def refactorings(engine: Engine, hooks: Hooks) -> Alike:
    """Other code for the last turn that leaves the same output and variables when it is run where that one was.

    Raises CommandError where that turn has no intent, or failed, or the model has no other code.
    """
    last = engine.last_turn()
    if not last.execution.ok:
        raise CommandError("the last turn failed: /fix mends it, /retry writes other code")
    if not last.intent.strip():
        raise CommandError("the last turn was written by hand: there is no intent to sample other code for")
    proposal = engine.propose(
        last.intent,
        hooks,
        parent=last.parent,
        sampling=_varied(engine),
        tried={last.code},
        other=True,
        inputs=last.execution.inputs,
    )
    if hooks.cancel.is_set():
        raise CommandError("stopped; nothing was changed")
    before, left = _seen(engine, last.parent), _seen(engine, last.id)
    same = [n for n in range(len(proposal.trials)) if _alike(engine, proposal, n, last.execution, left)]
    weight = engine.language.weight
    simpler = [n for n in same if weight(proposal.trials[n].code) < weight(last.code)]
    simpler.sort(key=lambda n: weight(proposal.trials[n].code))
    did = effects(before, left)
    bound = [*did.added, *(new for _, new in did.changed)]
    unseen = tuple(v.name for v in bound if _is_opaque(v))
    return Alike(last, proposal, tuple(simpler), len(same), unseen)


def _seen(engine: Engine, turn: str | None) -> list[Variable]:
    return engine.sandbox.variables(engine.states.at(engine.session, turn))


def _alike(engine: Engine, proposal: Proposal, index: int, done: Execution, left: list[Variable]) -> bool:
    trial = proposal.trials[index]
    if behaviour(trial.execution) != behaviour(done) or trial.execution.stderr != done.stderr:
        return False
    return not effects(left, engine.sandbox.variables(trial.snapshot))


def _is_opaque(variable: Variable) -> bool:
    """Whether a look shows less than what there is: a function, an object without a repr, a long value."""
    shown = variable.repr
    if variable.type == "module":
        return False
    return shown.startswith("<") or " at 0x" in shown or shown.endswith("more characters)")


def _varied(engine: Engine) -> SamplingParams:
    return engine.varied(max(engine.settings.candidates, RETRY_SAMPLES))
