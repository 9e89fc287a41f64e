"""A snapshot's process: parked until it is asked for a run, then forked so that the state before the run stays.

Knows forking, descriptors and signals of one such process. The first run at a state goes on in the process itself,
and the copy is parked (so the head of a session does not sit at the end of a chain of forks); later runs at the same
state go on in the copy. Leaves to others: the program (`program`), reaping and killing (`keeper`), and deciding what
a lost process means (`sandbox`).
"""

import contextlib
import gc
import os
import random
import signal
import socket
import sys
import time
import types
from typing import Any, NoReturn

from mtchat.sandbox import isolation, program, protocol


def fork_orphan(keeper: int) -> bool:
    """Fork a copy that is the keeper's child, not ours, so that neither's death touches the other. True in the copy."""
    state = random.getstate()
    between = os.fork()
    if between:
        _, status = os.waitpid(between, 0)
        if status:
            raise OSError("the snapshot could not be forked")
        return False
    try:
        middle = os.getpid()
        if os.fork():
            os._exit(0)
    except OSError:
        os._exit(1)
    while os.getppid() == middle:
        time.sleep(0.0001)
    isolation.die_with_parent(keeper)
    random.setstate(state)
    return True


class Worker:
    """One process with one state. `sock` is its line to the host; `keeper` the process id of its parent."""

    def __init__(self, sock: socket.socket, state: program.Program, keeper: int, limits: dict[str, Any]) -> None:
        self.sock = sock
        self.program = state
        self.keeper = keeper
        self.limits = limits
        self._running = False

    def park(self) -> NoReturn:
        """Wait for requests until the host hangs up."""
        while True:
            gc.disable()
            try:
                got = protocol.receive(self.sock)
            except (OSError, protocol.ProtocolError):
                got = None
            if got is None:
                os._exit(0)
            self._serve(*got)

    def _serve(self, request: dict[str, Any], fds: list[int]) -> None:
        line, streams, here = fds[0], fds[1:], bool(request["here"])
        try:
            copied = fork_orphan(self.keeper)
        except OSError as error:
            for fd in streams:
                os.close(fd)
            self._refuse(here, line, error)
            return
        if copied:
            self.sock.close()
            self.sock = socket.socket(fileno=line)
        else:
            os.close(line)
        if copied == here:  # the one that stays parked
            for fd in streams:
                os.close(fd)
        else:
            self.carry_out(request, streams)

    def _refuse(self, here: bool, line: int, error: OSError) -> None:
        with socket.socket(fileno=line) as other, contextlib.suppress(OSError):
            protocol.send(self.sock if here else other, {"op": "failed", "message": str(error)})

    def carry_out(self, request: dict[str, Any], streams: list[int]) -> None:
        """Run what is asked for in this process, then answer; only a state worth keeping returns to the park."""
        os.dup2(streams[0], 1)
        os.dup2(streams[1], 2)
        for fd in streams:
            os.close(fd)
        self._send({"op": "hello", "pid": os.getpid()})
        answer = self._variables() if request["op"] == "variables" else self._run(request)
        for image in answer.pop("figures", ()):
            self._send({"op": "figure", **image})
        self._send(answer)
        if answer.get("status") not in ("ok", "error"):
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
        isolation.apply(self.limits, float(request["timeout"]))
        try:
            self._running = True
            answer = self.program.run(request["code"], self.limits)
            self._running = False
        except KeyboardInterrupt:
            answer = {"status": "interrupted"}
        self._running = False
        isolation.lift()
        with contextlib.suppress(Exception, KeyboardInterrupt):
            program.flush_streams()
        _quiet()
        return {"op": "done", **answer}

    def _variables(self) -> dict[str, Any]:
        program.fresh_streams()
        isolation.apply(self.limits, 5.0)
        self.program.audit.active = True
        return {"op": "variables", "variables": self.program.variables()}

    def _interrupt(self, number: int, frame: types.FrameType | None) -> None:
        self.program.interrupted = True
        if self._running:
            raise KeyboardInterrupt


def _quiet() -> None:
    """Let go of the run's pipes."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)
    os.close(null)
    sys.stdout.flush() if sys.stdout else None
