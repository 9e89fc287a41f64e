"""What a run came to: samples in, one JSON-ready dict out.

Knows which figures there are and their definitions. Deterministic: no times, no machine, any order of samples; rates
are fractions of 1, everything rounded to 6 decimals. Leaves to others: the estimators, and how figures are shown
(`report`, `plot`, `compare`).

Pass rate here is the mean over problems of the share of a problem's samples that passed, which is what the paper
counts (passing samples of all samples), for there each problem has as many. It differs where problems have unequally
many cases, or a run is not complete: no problem then counts for more than another. The interval is of problems.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import msgspec

from mtchat.bench.figures import estimators as est
from mtchat.bench.figures.difficulty import perplexity_block
from mtchat.bench.values import Problem, Sample, Setup
from mtchat.turn import canonical

DECIMALS = 6


@dataclass(frozen=True)
class Run:
    """The samples of one setup that count: of `problems`, at most `per_case` a case (None: as many as there are)."""

    setup: Setup
    problems: Sequence[Problem]
    samples: Iterable[Sample]
    per_case: int | None = None

    @cached_property
    def by_problem(self) -> dict[str, list[Sample]]:
        """In the order of `problems`, those without a sample left out; samples in the order of their keys."""
        cases = {problem.id: len(problem.cases) for problem in self.problems}
        found: dict[str, dict[tuple[int, int], Sample]] = {id: {} for id in cases}
        for sample in self.samples:
            key = sample.key
            wanted = key.case < cases.get(key.problem, 0) and (self.per_case is None or key.sample < self.per_case)
            if wanted and key.setup == self.setup.digest:
                found[key.problem].setdefault((key.case, key.sample), sample)
        return {id: [rows[at] for at in sorted(rows)] for id, rows in found.items() if rows}

    @cached_property
    def all(self) -> list[Sample]:
        return [sample for samples in self.by_problem.values() for sample in samples]

    @cached_property
    def each(self) -> int:
        """Samples a case: as asked for, or the most that a case has."""
        return self.per_case or 1 + max((sample.key.sample for sample in self.all), default=0)

    @cached_property
    def rates(self) -> dict[str, float]:
        """Share of samples that passed, by problem."""
        return {id: est.mean([s.verdict.passed for s in samples]) for id, samples in self.by_problem.items()}

    def rate(self, ids: Iterable[str]) -> dict[str, Any]:
        """`pass_rate ci95 n problems` over these problems; the first two null where they have no sample."""
        there = [id for id in ids if id in self.rates]
        n = sum(len(self.by_problem[id]) for id in there)
        return {**rate_of([self.rates[id] for id in there], n), "n": n, "problems": len(there)}


def rate_of(rates: Sequence[float], trials: int) -> dict[str, Any]:
    """The mean of problems' rates with its interval: `{pass_rate, ci95}`, null where there is none."""
    if not rates:
        return {"pass_rate": None, "ci95": None}
    return {"pass_rate": est.mean(rates), "ci95": list(est.rate_ci(rates, trials))}


def summarize(
    setup: Setup,
    problems: Sequence[Problem],
    samples: Iterable[Sample],
    single: tuple[Setup, Iterable[Sample]] | None = None,
    *,
    per_case: int | None = None,
) -> dict[str, Any]:
    """The figures of a run and, where asked for, of its single-turn counterpart (setup and samples).

    `per_case` is how many samples each case should have (default: the most that one has); `expected_n` follows from it,
    and samples beyond it, of other problems or of other setups do not count.
    """
    run = Run(setup, problems, samples, per_case)
    one = Run(single[0], problems, single[1], run.each) if single else None
    overall, categories, turns = run.rate(run.rates), _by_category(run), _by_turns(run)
    figures = {
        "benchmark": setup.bench,
        "model": setup.model.name,
        "setup": setup.digest,
        "single_setup": one.setup.digest if one else None,
        **overall,
        "expected_n": run.each * sum(len(problem.cases) for problem in problems),
        "problems": len(problems),
        "cases": sum(len(problem.cases) for problem in problems),
        "samples": run.each,
        **_counts(run),
        "by_category": _plain(categories),
        "by_turns": _plain(turns),
        "single_turn": one.rate(one.rates)["pass_rate"] if one else None,
        "categories": _beside(categories, _by_category(one) if one else None),
        "turn_counts": _beside(turns, _by_turns(one) if one else None),
        "pass_at": _pass_at(run),
        "turn_by_turn": _turn_by_turn(run),
        "perplexity": perplexity_block(run.by_problem, run.rates),
        "single": _single(run, one) if one else None,
        "per_problem": _per_problem(run, one),
        "settings": _settings(setup),
        "digest": digest(run, one),
    }
    return rounded(figures)


