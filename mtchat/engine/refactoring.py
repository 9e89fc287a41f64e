"""Simpler code for a turn: other codes of the model that did the same when they were run where the turn was.

Knows what "the same" can mean and what a look at the variables does not tell. Leaves offering it to the callers.
"""

from dataclasses import dataclass

from mtchat.engine.effects import effects
from mtchat.engine.engine import Engine
from mtchat.engine.groups import leftovers
from mtchat.engine.inputs import Call
from mtchat.engine.probing import answers, to_try
from mtchat.engine.proposal import Proposal
from mtchat.engine.values import Hooks, Trial
from mtchat.errors import CommandError
from mtchat.sandbox import Variable
from mtchat.selection import behaviour
from mtchat.turn import Turn


@dataclass(frozen=True)
class Alike:
    """Other codes for a turn that did the same as it: candidates of `proposal` by number, simplest first.

    `tried` says on how many calls its functions gave the same; `unseen` are names that the turn bound to what neither
    a look nor a call tells. What loops leave over in their variables does not count.
    """

    turn: Turn
    proposal: Proposal
    simpler: tuple[int, ...]
    same: int
    tried: int
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
    sampling, answered = engine.varied(), last.execution.inputs
    proposal = engine.propose(
        last.intent, hooks, parent=last.parent, sampling=sampling, tried={last.code}, other=True, inputs=answered
    )
    if hooks.cancel.is_set():
        raise CommandError("stopped; nothing was changed")
    before, left = _seen(engine, last.parent), _seen(engine, last.id)
    same = [n for n, trial in enumerate(proposal.trials) if _alike(engine, last, trial, before, left)]
    weight = engine.language.weight
    simpler = [n for n in same if weight(proposal.trials[n].code) < weight(last.code)]
    simpler.sort(key=lambda n: weight(proposal.trials[n].code))
    tried = _calls(last, last.code, before)[0]
    did, called = effects(before, left), {call.function for call in tried}
    bound = [*did.added, *(new for _, new in did.changed)]
    unseen = tuple(v.name for v in bound if _is_opaque(v) and v.name not in called)
    return Alike(last, proposal, tuple(simpler), len(same), len(tried), unseen)


def _seen(engine: Engine, turn: str | None) -> list[Variable]:
    return engine.sandbox.variables(engine.states.at(engine.session, turn))


def _alike(engine: Engine, last: Turn, trial: Trial, before: list[Variable], left: list[Variable]) -> bool:
    """Whether `trial` did what `last` did: output, variables, and what its functions give."""
    if behaviour(trial.execution) != behaviour(last.execution) or trial.execution.stderr != last.execution.stderr:
        return False
    told = effects(left, engine.sandbox.variables(trial.snapshot))
    over = leftovers(last.code) | leftovers(trial.code)
    if any(v.name not in over for v in (*told.added, *(new for _, new in told.changed), *told.removed)):
        return False
    tried, names = _calls(last, trial.code, before)
    state = engine.states.at(engine.session, last.id)
    old = answers(engine.sandbox, state, [call.of(names[0]) for call in tried])
    new = answers(engine.sandbox, trial.snapshot, [call.of(names[1]) for call in tried])
    return [answer.key for answer in old] == [answer.key for answer in new]


def _calls(last: Turn, code: str, before: list[Variable]) -> tuple[list[Call], list[str]]:
    """Calls of the functions that the code of `last` and `code` both define, and what each calls its only one."""
    return to_try((last.code, code), last.intent, before)


def _is_opaque(variable: Variable) -> bool:
    """Whether a look shows less than what there is: a function, an object without a repr, a long value."""
    shown = variable.repr
    if variable.type == "module":
        return False
    return shown.startswith("<") or " at 0x" in shown or shown.endswith("more characters)")
