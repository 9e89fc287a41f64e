"""The prefix cache: keys and values of finished sequences, kept so that the next text computes only what is new.

Knows which ids each kept sequence belongs to, which of them shares most with a new text, and how many bytes are kept.
It is only ever a cache: whoever takes a sequence owns it, and what is not put back is gone, so that a call that fails
midway leaves nothing wrong behind. Leaves to others: filling sequences (`generate`) and what they are made of (`lean`,
`padded`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, Self, TypeVar

KEEP = 1 << 30
"""Bytes of keys and values kept between calls: 1 GiB, 300 short conversations of the embedded model, 8 of a 350M."""


class Kept(Protocol):
    """Keys and values of the first `length` tokens of a sequence."""

    @property
    def length(self) -> int: ...

    @property
    def nbytes(self) -> int: ...

    def crop(self, length: int) -> None:
        """Forget all but the first `length` tokens."""

    def copy(self, length: int) -> Self:
        """The first `length` tokens as a sequence of its own."""
        ...


K = TypeVar("K", bound=Kept)


@dataclass(frozen=True)
class Entry(Generic[K]):
    """A kept sequence and the ids it covers."""

    ids: list[int]
    kept: K


class PrefixCache(Generic[K]):
    """Sequences of up to `keep` bytes together, the least recently used leave first; the newest stays at any size.

    `new` makes an empty sequence. With `keep` 0 nothing is kept at all.
    """

    def __init__(self, new: Callable[[], K], keep: int = KEEP) -> None:
        self._new, self._keep = new, keep
        self.entries: list[Entry[K]] = []
        """Least recently used first."""

    def drop(self) -> None:
        """Forget everything."""
        self.entries = []

    def take(self, texts: Sequence[Sequence[int]]) -> list[K]:
        """For each text a sequence that covers a start of it, as long as there is one: `length` tells how much.

        Each is the caller's own. At least one token of a text is left to compute, as its scores are needed. An entry
        that several texts start with goes to the one that shares most; the others get copies.
        """
        found = [self._best(ids) for ids in texts]
        owners: dict[int, int] = {}
        for i, (at, shared) in enumerate(found):
            if at not in owners or shared > found[owners[at]][1]:
                owners[at] = i
        copies = {i: self._copied(at, n) for i, (at, n) in enumerate(found) if owners[at] != i}
        taken = [copies[i] if i in copies else self._taken(at, n) for i, (at, n) in enumerate(found)]
        gone = {at for i, (at, n) in enumerate(found) if n and owners[at] == i and self._may_crop(at, n)}
        self.entries = [entry for at, entry in enumerate(self.entries) if at not in gone]
        return taken

    def put(self, ids: Sequence[int], kept: K) -> None:
        """Keep `kept`, which covers the first of `ids` (all, or all but the last: the newest is not yet computed)."""
        if not self._keep or not kept.length:
            return
        entry = Entry(list(ids[: kept.length]), kept)
        self.entries = [e for e in self.entries if common(e.ids, entry.ids) < len(e.ids)]  # it covers those
        self.entries.append(entry)
        size = sum(e.kept.nbytes for e in self.entries)
        while size > self._keep and len(self.entries) > 1:
            size -= self.entries.pop(0).kept.nbytes

    def _best(self, ids: Sequence[int]) -> tuple[int, int]:
        """(which entry shares most with `ids`, how many tokens); of equals the last used."""
        shared = [(min(common(entry.ids, ids), len(ids) - 1), at) for at, entry in enumerate(self.entries)]
        n, at = max(shared, default=(0, -1))
        return at, n

    def _may_crop(self, at: int, shared: int) -> bool:
        """Whether the entry is to be cut and grown in place: no more is lost than is used, else a copy grows."""
        return len(self.entries[at].ids) <= 2 * shared

    def _copied(self, at: int, shared: int) -> K:
        return self.entries[at].kept.copy(shared) if shared else self._new()

    def _taken(self, at: int, shared: int) -> K:
        if not shared or not self._may_crop(at, shared):
            return self._copied(at, shared)
        kept = self.entries[at].kept
        if shared < kept.length:
            kept.crop(shared)
        return kept


def common(a: Sequence[int], b: Sequence[int]) -> int:
    """Length of the longest common start, by halving: slices compare far faster than a loop does."""
    low, high = 0, min(len(a), len(b))
    while low < high:
        middle = (low + high + 1) // 2
        if a[low:middle] == b[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
