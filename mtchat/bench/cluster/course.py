"""The course of a run: which unit is where, what is to be done next, what has to be done again.

Knows the bounds (how many units are open at once), the order of steps (a unit is written, then judged in pieces), and
when to give a unit up. Leaves to others: who does a job and how it is known that they died (`crew`). Pure, but for
drawing the next unit.
"""

import itertools
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from mtchat.bench.values import Conversation, Sample, Unit
from mtchat.errors import CommandError

Kind = Literal["model", "judge"]
PIECE = 4
"""Rows that a judge gets at once: few, so that a slow program does not hold up many others."""
TRIES = 3
MOST_LEFT_OUT = 3
"""A unit that fails `TRIES` times is left out, and its keys stay missing; with this many the run ends at once."""


_NUMBERS = itertools.count()
"""Of units, for the whole process: an answer that comes late is never taken for one of a later run."""


@dataclass(frozen=True)
class Job:
    """One call of one worker: write unit number `unit`, or judge its rows `start` to `stop`."""

    kind: Kind
    unit: int
    start: int
    stop: int


@dataclass
class Open:
    """A unit that was drawn and is not done."""

    unit: Unit
    conversations: tuple[Conversation, ...] = ()
    samples: dict[int, Sample] = field(default_factory=dict)


class Course:
    """Hands out jobs and takes what came of them; `window` is how many units may be open at once."""

    def __init__(self, units: Iterable[Unit], window: int = 1, tries: int = TRIES) -> None:
        self.window = window
        self.left_out: list[str] = []
        self.most_open = 0
        self.open: dict[int, Open] = {}
        self._units: Iterator[tuple[int, Unit]] = zip(_NUMBERS, units, strict=False)
        self._more = True
        self._ready: dict[Kind, deque[Job]] = {"model": deque(), "judge": deque()}
        self._failures: Counter[Job] = Counter()
        self._tries = tries

    @property
    def done(self) -> bool:
        """Nothing is open, and there is nothing more."""
        return not self.open and not self._more

    def next(self, kind: Kind) -> Job | None:
        """A job for a worker of that kind, if there is one now. What was begun goes before what is new."""
        if kind == "model" and not self._ready["model"]:
            self._draw()
        return self._ready[kind].popleft() if self._ready[kind] else None

    def _draw(self) -> None:
        while self._more and len(self.open) < self.window:
            drawn = next(self._units, None)
            if drawn is None:
                self._more = False
            else:
                number, unit = drawn
                self.open[number] = Open(unit)
                self.most_open = max(self.most_open, len(self.open))
                self._ready["model"].append(Job("model", number, 0, len(unit.rows)))
                return

    def written(self, job: Job, conversations: tuple[Conversation, ...]) -> list[Sample] | None:
        """A model has done its job: what it wrote is to be judged. A unit without rows is done."""
        held = self.open.get(job.unit)
        if held is None:
            return None
        rows = len(held.unit.rows)
        if len(conversations) != rows:
            raise CommandError(f"{self.name(job)}: {len(conversations)} conversations came back for {rows} rows")
        held.conversations = conversations
        for start in range(0, rows, PIECE):
            self._ready["judge"].append(Job("judge", job.unit, start, min(start + PIECE, rows)))
        return self._close(job.unit)

    def judged(self, job: Job, samples: tuple[Sample, ...]) -> list[Sample] | None:
        """A judge has done its job. The samples of the whole unit, in the order of its rows, once all are there."""
        held = self.open.get(job.unit)
        if held is None:
            return None
        held.samples.update(zip(range(job.start, job.stop), samples, strict=True))
        return self._close(job.unit)

    def _close(self, number: int) -> list[Sample] | None:
        held = self.open[number]
        if len(held.samples) < len(held.unit.rows):
            return None
        del self.open[number]
        return [held.samples[row] for row in range(len(held.unit.rows))]

    def again(self, job: Job, why: str | None) -> None:
        """A job that did not end is done again. With `why` it counts as the job's own failure, and some are too many.

        Raises CommandError when that is so for `MOST_LEFT_OUT` units.
        """
        if job.unit not in self.open:
            return
        self._failures[job] += why is not None
        if why is None or self._failures[job] < self._tries:
            self._ready[job.kind].appendleft(job)
            return
        self.left_out.append(f"{self.name(job)} failed {self._tries} times ({why})")
        del self.open[job.unit]
        for kind, jobs in self._ready.items():
            self._ready[kind] = deque(other for other in jobs if other.unit != job.unit)
        if len(self.left_out) >= MOST_LEFT_OUT:
            self.check()

    def check(self) -> None:
        """CommandError, one line, if a unit was left out."""
        if self.left_out:
            raise CommandError(f"{'; '.join(self.left_out)}: what else was done is kept, run again to try the rest")

    def name(self, job: Job) -> str:
        """A job as a person knows it."""
        unit = self.open[job.unit].unit
        rows = unit.rows[job.start : job.stop]
        first, last = ("case {}, sample {}".format(*row) for row in (rows[0], rows[-1])) if rows else ("no rows",) * 2
        which = first if first == last else f"{first} to {last}"
        return f"{'writing' if job.kind == 'model' else 'judging'} problem {unit.problem.id} ({which})"
