"""Every way a model cannot be had or run: one clear line with the way out, and nothing from the libraries."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer

from mtchat.errors import ModelError
from mtchat.models import codegen, load_model, loading, names, verify


@pytest.fixture
def copy(checkpoint: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(checkpoint, tmp_path / "copy"))


def edit(path: Path, **changes: Any) -> None:
    config = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({k: v for k, v in {**config, **changes}.items() if v is not None}), "utf-8")


def reweigh(folder: Path, change: Callable[[dict[str, torch.Tensor]], None]) -> None:
    tensors = load_file(folder / "model.safetensors")
    change(tensors)
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})


def refused(capfd: pytest.CaptureFixture[str], name: object, *words: str, **options: Any) -> str:
    """Loading fails with one line that holds every word, and the libraries say nothing."""
    with pytest.raises(ModelError) as caught:
        load_model(str(name), **{"device": "cpu", **options})
    message = str(caught.value)
    assert "\n" not in message
    assert len(message) < 420
    for word in words:
        assert word in message
    assert capfd.readouterr() == ("", "")
    return message


@pytest.mark.parametrize("name", ["./nowhere", "/no/such/folder", "~/no-such-folder-here", "a/b/c", "no spaces please"])
def test_no_such_folder(capfd: pytest.CaptureFixture[str], name: str) -> None:
    refused(capfd, name, repr(name), "mtchat models")


def test_a_folder_has_no_revisions(capfd: pytest.CaptureFixture[str], checkpoint: Path) -> None:
    refused(capfd, checkpoint, "leave --revision out", revision="main")


def test_a_file_is_no_folder(capfd: pytest.CaptureFixture[str], checkpoint: Path) -> None:
    refused(capfd, checkpoint / "model.safetensors", "is a file", "folder")


def test_folder_without_config_or_weights(capfd: pytest.CaptureFixture[str], copy: Path) -> None:
    (copy / "model.safetensors").rename(copy / "elsewhere")
    refused(capfd, copy, "no weights", "model.safetensors")
    (copy / "config.json").unlink()
    refused(capfd, copy, "no config.json")


def test_config_that_is_no_json(capfd: pytest.CaptureFixture[str], copy: Path) -> None:
    (copy / "config.json").write_text("{", "utf-8")
    refused(capfd, copy, "config.json", "JSON")
    (copy / "config.json").write_text("[]", "utf-8")
    refused(capfd, copy, "config.json", "object")


def test_config_of_no_known_kind(capfd: pytest.CaptureFixture[str], copy: Path) -> None:
    edit(copy / "config.json", model_type="codegen3")
    refused(capfd, copy, "codegen3")


@pytest.mark.parametrize("cut", [0, 4, 200, 30_000])
def test_weights_cut_short(capfd: pytest.CaptureFixture[str], copy: Path, cut: int) -> None:
    weights = copy / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:cut])
    refused(capfd, copy, "model.safetensors", "fetch it again")


def test_garbled_header(capfd: pytest.CaptureFixture[str], copy: Path) -> None:
    data = bytearray((copy / "model.safetensors").read_bytes())
    data[8:40] = b"?" * 32
    (copy / "model.safetensors").write_bytes(bytes(data))
    refused(capfd, copy, "garbled", "fetch it again")


def test_missing_shard(capfd: pytest.CaptureFixture[str], copy: Path) -> None:
    (copy / "model.safetensors").rename(copy / "model-00001-of-00002.safetensors")
    shards = {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}
    (copy / "model.safetensors.index.json").write_text(json.dumps({"weight_map": shards}), "utf-8")
    refused(capfd, copy, "lacks 1 of its 2 weights files")


def test_manifest_is_held_against_every_file(capfd: pytest.CaptureFixture[str], copy: Path) -> None:
    sums = {f.name: verify.sha256(f) for f in copy.iterdir()}
    (copy / "manifest.json").write_text(json.dumps({"name": "m", "revision": "7", "sha256": sums}), "utf-8")
    info = load_model(str(copy), device="cpu").info
    assert (info.revision, info.sha256) == ("7", sums["model.safetensors"])
    data = bytearray((copy / "model.safetensors").read_bytes())
    data[-1] ^= 1
    (copy / "model.safetensors").write_bytes(bytes(data))
    refused(capfd, copy, "model.safetensors", "corrupt", "sha256")
    sums["gone.txt"] = "0"
    (copy / "manifest.json").write_text(
        json.dumps({"sha256": {**sums, "model.safetensors": verify.sha256(copy / "model.safetensors")}})
    )
    refused(capfd, copy, "gone.txt", "missing")
    (copy / "manifest.json").write_text(json.dumps({"sha256": {}}), "utf-8")
    refused(capfd, copy, "manifest.json", "no sha256 of the weights")


def test_tensors_missing_left_over_or_of_another_shape(capfd: pytest.CaptureFixture[str], copy: Path) -> None:
    key = "transformer.h.1.mlp.fc_in.weight"
    whole = (copy / "model.safetensors").read_bytes()
    reweigh(copy, lambda t: t.pop(key))
    refused(capfd, copy, "1 missing", key)
    (copy / "model.safetensors").write_bytes(whole)
    reweigh(copy, lambda t: t.update({"transformer.h.7.mlp.fc_in.weight": torch.zeros(2)}))
    refused(capfd, copy, "1 unexpected", "h.7.mlp")
    (copy / "model.safetensors").write_bytes(whole)
    reweigh(copy, lambda t: t.update({key: torch.zeros(3, 3)}))
    refused(capfd, copy, "1 of another shape", key)
    (copy / "model.safetensors").write_bytes(whole)
    edit(copy / "config.json", n_layer=4)
    refused(capfd, copy, "missing", "transformer.h.3")


def test_tables_that_old_checkpoints_carry_are_no_fault(copy: Path) -> None:
    """Salesforce's files of 2022 hold `causal_mask`, which transformers now computes."""
    reweigh(copy, lambda t: t.update({"transformer.h.0.attn.causal_mask": torch.ones(1, 1, 8, 8)}))
    load_model(str(copy), device="cpu").close()


