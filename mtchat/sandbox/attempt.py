"""One run in progress, seen from the host: its output, its frames, its clock, its end.

Knows how a run ends: it answers, it dies, its time is up, it is cancelled, or it breaks the protocol. Whatever the
end, the process that ran is either stopped with a new state or dead. Leaves to others: which snapshot that makes
(`sandbox`), who the processes are (`process`).
"""

import os
import select
import signal
import threading
import time

from mtchat.errors import SandboxError
from mtchat.sandbox import protocol
from mtchat.sandbox.endings import cause, words
from mtchat.sandbox.exchange import Answers, OnOutput, Output
from mtchat.sandbox.frames import Asked, Done, Failed, Hello, Image, Variables, from_program
from mtchat.sandbox.link import START_SECONDS, Link
from mtchat.sandbox.process import Line, Vanished, readable
from mtchat.sandbox.values import Limits, SnapshotGone
from mtchat.turn import Execution, Figure, ProgramError, Status

GRACE_SECONDS = 0.5
DEATH_SECONDS = 5.0
COPY_SECONDS = 1.0
REPLY_SECONDS = 1.0
THREAD_SECONDS = 0.05
_LONGEST_PROMPT = 10_000
_DRAINED = 32
"""Reads of a pipe at the end of a run, each of as much as a pipe holds: another process may be writing for ever."""
_TICK = 0.02
_LONGEST_STEP = 0.2
"""Seconds between two looks at what the kernel does not limit by itself."""
_MEMORY_SLACK = 64 << 20
_REWRITES = 4
"""How many times the limit of all scratch files one run may write to a disk that has no quota of ours."""


