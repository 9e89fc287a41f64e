"""The host's line to one keeper: starting it, asking it to kill, hearing who died, and leaving nothing behind.

Knows the worker's command line, environment and scratch directory. Leaves to others: what runs (`attempt`,
`sandbox`). The keeper ends when its socket does, so a host that is killed leaves no process and no directory.
"""

import contextlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import weakref
from pathlib import Path
from typing import Any

import msgspec

import mtchat
from mtchat.errors import SandboxError
from mtchat.sandbox import protocol
from mtchat.sandbox.frames import Dead, Ready, from_keeper
from mtchat.sandbox.values import Limits, Policy

START_SECONDS = 30.0
STOP_SECONDS = 5.0
_BOOT = "import sys; sys.path += {paths!r}; from mtchat.sandbox.keeper import main; main(sys.argv[1:])"


class Link:
    """One keeper process. Dead once `alive` is False; its owner then makes another."""

    def __init__(self, policy: Policy, limits: Limits, seed: int | None) -> None:
        self.scratch = tempfile.mkdtemp(prefix="mtchat-sandbox-")
        self.socket, theirs = socket.socketpair()
        self._cut = protocol.Frames(1 << 16)
        self._ready = False
        self.alive = True
        config = {
            "fd": theirs.fileno(),
            "scratch": self.scratch,
            "policy": policy.name,
            "allow_imports": policy.allow_imports,
            "limits": msgspec.to_builtins(limits),
            "seed": seed,
        }
        try:
            self.process = _spawn(config, theirs)
        except OSError as error:
            self.socket.close()
            shutil.rmtree(self.scratch, ignore_errors=True)
            raise SandboxError(f"the sandbox's worker cannot be started: {error}") from error
        finally:
            theirs.close()
        self._end = weakref.finalize(self, _end, os.getpid(), self.process, self.socket, self.scratch)

    def wait_ready(self) -> None:
        """Return once the keeper can fork; SandboxError with its own words when it does not come up."""
        while not self._ready:
            readable, _, _ = select.select([self.socket], [], [], START_SECONDS)
            if not readable:
                self.close()
                raise SandboxError(f"the sandbox's worker did not start within {START_SECONDS:.0f} s")
            self.hear()
            if not self.alive:
                words = self._last_words()
                self.close()
                raise SandboxError(f"the sandbox's worker did not start: {words}")

    def hear(self) -> list[Dead]:
        """Read what the keeper has said, without waiting; notices of death are returned."""
        try:
            data = self.socket.recv(1 << 16, socket.MSG_DONTWAIT)
            self.alive = bool(data)
            said = [from_keeper(body) for body in self._cut.feed(data)]
        except BlockingIOError:
            return []
        except (OSError, protocol.ProtocolError):
            self.alive = False
            return []
        self._ready = self._ready or any(isinstance(frame, Ready) for frame in said)
        return [frame for frame in said if isinstance(frame, Dead)]

    def ask(self, message: dict[str, Any], fds: tuple[int, ...] = ()) -> None:
        try:
            protocol.send(self.socket, message, fds)
        except OSError:
            self.alive = False

    def _last_words(self) -> str:
        with contextlib.suppress(OSError):
            lines = Path(self.scratch, "worker.log").read_text(errors="replace").strip().splitlines()
            return lines[-1] if lines else "it ended without a word"
        return "it ended without a word"

    def close(self) -> None:
        self.alive = False
        self._end()


def _spawn(config: dict[str, Any], theirs: socket.socket) -> "subprocess.Popen[bytes]":
    """A fresh interpreter: no site, no inherited environment, its own session, the scratch directory as home."""
    scratch = config["scratch"]
    for name in ("files", "home"):
        os.mkdir(os.path.join(scratch, name))
    boot = _BOOT.format(paths=_import_path())
    with open(os.path.join(scratch, "worker.log"), "wb") as log:
        return subprocess.Popen(
            [sys.executable, "-s", "-S", "-P", "-X", "utf8", "-c", boot, json.dumps(config)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log,
            pass_fds=[theirs.fileno()],
            cwd=scratch,
            env=_environment(scratch),
            start_new_session=True,
        )


def _environment(scratch: str) -> dict[str, str]:
    home = os.path.join(scratch, "home")
    return {
        "HOME": home,
        "TMPDIR": os.path.join(scratch, "files"),
        "MPLCONFIGDIR": home,
        "MPLBACKEND": "Agg",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONNOUSERSITE": "1",
    }


def _import_path() -> list[str]:
    """Where the worker finds RestrictedPython, the data libraries and us, after the standard library."""
    paths = [sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
    paths += [path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]
    paths += [str(Path(directory).parent) for directory in mtchat.__path__]
    return list(dict.fromkeys(str(Path(path).resolve()) for path in paths if path and os.path.isdir(path)))


def _end(owner: int, process: "subprocess.Popen[bytes]", sock: socket.socket, scratch: str) -> None:
    """Hang up, wait for the keeper to clear away, and make sure of it."""
    if os.getpid() != owner:
        sock.close()
        return  # a fork of the host: the sandbox is not its own
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)  # wakes a run in another thread, too
    sock.close()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        pass
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    shutil.rmtree(scratch, ignore_errors=True)
