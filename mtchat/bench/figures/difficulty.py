"""Prompt perplexity of a run and how it goes with passing: the analysis of arXiv 2203.13474, section 4.3.

Knows the figures; a sample carries what they are made of. Pure. Leaves measuring likelihoods to the sampler.
"""

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any

from mtchat.bench.figures import estimators as est
from mtchat.bench.values import Sample

QUARTERS = 4


def perplexity(samples: Sequence[Sample]) -> float | None:
    """exp of the mean negative log-probability of these samples' prompt tokens; None if none was measured."""
    tokens = sum(s.conversation.prompt_tokens for s in samples)
    if not tokens:
        return None
    exponent = -math.fsum(s.conversation.prompt_logprob for s in samples if s.conversation.prompt_tokens) / tokens
    return math.exp(min(exponent, 700.0))  # beyond is no float


def perplexity_block(by_problem: Mapping[str, Sequence[Sample]], rates: Mapping[str, float]) -> dict[str, Any] | None:
    """The figures of a run; None where nothing was measured.

    `mean` is over problems; `passing` and `failing` are means over samples, refused and missing ones among the failing;
    `point_biserial` is of a sample's passing with its log-perplexity, `spearman` of a problem's perplexity with its
    pass rate (None where either does not vary); `quartiles` go from the lowest perplexity up.
    """
    of = {id: value for id, samples in by_problem.items() if (value := perplexity(samples)) is not None}
    if not of:
        return None
    rows = [(s.verdict.passed, p) for group in by_problem.values() for s in group if (p := perplexity([s])) is not None]
    return {
        "mean": est.mean(list(of.values())),
        "passing": _mean([p for passed, p in rows if passed]),
        "failing": _mean([p for passed, p in rows if not passed]),
        "point_biserial": est.point_biserial([passed for passed, _ in rows], [math.log(p) for _, p in rows]),
        "spearman": est.spearman([of[id] for id in of], [rates[id] for id in of]),
        "quartiles": _quartiles(of, rates),
        "by_problem": of,
    }


def _mean(values: Sequence[float]) -> float | None:
    return est.mean(values) if values else None


def _quartiles(of: Mapping[str, float], rates: Mapping[str, float]) -> list[dict[str, Any]]:
    """Problems by perplexity in four parts, as even as can be: the range of each and its mean pass rate."""
    order = sorted(of, key=lambda id: (of[id], id))
    edges = [len(order) * part // QUARTERS for part in range(QUARTERS + 1)]
    parts = [order[low:high] for low, high in itertools.pairwise(edges) if low < high]
    return [
        {
            "from": of[part[0]],
            "to": of[part[-1]],
            "problems": len(part),
            "pass_rate": est.mean([rates[id] for id in part]),
        }
        for part in parts
    ]
