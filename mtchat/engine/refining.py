"""An error mended: the error becomes an intent, and of several codes one that runs and looks like a fix is taken.

Knows which turn a fix hangs below, so that undoing it is one step, and what tells a fix from other code that runs.
Leaves making and running code to `Engine`.
"""

import difflib

from mtchat import selection
from mtchat.engine.engine import Engine
from mtchat.engine.proposal import Proposal
from mtchat.engine.values import Hooks
from mtchat.errors import CommandError
from mtchat.turn import Candidate, Turn

MOST_TOLD = 200
LIKENESS = 0.4
"""Of 1: how alike broken code and its fix are at least, by `difflib`."""
_REASONS = {"timeout": "it ran too long", "memory": "it wanted too much memory", "crashed": "it crashed Python"}
_NOT_RUN = {"Skipped", "NoCode", "Interrupted"}


def fix(engine: Engine, hooks: Hooks, hint: str = "") -> Turn:
    """A turn that mends the last one: its error becomes the intent, several codes are run, one that runs is taken.

    After an error it follows the erring turn, whose code and state are there; a turn that left nothing (a time-out, a
    refusal) is asked for again, with the reason. `hint` is a further line of the intent. Where nothing that runs looks
    like a mended one, the erring turn's own intent is tried once more, too. Raises CommandError, the session
    unchanged, where there is nothing to fix or nothing that the model offers runs.
    """
    last, intents = engine.last_turn(), [fix_intent(engine, hint)]
    if last.execution.advances and last.intent.strip() and not hint:
        intents.append(last.intent)
    parent, wanted = last.id if last.execution.advances else last.parent, _wanted(engine, last)
    ran: list[tuple[Proposal, list[Candidate]]] = []
    for intent in intents:
        proposal = engine.propose(intent, hooks, parent=parent, sampling=engine.varied(), tried={last.code})
        if hooks.cancel.is_set():
            raise CommandError("stopped; nothing was changed")
        runs = [c for c in proposal.candidates if c.execution.ok and c.code != last.code]
        likely = [c for c in runs if wanted <= set(engine.language.defines(c.code))]
        read = len(proposal.ran) < len(proposal.trials)
        if intent != last.intent and not read:
            likely = [c for c in likely if _resembles(c.code, last.code)]
        if likely or (read and runs):  # who read it and let it run knows better
            return engine.take(proposal, hooks, selection.choose(likely or runs))
        ran += [(proposal, runs)] * bool(runs)
    if not ran:
        raise CommandError("no other code of the model runs: say the step in other words, /edit its code, or /undo")
    return engine.take(ran[0][0], hooks, selection.choose(ran[0][1]))


def _wanted(engine: Engine, last: Turn) -> set[str]:
    """The names that the erring turn was still to bind: those of the lines from the error on, those not there."""
    error = last.execution.error
    if not last.execution.advances or error is None or error.line is None:
        return set()
    rest = "\n".join(last.code.split("\n")[error.line - 1 :])
    missing = set(last.defined) - {v.name for v in engine.sandbox.variables(engine.restore())}
    return missing | set(engine.language.defines(rest))


def _resembles(code: str, broken: str) -> bool:
    """Whether `code` may be `broken` mended: much of it is there."""
    return difflib.SequenceMatcher(None, broken, code, autojunk=False).ratio() >= LIKENESS


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
