"""The host's line to one keeper: starting it, asking it for things, hearing who died, and leaving nothing behind.

Knows the worker's command line, environment and scratch directory. Leaves to others: what runs (`attempt`,
`sandbox`). The keeper ends when its socket does, so a host that is killed leaves no process and no directory.
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
import weakref
from collections.abc import Collection
from pathlib import Path
from typing import Any

import msgspec

import mtchat
from mtchat.errors import SandboxError
from mtchat.sandbox import protocol
from mtchat.sandbox.frames import Dead, Failed, Kept, Prepared, Ready, Refused, from_keeper, from_program
from mtchat.sandbox.process import Line, Process, readable
from mtchat.sandbox.values import Isolation, Limits, Policy

START_SECONDS = 30.0
STOP_SECONDS = 5.0
_BOOT = "import sys; sys.path += {paths!r}; from mtchat.sandbox.launcher import main; main(sys.argv[1:])"
Answer = Prepared | Kept | Refused


class Link:
    """One keeper process. Dead once `alive` is False; its owner then makes another. `root`: the first line."""

    def __init__(self, policy: Policy, limits: Limits, seed: int | None, without: Collection[str]) -> None:
        self.directory = _directory(policy)
        self.socket, theirs = socket.socketpair()
        ours, line = socket.socketpair()
        self.root = Line(ours)
        self._cut = protocol.Frames(1 << 20)
        self._ready: Ready | None = None
        self._failed = ""
        self._asked = 0
        self._answers: dict[int, Answer] = {}
        self.exits: dict[int, int] = {}
        self.alive = True
        config = {
            "fd": theirs.fileno(),
            "line": line.fileno(),
            "directory": self.directory,
            "scratch": os.path.join(self.directory, "scratch"),
            "policy": msgspec.to_builtins(policy),
            "limits": msgspec.to_builtins(limits),
            "seed": seed,
            "without": sorted(without),
            "reasons": {},
        }
        try:
            self.process = _spawn(config, (theirs.fileno(), line.fileno()))
        except OSError as error:
            self.socket.close()
            ours.close()
            shutil.rmtree(self.directory, ignore_errors=True)
            raise SandboxError(f"the sandbox's worker cannot be started: {error}") from error
        finally:
            theirs.close()
            line.close()
        self._end = weakref.finalize(self, _end, os.getpid(), self.process, (self.socket, ours), self.directory)

    @property
    def isolation(self) -> Isolation:
        assert self._ready is not None
        return Isolation(self._ready.level, self._ready.layers)

    @property
    def is_on_disk(self) -> bool:
        """Whether the scratch files lie on the machine's disk, where no quota holds: they do without namespaces."""
        assert self._ready is not None
        return not any(layer.name == "namespaces" and layer.holds for layer in self._ready.layers)

    @property
    def supervised(self) -> bool:
        return self._ready is not None and self._ready.supervised

    # Starting

    def wait_ready(self) -> None:
        """Return once the root is parked; SandboxError with its own words when it does not come up."""
        until = time.monotonic() + START_SECONDS
        while self._ready is None or self.root.process is None:
            ready = readable((self.socket, self.root.socket), until - time.monotonic())
            if not ready:
                self.close()
                raise SandboxError(f"the sandbox's worker did not start within {START_SECONDS:.0f} s")
            self.hear()
            if not self.alive or self._failed:
                words = self._failed or self._last_words()
                self.close()
                raise SandboxError(f"the sandbox's worker did not start: {words}")
            if self.root.socket in ready:
                self._meet()
        if self._ready.violations:
            self.close()
            raise SandboxError(
                f"the sandbox's self-test was not stopped from: {', '.join(self._ready.violations)}; "
                "nothing is run (mtchat doctor shows the layers)"
            )

    def _meet(self) -> None:
        """Take in the root's first word, and look at its process."""
        try:
            self._greet()
        except protocol.ProtocolError as error:
            self.close()
            needs = "it needs /proc and pidfd_open (Linux 5.3 and later, not refused by a container) to watch programs"
            raise SandboxError(f"the sandbox's worker did not start: {error}; {needs}") from error

    def _greet(self) -> None:
        for body in self.root.read():
            self.root.adopt(getattr(from_program(body), "pid", 0))
            assert self.root.process is not None
            self.root.process.stop()
        if not self.root.open:
            self.alive = False

    def _last_words(self) -> str:
        with contextlib.suppress(OSError):
            lines = Path(self.directory, "worker.log").read_text(errors="replace").strip().splitlines()
            return lines[-1] if lines else "it ended without a word"
        return "it ended without a word"

    # Hearing and asking

    def look(self) -> None:
        """Whether it is still alive, and what it has said."""
        if self.process.poll() is not None:
            self.alive = False
        self.hear()

    def hear(self) -> None:
        """Take in what the keeper has said, without waiting."""
        try:
            data = self.socket.recv(1 << 16, socket.MSG_DONTWAIT)
            self.alive = self.alive and bool(data)
            said = [from_keeper(body) for body in self._cut.feed(data)]
        except BlockingIOError:
            return
        except (OSError, protocol.ProtocolError):
            self.alive = False
            return
        for frame in said:
            if isinstance(frame, Ready):
                self._ready = frame
            elif isinstance(frame, Dead):
                self.exits[frame.pid] = frame.code
            elif isinstance(frame, Failed):
                self._failed = frame.message
            else:
                self._answers[frame.ref] = frame

    def tell(self, message: dict[str, Any], fds: tuple[int, ...] = ()) -> None:
        try:
            protocol.send(self.socket, message, fds)
        except OSError:
            self.alive = False

    def ask(self, message: dict[str, Any], fds: tuple[int, ...] = ()) -> int:
        """Send what will be answered; the number under which `answer` finds it. What was not fetched is forgotten."""
        self._asked += 1
        for old in [ref for ref in self._answers if ref < self._asked - 4]:
            del self._answers[old]
        self.tell(message | {"ref": self._asked}, fds)
        return self._asked

    def has_answer(self, ref: int) -> bool:
        return ref in self._answers

    def said(self, ref: int) -> Answer | None:
        """The answer, if there is one already."""
        self.hear()
        return self._answers.pop(ref, None)

    def answer(self, ref: int) -> Answer:
        """Wait for an answer. SandboxError if the keeper is gone."""
        until = time.monotonic() + START_SECONDS
        while ref not in self._answers:
            if not self.alive or time.monotonic() > until:
                self.close()
                raise SandboxError("the sandbox's worker no longer answers; it was ended")
            readable((self.socket,), 0.5)
            self.hear()
        return self._answers.pop(ref)

    def end_strangers(self, known: set[int]) -> None:
        """Kill every child of the keeper not among these processes. Where they cannot be seen, nothing happens."""
        if self.root.process is None:
            return
        keeper = self.root.process.parent
        try:
            with open(f"/proc/{keeper}/task/{keeper}/children") as file:
                children = {int(pid) for pid in file.read().split()}
        except (OSError, ValueError):
            return
        for pid in children - known:
            with contextlib.suppress(protocol.ProtocolError):
                stranger = Process(pid)
                if stranger.parent == keeper:
                    stranger.kill()
                stranger.close()

    def close(self) -> None:
        self.alive = False
        if self.root.process is not None:
            self.root.process.close()
            self.root.process = None
        self._end()


