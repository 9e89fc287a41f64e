"""Going through time: back, forth, to the start.

Knows what moving the head means to a person. Leaves the moving to `engine`.
"""

from typing import TYPE_CHECKING

from mtchat.repl.commands.registry import command, number
from mtchat.session import HeadMove

if TYPE_CHECKING:
    from mtchat.repl.app import Repl


@command
def undo(repl: "Repl", words: list[str]) -> None:
    """/undo [N]: take back the last turn or N turns, variables too"""
    steps = number(words, 1)
    repl.engine.undo(steps, repl.cancel)
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
    stand(repl, "reset")


def stand(repl: "Repl", word: str) -> None:
    """Say where the head is after it moved."""
    path = repl.engine.session.path()
    at = f"after turn {len(path)}: {path[-1].intent or '(by hand)'}" if path else "at the start, with nothing defined"
    repl.screen.line(f"{word}; you are {at}", "dim")
