"""The keeper: parent of every program's process, who reaps them, says when one may fork, and keeps the scratch files.

Knows the host's control socket, its own children, the listener on which forks are asked for, and the versions of the
scratch files. It runs no program itself and, in namespaces, is process 1: when it ends everything in there ends. Leaves
to others: what runs in its children (`worker`), how files are kept (`versions`), what confines whom (`isolation`).
Imports `mtchat.sandbox`, the standard library and RestrictedPython only.
"""

import contextlib
import os
import resource
import select
import signal
import socket
import time
from typing import Any, NoReturn

from mtchat.sandbox import isolation, kernel, protocol
from mtchat.sandbox.seccomp import Supervisor
from mtchat.sandbox.versions import TooMuch, Versions


class Keeper:
    """Serves one host until it hangs up."""

    def __init__(self, host: socket.socket, config: dict[str, Any]) -> None:
        self._host = host
        self._config = config
        self._reasons: dict[str, str] = config["reasons"]
        self._due: set[int] = set()
        self._processors = os.cpu_count() or 1
        self._supervisor: Supervisor | None = None
        self._wake, self._alarm = os.pipe()
        for fd in (self._wake, self._alarm):
            os.set_blocking(fd, False)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        with contextlib.suppress(OSError):
            kernel.only_deaths_of_children()
        signal.set_wakeup_fd(self._alarm, warn_on_full_buffer=False)
        for folder in (isolation.files_of(config), isolation.home_of(config)):
            os.mkdir(folder)
        limit = int(config["limits"]["scratch"])
        self._reasons |= isolation.confine_keeper(config)
        self._versions = Versions(config["scratch"], isolation.versions_of(config), limit)
        with contextlib.suppress(OSError):
            kernel.set_death_signal()
        self._root = self._start_root()

    def _start_root(self) -> socket.socket:
        """Fork the root of all programs; what it has to say about itself arrives on the socket returned."""
        ours, theirs = socket.socketpair()
        if os.fork() == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for each in (self._host, ours):
                each.close()
            os.close(self._wake)
            os.close(self._alarm)
            from mtchat.sandbox import worker

            worker.main(theirs, self._config)
        theirs.close()
        os.close(self._config["line"])
        return ours

    def serve(self) -> None:
        poll = select.poll()
        for fd in (self._host.fileno(), self._wake, self._root.fileno()):
            poll.register(fd, select.POLLIN)
        while True:
            ready = {fd for fd, _ in poll.poll()}
            if self._wake in ready:
                with contextlib.suppress(BlockingIOError):
                    os.read(self._wake, 4096)
                self._reap()
            if self._host.fileno() in ready and not self._obey():
                return
            if self._supervisor is not None and self._supervisor.fileno() in ready:
                self._judge()
            if self._root.fileno() in ready and not self._hear_root(poll):
                poll.unregister(self._root.fileno())
                self._root.close()

    # The root worker's words, before any program ran

    def _hear_root(self, poll: select.poll) -> bool:
        got = protocol.receive(self._root)
        if got is None:
            return False
        message, fds = got
        if fds:
            self._supervisor = Supervisor(fds[0])
            poll.register(fds[0], select.POLLIN)
        if "reasons" in message:
            self._reasons |= {name: why for name, why in message["reasons"].items() if why}
            self._announce(message["violations"])
        return True

    def _announce(self, violations: list[str]) -> None:
        reasons = dict(self._reasons)
        if self._supervisor is None:
            reasons["supervised forks"] = "the kernel gives no listener here: forks are limited in number only"
        layers = isolation.described(reasons)
        level = isolation.level({name: holds for name, holds, _ in layers if name in isolation.LAYERS})
        protocol.send(
            self._host,
            {
                "op": "ready",
                "level": level,
                "layers": [{"name": name, "holds": holds, "says": says} for name, holds, says in layers],
                "violations": violations,
                "supervised": self._supervisor is not None,
            },
        )

    # Forks

    def _judge(self) -> None:
        """Let a process fork if the host has said that it is due, once. What the host said before comes first."""
        assert self._supervisor is not None
        notice = self._supervisor.receive()
        if notice is None:
            return
        said = select.poll()
        said.register(self._host, select.POLLIN)
        while said.poll(0):
            if not self._obey():
                raise OSError("the host has hung up")
        if notice.pid in self._due and notice.is_sibling:
            self._due.discard(notice.pid)
            self._supervisor.allow(notice.id)
        else:
            self._supervisor.refuse(notice.id)

    # The host's requests

    def _obey(self) -> bool:
        """Do what the host asks; False when it has hung up."""
        got = protocol.receive(self._host)
        if got is None:
            return False
        request, fds = got
        try:
            answer = self._answer(request, fds)
        except (TooMuch, OSError, KeyError) as error:
            answer = {"op": "refused", "message": _words(error)}
        finally:
            for fd in fds:
                os.close(fd)
        if answer is not None and "ref" in request:
            protocol.send(self._host, answer | {"ref": request["ref"]})
        return True

    def _answer(self, request: dict[str, Any], fds: list[int]) -> dict[str, Any] | None:
        match request["op"]:
            case "prepare":
                self._versions.restore(request["version"])
                self._grant_time(request["pid"], request["seconds"])
                self._due.add(request["pid"])
                return {"op": "prepared"}  # the clock of the run starts with it
            case "keep":
                return self._kept(self._versions.save())
            case "put":
                self._versions.restore(request["version"])
                self._versions.put(os.path.join("files", request["name"]), fds[0])
                return self._kept(self._versions.save())
            case "drop":
                self._versions.drop(request["version"])
                return self._kept(request["version"])
        return None

    def _kept(self, version: int) -> dict[str, Any]:
        return {"op": "kept", "version": version, "stored": self._versions.stored}

    def _grant_time(self, pid: int, seconds: float) -> None:
        """CPU time for one run, on top of what the process has used; its copy starts at nought with the same limit."""
        with contextlib.suppress(AttributeError, OSError, OverflowError, ValueError):
            used = time.clock_gettime((~pid << 3) | 2)  # the clock of another process, as clock_getcpuclockid gives it
            until = int(used + seconds * self._processors + 5)
            resource.prlimit(pid, resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))

    def _reap(self) -> None:
        """Tell the host who died, and how."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            self._due.discard(pid)
            protocol.send(self._host, {"op": "dead", "pid": pid, "code": os.waitstatus_to_exitcode(status)})

    def end(self) -> NoReturn:
        """Ends everything below: in namespaces the kernel does it; elsewhere each child dies with its parent."""
        os._exit(0)


def _words(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"there is no version {error} of the scratch files"
    return str(error)


def main(host: socket.socket, config: dict[str, Any]) -> NoReturn:
    try:
        keeper = Keeper(host, config)
    except (OSError, protocol.ProtocolError) as error:
        with contextlib.suppress(OSError):
            protocol.send(host, {"op": "failed", "message": str(error)})
        os._exit(1)
    with contextlib.suppress(OSError, protocol.ProtocolError):
        keeper.serve()
    keeper.end()
