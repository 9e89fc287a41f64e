"""Figures of a model from what measured it: a run of `mtchat bench`, or an evaluation on generated turns.

Knows how a bench's summary names its setup and how both become `Figure`s. Leaves keeping and showing them to
`mtchat.models.figures`, and commands to `cli.train`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mtchat.errors import CommandError
from mtchat.models.figures import Figure, weights_of

if TYPE_CHECKING:
    from mtchat.train.evaluate import Score

SUMMARY = "summary.json"


def of_run(run: Path, folder: Path) -> Figure:
    """The pass rate that the bench's folder `run` holds.

    Raises CommandError if it holds none, or one of another model than that in `folder`.
    """
    path = run / SUMMARY
    try:
        told = json.loads(path.read_text("utf-8"))
        settings, rate, (low, high) = told["settings"], told["pass_rate"], told["ci95"]
        weights, name, command = settings["model"]["sha256"], *_setup(told)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CommandError(f"{path} is no summary of a finished bench ({error}): give the run's --out folder") from None
    if weights != weights_of(folder):
        raise CommandError(f"{run} measured other weights than those in {folder}")
    date = datetime.fromtimestamp(path.stat().st_mtime, UTC).date().isoformat()
    return Figure(name, rate, told["n"], low, high, command, date)


def of_score(name: str, score: Score, command: str) -> Figure:
    """The share of turns that were right, measured now."""
    share, (low, high) = score.right / max(score.total, 1), score.interval
    today = datetime.now(UTC).date().isoformat()
    return Figure(name, round(share, 6), score.total, round(low, 6), round(high, 6), command, today)


def _setup(told: Mapping[str, Any]) -> tuple[str, str]:
    """What a run measured, in words and as a command."""
    settings = told["settings"]
    sampling, select = settings["sampling"], settings["select"]
    how = "greedy" if sampling["greedy"] else f"T {sampling['temperature']:g}"
    flags = "--greedy" if sampling["greedy"] else f"--temperature {sampling['temperature']:g}"
    chosen = f", chosen among {select}" if select > 1 else ""
    each = f", {told['samples']} samples" if told["samples"] > 1 else ""
    command = f"mtchat bench {told['benchmark']} --samples {told['samples']} {flags} --seed {sampling['seed']}"
    return (
        f"{told['benchmark']}, {told['problems']} problems, {how}{chosen}{each}",
        command + (f" --select {select}" if select > 1 else ""),
    )
