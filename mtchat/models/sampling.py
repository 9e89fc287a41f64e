"""Choosing the next token from scores.

Knows temperature, top-k, top-p and the repetition penalty (the semantics and order of transformers' logits
processors: penalty, temperature, top-k, top-p), and how a seed becomes each row's own stream of draws. Leaves to
others: where the scores come from and what the tokens spell (`generate`).
"""

import random
from collections.abc import Sequence

import torch
from torch import Tensor

from mtchat.errors import ModelError
from mtchat.turn import SamplingParams

LEADS = (32, 512)
"""Highest scores that are looked at first: a text's next token is nearly always among them."""
WIDTH = 32
"""Scores of which the highest is noted, to find the highest of all."""
FEW = 1024
"""A vocabulary so small that all of its scores are sorted."""


def check(params: SamplingParams, which: str = "") -> None:
    """Raise ModelError, beginning with `which`, for parameters that mean nothing."""
    limits = (
        (params.n >= 1, "n (candidates) must be at least 1"),
        (params.max_new_tokens >= 1, "max_new_tokens must be at least 1"),
        (0 <= params.temperature < float("inf"), "temperature must be 0 or more"),
        (0 < params.top_p <= 1, "top_p must be above 0 and at most 1"),
        (params.top_k >= 0, "top_k must be 0 (off) or more"),
        (0 < params.repetition_penalty < float("inf"), "repetition_penalty must be above 0"),
    )
    for right, message in limits:
        if not right:
            raise ModelError(which + message)


def draws(seed: int, row: int) -> random.Random:
    """Row `row`'s own stream of uniform numbers: the same for any number of rows, and untouched by global state."""
    return random.Random(f"mtchat:{seed}:{row}")


def penalize(scores: Tensor, seen: Tensor, penalty: float) -> Tensor:
    """Scores with those of tokens already there (`seen`, bool) moved towards less likely. Both (rows, vocabulary)."""
    return torch.where(seen, torch.where(scores < 0, scores * penalty, scores / penalty), scores)


def choose(scores: Tensor, params: SamplingParams, uniform: Sequence[float]) -> Tensor:
    """The chosen ids (rows,) for scores (rows, vocabulary), penalized before; `uniform`: one draw in [0, 1) a row.

    Tokens lie from the likeliest to the least, and a draw says how far along. The result of a row is its own to the
    last bit, whatever other rows there are.
    """
    if params.greedy or params.temperature == 0:
        return scores.argmax(-1)
    if scores.device.type != "cpu" or scores.shape[-1] < FEW:
        return _drawn(scores, params, torch.tensor(uniform, dtype=scores.dtype, device=scores.device))
    return torch.cat([_drawn_soon(row, params, draw) for row, draw in zip(scores.split(1), uniform, strict=True)])


def _drawn(scores: Tensor, params: SamplingParams, uniform: Tensor) -> Tensor:
    """See `choose`, by sorting all scores."""
    ordered, ids = scores.sort(dim=-1, descending=True, stable=True)
    return _at(uniform[:, None], nucleus(ordered / params.temperature, params.top_k, params.top_p), ids)


def _drawn_soon(row: Tensor, params: SamplingParams, draw: float) -> Tensor:
    """See `choose`, for one row (1, vocabulary), by sorting its highest scores alone if the token is among them."""
    share = torch.tensor([[draw]])
    if params.top_k:
        ids = _highest(row[0], params.top_k)
        chances = nucleus(row[:, ids] / params.temperature, params.top_k, params.top_p)
        return _at(share, chances, ids[None]) if len(ids) else _drawn(row, params, share[0])
    whole = (row / params.temperature).softmax(-1)
    for count in LEADS:
        ids = _highest(row[0], count)
        chances = whole[:, ids]
        if chances.sum() > (draw if params.top_p == 1 else params.top_p):
            return _at(
                share, _without_tail(chances, params.top_p), ids[None], None if params.top_p < 1 else whole.sum()
            )
    return _drawn(row, params, share[0])  # many tokens may follow, or scores are not numbers


def _highest(row: Tensor, count: int) -> Tensor:
    """Ids of `row`'s (vocabulary,) `count` highest scores and all that equal the last of them, the highest first.

    None of a row that is too short for it, or has scores that are not numbers.
    """
    blocks = row[: len(row) // WIDTH * WIDTH].view(-1, WIDTH)
    highest = blocks.amax(1)
    if len(highest) < count:
        return torch.zeros(0, dtype=torch.long)
    bound = highest.topk(count).values[-1]  # so many scores reach it at least
    within = (highest >= bound).nonzero() * WIDTH + torch.arange(WIDTH)
    ids = torch.cat((within.flatten(), torch.arange(blocks.numel(), len(row))))
    ids = ids[row[ids] >= bound]
    return ids[row[ids].sort(descending=True, stable=True).indices]


def _at(share: Tensor, chances: Tensor, ids: Tensor, whole: Tensor | None = None) -> Tensor:
    """The ids (rows,) where the sums of `chances` pass a `share` (rows, 1) of them all, or of `whole`."""
    total = chances.cumsum(-1)
    place = torch.searchsorted(total, share * (total[:, -1:] if whole is None else whole), right=True)
    last = ((chances > 0).sum(-1, keepdim=True) - 1).clamp(min=0)  # none at all where scores are not numbers
    return ids.gather(-1, torch.minimum(place, last)).squeeze(-1)


def nucleus(ordered: Tensor, top_k: int, top_p: float) -> Tensor:
    """Chances (not summing to 1) of scores sorted downwards, 0 for those that top-k and then top-p leave out."""
    if top_k:
        kth = ordered[:, min(top_k, ordered.shape[-1]) - 1, None]
        ordered = ordered.masked_fill(ordered < kth, float("-inf"))
    return _without_tail(ordered.softmax(-1), top_p)


def _without_tail(chances: Tensor, top_p: float) -> Tensor:
    """Falling chances, 0 for those that come after the others have made up `top_p`."""
    if top_p == 1:
        return chances
    outside = chances.cumsum(-1) - chances >= top_p
    outside[:, :1] = False
    return chances.masked_fill(outside, 0.0)
