"""Figures from outcomes, and how sure one may be of them. Pure; the same numbers on every machine.

Knows pass@k, intervals by resampling problems, paired differences and correlations. The samples of a problem stand or
fall together, so what is resampled is problems (a cluster bootstrap), each with the figure of all its samples. Leaves
to others: which figures there are (`summary`, `compare`).
"""

import math
import random
from collections.abc import Callable, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

RESAMPLES = 4000
_Z = 1.959963984540054
"""The normal distribution's 97.5 % quantile: every interval here holds 95 %."""

Interval = tuple[float, float]


class Paired(NamedTuple):
    """Mean of second minus first, its 95 % interval and two-sided p.

    No interval where all problems differ by the same (resampling then says nothing), no p for a single problem.
    """

    difference: float
    ci95: Interval | None
    p: float | None


def pass_at_k(n: int, c: int, k: int) -> float:
    """The chance that one of `k` samples passes, unbiased, from `n` samples of which `c` passed.

    1 - C(n-c, k) / C(n, k): eq. 1 of Chen et al., arXiv 2107.03374, in whole numbers, so that it is exact to the last
    bit at any n. Raises ValueError unless 0 <= c <= n and 1 <= k <= n.
    """
    if not (0 <= c <= n and 1 <= k <= n):
        raise ValueError(f"pass@{k} of {n} samples, {c} of them passed: k is 1 to n, c is 0 to n")
    ways = math.comb(n, k)
    return (ways - math.comb(n - c, k)) / ways


def mean(values: Sequence[float]) -> float:
    """The mean; its sum is exact, so that the order does not matter. Raises ValueError for no values."""
    if not values:
        raise ValueError("no values to take the mean of")
    return math.fsum(values) / len(values)


def wilson(rate: float, n: int) -> Interval:
    """Wilson's score interval of a rate seen in `n` trials (Wilson 1927, J. Am. Stat. Assoc. 22; 95 %)."""
    if n < 1:
        raise ValueError("an interval needs at least one trial")
    middle = (rate + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    half = _Z / (1 + _Z**2 / n) * math.sqrt(max(0.0, rate * (1 - rate) / n) + _Z**2 / (4 * n * n))
    # it holds the rate, which rounding would miss at 0 and 1
    return min(rate, max(0.0, middle - half)), max(rate, min(1.0, middle + half))


def rate_ci(rates: Sequence[float], trials: int, seed: int = 0) -> Interval:
    """The 95 % interval of the mean of problems' rates, each 0 to 1; `trials` is how many samples they are of.

    By resampling problems. Where that says nothing, Wilson's: for a single problem over its `trials` (taken as
    independent: it is the interval of this problem's own rate), for problems of the same rate over the problems.
    """
    if len(rates) == 1:
        return wilson(rates[0], trials)
    if min(rates) == max(rates):
        return wilson(rates[0], len(rates))
    return bootstrap_ci(rates, seed)


def bootstrap_ci(values: Sequence[float], seed: int = 0, resamples: int = RESAMPLES) -> Interval:
    """The percentile interval of the mean, 95 % (Efron and Tibshirani 1993, chapter 13).

    `values` are one a cluster; of few of them (under six or so) the interval is too narrow, for it cannot leave their
    range. Deterministic: the same values give the same interval, in any order.
    """
    means = _means(sorted(values), seed, resamples)
    return _quantile(means, 0.025), _quantile(means, 0.975)


def paired_bootstrap(
    first: Sequence[float], second: Sequence[float], seed: int = 0, resamples: int = RESAMPLES
) -> Paired:
    """How much higher `second` is than `first` on the same problems, entry for entry.

    Resamples problems with both their figures (Efron and Tibshirani 1993, chapters 8 and 16). p is twice the smaller
    share of resampled differences on the other side of 0, at most 1, one count added to share and whole so that it is
    never 0; nor is it under 2 ** (1 - problems), the least that flipping the signs of so few differences can give.
    Raises ValueError unless both are as long and not empty.
    """
    differences = sorted(b - a for a, b in zip(first, second, strict=True))
    found = mean(differences)
    if len(differences) == 1:
        return Paired(found, None, None)
    means = _means(differences, seed, resamples)
    least = min(sum(m <= 0 for m in means), sum(m >= 0 for m in means))
    p = min(1.0, max(2 * (least + 1) / (resamples + 1), 2.0 ** (1 - len(differences))))
    alike = differences[0] == differences[-1]
    return Paired(found, None if alike else (_quantile(means, 0.025), _quantile(means, 0.975)), p)


def _means(values: Sequence[float], seed: int, resamples: int) -> list[float]:
    """The means of resampled values, in order."""
    if len(values) < 2:
        raise ValueError("resampling needs at least two problems")
    return sorted(math.fsum(pick(values)) / len(values) for pick in _draws(len(values), seed, resamples))


@lru_cache(maxsize=16)
def _draws(size: int, seed: int, resamples: int) -> list[Callable[[Any], tuple[float, ...]]]:
    """What to pick in each resample: made once, used for every figure over as many problems."""
    draw = random.Random(seed).random  # the one method whose numbers Python keeps from version to version
    return [itemgetter(*(int(draw() * size) for _ in range(size))) for _ in range(resamples)]


def _quantile(ordered: Sequence[float], share: float) -> float:
    """Between the two nearest, in proportion (Hyndman and Fan 1996, type 7: what numpy does)."""
    at = share * (len(ordered) - 1)
    low = math.floor(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (at - low) * (ordered[high] - ordered[low])


def pearson(xs: Sequence[float], ys: Sequence[float]) -> float | None:
    """Pearson's product-moment correlation (1895); None where either does not vary."""
    if len(xs) != len(ys):
        raise ValueError(f"{len(xs)} values cannot be paired with {len(ys)}")
    if len(xs) < 2 or min(xs) == max(xs) or min(ys) == max(ys):
        return None
    x0, y0 = mean(xs), mean(ys)
    together = math.fsum((x - x0) * (y - y0) for x, y in zip(xs, ys, strict=True))
    spread = math.sqrt(math.fsum((x - x0) ** 2 for x in xs)) * math.sqrt(math.fsum((y - y0) ** 2 for y in ys))
    return max(-1.0, min(1.0, together / spread)) if spread else None


def spearman(xs: Sequence[float], ys: Sequence[float]) -> float | None:
    """Spearman's rank correlation (1904), ties at their mean rank; None where either does not vary."""
    return pearson(ranks(xs), ranks(ys))


def point_biserial(passed: Sequence[bool], values: Sequence[float]) -> float | None:
    """The correlation of a yes-or-no with a figure: Pearson's with 1 and 0 (Tate 1954); None without both kinds."""
    return pearson([float(p) for p in passed], values)


def ranks(values: Sequence[float]) -> list[float]:
    """The rank of each, from 1, equal values at the mean of their ranks."""
    order = sorted(range(len(values)), key=values.__getitem__)
    out, start = [0.0] * len(values), 0
    while start < len(order):
        end = start
        while end < len(order) and values[order[end]] == values[order[start]]:
            end += 1
        for at in order[start:end]:
            out[at] = (start + 1 + end) / 2
        start = end
    return out
