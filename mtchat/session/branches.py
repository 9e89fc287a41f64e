"""Names of lines of turns: where each ends, and which one the head is on.

Knows how a name follows the head: a new turn made on a named line becomes its last one, also after an undo; the line
that was left then has no name until it is given one. Pure; leaves turns and head to `tree`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from mtchat.errors import CommandError
from mtchat.turn import Turn

MAIN = "main"
"""The name of the line that a session begins with."""
_NAME = re.compile(r"[^\W\d][\w./-]{0,59}")


@dataclass(frozen=True)
class Branches:
    """The last turn of each named line (None: the start), and `current`, the one that the head is on, if any."""

    tips: Mapping[str, str | None] = field(default_factory=lambda: {MAIN: None})
    current: str | None = MAIN

    def grown(self, turn: Turn) -> "Branches":
        """With a turn made at the head."""
        return self if self.current is None else replace(self, tips={**self.tips, self.current: turn.id})

    def moved(self, turns: Mapping[str, Turn], to: str | None, name: str | None) -> "Branches":
        """With the head on turn `to`: on branch `name` from now on, else on the one there is, as a rule the same."""
        if name is not None:
            return Branches({**{n: tip for n, tip in self.tips.items() if n != name}, name: to}, name)
        return replace(self, current=self.on(turns, to))

    def on(self, turns: Mapping[str, Turn], at: str | None) -> str | None:
        """The branch whose line has the turn `at`: the current one, else the one named last, or None."""
        latest = [name for name in reversed(list(self.tips)) if name != self.current]
        wanted = [*([] if self.current is None else [self.current]), *latest]
        return next((name for name in wanted if _leads(turns, at, self.tips[name])), None)


def _leads(turns: Mapping[str, Turn], above: str | None, below: str | None) -> bool:
    """Whether the line to `below` goes through `above`. A turn's number is above its parent's, so this ends early."""
    if above is None:
        return True
    least = turns[above].seq
    while below is not None and turns[below].seq > least:
        below = turns[below].parent
    return below == above


def is_name(name: str) -> bool:
    """Whether a branch can be called so: nothing that could be taken for a number, or that hides in a line."""
    return _NAME.fullmatch(name) is not None


def check_name(name: str) -> str:
    """A branch's name as it is. Raises CommandError for one that cannot be."""
    if not is_name(name):
        raise CommandError(f"{name!r} is no name for a branch: a letter, then letters, digits and . / - _")
    return name
