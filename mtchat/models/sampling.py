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
SPARE = 8
"""How many times as many scores there must be: else sorting them all takes no longer."""


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
    share = torch.tensor(uniform, dtype=scores.dtype, device=scores.device)[:, None]
    found = torch.full((len(scores),), -1, device=scores.device)
    for count in (params.top_k,) if params.top_k else LEADS:
        left = (found < 0).nonzero().squeeze(1)
        if len(left) and count * SPARE < scores.shape[-1] and scores.device.type == "cpu":
            found[left] = _drawn_soon(scores[left], params, share[left], count)
    left = (found < 0).nonzero().squeeze(1)
    if len(left):
        found[left] = _drawn(scores[left], params, share[left])
    return found


def _drawn(scores: Tensor, params: SamplingParams, share: Tensor) -> Tensor:
    """See `choose`, by sorting all scores; `share` (rows, 1) are the draws."""
    ordered, ids = scores.sort(dim=-1, descending=True, stable=True)
    return _at(share, nucleus(ordered / params.temperature, params.top_k, params.top_p), ids)


def _drawn_soon(scores: Tensor, params: SamplingParams, share: Tensor, count: int) -> Tensor:
    """See `_drawn`, by looking at each row's `count` highest scores alone; -1 where they do not tell."""
    highest, ids = scores.topk(count + 1)
    clear = highest[:, -2] > highest[:, -1]  # of equal scores any might be among the highest; nor are they NaN
    ids = ids[:, :count].sort().values
    ordered, order = scores.gather(1, ids).sort(dim=-1, descending=True, stable=True)
    ids, whole = ids.gather(1, order), None
    if params.top_k:
        chances = nucleus(ordered / params.temperature, params.top_k, params.top_p)
    else:
        all_ = (scores / params.temperature).softmax(-1)
        chances = all_.gather(1, ids)
        clear &= chances.sum(-1) > (share[:, 0] if params.top_p == 1 else params.top_p)
        chances, whole = _without_tail(chances, params.top_p), all_.sum(-1, keepdim=True) if params.top_p == 1 else None
    return torch.where(clear, _at(share, chances, ids, whole), -1)


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
