"""Other code for a turn that is there already.

Knows what a person may ask for after seeing a turn. Leaves making turns to `engine`.
"""

from typing import TYPE_CHECKING

from mtchat.repl.commands.registry import command
from mtchat.repl.reader import clean

if TYPE_CHECKING:
    from mtchat.repl.app import Repl


@command
def retry(repl: "Repl", words: list[str]) -> None:
    """/retry: other code for the last intent, in place of the last turn"""
    repl.make(repl.engine.retry)


@command
def edit(repl: "Repl", words: list[str]) -> None:
    """/edit: change the last turn's code and run it in place of the last turn"""
    last = repl.engine.last_turn()
    code = clean(repl.reader.edit(last.code))
    repl.make(lambda hooks: repl.engine.edit(code, hooks), needs_model=False)
