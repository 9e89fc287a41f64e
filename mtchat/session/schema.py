"""The lines of a session file: header and records, their versions and upgrades.

Knows how each line is written and read (JSON, keys in a fixed order, volatile ones last) and how an older file
becomes the current one. Leaves files, locks and torn lines to `store`.
"""

import re
from collections.abc import Callable
from typing import Any

import msgspec

from mtchat.errors import SessionError
from mtchat.session.branches import is_name
from mtchat.turn import ModelInfo, Turn

FORMAT = "mtchat-session"
VERSION = 2
MOST_ATTACHED = 16 << 20
"""Bytes of one attached file."""


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """Line 1 of a session file. `policy` and `limits` are the sandbox's, as plain JSON; `seed` the session's base seed.

    `prefix` opens the conversation and has been run before the first turn. `created` is UTC in ISO 8601.
    """

    format: str = FORMAT
    version: int = VERSION
    created: str
    language: str = "python"
    prefix: str = ""
    policy: dict[str, Any] = {}
    limits: dict[str, Any] = {}
    model: ModelInfo | None = None
    seed: int = 0


class TurnRecord(msgspec.Struct, frozen=True, tag_field="record", tag="turn"):
    """A finished turn."""

    turn: Turn


class HeadMove(msgspec.Struct, frozen=True, tag_field="record", tag="head", omit_defaults=True):
    """The head went to `turn` (None: the root), by undo, redo, reset or a branch.

    `branch` names the branch that `turn` is the last of from now on, where there is one to name: new turns move it.
    """

    turn: str | None
    branch: str | None = None

    def __post_init__(self) -> None:
        """Raises ValueError for a name that is none, as only a file made by hand has."""
        if self.branch is not None and not is_name(self.branch):
            raise ValueError(f"{self.branch!r} is no name for a branch")


class Title(msgspec.Struct, frozen=True, tag_field="record", tag="title"):
    """The session's name for people; the last one counts."""

    text: str


class Note(msgspec.Struct, frozen=True, tag_field="record", tag="note"):
    """A remark kept with the session."""

    text: str


class Attach(msgspec.Struct, frozen=True, tag_field="record", tag="attach"):
    """A file of the person's, copied to where programs find it as `name`, from the state after turn `after` on.

    The bytes lie beside the session (`NAME.mtchat.blobs/SHA256`); `path` says where they came from, and is never read
    again.
    """

    name: str
    sha256: str
    size: int
    after: str | None
    path: str

    def __post_init__(self) -> None:
        """Raises ValueError for what a file made by hand could use to reach another file."""
        if self.name in (".", "..") or not self.name or re.search(r"[/\0]", self.name) or len(self.name.encode()) > 255:
            raise ValueError(f"{self.name!r} is no file name")
        if not re.fullmatch(r"[0-9a-f]{64}", self.sha256):
            raise ValueError(f"{self.sha256!r} is no sha256")
        if not 0 <= self.size <= MOST_ATTACHED:
            raise ValueError(f"an attached file has at most {MOST_ATTACHED} bytes, not {self.size}")


Record = TurnRecord | HeadMove | Title | Note | Attach

Upgrade = Callable[[dict[str, Any]], dict[str, Any]]


def _from_1(raw: dict[str, Any]) -> dict[str, Any]:
    """Version 2 has attachments, granted paths and answers to input(). In version 1 nobody chose the memory limit."""
    if "record" in raw:
        return raw
    limits = raw.get("limits")
    if isinstance(limits, dict):
        raw["limits"] = {name: value for name, value in limits.items() if name != "memory" or value != 2 << 30}
    return {**raw, "version": 2}


UPGRADES: dict[int, Upgrade] = {1: _from_1}
"""From version n to n + 1, for the header and for each record alike (a record has the key `record`)."""


def encode(line: Header | Record) -> bytes:
    """One line of the file, newline included. Figures' data and per-token log-probabilities stay out of it."""
    if isinstance(line, TurnRecord):
        line = TurnRecord(slim(line.turn))
    return msgspec.json.encode(line) + b"\n"


def slim(turn: Turn) -> Turn:
    """The turn without what lives beside the record: figures' data, per-token log-probabilities."""

    def bare(execution: Any) -> Any:
        return msgspec.structs.replace(execution, figures=tuple(f.without_data() for f in execution.figures))

    candidates = tuple(
        msgspec.structs.replace(
            c, execution=bare(c.execution), completion=c.completion and c.completion.without_logprobs()
        )
        for c in turn.candidates
    )
    return msgspec.structs.replace(
        turn,
        execution=bare(turn.execution),
        completion=turn.completion and turn.completion.without_logprobs(),
        candidates=candidates,
    )


def decode_header(line: bytes) -> Header:
    """The header, upgraded. Raises SessionError for what is no session or comes from a newer mtchat."""
    try:
        raw = msgspec.json.decode(line, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise SessionError("this is no session file: its first line is no header") from None
    if raw.get("format") != FORMAT:
        raise SessionError(f"this is no session file: its first line does not say format {FORMAT!r}")
    return _convert(_upgraded(raw, version_of(raw)), Header, "header")


def version_of(raw: dict[str, Any]) -> int:
    """The schema version that a raw header names. Raises SessionError if it is none or a newer one."""
    version = raw.get("version")
    if not isinstance(version, int) or version < 1:
        raise SessionError(f"the header's version is {version!r}, not a number from 1 to {VERSION}")
    if version > VERSION:
        raise SessionError(
            f"it was written by a newer mtchat (schema {version}, this one knows {VERSION}): upgrade mtchat"
        )
    return version


def decode_record(line: bytes, version: int = VERSION) -> Record:
    """One record, upgraded from `version`. Raises SessionError with what is wrong in it."""
    try:
        raw = msgspec.json.decode(line, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SessionError(f"no JSON record: {error}") from None
    return _convert(_upgraded(raw, version), Record, "record")


def _upgraded(raw: dict[str, Any], version: int) -> dict[str, Any]:
    for step in range(version, VERSION):
        raw = UPGRADES[step](raw)
    return raw


def _convert(raw: dict[str, Any], kind: Any, what: str) -> Any:
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        raise SessionError(f"a {what} that does not fit the format: {error}") from None