class Attempt:
    """Watches one run. `fresh` is the line of the process that the run forks, `runner` of the one that runs.

    They are the same line unless the run goes on in the process that was parked, and the copy is parked instead.
    """

    def __init__(
        self, link: Link, fresh: Line, runner: Line, limits: Limits, on_output: OnOutput | None, answers: Answers
    ) -> None:
        self._link, self._fresh, self._line, self._limits = link, fresh, runner, limits
        self._answers = answers
        self.output = Output(limits.output, on_output)
        self._pipes: dict[int, str] = {}
        self._writers: list[int] = []
        for name in ("stdout", "stderr"):
            reader, writer = os.pipe2(os.O_CLOEXEC) if hasattr(os, "pipe2") else os.pipe()
            os.set_blocking(reader, False)
            self._pipes[reader] = name
            self._writers.append(writer)
        self._poll = select.poll()
        for fd in {*self._pipes, fresh.socket.fileno(), runner.socket.fileno(), link.socket.fileno()}:
            self._poll.register(fd, select.POLLIN)
        self._watched: int | None = None
        self._written = 0
        self._breach: tuple[Status, ProgramError] | None = None
        self._watch_runner()
        self._born = self._started = self._looked = time.monotonic()
        self._preparing: int | None = None
        self._has_begun = False
        self._answered: float | None = None
        self._hopeless = False
        self._cancel: threading.Event | None = None
        self.is_dead = False
        self.answer: Done | Variables | Failed | None = None
        self.figures: list[Figure] = []
        self.broken: str | None = None

    @property
    def writers(self) -> tuple[int, ...]:
        """The ends that the program writes to: to be sent with the request, then let go with `sent`."""
        return tuple(self._writers)

    def prepare(self, ref: int) -> None:
        """The keeper was asked, under this number, for the state's scratch files."""
        self._preparing = ref

    def sent(self) -> None:
        while self._writers:
            os.close(self._writers.pop())

    def abandon(self) -> None:
        """Give up on the run, whatever it is doing: its process is dead afterwards."""
        self._kill()
        self._await_copy()

    def close(self) -> None:
        self.sent()
        for fd in self._pipes:
            os.close(fd)
        self._pipes = {}

    @property
    def exit(self) -> int | None:
        """How the process that ran ended, as far as the keeper has said."""
        process = self._line.process
        return None if process is None else self._link.exits.get(process.inner)

    # Waiting

    def wait(self, timeout: float, cancel: threading.Event | None) -> Status | None:
        """Until the end. The status when we brought it about (time-out, interrupt), else None."""
        forced, until, self._cancel = None, None, cancel
        while not self._is_over():
            now = time.monotonic()
            self._await_files(now)
            deadline = until or self._started + timeout + self._answers.waited
            if self._answered is not None:
                deadline = min(deadline, self._answered + COPY_SECONDS)
            if forced is None and self._has_begun and cancel is not None and cancel.is_set():
                forced, deadline = "interrupted", now + GRACE_SECONDS
                until = deadline
                if self._line.process is not None:
                    self._line.process.signal(signal.SIGINT)
            if now >= deadline:
                if self._answered is not None:
                    self.broken = "the program broke the sandbox's protocol: no copy of the state before came to be"
                else:
                    forced = forced or "timeout"
                break
            if self._look_due(now) and self._exceeds():
                break
            self._step(min(deadline - now, _TICK if cancel is not None and forced is None else deadline - now))
        self._settle(forced is not None)
        return forced  # type: ignore[return-value]

    def _await_files(self, now: float) -> None:
        """The clock starts when the scratch files are what the state has: many take the keeper a while."""
        if self._preparing is None:
            return
        if not self._link.has_answer(self._preparing):
            if now - self._born < START_SECONDS:
                self._started = self._looked = now
                return
            self._link.close()
        self._preparing = None

    def _is_over(self) -> bool:
        if not self._link.alive or self.broken is not None or self.is_dead:
            return True
        if not self._fresh.open and not self._has_begun:
            return True
        return self.answer is not None and (self._has_begun or isinstance(self.answer, Failed))

    def _step(self, seconds: float) -> None:
        for fd, _ in self._poll.poll(int(max(0.0, min(seconds, _LONGEST_STEP)) * 1000) + 1):
            if fd in self._pipes:
                self._read_pipe(fd)
            elif fd == self._link.socket.fileno():
                self._link.hear()
            elif fd == self._watched:
                self._die()
            else:
                self._read(self._fresh if fd == self._fresh.socket.fileno() else self._line)

    def _settle(self, forced: bool) -> None:
        """Kill what must not live on, stop what is parked; then take in what was said before the end."""
        advanced = isinstance(self.answer, Done) and self.answer.status in ("ok", "error")
        if advanced and not forced and self.broken is None and not self._exceeds():
            self._count_threads()
        if forced or self.broken or self._breach or not (advanced or isinstance(self.answer, Failed)):
            self._kill()
        elif self._line.process is not None:
            self._line.process.stop()
        self._await_copy()
        for fd in list(self._pipes):
            for _ in range(_DRAINED):
                if not self._read_pipe(fd):
                    break
        for name in ("stdout", "stderr"):
            self.output.add(name, b"", final=True)

    def _look_due(self, now: float) -> bool:
        due = now - self._looked >= _LONGEST_STEP
        if due:
            self._looked = now
        return due

    def _exceeds(self) -> bool:
        """Whether the run has got past a limit of the kernel's: memory counts only while it is writable, and a file
        without a name lies in no folder where the keeper would find it."""
        process, limits = self._line.process, self._limits
        if process is None:
            return False
        if process.private_memory() > limits.memory + _MEMORY_SLACK:
            said = f"the program held more than {limits.memory >> 20} MiB of memory"
            self._breach = ("memory", words("MemoryError", said))
        elif self._link.is_on_disk and process.written() - self._written > _REWRITES * limits.scratch:
            said = f"the program wrote more than {_REWRITES * limits.scratch >> 20} MiB to the disk in one turn"
            self._breach = ("limit", words("LimitError", said))
        return self._breach is not None

    def _count_threads(self) -> None:
        """Threads do not survive a fork, and must not run on: the kernel's count, not the program's."""
        assert self._line.process is not None
        until = time.monotonic() + THREAD_SECONDS
        while (alive := self._line.process.threads() - 1) > 0 and time.monotonic() < until:
            time.sleep(0.001)  # one that was joined may still be on its way out
        if alive > 0:
            said = f"{alive} thread(s) still run at the end of the turn; join them"
            self.answer = Done("limit", error=words("LimitError", said))
            self._kill()

    def _kill(self) -> None:
        """End the process that runs, and wait for its death."""
        if self._line is self._fresh:
            self._await_copy()  # it is the copy that runs
        until = time.monotonic() + DEATH_SECONDS
        process = self._line.process
        if process is None or not self._link.alive:
            return
        process.kill()
        while not self.is_dead and not process.is_dead():
            if time.monotonic() > until:
                self._link.close()
                raise SandboxError("the sandbox's worker no longer answers; it was ended")
            time.sleep(0.0005)
        self._die()

    def _await_copy(self) -> None:
        """The state is with the copy, where there is one: it may say hello after the run is over."""
        until = time.monotonic() + COPY_SECONDS
        while not (self._has_begun or isinstance(self.answer, Failed)) and self._fresh.open and self._link.alive:
            if time.monotonic() > until or self._hopeless:
                self._hopeless = True
                return
            readable((self._fresh.socket,), 0.1)
            try:
                for body in self._fresh.read():
                    self._greet(from_program(body))
            except protocol.ProtocolError:
                return

    def _die(self) -> None:
        """The process is dead: what it said last, and what the keeper says of its end."""
        if self.is_dead:
            return
        self.is_dead = True
        if self._watched is not None:
            self._poll.unregister(self._watched)
            self._watched = None
        while self._read(self._line):
            pass  # all that it said: the dead do not go on
        until = time.monotonic() + 1
        while self.exit is None and self._link.alive and time.monotonic() < until:
            readable((self._link.socket,), 0.05)
            self._link.hear()

    def _watch_runner(self) -> None:
        process = self._line.process
        if self._watched is None and process is not None and process.fd is not None:
            self._watched = process.fd
            self._written = process.written() if self._link.is_on_disk else 0
            self._poll.register(self._watched, select.POLLIN)

    # Reading

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

    def _read(self, line: Line) -> bool:
        """What has arrived on this line, if anything: once, and back to the clock, since a program may never stop."""
        if not line.open or self.broken is not None:
            return False
        bodies: list[bytes] = []
        try:
            bodies = line.read()
            for body in bodies:
                self._take(line, body)
        except Vanished:
            self.broken = "the program's process ended before it could be looked at"
        except protocol.ProtocolError as error:
            self.broken = f"the program broke the sandbox's protocol: {error}"
        if not line.open:
            self._poll.unregister(line.socket.fileno())
        return bool(bodies)

    def _take(self, line: Line, body: bytes) -> None:
        frame = from_program(body)
        if line is self._fresh and not self._has_begun:
            self._greet(frame)
            return
        if line is not self._line:
            raise protocol.ProtocolError("a frame from a process that is parked")
        if self.answer is not None:
            raise protocol.ProtocolError("a frame after the answer")
        if isinstance(frame, Hello | Failed):
            raise protocol.ProtocolError("a frame out of turn")
        if isinstance(frame, Image):
            self.figures.append(frame.figure())
            if len(self.figures) > self._limits.figures:
                raise protocol.ProtocolError("more figures than the limit")
        elif isinstance(frame, Asked):
            self._reply(frame)
        else:
            frame.check(self._limits)
            self.answer, self._answered = frame, time.monotonic()

    def _greet(self, frame: object) -> None:
        """The first frame of the process that the run forked; if that is the parked one, it is stopped at once."""
        if isinstance(frame, Failed):
            self.answer = frame
            return
        if not isinstance(frame, Hello):
            raise protocol.ProtocolError("a frame out of turn")
        self._fresh.adopt(frame.pid)
        self._has_begun = True
        self._watch_runner()
        if self._fresh is not self._line and self._fresh.process is not None:
            self._fresh.process.stop()

    def _reply(self, asked: Asked) -> None:
        for fd in list(self._pipes):
            self._read_pipe(fd)  # what the program printed comes before what it asks
        answer = self._answers.answer(asked.prompt[:_LONGEST_PROMPT], self.output)
        if answer is None and self._cancel is not None and self._cancel.is_set():
            return  # it is interrupted instead, and waits until then
        self._line.socket.settimeout(REPLY_SECONDS)
        try:
            protocol.send(self._line.socket, {"answer": answer})
        except TimeoutError:
            raise protocol.ProtocolError("a question whose answer is not read") from None
        except OSError:
            pass  # it died: its death is noticed
        finally:
            self._line.socket.settimeout(None)

    # The end in words

    def execution(self, forced: Status | None, timeout: float) -> Execution:
        elapsed = round(time.monotonic() - self._started - self._answers.waited, 6)
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
            inputs=tuple(self._answers.given),
            elapsed=elapsed,
        )

    def _verdict(self, done: Done | None, forced: Status | None, timeout: float) -> tuple[Status, ProgramError | None]:
        if self._breach is not None:
            return self._breach
        if forced == "interrupted":
            return "interrupted", words("KeyboardInterrupt", "the program was interrupted")
        if forced == "timeout" or self.exit == -signal.SIGXCPU:
            return "timeout", words("TimeoutError", f"the program ran for longer than {timeout:g} s and was ended")
        if self.broken is not None:
            return "crashed", words("Crashed", self.broken)
        if done is not None:
            return done.status, done.error
        return "crashed", words("Crashed", f"the program's process {cause(self.exit)}")

    def check_started(self) -> None:
        """SandboxError or SnapshotGone when no process of the run ever said a word."""
        if not self._link.alive:
            raise SandboxError("the sandbox's worker has died; its snapshots are gone")
        if not self._has_begun and self.answer is None and self.broken is None:
            raise SnapshotGone("the snapshot's process has died; run its turns again")
