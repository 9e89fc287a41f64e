"""The parent's handle: `run` code at a snapshot, look at variables, let snapshots go.

Knows which process holds which state, which version of the scratch files goes with it, and what each run does to both.
Leaves to others: the keeper (`link`), one run's course (`attempt`), everything in the child (`keeper`, `worker`,
`program`). One run at a time per sandbox.
"""

import contextlib
import itertools
import logging
import tempfile
import threading
import time
from collections.abc import Collection, Sequence
from types import TracebackType
from typing import Self

from mtchat.errors import SandboxError
from mtchat.sandbox.endings import too_long
from mtchat.sandbox.exchange import Answers, OnInput, OnOutput
from mtchat.sandbox.frames import Kept, Variables
from mtchat.sandbox.isolation import LAYERS, LEVELS
from mtchat.sandbox.link import Link
from mtchat.sandbox.parked import Parked, Run
from mtchat.sandbox.process import Line, Process
from mtchat.sandbox.values import Isolation, Limits, Policy, Snapshot, SnapshotGone, Variable, check_timeout
from mtchat.turn import Execution, ProgramError

log = logging.getLogger(__name__)

_LOOK_SECONDS = 5.0
_STORES = 4
"""How many times the limit of one state's scratch files all states' may take together."""


_WEIGHING = 0.2
"""The share of all time that looking closely at parked processes may take: a look takes as long as a small turn."""


