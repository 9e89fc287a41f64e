"""Two runs on the same problems: how much one is better, and how sure that is.

Knows how runs are paired: by problem and case, over those that both have samples of; a problem's rate is the mean over
its shared cases, and problems are what is resampled. Leaves reading the folders to `results`, showing to
`cli.bench_compare`.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from mtchat.bench.figures import estimators as est
from mtchat.bench.figures.report import flat
from mtchat.bench.figures.summary import rounded
from mtchat.bench.results import Reading
from mtchat.bench.values import Key, Sample, Setup
from mtchat.errors import BenchError

Rates = dict[str, dict[int, float]]
"""Problem -> case -> share of its samples that passed."""
MOST_CHANGED = 10


@dataclass(frozen=True)
class Side:
    """One of the two: the samples of one setup, from what a person calls `name`.

    `told` is the entry of each problem in a summary (`name`, `category`), where there is a summary.
    """

    name: str
    setup: Setup
    samples: Mapping[Key, Sample]
    told: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def rates(self) -> Rates:
        passed: dict[str, dict[int, list[bool]]] = defaultdict(lambda: defaultdict(list))
        for key, sample in self.samples.items():
            passed[key.problem][key.case].append(sample.verdict.passed)
        return {id: {case: est.mean(rows) for case, rows in cases.items()} for id, cases in passed.items()}


def choose(reading: Reading, name: str, wanted: str = "") -> tuple[Setup, Mapping[Key, Sample]]:
    """The setup whose digest begins with `wanted`; without it the one with the most samples, the first of equals.

    Raises BenchError if there is none, or several begin so.
    """
    found = [digest for digest in reading.setups if digest.startswith(wanted)]
    if not found:
        there = ", ".join(reading.setups) or "none"
        raise BenchError(
            f"{name} has no setup {wanted!r}: there is {there}" if wanted else f"{name} holds no samples yet"
        )
    if wanted and len(found) > 1:
        raise BenchError(f"{name} has several setups {wanted!r}: {', '.join(found)}")
    best = max(found, key=lambda digest: len(reading.samples[digest]))
    if not reading.samples[best]:
        raise BenchError(f"{name} holds no samples yet: let its run go on first")
    return reading.setups[best], reading.samples[best]


def compare(first: Side, second: Side) -> dict[str, Any]:
    """Second against first, JSON-ready: difference is second minus first, p two-sided, rates fractions of 1.

    Raises BenchError if they share no problem and case.
    """
    one, two = first.rates, second.rates
    shared = {id: sorted(one[id].keys() & two[id].keys()) for id in one if id in two}
    shared = {id: shared[id] for id in sorted(shared, key=_as_number) if shared[id]}
    if not shared:
        raise BenchError(f"{first.name} and {second.name} have no problem and case in common: nothing to compare")
    pairs = {id: (_over(one[id], cases), _over(two[id], cases)) for id, cases in shared.items()}
    told = {**first.told, **second.told}
    return rounded(
        {
            "first": _about(first),
            "second": _about(second),
            "settings_differ": differing(first.setup, second.setup),
            "problems": len(shared),
            "cases": sum(map(len, shared.values())),
            "only_first": _only(one, two),
            "only_second": _only(two, one),
            **_figures(list(pairs.values())),
            "by_category": _by_category(pairs, told),
            "changed": _changed(pairs, told),
        }
    )


def differing(first: Setup, second: Setup) -> list[dict[str, Any]]:
    """The settings other than the model in which the two differ: `{name, first, second}`, null where one lacks it."""
    one, two = (flat(msgspec.to_builtins(setup)) for setup in (first, second))
    names = [name for name in {**one, **two} if not name.startswith("model.") and one.get(name) != two.get(name)]
    return [{"name": name, "first": one.get(name), "second": two.get(name)} for name in names]


def _over(rates: Mapping[int, float], cases: Sequence[int]) -> float:
    return est.mean([rates[case] for case in cases])


def _figures(pairs: Sequence[tuple[float, float]]) -> dict[str, Any]:
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    return {
        "first_pass_rate": est.mean(first),
        "second_pass_rate": est.mean(second),
        **est.paired_bootstrap(first, second)._asdict(),
    }


def _about(side: Side) -> dict[str, Any]:
    setup = side.setup
    return {
        "name": side.name,
        "setup": setup.digest,
        "benchmark": setup.bench,
        "model": setup.model.name,
        "mode": setup.mode,
        "n": len(side.samples),
    }


def _only(one: Rates, two: Rates) -> dict[str, Any]:
    """What the first has and the second has not: problems, and how many cases in all."""
    cases = sum(len(cases.keys() - two.get(id, {}).keys()) for id, cases in one.items())
    return {"problems": sorted(one.keys() - two.keys(), key=_as_number), "cases": cases}


def _by_category(pairs: Mapping[str, tuple[float, float]], told: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Empty where no summary says which category a problem is of."""
    groups: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for id, pair in pairs.items():
        if id in told:
            groups[str(told[id]["category"])].append(pair)
    return {name: {"problems": len(groups[name]), **_figures(groups[name])} for name in sorted(groups)}


def _changed(pairs: Mapping[str, tuple[float, float]], told: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    order = sorted(pairs, key=lambda id: -abs(pairs[id][1] - pairs[id][0]))  # the sort keeps the order of equals
    return [
        {"id": id, "name": told.get(id, {}).get("name"), "first": a, "second": b, "difference": b - a}
        for id in order[:MOST_CHANGED]
        for a, b in [pairs[id]]
        if a != b
    ]


def _as_number(id: str) -> tuple[int, str]:
    """Problems in the order of their numbers, where they are numbers."""
    return (int(id) if id.isascii() and id.isdigit() else 0, id)
