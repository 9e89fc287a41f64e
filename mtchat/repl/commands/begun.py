"""Code by hand, and code that a person begins and the model goes on with.

Knows both commands. Leaves marks and intents to `byhand`, the model's part to `engine`.
"""

from typing import TYPE_CHECKING

from mtchat import render
from mtchat.errors import CommandError
from mtchat.repl import byhand
from mtchat.repl.commands.registry import raw
from mtchat.repl.interrupt import interruptible
from mtchat.repl.reader import clean

if TYPE_CHECKING:
    from mtchat.repl.app import Repl


@raw
def py(repl: "Repl", words: list[str]) -> None:
    """/py [CODE]: run code by hand, on lines of their own if none is given; `# words` above it are its intent"""
    if words:
        byhand.run(repl, words[0])
    elif repl.asks:
        byhand.run(repl, clean(repl.reader.edit("")))
    else:
        raise CommandError("/py needs its code here: /py CODE, or lines that start with >>>")


@raw
def complete(repl: "Repl", words: list[str]) -> None:
    """/complete BEGINNING: the model goes on with code that you begin; you see it before it runs (F4 while typing)"""
    if not words:
        raise CommandError("/complete needs the beginning of some code, such as: /complete nums = sorted(")
    begun = words[0] if byhand.above(words[0], repl.engine.language)[1] else words[0].rstrip() + "\n"
    with interruptible(repl.cancel):
        repl.await_model()
        whole = begun + byhand.more(repl, begun, repl.cancel)
    if repl.cancel.is_set():
        raise CommandError("stopped; nothing was run")
    if repl.asks:
        byhand.run(repl, clean(repl.reader.edit(whole)))
    else:
        repl.screen.fresh_line()
        repl.screen.show([*render.code(whole, repl.engine.language), ("", "\n")])
