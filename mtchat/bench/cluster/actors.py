"""What runs on the nodes: a model that writes units, a judge that runs what was written in a sandbox it keeps.

Knows how the work is done in one process, its threads, and that a failure travels as a value. Leaves to others: the
work itself (`Work`: functions of `sampler` and `judging`), and Ray, of which nothing is imported here.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

import mtchat
from mtchat.bench.setups import subject_of
from mtchat.bench.values import Conversation, Sample, Setup, Unit
from mtchat.errors import CommandError, MtchatError
from mtchat.turn import ModelInfo

_FOLDER = "mtchat-worker-"


class Work(msgspec.Struct, frozen=True):
    """What workers call, all of it importable on every node. `load` makes the model, `sandbox` a sandbox for a setup.

    `sample(unit, model, sandbox)` writes a conversation for each row (the sandbox is None unless the setup selects);
    `judge(unit, row, conversation, sandbox)` runs one. `device` is what `load` was told, and decides about GPUs.
    """

    load: Callable[[], Any]
    sandbox: Callable[[Setup], Any]
    sample: Callable[[Unit, Any, Any], Sequence[Conversation]]
    judge: Callable[[Unit, int, Conversation, Any], Sample]
    device: str = "auto"


class Failed(msgspec.Struct, frozen=True):
    """An exception on a worker, in a line. `ours` says that it was a MtchatError, whose text is fit to show."""

    says: str
    ours: bool

    @classmethod
    def of(cls, error: Exception) -> "Failed":
        ours = isinstance(error, MtchatError)
        text = " ".join(str(error).split())[:500]
        return cls(text if ours else f"{type(error).__name__}: {text}", ours)


class Greeting(msgspec.Struct, frozen=True):
    """A worker that is ready, and what it measures if it has a model: the fields of `setups.Subject`."""

    pid: int
    model: ModelInfo | None = None
    dtype: str = ""
    scores: bool = True
    exact: bool = False


class Room:
    """The one sandbox of a worker: kept from unit to unit, made anew for another setup and after a failure.

    Its files lie in a folder of this worker's own, which another worker clears away if this one is killed.
    """

    def __init__(self, make: Callable[[Setup], Any]) -> None:
        self._make, self._sandbox, self._digest, self._closed = make, None, "", False
        self._folder, self._lock = own_folder()

    def sandbox(self, setup: Setup) -> Any:
        """The sandbox for that setup."""
        if self._sandbox is None or self._digest != setup.digest:
            self.drop()
            if not self._closed:
                self._sandbox, self._digest = self._make(setup), setup.digest
        if self._closed:
            self.drop()
            raise CommandError("this worker was told to stop")
        return self._sandbox

    def drop(self) -> None:
        """End the sandbox there is; a run in progress fails."""
        sandbox, self._sandbox = self._sandbox, None
        if sandbox is not None:
            sandbox.close()

    def close(self) -> None:
        """Leave nothing, and begin nothing more."""
        self._closed = True
        self.drop()
        shutil.rmtree(self._folder, ignore_errors=True)


def own_folder() -> tuple[Path, int]:
    """A temporary folder of this process's own, where tempfile now makes everything, and its lock, held until it ends.

    Folders whose lock nobody holds belonged to workers that were killed, and are removed.
    """
    for old in Path(tempfile.gettempdir()).glob(f"{_FOLDER}*"):
        with contextlib.suppress(OSError), (old / "lock").open() as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(old, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=_FOLDER))
    lock = os.open(folder / "lock.new", os.O_CREAT | os.O_RDWR, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    (folder / "lock.new").rename(folder / "lock")  # held before anybody looks for it
    tempfile.tempdir = str(folder)
    return folder, lock


class ModelActor:
    """A model in a process of its own, with a fixed number of threads."""

    def __init__(self, work: Work, threads: int) -> None:
        os.environ["OMP_NUM_THREADS"] = str(threads)  # before torch is imported, which `load` does
        self._work, self._threads, self._model = work, threads, None
        self._room = Room(work.sandbox)

    def hello(self) -> Greeting | Failed:
        """Load the model. What is wrong with it is said in one line."""
        try:
            self._model = model = self._work.load()
            if torch := sys.modules.get("torch"):
                torch.set_num_threads(self._threads)
            subject = subject_of(model)
        except Exception as error:
            return Failed.of(error)
        return Greeting(os.getpid(), subject.model, subject.dtype, subject.scores, subject.exact)

    def do(self, unit: Unit) -> tuple[Conversation, ...] | Failed:
        """A conversation for each row of the unit."""
        try:
            sandbox = self._room.sandbox(unit.setup) if unit.setup.select > 1 else None
            return tuple(self._work.sample(unit, self._model, sandbox))
        except Exception as error:
            self._room.drop()
            return Failed.of(error)

    def stop(self) -> None:
        """End the sandbox; called beside a unit that runs."""
        self._room.close()


class JudgeActor:
    """A sandbox in a process of its own, and what judges with it."""

    def __init__(self, work: Work) -> None:
        self._work, self._room = work, Room(work.sandbox)

    def hello(self) -> Greeting:
        """Ready; the sandbox starts with the first piece."""
        return Greeting(os.getpid())

    def do(self, unit: Unit, rows: Sequence[int], conversations: Sequence[Conversation]) -> tuple[Sample, ...] | Failed:
        """A sample for each of these rows of the unit."""
        try:
            sandbox = self._room.sandbox(unit.setup)
            judged = zip(rows, conversations, strict=True)
            return tuple(self._work.judge(unit, row, conversation, sandbox) for row, conversation in judged)
        except Exception as error:
            self._room.drop()
            return Failed.of(error)

    def stop(self) -> None:
        """End the sandbox; called beside a piece that runs."""
        self._room.close()


def code_here() -> tuple[str, str]:
    """The version of mtchat in this process, and a digest of its source files: the same on every node."""
    digest = hashlib.sha256()
    root = Path(mtchat.__path__[0])
    for path in sorted(root.rglob("*.py")):
        digest.update(f"{path.relative_to(root).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return mtchat.__version__, digest.hexdigest()[:16]


def probe() -> Callable[[], tuple[str, str]]:
    """A function that says `code_here()` of the node it runs on, or why there is none.

    Nested, so that it travels as its own code: a node with no mtchat, or another one, can still run it.
    """

    def look() -> tuple[str, str]:
        try:
            from mtchat.bench.cluster.actors import code_here

            return code_here()
        except ImportError as error:
            return "", str(error)

    return look
