"""The prefix cache: keys and values of the last sequence, kept so that the next text computes only what is new.

Knows which ids the kept keys and values belong to and how much of them a new text shares, and how they grow in place.
It is only ever a cache: whoever takes it owns it, and what is not put back is gone, so that a call that fails midway
leaves nothing wrong behind. Leaves to others: filling it (`generate`).
"""

from collections.abc import Sequence
from typing import Any

from torch import Tensor
from transformers.cache_utils import Cache, DynamicLayer

BLOCK = 256
"""Tokens by which the room for keys and values grows at least."""


class PrefixCache:
    """Holds one sequence's keys and values (see `new_cache`), a batch of 1."""

    def __init__(self, enabled: bool = True) -> None:
        self.enabled = enabled
        self.drop()

    def drop(self) -> None:
        """Forget everything."""
        self._ids: list[int] = []
        self._kept: Any = None

    def take(self, ids: Sequence[int]) -> tuple[Any, int]:
        """(cache, tokens of `ids` that it already covers), an empty one if nothing is shared. The store is empty after.

        At least one token is left to compute, as its scores are needed.
        """
        kept, had = self._kept, len(self._ids)
        shared = min(common(self._ids, ids), len(ids) - 1)
        self.drop()
        if kept is None or shared == 0:
            return new_cache(), 0
        if shared < had:
            kept.crop(shared - had)  # a negative count removes; transformers refuses positive ones
        return kept, shared

    def put(self, ids: Sequence[int], cache: Any) -> None:
        """Keep `cache`, which covers the first of `ids` (all, or all but the last: the newest is not yet computed)."""
        if self.enabled:
            self._ids, self._kept = list(ids[: cache.get_seq_length()]), cache


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


def common(a: Sequence[int], b: Sequence[int]) -> int:
    """Length of the longest common start."""
    shortest = min(len(a), len(b))
    return next((i for i in range(shortest) if a[i] != b[i]), shortest)


def row_of(cache: Any, row: int) -> Any:
    """A cache of its own with a copy of one row of a batch."""
    single = new_cache()
    for index, layer in enumerate(cache.layers):
        single.update(layer.keys[row : row + 1].clone(), layer.values[row : row + 1].clone(), index)
    return single
