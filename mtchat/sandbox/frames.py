"""What may come out of the worker, checked before it is believed.

Knows the shape of each frame from a program's process and from the keeper; whatever is not exactly that is a
ProtocolError. Host side only (the worker has no msgspec). Leaves to others: what follows from a frame (`attempt`).
"""

import hashlib
from typing import Any

import msgspec

from mtchat.sandbox import tables
from mtchat.sandbox.protocol import MAX_MESSAGE, MAX_NAME, MAX_TEXT, MAX_VARIABLES, ProtocolError
from mtchat.sandbox.values import Layer, Limits, Variable
from mtchat.turn import Figure, ProgramError, Status

_SLACK = 100
"""What the worker adds where it cuts a text."""


class Frame(msgspec.Struct, frozen=True, tag_field="op", tag=str.lower, forbid_unknown_fields=True):
    """Base of all frames; `op` says which."""


class Hello(Frame, frozen=True):
    """A process has come to be. `pid` is its own word, used only where the kernel gives none."""

    pid: int


class Asked(Frame, frozen=True):
    """The program calls `input(prompt)` and waits for the answer."""

    prompt: str


class Failed(Frame, frozen=True):
    """The snapshot could not be forked; it is as it was."""

    message: str


class Image(Frame, frozen=True, tag="figure"):
    mime: str
    sha256: str
    data: bytes

    def figure(self) -> Figure:
        if self.mime != "image/png" or hashlib.sha256(self.data).hexdigest() != self.sha256:
            raise ProtocolError("a figure is not what it says")
        return Figure(self.mime, self.sha256, self.data)


KINDS = frozenset({"text/plain", "text/html", "image/png", tables.MIME})
MOST_DISPLAYED = 4 << 20
"""Characters of all that one run displays: our own side of the worker stays far below."""


class Done(Frame, frozen=True):
    """The program ended by itself, or was refused."""

    status: Status
    value: str | None = None
    display: tuple[dict[str, str], ...] = ()
    error: ProgramError | None = None

    def __post_init__(self) -> None:
        """Raises ValueError for a display that is no bundle of known kinds, or larger than a record should hold."""
        if any(not bundle.keys() <= KINDS for bundle in self.display):
            raise ValueError("a display of an unknown kind")
        if sum(len(text) for bundle in self.display for text in bundle.values()) > MOST_DISPLAYED:
            raise ValueError("a display that is too large")

    def check(self, limits: Limits) -> None:
        """ProtocolError for what is longer than the worker would make it."""
        error = self.error or ProgramError("", "", None, "")
        texts = ((self.value or "", limits.value), (error.type, MAX_NAME), (error.message, MAX_MESSAGE))
        if any(len(text) > most + _SLACK for text, most in (*texts, (error.traceback, MAX_TEXT))):
            raise ProtocolError("an answer that is too long")


class Variables(Frame, frozen=True):
    variables: tuple[Variable, ...]

    def check(self, limits: Limits) -> None:
        """ProtocolError for what is longer than the worker would make it."""
        texts = [text for each in self.variables for text in (each.name, each.type, each.repr, each.size or "")]
        if len(self.variables) > MAX_VARIABLES or any(len(text) > MAX_NAME + _SLACK for text in texts):
            raise ProtocolError("variables that are too many or too long")


class Ready(Frame, frozen=True):
    """The root is locked down. `violations`: what its self-test got away with; `supervised`: forks are judged."""

    level: str
    layers: tuple[Layer, ...]
    violations: tuple[str, ...]
    supervised: bool


class Dead(Frame, frozen=True):
    """A process below the keeper ended: an exit code, or a signal's number below zero."""

    pid: int
    code: int


class Answer(Frame, frozen=True):
    """The keeper's answer to the request numbered `ref`."""

    ref: int


class Prepared(Answer, frozen=True):
    """The scratch files are as the snapshot has them, and its process may fork. Said where forks are not held back."""


class Kept(Answer, frozen=True):
    """The scratch files are saved as `version`; all versions together take `stored` bytes."""

    version: int
    stored: int


class Refused(Answer, frozen=True):
    """The keeper could not do what it was asked."""

    message: str


FromProgram = Hello | Asked | Failed | Image | Done | Variables
FromKeeper = Ready | Failed | Dead | Prepared | Kept | Refused
_program = msgspec.json.Decoder(FromProgram)
_keeper = msgspec.json.Decoder(FromKeeper)


def from_program(body: bytes) -> FromProgram:
    return _decoded(_program, body)


def from_keeper(body: bytes) -> FromKeeper:
    return _decoded(_keeper, body)


def _decoded(decoder: Any, body: bytes) -> Any:
    try:
        return decoder.decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise ProtocolError(f"a frame is not what it should be: {error}") from None
