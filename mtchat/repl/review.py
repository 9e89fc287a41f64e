"""Code before it runs, where a person reads it first: run it, change it, have another, or skip it, with one key.

Knows what each key does to a turn. Leaves whether code is read at all to `trust`, keys to `reader`, running to
`engine`.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from mtchat import render
from mtchat.engine import Hooks
from mtchat.errors import CommandError
from mtchat.repl.reader import clean
from mtchat.repl.screen import CodeStream

if TYPE_CHECKING:
    from mtchat.repl.app import Repl

Made = TypeVar("Made")

ASKED = "run it? [r]un [e]dit [a]nother [s]kip"
"""Fits a window of 40 columns."""


class Another(Exception):
    """The person wants other code than `codes`, which were shown."""

    def __init__(self, codes: frozenset[str]) -> None:
        super().__init__("other code is wanted")
        self.codes = codes


def making(repl: "Repl", turn: Callable[[Hooks], Made], hooks: Callable[[], Hooks]) -> Made:
    """What `turn` makes, over again with other code as often as the person wants another.

    `hooks` gives new ones for each time. Where the model has no other code it begins again with the first.
    """
    refused: frozenset[str] = frozenset()
    while True:
        try:
            return turn(replace(hooks(), rejected=refused))
        except Another as wanted:
            refused |= wanted.codes
        except CommandError:
            if not refused or repl.cancel.is_set():
                raise
            repl.screen.line("the model has no other code for this: the first one again", "notice")
            refused = frozenset()


def one(repl: "Repl", code: str, shown: bool) -> str | None:
    """What may run of `code`: as it is, as the person changed it, or None for nothing. Raises Another.

    `shown` says that it stands on the screen already.
    """
    if not repl.reviews:
        return code
    if not shown:
        CodeStream(repl.screen, repl.engine.language).finish(code)
    return _asked(repl, code)


def several(repl: "Repl", codes: Sequence[tuple[str, int]]) -> list[str | None]:
    """What may run of each of `codes` (with how many completions say it): of those shown, one. Raises Another.

    They are shown one at a time, what most completions say first; another one is the next of them while there is one.
    """
    if not repl.reviews:
        return [code for code, _ in codes]
    allowed: list[str | None] = [None] * len(codes)
    order = sorted(range(len(codes)), key=lambda index: -codes[index][1])
    for place, index in enumerate(order, 1):
        repl.screen.line(f"{place} of {render.counted(len(codes), 'way')} to do it", "dim")
        try:
            allowed[index] = one(repl, codes[index][0], shown=False)
        except Another:
            if place < len(codes):
                continue
            raise Another(frozenset(code for code, _ in codes)) from None
        break
    return allowed


def _asked(repl: "Repl", code: str) -> str | None:
    while True:
        try:
            chosen = repl.reader.choose(ASKED, "reas")
        except (KeyboardInterrupt, EOFError):
            return None
        if chosen == "a":
            raise Another(frozenset((code,)))
        if chosen != "e":
            return code if chosen == "r" else None
        with suppress(KeyboardInterrupt, EOFError):
            return clean(repl.reader.edit(code))
