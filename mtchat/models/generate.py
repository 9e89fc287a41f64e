"""The token loop: each text is read once, then a batch of rows grows a token at a time until each has finished.

Knows prefills in pieces, rows of several asks side by side, rows that leave the batch when they finish, a row alone
whose next tokens are guessed and computed at once, cancelling, stopping and streaming. Leaves to others: the
architecture (a `Runner` is handed in), the choice of a token (`sampling`), who guesses (`ahead`), and what is kept for
the next call (`cache`).
"""

import math
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Protocol

import torch
from torch import Tensor

from mtchat.errors import ModelError
from mtchat.models import sampling
from mtchat.models.ahead import Ahead
from mtchat.models.base import Ask, Prefill
from mtchat.models.cache import PrefixCache
from mtchat.models.tokenization import Codec, Detokenizer
from mtchat.turn import Completion, Finish

PIECE = 256
"""Tokens a prefill computes at once: bounds memory, and how long a cancel waits."""


class Batch(Protocol):
    """Rows that grow together."""

    def step(self, ids: Sequence[int]) -> Tensor:
        """Scores (rows, vocabulary), float32, of the token after this one more of each row."""
        ...

    def leave(self, rows: Sequence[int]) -> list[Any]:
        """Take `rows` (places in the batch, rising) out; their keys and values."""
        ...


class Runner(Protocol):
    """A network that reads ids; what it keeps of them is a `cache.Kept` of its own kind.

    `threads` is how many torch is to compute with, None for as many as it would take. `exact` says that a row's scores
    are the same to the last bit whatever is computed with it.
    """

    vocabulary: int
    context_length: int
    threads: int | None
    exact: bool
    dtype: torch.dtype
    device: torch.device

    def new(self) -> Any:
        """Keys and values of no tokens."""
        ...

    def read(self, ids: Sequence[int], kept: Any) -> Tensor:
        """Scores (1, vocabulary), float32, after `ids`, which follow what is `kept`; it grows."""
        ...

    def read_all(self, ids: Sequence[int], kept: Any) -> tuple[Tensor, Tensor]:
        """Scores (tokens, vocabulary) after each of `ids`, and the final states (tokens, n_embd), float32."""
        ...

    def batch(self, rows: Sequence[Any]) -> Batch:
        """Sequences as rows that grow; they belong to the batch from now on, one that comes twice is copied."""
        ...


@dataclass(frozen=True)
class Job:
    """One ask, encoded. `room`: tokens each of its rows may grow."""

    ask: Ask
    ids: list[int]
    room: int


@dataclass
class Row:
    """One completion while it grows. `seen` (vocabulary,) bool: ids in its text so far, if a penalty asks for it."""

    job: Job
    index: int
    codec: Codec
    words: Detokenizer
    random: Random
    seen: Tensor | None
    ids: list[int] = field(default_factory=list)
    logprobs: list[float] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    text: str = ""
    finish: Finish | None = None

    def completion(self) -> Completion:
        finish = self.finish or "cancelled"
        total = math.fsum(self.logprobs)
        return Completion(self.text, finish, len(self.ids), total, tuple(self.logprobs), tuple(self.ends))

    def add(self, token: int, logprob: float) -> None:
        """Grow by a token, pass its text on, and see whether the row has finished."""
        if not math.isfinite(logprob):
            raise ModelError("the model's scores are not numbers: try --dtype float32, or fetch the weights again")
        self.ids.append(token)
        self.logprobs.append(logprob)
        if self.seen is not None:
            self.seen[token] = True
        if token == self.codec.eos:
            self.end("eos")
        elif self._say(self.words.feed(token)):
            self.finish = "stop"
        elif len(self.ids) >= self.job.room:
            self.end("length")
        self.ends.append(len(self.text))
        if self.job.ask.on_token is not None:
            self.job.ask.on_token(self.index, logprob, len(self.text))

    def end(self, finish: Finish) -> None:
        """Finish, with what was held back of the text."""
        self._say(self.words.flush())
        self.finish = finish

    def _say(self, delta: str) -> bool:
        """Add text and pass it on; whether the row should stop there."""
        if not delta:
            return False
        self.text += delta
        if self.job.ask.on_text is not None:
            self.job.ask.on_text(self.index, delta)
        return self.job.ask.stop is not None and self.job.ask.stop(self.text)


