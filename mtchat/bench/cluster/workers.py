"""`Ray`: the bench's `Workers` on a cluster. Units in, lists of samples out, in any order.

Knows how the parts make a run: joined cluster, crew, course. Keeps and writes nothing: the caller alone writes the
results file, so that a run can be killed at any time. Leaves to others: each of the parts.
"""

import contextlib
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import Self

from mtchat.bench.cluster.actors import Failed, Greeting, Work
from mtchat.bench.cluster.address import check_address, joined
from mtchat.bench.cluster.course import TRIES, Course
from mtchat.bench.cluster.crew import Crew, Done, Event
from mtchat.bench.cluster.plan import Share
from mtchat.bench.setups import Subject
from mtchat.bench.values import Sample, Unit
from mtchat.errors import CommandError

QUEUE = 2
"""Jobs with a worker at once: one in hand, one so that it need not wait for us. More would only lengthen a redo."""
_WAIT_SECONDS = 0.5


class Ray:
    """Workers on the Ray cluster at `address` (see `address.FORMS`). A context manager; nothing of it stays.

    `work` is what they do, `share` how much of each node they take, `tries` how often a unit may fail before it is
    left out, `patience` seconds without any worker until the run ends, `cpus` how many a `local` cluster has. `say`
    gets a line when a node or a worker comes to grief. Once `cancel` is set, runs end early.
    """

    def __init__(
        self,
        address: str,
        work: Work,
        *,
        share: Share | None = None,
        tries: int = TRIES,
        patience: float = 600.0,
        cpus: int | None = None,
        say: Callable[[str], None] | None = None,
        cancel: threading.Event | None = None,
    ) -> None:
        self.address, self.work, self.share = check_address(address), work, share or Share()
        self.share.check()
        self.most_open = self.most_queued = 0
        self._tries, self._patience, self._cpus = tries, patience, cpus
        self._say = say or (lambda line: None)
        self._cancel = cancel or threading.Event()
        self._stack = contextlib.ExitStack()
        self._crew: Crew | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def start(self) -> Greeting:
        """Join the cluster, and wait for the first model: which it is decides what a sample is.

        Raises ConfigError (no Ray here), CommandError (no cluster, other code on a node), ModelError (cannot load),
        KeyboardInterrupt when cancelled.
        """
        crew = self._joined()
        since = time.monotonic()
        while crew.told is None:
            crew.look()
            for _ in crew.events(_WAIT_SECONDS):
                pass
            if self._cancel.is_set():
                raise KeyboardInterrupt
            self._check_patience(crew, since)
        return crew.told

    def subject(self) -> Subject:
        """See `runner.Workers.subject`, and `start` for what it raises."""
        told = self.start()
        assert told.model is not None
        return Subject(told.model, told.dtype, told.scores, told.exact)

    def _joined(self) -> Crew:
        if self._crew is None:
            with contextlib.ExitStack() as stack:
                ray = stack.enter_context(joined(self.address, self._cpus))
                self._crew = Crew(ray, self.work, self.share, QUEUE, self._say)
                stack.callback(self._crew.end)
                self._stack = stack.pop_all()
        return self._crew

    def close(self) -> None:
        """End every worker, leave the cluster (end it, if it is our own)."""
        self._crew = None
        self._stack.close()

    def run(self, units: Iterable[Unit]) -> Iterator[list[Sample]]:
        """One list a unit, its samples in the order of its rows; units in any order, drawn as workers come free.

        Never more units are open than workers can hold. A lost worker's units are done again elsewhere. A unit that
        fails `tries` times is left out and named in a CommandError after all others (at once, when there are several).
        Ends early, raising nothing, when cancelled.
        """
        self.start()
        crew = self._joined()
        course = Course(units, tries=self._tries)
        try:
            yield from self._through(course, crew)
        finally:
            if not course.done:
                self.close()  # nothing goes on in the background after Ctrl-C
        if course.done:
            course.check()

    def _through(self, course: Course, crew: Crew) -> Iterator[list[Sample]]:
        served = time.monotonic()
        while not course.done and not self._cancel.is_set():
            crew.look()
            _hand_out(course, crew)
            for event in crew.events(_WAIT_SECONDS):
                samples = _take(course, event)
                if samples is not None:
                    _hand_out(course, crew)  # nobody waits while the caller writes
                    yield samples
            if crew.ready("model") and crew.ready("judge"):
                served = time.monotonic()
            self._check_patience(crew, served)
            self.most_open, self.most_queued = max(self.most_open, course.most_open), crew.most_queued

    def _check_patience(self, crew: Crew, since: float) -> None:
        if time.monotonic() - since < self._patience:
            return
        missing = " and no ".join(kind for kind in ("model", "judge") if not crew.ready(kind))
        raise CommandError(
            f"--ray {self.address}: no {missing} was ready for {self._patience:g} seconds; `ray status` says what the "
            "cluster has free, and its nodes' logs what went wrong"
        )


def _hand_out(course: Course, crew: Crew) -> None:
    """Give every free worker what there is for it."""
    course.window = QUEUE * (crew.ready("model") + crew.ready("judge"))
    for kind in ("judge", "model"):
        while (worker := crew.free(kind)) and (job := course.next(kind)):
            held = course.open[job.unit]
            if kind == "model":
                crew.give(worker, job, held.unit)
            else:
                rows = range(job.start, job.stop)
                crew.give(worker, job, held.unit, tuple(rows), held.conversations[job.start : job.stop])


def _take(course: Course, event: Event) -> list[Sample] | None:
    """Tell the course what happened; the samples of a unit that this finished."""
    if not isinstance(event, Done):
        course.again(event.job, event.why)
        return None
    if isinstance(event.value, Failed):
        course.again(event.job, event.value.says)
        return None
    return (course.written if event.job.kind == "model" else course.judged)(event.job, event.value)
