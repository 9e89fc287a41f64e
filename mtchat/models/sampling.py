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
    """The chosen ids (rows,) for scores (rows, vocabulary), penalized before; `uniform`: one draw in [0, 1) a row."""
    if params.greedy or params.temperature == 0:
        return scores.argmax(-1)
    ordered, ids = scores.sort(dim=-1, descending=True, stable=True)
    chances = nucleus(ordered / params.temperature, params.top_k, params.top_p)
    total = chances.cumsum(-1)
    aim = torch.tensor(uniform, dtype=total.dtype, device=total.device)[:, None] * total[:, -1:]
    place = torch.searchsorted(total, aim, right=True)
    last = ((chances > 0).sum(-1, keepdim=True) - 1).clamp(min=0)  # none at all where scores are not numbers
    return ids.gather(-1, torch.minimum(place, last)).squeeze(-1)


def nucleus(ordered: Tensor, top_k: int, top_p: float) -> Tensor:
    """Chances (not summing to 1) of scores sorted downwards, 0 for those that top-k and then top-p leave out."""
    if top_k:
        kth = ordered[:, min(top_k, ordered.shape[-1]) - 1, None]
        ordered = ordered.masked_fill(ordered < kth, float("-inf"))
    chances = ordered.softmax(-1)
    if top_p < 1:
        before = chances.cumsum(-1) - chances
        outside = before >= top_p
        outside[:, 0] = False
        chances = chances.masked_fill(outside, 0.0)
    return chances
