"""The training loop: shards made ahead in other processes, a schedule over a budget of minutes or tokens, averaged
weights, checkpoints that resume exactly.

Knows: the loop, its budget, what a checkpoint holds. Leaves to others: batches (`rows`), the network (`model`), the
update (`optim`), files (`checkpoint`, `pack`).
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from mtchat.train import checkpoint, mixture, rows
from mtchat.train import tokenizer as bpe
from mtchat.train.corpus import END
from mtchat.train.model import CodeGen, config_dict
from mtchat.train.optim import optimizers, rate, set_rate


@dataclass(frozen=True)
class Plan:
    """Everything that a run depends on. One of `tokens` and `minutes` is the budget (the other 0); with `tokens` a
    run is repeatable. `decay` is the last part of the budget, in which the rate falls; `average` the weight of the
    past in the average of weights that ships; `early`, `real` and `sampled` are `mixture.shares`'s.
    """

    seed: int = 0
    tokens: int = 0
    minutes: float = 0.0
    width: int = 320
    layers: int = 6
    heads: int = 8
    rotary: int = 16
    batch: int = 8192
    shard_tokens: int = 400_000
    early: int = 2
    real: float = 0.05
    sampled: float = 0.0
    decay: float = 0.3
    average: float = 0.995
    bfloat16: bool = True


@dataclass
class Progress:
    """Where a run is: tokens seen, seconds spent (over all sittings), shard and batch to come next, smoothed loss,
    the loss of every step.
    """

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


@dataclass
class State:
    """What moves while training: the model, the average of its weights, the optimizers, the progress."""

    model: CodeGen
    average: dict[str, Tensor]
    optimizers: list[torch.optim.Optimizer]
    progress: Progress

    def save(self, folder: Path, plan: Plan) -> None:
        """Write the checkpoint of the working folder."""
        weights = {f"model.{name}": t for name, t in self.model.state_dict().items()}
        average = {f"average.{name}": t for name, t in self.average.items()}
        facts = {"plan": asdict(plan), "config": self.model.config, "progress": asdict(self.progress)}
        checkpoint.save(folder, {**weights, **average, **checkpoint.remembered(self.optimizers)}, facts)


def start(plan: Plan, vocabulary: int, end: int, device: str = "cpu") -> State:
    """A model with weights drawn from the plan's seed, and nothing learnt."""
    torch.manual_seed(plan.seed)
    shape = {"width": plan.width, "layers": plan.layers, "heads": plan.heads, "rotary": plan.rotary}
    model = CodeGen(config_dict(vocabulary, **shape, context=rows.LONG, end=end)).to(device)
    return State(model, {n: t.clone() for n, t in model.state_dict().items()}, optimizers(model), Progress())


def go_on(state: State, folder: Path) -> None:
    """Bring `state` to where the checkpoint of the working folder is."""
    tensors, facts = checkpoint.load(folder)
    state.model.load_state_dict(checkpoint.part(tensors, "model."))
    for name, tensor in checkpoint.part(tensors, "average.").items():
        state.average[name].copy_(tensor)
    checkpoint.remind(state.optimizers, tensors)
    state.progress = Progress(**facts["progress"])


def read_plan(facts: dict[str, Any]) -> Plan:
    """The plan that a checkpoint's facts hold."""
    known = {f.name for f in fields(Plan)}
    return Plan(**{name: value for name, value in facts["plan"].items() if name in known})


def make_shard(plan: Plan, folder: str, number: int) -> list[tuple[Any, Any]]:
    """Shard `number` of the run in `folder`, for another process, which keeps to one thread: ids and targets of its
    batches as numpy arrays, as every tensor that goes between processes would hold a file and shared memory.
    """
    torch.set_num_threads(1)
    size = {"tokens": plan.shard_tokens, "batch": plan.batch, "early": plan.early}
    made = mixture.shard(plan.seed, Path(folder), number, **size, real=plan.real, sampled=plan.sampled)
    return [(batch.ids.numpy(), batch.targets.numpy()) for batch in made]


