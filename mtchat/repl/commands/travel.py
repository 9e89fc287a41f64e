"""Going through time: back, forth, to the start, to any turn, to another branch.

Knows what moving the head means to a person, and what does not move with it. Leaves the moving to `engine`, what a
word means to `places`, looking at the lines to `lines`.
"""

from typing import TYPE_CHECKING
from weakref import WeakSet

from mtchat.errors import CommandError
from mtchat.repl import places
from mtchat.repl.commands.registry import command, number
from mtchat.sandbox import Sandbox
from mtchat.session import HeadMove, check_name

if TYPE_CHECKING:
    from mtchat.repl.app import Repl

LONG = 50
"""Turns that can run again unannounced."""
_TOLD: WeakSet[Sandbox] = WeakSet()
"""Where it has been said what undoing leaves as it is."""


@command
def undo(repl: "Repl", words: list[str]) -> None:
    """/undo [N]: take back the last turn or N turns, variables too"""
    _go(repl, repl.engine.session.undo_target(number(words, 1)))
    stand(repl, "undone")


@command
def redo(repl: "Repl", words: list[str]) -> None:
    """/redo: one turn forth again, after /undo"""
    repl.engine.redo(repl.cancel)
    stand(repl, "redone")


@command
def reset(repl: "Repl", words: list[str]) -> None:
    """/reset: back to the start, with nothing defined (/redo comes back)"""
    repl.engine.states.at(repl.engine.session, None)
    if repl.engine.session.head is not None:
        repl.engine.journal.append(HeadMove(None))
        _what_stays(repl)
    stand(repl, "reset")


@command
def goto(repl: "Repl", words: list[str]) -> None:
    """/goto N: to turn N, to turn #N of /tree, to 0 (the start) or to a branch, variables too"""
    if len(words) != 1:
        raise CommandError("/goto needs one place: a turn's number, #N from /tree, 0 for the start, or a branch")
    session = repl.engine.session
    target = places.find(session, words[0])
    branch = words[0] if words[0] in session.branches.tips else None
    if target == session.head and branch in (None, session.branches.current):
        stand(repl, "nothing to do")
        return
    _go(repl, target, branch)
    stand(repl, "there")


@command
def branch(repl: "Repl", words: list[str]) -> None:
    """/branch NAME: start a branch here; new turns go to it, /goto NAME comes back to it"""
    session = repl.engine.session
    if len(words) != 1:
        raise CommandError("/branch needs a name without spaces; /branches lists those there are")
    name = check_name(words[0])
    if name in session.branches.tips:
        raise CommandError(f"there is a branch {name} already: /goto {name} goes there")
    left = session.branches.current
    repl.engine.journal.append(HeadMove(session.head, name))
    back = f"; /goto {left} goes back to {left}" if left is not None else ""
    repl.screen.line(f"new turns go to the branch {name}{back}", "dim")


def _go(repl: "Repl", target: str | None, branch: str | None = None) -> None:
    """Move the head, with a word on what that takes and on what stays as it is."""
    session = repl.engine.session
    leaves = {turn.id for turn in session.path()} - {turn.id for turn in session.path(target) if target is not None}
    if (again := repl.engine.states.lost(session, target)) > LONG:
        repl.screen.line(f"running {again} turns again to have their variables back; Ctrl-C stops that", "dim")
    repl.engine.goto(target, repl.cancel, branch)
    if leaves:
        _what_stays(repl)


def _what_stays(repl: "Repl") -> None:
    """What the turns just left did that is not taken back. Said once, and only where they could do such a thing."""
    sandbox = repl.engine.sandbox
    if sandbox in _TOLD or not (said := lasting(sandbox)):
        return
    _TOLD.add(sandbox)
    repl.screen.line(f"not undone: {said}", "notice")


def lasting(sandbox: Sandbox) -> str:
    """What programs could do here that no undo takes back, "" for nothing. Scratch files go back with the state."""
    policy = sandbox.policy
    if sandbox.isolation.level == "language-only":
        return "what programs did outside the scratch folder or over the network: only a filter keeps them from it"
    if policy.write:
        where = " and ".join(policy.write)
        return f"what programs wrote below {where} (--allow-write); variables and scratch files are as they were"
    return ""


def stand(repl: "Repl", word: str) -> None:
    """Say where the head is after it moved."""
    session = repl.engine.session
    path, branches = session.path(), session.branches
    at = f"after turn {len(path)}: {path[-1].intent or '(by hand)'}" if path else "at the start, with nothing defined"
    on = f" (branch {branches.current})" if len(branches.tips) > 1 and branches.current is not None else ""
    lost = " (on no branch: /branch NAME names this line)" if branches.current is None else ""
    repl.screen.line(f"{word}; you are {at}{on}{lost}", "dim")
