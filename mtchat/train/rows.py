"""Conversations as rows of token ids: packed without waste, documents apart, targets on code alone.

Knows: which positions are learnt (code, and the tokens that end a turn), how documents share a row. Leaves to others:
the loop (`trainer`).
"""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any, NamedTuple

import torch
from torch import Tensor

from mtchat.train.corpus import END, Conversation, Recipe, conversations, layout

SHORT, LONG, BATCH = 512, 1024, 4096  # tokens in a row, in a long row, in a batch


class Batch(NamedTuple):
    """ids, documents and targets, each (rows, length), int64; a target is -100 where nothing is learnt."""

    ids: Tensor
    documents: Tensor
    targets: Tensor


class Document(NamedTuple):
    """One conversation's ids, and for each whether it is learnt."""

    ids: list[int]
    learnt: list[bool]


def documents(found: list[Conversation], tokenizer: Any) -> list[Document]:
    """Encode conversations; each ends with the end mark in the place of the next turn's `#`."""
    end = tokenizer.token_to_id(END)
    spans: list[list[tuple[int, int]]] = []
    texts: list[str] = []
    for conversation in found:
        at, text, code = 0, "", []
        for piece, learnt in layout(conversation):
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


def pack(found: list[Document], length: int, rng: random.Random) -> list[list[Document]]:
    """Documents into rows of `length` tokens, longest first, each into the fullest row that has room; rows shuffled."""
    rows: list[list[Document]] = []
    by_room: dict[int, list[int]] = {}
    for document in sorted(found, key=lambda d: -len(d.ids)):
        need = len(document.ids)
        room = next((r for r in range(need, length + 1) if by_room.get(r)), None)
        if room is None:
            rows.append([])
            index, room = len(rows) - 1, length
        else:
            index = by_room[room].pop()
        rows[index].append(document)
        by_room.setdefault(room - need, []).append(index)
    rng.shuffle(rows)
    return rows


def tensors(rows: list[list[Document]], length: int) -> Batch:
    """Rows as tensors; padding is a document of its own with nothing learnt."""
    ids = torch.zeros(len(rows), length, dtype=torch.long)
    docs, targets = torch.full_like(ids, -1), torch.full_like(ids, -100)
    for r, row in enumerate(rows):
        at = 0
        for d, document in enumerate(row):
            n = len(document.ids)
            ids[r, at : at + n] = torch.tensor(document.ids)
            docs[r, at : at + n] = d
            wanted = torch.tensor(
                [i if learnt else -100 for i, learnt in zip(document.ids, document.learnt, strict=True)]
            )
            targets[r, at : at + n - 1] = wanted[1:]
            at += n
    return Batch(ids, docs, targets)


def shard(recipe: Recipe, tokenizer: Any, number: int, tokens: int = 400_000) -> list[Batch]:
    """Shard `number` of the corpus as batches of BATCH tokens, about `tokens` in all; the same arguments give the
    same shard.

    One conversation in seventeen is long (12 to 26 turns), so that positions up to LONG are trained.
    """
    rng = random.Random(f"{recipe.seed}/shard/{number}")
    usual, long = conversations(recipe, 2 * number), conversations(replace(recipe, most_turns=26), 2 * number + 1)
    short_docs, long_docs, total = list[Document](), list[Document](), 0
    while total < tokens:
        found = [next(long if rng.random() < 0.06 else usual) for _ in range(min(256, max(16, tokens // 200)))]
        for document in documents(found, tokenizer):
            if len(document.ids) <= LONG:
                (short_docs if len(document.ids) <= SHORT else long_docs).append(document)
                total += len(document.ids)
    batches = []
    if recipe.even:  # short documents fill the long rows
        long_docs, short_docs = long_docs + short_docs[::4], [d for i, d in enumerate(short_docs) if i % 4]
    for docs, length in ((short_docs, SHORT), (long_docs, LONG)):
        rows, size = pack(docs, length, rng), BATCH // length
        batches += [tensors(rows[i : i + size], length) for i in range(0, len(rows) - size + 1, size)]
    rng.shuffle(batches)
    return batches
