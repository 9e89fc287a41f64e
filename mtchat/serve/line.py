"""The one queue in front of the model: requests wait their turn, and those that wait together are answered together.

Knows the thread that owns the model, which requests share a batch, how rows become pieces with stop texts cut off, and
that nothing is computed for who has gone. Leaves to others: reading requests (`requests`), how pieces are written
(`answers`), and who gets them (`server`).
"""

import queue
import sys
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from mtchat.errors import MtchatError
from mtchat.models import infill
from mtchat.models.base import Ask, Model, Scores
from mtchat.serve.requests import Refusal, Wanted
from mtchat.turn import Completion

WAITING = 64
"""Requests that may wait; further ones are sent away, to come again."""
BATCH = 16
"""Completions that are written side by side, unless one request alone wants more."""


@dataclass(frozen=True)
class Piece:
    """Part of the completion `index` of a request: text, and tokens with what they cost and where they begin.

    `finish`, "stop" or "length", comes with the last one. A token's text is its own; the text may lag behind it, held
    back while it might be the start of a stop text.
    """

    index: int
    text: str = ""
    tokens: tuple[str, ...] = ()
    logprobs: tuple[float, ...] = ()
    offsets: tuple[int, ...] = ()
    finish: str | None = None


@dataclass(frozen=True)
class Done:
    """The end of an answer. Tokens: of the texts, written, and (None if unknown) of the texts taken from the cache."""

    prompt: int
    completion: int
    cached: int | None = None


@dataclass(eq=False)
class Job:
    """A request in the queue. `said` gets its `Piece`s, then a `Done` or a `Refusal`; `prompt` counts its tokens."""

    wanted: Wanted
    prompt: int
    said: "queue.SimpleQueue[Piece | Done | Refusal]" = field(default_factory=queue.SimpleQueue)
    gone: threading.Event = field(default_factory=threading.Event)


class Line:
    """The queue before `model`, which nobody else runs from now on."""

    def __init__(self, model: Model, *, waiting: int = WAITING) -> None:
        self._model, self._most = model, waiting
        self._waiting: deque[Job] = deque()
        self._running: list[Job] = []
        self._changed = threading.Condition()
        self._cancel = threading.Event()
        self._closed = False
        self._worker = threading.Thread(target=self._work, name="mtchat-line", daemon=True)
        self._worker.start()

    def put(self, wanted: Wanted) -> Job:
        """Queue a request. Raises Refusal for one that the model cannot answer, or when too many wait."""
        job = Job(wanted, self._checked(wanted))
        with self._changed:
            if self._closed:
                raise Refusal(503, "the server is going down", code="closing")
            if len(self._waiting) >= self._most:
                raise Refusal(503, f"{self._most} requests wait already: come again", code="busy", wait=1)
            self._waiting.append(job)
            self._changed.notify()
        return job

    def leave(self, job: Job) -> None:
        """Nobody listens to `job` any more."""
        with self._changed:
            job.gone.set()
            if self._running and all(each.gone.is_set() for each in self._running):
                self._cancel.set()

    def close(self) -> None:
        """Answer nobody any more, and wait until the model stands still."""
        with self._changed:
            self._closed = True
            for job in self._waiting:
                job.said.put(Refusal(503, "the server is going down", code="closing"))
            self._waiting.clear()
            self._cancel.set()
            self._changed.notify()
        self._worker.join(timeout=30)

    def _checked(self, wanted: Wanted) -> int:
        """Tokens of the texts. Raises Refusal for one that is too long, or for infill where there is none."""
        try:
            if wanted.infills:
                infill.check(self._model)
            counts = [self._model.count(text) for text in wanted.texts]
        except MtchatError as error:
            raise Refusal(400, str(error)) from None
        room = 0 if wanted.params.max_new_tokens == 0 else 1
        if max(counts) + room > self._model.context_length:
            raise Refusal(
                400,
                f"the text is {max(counts)} tokens and the model reads {self._model.context_length}, the completion "
                "among them: send less",
                field="prompt",
                code="context_length_exceeded",
            )
        return sum(counts)

    def _work(self) -> None:
        while jobs := self._next():
            try:
                self._answer(jobs)
            except MtchatError as error:
                self._fail(jobs, str(error))
            except Exception as error:  # the next request deserves an answer
                sys.stderr.write(f"mtchat: a request failed: {type(error).__name__}: {error}\n")
                self._fail(jobs, "the server met an error of its own")
            with self._changed:
                self._running = []

    def _next(self) -> list[Job]:
        """The jobs to be answered now, together; none once the line is closed."""
        with self._changed:
            while True:
                if self._closed:
                    return []
                self._running = self._batch()
                if self._running:
                    self._cancel.clear()
                    return self._running
                self._changed.wait()

    def _batch(self) -> list[Job]:
        """The first of those who wait, and who follow as long as they fit in a batch with it."""
        jobs: list[Job] = []
        while self._waiting:
            job = self._waiting[0]
            rows = sum(each.wanted.rows for each in jobs) + job.wanted.rows
            if not job.gone.is_set() and jobs and (rows > BATCH or job.wanted.scores or jobs[0].wanted.scores):
                break
            self._waiting.popleft()
            jobs += [job] if not job.gone.is_set() else []
        return jobs

    def _fail(self, jobs: Sequence[Job], message: str) -> None:
        for job in jobs:
            job.said.put(Refusal(500, message, code="model"))

    def _answer(self, jobs: Sequence[Job]) -> None:
        rows = [[_Row(job, i) for i in range(job.wanted.rows)] for job in jobs]
        for job in jobs:
            if job.wanted.echo:
                self._echo(job)
        writing = [(job, each) for job, each in zip(jobs, rows, strict=True) if job.wanted.params.max_new_tokens]
        asks = [ask for job, each in writing for ask in _asks(job, each)]
        outs = iter(self._model.complete_many(asks, cancel=self._cancel))
        alone = len(asks) == 1
        for job, each in zip(jobs, rows, strict=True):
            if not job.wanted.params.max_new_tokens:
                for row in each:
                    job.said.put(Piece(row.index, finish="length"))
                job.said.put(Done(job.prompt, 0))
                continue
            done = [out for _ in job.wanted.texts for out in next(outs)]
            for row, out in zip(each, done, strict=True):
                row.end(out)
            if self._closed and any(out.finish == "cancelled" for out in done):
                job.said.put(Refusal(503, "the server is going down", code="closing"))
            else:
                job.said.put(Done(job.prompt, sum(out.tokens for out in done), self._cached() if alone else None))

    def _cached(self) -> int | None:
        return getattr(getattr(self._model, "last_prefill", None), "reused", None)

    def _echo(self, job: Job) -> None:
        """Say the texts themselves first, with their likelihoods if asked for."""
        for at, text in enumerate(job.wanted.texts):
            scores: Any = Scores((), (), ())
            if job.wanted.scores:
                scores = self._model.score(text)
            for row in range(job.wanted.params.n):
                index = at * job.wanted.params.n + row
                job.said.put(Piece(index, text, scores.tokens, scores.logprobs, scores.starts))