class Loop:
    """One call: jobs in, a list of completions for each out, `prefill` saying what reading the texts took.

    `mute` (vocabulary,) marks ids without a token. `ahead`, if given, guesses for a row that is alone; it is for
    runners whose scores do not depend on how many tokens are computed at once.
    """

    def __init__(
        self,
        runner: Runner,
        cache: PrefixCache[Any],
        codec: Codec,
        mute: Tensor,
        cancel: threading.Event | None,
        ahead: Ahead | None = None,
    ) -> None:
        self._runner, self._cache, self._codec, self._mute, self._cancel = runner, cache, codec, mute, cancel
        self._muted = mute.nonzero().squeeze(1)
        self._ahead = ahead
        self.prefill = Prefill(0, 0)

    def run(self, jobs: Sequence[Job]) -> list[list[Completion]]:
        """The completions; the cache then holds every row's text."""
        texts, scores = self._read(list(dict.fromkeys(tuple(job.ids) for job in jobs)))
        rows = [[self._row(job, i) for i in range(job.ask.params.n)] for job in jobs]
        live = [row for each in rows for row in each]
        if len(scores) < len(texts):  # cancelled on the way
            for ids, kept in texts.items():
                self._cache.put(ids, kept)
        elif live:
            first = torch.cat([scores[tuple(row.job.ids)] for row in live])
            self._grow(live, self._runner.batch([texts[tuple(row.job.ids)] for row in live]), first)
        return [[row.completion() for row in each] for each in rows]

    @property
    def _cancelled(self) -> bool:
        return self._cancel is not None and self._cancel.is_set()

    def _row(self, job: Job, index: int) -> Row:
        seen = None
        if job.ask.params.repetition_penalty != 1:
            seen = torch.zeros_like(self._mute)
            seen[torch.tensor(job.ids, device=seen.device)] = True
        draws = sampling.draws(job.ask.params.seed, index)
        return Row(job, index, self._codec, Detokenizer(self._codec, job.ids), draws, seen)

    def _read(self, texts: Sequence[tuple[int, ...]]) -> tuple[dict[tuple[int, ...], Any], dict[Any, Tensor]]:
        """Each text's keys and values, and the scores (1, vocabulary) after it, as far as nobody cancels."""
        kept = dict(zip(texts, self._cache.take([list(ids) for ids in texts]), strict=True))
        scores: dict[Any, Tensor] = {}
        reused = computed = 0
        for ids in texts:
            had = kept[ids].length
            last = self._prefill(ids, kept[ids])
            reused, computed = reused + had, computed + kept[ids].length - had
            if last is None:
                break
            scores[ids] = last
        self.prefill = Prefill(reused, computed)
        return kept, scores

    def _prefill(self, ids: Sequence[int], kept: Any) -> Tensor | None:
        """Scores after the whole text; None when cancelled on the way (`kept` covers what was done)."""
        scores = None
        for start in range(kept.length, len(ids), PIECE):
            if self._cancelled:
                return None
            scores = self._runner.read(list(ids[start : start + PIECE]), kept)
        return scores

    def _grow(self, live: list[Row], batch: Batch, scores: Tensor) -> None:
        """Grow rows until all have finished; `scores` (rows, vocabulary) are those of their first tokens."""
        while True:
            if self._cancelled:
                for row in live:
                    row.end("cancelled")
            else:
                extend(live, scores, self._muted)
            done = [i for i, row in enumerate(live) if row.finish is not None]
            for i, kept in reversed(list(zip(done, batch.leave(done), strict=True))):  # row 0 is the last used
                self._cache.put(live[i].job.ids + live[i].ids, kept)
            live = [row for row in live if row.finish is None]
            if not live:
                return
            if self._ahead is not None and len(live) == 1:
                self._grow_ahead(live[0], batch.leave([0])[0], self._ahead)
                return
            scores = batch.step([row.ids[-1] for row in live])

    def _grow_ahead(self, row: Row, kept: Any, ahead: Ahead) -> None:
        """Grow one row until it has finished, several tokens at a time where a guess of them was right."""
        following = ahead.follow(row.job.ids + row.ids)
        while row.finish is None:
            if self._cancelled:
                row.end("cancelled")
                break
            start, had = time.perf_counter(), len(row.ids)
            guess = following.guess(row.job.room - had - 1)
            self._check(row, kept, guess)
            following.wrote(row.ids[had:], time.perf_counter() - start)
        following.end()
        self._cache.put(row.job.ids + row.ids, kept)

    def _check(self, row: Row, kept: Any, guess: Sequence[int]) -> None:
        """One token more for the row, and another for each of `guess` that was what the row went on with."""
        newest = row.ids[-1:]
        scores = self._runner.read_all([*newest, *guess], kept)[0] if guess else self._runner.read(newest, kept)
        for place, guessed in enumerate((*guess, None)):
            extend([row], scores[place : place + 1], self._muted)
            if row.finish is not None or row.ids[-1] != guessed or self._cancelled:
                break
        kept.crop(len(row.job.ids) + len(row.ids) - 1)


def extend(live: Sequence[Row], scores: Tensor, muted: Tensor) -> None:
    """One more token for every live row. `scores` (rows, vocabulary), written over; `muted`: ids never chosen."""
    chances = scores.log_softmax(-1)  # of the model's own distribution
    wanted = scores.index_fill_(1, muted, float("-inf"))
    ids = torch.zeros(len(live), 1, dtype=torch.long, device=scores.device)
    for places in _alike(live):
        rows = [live[i] for i in places]
        ids[places, 0] = _chosen(rows, wanted[places] if len(rows) < len(live) else wanted)
    logprobs = chances.gather(-1, ids).squeeze(-1)
    for row, token, logprob in zip(live, ids[:, 0].tolist(), logprobs.tolist(), strict=True):
        row.add(token, logprob)


def _alike(live: Sequence[Row]) -> list[list[int]]:
    """Places of rows that are sampled in the same way, together."""
    groups: dict[Any, list[int]] = {}
    for i, row in enumerate(live):
        p = row.job.ask.params
        groups.setdefault((p.greedy, p.temperature, p.top_k, p.top_p, p.repetition_penalty), []).append(i)
    return list(groups.values())


def _chosen(rows: Sequence[Row], scores: Tensor) -> Tensor:
    """The next ids (rows,) of rows that are sampled alike."""
    params = rows[0].job.ask.params
    seen = [row.seen for row in rows if row.seen is not None]
    if seen:
        scores = sampling.penalize(scores, torch.stack(seen), params.repetition_penalty)
    return sampling.choose(scores, params, [row.random.random() for row in rows])
