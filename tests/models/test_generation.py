"""The token loop against transformers' own `generate` and against fresh forwards of the whole text."""

import random
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import (
    LogitsProcessorList,
    RepetitionPenaltyLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

from mtchat.errors import ModelError
from mtchat.models import load_model, sampling
from mtchat.models.cache import common
from mtchat.models.transformers_backend import TransformersModel
from mtchat.turn import SamplingParams

TEXT = "# Import libraries.\n\nimport numpy as np\n\n# Print hello world.\n"
GREEDY = SamplingParams(greedy=True, max_new_tokens=40)


def sampled(**changes: Any) -> SamplingParams:
    return SamplingParams(**{"temperature": 1.0, "top_p": 0.95, "max_new_tokens": 24, "seed": 5, **changes})


def generated(model: TransformersModel, network: Any, text: str, **kwargs: Any) -> list[int]:
    """The ids that transformers' `generate` writes greedily after `text`."""
    ids = torch.tensor([model._codec.encode(text)])
    mute = [i for i, m in enumerate(model._mute.tolist()) if m]
    out = network.generate(
        ids,
        attention_mask=torch.ones_like(ids),
        do_sample=False,
        suppress_tokens=mute,
        pad_token_id=model._codec.eos,
        eos_token_id=model._codec.eos,
        **kwargs,
    )
    return out[0, ids.shape[1] :].tolist()


def spelled(model: TransformersModel, ids: list[int]) -> str:
    return model._codec.decode([i for i in ids if i != model._codec.eos])


@pytest.mark.parametrize("text", ["x", TEXT, TEXT * 3, "", "日本語 🙂\n"])
@pytest.mark.parametrize("penalty", [1.0, 1.3])
def test_greedy_equals_generate(model: TransformersModel, network: Any, text: str, penalty: float) -> None:
    text = text or "<|endoftext|>"
    params = SamplingParams(greedy=True, max_new_tokens=40, repetition_penalty=penalty)
    expected = generated(model, network, text, max_new_tokens=40, repetition_penalty=penalty)
    out = model.complete("" if text == "<|endoftext|>" else text, params)[0]
    assert out.text == spelled(model, expected)
    assert out.tokens == len(expected)


def test_prefill_in_pieces_changes_nothing(checkpoint: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = load_model(str(checkpoint), device="cpu")
    expected = model.complete(TEXT * 2, GREEDY)[0]
    model.forget()
    monkeypatch.setattr("mtchat.models.generate.PIECE", 7)
    assert model.complete(TEXT * 2, GREEDY)[0].text == expected.text


def test_temperature_zero_is_greedy(model: TransformersModel) -> None:
    cold = model.complete(TEXT, sampled(temperature=0.0, max_new_tokens=40))[0]
    assert cold.text == model.complete(TEXT, GREEDY)[0].text


def test_logprobs_are_those_of_a_fresh_forward(model: TransformersModel, network: Any) -> None:
    for text in (TEXT, TEXT + "print('hello world')\n"):  # the second call reuses the first one's cache
        heard: list[int] = []
        out = complete_with_ids(model, text, sampled(temperature=0.7, repetition_penalty=1.2), heard)
        prompt = model._codec.encode(text)
        with torch.inference_mode():
            scores = network(torch.tensor([prompt + heard])).logits[0, len(prompt) - 1 : -1].log_softmax(-1)
        assert out.logprobs == pytest.approx([scores[i, t].item() for i, t in enumerate(heard)], abs=1e-4)
        assert out.logprob == pytest.approx(sum(out.logprobs))
        assert out.tokens == len(heard) == len(out.logprobs)


def complete_with_ids(model: TransformersModel, text: str, params: SamplingParams, ids: list[int]) -> Any:
    """One completion, the ids it was written with added to `ids`: what the cache holds and the newest."""
    chosen = sampling.choose
    try:
        sampling.choose = lambda *a: ids.append(int((out := chosen(*a))[0])) or out
        return model.complete(text, params)[0]
    finally:
        sampling.choose = chosen


def test_sampling_depends_on_seed_and_row_alone(model: TransformersModel) -> None:
    first = model.complete(TEXT, sampled(n=4))
    torch.manual_seed(99)
    random.seed(99)
    model.complete("# Another text\n", sampled(n=2))
    again = model.complete(TEXT, sampled(n=4))
    assert [o.text for o in again] == [o.text for o in first]
    for n in (1, 2, 3):
        assert [o.text for o in model.complete(TEXT, sampled(n=n))] == [o.text for o in first[:n]]
    assert model.complete(TEXT, sampled(seed=6))[0].text != first[0].text
    assert len({o.text for o in first}) == 4


def test_global_generators_are_left_alone(model: TransformersModel) -> None:
    torch.manual_seed(1)
    before = torch.get_rng_state(), random.getstate()
    model.complete(TEXT, sampled(n=2))
    assert torch.equal(before[0], torch.get_rng_state())
    assert before[1] == random.getstate()


def test_rows_that_finish_leave_the_batch(model: TransformersModel) -> None:
    """Each row stops at a length of its own, and is what it would have been alone."""
    whole = model.complete(TEXT, sampled(n=4))
    limits = [12, 5, 20, 9]
    rows = [o.text for o in whole]

    def stop(text: str) -> bool:
        row = max(range(4), key=lambda i: common(list(rows[i]), list(text)))
        return len(text) >= limits[row]

    outs = model.complete(TEXT, sampled(n=4), stop=stop)
    for row, (out, uncut) in enumerate(zip(outs, whole, strict=True)):
        assert out.finish == "stop"
        assert uncut.text.startswith(out.text)
        assert len(out.text) >= limits[row]
        assert out.tokens < uncut.tokens


def test_eos_ends_a_row_and_is_not_text(model: TransformersModel) -> None:
    out = next(
        o
        for seed in range(60)
        for o in model.complete(TEXT, sampled(n=8, seed=seed, temperature=1.5, top_p=1.0))
        if o.finish == "eos"
    )
    assert "<|endoftext|>" not in out.text
    assert out.tokens == len(out.logprobs) >= 1


def test_padding_of_the_vocabulary_is_never_written(checkpoint: Path) -> None:
    model = load_model(str(checkpoint), device="cpu")
    with torch.no_grad():
        model._runner._head._bias[-40:] = 50.0  # the padded rows would win every time
    ids: list[int] = []
    complete_with_ids(model, TEXT, sampled(), ids)
    complete_with_ids(model, TEXT, GREEDY, ids)
    assert max(ids) <= max(model._codec.ids)


def test_the_context_ends_a_row(model: TransformersModel) -> None:
    text = "x" * 250
    room = model.context_length - model.count(text)
    assert 0 < room < 24
    out = model.complete(text, sampled())[0]
    assert (out.finish, out.tokens) == ("length", room)


@pytest.mark.parametrize(
    ("temperature", "top_k", "top_p", "penalty"),
    [(0.7, 0, 1.0, 1.0), (1.0, 9, 1.0, 1.3), (0.5, 0, 0.8, 1.2), (1.3, 12, 0.6, 0.8)],
)
def test_chances_are_those_of_transformers(temperature: float, top_k: int, top_p: float, penalty: float) -> None:
    scores = torch.randn(6, 50, generator=torch.Generator().manual_seed(1)) * 3
    ids = torch.randint(0, 50, (6, 8), generator=torch.Generator().manual_seed(2))
    steps = [RepetitionPenaltyLogitsProcessor(penalty), TemperatureLogitsWarper(temperature)]
    steps += [TopKLogitsWarper(top_k)] if top_k else []
    steps += [TopPLogitsWarper(top_p)] if top_p < 1 else []
    expected = LogitsProcessorList(steps)(ids, scores.clone()).softmax(-1)
    seen = torch.zeros(6, 50, dtype=torch.bool).scatter_(1, ids, True)
    ordered, order = sampling.penalize(scores, seen, penalty).sort(dim=-1, descending=True, stable=True)
    chances = sampling.nucleus(ordered / temperature, top_k, top_p)
    ours = torch.zeros_like(scores).scatter_(1, order, chances / chances.sum(-1, keepdim=True))
    torch.testing.assert_close(ours, expected)


def test_draws_follow_the_chances() -> None:
    scores = torch.tensor([[2.0, 0.0, 1.0, -4.0]]).repeat(4000, 1)
    stream = sampling.draws(7, 0)
    picked = sampling.choose(
        scores, SamplingParams(temperature=1.0, top_p=0.97), [stream.random() for _ in range(4000)]
    )
    share = picked.bincount(minlength=4) / 4000
    expected = torch.tensor([2.0, 0.0, 1.0]).softmax(-1)
    torch.testing.assert_close(share[:3], expected, atol=0.03, rtol=0)
    assert share[3] == 0


@pytest.mark.parametrize("uniform", [0.0, 1 - 2**-53])
def test_the_ends_of_a_draw_stay_inside_the_nucleus(uniform: float) -> None:
    scores = torch.tensor([[5.0, 4.0, 3.0, -30.0, -40.0]])
    assert sampling.choose(scores, SamplingParams(temperature=1.0, top_p=0.9), [uniform]).item() in (0, 1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"n": 0},
        {"max_new_tokens": 0},
        {"temperature": -1.0},
        {"top_p": 0.0},
        {"top_p": 1.1},
        {"top_k": -1},
        {"repetition_penalty": 0.0},
    ],
)
def test_parameters_that_mean_nothing_are_refused(model: TransformersModel, wrong: dict[str, Any]) -> None:
    with pytest.raises(ModelError, match=next(iter(wrong))):
        model.complete(TEXT, sampled(**wrong))


@pytest.mark.parametrize("spread", [0.0, 0.3, 3.0, 9.0])
@pytest.mark.parametrize(
    ("temperature", "top_k", "top_p"), [(0.2, 0, 0.95), (1.0, 0, 1.0), (1.0, 50, 1.0), (0.8, 40, 0.9)]
)
def test_looking_at_the_highest_scores_alone_draws_the_same(
    spread: float, temperature: float, top_k: int, top_p: float
) -> None:
    stream = random.Random(3)
    scores = torch.randn(24, 20055, generator=torch.Generator().manual_seed(1)) * spread
    scores[12:] = scores[12:].round()  # many are equal
    scores[3, 100] = float("-inf")
    params = SamplingParams(temperature=temperature, top_k=top_k, top_p=top_p)
    draws = [stream.random() for _ in scores]
    found = sampling.choose(scores, params, draws)
    assert torch.equal(found, sampling._drawn(scores, params, torch.tensor(draws)[:, None]))
    assert torch.equal(found[5:6], sampling.choose(scores[5:6], params, draws[5:6]))
