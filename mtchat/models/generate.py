"""The token loop: one prefill, then a batch of rows that grow a token at a time until each has finished.

Knows forwards in pieces, rows that leave the batch when they finish, cancelling, stopping and streaming. Leaves to
others: the architecture (a `forward` is handed in), the choice of a token (`sampling`), what is kept for the next call
(`cache`).
"""

import math
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import torch
from torch import Tensor

from mtchat.errors import ModelError
from mtchat.models import sampling
from mtchat.models.base import OnText, Stop
from mtchat.models.cache import row_of
from mtchat.models.tokenization import Codec, Detokenizer
from mtchat.turn import Completion, Finish, SamplingParams

PIECE = 256
"""Tokens a prefill computes at once: bounds memory, and how long a cancel waits."""

Forward = Callable[[Tensor, Any], Tensor]
"""(ids (rows, tokens), cache, which grows) -> scores of the next token (rows, vocabulary), float32."""


@dataclass(frozen=True)
class Job:
    """What one call asks for. `room`: tokens each row may grow; `mute` (vocabulary,) marks ids without a token."""

    ids: list[int]
    params: SamplingParams
    codec: Codec
    room: int
    mute: Tensor
    stop: Stop | None = None
    on_text: OnText | None = None
    cancel: threading.Event | None = None

    @property
    def cancelled(self) -> bool:
        return self.cancel is not None and self.cancel.is_set()


@dataclass
class Row:
    """One completion while it grows."""

    index: int
    words: Detokenizer
    random: Random
    ids: list[int] = field(default_factory=list)
    logprobs: list[float] = field(default_factory=list)
    text: str = ""
    finish: Finish | None = None

    def completion(self) -> Completion:
        finish = self.finish or "cancelled"
        return Completion(self.text, finish, len(self.ids), math.fsum(self.logprobs), tuple(self.logprobs))


def prefill(job: Job, forward: Forward, cache: Any, reused: int) -> Tensor | None:
    """Scores (1, vocabulary) after the whole text; None when cancelled on the way (the cache covers what was done)."""
    scores = None
    for start in range(reused, len(job.ids), PIECE):
        if job.cancelled:
            return None
        piece = job.ids[start : start + PIECE]
        scores = forward(torch.tensor([piece], device=job.mute.device), cache)  # (1, vocabulary)
    return scores


def grow(job: Job, forward: Forward, cache: Any, scores: Tensor | None) -> tuple[list[Completion], list[int], Any]:
    """The completions, and row 0's ids with the cache that covers them (all but the newest).

    `cache` and `scores` are those of `prefill`; both are consumed.
    """
    rows = [Row(i, Detokenizer(job.codec, job.ids), sampling.draws(job.params.seed, i)) for i in range(job.params.n)]
    live, kept = list(rows), cache
    if scores is None:
        return [row.completion() for row in rows], job.ids, cache
    seen = _seen(job, len(rows))
    if len(rows) > 1:
        cache.batch_repeat_interleave(len(rows))
        scores = scores.expand(len(rows), -1)
    while True:
        if job.cancelled:
            _finish_all(job, live)
        else:
            _extend(job, live, scores, seen)
        stay = [i for i, row in enumerate(live) if row.finish is None]
        if live[0].index == 0 and live[0].finish is not None:
            kept = cache if len(live) == 1 else row_of(cache, 0)
        if not stay:
            return [row.completion() for row in rows], job.ids + rows[0].ids, kept
        if len(stay) < len(live):
            live, seen = _keep(live, seen, cache, stay)
        newest = torch.tensor([[row.ids[-1]] for row in live], device=scores.device)  # (rows, 1)
        scores = forward(newest, cache)


def _seen(job: Job, rows: int) -> Tensor | None:
    """Which ids are in the text so far, (rows, vocabulary) bool; None when no penalty asks for it."""
    if job.params.repetition_penalty == 1:
        return None
    seen = torch.zeros_like(job.mute)
    seen[torch.tensor(job.ids, device=seen.device)] = True
    return seen.repeat(rows, 1)


def _keep(live: list[Row], seen: Tensor | None, cache: Any, stay: list[int]) -> tuple[list[Row], Tensor | None]:
    index = torch.tensor(stay)
    cache.batch_select_indices(index.to(cache.layers[0].keys.device))
    return [live[i] for i in stay], seen if seen is None else seen[index.to(seen.device)]


def _extend(job: Job, live: Sequence[Row], scores: Tensor, seen: Tensor | None) -> None:
    """One more token for every live row. `scores` (rows, vocabulary)."""
    wanted = scores if seen is None else sampling.penalize(scores, seen, job.params.repetition_penalty)
    wanted = wanted.masked_fill(job.mute, float("-inf"))
    ids = sampling.choose(wanted, job.params, [row.random.random() for row in live])
    logprobs = scores.log_softmax(-1).gather(-1, ids[:, None]).squeeze(-1)  # of the model's own distribution
    if seen is not None:
        seen.scatter_(1, ids[:, None], True)
    for row, token, logprob in zip(live, ids.tolist(), logprobs.tolist(), strict=True):
        if not math.isfinite(logprob):
            raise ModelError("the model's scores are not numbers: try --dtype float32, or fetch the weights again")
        row.ids.append(token)
        row.logprobs.append(logprob)
        _show(job, row, token)


def _show(job: Job, row: Row, token: int) -> None:
    """Turn a row's new token into text and see whether the row has finished."""
    if token == job.codec.eos:
        _say(job, row, row.words.flush())
        row.finish = "eos"
        return
    if _say(job, row, row.words.feed(token)):
        row.finish = "stop"
    elif len(row.ids) >= job.room:
        _say(job, row, row.words.flush())
        row.finish = "length"


def _say(job: Job, row: Row, delta: str) -> bool:
    """Add text to a row and pass it on; whether the row should stop there."""
    if not delta:
        return False
    row.text += delta
    if job.on_text is not None:
        job.on_text(row.index, delta)
    return job.stop is not None and job.stop(row.text)


def _finish_all(job: Job, live: Sequence[Row]) -> None:
    for row in live:
        _say(job, row, row.words.flush())
        row.finish = "cancelled"
