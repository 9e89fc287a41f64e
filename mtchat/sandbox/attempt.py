"""One run in progress, seen from the host: its output, its frames, its clock, its end.

Knows how a run ends: it answers, it dies, its time is up, it is cancelled, or it breaks the protocol. Whatever the
end, the process that ran is either parked again with a new state or dead. Leaves to others: which snapshot that
makes (`sandbox`).
"""

import codecs
import os
import select
import signal
import socket
import threading
import time
from collections.abc import Callable

from mtchat.errors import SandboxError
from mtchat.sandbox import protocol
from mtchat.sandbox.frames import Done, Failed, Hello, Image, Variables, from_program
from mtchat.sandbox.link import Link
from mtchat.sandbox.values import Limits, SnapshotGone
from mtchat.turn import Execution, Figure, ProgramError, Status

GRACE_SECONDS = 0.5
DEATH_SECONDS = 5.0
_TICK = 0.02
OnOutput = Callable[[str, str], None]


class Output:
    """stdout and stderr as text, up to `limit` characters together; past it they are counted and dropped."""

    def __init__(self, limit: int, on_output: OnOutput | None) -> None:
        self._left, self._limit, self._on_output = limit, limit, on_output
        self._decoders = {name: codecs.getincrementaldecoder("utf-8")("replace") for name in ("stdout", "stderr")}
        self._parts: dict[str, list[str]] = {"stdout": [], "stderr": []}
        self._cut = False

    def add(self, name: str, data: bytes, final: bool = False) -> None:
        text = self._decoders[name].decode(data, final)
        kept, self._left = text[: self._left], self._left - min(len(text), self._left)
        self._say(name, kept)
        if len(kept) < len(text) and not self._cut:
            self._cut = True
            self._say("stderr", f"\nmtchat: output over {self._limit} characters was cut\n")

    def _say(self, name: str, text: str) -> None:
        if text:
            self._parts[name].append(text)
            if self._on_output is not None:
                self._on_output(name, text)

    def text(self, name: str) -> str:
        return "".join(self._parts[name])


