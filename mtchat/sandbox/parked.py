"""A state and the process that holds it, and one request to such a process.

Knows which of the two processes that a run leaves behind holds which state. Leaves to others: the course of the run
(`attempt`), which states there are and when one goes (`sandbox`), and who may fork (`keeper`).
"""

import socket
import weakref

from mtchat.errors import SandboxError
from mtchat.sandbox import protocol
from mtchat.sandbox.attempt import REPLY_SECONDS, Attempt
from mtchat.sandbox.exchange import Answers, OnOutput
from mtchat.sandbox.frames import Failed, Refused
from mtchat.sandbox.link import Answer, Link
from mtchat.sandbox.process import Line
from mtchat.sandbox.values import Limits, Snapshot


class Parked:
    """A state and the process that holds it. `used`: a run has gone on from it already, so the next forks a copy.

    `version` is that of its scratch files, `bound` the bytes of memory that it holds at most, `weight` those it was
    found to hold at look number `weighed`.
    """

    def __init__(self, snapshot: Snapshot, line: Line, used: bool, depth: int, version: int) -> None:
        self.handle = weakref.ref(snapshot)
        self.line, self.used, self.depth, self.version = line, used, depth, version
        self.bound = self.weight = self.weighed = 0


class Run:
    """One request to a parked process: the scratch files brought back, one fork allowed, the request sent.

    `fresh` is the line of the process that it forks.
    """

    def __init__(
        self,
        link: Link,
        parked: Parked,
        request: dict[str, object],
        limits: Limits,
        on_output: OnOutput | None,
        answers: Answers,
    ) -> None:
        assert parked.line.process is not None
        self.link, self._here = link, bool(request["here"])
        ours, theirs = socket.socketpair()
        self.fresh = Line(ours)
        runner = parked.line if self._here else self.fresh
        self.attempt = Attempt(link, self.fresh, runner, limits, on_output, answers)
        self._theirs, self._prepared = theirs, 0
        self._answer: Answer | None = None

    def start(self, parked: Parked, request: dict[str, object]) -> None:
        """Wake the process that holds the state and send the request. What goes wrong there the attempt finds out."""
        process, sock = parked.line.process, parked.line.socket
        assert process is not None
        prepare = {"op": "prepare", "pid": process.inner, "version": parked.version, "seconds": request["timeout"]}
        self._prepared = self.link.ask(prepare)
        try:
            if self.link.supervised:
                self.attempt.prepare(self._prepared)
            else:  # nobody holds the fork back until the files are there
                self._answer = self.link.answer(self._prepared)
            process.go_on()
            sock.settimeout(REPLY_SECONDS)
            protocol.send(sock, request, (self._theirs.fileno(), *self.attempt.writers))
        except TimeoutError:
            process.kill()  # its program has seen to it that nobody reads: what we sent in part nobody may read later
        except OSError:
            pass  # its process is dead
        finally:
            sock.settimeout(None)
            self._theirs.close()
            self.attempt.sent()

    def check_started(self) -> None:
        """SandboxError or SnapshotGone when the program never got to run."""
        if isinstance(self.attempt.answer, Failed):
            # a refusal comes before the fork that fails for it
            answer = self._answer or self.link.said(self._prepared)
            said = answer.message if isinstance(answer, Refused) else self.attempt.answer.message
            raise SandboxError(f"the sandbox could not fork a process: {said}")
        self.attempt.check_started()

    def divide(self, parked: Parked) -> tuple[Line | None, int]:
        """The line of the process that ran, if any did, and its depth; `parked` gets the one that keeps the state."""
        if isinstance(self.attempt.answer, Failed):
            self.end_copy(parked)
            return None, 0
        if not self._here:
            _stop(parked)
            return self.fresh, parked.depth + 1
        ran, depth = parked.line, parked.depth
        parked.line, parked.used, parked.depth = self.fresh, True, depth + 1
        return ran, depth

    def end_copy(self, parked: Parked) -> None:
        self.fresh.end()
        _stop(parked)


def _stop(parked: Parked) -> None:
    if parked.line.process is not None:
        parked.line.process.stop()
