"""Which turn a person means by a word: a number of the line one is on, a number of the tree, a branch.

Knows how turns are called on screen. Pure; leaves going there to `commands.travel`.
"""

import re

from mtchat.errors import CommandError
from mtchat.render import counted
from mtchat.session import Session
from mtchat.turn import Turn


def find(session: Session, word: str) -> str | None:
    """The id of the turn that `word` means, None for the start.

    `3` is the third turn of the line that the head is on (or was on, before an undo), `0` and `start` the start, `#7`
    the seventh turn ever made, anything else a branch. Raises CommandError for what is none of these.
    """
    if word.isdecimal():
        return _on_line(session, int(word))
    if re.fullmatch(r"#\d+", word):
        return _in_tree(session, int(word[1:]))
    if word in session.branches.tips:
        return session.branches.tips[word]
    if word == "start":
        return None
    near = [name for name in session.branches.tips if name.startswith(word)]
    if len(near) == 1:
        return session.branches.tips[near[0]]
    raise CommandError(f"there is no turn or branch {word!r}: /tree shows the turns, /branches the names")


def _on_line(session: Session, number: int) -> str | None:
    line = [*session.path(), *session.ahead()] if number else []
    if number > len(line):
        also = f"; #{number} is one of /tree" if any(turn.seq == number for turn in session.turns.values()) else ""
        raise CommandError(f"there is no turn {number} on this line, which has {counted(len(line), 'turn')}{also}")
    return line[number - 1].id if number else None


def _in_tree(session: Session, seq: int) -> str:
    turn = next((turn for turn in session.turns.values() if turn.seq == seq), None)
    if turn is None:
        raise CommandError(f"there is no turn #{seq}: /tree shows those there are")
    if not turn.execution.advances:
        raise CommandError(f"turn #{seq} ended with {turn.execution.status} and left no state to go to")
    return turn.id


def called(session: Session, turn: str | None) -> str:
    """What `find` takes for a turn: its number on the line that the head is on, else the tree's."""
    if turn is None:
        return "the start"
    ids = [each.id for each in session.path()]
    return f"turn {ids.index(turn) + 1}" if turn in ids else f"turn #{session.turns[turn].seq}"


def says(turn: Turn) -> str:
    """A turn in a few words: its intent, else its code's first line."""
    return turn.intent.strip() or f"(by hand) {turn.code.strip()}"
