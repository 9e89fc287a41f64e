"""Lines appended to a file so that a crash costs at most the last of them.

Knows the lock, fsync and what a torn line looks like. Leaves paths, what lines mean and how errors are told to those
who keep such files: the session store and the bench's results.
"""

import fcntl
import os
from io import FileIO
from pathlib import Path

import msgspec


def lock(file: FileIO) -> None:
    """Make this open file the one writer, until it is closed. Raises BlockingIOError if there is another."""
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def append(file: FileIO, data: bytes) -> None:
    """Write `data` at the file's position and fsync it. Raises OSError; the file then holds what it held before."""
    start = file.tell()
    try:
        left = memoryview(data)
        while left:
            left = left[file.write(left) :]
        os.fsync(file.fileno())
    except BaseException:
        file.truncate(start)
        file.seek(start)
        raise


def sync_folder(folder: Path) -> None:
    """Put a folder's list of files on disk: without it, a file made just now may be gone after a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def torn(line: bytes) -> bool:
    """Whether a file's last line was cut short: it has no end, or is no JSON object."""
    if not line.endswith(b"\n"):
        return True
    try:
        msgspec.json.decode(line, type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError):
        return True
    return False
