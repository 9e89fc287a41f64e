"""A program's process: parked until it is asked for a run, then forked so that the state before the run stays.

Knows locking itself down (the root, once), forking, descriptors and signals of one such process. The first run at a
state goes on in the process itself, and the copy is parked (so the head of a session does not sit at the end of a chain
of forks); later runs at the same state go on in the copy. Every process is a child of the keeper. Leaves to others: the
program (`program`), who may fork when (`keeper`), stopping and killing, and deciding what a lost process means (the
host).
"""

import contextlib
import gc
import mmap
import os
import random
import resource
import select
import signal
import socket
import types
from typing import Any, NoReturn

from mtchat.sandbox import isolation, kernel, program, protocol, selftest

_HELLO = protocol.encode({"op": "hello", "pid": 0})
"""A copy's first word, to which the kernel adds who it is."""
_SPARE = 6
"""Descriptors held back while a program runs, so that its limit leaves us room for the next request's."""
_RESERVE = 4 << 20
"""Bytes held back, untouched, while a program runs, so that its memory limit leaves us room to answer."""


def main(keeper: socket.socket, config: dict[str, Any]) -> NoReturn:
    """The root: lock down for good, say what holds, and park with an empty program."""
    _die_with_parent()
    reasons = isolation.confine_program(config)
    _set_environment(config)
    listener, reasons["seccomp"] = isolation.filter_calls(config)
    if listener is not None:
        protocol.send(keeper, {"op": "listener"}, (listener,))
        os.close(listener)
    level = isolation.level(_holds(config, reasons))
    violations = selftest.violations(level, os.path.join(config["directory"], "worker.log"), isolation.files_of(config))
    state = program.Program(config["policy"], isolation.files_of(config), config["seed"], level)
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, fileno=config["line"])
    worker = Worker(line, state, config["limits"])
    protocol.send(keeper, {"op": "root", "reasons": reasons, "violations": violations})
    keeper.close()
    line.sendall(protocol.encode({"op": "hello", "pid": os.getpid()}))
    gc.freeze()
    worker.park()


def _holds(config: dict[str, Any], reasons: dict[str, str]) -> dict[str, bool]:
    return {name: not (config["reasons"] | reasons).get(name) for name in isolation.LAYERS}


def _set_environment(config: dict[str, Any]) -> None:
    files, home = isolation.files_of(config), isolation.home_of(config)
    os.environ.update(HOME=home, TMPDIR=files, MPLCONFIGDIR=home)
    os.chdir(files)


def _die_with_parent() -> None:
    with contextlib.suppress(OSError):
        kernel.set_death_signal()


def fork_sibling(line: int) -> bool:
    """Fork a copy whose parent is the keeper, not us, so that neither's death touches the other. True in the copy,
    which has said hello on the descriptor `line`.

    OSError where it may not be. Elsewhere than on Linux the copy belongs to nobody instead.
    """
    state = random.getstate()
    if kernel.LINUX:
        copied = kernel.clone_sibling(line, _HELLO) == 0
    else:
        copied = _fork_orphan()
        if copied:
            os.write(line, protocol.encode({"op": "hello", "pid": os.getpid()}))
    if copied:
        _die_with_parent()
        random.setstate(state)
    return copied


def _fork_orphan() -> bool:
    between = os.fork()
    if between:
        _, status = os.waitpid(between, 0)
        if status:
            raise OSError("the snapshot could not be forked")
        return False
    try:
        if os.fork():
            os._exit(0)
    except OSError:
        os._exit(1)
    return True


