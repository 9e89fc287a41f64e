"""Checkpoints in every form they come in give the same model, and the embedded one needs no transformers."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from mtchat.errors import ModelError
from mtchat.models import load_model
from mtchat.models.checkpoint import Checkpoint
from mtchat.models.transformers_backend import TransformersModel
from mtchat.turn import SamplingParams

GREEDY = SamplingParams(greedy=True, max_new_tokens=12)
TEXT = "# Print hello world.\n"


@pytest.fixture
def bare(checkpoint: Path, tmp_path: Path) -> Path:
    """The checkpoint's folder without its weights."""
    return Path(shutil.copytree(checkpoint, tmp_path / "copy", ignore=shutil.ignore_patterns("model.safetensors")))


def shards(folder: Path, tensors: dict[str, torch.Tensor], suffix: str, index: str) -> None:
    names = sorted(tensors)
    places = {name: f"part-{i % 3}.{suffix}" for i, name in enumerate(names)}
    for file in set(places.values()):
        part = {name: tensors[name] for name in names if places[name] == file}
        save_file(part, folder / file) if suffix == "safetensors" else torch.save(part, folder / file)
    (folder / index).write_text(json.dumps({"weight_map": places}), "utf-8")


@pytest.mark.parametrize("form", ["sharded safetensors", "bin", "sharded bin", "old bin"])
def test_every_form_is_the_same_model(loaded: TransformersModel, checkpoint: Path, bare: Path, form: str) -> None:
    tensors = load_file(checkpoint / "model.safetensors")
    if form == "sharded safetensors":
        shards(bare, tensors, "safetensors", "model.safetensors.index.json")
    elif form == "sharded bin":
        shards(bare, tensors, "bin", "pytorch_model.bin.index.json")
    else:
        torch.save(tensors, bare / "pytorch_model.bin", _use_new_zipfile_serialization=form == "bin")
    assert load_model(str(bare), device="cpu").complete(TEXT, GREEDY) == loaded.uncached().complete(TEXT, GREEDY)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_is_widened(checkpoint: Path, bare: Path, dtype: torch.dtype) -> None:
    tensors = {name: t.to(dtype) for name, t in load_file(checkpoint / "model.safetensors").items()}
    save_file(tensors, bare / "model.safetensors")
    model = load_model(str(bare), device="cpu", dtype="float32")
    assert torch.equal(model._runner._embed, tensors["transformer.wte.weight"].float())


def test_int8_writes_and_says_so(checkpoint: Path) -> None:
    model = load_model(str(checkpoint), device="cpu", dtype="int8")
    assert model.dtype == "int8"
    assert model.exact
    first = model.complete(TEXT, GREEDY)
    assert model.complete(TEXT, GREEDY) == first == model.uncached().complete(TEXT, GREEDY)


def test_bins_that_are_none(bare: Path) -> None:
    (bare / "pytorch_model.bin").write_bytes(b"PK not a zip")
    with pytest.raises(ModelError, match="fetch it again"):
        load_model(str(bare), device="cpu")


def test_rows_are_those_of_the_whole(tmp_path: Path) -> None:
    whole = torch.randn(70, 3000)
    other = torch.randn(5000)
    save_file({"a": other, "b": whole}, tmp_path / "x.safetensors")
    torch.save({"a": other, "b": whole}, tmp_path / "x.bin")
    for file in ("x.safetensors", "x.bin"):
        found = Checkpoint([tmp_path / file])
        for _ in range(2):  # pages that were let go come back
            assert torch.equal(found.rows("b", 7, 33), whole[7:33])
            assert torch.equal(found.whole("b"), whole)
            assert torch.equal(found.whole("a"), other)
        found.close()


def test_the_embedded_model_needs_no_transformers() -> None:
    code = """if True:
        import sys
        from mtchat.models import load_model
        from mtchat.turn import SamplingParams
        model = load_model(device="cpu")
        assert model.complete("# Print 3\\n", SamplingParams(greedy=True, max_new_tokens=4))[0].text
        assert model.dtype == "float32"
        print([m for m in ("transformers", "huggingface_hub") if m in sys.modules])
    """
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=100, check=False)
    assert (done.stdout, done.stderr) == ("[]\n", "")


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_peak_memory_is_the_quantised_size_and_a_layer(checkpoint: Path, tmp_path: Path) -> None:
    """A checkpoint of 88 MB in float32 is read into about 25 MB; what else is in memory is less than a half of it."""
    from tests.models.checkpoints import save_checkpoint

    folder = save_checkpoint(tmp_path / "wide", n_embd=512, n_layer=7)
    code = """if True:
        import sys
        import mtchat.models.transformers_backend
        from mtchat.models import load_model, native
        native.library()
        load_model(sys.argv[1], device="cpu", dtype="int8").count("x")
        peak = lambda: int(next(l for l in open("/proc/self/status") if l.startswith("VmHWM")).split()[1])
        before = peak()
        load_model(sys.argv[2], device="cpu", dtype="int8")
        print(peak() - before)
    """
    done = subprocess.run(
        [sys.executable, "-c", code, str(checkpoint), str(folder)], capture_output=True, text=True, check=True
    )
    size = (folder / "model.safetensors").stat().st_size
    assert size > 85e6
    assert int(done.stdout) * 1024 < size * 0.5
