"""Simpler code for a turn: other codes of the model that did the same when they were run where the turn was.

Knows what "the same" can mean and what a look at the variables does not tell. Leaves offering it to the callers.
"""

from dataclasses import dataclass

from mtchat.engine.effects import effects
from mtchat.engine.engine import Engine
from mtchat.engine.proposal import Proposal
from mtchat.engine.values import Hooks
from mtchat.errors import CommandError
from mtchat.sandbox import Variable
from mtchat.selection import behaviour
from mtchat.turn import Execution, Turn


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
        sampling=engine.varied(),
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