def test_code_of_its_own_needs_trust(capfd: pytest.CaptureFixture[str], copy: Path) -> None:
    (copy / "evil.py").write_text("raise SystemExit('ran')\n", "utf-8")
    edit(copy / "config.json", auto_map={"AutoConfig": "evil.C", "AutoModelForCausalLM": "evil.M"})
    refused(capfd, copy, "--trust-remote-code")


@pytest.mark.parametrize(
    "changes",
    [{"_name_or_path": "Salesforce/codegen2-1B"}, {"n_embd": 2048, "n_layer": 16}, {"n_embd": 4096, "n_layer": 16}],
)
def test_codegen2_that_would_load_wrong(capfd: pytest.CaptureFixture[str], copy: Path, changes: dict[str, Any]) -> None:
    edit(copy / "config.json", **changes)
    refused(capfd, copy, "CodeGen2", "qkv")


def test_codegen2_by_the_name_of_its_folder(capfd: pytest.CaptureFixture[str], copy: Path) -> None:
    refused(capfd, copy.rename(copy.parent / "codegen2-3_7B"), "CodeGen2")


def test_heads_that_do_not_split_in_four(capfd: pytest.CaptureFixture[str], copy: Path) -> None:
    edit(copy / "config.json", n_head=2)
    refused(capfd, copy, "2 attention heads", "multiple of 4")


def test_tokenizer_that_does_not_fit(capfd: pytest.CaptureFixture[str], checkpoint: Path, tmp_path: Path) -> None:
    tokenizer = Tokenizer.from_file(str(checkpoint / "tokenizer.json"))
    tokenizer.add_tokens([f"word{i}" for i in range(60)])
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    refused(capfd, checkpoint, "tokenizer has ids up to", "--tokenizer", tokenizer=str(tmp_path))


def test_tokenizer_without_end_of_text(capfd: pytest.CaptureFixture[str], copy: Path) -> None:
    text = (copy / "tokenizer.json").read_text("utf-8").replace("<|endoftext|>", "<|other|>")
    (copy / "tokenizer.json").write_text(text, "utf-8")
    edit(copy / "tokenizer_config.json", eos_token=None)
    edit(copy / "config.json", eos_token_id=50256)
    refused(capfd, copy, "no end-of-text token", "--tokenizer")


def test_no_tokenizer_at_all_or_a_broken_one(capfd: pytest.CaptureFixture[str], copy: Path) -> None:
    (copy / "tokenizer.json").write_text("{}", "utf-8")
    refused(capfd, copy, "tokenizer.json")
    for file, lacking in (("tokenizer.json", ""), ("merges.txt", "merges.txt"), ("vocab.json", "tokenizer.json")):
        (copy / file).unlink()
        if lacking:
            refused(capfd, copy, f"no {lacking}", "--tokenizer")


def test_tokenizer_from_elsewhere(checkpoint: Path, copy: Path) -> None:
    for file in ("tokenizer.json", "tokenizer_config.json", "vocab.json", "merges.txt"):
        (copy / file).unlink()
    model = load_model(str(copy), device="cpu", tokenizer=str(checkpoint))
    assert model.count("print") > 0


@pytest.mark.parametrize("device", ["gpu", "cuda:x", "cpu:3", "tpu", ""])
def test_unknown_device(capfd: pytest.CaptureFixture[str], checkpoint: Path, device: str) -> None:
    refused(capfd, checkpoint, "unknown device", "cuda:N", device=device)


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_cuda_that_is_not_there(capfd: pytest.CaptureFixture[str], checkpoint: Path) -> None:
    refused(capfd, checkpoint, "no CUDA here", "--device cpu", device="cuda")


def test_unknown_dtype(capfd: pytest.CaptureFixture[str], checkpoint: Path) -> None:
    refused(capfd, checkpoint, "unknown dtype 'int3'", "bfloat16", dtype="int3")