class Attempt:
    """Watches the process at the other end of `line` until it has answered or is dead."""

    def __init__(self, link: Link, line: socket.socket, limits: Limits, on_output: OnOutput | None) -> None:
        self._link, self._line, self._limits = link, line, limits
        self.output = Output(limits.output, on_output)
        self._pipes: dict[int, str] = {}
        self._writers: list[int] = []
        for name in ("stdout", "stderr"):
            reader, writer = os.pipe()
            os.set_blocking(reader, False)
            self._pipes[reader] = name
            self._writers.append(writer)
        self._frames = protocol.Frames()
        self._poll = select.poll()
        for fd in (*self._pipes, line.fileno(), link.socket.fileno()):
            self._poll.register(fd, select.POLLIN)
        self._line_open = True
        self._started = time.monotonic()
        self.pid: int | None = None
        self.exit: int | None = None
        self.answer: Done | Variables | Failed | None = None
        self.figures: list[Figure] = []
        self.broken: str | None = None

    @property
    def writers(self) -> tuple[int, ...]:
        """The ends that the program writes to: to be sent with the request, then let go with `sent`."""
        return tuple(self._writers)

    def sent(self) -> None:
        while self._writers:
            os.close(self._writers.pop())

    def abandon(self) -> None:
        """Give up on the run, whatever it is doing: its process is dead afterwards."""
        self._kill()

    def close(self) -> None:
        self.sent()
        for fd in self._pipes:
            os.close(fd)
        self._pipes = {}

    # Waiting

    def wait(self, timeout: float, cancel: threading.Event | None) -> Status | None:
        """Until the end. The status when we brought it about (time-out, interrupt), else None."""
        deadline, forced = self._started + timeout, None
        while self.answer is None and self.broken is None and not self._is_over():
            now = time.monotonic()
            if forced is None and self.pid is not None and cancel is not None and cancel.is_set():
                forced, deadline = "interrupted", now + GRACE_SECONDS
                self._link.ask({"op": "interrupt", "pid": self.pid})
            if now >= deadline:
                forced = forced or "timeout"
                break
            self._step(min(deadline - now, _TICK if cancel is not None and forced is None else deadline - now))
        self._settle(forced is not None)
        return forced  # type: ignore[return-value]

    def _is_over(self) -> bool:
        if not self._link.alive:
            return True
        return self.exit is not None or (not self._line_open and self.pid is None)

    def _step(self, seconds: float) -> None:
        for fd, _ in self._poll.poll(max(0, int(seconds * 1000) + 1)):
            if fd in self._pipes:
                self._read_pipe(fd)
            elif fd == self._line.fileno():
                self._read_line()
            else:
                self._hear()

    def _settle(self, forced: bool) -> None:
        """Kill what must not live on; then take in what was said before the end."""
        advanced = isinstance(self.answer, Done) and self.answer.status in ("ok", "error")
        if forced or self.broken or not (advanced or isinstance(self.answer, Failed)):
            self._kill()
            if self._line_open and not self.broken:
                self._read_line()
        for fd in list(self._pipes):
            while self._read_pipe(fd):
                pass
        for name in ("stdout", "stderr"):
            self.output.add(name, b"", final=True)

    def _kill(self) -> None:
        """End the process and wait for its death."""
        until = time.monotonic() + DEATH_SECONDS
        while self.pid is None and self.answer is None and not self._is_over() and time.monotonic() < until:
            self._step(0.1)  # its hello is on the way
        if self.pid is None or self.exit is not None or not self._link.alive:
            return
        self._link.ask({"op": "kill", "pid": self.pid})
        while self.exit is None and self._link.alive:
            if time.monotonic() > until:
                self._link.close()
                raise SandboxError("the sandbox's worker no longer answers; it was ended")
            select.select([self._link.socket], [], [], 0.1)
            self._hear()

    # Reading

    def _hear(self) -> None:
        for notice in self._link.hear():
            if notice.pid == self.pid:
                self.exit = notice.code
                if self._line_open:
                    self._read_line()

    def _read_pipe(self, fd: int) -> bool:
        """Whether there was something to read."""
        try:
            data = os.read(fd, 1 << 16)
        except BlockingIOError:
            return False
        if data:
            self.output.add(self._pipes[fd], data)
            return True
        self._poll.unregister(fd)
        os.close(fd)
        del self._pipes[fd]
        return False

    def _read_line(self) -> None:
        while self._line_open and self.broken is None:
            try:
                data = self._line.recv(1 << 20, socket.MSG_DONTWAIT)
            except BlockingIOError:
                return
            except OSError:
                data = b""
            if not data:
                self._line_open = False
                self._poll.unregister(self._line.fileno())
                return
            try:
                for body in self._frames.feed(data):
                    self._take(body)
            except protocol.ProtocolError as error:
                self.broken = str(error)

    def _take(self, body: bytes) -> None:
        frame = from_program(body)
        if self.answer is not None:
            raise protocol.ProtocolError("a frame after the answer")
        if (self.pid is None) != isinstance(frame, Hello | Failed):
            raise protocol.ProtocolError("a frame out of turn")
        if isinstance(frame, Hello):
            self.pid = frame.pid
        elif isinstance(frame, Image):
            self.figures.append(frame.figure())
            if len(self.figures) > self._limits.figures:
                raise protocol.ProtocolError("more figures than the limit")
        else:
            self.answer = frame

    # The end in words

    def execution(self, forced: Status | None, timeout: float) -> Execution:
        elapsed = round(time.monotonic() - self._started, 6)
        done = self.answer if isinstance(self.answer, Done) else None
        status, error = self._verdict(done, forced, timeout)
        return Execution(
            status=status,
            stdout=self.output.text("stdout"),
            stderr=self.output.text("stderr"),
            value=done.value if done and status == "ok" else None,
            display=done.display if done and status == "ok" else (),
            figures=tuple(self.figures) if status in ("ok", "error") else (),
            error=error,
            elapsed=elapsed,
        )

    def _verdict(self, done: Done | None, forced: Status | None, timeout: float) -> tuple[Status, ProgramError | None]:
        if forced == "interrupted":
            return "interrupted", _words("KeyboardInterrupt", "the program was interrupted")
        if forced == "timeout" or self.exit == -signal.SIGXCPU:
            return "timeout", _words("TimeoutError", f"the program ran for longer than {timeout:g} s and was ended")
        if self.broken is not None:
            return "crashed", _words("Crashed", f"the program broke the sandbox's protocol: {self.broken}")
        if done is not None:
            return done.status, done.error
        return "crashed", _words("Crashed", f"the program's process {_cause(self.exit)}")

    def check_started(self) -> None:
        """SandboxError or SnapshotGone when the program never got to run."""
        if isinstance(self.answer, Failed):
            raise SandboxError(f"the sandbox could not fork a process: {self.answer.message}")
        if not self._link.alive:
            raise SandboxError("the sandbox's worker has died; its snapshots are gone")
        if self.pid is None and self.answer is None and self.broken is None and not self._line_open:
            raise SnapshotGone("the snapshot's process has died; run its turns again")


def _cause(code: int | None) -> str:
    if code is None:
        return "died"
    if code >= 0:
        return f"ended by itself (exit code {code})"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    return f"was killed by {name}" + (" (perhaps the machine ran out of memory)" if name == "SIGKILL" else "")


def _words(kind: str, message: str) -> ProgramError:
    return ProgramError(kind, message, None, f"{kind}: {message}\n")
