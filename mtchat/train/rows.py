"""Conversations as rows of token ids: rows of a batch nearly equal in length, targets on code alone.

Knows: which positions are learnt (code, and the tokens that end a turn), which conversations go into one batch.
Leaves to others: what there is to learn (`mixture`), the loop (`trainer`).

One conversation is one row. Batches hold conversations of like length, so that there is next to nothing to pad, no mask
but the causal one, and no attention wasted on neighbours; that is twice as fast on a CPU as long packed rows.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
from torch import Tensor

from mtchat.train.corpus import END

LONG = 1024  # tokens in the longest row
STEP = 16  # lengths of rows are multiples of it


class Batch(NamedTuple):
    """ids and targets, each (rows, length), int64; a target is -100 where nothing is learnt."""

    ids: Tensor
    targets: Tensor


class Document(NamedTuple):
    """One conversation's ids, and for each whether it is learnt."""

    ids: list[int]
    learnt: list[bool]


def documents(found: list[list[tuple[str, bool]]], tokenizer: Any) -> list[Document]:
    """Encode texts in pieces, as `corpus.layout` gives them, each with whether it is learnt; the end mark stands in the
    place of the next turn's `#`.
    """
    end = tokenizer.token_to_id(END)
    spans: list[list[tuple[int, int]]] = []
    texts: list[str] = []
    for pieces in found:
        at, text, code = 0, "", []
        for piece, learnt in pieces:
            if learnt:
                code.append((at, at + len(piece) + 1))  # one more: the mark that ends the turn
            at, text = at + len(piece), text + piece
        texts.append(text + "#")
        spans.append(code)
    made = []
    for encoding, code in zip(tokenizer.encode_batch(texts), spans, strict=True):
        ids, starts = list(encoding.ids), [start for start, _ in encoding.offsets]
        ids[-1] = end
        part, wanted = 0, list[bool]()
        for start in starts:
            while part < len(code) and start >= code[part][1]:
                part += 1
            wanted.append(part < len(code) and code[part][0] <= start)
        made.append(Document(ids, wanted))
    return made


def batched(found: list[Document], tokens: int) -> list[list[Document]]:
    """Documents in groups of like length, none lost; each group, padded to its longest, has at most `tokens` tokens."""
    groups = list[list[Document]]()
    for document in sorted(found, key=lambda d: len(d.ids)):
        if not groups or (len(groups[-1]) + 1) * padded(len(document.ids)) > max(tokens, padded(len(document.ids))):
            groups.append([])
        groups[-1].append(document)
    return groups


def padded(length: int) -> int:
    """The length of the row that holds so many tokens."""
    return -(-length // STEP) * STEP


def tensors(group: list[Document]) -> Batch:
    """One row a document, as long as the longest needs; nothing is learnt in the padding."""
    length = padded(max(len(d.ids) for d in group))
    ids = torch.zeros(len(group), length, dtype=torch.long)
    targets = torch.full_like(ids, -100)
    for r, document in enumerate(group):
        n = len(document.ids)
        ids[r, :n] = torch.tensor(document.ids)
        wanted = [i if learnt else -100 for i, learnt in zip(document.ids, document.learnt, strict=True)]
        targets[r, : n - 1] = torch.tensor(wanted[1:])
    return Batch(ids, targets)
