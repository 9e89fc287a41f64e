"""Many asks at once: a row is what it would have been alone, whatever its batch, its place in it and what was kept."""

import os
import random
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from mtchat.errors import ModelError
from mtchat.models.base import Ask
from mtchat.models.cache import common
from mtchat.models.lean import BLOCK, LeanCodeGen, Taken, fits
from mtchat.models.padded import PaddedRunner
from mtchat.models.transformers_backend import TransformersModel
from mtchat.turn import SamplingParams

HEAD = "# Import libraries.\n\nimport numpy as np\n\n"
TEXTS = ["", "x", HEAD, HEAD + "# Sum them\n", "def add(a, b):\n    return a + b\n", "日本語 🙂\n" * 4, "x = 1\n" * 30]
PARAMS = [
    SamplingParams(temperature=1.0, max_new_tokens=9, seed=1),
    SamplingParams(temperature=0.7, top_p=0.8, max_new_tokens=5, seed=2, n=2),
    SamplingParams(greedy=True, max_new_tokens=7),
    SamplingParams(temperature=1.2, top_k=9, repetition_penalty=1.3, max_new_tokens=12, seed=3),
]
ASKS = st.builds(Ask, st.sampled_from(TEXTS), st.sampled_from(PARAMS))


@settings(max_examples=5, deadline=None)
@given(asks=st.lists(ASKS, min_size=1, max_size=5), shuffle=st.randoms(use_true_random=False))
def test_a_row_does_not_depend_on_its_batch(loaded: TransformersModel, asks: list[Ask], shuffle: random.Random) -> None:
    """To the last bit of every log-probability, in any order, with whatever the cache holds."""
    plain = loaded.uncached()
    alone = [plain.complete(ask.text, ask.params) for ask in asks]
    order = shuffle.sample(range(len(asks)), len(asks))
    for model in (plain, loaded, loaded):
        assert model.complete_many([asks[i] for i in order]) == [alone[i] for i in order]


def test_conversations_that_grow_side_by_side_reuse_their_own_turns(model: TransformersModel) -> None:
    texts = [HEAD + f"# Show {i}\n" for i in range(3)]
    for _ in range(3):
        asks = [Ask(text, SamplingParams(temperature=0.8, max_new_tokens=6, seed=i)) for i, text in enumerate(texts)]
        plain, outs = model.uncached().complete_many(asks), model.complete_many(asks)
        assert outs == plain
        kept = [e.ids for e in model._cache.entries]
        texts = [text + out[0].text + "\n\n# More\n" for text, out in zip(texts, outs, strict=True)]
        expected = sum(max(_shared(model, ids, text) for ids in kept) for text in texts)
        model.complete_many([Ask(text, SamplingParams(max_new_tokens=1)) for text in texts])
        assert model.last_prefill.reused == expected
        assert model.last_prefill.computed < sum(map(model.count, texts)) // 2


def _shared(model: TransformersModel, ids: list[int], text: str) -> int:
    return common(ids, model._codec.encode(text)[:-1])


def test_the_same_text_is_read_once(model: TransformersModel) -> None:
    model.complete_many([Ask(HEAD, replace_(PARAMS[0], seed=i, n=2)) for i in range(3)])
    assert model.last_prefill.computed == model.count(HEAD)


def replace_(params: SamplingParams, **changes: Any) -> SamplingParams:
    return SamplingParams(**{**{f: getattr(params, f) for f in params.__struct_fields__}, **changes})


def test_cancel_midway_leaves_the_cache_usable(model: TransformersModel) -> None:
    cancel, heard = threading.Event(), []
    asks = [Ask(text, PARAMS[0]) for text in TEXTS]

    def on_text(row: int, delta: str) -> None:
        heard.append(delta)
        if len(heard) == 12:
            cancel.set()

    outs = model.complete_many([replace(ask, on_text=on_text) for ask in asks], cancel=cancel)
    assert "cancelled" in {out.finish for each in outs for out in each}
    assert sum(len(out.text) for each in outs for out in each) == len("".join(heard))
    assert model.complete_many(asks) == model.uncached().complete_many(asks)


