"""The keeper: the worker's first process, root of all snapshots, who reaps them and kills when the host says so.

Knows the host's control socket and its own children. It runs no program itself: a run at the root state goes on in
a fork of it. When the host hangs up or dies it kills every child, removes the scratch directory and ends. Leaves to
others: what runs in the forks (`worker`). Started by `link` as a fresh process with an empty environment; imports
`mtchat.sandbox`, the standard library and RestrictedPython only.
"""

import contextlib
import gc
import json
import os
import random
import select
import shutil
import signal
import socket
import sys
from typing import Any, NoReturn

from mtchat.sandbox import isolation, protocol
from mtchat.sandbox.program import Program
from mtchat.sandbox.worker import Worker


class Keeper:
    """Serves one host until it hangs up."""

    def __init__(self, host: socket.socket, config: dict[str, Any]) -> None:
        self._host = host
        self._config = config
        self._pid = os.getpid()
        self._wake, self._alarm = os.pipe()
        for fd in (self._wake, self._alarm):
            os.set_blocking(fd, False)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        signal.set_wakeup_fd(self._alarm, warn_on_full_buffer=False)
        isolation.become_subreaper()
        isolation.no_new_privileges()
        files = os.path.join(config["scratch"], "files")
        self._program = Program(config["policy"], tuple(config["allow_imports"]), files, config["seed"])
        os.chdir(files)

    def serve(self) -> None:
        gc.collect()
        gc.freeze()
        protocol.send(self._host, {"op": "ready"})
        poll = select.poll()
        poll.register(self._host, select.POLLIN)
        poll.register(self._wake, select.POLLIN)
        while True:
            ready = {fd for fd, _ in poll.poll()}
            if self._wake in ready:
                with contextlib.suppress(BlockingIOError):
                    os.read(self._wake, 4096)
            self._reap()
            if self._host.fileno() in ready:
                got = protocol.receive(self._host)
                if got is None:
                    return
                self._obey(*got)

    def _obey(self, request: dict[str, Any], fds: list[int]) -> None:
        match request["op"]:
            case "kill":
                self._kill(int(request["pid"]))
            case "interrupt":
                if _parent(int(request["pid"])) == self._pid:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(int(request["pid"]), signal.SIGINT)
            case _:
                self._fork(request, fds)

    def _fork(self, request: dict[str, Any], fds: list[int]) -> None:
        state = random.getstate()
        if os.fork() == 0:
            random.setstate(state)
            self._become_worker(request, fds)
        for fd in fds:
            os.close(fd)

    def _become_worker(self, request: dict[str, Any], fds: list[int]) -> NoReturn:
        isolation.die_with_parent(self._pid)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self._host.close()
        os.close(self._wake)
        os.close(self._alarm)
        worker = Worker(socket.socket(fileno=fds[0]), self._program, self._pid, self._config["limits"])
        worker.carry_out(request, fds[1:])
        worker.park()

    def _reap(self) -> None:
        """Tell the host who died, and how."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            protocol.send(self._host, {"op": "dead", "pid": pid, "code": os.waitstatus_to_exitcode(status)})

    def _kill(self, pid: int) -> None:
        """Kill a child of ours and everything below it. Others are none of the host's business."""
        if _parent(pid) != self._pid:
            return
        for each in (pid, *_descendants(pid)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)

    def end(self) -> NoReturn:
        for _ in range(100):
            children = _descendants(self._pid)
            for pid in children:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                while True:
                    os.waitpid(-1, 0)
            if not children:
                break
        os.chdir("/")
        shutil.rmtree(self._config["scratch"], ignore_errors=True)
        os._exit(0)


def _parent(pid: int) -> int | None:
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            return int(file.read().rpartition(b")")[2].split()[1])
    except (OSError, ValueError, IndexError):
        return None


def _descendants(pid: int) -> list[int]:
    """Every process below `pid`, nearest first."""
    found = [pid]
    for each in found:  # grows as it is walked
        found += _children(each)
    return found[1:]


def _children(pid: int) -> list[int]:
    children: list[int] = []
    with contextlib.suppress(OSError):
        for task in os.listdir(f"/proc/{pid}/task"):
            with contextlib.suppress(OSError), open(f"/proc/{pid}/task/{task}/children") as file:
                children += [int(child) for child in file.read().split()]
    return children


def main(arguments: list[str]) -> NoReturn:
    config = json.loads(arguments[0])
    keeper = Keeper(socket.socket(fileno=int(config["fd"])), config)
    with contextlib.suppress(OSError, protocol.ProtocolError):
        keeper.serve()
    keeper.end()


if __name__ == "__main__":
    main(sys.argv[1:])
