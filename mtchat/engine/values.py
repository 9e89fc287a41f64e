"""What an engine is given: hooks to hear a turn being made, a journal to keep it in.

Knows the seams; leaves making turns to `engine`, files to `session`.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from mtchat.errors import SessionError
from mtchat.sandbox import Snapshot
from mtchat.session import Attach, Header, Record, Session
from mtchat.turn import Execution


@dataclass(frozen=True)
class Hooks:
    """What a caller hears while a turn is made. With several candidates there is no text and no output until the end.

    `on_text(delta)` as the model writes, `on_code(code)` when the code that runs is known, `on_output(stream, text)`
    as the program writes; `cancel` stops the model or the program. `on_input(prompt)` answers the program's `input()`,
    None where nobody can. `on_review(code)` hears what the model wrote before it runs and gives back what may run, as
    it is or changed by hand, or None to run nothing; `on_reviews(codes)` does so for several at once, each with the
    number of completions that say it (where it is None, `on_review` hears one after the other). `on_written(seconds,
    tokens)` is called once the model has written all completions. `rejected` are codes that a person read and does not
    want: others are sampled then.
    """

    on_text: Callable[[str], None] = lambda delta: None
    on_code: Callable[[str], None] = lambda code: None
    on_output: Callable[[str, str], None] = lambda stream, text: None
    cancel: threading.Event = field(default_factory=threading.Event)
    on_input: Callable[[str], str | None] = lambda prompt: None
    on_review: Callable[[str], str | None] = lambda code: code
    on_reviews: Callable[[Sequence[tuple[str, int]]], Sequence[str | None]] | None = None
    on_written: Callable[[float, int], None] = lambda seconds, tokens: None
    rejected: frozenset[str] = frozenset()

    def reviewed(self, codes: Sequence[tuple[str, int]]) -> Sequence[str | None]:
        """What may run of each of `codes`, None where nothing may."""
        if len(codes) > 1 and self.on_reviews is not None:
            return self.on_reviews(codes)
        return [self.on_review(code) for code, _ in codes]


@dataclass(frozen=True)
class Trial:
    """One code run once: what ran (`edited` if a person changed it in review), what it did, the state it left.

    `heard`: the hooks heard it as it ran.
    """

    code: str
    execution: Execution
    snapshot: Snapshot
    edited: bool = False
    heard: bool = False


class Journal(Protocol):
    """Where records go: a `session.Store`, or `Memory`."""

    session: Session

    def append(self, record: Record) -> Session:
        """Keep `record`; the session with it."""

    def revise(self, header: Header) -> None:
        """Another header, as long as the session has no record."""

    def attach(self, record: Attach, data: bytes) -> Session:
        """Keep an attached file and its record; the session with it."""

    def attached(self, record: Attach) -> bytes:
        """The bytes of an attached file. Raises SessionError if they are gone or changed."""


class Memory:
    """A journal that keeps nothing beyond this process."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._files: dict[str, bytes] = {}

    def append(self, record: Record) -> Session:
        self.session = self.session.apply(record)
        return self.session

    def revise(self, header: Header) -> None:
        self.session = replace(self.session, header=header) if not self.session.turns else self.session

    def attach(self, record: Attach, data: bytes) -> Session:
        self._files[record.sha256] = data
        return self.append(record)

    def attached(self, record: Attach) -> bytes:
        if record.sha256 not in self._files:
            raise SessionError(f"the attached file {record.name} is not here")
        return self._files[record.sha256]
