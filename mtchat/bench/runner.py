"""A run of a benchmark: which units there are, who works on them, where their samples go.

Knows how work is cut into units (always the same way, so that a run that was killed goes on as if it had not been),
and how one machine samples and judges at the same time. Leaves to others: many machines (`cluster`), the results file
(`results`), what is shown meanwhile.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from types import TracebackType
from typing import Protocol, Self, TypeVar

import msgspec

from mtchat.bench.desk import Desk
from mtchat.bench.judging import judge
from mtchat.bench.results import Results
from mtchat.bench.sampler import Stopped, sample_unit
from mtchat.bench.setups import Subject, subject_of
from mtchat.bench.values import Conversation, Problem, Sample, Setup, Unit
from mtchat.errors import SandboxError
from mtchat.models.base import Model

T = TypeVar("T")
AHEAD = 2
"""Units whose programs may still run while the next one is sampled."""


class Workers(Protocol):
    """Those who turn units into samples."""

    def subject(self) -> Subject:
        """What samples: the weights, loaded. Raises MtchatError."""
        ...

    def run(self, units: Iterable[Unit]) -> Iterator[list[Sample]]:
        """The samples of each unit, one list a unit, in any order. Ends early, raising nothing, when cancelled."""
        ...

    def close(self) -> None:
        """Let go of models and sandboxes."""
        ...


def plan(setup: Setup, problems: Iterable[Problem], samples: int, batch: int) -> list[Unit]:
    """All the work: each problem's (case, sample) pairs, `batch` at a time."""
    units = []
    for problem in problems:
        rows = [(case, sample) for case in range(len(problem.cases)) for sample in range(samples)]
        units += [Unit(setup, problem, tuple(rows[i : i + batch])) for i in range(0, len(rows), batch)]
    return units


def carry_out(
    units: Sequence[Unit],
    workers: Workers,
    results: Results,
    heard: Callable[[Sequence[Sample]], None] = lambda samples: None,
) -> None:
    """Have the work done that `results` does not hold yet; each unit's samples are on disk before the next is heard of.

    Of a unit that is there in part, what is missing is done if that comes out the same alone (an exact model), else
    all of it; what was missing is kept and heard of.
    """
    for setup in {unit.setup.digest: unit.setup for unit in units}.values():
        results.add_setup(setup)
    exact = workers.subject().exact
    left = (_left(unit, results, exact) for unit in units)
    for samples in workers.run(unit for unit in left if unit.rows):
        missing = set(results.missing([sample.key for sample in samples]))
        fresh = [sample for sample in samples if sample.key in missing]
        results.append(fresh)
        heard(fresh)


def _left(unit: Unit, results: Results, exact: bool) -> Unit:
    """What of `unit` is to be done; no rows if nothing is."""
    missing = set(results.missing(unit.names()))
    rows = tuple(row for row, key in zip(unit.rows, unit.names(), strict=True) if key in missing)
    return msgspec.structs.replace(unit, rows=rows) if exact or not rows else unit


class Local:
    """This machine: one model, and `desks` sandboxes that judge while it samples. A context manager."""

    def __init__(
        self,
        model: Callable[[], Model],
        desk: Callable[[Setup], Desk],
        desks: int = 2,
        cancel: threading.Event | None = None,
    ) -> None:
        self._model, self._desk = model, desk
        self._cancel = cancel or threading.Event()
        self._pool = ThreadPoolExecutor(desks, thread_name_prefix="mtchat-desk")
        self._local = threading.local()
        self._desks: list[Desk] = []
        self._lock, self._closed = threading.Lock(), False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def subject(self) -> Subject:
        """See `Workers.subject`."""
        return subject_of(self._model())

    def run(self, units: Iterable[Unit]) -> Iterator[list[Sample]]:
        """See `Workers.run`."""
        waiting: list[list[Future[Sample]]] = []
        with suppress(Stopped):
            for unit in units:
                waiting.append(self._begin(unit))
                while len(waiting) > AHEAD or (waiting and all(f.done() for f in waiting[0])):
                    yield self._collect(waiting.pop(0))
            for futures in waiting:
                yield self._collect(futures)

    def close(self) -> None:
        """End the sandboxes, running programs with them."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        with self._lock:  # none is made from now on
            self._closed = True
        for desk in self._desks:
            desk.close()
        self._pool.shutdown()

    def _begin(self, unit: Unit) -> list[Future[Sample]]:
        model = self._model()
        if unit.setup.select > 1:
            told = self._at_desk(unit.setup, lambda desk: sample_unit(unit, model, desk, self._cancel))
        else:
            told = sample_unit(unit, model, None, self._cancel)
        return [self._pool.submit(self._judge, unit, row, said) for row, said in enumerate(told)]

    def _judge(self, unit: Unit, row: int, said: Conversation) -> Sample:
        return self._at_desk(unit.setup, lambda desk: judge(unit, row, said, desk))

    def _at_desk(self, setup: Setup, work: Callable[[Desk], T]) -> T:
        """What `work` comes to at this thread's desk; where that fails, once more at a new one.

        A sandbox's processes may have been killed from outside, say when the machine ran out of memory.
        """
        desk = self._own(setup)
        try:
            return work(desk)
        except SandboxError:
            if self._cancel.is_set():
                raise
            del self._kept()[setup.digest]
            desk.close()
            return work(self._own(setup))

    def _own(self, setup: Setup) -> Desk:
        """This thread's desk for the setup. Raises SandboxError once all are closed."""
        kept = self._kept()
        if setup.digest not in kept:
            with self._lock:
                if self._closed:
                    raise SandboxError("the run has ended")
                kept[setup.digest] = self._desk(setup)
                self._desks.append(kept[setup.digest])
        return kept[setup.digest]

    def _kept(self) -> dict[str, Desk]:
        """This thread's desks by setup."""
        kept: dict[str, Desk] = self._local.__dict__.setdefault("desks", {})
        return kept

    def _collect(self, futures: Sequence[Future[Sample]]) -> list[Sample]:
        """The samples of one unit. Raises Stopped when the person asked to stop while its programs ran."""
        samples = []
        for future in futures:
            while not future.done():
                if self._cancel.wait(0.05):
                    raise Stopped
            try:
                samples.append(future.result())
            except SandboxError:
                if self._cancel.is_set():
                    raise Stopped from None
                raise
        return samples
