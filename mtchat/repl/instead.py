"""What the person says: an intent, or words that take the last turn back and put another in its place.

Knows the words that mean it. Leaves turns to `engine`, the question's key to `reader`.
"""

import re
from contextlib import suppress
from typing import TYPE_CHECKING

from mtchat.errors import CommandError
from mtchat.repl import picking

if TYPE_CHECKING:
    from mtchat.repl.app import Repl

ASKED = "in place of the last turn? [y]es [n]o"
_BACK = re.compile(r"\s*(?:no|instead|actually)\s*[,:;\-–—]+\s*(\S[\s\S]*)", re.IGNORECASE)


def meant(intent: str) -> str | None:
    """What an intent that takes the last one back asks for in its place; None for any other intent.

    >>> meant("no, sort it downwards"), meant("Instead - use a set"), meant("no news"), meant("no,")
    ('sort it downwards', 'use a set', None, None)
    """
    found = _BACK.fullmatch(intent)
    return found[1].strip() if found else None


def said(repl: "Repl", intent: str) -> None:
    """A turn for an intent; one that takes the last turn back replaces it if the person says so."""
    words, last = meant(intent), None
    if words is not None and repl.asks:
        with suppress(CommandError):  # there is none yet
            last = repl.engine.last_turn()
    if words is None or last is None or repl.reader.choose(ASKED, "yn") != "y":
        repl.make(lambda hooks: picking.submit(repl, intent, hooks))
        return
    repl.make(lambda hooks: picking.settle(repl, repl.engine.propose(words, hooks, parent=last.parent), hooks))
