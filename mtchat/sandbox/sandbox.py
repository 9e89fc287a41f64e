"""The parent's handle: `run` code at a snapshot, look at variables, let snapshots go.

Knows which process holds which state, and what each run does to that. Leaves to others: the keeper (`link`), one
run's course (`attempt`), everything in the child (`keeper`, `worker`, `program`). One run at a time per sandbox.
"""

import itertools
import socket
import threading
import weakref
from types import TracebackType
from typing import Self

from mtchat.errors import SandboxError
from mtchat.sandbox import protocol
from mtchat.sandbox.attempt import Attempt, OnOutput
from mtchat.sandbox.frames import Failed, Variables
from mtchat.sandbox.link import Link
from mtchat.sandbox.values import Limits, Policy, Snapshot, SnapshotGone, Variable
from mtchat.turn import Execution

_LOOK_SECONDS = 5.0


class _Parked:
    """A state and the process that holds it. `used`: a run has gone on from it already, so the next forks a copy."""

    def __init__(self, snapshot: Snapshot, line: socket.socket, used: bool, depth: int) -> None:
        self.handle = weakref.ref(snapshot)
        self.line, self.used, self.depth = line, used, depth


class Sandbox:
    """Runs programs, each turn at a snapshot of the state before it. A context manager; `close` leaves nothing behind.

    `run` at None runs at the root, the empty namespace. With a `seed`, `random` and numpy's global generator start
    the same way each time, so that a replay agrees.
    """

    def __init__(self, policy: Policy | None = None, limits: Limits | None = None, seed: int | None = 0) -> None:
        self.policy = policy or Policy()
        self.limits = limits or Limits()
        self.seed = seed
        if self.policy.name != "restricted":
            raise SandboxError(f"there is no sandbox policy {self.policy.name!r}; the one there is: restricted")
        self.root = Snapshot(0)
        self._ids = itertools.count(1)
        self._parked: dict[int, _Parked] = {}  # least recently used first
        self._link: Link | None = None
        self._lock = threading.RLock()
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def start(self) -> None:
        """Start the worker without waiting for it; `run` does this by itself."""
        with self._lock:
            if self._closed:
                raise SandboxError("the sandbox is closed")
            if self._link is None or not self._link.alive:
                self._forget_all()
                self._link = Link(self.policy, self.limits, self.seed)

    def close(self) -> None:
        """End every process and remove the scratch directory. A run in progress fails with SandboxError."""
        self._closed = True
        if self._link is not None:
            self._link.close()
        with self._lock:
            self._forget_all()
        self.root._alive = False

    # Running

    def run(
        self,
        code: str,
        at: Snapshot | None = None,
        *,
        on_output: OnOutput | None = None,
        cancel: threading.Event | None = None,
        timeout: float | None = None,
    ) -> tuple[Execution, Snapshot]:
        """Run `code` at the state `at`. A status that does not advance gives `at` back, its state as it was."""
        at = at or self.root
        seconds = self.limits.timeout if timeout is None else timeout
        with self._lock:
            link, parked = self._find(at)
            here = parked is not None and not parked.used
            ours, theirs = socket.socketpair()
            line = parked.line if parked is not None and here else ours
            attempt = Attempt(link, line, self.limits, on_output)
            try:
                request = {"op": "run", "code": code, "timeout": seconds, "here": here}
                self._send(link, parked, at, request, (theirs.fileno(), *attempt.writers))
                attempt.sent()
                theirs.close()
                forced = attempt.wait(seconds, cancel)
                attempt.check_started()
                execution = attempt.execution(forced, seconds)
            except BaseException as error:
                attempt.abandon()
                self._lost(at, parked, here, ours, attempt, error)
                raise
            finally:
                attempt.close()
                theirs.close()
            return execution, self._swap(at, parked, here, ours, execution)

    def _find(self, at: Snapshot) -> tuple[Link, _Parked | None]:
        """The keeper, and the process that holds `at` (None: the keeper itself, at the root)."""
        if at is not self.root and not at.alive:
            raise SnapshotGone(f"{at!r} is no longer parked; run its turns again")
        if self._link is not None:
            self._link.hear()
        self.start()
        assert self._link is not None
        self._link.wait_ready()
        if at is self.root:
            return self._link, None
        parked = self._parked.get(at._id)
        if parked is None or parked.handle() is not at:
            raise SnapshotGone(f"{at!r} is not parked in this sandbox; run its turns again")
        self._parked[at._id] = self._parked.pop(at._id)
        return self._link, parked

    def _send(
        self, link: Link, parked: _Parked | None, at: Snapshot, request: dict[str, object], fds: tuple[int, ...]
    ) -> None:
        try:
            protocol.send(link.socket if parked is None else parked.line, request, fds)
        except OSError:
            raise SnapshotGone(f"the process of {at!r} has died; run its turns again") from None

    def _swap(
        self, at: Snapshot, parked: _Parked | None, here: bool, ours: socket.socket, execution: Execution | None
    ) -> Snapshot:
        """Which process holds which state after a run. `ours` is the line of the copy that the run forked."""
        depth = parked.depth if parked is not None else 0
        ran, stayed = (parked.line, ours) if parked is not None and here else (ours, None)
        if parked is not None and stayed is not None:
            parked.line, parked.used, parked.depth = stayed, True, depth + 1
        if execution is None or not execution.advances:
            ran.close()
            return at
        new = Snapshot(next(self._ids))
        self._parked[new._id] = _Parked(new, ran, False, depth if here else depth + 1)
        self._prune(new)
        return new

    def _lost(
        self, at: Snapshot, parked: _Parked | None, here: bool, ours: socket.socket, attempt: Attempt, error: object
    ) -> None:
        """After a run that was our own failure: keep the state if its process still holds it."""
        if isinstance(error, SnapshotGone):
            ours.close()
            self.release(at)
        elif isinstance(attempt.answer, Failed):
            ours.close()
        else:
            self._swap(at, parked, here, ours, None)

    # Looking

    def variables(self, at: Snapshot | None = None) -> list[Variable]:
        """The names that the program has bound, in order of binding."""
        at = at or self.root
        with self._lock:
            if at is self.root:
                return []
            link, parked = self._find(at)
            ours, theirs = socket.socketpair()
            attempt = Attempt(link, ours, self.limits, None)
            try:
                request = {"op": "variables", "here": False}
                self._send(link, parked, at, request, (theirs.fileno(), *attempt.writers))
                attempt.sent()
                theirs.close()
                attempt.wait(_LOOK_SECONDS, None)
                attempt.check_started()
            finally:
                attempt.abandon()
                attempt.close()
                ours.close()
                theirs.close()
            if not isinstance(attempt.answer, Variables):
                raise SandboxError(
                    "the variables could not be read: a repr of the program's own fails or takes too long"
                )
            return list(attempt.answer.variables)

    # Letting go

    def release(self, snapshot: Snapshot) -> None:
        """Let the snapshot's process end. The root stays."""
        with self._lock:
            if snapshot is not self.root:
                snapshot._alive = False
                parked = self._parked.pop(snapshot._id, None)
                if parked is not None:
                    parked.line.close()

    def depth(self, snapshot: Snapshot) -> int:
        """How many forks lie between the root and this state: a long chain makes the next forks slow."""
        parked = self._parked.get(snapshot._id)
        return parked.depth if parked is not None else 0

    def _prune(self, keep: Snapshot) -> None:
        """Drop what nobody holds any more, then the least recently used past the limit."""
        for id, parked in list(self._parked.items()):
            if parked.handle() is None:
                self._parked.pop(id).line.close()
        for parked in list(self._parked.values()):
            handle = parked.handle()
            if handle is not None and handle is not keep and len(self._parked) > self.limits.snapshots:
                self.release(handle)

    def _forget_all(self) -> None:
        for id in list(self._parked):
            parked = self._parked.pop(id)
            parked.line.close()
            handle = parked.handle()
            if handle is not None:
                handle._alive = False
