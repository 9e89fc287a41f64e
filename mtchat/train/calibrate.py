"""Calibration: below which confidence a packed model's code is more often wrong than it may be left unsaid.

Knows: which turns are asked for, the threshold that follows and how well it tells. Leaves to others: asking and
judging (`evaluate`), the measures (`models.confidence`), saying it (`render`).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from mtchat.errors import ModelError
from mtchat.models import Model
from mtchat.models.confidence import FILE, MEASURES, Calibration, kept
from mtchat.train import tokenizer as bpe
from mtchat.train.corpus import Recipe
from mtchat.train.evaluate import SETS, STREAM, Case, cases, load, written

FROM = ("in distribution", "held-out skills", "held-out phrasings", "held-out words")
"""The sets that a threshold is found on: what the model was made for, and what lies just beyond it."""
AWAY = 2 * STREAM
"""Calibration's streams: training's and evaluation's come nowhere near."""
MOST = 0.10
"""Share of right turns that may be doubted."""


class Trial(NamedTuple):
    """One turn that was written: the log-probabilities of its code's tokens, and whether it was right."""

    logprobs: list[float]
    right: bool


def calibrate(
    folder: Path, count: int, seed: int = 0, report: Callable[[str, Sequence[Trial]], None] | None = None
) -> Calibration:
    """Ask the model in `folder` for `count` turns of each set, write its calibration there and return it.

    Raises ModelError for no model, and where no measure tells right turns from wrong ones.
    """
    model = load(folder)
    tokens = bpe.words(bpe.load(folder))
    made: list[Trial] = []
    for name in FROM:
        options, wanted = SETS[name]
        found = list(trials(model, cases(Recipe(seed=seed, tokens=tokens, **options), count, wanted, AWAY)))
        if report:
            report(name, found)
        made += found
    command = f"mtchat train calibrate {folder} --count {count} --seed {seed}"
    result = calibrated(made, model.info.sha256, command)
    model.close()
    (folder / FILE).write_bytes(msgspec.json.format(msgspec.json.encode(result), indent=2) + b"\n")
    return result


def trials(model: Model, asked: Iterable[Case]) -> Iterator[Trial]:
    """The model's greedy code for each case, judged; no code at all is left out."""
    for _, (answer,) in written(model, asked):
        if logprobs := kept(answer.completion, answer.code):
            yield Trial(logprobs, answer.right)


def calibrated(made: Sequence[Trial], weights: str | None, command: str) -> Calibration:
    """The calibration that `made` gives: every second trial chooses measure and threshold, the others say how good
    they are.

    Raises ModelError where there are too few of either kind, or doubted turns are right as often as the rest.
    """
    chosen, held = made[::2], made[1::2]
    if any(len({trial.right for trial in half}) < 2 for half in (chosen, held)):
        raise ModelError(f"{len(made)} turns hold too few right or wrong ones to calibrate on: raise --count")
    measure = max(MEASURES, key=lambda name: auc(*split(chosen, name)))
    cut = threshold(split(chosen, measure)[0])
    right, wrong = split(held, measure)
    missed, caught = (sum(value < cut for value in group) for group in (right, wrong))
    doubted, others = missed + caught, len(held) - missed - caught
    right_below = missed / doubted if doubted else 1.0
    right_above = (len(right) - missed) / others if others else 0.0
    if right_below >= right_above:
        raise ModelError(f"the model is no less sure where it is wrong ({len(made)} turns): nothing to warn by")
    return Calibration(
        measure=measure,
        threshold=round(cut, 4),
        right_below=round(right_below, 3),
        right_above=round(right_above, 3),
        n=len(held),
        recall=round(caught / len(wrong), 3),
        precision=round(caught / doubted, 3),
        auc=round(auc(right, wrong), 3),
        weights=weights,
        command=command,
        date=datetime.datetime.now(datetime.UTC).date().isoformat(),
    )


def split(made: Sequence[Trial], measure: str) -> tuple[list[float], list[float]]:
    """The confidences of the right trials, and of the wrong ones."""
    sure = [(MEASURES[measure](trial.logprobs), trial.right) for trial in made]
    return [value for value, right in sure if right], [value for value, right in sure if not right]


def threshold(right: Sequence[float], most: float = MOST) -> float:
    """The highest value that at most the share `most` of `right` (one at least) lies below.

    No threshold that keeps to it has more wrong turns below it.
    """
    return sorted(right)[min(int(most * len(right)), len(right) - 1)]


def auc(right: Sequence[float], wrong: Sequence[float]) -> float:
    """The chance that one of `right` is above one of `wrong` (both one at least), ties counted half."""
    above = sum((a > b) + 0.5 * (a == b) for a in right for b in wrong)
    return above / (len(right) * len(wrong))