class Sandbox:
    """Runs programs, each turn at a snapshot of the state before it. A context manager; `close` leaves nothing behind.

    `run` at None runs at the root, the empty namespace. With a `seed`, `random` and numpy's global generator start
    the same way each time, so that a replay agrees. `allow_reduced` starts where the kernel cannot hold programs
    (level `language-only`), which is refused otherwise; `without` leaves layers out, to look at the others alone.
    """

    def __init__(
        self,
        policy: Policy | None = None,
        limits: Limits | None = None,
        seed: int | None = 0,
        *,
        allow_reduced: bool = False,
        without: Collection[str] = frozenset(),
    ) -> None:
        self.policy = policy or Policy()
        self.limits = limits or Limits()
        self.seed = seed
        self.policy.check()
        self.limits.check()
        if unknown := set(without) - set(LAYERS):
            raise SandboxError(f"there is no layer {min(unknown)!r} to leave out; there are {', '.join(LAYERS)}")
        self.root = Snapshot(0)
        self._allow_reduced, self._without = allow_reduced, frozenset(without)
        self._ids = itertools.count(1)
        self._parked: dict[int, Parked] = {}  # least recently used first
        self._link: Link | None = None
        self._stored = 0
        self._looks = itertools.count(1)
        self._born, self._weighing = time.monotonic(), 0.0
        self._lock = threading.RLock()
        self._closed = self._running = False

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
                self._link = Link(self.policy, self.limits, self.seed, self._without)
                log.debug("a sandbox starts: %s, %s, seed %s, in %s", *self._made_with())

    def _made_with(self) -> tuple[object, ...]:
        return self.policy, self.limits, self.seed, self._link.directory if self._link else None

    @property
    def isolation(self) -> Isolation:
        """What holds this sandbox's programs; waits until that is known. Raises SandboxError if it does not start."""
        with self._lock:
            return self._up().isolation

    def close(self) -> None:
        """End every process and remove the scratch directory. A run in progress fails with SandboxError."""
        self._closed = True
        if self._link is not None:
            self._link.close()
        with self._lock:
            self._forget_all()
        self.root._alive = False

    def _up(self) -> Link:
        """The keeper, ready for requests."""
        if self._link is not None:
            self._link.look()
        self.start()
        link = self._link
        assert link is not None
        if 0 not in self._parked:
            link.wait_ready()
            if link.isolation.level == LEVELS[-1] and not self._allow_reduced:
                link.close()
                raise SandboxError(_too_little(link.isolation))
            self._parked[0] = Parked(self.root, link.root, True, 0, 0)
        return link

    # Running

    def run(
        self,
        code: str,
        at: Snapshot | None = None,
        *,
        on_output: OnOutput | None = None,
        on_input: OnInput | None = None,
        inputs: Sequence[str] = (),
        cancel: threading.Event | None = None,
        timeout: float | None = None,
    ) -> tuple[Execution, Snapshot]:
        """Run `code` at the state `at`. A status that does not advance gives `at` back, its state as it was.

        `input()` is answered from `inputs`, then by `on_input(prompt)`; EOFError in the program when that is None.
        While a person answers the clock stands still.
        """
        at = at or self.root
        seconds = check_timeout(self.limits.timeout if timeout is None else timeout)
        if len(code) > self.limits.code:
            return too_long(len(code), self.limits.code), at
        with self._lock:
            link, parked = self._find(at)
            request = {"op": "run", "code": code, "timeout": seconds, "here": not parked.used}
            run = Run(link, parked, request, self.limits, on_output, Answers(inputs, on_input))
            try:
                self._running = True
                run.start(parked, request)
                self._weigh(parked)
                forced = run.attempt.wait(seconds, cancel)
                run.check_started()
                execution = run.attempt.execution(forced, seconds)
            except BaseException:
                run.attempt.abandon()
                self._divide(at, parked, run, None)
                raise
            finally:
                self._running = False
                run.attempt.close()
            log.debug("ran %d characters at %r: %s within %.3f s", len(code), at, execution.status, execution.elapsed)
            return self._divide(at, parked, run, execution)

    def _find(self, at: Snapshot) -> tuple[Link, Parked]:
        """The keeper, and the process that holds `at`."""
        if self._running:
            raise SandboxError("a program is running in this sandbox: one at a time, and not from its own callbacks")
        if at is not self.root and not at.alive:
            raise SnapshotGone(f"{at!r} is no longer parked; run its turns again")
        link = self._up()
        parked = self._parked.get(at._id)
        if parked is None or parked.handle() is not at:
            raise SnapshotGone(f"{at!r} is not parked in this sandbox; run its turns again")
        self._parked[at._id] = self._parked.pop(at._id)
        return link, parked

    def _divide(
        self, at: Snapshot, parked: Parked, run: Run, execution: Execution | None
    ) -> tuple[Execution, Snapshot]:
        """Which process holds which state after a run; None for one that was our own failure."""
        ran, depth = run.divide(parked)
        if parked.line.process is None:
            self.release(at)
        self._sweep(run.link, *([ran] if ran is not None else []))
        kept = None
        if execution is not None and execution.advances:
            kept, execution = self._keep(run.link, execution)
        if kept is None or ran is None:
            if ran is not None:
                ran.end()
            return execution or Execution("crashed"), at
        new = Snapshot(next(self._ids))
        self._parked[new._id] = Parked(new, ran, False, depth, kept)
        self._prune(new)
        return execution or Execution("crashed"), new

    def _sweep(self, link: Link, *also: Line) -> None:
        """End every process of the sandbox that holds no state we know: a program may have used the one fork it was
        allowed for a copy that never says a word."""
        lines = [*(parked.line for parked in self._parked.values()), *also]
        link.end_strangers({line.process.pid for line in lines if line.process is not None})

    def _keep(self, link: Link, execution: Execution) -> tuple[int | None, Execution]:
        """The version of the scratch files after a run; none, and another execution, if they are too much."""
        answer = link.answer(link.ask({"op": "keep"}))
        if isinstance(answer, Kept):
            self._stored = answer.stored
            return answer.version, execution
        said = getattr(answer, "message", "the scratch files cannot be kept")
        words = ProgramError("LimitError", said, None, f"LimitError: {said}\n")
        return None, Execution("limit", execution.stdout, execution.stderr, error=words, elapsed=execution.elapsed)

    def put(self, name: str, data: bytes, at: Snapshot | None = None) -> None:
        """A file into the scratch directory of the state `at`, which stays itself. SandboxError if it cannot be.

        `name` may lead through folders (`data/x.csv`), which are made.
        """
        if "\0" in name or any(part in ("", ".", "..") for part in name.split("/")):
            raise SandboxError(f"{name!r} is no plain file name, nor one below folders")
        with self._lock, tempfile.TemporaryFile() as file:
            link, parked = self._find(at or self.root)
            file.write(data)
            file.seek(0)
            request = {"op": "put", "version": parked.version, "name": name}
            answer = link.answer(link.ask(request, (file.fileno(),)))
            if not isinstance(answer, Kept):
                said = getattr(answer, "message", "the sandbox's worker answered out of turn")
                raise SandboxError(f"the file {name!r} cannot be put into the scratch directory: {said}")
            old, parked.version, self._stored = parked.version, answer.version, answer.stored
            self._drop_version(old)

    # Looking

    def variables(self, at: Snapshot | None = None, seconds: float = _LOOK_SECONDS) -> list[Variable]:
        """The names that the program has bound, in order of binding. SandboxError if `seconds` are too few."""
        at = at or self.root
        with self._lock:
            if at is self.root:
                return []
            return self._look(at, {"op": "variables"}, seconds)

    def attributes(self, of: str, at: Snapshot, seconds: float = 0.3) -> list[Variable]:
        """What `dir` says of the value that the dotted name `of` leads to, without names that begin with `_`.

        `type` is that of the attribute as its class has it, `repr` the first line of what is said about it. At most
        500; looked up in a copy of the state, which is thrown away. Raises SandboxError if that takes longer than
        `seconds`, SnapshotGone for a state that is no longer there.
        """
        with self._lock:
            return self._look(at, {"op": "variables", "of": of.split(".")}, seconds)

    def _look(self, at: Snapshot, question: dict[str, object], seconds: float) -> list[Variable]:
        link, parked = self._find(at)
        request = question | {"timeout": seconds, "here": False}
        run = Run(link, parked, request, self.limits, None, Answers((), None))
        try:
            run.start(parked, request)
            run.attempt.wait(seconds, None)
            run.check_started()
        finally:
            run.attempt.abandon()
            run.attempt.close()
            run.end_copy(parked)
            self._sweep(link)
        if not isinstance(run.attempt.answer, Variables):
            raise SandboxError("the variables could not be read: a repr of the program's own fails or takes too long")
        return list(run.attempt.answer.variables)

    # Letting go

    def release(self, snapshot: Snapshot) -> None:
        """Let the snapshot's process end. The root stays."""
        with self._lock:
            if snapshot is not self.root:
                snapshot._alive = False
                self._end(snapshot._id)

    def touch(self, snapshot: Snapshot) -> None:
        """Count the snapshot as used just now: others are let go before it."""
        with self._lock:
            if (parked := self._parked.pop(snapshot._id, None)) is not None:
                self._parked[snapshot._id] = parked

    def depth(self, snapshot: Snapshot) -> int:
        """How many forks lie between the root and this state: a long chain makes the next forks slow."""
        parked = self._parked.get(snapshot._id)
        return parked.depth if parked is not None else 0

    def _end(self, id: int) -> None:
        parked = self._parked.pop(id, None)
        if parked is not None:
            parked.line.end()
            self._drop_version(parked.version)

    def _drop_version(self, version: int) -> None:
        """Scratch files that no state has any more need not be kept."""
        link = self._link
        if link is None or not link.alive or any(each.version == version for each in self._parked.values()):
            return
        drop = {"op": "drop", "version": version}
        if not self._stores_too_much():
            link.tell(drop)
            return
        with contextlib.suppress(SandboxError):  # how much is left decides whether another has to go
            answer = link.answer(link.ask(drop))
            self._stored = answer.stored if isinstance(answer, Kept) else self._stored

    def _prune(self, keep: Snapshot) -> None:
        """Drop what nobody holds any more, then the least recently used while they are too many or too big."""
        for id, parked in list(self._parked.items()):
            if parked.handle() is None:
                self._end(id)
        spare = [each for parked in self._parked.values() if (each := parked.handle()) not in (None, keep, self.root)]
        for snapshot in spare:
            if not self._is_too_much():
                return
            self.release(snapshot)

    def _is_too_much(self) -> bool:
        weight = sum(parked.weight for parked in self._parked.values())
        return len(self._parked) - 1 > self.limits.snapshots or weight > self.limits.parked or self._stores_too_much()

    def _stores_too_much(self) -> bool:
        return self._stored > _STORES * self.limits.scratch

    def _weigh(self, running: Parked) -> None:
        """What parked processes hold, while another one runs. A quick upper bound will do until the sum of those is too
        much; then the one least lately looked at is looked at closely.
        """
        others = [each for each in self._parked.values() if each is not running and each.line.process is not None]
        for parked in others:
            parked.bound = parked.bound or _process(parked).private_memory()
        start = time.monotonic()
        is_due = self._weighing < _WEIGHING * (start - self._born)
        if is_due and sum(parked.bound for parked in others) > self.limits.parked:
            parked = min(others, key=lambda each: each.weighed)
            parked.weight, parked.weighed = _process(parked).memory(), next(self._looks)
            self._weighing += time.monotonic() - start

    def _forget_all(self) -> None:
        for id in list(self._parked):
            parked = self._parked.pop(id)
            parked.line.end()
            handle = parked.handle()
            if handle is not None and handle is not self.root:
                handle._alive = False


def _process(parked: Parked) -> Process:
    assert parked.line.process is not None
    return parked.line.process


def _too_little(isolation: Isolation) -> str:
    missing = "; ".join(f"{layer.name}: {layer.says}" for layer in isolation.layers if not layer.holds)
    return (
        "the kernel cannot hold programs here, only the language filter can, which stops mistakes and not attacks "
        f"({missing}); pass --allow-reduced-isolation to run them all the same"
    )


def isolation_report() -> list[tuple[str, bool, str]]:
    """Each layer as this machine has it, found out by starting a sandbox. For `mtchat doctor`."""
    with Sandbox(allow_reduced=True) as sandbox:
        return [(layer.name, layer.holds, layer.says) for layer in sandbox.isolation.layers]