class Worker:
    """One process with one state. `sock` is its line to the host."""

    def __init__(self, sock: socket.socket, state: program.Program, limits: dict[str, Any]) -> None:
        self.sock = sock
        self.program = state
        self.limits = limits
        self._running = False
        self._null = os.open(os.devnull, os.O_WRONLY)
        self._everything = select.poll()
        for fd in range(3, resource.getrlimit(resource.RLIMIT_NOFILE)[0]):  # lower than ours where the system's is
            self._everything.register(fd, select.POLLIN)
        self._places: dict[int, int] = {}
        state.ask = self._ask

    def park(self) -> NoReturn:
        """Wait for requests until the host hangs up."""
        self._places = self._offsets()
        while True:
            gc.disable()
            try:
                got = protocol.receive(self.sock)
            except (OSError, protocol.ProtocolError):
                got = None
            if got is None:
                os._exit(0)
            self._serve(*got)

    def _offsets(self) -> dict[int, int]:
        """Where each open file stands: the place is shared with the copy, and moves when that one reads on."""
        places = {}
        for fd, event in self._everything.poll(0):
            if not event & select.POLLNVAL:
                with contextlib.suppress(OSError):
                    places[fd] = os.lseek(fd, 0, os.SEEK_CUR)
        return places

    def _seek_back(self) -> None:
        for fd, place in self._places.items():
            with contextlib.suppress(OSError):
                os.lseek(fd, place, os.SEEK_SET)

    def _serve(self, request: dict[str, Any], fds: list[int]) -> None:
        line, streams, here = fds[0], fds[1:], bool(request["here"])
        self._seek_back()
        try:
            copied = fork_sibling(line)
        except OSError as error:
            self._refuse(line, error)
            for fd in streams:
                os.close(fd)
            return
        if copied:
            self.sock.close()
            self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, fileno=line)
        else:
            os.close(line)
        if copied == here:  # the one that stays parked
            for fd in streams:
                os.close(fd)
        else:
            self.carry_out(request, streams)

    def _refuse(self, line: int, error: OSError) -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, fileno=line) as other, contextlib.suppress(OSError):
            protocol.send(other, {"op": "failed", "message": str(error)})

    def carry_out(self, request: dict[str, Any], streams: list[int]) -> None:
        """Run what is asked for in this process, then answer; only a state worth keeping returns to the park."""
        self.program.dialect.watch()
        os.dup2(streams[0], 1)
        os.dup2(streams[1], 2)
        for fd in streams:
            os.close(fd)
        answer = self._variables(request.get("of")) if request["op"] == "variables" else self._run(request)
        for image in answer.pop("figures", ()):
            self._send({"op": "figure", **image})
        self._places = self._offsets()  # noted once, before there is a copy that moves them
        self._send(answer)
        if answer.get("status") not in ("ok", "error"):
            self._await_death()

    def _await_death(self) -> NoReturn:
        """The host kills what it does not keep. It must look at us while we live, or it does not believe our answer."""
        with contextlib.suppress(OSError, protocol.ProtocolError):
            while protocol.receive(self.sock) is not None:
                pass
        os._exit(0)

    def _send(self, message: dict[str, Any]) -> None:
        try:
            protocol.send(self.sock, message)
        except OSError:
            os._exit(0)

    def _run(self, request: dict[str, Any]) -> dict[str, Any]:
        gc.enable()
        program.fresh_streams()
        signal.signal(signal.SIGINT, self._interrupt)
        spare = [os.dup(self._null) for _ in range(_SPARE)]
        reserve: mmap.mmap | None = mmap.mmap(-1, _RESERVE, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        try:
            self._running = True
            answer = self.program.run(request["code"], self.limits)
            self._running = False
        except KeyboardInterrupt:
            answer = {"status": "interrupted"}
        self._running, reserve = False, None
        del reserve
        for fd in spare:
            with contextlib.suppress(OSError):
                os.close(fd)
        with contextlib.suppress(Exception, KeyboardInterrupt):
            program.flush_streams()
        for fd in (1, 2):  # let go of the run's pipes
            os.dup2(self._null, fd)
        return {"op": "done", **answer}

    def _variables(self, of: list[str] | None) -> dict[str, Any]:
        program.fresh_streams()
        found = self.program.variables() if of is None else self.program.attributes(of)
        return {"op": "variables", "variables": found}

    def _ask(self, prompt: str) -> str | None:
        """What the person answers; None when nobody does."""
        self._send({"op": "asked", "prompt": protocol.clean(prompt)})
        got = protocol.receive(self.sock)
        if got is None:
            os._exit(0)
        answer = got[0].get("answer")
        return answer if isinstance(answer, str) else None

    def _interrupt(self, number: int, frame: types.FrameType | None) -> None:
        self.program.interrupted = True
        if self._running:
            raise KeyboardInterrupt
