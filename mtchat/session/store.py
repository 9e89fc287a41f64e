"""The session file: append-only, fsynced line by line, one writer at a time.

Knows paths and what is told when one cannot be had. The file is the journal: a session is what its lines say, read in
order. Leaves locking and syncing to `mtchat.durable`, the meaning of lines to `schema` and `tree`, what lies beside the
file to `blobs`.
"""

import itertools
import os
from dataclasses import dataclass, replace
from io import FileIO
from pathlib import Path

import msgspec

from mtchat import durable
from mtchat.errors import SessionError
from mtchat.session.blobs import SUFFIX, attached, blob, keep
from mtchat.session.branches import MAIN
from mtchat.session.schema import (
    Attach,
    Header,
    HeadMove,
    Note,
    Record,
    Title,
    TurnRecord,
    decode_header,
    decode_record,
    encode,
    version_of,
)
from mtchat.session.tree import Session
from mtchat.turn import Turn


@dataclass(frozen=True)
class Reading:
    """A file as read: the session, how many bytes are whole lines, and a word on what was dropped ("" for nothing)."""

    session: Session
    whole: int
    dropped: str


class Store:
    """A session file for writing, locked while it is open. Use `planned`, `create` or `open`, and close it."""

    def __init__(
        self, path: Path, file: FileIO | None, session: Session, dropped: str = "", named: bool = True
    ) -> None:
        self.path = path
        self._named = named
        self.session = session
        self.dropped = dropped
        self._file = file

    @classmethod
    def planned(cls, path: Path, header: Header, named: bool = True) -> "Store":
        """A file that comes to be with the first record, so that a session without turns leaves nothing behind.

        If nobody gave it its name (`named` False), it takes the next free one where another mtchat was quicker.
        """
        return cls(path, None, Session(header), named=named)

    @classmethod
    def create(cls, path: Path, header: Header) -> "Store":
        """A new file with its header on disk. Raises SessionError if it exists or cannot be written."""
        store = cls.planned(path, header)
        store._begin()
        return store

    @classmethod
    def open(cls, path: Path) -> "Store":
        """An existing file, to go on writing. A torn last line is cut off; `dropped` says so.

        Raises SessionError if it is missing, broken, from a newer mtchat, or open in another mtchat.
        """
        try:
            file = open(path, "r+b", buffering=0)  # noqa: SIM115  (kept open: it carries the lock)
        except OSError as error:
            raise SessionError(f"cannot open {path}: {error.strerror or error}") from None
        try:
            _lock(file, path)
            reading = _parse(file.read(), path)
            file.truncate(reading.whole)
            file.seek(reading.whole)
        except BaseException:
            file.close()
            raise
        return cls(path, file, reading.session, reading.dropped)

    @property
    def begun(self) -> bool:
        """Whether the file exists yet."""
        return self._file is not None

    def revise(self, header: Header) -> None:
        """Another header, as long as none is on disk; later it has no effect."""
        if not self.begun:
            self.session = replace(self.session, header=header)

    def append(self, record: Record) -> Session:
        """Put `record` on disk (fsynced) and return the session with it. Figures are written first.

        Raises SessionError if the disk refuses; the file then holds what it held before.
        """
        session = self.session.apply(record)
        file = self._file or self._begin()
        if isinstance(record, TurnRecord):
            for figure in record.turn.execution.figures:
                if figure.data is not None:
                    keep(self.path, figure, figure.data)
        self._write(file, encode(record))
        self.session = session
        return session

    def attach(self, record: Attach, data: bytes) -> Session:
        """Put an attached file on disk, then its record. Raises SessionError if the disk refuses."""
        self.session.apply(record)
        if self._file is None:
            self._begin()  # before the bytes: only now is it certain which file they lie beside
        keep(self.path, record, data)
        return self.append(record)

    def attached(self, record: Attach) -> bytes:
        """The bytes of an attached file. Raises SessionError if they are gone or changed."""
        return attached(self.path, record)

    def close(self) -> None:
        """Release the lock. Harmless when repeated."""
        if self._file is not None:
            self._file.close()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _begin(self) -> FileIO:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if not self._named:
                self.path = _free(self.path)
            file = open(self.path, "xb", buffering=0)  # noqa: SIM115
        except FileExistsError:
            if not self._named:
                return self._begin()
            raise SessionError(f"{self.path} exists already: choose another name, or open it with --session") from None
        except OSError as error:
            raise SessionError(f"cannot create {self.path}: {error.strerror or error}") from None
        try:
            _lock(file, self.path)
            self._write(file, encode(self.session.header))
        except BaseException:  # a file without a header would stand in the way of --continue
            file.close()
            self.path.unlink(missing_ok=True)
            raise
        durable.sync_folder(self.path.parent)
        self._file = file
        return file

    def _write(self, file: FileIO, line: bytes) -> None:
        try:
            durable.append(file, line)
        except OSError as error:
            raise SessionError(f"cannot write to {self.path}: {error.strerror or error}; nothing was lost") from None


def read(path: Path) -> Session:
    """The session of a file, without a lock; a torn last line is passed over. Raises SessionError."""
    return read_with_word(path).session