def test_padded_batches_are_right_up_to_rounding(padded: TransformersModel, model: TransformersModel) -> None:
    """transformers' forward, rows of different lengths padded and masked, against our own and against one by one."""
    asks = [Ask(text, replace_(PARAMS[0], temperature=0.0)) for text in TEXTS[1:5]]
    asks.append(Ask(HEAD, replace_(PARAMS[0], seed=5, n=3, max_new_tokens=4)))
    for _ in range(2):  # the second time from what was kept
        for outs, right in zip(padded.complete_many(asks), model.complete_many(asks), strict=True):
            assert [o.text for o in outs] == [o.text for o in right]
            for ours, theirs in zip(outs, right, strict=True):
                assert ours.logprobs == pytest.approx(theirs.logprobs, abs=1e-3)
    assert padded.last_prefill.reused > padded.last_prefill.computed
    assert not padded.exact
    assert model.exact


@pytest.mark.parametrize(
    "shape", [{}, {"n_head": 8, "rotary_dim": 4, "n_layer": 1}, {"n_inner": 96, "n_embd": 96, "rotary_dim": 24}]
)
def test_our_forward_is_transformers(shape: dict[str, int]) -> None:
    """Scores and states of CodeGens of several shapes; and any pieces give the same bits."""
    from transformers import CodeGenConfig, CodeGenForCausalLM

    torch.manual_seed(1)
    config = {"n_embd": 64, "n_layer": 2, "n_head": 4, "rotary_dim": 8, "n_positions": 128, "n_ctx": 128, **shape}
    network = CodeGenForCausalLM(CodeGenConfig(vocab_size=90, initializer_range=0.2, **config)).eval()
    assert fits(network)
    ids = torch.randint(0, 90, (BLOCK * 3 + 5,)).tolist()
    with torch.inference_mode():
        reference, states = PaddedRunner(network).read_all(ids, PaddedRunner(network).new())
        taken = Taken(network)
        runner = LeanCodeGen(taken.shape, taken)
        whole, ours = runner.read_all(ids, runner.new())
        torch.testing.assert_close(whole, reference, rtol=1e-4, atol=1e-4)
        torch.testing.assert_close(ours, states, rtol=1e-4, atol=1e-4)
        for piece in (1, 7, BLOCK + 1):
            kept = runner.new()
            parts = [runner.read_all(ids[i : i + piece], kept)[0] for i in range(0, len(ids), piece)]
            assert torch.equal(torch.cat(parts), whole)


def test_code_of_its_own_is_left_to_transformers(network: Any) -> None:
    assert fits(network)
    assert not fits(type("Own", (type(network),), {"__module__": "own"})(network.config))


@pytest.mark.slow
def test_threads_do_not_matter() -> None:
    """The embedded model writes the same bits with one thread, two and three."""
    code = """if True:
        import hashlib, sys
        from mtchat.models import Ask, load_model
        from mtchat.turn import SamplingParams
        text = "# Make a list of ten numbers\\nnumbers = list(range(10))\\n\\n" * 6
        asks = [Ask(text[i * 7:], SamplingParams(temperature=0.8, max_new_tokens=40, seed=i)) for i in range(12)]
        print(hashlib.sha256(repr(load_model(device="cpu").complete_many(asks)).encode()).hexdigest())
    """
    root = Path(__file__).parents[2]
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "OMP_NUM_THREADS": threads, "PYTHONPATH": str(root)},
            capture_output=True,
            text=True,
            timeout=100,
            check=True,
        ).stdout
        for threads in ("1", "2", "3")
    }
    assert len(said) == 1


def test_an_ask_that_has_no_room_is_named_before_anything_is_written(model: TransformersModel) -> None:
    heard: list[str] = []
    asks = [Ask(HEAD, PARAMS[0], on_text=lambda _, delta: heard.append(delta)), Ask("x = 1\n" * 300, PARAMS[0])]
    with pytest.raises(ModelError, match=r"^ask 2 of 2: the text is [0-9]+ tokens and the model reads 256"):
        model.complete_many(asks)
    with pytest.raises(ModelError, match=r"^ask 2 of 2: top_k"):
        model.complete_many([asks[0], Ask("x", replace_(PARAMS[0], top_k=-1))])
    assert heard == []