def _start_worker() -> None:
    """The shard maker gives way to training, leaves Ctrl-C to it, and (on Linux) ends with it."""
    os.nice(10)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def batches(folder: Path, plan: Plan, progress: Progress, workers: int = 1) -> Iterator[rows.Batch]:
    """Batches from where `progress` is, for ever; the next shards are made meanwhile by nice processes.

    Who takes a batch counts it in `progress.batch`; shards are counted here.
    """
    import multiprocessing

    os.environ["PYTHONHASHSEED"] = "0"  # for the makers: what a program does may hang on the order of a set
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_start_worker) as pool:
        coming: deque[Future[list[tuple[Any, Any]]]] = deque()
        asked = progress.shard
        while True:
            while len(coming) <= workers:
                coming.append(pool.submit(make_shard, plan, str(folder), asked))
                asked += 1
            found = coming.popleft().result()
            for ids, targets in found[progress.batch :]:
                yield rows.Batch(torch.from_numpy(ids), torch.from_numpy(targets))
            progress.shard, progress.batch = progress.shard + 1, 0


def step(state: State, batch: rows.Batch, plan: Plan, factor: float) -> float:
    """One update at `factor` of the peak rates; the loss before it."""
    model, device = state.model, state.model.sin.device.type
    set_rate(state.optimizers, factor)
    with torch.autocast(device, dtype=torch.bfloat16, enabled=plan.bfloat16):
        loss = model.loss(*(t.to(device, non_blocking=True) for t in batch))
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0, error_if_nonfinite=True)  # else all weights were lost
    for optimizer in state.optimizers:
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
    past = min(plan.average, (1 + state.progress.step) / (10 + state.progress.step))
    with torch.no_grad():
        for name, tensor in model.state_dict().items():
            state.average[name].lerp_(tensor, 1 - past)
    return float(loss.detach())


@contextlib.contextmanager
def unbroken() -> Iterator[None]:
    """Ctrl-C and SIGTERM wait until what is inside is done, so that no checkpoint holds half an update."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = {n: signal.signal(n, lambda number, _: came.append(number)) for n in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if came:
            signal.raise_signal(came[0])


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
) -> State:
    """Train under `plan` in `folder` (which holds `tokenizer/`), from its checkpoint if `resume`; the state at the end.

    Runs on CUDA where there is a device, else on the CPU. Ctrl-C (KeyboardInterrupt) saves a checkpoint and passes on.
    `source` and `stop_at` (a step) serve tests.
    """
    tokenizer = bpe.load(folder / "tokenizer")
    device = "cuda" if torch.cuda.is_available() else "cpu"
    state = start(plan, tokenizer.get_vocab_size(), tokenizer.token_to_id(END), device)
    if resume:
        go_on(state, folder)
    if device == "cpu" and plan.bfloat16:
        state.model.use_kernels()
    workers = 1 if device == "cpu" else max(1, (os.cpu_count() or 2) - 2)
    stream = source if source is not None else batches(folder, plan, state.progress, workers)
    try:
        _loop(state, stream, plan, folder, report, save_every, stop_at)
    finally:
        state.save(folder, plan)
    return state


def _loop(
    state: State,
    stream: Iterator[rows.Batch],
    plan: Plan,
    folder: Path,
    report: Report | None,
    save_every: float,
    stop_at: int,
) -> None:
    progress = state.progress
    begun = saved = time.monotonic()
    before, first = progress.seconds, progress.tokens
    while progress.done(plan) < 1 and (not stop_at or progress.step < stop_at):
        batch = next(stream)
        with unbroken():
            loss = step(state, batch, plan, rate(progress.done(plan), plan.decay))
            progress.step += 1
            progress.batch += 1
            progress.tokens += batch.ids.numel()
            progress.loss = loss if progress.step == 1 else 0.98 * progress.loss + 0.02 * loss
            progress.losses.append(round(loss, 4))
            now = time.monotonic()
            progress.seconds = before + now - begun
        if report and progress.step % 10 == 0:
            report(progress, progress.done(plan), (progress.tokens - first) / (now - begun))
        if now - saved > save_every:
            state.save(folder, plan)
            saved = now