def _directory(policy: Policy) -> str:
    """A new one, nobody else's, for scratch files and their versions. SandboxError if programs could write to it."""
    temporary = os.path.realpath(tempfile.gettempdir())
    for path in policy.write:
        if os.path.commonpath((os.path.realpath(path), temporary)) == os.path.realpath(path):
            raise SandboxError(
                f"{path} holds the sandbox's own files and cannot be given for writing: "
                "name a folder inside it, or let TMPDIR name another place for them"
            )
    try:
        directory = tempfile.mkdtemp(prefix="mtchat-sandbox-")
        for name in ("versions", "scratch"):
            os.mkdir(os.path.join(directory, name))
    except OSError as error:
        raise SandboxError(f"there is no place for the sandbox's files (TMPDIR names one): {error}") from error
    return directory


def _spawn(config: dict[str, Any], fds: tuple[int, ...]) -> "subprocess.Popen[bytes]":
    """A fresh interpreter: no site, no inherited environment, its own session, the scratch directory as home."""
    if not sys.executable:
        raise OSError("sys.executable does not say where Python is")
    directory = config["directory"]
    boot = _BOOT.format(paths=_import_path())
    with open(os.path.join(directory, "worker.log"), "wb") as log:
        return subprocess.Popen(
            [sys.executable, "-s", "-S", "-P", "-X", "utf8", "-c", boot, json.dumps(config)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log,
            pass_fds=fds,
            cwd=directory,
            env=_ENVIRONMENT,
            start_new_session=True,
        )


_ENVIRONMENT = {
    "JOBLIB_MULTIPROCESSING": "0",
    "MPLBACKEND": "Agg",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONNOUSERSITE": "1",
}
"""All of a worker's environment; what names its scratch directory is added once that is known (`worker`)."""


def _import_path() -> list[str]:
    """Where the worker finds RestrictedPython, the data libraries and us, after the standard library."""
    paths = [sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
    paths += [path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]
    paths += [str(Path(directory).parent) for directory in mtchat.__path__]
    return list(dict.fromkeys(str(Path(path).resolve()) for path in paths if path and os.path.isdir(path)))


def _end(owner: int, process: "subprocess.Popen[bytes]", lines: tuple[socket.socket, ...], directory: str) -> None:
    """Hang up, wait for the keeper to clear away, and make sure of it."""
    is_ours = os.getpid() == owner  # not in a fork of the host
    for sock in lines:
        with contextlib.suppress(OSError):
            if is_ours:
                sock.shutdown(socket.SHUT_RDWR)  # wakes a run in another thread, too
        sock.close()
    if not is_ours:
        return
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        pass
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    shutil.rmtree(directory, ignore_errors=True)