def test_dtypes() -> None:
    cpu, cuda = torch.device("cpu"), torch.device("cuda")
    assert loading.pick_dtype("auto", cpu, "float16") == torch.float32
    assert loading.pick_dtype("auto", cuda, "float16") == torch.float16
    assert loading.pick_dtype("bf16", cpu, None) == loading.pick_dtype("bfloat16", cuda, None) == torch.bfloat16


def test_a_large_codegen_is_int8_on_a_cpu_that_has_the_kernels(monkeypatch: pytest.MonkeyPatch) -> None:
    cpu, cuda = torch.device("cpu"), torch.device("cuda")
    large = codegen.shape_of({"model_type": "codegen", "n_layer": 20, "n_embd": 1024})
    small = codegen.shape_of({"model_type": "codegen", "n_layer": 6, "n_embd": 256, "n_head": 4, "vocab_size": 2048})
    assert loading.pick_dtype("auto", cpu, None, small) == torch.float32
    for runs, expected in ((True, torch.int8), (False, torch.float32)):
        monkeypatch.setattr("mtchat.models.native.runs", lambda *_, runs=runs: runs)
        assert loading.pick_dtype("auto", cpu, "float16", large) == expected
        assert loading.pick_dtype("float32", cpu, None, large) == torch.float32
        assert loading.pick_dtype("auto", cuda, "float16", large) == torch.float16


def test_int8_of_another_architecture(capfd: pytest.CaptureFixture[str], copy: Path) -> None:
    edit(copy / "config.json", activation_function="relu")
    refused(capfd, copy, "int8", "CodeGen on a CPU", dtype="int8")


def test_memory_that_runs_out_while_loading(
    capfd: pytest.CaptureFixture[str], checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("[enforce fail at alloc_cpu.cpp:127] DefaultCPUAllocator: can't allocate memory: 9 bytes")

    monkeypatch.setattr("mtchat.models.lean.CodeGen.__init__", fail)
    refused(capfd, checkpoint, "memory ran out while loading", "smaller model")


def test_embedded_model_that_is_not_installed(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names, "EMBEDDED", tmp_path)
    refused(capfd, "embedded", "embedded model is missing", "--model NAME")


def test_embedded_model_without_manifest(
    capfd: pytest.CaptureFixture[str], copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names, "EMBEDDED", copy)
    refused(capfd, "embedded", "manifest.json")


def test_digest_of_several_files_is_of_their_sums(tmp_path: Path) -> None:
    for name in ("a.bin", "b.bin"):
        (tmp_path / name).write_bytes(name.encode())
    files = [tmp_path / "a.bin", tmp_path / "b.bin"]
    sums = [hashlib.sha256(f.read_bytes()).hexdigest() for f in files]
    expected = hashlib.sha256(f"{sums[0]}  a.bin\n{sums[1]}  b.bin\n".encode()).hexdigest()
    assert verify.weights_digest(files) == expected
    assert verify.weights_digest(files[:1]) == sums[0]


def test_a_closed_model_says_so(checkpoint: Path) -> None:
    from mtchat.turn import SamplingParams

    model = load_model(str(checkpoint), device="cpu")
    model.close()
    with pytest.raises(ModelError, match="closed"):
        model.complete("x", SamplingParams())


def test_scores_that_are_no_numbers(checkpoint: Path) -> None:
    from mtchat.turn import SamplingParams

    model = load_model(str(checkpoint), device="cpu")
    model._runner._head._bias.fill_(float("nan"))
    with pytest.raises(ModelError, match="not numbers"):
        model.complete("x", SamplingParams())


@pytest.mark.parametrize("script", ["[]", "{}", "3", '"text"', "[1]", '{"a": []}', "{", None])
def test_scripts_that_are_none(capfd: pytest.CaptureFixture[str], tmp_path: Path, script: str | None) -> None:
    if script is not None:
        (tmp_path / "s.json").write_text(script, "utf-8")
    refused(capfd, f"scripted:{tmp_path / 's.json'}", "JSON list of completions")


def test_code_of_its_own_runs_when_trusted(copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transformers.dynamic_module_utils.HF_MODULES_CACHE", str(tmp_path / "modules"))
    monkeypatch.syspath_prepend(str(tmp_path / "modules"))
    (copy / "own.py").write_text(
        "from transformers import CodeGenConfig, CodeGenForCausalLM\n"
        "class OwnConfig(CodeGenConfig):\n    model_type = 'own'\n"
        "class Own(CodeGenForCausalLM):\n    config_class = OwnConfig\n",
        "utf-8",
    )
    auto_map = {"AutoConfig": "own.OwnConfig", "AutoModelForCausalLM": "own.Own"}
    edit(copy / "config.json", model_type="own", auto_map=auto_map)
    model = load_model(str(copy), device="cpu", trust_remote_code=True)
    assert type(model._runner._network).__name__ == "Own"
