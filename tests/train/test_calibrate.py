"""Choosing a threshold, how well it tells, and calibrating the model that ships."""

from __future__ import annotations

import math
import random
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtchat.errors import ModelError
from mtchat.models import confidence
from mtchat.models.names import EMBEDDED
from mtchat.train.calibrate import MOST, Trial, auc, calibrate, calibrated, split, threshold

PATIENT = settings(deadline=None)
VALUES = st.lists(st.floats(-30, 0), min_size=1, max_size=40)


@PATIENT
@given(VALUES, st.floats(0, 1))
def test_the_threshold_spares_the_right_and_cannot_be_higher(right: list[float], most: float) -> None:
    cut = threshold(right, most)
    assert sum(value < cut for value in right) <= most * len(right)
    higher = [value for value in right if value > cut]
    if higher:
        assert sum(value < min(higher) for value in right) > math.floor(most * len(right))


@PATIENT
@given(VALUES, VALUES, st.floats(0.01, 100), st.floats(-5, 5))
def test_auc_is_a_chance_and_looks_at_the_order_alone(
    right: list[float], wrong: list[float], scale: float, shift: float
) -> None:
    found = auc(right, wrong)
    assert 0 <= found <= 1
    assert found + auc(wrong, right) == pytest.approx(1)
    assert auc([round(v) for v in right], [round(v) for v in wrong]) == auc(
        [round(v) * scale + shift for v in right], [round(v) * scale + shift for v in wrong]
    )


def made(count: int, seed: int, apart: float) -> list[Trial]:
    """Trials whose right ones are `apart` nats surer, of codes of two to nine tokens."""
    rng, trials = random.Random(seed), []
    for _ in range(count):
        right = rng.random() < 0.6
        mean = -0.5 if right else -0.5 - apart
        trials.append(Trial([min(rng.gauss(mean, 0.3), 0.0) for _ in range(rng.randint(2, 9))], right))
    return trials


def test_a_calibration_says_what_it_does_on_other_turns() -> None:
    trials = made(400, 1, 1.0)
    found = calibrated(trials, "abc", "how")
    right, wrong = split(trials[1::2], found.measure)
    assert found.n == 200
    assert found.auc > 0.9
    assert found.right_below < found.right_above
    assert found.recall == pytest.approx(sum(v < found.threshold for v in wrong) / len(wrong), abs=0.02)
    assert sum(v < found.threshold for v in right) / len(right) < 2 * MOST
    chosen, _ = split(trials[::2], found.measure)
    assert sum(v < found.threshold - 1e-4 for v in chosen) / len(chosen) <= MOST


def test_what_does_not_tell_warns_of_nothing() -> None:
    with pytest.raises(ModelError, match="nothing to warn by"):
        calibrated([Trial([-1.0], i % 3 == 0) for i in range(60)], None, "how")
    with pytest.raises(ModelError, match="raise --count"):
        calibrated([Trial([-1.0], True)] * 60, None, "how")


@pytest.mark.skipif(not (EMBEDDED / "manifest.json").exists(), reason="the embedded model is not packed yet")
@pytest.mark.slow
def test_the_embedded_model_is_calibrated_in_its_folder(tmp_path: Path) -> None:
    folder = shutil.copytree(EMBEDDED, tmp_path / "embedded")
    found = calibrate(folder, 12, seed=5)
    weights = found.weights
    assert weights is not None
    assert confidence.read(folder, weights) == found
    assert confidence.read(folder, "0" * 64) is None
    assert f"calibrate {folder} --count 12 --seed 5" in found.command
