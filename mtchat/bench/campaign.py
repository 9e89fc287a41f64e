"""A whole run of a benchmark, from the model that is loaded to the files that are left.

Knows the order: setups, units, samples, summary, report, plot. Leaves to others: each of them, and who does the work
(`runner`, `cluster`).
"""

import json
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mtchat.bench.figures.plot import plot
from mtchat.bench.figures.report import report
from mtchat.bench.figures.summary import summarize
from mtchat.bench.progress import Progress
from mtchat.bench.results import Results
from mtchat.bench.runner import Workers, carry_out, plan
from mtchat.bench.setups import Subject
from mtchat.bench.values import Problem, Sample, Setup
from mtchat.config import Settings

SUMMARY, REPORT, PLOT = "summary.json", "report.md", "plot.png"

MakeSetups = Callable[[Settings, Subject], Sequence[Setup]]


@dataclass(frozen=True)
class Plan:
    """What to do: `samples` a case of `problems`, in units of `batch`, under each of the `setups` for what is loaded.

    `at` tells, where it is not empty, which temperature's setup gives pass@k.
    """

    problems: Sequence[Problem]
    setups: MakeSetups
    samples: int
    batch: int
    at: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Finished:
    """What came of it. `done` of `wanted` samples are there, fewer where it was stopped.

    `report` is short; the whole of it is among the `files`.
    """

    done: int
    wanted: int
    summary: dict[str, Any]
    report: str
    files: tuple[Path, ...]


def campaign(
    work: Plan,
    settings: Settings,
    workers: Workers,
    out: Path | None,
    *,
    quiet: bool = False,
    cancel: threading.Event | None = None,
) -> Finished:
    """Do what is missing of a run in the folder `out` (None: one that is gone afterwards), and sum it up.

    Raises MtchatError; every sample that was finished before is kept.
    """
    with ExitStack() as stack:
        folder = out or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mtchat-bench-")))
        results = stack.enter_context(Results.open(folder))
        setups = work.setups(settings, workers.subject())
        units = [unit for setup in setups for unit in plan(setup, work.problems, work.samples, work.batch)]
        keys = [key for unit in units for key in unit.names()]
        missing = len(results.missing(keys))
        progress = stack.enter_context(Progress(len(keys), len(keys) - missing, quiet=quiet, word=results.dropped))
        carry_out(units, workers, results, progress.heard)
        missing = len(results.missing(keys))
        if missing and cancel is not None and cancel.is_set():
            return Finished(len(keys) - missing, len(keys), {}, "", ())
        told = _summary(setups, work, results)
        files = _files(told, out) if out else ()
        return Finished(len(keys), len(keys), told, report(told, whole=False), files)


def _summary(setups: Sequence[Setup], work: Plan, results: Results) -> dict[str, Any]:
    """The first setup's figures, with those of its single-turn counterpart, or of the temperatures beside it."""
    samples = {setup.digest: list(results.samples(setup.digest).values()) for setup in setups}

    def figures(setup: Setup, single: tuple[Setup, list[Sample]] | None = None) -> dict[str, Any]:
        return summarize(setup, work.problems, samples[setup.digest], single, per_case=work.samples)

    if not work.at:
        alone = setups[1] if len(setups) > 1 else None
        return figures(setups[0], (alone, samples[alone.digest]) if alone else None)
    told = {setup.sampling.temperature: figures(setup) for setup in setups}
    first = told[setups[0].sampling.temperature]
    pass_at = {str(k): {**told[t]["pass_at"][str(k)], "temperature": t} for k, t in sorted(work.at.items())}
    return {**first, "pass_at": pass_at, "temperatures": {str(t): _short(each) for t, each in told.items()}}


def _short(figures: Mapping[str, Any]) -> dict[str, Any]:
    return {name: figures[name] for name in ("setup", "pass_rate", "ci95", "n", "refusals", "digest")}


def _files(told: dict[str, Any], out: Path) -> tuple[Path, ...]:
    """Write summary, report and plot into `out`; the plot only where matplotlib is installed."""
    (out / SUMMARY).write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", "utf-8")
    (out / REPORT).write_text(report(told), "utf-8")
    drawn = plot(told, out / PLOT)
    return tuple(out / name for name in (SUMMARY, REPORT, *([PLOT] if drawn else [])))