def read_with_word(path: Path) -> Reading:
    """As `read`, with a word on what was dropped."""
    try:
        return _parse(path.read_bytes(), path)
    except OSError as error:
        raise SessionError(f"cannot read {path}: {error.strerror or error}") from None


def listing(folder: Path) -> list[Path]:
    """The session files in `folder`, the one written last first."""
    # a link to nowhere is no session, nor is a file that a crash left without a header
    files = [path for path in folder.glob("*" + SUFFIX) if path.is_file() and path.stat().st_size]
    found = ((path.stat().st_mtime_ns, path) for path in files)
    return [path for _, path in sorted(found, key=lambda pair: (-pair[0], pair[1].name))]


def latest(folder: Path) -> Path:
    """The session written last. Raises SessionError if there is none."""
    found = listing(folder)
    if not found:
        raise SessionError(f"no session to continue: {folder} holds none yet")
    return found[0]


def resolve(name: str, folder: Path) -> Path:
    """The path that a person means by `name`: a path as it is, else a name in `folder`; the suffix may be left out.

    Raises SessionError for what can be no file's name.
    """
    given = Path(os.path.expanduser(name))
    if given.name in ("", ".."):
        raise SessionError(f"{name!r} is no name for a session: give a name or a file")
    try:
        return _resolved(given, folder)
    except OSError as error:
        raise SessionError(f"{name!r} is no name for a session: {error.strerror or error}") from None


def _resolved(given: Path, folder: Path) -> Path:
    if given.suffix == ".jsonl" and (given.parent != Path(".") or given.exists()):
        return given
    full = given if given.name.endswith(SUFFIX) else given.with_name(given.name + SUFFIX)
    path = full if full.parent != Path(".") or full.exists() else folder / full.name
    path.exists()
    return path


def _parse(data: bytes, path: Path) -> Reading:
    lines = data.splitlines(keepends=True)
    try:
        if not lines:
            raise SessionError("it is empty")
        header = decode_header(lines[0])
        version = version_of(_raw(lines[0]))
        session, whole, dropped = Session(header), len(lines[0]), ""
        for number, line in enumerate(lines[1:], 2):
            if number == len(lines) and durable.torn(line):
                dropped = f"{path.name}: its last line was cut short by a crash and has been dropped"
                break
            session = _applied(session, line, version, number)
            whole += len(line)
    except SessionError as error:
        raise SessionError(f"{path}: {error}") from None
    return Reading(session, whole, dropped)


def _applied(session: Session, line: bytes, version: int, number: int) -> Session:
    try:
        return session.apply(decode_record(line, version))
    except SessionError as error:
        raise SessionError(f"line {number}: {error}") from None
    except KeyError as error:
        raise SessionError(f"line {number}: it names the turn {error}, which is not in the file") from None


def _raw(line: bytes) -> dict[str, object]:
    raw: dict[str, object] = msgspec.json.decode(line, type=dict[str, object])
    return raw


def _free(path: Path) -> Path:
    """`path`, or the first of NAME-2, NAME-3, … that no file has."""
    stem = path.name.removesuffix(SUFFIX)
    names = (path.with_name(f"{stem}-{n}{SUFFIX}") for n in itertools.count(2))
    return path if not path.exists() else next(name for name in names if not name.exists())


def _lock(file: FileIO, path: Path) -> None:
    try:
        durable.lock(file)
    except BlockingIOError:
        raise SessionError(
            f"{path} is open in another mtchat: close that one, or start a new session (mtchat without --continue)"
        ) from None


def copy(session: Session, source: Path, target: Path) -> None:
    """Write `session` afresh to `target`, with what lies beside `source`. Raises SessionError, also if it exists."""
    turns = sorted(session.turns.values(), key=lambda turn: turn.seq)
    files = [(record, attached(source, record)) for _, record in session.attached]
    with Store.create(target, session.header) as store:
        for record, data in files:
            keep(target, record, data)
        for line in _lines(session, turns):
            store.append(line)
    for figure in {figure for turn in turns for figure in turn.execution.figures}:
        if (kept := blob(source, figure)).exists():
            keep(target, figure, kept.read_bytes())


def _lines(session: Session, turns: list[Turn]) -> list[Record]:
    """The records that make `session`, each attached file before the first turn that could see it."""
    records: list[Record] = [Title(session.title)] if session.title else []
    records += [Note(text) for text in session.notes]
    waiting = list(session.attached)
    for turn in turns:
        while waiting and waiting[0][0] <= turn.seq:
            records.append(waiting.pop(0)[1])
        records.append(TurnRecord(turn))
    return [*records, *(record for _, record in waiting), *_names(session, turns), HeadMove(session.head)]


def _names(session: Session, turns: list[Turn]) -> list[HeadMove]:
    """The head moves that name the branches, the current one last; none where the turns alone say as much."""
    tips, current = session.branches.tips, session.branches.current
    last = next((turn.id for turn in reversed(turns) if turn.execution.advances), None)
    if tips == {MAIN: last}:
        return []
    return [HeadMove(tips[name], name) for name in sorted(tips, key=lambda name: name == current)]
