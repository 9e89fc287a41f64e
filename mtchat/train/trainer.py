"""The training loop: shards made ahead in a second process, a schedule over a budget of minutes or tokens,
checkpoints that resume exactly.

Knows: the loop, its budget, its checkpoint file. Leaves to others: batches (`rows`), the network (`model`), the
update (`optim`), the final files (`pack`).
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import torch

from mtchat.train import rows
from mtchat.train import tokenizer as bpe
from mtchat.train.corpus import END, Recipe
from mtchat.train.model import CodeGen, config_dict
from mtchat.train.optim import optimizers, rate, set_rate

CHECKPOINT = "checkpoint.pt"
EVEN = 9


@dataclass(frozen=True)
class Plan:
    """Everything that a run depends on. One of `tokens` and `minutes` is the budget (the other 0); with `tokens` a
    run is repeatable.
    """

    seed: int = 0
    tokens: int = 0
    minutes: float = 0.0
    width: int = 256
    layers: int = 6
    heads: int = 8
    rotary: int = 16
    shard_tokens: int = 400_000
    decay: float = 0.55
    even_from: int = (
        EVEN  # the first shard whose words are dealt evenly from the vocabulary; before, common words prevail
    )
    bfloat16: bool = True


@dataclass
class Progress:
    """Where a run is: tokens seen, seconds spent (over all sittings), shard and batch to come next, smoothed loss."""

    tokens: int = 0
    seconds: float = 0.0
    shard: int = 0
    batch: int = 0
    step: int = 0
    loss: float = 0.0
    losses: list[float] = field(default_factory=list)

    def done(self, plan: Plan) -> float:
        """The part of the budget that is spent, 0 to 1."""
        return self.tokens / plan.tokens if plan.tokens else self.seconds / (60 * plan.minutes)


def new_model(plan: Plan, vocabulary: int, end: int) -> CodeGen:
    """A model with weights drawn from the plan's seed."""
    torch.manual_seed(plan.seed)
    return CodeGen(
        config_dict(
            vocabulary,
            width=plan.width,
            layers=plan.layers,
            heads=plan.heads,
            rotary=plan.rotary,
            context=rows.LONG,
            end=end,
        )
    )


def make_shard(recipe: Recipe, folder: str, number: int, tokens: int, even_from: int) -> list[rows.Batch]:
    """`rows.shard` for another process: it reads the tokenizer itself and keeps to one thread."""
    torch.set_num_threads(1)
    if number >= even_from:
        recipe = replace(recipe, even=True, rare_names=0.8)
    return rows.shard(recipe, bpe.load(Path(folder)), number, tokens)


def _start_worker() -> None:
    """The shard maker gives way to training, leaves Ctrl-C to it, and (on Linux) ends with it."""
    os.nice(10)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def batches(recipe: Recipe, folder: Path, plan: Plan, progress: Progress) -> Iterator[rows.Batch]:
    """Batches from where `progress` is, for ever; the next shard is made meanwhile by a nice second process."""
    import multiprocessing

    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context, initializer=_start_worker) as pool:
        coming = pool.submit(make_shard, recipe, str(folder), progress.shard, plan.shard_tokens, plan.even_from)
        while True:
            found = coming.result()
            coming = pool.submit(make_shard, recipe, str(folder), progress.shard + 1, plan.shard_tokens, plan.even_from)
            for batch in found[progress.batch :]:
                progress.batch += 1
                yield batch
            progress.shard, progress.batch = progress.shard + 1, 0


def save(path: Path, model: CodeGen, found: list[torch.optim.Optimizer], progress: Progress, plan: Plan) -> None:
    """Write a checkpoint whole or not at all."""
    state = {
        "model": model.state_dict(),
        "optimizers": [o.state_dict() for o in found],
        "progress": asdict(progress),
        "plan": asdict(plan),
        "config": model.config,
    }
    temporary = path.with_suffix(".part")
    torch.save(state, temporary)
    os.replace(temporary, path)


def load(path: Path) -> dict[str, Any]:
    """Read a checkpoint (a dictionary of tensors and plain values)."""
    state: dict[str, Any] = torch.load(path, weights_only=True)
    return state


def step(model: CodeGen, found: list[torch.optim.Optimizer], batch: rows.Batch, factor: float, bfloat16: bool) -> float:
    """One update; the loss before it."""
    set_rate(found, factor)
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bfloat16):
        loss = model.loss(*batch)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    for optimizer in found:
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
    return float(loss.detach())


Report = Callable[[Progress, float, float], None]


def run(
    folder: Path,
    plan: Plan,
    *,
    resume: bool = False,
    report: Report | None = None,
    save_every: float = 180.0,
    source: Iterator[rows.Batch] | None = None,
    stop_at: int = 0,
) -> CodeGen:
    """Train under `plan` in `folder` (which holds `tokenizer/`), from its checkpoint if `resume`; the trained model.

    Ctrl-C (KeyboardInterrupt) saves a checkpoint and passes on. `source` and `stop_at` (a step) serve tests.
    """
    tokenizer = bpe.load(folder / "tokenizer")
    model = new_model(plan, tokenizer.get_vocab_size(), tokenizer.token_to_id(END))
    found, progress = optimizers(model), Progress()
    if resume:
        state = load(folder / CHECKPOINT)
        model.load_state_dict(state["model"])
        for optimizer, saved in zip(found, state["optimizers"], strict=True):
            optimizer.load_state_dict(saved)
        progress = Progress(**state["progress"])
    recipe = Recipe(seed=plan.seed, tokens=bpe.words(tokenizer))
    stream = source if source is not None else batches(recipe, folder / "tokenizer", plan, progress)
    try:
        _loop(model, found, stream, progress, plan, folder, report, save_every, stop_at)
    finally:
        save(folder / CHECKPOINT, model, found, progress, plan)
    return model


def _loop(
    model: CodeGen,
    found: list[torch.optim.Optimizer],
    stream: Iterator[rows.Batch],
    progress: Progress,
    plan: Plan,
    folder: Path,
    report: Report | None,
    save_every: float,
    stop_at: int,
) -> None:
    start = saved = time.monotonic()
    before, first = progress.seconds, progress.tokens
    while progress.done(plan) < 1 and (not stop_at or progress.step < stop_at):
        batch = next(stream)
        loss = step(model, found, batch, rate(progress.done(plan), plan.decay), plan.bfloat16)
        progress.step += 1
        progress.tokens += batch.ids.numel()
        progress.loss = loss if progress.step == 1 else 0.98 * progress.loss + 0.02 * loss
        progress.losses.append(round(loss, 4))
        now = time.monotonic()
        progress.seconds = before + now - start
        if report and progress.step % 20 == 0:
            report(progress, progress.done(plan), (progress.tokens - first) / (now - start))
        if now - saved > save_every:
            save(folder / CHECKPOINT, model, found, progress, plan)
            saved = now


def summary(progress: Progress, plan: Plan) -> str:
    """One JSON line about a run."""
    return json.dumps(
        {
            "step": progress.step,
            "tokens": progress.tokens,
            "seconds": round(progress.seconds),
            "loss": round(progress.loss, 4),
            "seed": plan.seed,
        }
    )
