"""Which tokens are the code's, what their confidence is, and the calibration that travels with weights."""

import json
import math
from itertools import accumulate
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtchat import conversation
from mtchat.errors import ModelError
from mtchat.models import confidence, larger, load_model
from mtchat.models.confidence import MEASURES, Calibration
from mtchat.models.transformers_backend import TransformersModel
from mtchat.turn import Completion, SamplingParams

PATIENT = settings(deadline=None)
LOGPROBS = st.lists(st.floats(-50, 0), min_size=1, max_size=40)
WRITTEN = st.lists(st.tuples(st.sampled_from(["x", " = ", "1", "\n", "\n\n", "#", "é", "print(", ")", "'#'", ""]),
                             st.floats(-20, 0)), max_size=30)  # fmt: skip


def calibration(**changes: object) -> Calibration:
    given = {"measure": "mean", "threshold": -1.0, "right_below": 0.2, "right_above": 0.9, "n": 10, "recall": 0.5}
    given |= {
        "precision": 0.8,
        "auc": 0.9,
        "weights": None,
        "command": "mtchat train calibrate x",
        "date": "2026-11-21",
    }
    return Calibration(**{**given, **changes})  # type: ignore[arg-type]


def completion(written: list[tuple[str, float]], finish: str = "stop") -> Completion:
    texts, costs = [text for text, _ in written], tuple(cost for _, cost in written)
    return Completion("".join(texts), finish, len(texts), math.fsum(costs), costs, tuple(accumulate(map(len, texts))))  # type: ignore[arg-type]


def test_what_was_cut_does_not_count() -> None:
    out = completion([("\n", -7.0), ("x", -0.1), (" = 1\n\n", -0.3), ("#", -9.0), (" more", -9.0)])
    assert conversation.truncate(out.text) == "x = 1"
    assert confidence.kept(out, "x = 1") == [-0.1, -0.3], "a token that reaches into the code is the code's"
    assert confidence.kept(out, "") == []
    assert confidence.kept(out, "y = 1") == [], "not what this completion says"


@PATIENT
@given(WRITTEN)
def test_kept_tokens_are_one_run_that_covers_the_code(written: list[tuple[str, float]]) -> None:
    out = completion(written)
    code = conversation.truncate(out.text)
    found = confidence.kept(out, code)
    runs = [(a, b) for a in range(len(written) + 1) for b in range(a, len(written) + 1)]
    fitting = [(a, b) for a, b in runs if [cost for _, cost in written[a:b]] == found]
    assert fitting
    assert any(code in "".join(text for text, _ in written[a:b]) for a, b in fitting)


@PATIENT
@given(WRITTEN, st.integers(1, 5))
def test_what_follows_the_code_changes_nothing(written: list[tuple[str, float]], more: int) -> None:
    code = conversation.truncate(completion(written).text)
    longer = completion([*written, *[("\n# next", -30.0)] * more])
    if code and conversation.truncate(longer.text) == code:
        assert confidence.kept(longer, code)[:1] == confidence.kept(completion(written), code)[:1]
        assert -30.0 not in confidence.kept(longer, code)


@PATIENT
@given(LOGPROBS, st.randoms())
def test_measures_do_not_look_at_the_order_and_stay_in_bounds(logprobs: list[float], chance: object) -> None:
    shuffled = list(logprobs)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    for name, measure in MEASURES.items():
        assert measure(shuffled) == measure(logprobs)
        if name != "whole":
            assert min(logprobs) - 1e-9 <= measure(logprobs) <= max(logprobs) + 1e-9
    assert MEASURES["lowest"](logprobs) <= MEASURES["tenth"](logprobs)


@PATIENT
@given(LOGPROBS, st.integers(0, 39), st.floats(0, 10))
def test_a_likelier_token_never_makes_less_sure(logprobs: list[float], at: int, by: float) -> None:
    surer = list(logprobs)
    surer[at % len(surer)] = min(surer[at % len(surer)] + by, 0.0)
    for measure in MEASURES.values():
        assert measure(surer) >= measure(logprobs) - 1e-9


@PATIENT
@given(LOGPROBS, st.floats(-20, 0))
def test_doubt_is_below_the_threshold_only(logprobs: list[float], threshold: float) -> None:
    out = completion([("x", cost) for cost in logprobs])
    for name, measure in MEASURES.items():
        doubt = confidence.doubt(out, out.text, calibration(measure=name, threshold=threshold))
        assert (doubt is not None) == (measure(logprobs) < threshold)
        assert doubt is None or (doubt.measure, doubt.threshold) == (name, threshold)


def test_nothing_is_doubted_where_it_cannot_be_told() -> None:
    out = completion([("x", -9.0)])
    assert confidence.doubt(out, "x", None) is None
    assert confidence.doubt(None, "x", calibration()) is None
    assert confidence.doubt(completion([("x", -9.0)], "cancelled"), "x", calibration()) is None
    assert confidence.doubt(completion([("#", -9.0)]), "", calibration()) is None
    assert confidence.doubt(out.without_logprobs(), "x", calibration()) is None, "a record holds no token's own"


def test_a_real_model_says_where_its_tokens_end(model: TransformersModel) -> None:
    params = SamplingParams(temperature=1.0, top_p=1.0, max_new_tokens=40, seed=3, n=4)
    for out in model.complete("# Print a café.\n", params, stop=lambda text: len(text) > 30):
        assert len(out.ends) == len(out.logprobs) == out.tokens
        assert list(out.ends) == sorted(out.ends)
        assert out.ends[-1] == len(out.text)
        assert confidence.kept(out, out.text.strip("\n")), out.text
        assert (out.without_logprobs().logprobs, out.without_logprobs().ends) == ((), ())


def test_a_calibration_travels_with_its_weights_only(
    model: TransformersModel, checkpoint: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    for file in checkpoint.iterdir():
        (folder / file.name).symlink_to(file)
    assert load_model(str(folder), device="cpu").calibration is None

    def write(**changes: object) -> None:
        given = {name: getattr(calibration(**changes), name) for name in Calibration.__struct_fields__}
        (folder / confidence.FILE).write_text(json.dumps(given))

    write(weights=model.info.sha256)
    assert load_model(str(folder), device="cpu").calibration == calibration(weights=model.info.sha256)
    write(weights="0" * 64)
    assert load_model(str(folder), device="cpu").calibration is None
    write(measure="mood")
    with pytest.raises(ModelError, match="mood"):
        load_model(str(folder), device="cpu")
    (folder / confidence.FILE).write_text("{")
    with pytest.raises(ModelError, match="no calibration"):
        load_model(str(folder), device="cpu")


def test_a_larger_model_has_a_name() -> None:
    assert larger("embedded") == "350M-mono"
    assert larger("350M-mono") == larger("Salesforce/codegen-350M-nl") == "2B-mono"
    assert larger("/home/me/mine") == "350M-mono"
    assert larger("16B-mono") is None
