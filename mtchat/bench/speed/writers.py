"""Programs that continue a text, made alike so that they can be timed side by side: ours and its peers.

Knows how each is loaded from one checkpoint's folder and asked for a number of tokens, greedily for one row and
sampled for several, without ending early where it can be told so. Leaves to others: what is compared (`headline`).
CTranslate2 is optional (`pip install 'mtchat[bench]'`).
"""

import gc
import importlib.util
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, cast

import torch

from mtchat.models import load_model
from mtchat.models.quiet import quiet
from mtchat.models.tokenization import load_codec
from mtchat.turn import SamplingParams

TOP_K = 50
"""Tokens that several rows are sampled from, the same for all programs."""


@dataclass(frozen=True)
class Written:
    """Seconds to the first token and in all, tokens of all rows, and the first row's text."""

    first: float
    total: float
    tokens: int
    rows: int
    text: str

    @property
    def rate(self) -> float:
        """Tokens a second after the first of each row."""
        return (self.tokens - self.rows) / max(self.total - self.first, 1e-9)

    @property
    def aggregate(self) -> float:
        """Tokens a second, reading the text included."""
        return self.tokens / self.total


class Writer(Protocol):
    """A program that continues a text."""

    name: str

    def write(self, text: str, tokens: int, rows: int = 1) -> Written:
        """`rows` continuations of `tokens` tokens each; nothing is reused of earlier calls."""
        ...

    def close(self) -> None:
        """Let go of the weights."""
        ...


class Ours:
    """mtchat's own model. Guessing ahead is off: it is measured by itself, on texts that people wrote."""

    def __init__(self, folder: str, dtype: str = "auto", device: str = "auto", endless: bool = False) -> None:
        """`endless`: the token that ends a text is never written, as the peers are told."""
        self.model = cast(Any, load_model(folder, dtype=dtype, device=device))
        self.model.ahead = None
        if endless:
            self.model._mute[self.model._codec.eos] = True
        self.dtype: str = self.model.dtype
        self.name = f"mtchat {self.dtype}"

    def write(self, text: str, tokens: int, rows: int = 1) -> Written:
        self.model.forget()
        return self.go_on(text, tokens, rows)

    def go_on(self, text: str, tokens: int, rows: int = 1) -> Written:
        """As `write`, with what earlier calls left in the prefix cache."""
        stamps: list[float] = []
        params = SamplingParams(greedy=True, max_new_tokens=tokens)
        if rows > 1:
            params = SamplingParams(temperature=1.0, top_p=1.0, top_k=TOP_K, max_new_tokens=tokens, n=rows)
        start = time.perf_counter()
        out = self.model.complete(text, params, on_text=lambda row, delta: stamps.append(time.perf_counter()))
        total = time.perf_counter() - start
        first = stamps[0] - start if stamps else total
        return Written(first, total, sum(each.tokens for each in out), rows, out[0].text)

    def close(self) -> None:
        self.model.close()
        gc.collect()


class Transformers:
    """transformers' `generate`, in float32 with its own cache within a call."""

    name = "transformers float32"

    def __init__(self, folder: str) -> None:
        from transformers import AutoModelForCausalLM

        with quiet():
            self._network: Any = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
        self._codec = load_codec(Path(folder))

    def write(self, text: str, tokens: int, rows: int = 1) -> Written:
        ids, stamps = torch.tensor([self._codec.encode(text)]), list[float]()

        def stamp(ids: torch.Tensor, scores: Any, **more: Any) -> torch.Tensor:
            stamps.append(time.perf_counter())
            return torch.zeros(len(ids), dtype=torch.bool)

        how: dict[str, Any] = {"do_sample": False}
        if rows > 1:
            how = {"do_sample": True, "temperature": 1.0, "top_p": 1.0, "top_k": TOP_K, "num_return_sequences": rows}
        start = time.perf_counter()
        with torch.inference_mode(), quiet():
            out = self._network.generate(
                ids,
                attention_mask=torch.ones_like(ids),
                min_new_tokens=tokens,
                max_new_tokens=tokens,
                pad_token_id=self._codec.eos,
                eos_token_id=self._codec.eos,
                stopping_criteria=[stamp],
                **how,
            )
        total = time.perf_counter() - start
        had, whole = (self._codec.decode(each[0].tolist()) for each in (ids, out))
        return Written(stamps[0] - start, total, out.numel() - rows * ids.shape[1], rows, whole[len(had) :])

    def close(self) -> None:
        del self._network
        gc.collect()


class CTranslate2:
    """CTranslate2 with int8 weights. The first token is timed in a call of its own: a callback would cost."""

    name = "CTranslate2 int8"

    def __init__(self, folder: str, work: Path) -> None:
        import ctranslate2

        into = work / "ctranslate2"
        if not into.exists():
            with quiet():
                ctranslate2.converters.TransformersConverter(folder).convert(str(into), quantization="int8")
        threads = torch.get_num_threads()
        self._generator: Any = ctranslate2.Generator(str(into), intra_threads=threads, compute_type="int8")
        self._codec = load_codec(Path(folder))

    def write(self, text: str, tokens: int, rows: int = 1) -> Written:
        spell = self._codec.spell or str
        ids = self._codec.encode(text)
        given = [spell(i) for i in ids]
        first, _ = self._timed(given, 1, rows)
        total, out = self._timed(given, tokens, rows)
        had, whole = self._codec.decode(ids), self._codec.decode([*ids, *out[0]])
        return Written(first, total, sum(map(len, out)), rows, whole[len(had) :])

    def _timed(self, given: list[Any], tokens: int, rows: int) -> tuple[float, list[list[int]]]:
        start = time.perf_counter()
        (result,) = self._generator.generate_batch(
            [given],
            max_length=tokens,
            min_length=tokens,
            sampling_topk=TOP_K if rows > 1 else 1,
            num_hypotheses=rows,
            include_prompt_in_result=False,
        )
        return time.perf_counter() - start, result.sequences_ids

    def close(self) -> None:
        del self._generator
        gc.collect()


def has_ctranslate2() -> bool:
    """Whether the optional peer is installed."""
    return importlib.util.find_spec("ctranslate2") is not None


def in_turn(writers: list[Any], texts: list[str], measure: Callable[[Any, str], Any]) -> dict[str, list[Any]]:
    """What `measure(writer, text)` gives for every text and writer, by writer's name; a short text first warms up.

    Each text goes to all writers before the next one: what slows the machine for a while slows all of them.
    """
    for writer in writers:
        measure(writer, texts[0])
    found: dict[str, list[Any]] = {writer.name: [] for writer in writers}
    for text in texts:
        for writer in writers:
            found[writer.name].append(measure(writer, text))
    return found


def ratio(ours: list[float], theirs: list[float]) -> float:
    """Median of ours over median of theirs."""
    return statistics.median(ours) / statistics.median(theirs)
