"""What lies beside a session file, named by its own hash: figures that programs made, files that a person attached.

Knows the folder, the names, and that nothing read from there is believed unless its hash agrees. Leaves records to
`schema`, the session file to `store`.
"""

import hashlib
import os
import re
import stat
from pathlib import Path

from mtchat.errors import CommandError, SessionError
from mtchat.session.schema import MOST_ATTACHED, Attach
from mtchat.turn import Figure

SUFFIX = ".mtchat.jsonl"
_BLOBS = ".mtchat.blobs"
_ENDINGS = {"image/png": ".png", "image/svg+xml": ".svg", "image/jpeg": ".jpg"}


def blob(session_path: Path, kept: Figure | Attach) -> Path:
    """Where a figure or an attached file of the session at `session_path` lies. Raises SessionError for no hash."""
    if not re.fullmatch(r"[0-9a-f]{64}", kept.sha256):  # it becomes a file name, and a stranger may have written it
        raise SessionError(f"a figure's sha256 is {kept.sha256[:80]!r}, which is none")
    folder = session_path.with_name(session_path.name.removesuffix(SUFFIX) + _BLOBS)
    return folder / (kept.sha256 + (_ENDINGS.get(kept.mime, ".bin") if isinstance(kept, Figure) else ""))


def keep(session_path: Path, kept: Figure | Attach, data: bytes) -> None:
    """Write `data` beside the session, fsynced, unless it is there already. Raises SessionError if the disk refuses."""
    path = blob(session_path, kept)
    if path.exists():
        return
    try:
        path.parent.mkdir(exist_ok=True)
        part = path.with_suffix(".part")
        with open(part, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        what = "figure" if isinstance(kept, Figure) else "attached file"
        raise SessionError(f"cannot write the {what} {path}: {error.strerror or error}") from None


def attached(session_path: Path, record: Attach) -> bytes:
    """The bytes of an attached file. Raises SessionError if they are gone or are not those that were attached."""
    path = blob(session_path, record)
    try:
        data = read_whole(path)
    except (OSError, CommandError) as error:
        said = (error.strerror if isinstance(error, OSError) else None) or error
        raise SessionError(f"the attached file {record.name} cannot be read from {path}: {said}") from None
    if hashlib.sha256(data).hexdigest() != record.sha256:
        raise SessionError(f"the attached file {record.name} is not what was attached: {path} has been changed")
    return data


def attachment(source: Path, after: str | None) -> tuple[Attach, bytes]:
    """A person's file as a record and its bytes. Raises CommandError for what is missing, too large or no file."""
    try:
        data = read_whole(source)
        path = str(source.resolve())
        path.encode()
        record = Attach(source.name, hashlib.sha256(data).hexdigest(), len(data), after, path)
    except (OSError, ValueError) as error:
        said = (error.strerror if isinstance(error, OSError) else None) or error
        raise CommandError(f"cannot attach {source}: {said}") from None
    return record, data


def read_whole(path: Path) -> bytes:
    """A regular file of at most `MOST_ATTACHED` bytes. Raises OSError, or CommandError for anything else."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)  # a FIFO would wait for its writer
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise CommandError(f"{path} is no regular file: only files can be attached")
        with open(descriptor, "rb", closefd=False) as file:
            data = file.read(MOST_ATTACHED + 1)
    finally:
        os.close(descriptor)
    if len(data) > MOST_ATTACHED:
        raise CommandError(f"{path} is larger than {MOST_ATTACHED >> 20} MiB: let programs read it with --allow-read")
    return data
