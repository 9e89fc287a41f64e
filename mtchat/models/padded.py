"""transformers' own forward as a runner: for any causal language model, device and dtype.

Knows how sequences of different lengths become one batch (padded on the left, masked, positions counted from each
row's first token) and come apart again, and how keys and values grow in place. A row's scores then agree with those it
has alone up to rounding, not to the last bit: products and sums run in another order in another batch. Where that
matters, and can be had, `lean` is used instead. Leaves to others: sampling, and which sequences are kept.
"""

import inspect
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from transformers.cache_utils import Cache, DynamicLayer

BLOCK = 256
"""Tokens by which the room for keys and values grows at least."""


class GrowingLayer(DynamicLayer):
    """transformers' `DynamicLayer` with room to grow: a token is written in place, where the original copies all.

    `keys` and `values` stay what they were, (batch, heads, tokens, width), as views of the room's start.
    """

    keys: Tensor
    values: Tensor
    _rooms: tuple[Tensor, Tensor] | None = None

    def update(self, key_states: Tensor, value_states: Tensor, *args: Any, **kwargs: Any) -> tuple[Tensor, Tensor]:
        """Append keys and values of new tokens; all of them, old and new."""
        if not self.is_initialized:
            self.lazy_initialization(key_states, value_states)
        had = self.get_seq_length()
        need = had + key_states.shape[-2]
        if self._rooms is None or not self._fits(had, need):
            self._rooms = self._grown(self.keys, key_states, need), self._grown(self.values, value_states, need)
        keys, values = self._rooms
        keys[:, :, had:need], values[:, :, had:need] = key_states, value_states
        self.keys, self.values = keys[:, :, :need], values[:, :, :need]
        return self.keys, self.values

    @property
    def nbytes(self) -> int:
        return sum(room.nbytes for room in self._rooms or ())

    def _fits(self, had: int, need: int) -> bool:
        """Whether the room is large enough and still where the kept tokens lie (a batch that changed is a copy)."""
        assert self._rooms is not None
        return need <= self._rooms[0].shape[2] and (not had or self.keys.data_ptr() == self._rooms[0].data_ptr())

    @staticmethod
    def _grown(kept: Tensor, new: Tensor, need: int) -> Tensor:
        batch, heads, _, width = new.shape
        room = new.new_empty(batch, heads, (need * 5 // 4 // BLOCK + 1) * BLOCK, width)
        if kept.numel():
            room[:, :, : kept.shape[2]] = kept
        return room


def new_cache() -> Cache:
    """An empty cache for `model.forward(past_key_values=...)`."""
    return Cache(layer_class_to_replicate=GrowingLayer)


class KeptCache:
    """One sequence's keys and values: a transformers cache with a batch of 1."""

    def __init__(self, cache: Any) -> None:
        self.cache = cache

    @property
    def length(self) -> int:
        return int(self.cache.get_seq_length())

    @property
    def nbytes(self) -> int:
        return sum(layer.nbytes for layer in self.cache.layers)

    def crop(self, length: int) -> None:
        """Forget all but the first `length` tokens."""
        if length < self.length:
            self.cache.crop(length - self.length)  # a negative count removes; transformers refuses positive ones

    def copy(self, length: int) -> "KeptCache":
        """The first `length` tokens as a sequence of its own."""
        return _row_of(self.cache, 0, 0, length)


class PaddedRunner:
    """A causal language model of transformers as `generate` and `likelihood` use it."""

    threads: int | None = None
    exact = False

    def __init__(self, network: Any) -> None:
        self._network = network
        self.dtype, self.device = network.dtype, network.device
        self.context_length = int(network.config.max_position_embeddings)
        self.vocabulary = int(network.get_output_embeddings().weight.shape[0])
        self._takes_positions = "position_ids" in inspect.signature(network.forward).parameters

    def new(self) -> KeptCache:
        """A sequence of no tokens."""
        return KeptCache(new_cache())

    def read(self, ids: Sequence[int], kept: KeptCache) -> Tensor:
        """Scores (1, vocabulary) after `ids`, which follow what is `kept`; it grows."""
        return self.forward(self._tensor([ids]), kept.cache)

    def read_all(self, ids: Sequence[int], kept: KeptCache) -> tuple[Tensor, Tensor]:
        """Scores (tokens, vocabulary) and final states (tokens, n_embd) after each of `ids`."""
        inputs = {"input_ids": self._tensor([ids]), "past_key_values": kept.cache, "use_cache": True}
        out = self._network(**inputs, output_hidden_states=True)
        return out.logits[0].float(), out.hidden_states[-1][0].float()

    def batch(self, rows: Sequence[KeptCache]) -> "PaddedBatch":
        """Rows to grow a token at a time; a single one grows where it is."""
        return PaddedBatch(self, rows)

    def forward(self, ids: Tensor, cache: Any, pads: Tensor | None = None) -> Tensor:
        """Scores (rows, vocabulary) after `ids` (rows, tokens). `pads`: left padding of each row, if there is any."""
        more: dict[str, Any] = {}
        if pads is not None:
            places = torch.arange(cache.get_seq_length() + ids.shape[1], device=self.device)
            more["attention_mask"] = (places >= pads[:, None]).long()
            if self._takes_positions:
                more["position_ids"] = places[-ids.shape[1] :] - pads[:, None]
        out = self._network(input_ids=ids, past_key_values=cache, use_cache=True, logits_to_keep=1, **more)
        return out.logits[:, -1].float()

    def _tensor(self, ids: Sequence[Sequence[int]]) -> Tensor:
        return torch.tensor(ids, device=self.device)


class PaddedBatch:
    """Rows that grow together in one transformers cache."""

    def __init__(self, runner: PaddedRunner, rows: Sequence[KeptCache]) -> None:
        lengths = [row.length for row in rows]
        self._runner = runner
        self._pads = [max(lengths) - length for length in lengths]
        self._cache = rows[0].cache if len(rows) == 1 else _stack(rows, self._pads)

    def step(self, ids: Sequence[int]) -> Tensor:
        """Scores (rows, vocabulary) after one more token of each row."""
        device = self._runner.device
        pads = torch.tensor(self._pads, device=device) if any(self._pads) else None
        return self._runner.forward(torch.tensor(ids, device=device)[:, None], self._cache, pads)

    def leave(self, rows: Sequence[int]) -> list[KeptCache]:
        """Take `rows` (rising) out of the batch; a single row's keys and values are not copied."""
        if len(self._pads) == 1:
            return [KeptCache(self._cache)] * len(rows)
        length = self._cache.get_seq_length()
        gone = [_row_of(self._cache, i, self._pads[i], length) for i in rows]
        stay = [i for i in range(len(self._pads)) if i not in set(rows)]
        if stay:
            self._cache.batch_select_indices(torch.tensor(stay, device=self._runner.device))
        self._pads = [self._pads[i] for i in stay]
        return gone


def _stack(rows: Sequence[KeptCache], pads: Sequence[int]) -> Cache:
    """One cache of all rows, each with zeros before it."""
    cache = new_cache()
    for index in range(len(rows[0].cache.layers)):
        layers = [row.cache.layers[index] for row in rows]
        keys, values = (
            torch.cat([torch.nn.functional.pad(t, (0, 0, pad, 0)) for t, pad in zip(both, pads, strict=True)])
            for both in ([layer.keys for layer in layers], [layer.values for layer in layers])
        )
        cache.update(keys, values, index)
    return cache


def _row_of(cache: Any, row: int, start: int, end: int) -> KeptCache:
    """A sequence of its own with a copy of one row's tokens from `start` to `end`."""
    single = new_cache()
    for index, layer in enumerate(cache.layers):
        one = slice(row, row + 1)
        single.update(layer.keys[one, :, start:end], layer.values[one, :, start:end], index)  # it copies
    return KeptCache(single)
