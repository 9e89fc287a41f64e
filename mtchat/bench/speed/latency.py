"""How long a person waits for the first token as a conversation grows, with the prefix cache and without.

Knows the measurement: one conversation is grown through `Model.complete`, and at chosen turns its text is also given
to the same weights without a cache, so that both are timed on the same text within seconds of each other. Leaves to
others: the flags (`mtchat.cli.bench_speed`) and how the cache works (`mtchat.models.cache`).
"""

import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import torch
import transformers

from mtchat.bench.speed.machine import machine
from mtchat.errors import ModelError
from mtchat.models import load_model
from mtchat.models.transformers_backend import TransformersModel
from mtchat.turn import SamplingParams

TURNS = (1, 5, 10)
PROMPT, GENERATED = 20, 60
"""Tokens a turn: what the person adds, what the model writes."""
_INTENT = "# Now take the list from above and print the {} largest of its numbers in order\n"


@dataclass(frozen=True)
class Waits:
    """Seconds to the first token at one turn, one entry a repeat, on a text of `tokens`."""

    turn: int
    tokens: int
    reused: int
    cached: tuple[float, ...]
    plain: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """How many times longer the wait is without the cache (of medians)."""
        return statistics.median(self.plain) / statistics.median(self.cached)


def measure(
    model: TransformersModel, *, turns: Sequence[int] = TURNS, repeats: int = 3, seed: int = 0, words: bool = False
) -> list[Waits]:
    """The waits at `turns` of `repeats` conversations of their own. `words`: the text is words, not numbers.

    A first, short call warms both up and is not counted; each conversation starts with an empty cache.
    """
    plain = model.uncached()
    write = _sentence if words else _random_ids
    for either in (model, plain):
        _first_token(either, write(random.Random(-1), 0), 2)
    runs = [_conversation(model, plain, turns, seed + i, write) for i in range(repeats)]
    return [
        Waits(turn, rows[0][0], rows[0][1], tuple(r[2] for r in rows), tuple(r[3] for r in rows))
        for turn, rows in zip(turns, zip(*runs, strict=True), strict=True)
    ]


def _conversation(
    model: TransformersModel, plain: TransformersModel, turns: Sequence[int], seed: int, write: "Writer"
) -> list[tuple[int, int, float, float]]:
    """(tokens of text, tokens reused, seconds with cache, seconds without) at each of `turns`."""
    model.forget()
    stream, text, rows = random.Random(seed), "", []
    for turn in range(1, max(turns) + 1):
        text += write(stream, turn)
        tokens = model.count(text)
        if turn in turns:
            without = _first_token(plain, text, 1)[0]
        cached, said = _first_token(model, text, GENERATED)
        if turn in turns:
            rows.append((tokens, model.last_prefill.reused, cached, without))
        text += said
    return rows


def _first_token(model: TransformersModel, text: str, tokens: int) -> tuple[float, str]:
    """(seconds from the call to its first text, what was written)."""
    stamps: list[float] = []
    start = time.perf_counter()
    params = SamplingParams(temperature=0.8, max_new_tokens=tokens)
    out = model.complete(text, params, on_text=lambda row, delta: stamps.append(time.perf_counter()))[0]
    return (stamps[0] if stamps else time.perf_counter()) - start, out.text


Writer = Callable[[random.Random, int], str]


def _random_ids(stream: random.Random, turn: int) -> str:
    return "".join(f" {stream.randrange(500)}" for _ in range(PROMPT))


def _sentence(stream: random.Random, turn: int) -> str:
    return ("\n\n" if turn > 1 else "") + _INTENT.format(stream.randrange(2, 100))


def prepare(model: str, device: str, dtype: str) -> TransformersModel:
    """The model to measure, by its name or folder. Raises ModelError."""
    loaded = load_model(model, device=device, dtype=dtype)
    if not isinstance(loaded, TransformersModel):
        raise ModelError(f"{model!r} has no prefix cache to measure: name a checkpoint")
    return loaded


def about_machine() -> dict[str, Any]:
    """What the figures were measured on, the libraries and the device included."""
    return {
        **machine(),
        "threads": torch.get_num_threads(),
        "device": torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu",
        "torch": torch.__version__,
        "transformers": transformers.__version__,
    }


def report(model: TransformersModel, waits: Sequence[Waits]) -> dict[str, Any]:
    """Everything measured, for `--json`."""
    rows = [{**asdict(w), "ratio": w.ratio} for w in waits]
    return {"dtype": model.dtype, "machine": about_machine(), "turns": rows}


def table(waits: Sequence[Waits], *, markdown: bool = False) -> str:
    """The waits in milliseconds, median (min–max), a line a turn."""
    head = ("turn", "tokens of text", "of them reused", "with cache, ms", "without, ms", "ratio")
    rows = [
        (str(w.turn), str(w.tokens), str(w.reused), _spread(w.cached), _spread(w.plain), f"{w.ratio:.1f}")
        for w in waits
    ]
    if markdown:
        return "\n".join(f"| {' | '.join(row)} |" for row in (head, ("---:",) * len(head), *rows))
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    return "\n".join("  ".join(c.rjust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in (head, *rows))


def _spread(seconds: Sequence[float]) -> str:
    low, middle, high = (1000 * f(seconds) for f in (min, statistics.median, max))
    return f"{middle:.0f} ({low:.0f}–{high:.0f})" if middle >= 20 else f"{middle:.1f} ({low:.1f}–{high:.1f})"
