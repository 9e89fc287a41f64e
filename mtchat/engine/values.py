"""What an engine is given: hooks to hear a turn being made, a journal to keep it in.

Knows the two seams; leaves making turns to `engine`, files to `session`.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from mtchat.session import Header, Record, Session


@dataclass(frozen=True)
class Hooks:
    """What a caller hears while a turn is made. With several candidates there is no text and no output until the end.

    `on_text(delta)` as the model writes, `on_code(code)` when the code that runs is known, `on_output(stream, text)`
    as the program writes; `cancel` stops the model or the program.
    """

    on_text: Callable[[str], None] = lambda delta: None
    on_code: Callable[[str], None] = lambda code: None
    on_output: Callable[[str, str], None] = lambda stream, text: None
    cancel: threading.Event = field(default_factory=threading.Event)


class Journal(Protocol):
    """Where records go: a `session.Store`, or `Memory`."""

    session: Session

    def append(self, record: Record) -> Session:
        """Keep `record`; the session with it."""

    def revise(self, header: Header) -> None:
        """Another header, as long as the session has no record."""


class Memory:
    """A journal that keeps nothing beyond this process."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def append(self, record: Record) -> Session:
        self.session = self.session.apply(record)
        return self.session

    def revise(self, header: Header) -> None:
        self.session = Session(header) if not self.session.turns else self.session
