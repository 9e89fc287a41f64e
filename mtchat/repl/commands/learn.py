"""Learning from what is there: a turn explained line by line, the next step of a lesson.

Knows which turn is meant and that a lesson may be missing. Leaves words and watching to `teach`.
"""

from typing import TYPE_CHECKING

from mtchat.errors import CommandError
from mtchat.repl.commands.registry import command
from mtchat.repl.fitting import columns
from mtchat.repl.interrupt import interruptible
from mtchat.teach import MOST, Watch, explanation
from mtchat.turn import Turn

if TYPE_CHECKING:
    from mtchat.repl.app import Repl

_ALL = 10_000


@command
def explain(repl: "Repl", words: list[str]) -> None:
    """/explain [N] [all]: what the last turn or turn N does, line by line, with the values it had"""
    whole = words[-1:] == ["all"]
    number, turn = _meant(repl, words[: len(words) - whole])
    engine, most = repl.engine, _ALL if whole else MOST
    with interruptible(repl.cancel):
        at = engine.states.at(engine.session, turn.parent, repl.cancel)
        seen = Watch(engine.sandbox, repl.cancel).turn(turn, at, most)
    repl.screen.show(explanation(turn, number, seen, columns(repl.screen), most))


def _meant(repl: "Repl", words: list[str]) -> tuple[int, Turn]:
    """The turn that is to be explained, and its number: the last one also if it failed."""
    path = repl.engine.session.path()
    if not words:
        last = repl.engine.last_turn()
        return (len(path) if path and path[-1] is last else len(path) + 1), last
    if len(words) > 1 or not words[0].isdecimal():
        raise CommandError("/explain takes a turn's number, and all to fold nothing, such as /explain 2 all")
    if not 1 <= (number := int(words[0])) <= len(path):
        raise CommandError(f"there is no turn {number}: there are {len(path)}")
    return number, path[number - 1]


@command
def hint(repl: "Repl", words: list[str]) -> None:
    """/hint: the next step of a lesson (mtchat --lesson FILE), a little more each time"""
    if repl.tutor is None:
        raise CommandError("there is no lesson here: mtchat --lesson FILE takes any session file as one")
    for line in repl.tutor.hint(repl.engine.session.path()):
        repl.screen.line(line)