def _counts(run: Run) -> dict[str, Any]:
    outcomes = Counter(sample.verdict.outcome for sample in run.all)
    statuses = Counter(sample.verdict.status for sample in run.all if sample.verdict.outcome == "failed")
    return {
        "passed": outcomes["passed"],
        "failed": outcomes["failed"],
        "failed_by_status": dict(sorted(statuses.items())),
        "refusals": outcomes["refused"],
        "missing": outcomes["missing"],
        "overflows": sum(sample.conversation.overflow for sample in run.all),
    }


def _by_category(run: Run) -> dict[str, dict[str, Any]]:
    return _grouped(run, sorted({problem.category for problem in run.problems}), lambda problem: problem.category)


def _by_turns(run: Run) -> dict[str, dict[str, Any]]:
    groups = map(str, sorted({problem.turns for problem in run.problems}))
    return _grouped(run, groups, lambda problem: str(problem.turns))


def _grouped(run: Run, groups: Iterable[str], group: Any) -> dict[str, dict[str, Any]]:
    return {name: run.rate(p.id for p in run.problems if group(p) == name) for name in groups}


def _plain(groups: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {name: figures["pass_rate"] for name, figures in groups.items()}


def _beside(groups: Mapping[str, dict[str, Any]], single: Mapping[str, dict[str, Any]] | None) -> dict[str, Any]:
    """Each group's figures with those of the single-turn run in it under `single`, null where there is none."""
    return {name: {**figures, "single": single[name] if single else None} for name, figures in groups.items()}


def _pass_at(run: Run) -> dict[str, Any]:
    """pass@k for every k that all cases have samples for: of each case, then the mean over a problem's cases, then over
    problems (a case of a problem is a task; its problem is what is resampled)."""
    counts = {id: _case_counts(samples) for id, samples in run.by_problem.items()}
    most = min((n for cases in counts.values() for n, _ in cases), default=0)
    tasks = sum(len(cases) for cases in counts.values())
    return {
        str(k): rate_of([est.mean([est.pass_at_k(n, c, k) for n, c in cases]) for cases in counts.values()], tasks)
        for k in range(1, most + 1)
    }


def _case_counts(samples: Sequence[Sample]) -> list[tuple[int, int]]:
    """(samples, of which passed) of each case."""
    cases: dict[int, list[bool]] = defaultdict(list)
    for sample in samples:
        cases[sample.key.case].append(sample.verdict.passed)
    return [(len(passed), sum(passed)) for passed in cases.values()]


def _turn_by_turn(run: Run) -> dict[str, Any] | None:
    """The pass rate where each turn ran on what the one before left, over the samples that were judged so too."""
    judged = {id: [s.turns.passed for s in samples if s.turns] for id, samples in run.by_problem.items()}
    rates = [est.mean(passed) for passed in judged.values() if passed]
    n = sum(map(len, judged.values()))
    agree = sum(s.turns.passed == s.verdict.passed for s in run.all if s.turns)
    return {**rate_of(rates, n), "n": n, "agree": agree} if n else None


def _single(run: Run, one: Run) -> dict[str, Any]:
    """The single-turn run, as the whole is told, and how much better multi-turn did on the problems both have."""
    both = [id for id in run.rates if id in one.rates]
    better = est.paired_bootstrap([one.rates[id] for id in both], [run.rates[id] for id in both]) if both else None
    return {
        **one.rate(one.rates),
        **_counts(one),
        "pass_at": _pass_at(one),
        "turn_by_turn": _turn_by_turn(one),
        "perplexity": perplexity_block(one.by_problem, one.rates),
        "multi_minus_single": better and better._asdict(),
    }


def _per_problem(run: Run, one: Run | None) -> list[dict[str, Any]]:
    return [
        {
            "id": problem.id,
            "name": problem.name,
            "category": problem.category,
            "turns": problem.turns,
            "n": len(run.by_problem.get(problem.id, ())),
            "pass_rate": run.rates.get(problem.id),
            "single_turn": one.rates.get(problem.id) if one else None,
        }
        for problem in run.problems
    ]


def _settings(setup: Setup) -> dict[str, Any]:
    told = msgspec.to_builtins(setup)
    return {name: value for name, value in told.items() if name != "bench"}


def digest(*runs: Run | None) -> str:
    """16 hex digits of what was written and how it was judged: equal for runs that came to the same, sample for sample.

    Settings, likelihoods and times are left out of it.
    """
    lines = [
        [
            [s.key.problem, s.key.case, s.key.sample],
            s.conversation.codes,
            [[v.outcome, v.status] for v in (s.verdict, s.turns) if v],
        ]
        for run in runs
        for s in (run.all if run else ())
    ]
    return hashlib.sha256(canonical(lines)).hexdigest()[:16]


def rounded(value: Any) -> Any:
    """The same with every float at 6 decimals and tuples as lists, as JSON has them."""
    if isinstance(value, float):
        return round(value, DECIMALS) + 0.0  # no -0.0
    if isinstance(value, Mapping):
        return {name: rounded(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(item) for item in value]
    return value
