"""Checkpoints in other forms: the same logits to the last bits, whatever the order of their rows was."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM, GPTJForCausalLM

from mtchat.errors import ModelError
from mtchat.models import load_model
from mtchat.models.convert import convert, joined, parts
from mtchat.models.quiet import quiet
from tests.models.checkpoints import save_network

IDS = torch.tensor([[7, 3, 250, 41, 3, 0, 99, 180, 12, 5, 77, 301]])


def read(folder: Path) -> Any:
    with quiet():
        return AutoModelForCausalLM.from_pretrained(str(folder), dtype=torch.float32).eval()


@torch.inference_mode()
def logits(network: Any) -> torch.Tensor:
    return network(IDS).logits


def test_gptj_has_the_same_logits(checkpoint: Path, network: Any, tmp_path: Path) -> None:
    gptj = read(convert(str(checkpoint), "gptj", tmp_path / "out"))
    assert isinstance(gptj, GPTJForCausalLM)
    torch.testing.assert_close(logits(gptj), logits(network), atol=1e-4, rtol=1e-4)
    assert sorted(f.name for f in tmp_path.iterdir()) == ["out"]


def test_gptj_loads_here_with_its_tokenizer_and_writes_the_same(checkpoint: Path, tmp_path: Path) -> None:
    from mtchat.turn import SamplingParams

    params = SamplingParams(greedy=True, max_new_tokens=12)
    ours, theirs = (
        load_model(str(folder), device="cpu", dtype="float32").complete("# Sum them\n", params)[0]
        for folder in (checkpoint, convert(str(checkpoint), "gptj", tmp_path / "out"))
    )
    assert ours.text == theirs.text


def test_shards_and_old_files_with_tables(checkpoint: Path, network: Any, tmp_path: Path) -> None:
    """A pytorch_model.bin in two parts, with the masks that files of 2022 hold."""
    old = Path(shutil.copytree(checkpoint, tmp_path / "old"))
    tensors = load_file(old / "model.safetensors")
    (old / "model.safetensors").unlink()
    tensors["transformer.h.0.attn.causal_mask"] = torch.ones(1, 1, 8, 8)
    keys, places = sorted(tensors), {}
    for i, half in enumerate((keys[::2], keys[1::2]), 1):
        name = f"pytorch_model-{i:05}-of-00002.bin"
        torch.save({key: tensors[key] for key in half}, old / name)
        places |= dict.fromkeys(half, name)
    (old / "pytorch_model.bin.index.json").write_text(json.dumps({"weight_map": places}), "utf-8")
    out = convert(str(old), "gptj", tmp_path / "out")
    assert len(list(out.glob("model-*-of-00002.safetensors"))) == 2
    torch.testing.assert_close(logits(read(out)), logits(network), atol=1e-4, rtol=1e-4)


def test_rows_in_eight_blocks_are_put_in_order(tmp_path: Path, checkpoint: Path) -> None:
    """A toy of CodeGen2's layout: loading it as it is is refused; both forms have the logits of the right order."""
    right = Path(shutil.copytree(checkpoint, tmp_path / "right"))
    save_network(right, 440, n_head=8)
    two = Path(shutil.copytree(right, tmp_path / "codegen2-1B"))
    tensors = load_file(two / "model.safetensors")
    for key in [key for key in tensors if "qkv_proj" in key]:
        tensors[key] = joined(*parts(tensors[key], 4), 8)
    save_file(tensors, two / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ModelError, match=r"CodeGen2.*mtchat convert --to codegen"):
        load_model(str(two), device="cpu")
    wanted = logits(read(right))
    assert (logits(read(two)) - wanted).abs().max() > 0.1
    for form in ("gptj", "codegen"):
        out = convert(str(two), form, tmp_path / form)
        torch.testing.assert_close(logits(read(out)), wanted, atol=1e-4, rtol=1e-4)
    (tmp_path / "codegen").rename(tmp_path / "codegen2-1B-ordered")
    load_model(str(tmp_path / "codegen2-1B-ordered"), device="cpu").close()


@pytest.mark.parametrize("blocks", [4, 8])
def test_parts_are_split_as_the_checkpoints_own_code_does(blocks: int) -> None:
    """The reshape and split of CodeGen's forward, applied to what a projection puts out."""
    torch.manual_seed(0)
    qkv, states = torch.randn(3 * 64, 64), torch.randn(5, 64)
    out = (states @ qkv.T).reshape(5, blocks, -1)
    theirs = [part.reshape(5, 64) for part in torch.split(out, 64 // blocks, dim=-1)]  # query, value, key
    query, key, value = (states @ part.T for part in parts(qkv, blocks))
    torch.testing.assert_close([query, value, key], theirs)
    torch.testing.assert_close(joined(*parts(qkv, blocks), blocks), qkv)


def test_what_cannot_be_converted_leaves_nothing(checkpoint: Path, tmp_path: Path) -> None:
    broken = Path(shutil.copytree(checkpoint, tmp_path / "broken"))
    (broken / "model.safetensors").write_bytes(b"short")
    other = Path(shutil.copytree(checkpoint, tmp_path / "other"))
    (other / "config.json").write_text('{"model_type": "llama"}', "utf-8")
    before = set(tmp_path.iterdir())
    for name, form, out, said in (
        (checkpoint, "gptj", other, "exists already"),
        (other, "gptj", tmp_path / "new", "only CodeGen"),
        (broken, "gptj", tmp_path / "new", "fetch it again"),
        (checkpoint, "onnx", tmp_path / "new", "gptj or codegen"),
    ):
        with pytest.raises(ModelError, match=said):
            convert(str(name), form, out)
    assert set(tmp_path.iterdir()) == before
