"""The prefix cache: keys and values of the last sequence, kept so that the next text computes only what is new.

Knows which ids the kept keys and values belong to and how much of them a new text shares. It is only ever a cache:
whoever takes it owns it, and what is not put back is gone, so that a call that fails midway leaves nothing wrong
behind. Leaves to others: filling it (`generate`).
"""

from collections.abc import Sequence
from typing import Any


class PrefixCache:
    """Holds one sequence's keys and values (a transformers `DynamicCache`, batch of 1)."""

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
            return _new(), 0
        if shared < had:
            kept.crop(shared - had)  # a negative count removes; transformers refuses positive ones
        return kept, shared

    def put(self, ids: Sequence[int], cache: Any) -> None:
        """Keep `cache`, which covers the first of `ids` (all, or all but the last: the newest is not yet computed)."""
        if self.enabled:
            self._ids, self._kept = list(ids[: cache.get_seq_length()]), cache


def _new() -> Any:
    from transformers import DynamicCache

    return DynamicCache()


def common(a: Sequence[int], b: Sequence[int]) -> int:
    """Length of the longest common start."""
    shortest = min(len(a), len(b))
    return next((i for i in range(shortest) if a[i] != b[i]), shortest)


def row_of(cache: Any, row: int) -> Any:
    """A cache of its own with a copy of one row of a batch."""
    single = _new()
    for index, layer in enumerate(cache.layers):
        single.update(layer.keys[row : row + 1].clone(), layer.values[row : row + 1].clone(), index)
    return single
