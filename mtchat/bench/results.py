"""What a benchmark run keeps: a folder with `results.jsonl`, append-only, one line a sample.

Knows the folder, the lines and their keys. A line `{"setup": digest, "values": {...}}` stands before the first sample
of a setup; a sample is there once, whoever was killed when. One writer at a time; readers never block. Leaves locking
and syncing to `mtchat.durable`, what is made of the samples to `summary`.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from mtchat import durable
from mtchat.bench.values import Key, Sample, Setup
from mtchat.errors import BenchError
from mtchat.turn import canonical

FILE = "results.jsonl"
_OPENING = b'{"setup":'


@dataclass(frozen=True)
class Reading:
    """A file as read: setups and samples by digest, how many bytes are whole lines, a word on what was dropped."""

    setups: dict[str, Setup] = field(default_factory=dict)
    samples: dict[str, dict[Key, Sample]] = field(default_factory=dict)
    whole: int = 0
    dropped: str = ""

    def add(self, setup: Setup, digest: str) -> None:
        self.setups.setdefault(digest, setup)
        self.samples.setdefault(digest, {})


class Results:
    """A folder of results for writing, locked while it is open. Use `open`, and close it; `read` needs no lock."""

    def __init__(self, folder: Path, file: FileIO, reading: Reading) -> None:
        self.folder = folder
        self._file = file
        self._reading = reading

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The results in `folder`, to go on with; made if there is none. A torn last line is cut off (`dropped`).

        Raises BenchError if the folder holds something else, is broken, cannot be written or is open elsewhere.
        """
        path = folder / FILE
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _refuse_others(folder)
            file = open(path, "a+b", buffering=0)  # noqa: SIM115  (kept open: it carries the lock)
        except OSError as error:
            raise BenchError(
                f"cannot keep results in {folder}: {error.strerror or error}; name another --out"
            ) from None
        try:
            return cls(folder, file, _take(file, folder))
        except BaseException:
            file.close()
            raise

    @property
    def dropped(self) -> str:
        """A word on what a crash had left, "" for nothing."""
        return self._reading.dropped

    @property
    def setups(self) -> Mapping[str, Setup]:
        """The setups by digest, in the order in which they came."""
        return self._reading.setups

    def samples(self, digest: str) -> Mapping[Key, Sample]:
        """The samples of a setup by key; none for a setup that is not here."""
        return self._reading.samples.get(digest, {})

    def missing(self, keys: Iterable[Key]) -> list[Key]:
        """Those of `keys` that have no sample yet, in their order."""
        return [key for key in keys if key not in self.samples(key.setup)]

    def add_setup(self, setup: Setup) -> str:
        """Put a setup on disk, unless it is there, and return its digest. Raises BenchError."""
        digest = setup.digest
        if digest not in self._reading.setups:
            self._write(msgspec.json.encode({"setup": digest, "values": msgspec.to_builtins(setup)}) + b"\n")
            self._reading.add(setup, digest)
        return digest

    def append(self, samples: Sequence[Sample]) -> int:
        """Put samples on disk in one write (fsynced); how many were new. One whose key is there is passed over.

        Raises BenchError if the disk refuses (the file then holds what it held before), for a sample that JSON cannot
        hold, and for one whose setup has not been added.
        """
        fresh: dict[Key, bytes] = {}
        for sample in samples:
            if sample.key.setup not in self._reading.setups:
                raise BenchError(
                    f"{_named(sample.key)}: its setup {sample.key.setup} has not been added to the results"
                )
            if sample.key not in self.samples(sample.key.setup):
                fresh.setdefault(sample.key, _encode(sample))
        kept = {key: _decode(line, key) for key, line in fresh.items()}
        if fresh:
            self._write(b"".join(fresh.values()))
        for key, sample in kept.items():  # as read back: a resumed run then knows exactly what this one does
            self._reading.samples[key.setup][key] = sample
        return len(fresh)

    def close(self) -> None:
        """Release the lock. Harmless when repeated."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def _write(self, data: bytes) -> None:
        try:
            durable.append(self._file, data)
        except OSError as error:
            said = error.strerror or error
            raise BenchError(f"cannot write to {self.folder / FILE}: {said}; nothing was lost") from None


def read(folder: Path) -> Reading:
    """The results in `folder`, without a lock; a torn last line is passed over.

    Raises BenchError if there are none, they cannot be read or are broken.
    """
    path = folder / FILE
    try:
        return _parse(path.read_bytes(), path)
    except (FileNotFoundError, NotADirectoryError):
        raise BenchError(f"{folder} holds no results: name a folder that --out of a run has filled") from None
    except OSError as error:
        raise BenchError(f"cannot read {path}: {error.strerror or error}") from None


def _refuse_others(folder: Path) -> None:
    if not (folder / FILE).exists() and any(folder.iterdir()):
        raise BenchError(f"{folder} holds other files and no {FILE}: name a new or an empty folder with --out")


def _take(file: FileIO, folder: Path) -> Reading:
    """Lock and read, cut a torn line off, and stand at the end."""
    try:
        durable.lock(file)
        file.seek(0)
        reading = _parse(file.read(), folder / FILE)
        file.truncate(reading.whole)
        file.seek(reading.whole)
        durable.sync_folder(folder)
    except BlockingIOError:
        raise BenchError(f"{folder} is being written by another run: wait for it, or name another --out") from None
    except OSError as error:
        raise BenchError(f"cannot keep results in {folder}: {error.strerror or error}") from None
    return reading


def _parse(data: bytes, path: Path) -> Reading:
    if not data.startswith(_OPENING) and not _OPENING.startswith(data):
        raise BenchError(f"{path} is no results file of a benchmark: name another folder with --out")
    lines = [line + b"\n" for line in data.split(b"\n")]
    lines[-1] = lines[-1][:-1]
    if not lines[-1]:
        lines.pop()
    reading, whole = Reading(), 0
    for number, line in enumerate(lines, 1):
        if number == len(lines) and durable.torn(line):
            word = f"{path}: its last line was cut short by a crash and has been dropped"
            return Reading(reading.setups, reading.samples, whole, word)
        try:
            _take_line(reading, line)
        except (msgspec.DecodeError, UnicodeDecodeError, ValueError) as error:
            raise BenchError(f"{path}: line {number}: {error}; mend it or name another folder with --out") from None
        whole += len(line)
    return Reading(reading.setups, reading.samples, whole)


def _take_line(reading: Reading, line: bytes) -> None:
    """One more line. Raises ValueError (msgspec's are such) for what is no line of ours."""
    if line.startswith(_OPENING):
        raw = msgspec.json.decode(line, type=dict[str, Any])
        values, digest = raw.get("values"), raw["setup"]
        # of what stands there, not of Setup: a later mtchat may know more fields
        if hashlib.sha256(canonical(values)).hexdigest()[:16] != digest:
            raise ValueError(f"the setup {digest} is not what its values say")
        reading.add(msgspec.convert(values, Setup), digest)
        return
    sample = _DECODER.decode(line)
    if sample.key.setup not in reading.setups:
        raise ValueError(f"no line above says what the setup {sample.key.setup} is")
    reading.samples[sample.key.setup].setdefault(sample.key, sample)


_DECODER = msgspec.json.Decoder(Sample)


def _encode(sample: Sample) -> bytes:
    try:
        return msgspec.json.encode(sample) + b"\n"
    except UnicodeEncodeError:  # half of a surrogate pair, which a program may well print
        return json.dumps(msgspec.to_builtins(sample), ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def _decode(line: bytes, key: Key) -> Sample:
    try:
        return _DECODER.decode(line)
    except msgspec.DecodeError as error:
        raise BenchError(f"{_named(key)} cannot be kept: {error}") from None


def _named(key: Key) -> str:
    return f"problem {key.problem}, case {key.case}, sample {key.sample}"
