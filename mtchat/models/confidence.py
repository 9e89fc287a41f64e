"""How sure a model was of the code it wrote, and whether that is less than where it is right.

Knows which of a completion's tokens are the code's, the measures over their log-probabilities, and the calibration
that travels with weights: a measure and its threshold in `calibration.json`. Pure but for reading that file; no torch.
Leaves to others: finding the threshold (`mtchat.train.calibrate`), and saying that it is passed (`render`).
"""

import math
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from mtchat.errors import ModelError
from mtchat.turn import Completion, Doubt

FILE = "calibration.json"


def mean(logprobs: Sequence[float]) -> float:
    """The mean log-probability of a token."""
    return math.fsum(logprobs) / len(logprobs)


def whole(logprobs: Sequence[float]) -> float:
    """The log-probability of the whole code: long code is less sure than short."""
    return math.fsum(logprobs)


def lowest(logprobs: Sequence[float]) -> float:
    """That of the least likely token."""
    return min(logprobs)


def tenth(logprobs: Sequence[float]) -> float:
    """That below which one token in ten lies (of fewer than ten tokens, the lowest)."""
    return sorted(logprobs)[len(logprobs) // 10]


MEASURES: dict[str, Callable[[Sequence[float]], float]] = {
    measure.__name__: measure for measure in (mean, whole, lowest, tenth)
}
"""Measures of confidence, of one log-probability a token (nats, one at least): the higher, the surer."""


class Calibration(msgspec.Struct, frozen=True, kw_only=True):
    """When to doubt a model: `measure` of its code below `threshold`. How well that tells right turns from wrong ones.

    `right_below` and `right_above` are the shares of right turns on each side of the threshold, `recall` the share of
    wrong turns that lie below it, `precision` that of wrong turns among those, `auc` the chance that a right turn is
    surer than a wrong one; all of `n` turns that did not choose the threshold. `weights` is the sha256 of the weights
    (as `ModelInfo` has it), `command` and `date` how and when it was measured.
    """

    measure: str
    threshold: float
    right_below: float
    right_above: float
    n: int
    recall: float
    precision: float
    auc: float
    weights: str | None
    command: str
    date: str


def kept(completion: Completion, code: str) -> list[float]:
    """The log-probabilities of the tokens that reach into `code`, which truncation left of `completion`.

    Empty where the code is, or is not the completion's.
    """
    start = completion.text.find(code)
    if not code or start < 0:
        return []
    begins = (0, *completion.ends)
    spans = zip(begins, completion.ends, completion.logprobs, strict=False)
    stop = start + len(code)
    return [cost for begin, end, cost in spans if begin < stop and (end > start or begin >= start)]


def doubt(completion: Completion | None, code: str, calibration: Calibration | None) -> Doubt | None:
    """The doubt that there is about `code` of `completion`; None for none, and where it cannot be told."""
    if completion is None or calibration is None or completion.finish == "cancelled":
        return None
    logprobs = kept(completion, code)
    if not logprobs:
        return None
    confidence = MEASURES[calibration.measure](logprobs)
    if confidence >= calibration.threshold:
        return None
    return Doubt(calibration.measure, round(confidence, 4), calibration.threshold)


def read(folder: Path, weights: str | None) -> Calibration | None:
    """The calibration of the checkpoint in `folder`; None if there is none, or it is of other `weights` (sha256).

    Raises ModelError for a file that cannot be read as one.
    """
    path = folder / FILE
    if not path.is_file():
        return None
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Calibration)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ModelError(f"{path} is no calibration ({error}): delete it, or mtchat train calibrate {folder}") from None
    if found.measure not in MEASURES:
        raise ModelError(f"{path} names the measure {found.measure!r}: there are {', '.join(MEASURES)}")
    return found if found.weights == weights else None