def _asks(job: Job, rows: Sequence["_Row"]) -> list[Ask]:
    """What the model is asked for a request, one ask a text; each row listens for itself."""
    n = job.wanted.params.n

    def ask(at: int, text: str) -> Ask:
        own = rows[at * n : (at + 1) * n]
        return Ask(
            text,
            job.wanted.params,
            lambda said: job.gone.is_set() or any(stop in said for stop in job.wanted.stops),
            lambda row, delta: own[row].hear(delta),
            lambda row, logprob, end: own[row].token(logprob, end),
        )

    return [ask(at, text) for at, text in enumerate(job.wanted.texts)]


class _Row:
    """One completion on its way out: a piece a token, nothing from a stop text on."""

    def __init__(self, job: Job, index: int) -> None:
        self.index = index
        self._job, self._stops = job, job.wanted.stops
        self._text = ""
        self._told = self._ended = 0
        self._pieces = False
        self._shift = len(job.wanted.texts[index // job.wanted.params.n]) if job.wanted.echo else 0

    def hear(self, delta: str) -> None:
        self._text += delta

    def token(self, logprob: float, end: int) -> None:
        """Pass on a token, and the text that is safe by now."""
        token, start = self._text[self._ended : end], self._ended
        self._ended, self._pieces = end, True
        self._say((token,), (logprob,), (start + self._shift,), self._safe())

    def end(self, out: Completion) -> None:
        """Pass on what is left, and how it ended."""
        cut = self._cut()
        finish = "length" if out.finish == "length" and cut is None else "stop"
        self._text = out.text
        self._say((), (), (), len(out.text) if cut is None else cut, finish)

    def _say(
        self,
        tokens: tuple[str, ...],
        costs: tuple[float, ...],
        starts: tuple[int, ...],
        upto: int,
        finish: str | None = None,
    ) -> None:
        delta, self._told = self._text[self._told : upto], max(self._told, upto)
        if delta or tokens or finish:
            self._job.said.put(Piece(self.index, delta, tokens, costs, starts, finish))

    def _cut(self) -> int | None:
        """Where the first stop text begins, None while there is none."""
        return min((at for stop in self._stops if (at := self._text.find(stop)) >= 0), default=None)

    def _safe(self) -> int:
        """How much of the text cannot be part of a stop text any more."""
        cut = self._cut()
        if cut is not None:
            return cut
        held = (n for stop in self._stops for n in range(1, len(stop)) if self._text.endswith(stop[:n]))
        return len(self._text) - max(held, default=0)
