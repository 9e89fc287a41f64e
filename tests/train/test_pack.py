"""Packing: how weights are split into files, and that both our loader and transformers' read what comes of it."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from mtchat.errors import ModelError
from mtchat.models import load_model
from mtchat.models.quiet import quiet
from mtchat.models.verify import sha256, weights_files
from mtchat.train import pack
from mtchat.turn import SamplingParams

SIZES = st.lists(st.integers(0, 400), max_size=30).map(lambda sizes: {f"t{n}": size for n, size in enumerate(sizes)})
PATIENT = settings(deadline=None)


@PATIENT
@given(SIZES, st.integers(800, 3000))
def test_every_tensor_is_in_one_file_that_is_small_enough(sizes: dict[str, int], most: int) -> None:
    from safetensors.torch import save

    parts = pack.split(sizes, most)
    assert [name for part in parts for name in part] == list(sizes)
    for part in parts:
        assert part
        blob = save({name: torch.zeros(sizes[name], dtype=torch.uint8) for name in part}, metadata={"format": "pt"})
        assert len(blob) <= most
    for first, second in itertools.pairwise(parts):
        both = [*first, second[0]]
        assert sum(sizes[name] + pack.entry(name) for name in both) + pack.HEAD > most, "no file ends early"


def test_a_tensor_larger_than_a_file_is_refused() -> None:
    with pytest.raises(ModelError, match=r"wte takes 2,000 bytes"):
        pack.split({"a": 10, "wte": 2000}, 1000)


def state(vocabulary: int, tied: bool = False) -> tuple[Any, dict[str, Any]]:
    """A network, and the facts of the checkpoint that it is in."""
    from transformers import CodeGenConfig, CodeGenForCausalLM

    config = {
        "vocab_size": vocabulary, "n_positions": 128, "n_ctx": 128, "n_embd": 64, "n_layer": 2, "n_head": 4,
        "rotary_dim": 8, "bos_token_id": 0, "eos_token_id": 0, "tie_word_embeddings": tied,
    }  # fmt: skip
    torch.manual_seed(3)
    network = CodeGenForCausalLM(CodeGenConfig(**config, initializer_range=0.3)).eval()
    return network, {"config": config, "plan": {"seed": 4}, "progress": {"tokens": 5}}


@pytest.mark.parametrize(("shard", "files"), [(pack.SHARD, 1), (120_000, 4)])
@pytest.mark.parametrize("tied", [False, True])
def test_both_loaders_read_it(tokenizer_folder: Path, tmp_path: Path, shard: int, files: int, tied: bool) -> None:
    from transformers import CodeGenForCausalLM

    network, facts = state(700, tied)
    out = tmp_path / "packed"
    out.mkdir()
    for old in ("model-00001-of-00009.safetensors", "model.safetensors.index.json", "calibration.json"):
        (out / old).write_text("of earlier weights")
    manifest = pack.pack(network.state_dict(), facts, tokenizer_folder, out, shard=shard)
    weights = weights_files(out)
    assert len(weights) == files - (tied and files > 1)
    assert all(path.stat().st_size <= shard for path in weights)
    assert {path.name for path in out.iterdir()} == {"manifest.json", *manifest["sha256"]}
    assert manifest["sha256"] == {name: sha256(out / name) for name in manifest["sha256"]}
    assert (manifest["name"], manifest["seed"], manifest["trained_tokens"]) == ("mtchat-embedded", 4, 5)
    with quiet():
        theirs = CodeGenForCausalLM.from_pretrained(out).eval()
    assert theirs.dtype == torch.float32
    rounded = {name: tensor.to(torch.bfloat16).float() for name, tensor in network.state_dict().items()}
    for name, tensor in theirs.state_dict().items():
        torch.testing.assert_close(tensor, rounded[name], rtol=0, atol=0)
    model = load_model(str(out), device="cpu")
    assert model.info.sha256 is not None
    assert manifest["revision"] == model.info.revision == model.info.sha256[:12]
    ids = torch.tensor([model._codec.encode("# Print a.\n")])  # type: ignore[attr-defined]
    with torch.inference_mode():
        scores = theirs(ids).logits[0, -1]
    text = model.complete("# Print a.\n", SamplingParams(greedy=True, max_new_tokens=1))[0]
    assert text.logprob == pytest.approx(float(scores.log_softmax(-1).max()), abs=1e-4)


def test_a_file_that_changed_is_told(tokenizer_folder: Path, tmp_path: Path) -> None:
    network, facts = state(700)
    pack.pack(network.state_dict(), facts, tokenizer_folder, tmp_path, shard=120_000)
    second = weights_files(tmp_path)[1]
    data = bytearray(second.read_bytes())
    data[-1] ^= 1
    second.write_bytes(bytes(data))
    with pytest.raises(ModelError, match=second.name):
        load_model(str(tmp_path), device="cpu")


def test_what_is_over_the_limit_leaves_the_folder_as_it_was(tokenizer_folder: Path, tmp_path: Path) -> None:
    network, facts = state(700)
    pack.pack(network.state_dict(), facts, tokenizer_folder, tmp_path)
    before = json.loads((tmp_path / "manifest.json").read_text())
    with pytest.raises(ModelError, match="over the limit"):
        pack.pack(network.state_dict(), facts, tokenizer_folder, tmp_path, limit=10_000)
    assert {name: sha256(tmp_path / name) for name in before["sha256"]} == before["sha256"]
