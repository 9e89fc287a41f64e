from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from click.testing import CliRunner

from mtchat.cli.train import train
from mtchat.errors import ConfigError, ModelError
from mtchat.models.verify import sha256
from mtchat.train import checkpoint, mixture, rows, trainer
from mtchat.train.build import build
from mtchat.train.curve import smoothed
from mtchat.train.pack import pack

SHAPE: dict[str, Any] = {"seed": 2, "width": 32, "layers": 1, "heads": 4, "rotary": 4, "batch": 2048}
REACHED = 2.5  # smoothed loss of the run in small
TINY = trainer.Plan(tokens=10_000, shard_tokens=6000, **SHAPE)


@pytest.fixture
def folder(tmp_path: Path, tokenizer_folder: Path) -> Path:
    shutil.copytree(tokenizer_folder, tmp_path / "run" / "tokenizer")
    return tmp_path / "run"


@pytest.fixture(scope="module")
def few(tokenizer_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> list[rows.Batch]:
    folder = tmp_path_factory.mktemp("few")
    shutil.copytree(tokenizer_folder, folder / "tokenizer")
    return mixture.shard(2, folder, 0, tokens=14_000, batch=2048, early=0, real=0.0)[:6]


def losses(folder: Path) -> list[float]:
    found: list[float] = checkpoint.load(folder)[1]["progress"]["losses"]
    return found


def test_resumed_run_equals_an_uninterrupted_one(folder: Path, few: list[rows.Batch], tmp_path: Path) -> None:
    plan = replace(TINY, tokens=1_000_000)
    trainer.run(folder, plan, source=iter(few), stop_at=6)
    expected = losses(folder)
    assert len(expected) == 6
    assert expected[-1] < expected[0]
    other = tmp_path / "other"
    shutil.copytree(folder / "tokenizer", other / "tokenizer")
    trainer.run(other, plan, source=iter(few[:3]), stop_at=3)
    trainer.run(other, plan, source=iter(few[3:]), stop_at=6, resume=True)
    assert losses(other) == expected
    (one, _), (two, _) = checkpoint.load(folder), checkpoint.load(other)
    assert one.keys() == two.keys()
    assert all(torch.equal(one[name], two[name]) for name in one)


def test_average_follows_the_weights(folder: Path, few: list[rows.Batch]) -> None:
    state = trainer.run(folder, TINY, source=iter(few[:4]), stop_at=4)
    name = "transformer.h.0.mlp.fc_in.weight"
    first = trainer.start(TINY, state.model.lm_head.weight.shape[0], 0).average[name]
    now = state.model.state_dict()[name]
    assert 0 < torch.dist(state.average[name], now) < torch.dist(first, now)


def test_interrupt_saves_a_checkpoint(folder: Path, few: list[rows.Batch]) -> None:
    def interrupted() -> Iterator[rows.Batch]:
        yield from few[:2]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        trainer.run(folder, TINY, source=interrupted())
    assert len(losses(folder)) == 2
    assert not list(folder.glob("*.part"))


def test_an_interrupt_waits_for_the_update(
    folder: Path, few: list[rows.Batch], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    shutil.copytree(folder / "tokenizer", other / "tokenizer")
    trainer.run(other, TINY, source=iter(few), stop_at=2)
    clip, calls = torch.nn.utils.clip_grad_norm_, list[int]()

    def clipped(*args: Any, **named: Any) -> Any:
        calls.append(1)
        if len(calls) == 2:
            signal.raise_signal(signal.SIGINT)
        return clip(*args, **named)

    monkeypatch.setattr(torch.nn.utils, "clip_grad_norm_", clipped)
    ours = signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background of a shell it is ignored
    with pytest.raises(KeyboardInterrupt):
        trainer.run(folder, TINY, source=iter(few))
    signal.signal(signal.SIGINT, ours)
    (one, facts), (two, _) = checkpoint.load(folder), checkpoint.load(other)
    assert (facts["progress"]["step"], facts["progress"]["batch"]) == (2, 2)
    assert all(torch.equal(one[name], two[name]) for name in two)


def test_weights_survive_a_gradient_that_is_no_number(
    folder: Path, few: list[rows.Batch], monkeypatch: pytest.MonkeyPatch
) -> None:
    loss, seen = trainer.CodeGen.loss, list[int]()

    def broken(model: trainer.CodeGen, *batch: torch.Tensor) -> torch.Tensor:
        seen.append(1)
        return loss(model, *batch) * (float("nan") if len(seen) == 2 else 1.0)

    monkeypatch.setattr(trainer.CodeGen, "loss", broken)
    with pytest.raises(RuntimeError, match="non-finite"):
        trainer.run(folder, TINY, source=iter(few))
    assert len(losses(folder)) == 1
    assert all(tensor.isfinite().all() for tensor in checkpoint.load(folder)[0].values())


def test_shards_travel_as_arrays(few: list[rows.Batch], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mixture, "shard", lambda *_, **__: few)
    made = trainer.make_shard(TINY, "", 0)
    assert all(isinstance(part, np.ndarray) for pair in made for part in pair)  # a tensor would hold a file open
    assert all(
        torch.equal(torch.from_numpy(part), was)
        for pair, batch in zip(made, few, strict=True)
        for part, was in zip(pair, batch, strict=True)
    )


@pytest.mark.slow
def test_build_from_corpus_to_packed_folder(folder: Path) -> None:
    seen: list[float] = []
    settings = {"tokens": 10_000, "shard_tokens": 6000, "early": 0, "real": 0.0, **SHAPE}
    manifest = build(folder, report=lambda progress, done, rate: seen.append(done), **settings)
    assert TINY.tokens <= manifest["trained_tokens"] < TINY.tokens + TINY.batch
    again = build(folder, resume=True, tokens=14_000, decay=0.5)
    assert 14_000 <= again["trained_tokens"] < 14_000 + TINY.batch
    assert again["seed"] == TINY.seed
    assert trainer.read_plan(checkpoint.load(folder)[1]).decay == 0.5
    packed = folder / "embedded"
    assert json.loads((packed / "manifest.json").read_text()) == again
    assert {name: sha256(packed / name) for name in again["sha256"]} == again["sha256"]
    assert "manifest.json" not in again["sha256"]
    with pytest.raises(ConfigError, match="--resume"):
        build(folder, **settings)
    with pytest.raises(ConfigError, match="--seed 7: the run"):
        build(folder, resume=True, tokens=14_000, seed=7)
    check_logits(packed, *checkpoint.load(folder))


def check_logits(packed: Path, tensors: checkpoint.Tensors, facts: dict[str, Any]) -> None:
    """Read with transformers, the packed weights give the logits of the checkpoint's, rounded to bfloat16."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from transformers import CodeGenForCausalLM

        theirs = CodeGenForCausalLM.from_pretrained(packed).eval()
    assert next(theirs.parameters()).dtype == torch.float32
    model = trainer.CodeGen(facts["config"])
    average = checkpoint.part(tensors, "average.")
    model.load_state_dict({name: tensor.to(torch.bfloat16).float() for name, tensor in average.items()})
    ids = torch.arange(1, 60)[None]
    with torch.inference_mode():
        torch.testing.assert_close(theirs(ids).logits, model(ids), atol=1e-2, rtol=1e-2)


def test_weights_over_the_limit_are_refused(folder: Path, few: list[rows.Batch], tmp_path: Path) -> None:
    trainer.run(folder, TINY, source=iter(few), stop_at=1)
    out = tmp_path / "packed"
    tensors, facts = checkpoint.load(folder)
    with pytest.raises(ModelError, match="over the limit"):
        pack(checkpoint.part(tensors, "average."), facts, folder / "tokenizer", out, limit=10_000)
    assert not out.exists()


def test_a_run_needs_a_budget_and_resuming_a_run(folder: Path) -> None:
    with pytest.raises(ConfigError, match="budget"):
        build(folder)
    with pytest.raises(ModelError, match="no checkpoint"):
        build(folder, resume=True)
    with pytest.raises(ConfigError, match="train sample"):
        build(folder, tokens=5000, sampled=0.1)


def test_broken_checkpoint_is_named(folder: Path) -> None:
    (folder / checkpoint.FOLDER).mkdir()
    (folder / checkpoint.FOLDER / checkpoint.FACTS).write_bytes(b"not a checkpoint")
    with pytest.raises(ModelError, match="cannot be read"):
        build(folder, tokens=1, resume=True)


def test_checkpoint_is_in_small_files_and_survives_a_kill(tmp_path: Path) -> None:
    tensors = {f"model.{i}": torch.full((1000,), float(i)) for i in range(5)}
    groups = checkpoint.split(tensors, limit=8000)
    assert [list(g) for g in groups] == [["model.0", "model.1"], ["model.2", "model.3"], ["model.4"]]
    checkpoint.save(tmp_path, tensors, {"n": 1})
    (tmp_path / checkpoint.FOLDER).rename(tmp_path / "checkpoint.old")  # killed between the two renames
    assert checkpoint.exists(tmp_path)
    found, facts = checkpoint.load(tmp_path)
    assert facts == {"n": 1}
    assert all(torch.equal(found[name], tensor) for name, tensor in tensors.items())


def test_progress_counts_tokens_or_minutes() -> None:
    progress = trainer.Progress(tokens=50, seconds=30)
    assert progress.done(trainer.Plan(tokens=100)) == 0.5
    assert progress.done(trainer.Plan(minutes=1)) == 0.5


def test_loss_is_drawn(folder: Path, few: list[rows.Batch], tmp_path: Path) -> None:
    trainer.run(folder, TINY, source=iter(few), stop_at=3)
    result = CliRunner().invoke(train, ["curve", str(folder), str(tmp_path / "loss.png")])
    assert result.exit_code == 0, result.output
    assert "3 steps" in result.output
    assert (tmp_path / "loss.png").read_bytes().startswith(b"\x89PNG")
    assert smoothed([4.0, 2.0], 0.5) == [4.0, 3.0]


@pytest.mark.slow
def test_one_command_from_seed_to_weights(tmp_path: Path) -> None:
    """The whole way in small: corpus, tokenizer, training, packing; and a loss that such a run reaches."""
    shape = ["--width", "128", "--layers", "3", "--heads", "4", "--batch", "4096"]
    command = ["-m", "mtchat", "train", "--out", str(tmp_path), "--seed", "0", "--tokens", "1500000", *shape]
    subprocess.run([sys.executable, *command], check=True, capture_output=True)
    assert checkpoint.load(tmp_path)[1]["progress"]["loss"] < REACHED
    manifest = json.loads((tmp_path / "embedded" / "manifest.json").read_text())
    assert {name: sha256(tmp_path / "embedded" / name) for name in manifest["sha256"]} == manifest["sha256"]
