from __future__ import annotations

import json
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from mtchat.errors import ConfigError, ModelError
from mtchat.train import rows, trainer
from mtchat.train.build import build
from mtchat.train.corpus import Recipe
from mtchat.train.pack import pack, sha256

TINY = trainer.Plan(seed=2, tokens=6 * rows.BATCH, width=32, layers=1, heads=4, rotary=4, shard_tokens=6000)


@pytest.fixture
def folder(tmp_path: Path, tokenizer_folder: Path) -> Path:
    shutil.copytree(tokenizer_folder, tmp_path / "run" / "tokenizer")
    return tmp_path / "run"


@pytest.fixture(scope="module")
def few(tokenizer: Any) -> list[rows.Batch]:
    return rows.shard(Recipe(seed=2, tokens=("zor", "bl")), tokenizer, 0, 26_000)[:6]


def losses(folder: Path) -> list[float]:
    found: list[float] = trainer.load(folder / trainer.CHECKPOINT)["progress"]["losses"]
    return found


def test_resumed_run_equals_an_uninterrupted_one(folder: Path, few: list[rows.Batch], tmp_path: Path) -> None:
    whole = trainer.run(folder, TINY, source=iter(few))
    expected = losses(folder)
    assert len(expected) == 6
    assert expected[-1] < expected[0]
    other = tmp_path / "other"
    shutil.copytree(folder / "tokenizer", other / "tokenizer")
    trainer.run(other, TINY, source=iter(few[:3]), stop_at=3)
    resumed = trainer.run(other, TINY, source=iter(few[3:]), resume=True)
    assert losses(other) == expected
    for a, b in zip(whole.parameters(), resumed.parameters(), strict=True):
        assert torch.equal(a, b)


def test_interrupt_saves_a_checkpoint(folder: Path, few: list[rows.Batch]) -> None:
    def interrupted() -> Iterator[rows.Batch]:
        yield from few[:2]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        trainer.run(folder, TINY, source=interrupted())
    assert len(losses(folder)) == 2
    assert not list(folder.glob("*.part"))


def test_build_from_corpus_to_packed_folder(folder: Path) -> None:
    seen: list[float] = []
    manifest = build(folder, TINY, report=lambda progress, done, rate: seen.append(done))
    assert manifest["trained_tokens"] == TINY.tokens
    again = build(folder, trainer.Plan(tokens=8 * rows.BATCH), resume=True)
    assert again["trained_tokens"] == 8 * rows.BATCH
    assert again["seed"] == TINY.seed
    packed = folder / "embedded"
    assert json.loads((packed / "manifest.json").read_text()) == again
    assert {name: sha256(packed / name) for name in again["sha256"]} == again["sha256"]
    assert "manifest.json" not in again["sha256"]
    with pytest.raises(ConfigError, match="--resume"):
        build(folder, TINY)
    check_logits(packed, trainer.load(folder / trainer.CHECKPOINT))


def check_logits(packed: Path, state: dict[str, Any]) -> None:
    """Read with transformers, the packed weights give the logits of the checkpoint."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from transformers import CodeGenForCausalLM

        theirs = CodeGenForCausalLM.from_pretrained(packed).eval()
    assert next(theirs.parameters()).dtype == torch.float32
    model = trainer.CodeGen(state["config"])
    model.load_state_dict(state["model"])
    ids = torch.arange(1, 60)[None]
    with torch.inference_mode():
        torch.testing.assert_close(theirs(ids).logits, model(ids), atol=2e-2, rtol=2e-2)


def test_weights_over_the_limit_are_refused(folder: Path, few: list[rows.Batch], tmp_path: Path) -> None:
    trainer.run(folder, TINY, source=iter(few), stop_at=1)
    out = tmp_path / "packed"
    with pytest.raises(ModelError, match="over the limit"):
        pack(trainer.load(folder / trainer.CHECKPOINT), folder / "tokenizer", out, limit=10_000)
    assert not out.exists()


def test_a_run_needs_a_budget_and_resuming_a_run(folder: Path) -> None:
    with pytest.raises(ConfigError, match="budget"):
        build(folder, trainer.Plan())
    with pytest.raises(ModelError, match=r"checkpoint\.pt"):
        build(folder, trainer.Plan(), resume=True)


def test_broken_checkpoint_is_named(folder: Path) -> None:
    (folder / trainer.CHECKPOINT).write_bytes(b"not a checkpoint")
    with pytest.raises(ModelError, match="cannot be read"):
        build(folder, trainer.Plan(tokens=1), resume=True)


def test_progress_counts_tokens_or_minutes() -> None:
    progress = trainer.Progress(tokens=50, seconds=30)
    assert progress.done(trainer.Plan(tokens=100)) == 0.5
    assert progress.done(trainer.Plan(minutes=1)) == 0.5
