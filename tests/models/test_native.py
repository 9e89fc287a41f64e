"""Our own forwards, in C and in torch, in every type of weight: near transformers, and a row's bits its own."""

import copy
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from mtchat.models import native
from mtchat.models.lean import BLOCK, CodeGen, LeanCodeGen, Taken
from mtchat.models.padded import PaddedRunner

VOCABULARY, LENGTH = 90, BLOCK * 3 + 5
SHAPES = {
    "small": {"n_embd": 64, "n_head": 4, "rotary_dim": 8},
    "350M's head": {"n_embd": 256, "n_head": 4, "rotary_dim": 32, "n_inner": 96},
    "2B's head": {"n_embd": 320, "n_head": 4, "rotary_dim": 64},
}
NEAR = {torch.float32: 1e-4, torch.bfloat16: 0.05, torch.int8: 0.2}
"""How far scores whose spread is about 1.5 may be from transformers' in float32."""
RUNNERS = [
    (LeanCodeGen, torch.float32),
    (LeanCodeGen, torch.int8),
    (native.NativeCodeGen, torch.float32),
    (native.NativeCodeGen, torch.bfloat16),
    (native.NativeCodeGen, torch.int8),
]


@pytest.fixture(scope="module")
def networks() -> dict[str, Any]:
    return {name: network(**shape) for name, shape in SHAPES.items()}


def network(**shape: int) -> Any:
    from transformers import CodeGenConfig, CodeGenForCausalLM

    torch.manual_seed(1)
    config = {"n_layer": 2, "n_positions": 128, "n_ctx": 128, "bos_token_id": 0, "eos_token_id": 0, **shape}
    return CodeGenForCausalLM(CodeGenConfig(vocab_size=VOCABULARY, initializer_range=0.1, **config)).eval()


def made(kind: type[CodeGen], dtype: torch.dtype, network: Any) -> CodeGen:
    """A runner of a copy of `network`; skips where the C forward cannot be built."""
    taken = Taken(copy.deepcopy(network))
    if kind is native.NativeCodeGen and not native.runs(taken.shape, dtype):
        pytest.skip("no C compiler here")
    return kind(taken.shape, taken, dtype)


def words(seed: int, count: int = LENGTH) -> list[int]:
    return torch.randint(0, VOCABULARY, (count,), generator=torch.Generator().manual_seed(seed)).tolist()


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize(("kind", "dtype"), RUNNERS)
def test_near_transformers_and_any_pieces_give_the_same_bits(
    networks: dict[str, Any], name: str, kind: type[CodeGen], dtype: torch.dtype
) -> None:
    runner, ids = made(kind, dtype, networks[name]), words(0)
    with torch.inference_mode():
        reference, states = PaddedRunner(networks[name]).read_all(ids, PaddedRunner(networks[name]).new())
        scores, ours = runner.read_all(ids, runner.new())
        for found, right in ((scores, reference), (ours, states)):
            error = (found - right).square().mean().sqrt() / right.std()
            assert error < NEAR[dtype], error
        for piece in (1, 3, 7, BLOCK + 1):
            kept = runner.new()
            parts = [runner.read_all(ids[i : i + piece], kept)[0] for i in range(0, len(ids), piece)]
            assert torch.equal(torch.cat(parts), scores)


@pytest.mark.parametrize(("kind", "dtype"), RUNNERS)
def test_a_row_is_the_same_in_any_batch(networks: dict[str, Any], kind: type[CodeGen], dtype: torch.dtype) -> None:
    """Beside rows of other lengths, one of them large enough to spoil a scale that were shared, at any place."""
    runner = made(kind, dtype, networks["small"])
    runner._embed[1] *= 1000

    @settings(max_examples=8, deadline=None)
    @given(lengths=st.lists(st.integers(1, 70), min_size=1, max_size=9), order=st.randoms(use_true_random=False))
    def check(lengths: list[int], order: Any) -> None:
        texts = [words(i, n) for i, n in enumerate(lengths)] + [[1, 1, 1]]
        alone = [steps(runner, [text])[0] for text in texts]
        places = order.sample(range(len(texts)), len(texts))
        for place, scores in zip(places, steps(runner, [texts[i] for i in places]), strict=True):
            assert torch.equal(scores, alone[place])

    with torch.inference_mode():
        check()


def steps(runner: CodeGen, texts: list[list[int]]) -> list[torch.Tensor]:
    """The scores of each row of a batch that grows by three tokens."""
    rows = [runner.new() for _ in texts]
    for text, row in zip(texts, rows, strict=True):
        runner.read(text, row)
    batch = runner.batch(rows)
    return list(torch.stack([batch.step([token] * len(texts)) for token in (5, 2, 7)], 1))


def test_threads_share_the_work_and_change_nothing(networks: dict[str, Any]) -> None:
    one = made(native.NativeCodeGen, torch.int8, networks["350M's head"])
    taken = Taken(copy.deepcopy(networks["350M's head"]))
    three = native.NativeCodeGen(taken.shape, taken, torch.int8, team=3)
    for texts in ([words(0)], [words(1, 9), words(2, 30)]):
        for ours, theirs in zip(steps(one, texts), steps(three, texts), strict=True):
            assert torch.equal(ours, theirs)


@pytest.mark.parametrize(("kind", "dtype"), RUNNERS)
def test_numbers_that_are_none_do_not_hide(networks: dict[str, Any], kind: type[CodeGen], dtype: torch.dtype) -> None:
    broken = copy.deepcopy(networks["small"])
    broken.transformer.h[1].mlp.fc_in.weight.data[3, 5] = float("nan")
    runner = made(kind, dtype, broken)
    assert runner.read([3, 4], runner.new()).isnan().all()


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("flags", [("-mno-avx512f",), ("-mno-avx512vnni", "-mno-avx512bf16"), ("-march=x86-64",)])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.int8])
def test_other_cpus_compute_it_too(
    networks: dict[str, Any], flags: tuple[str, ...], dtype: torch.dtype, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(native, "FLAGS", (*native.FLAGS, *flags))
    native.library.cache_clear()
    try:
        for name in SHAPES:
            test_near_transformers_and_any_pieces_give_the_same_bits(networks, name, native.NativeCodeGen, dtype)
        test_a_row_is_the_same_in_any_batch(networks, native.NativeCodeGen, dtype)
    finally:
        native.library.cache_clear()


@pytest.mark.parametrize("changes", [{"n_head": 8, "rotary_dim": 4}, {"n_inner": 100}])
def test_shapes_that_vectors_do_not_divide_are_left_to_torch(changes: dict[str, int]) -> None:
    taken = Taken(network(**{**SHAPES["small"], **changes}))
    assert not native.runs(taken.shape, torch.float32)


def test_without_a_compiler_there_is_none(tmp_path: Path) -> None:
    code = "from mtchat.models import native; print(native.library())"
    for change in ({"PATH": str(tmp_path)}, {"MTCHAT_PLAIN": "1"}):
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **change}
        done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
        assert done.stdout == "None\n"
