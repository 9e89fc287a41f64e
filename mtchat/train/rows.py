"""Conversations as rows of token ids: rows of a batch nearly equal in length, targets on code alone.

Knows: which positions are learnt (code, and the tokens that end a turn), which conversations go into one batch.
Leaves to others: the loop (`trainer`).

One conversation is one row. Batches hold conversations of like length, so that there is next to nothing to pad, no mask
but the causal one, and no attention wasted on neighbours; that is twice as fast on a CPU as long packed rows.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any, NamedTuple

import torch
from torch import Tensor

from mtchat.train import realcode
from mtchat.train import tokenizer as bpe
from mtchat.train.corpus import END, Conversation, Recipe, conversations, layout

LONG = 1024  # tokens in the longest row
EARLY = 2  # shards of prose and plain code
EVEN = 5  # the first shard whose words may be dealt evenly
STEP = 16  # lengths of rows are multiples of it


class Batch(NamedTuple):
    """ids and targets, each (rows, length), int64; a target is -100 where nothing is learnt."""

    ids: Tensor
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


def recipes(seed: int, words: tuple[str, ...], number: int) -> tuple[Recipe, Recipe]:
    """What the conversations of shard `number` are like: usual ones, and long ones.

    In every other shard names and words are dealt evenly from the vocabulary (`words`), so that each is seen often
    enough to be copied; in the rest, and in the first few, ordinary words prevail.
    """
    even = number >= EVEN and number % 2 == 1
    usual = Recipe(seed=seed, tokens=words, even=even, rare_names=0.6 if even else 0.25)
    return usual, replace(usual, most_turns=26)


def mixture(number: int) -> dict[str, float]:
    """What shard `number` is made of: source and share of its documents.

    The paper's order in small: first prose and plain code, then conversations, with a little real code to the end. One
    conversation in seventeen is long (12 to 26 turns), so that positions up to LONG are trained.
    """
    if number < EARLY:
        return {"prose": 0.3, "plain": 0.3, "real": 0.4}
    return {"usual": 0.89, "long": 0.06, "real": 0.05}


def plain(text: str, tokenizer: Any) -> Document:
    """A text that is learnt from its second token to its end, cut where the longest row ends."""
    ids = [*tokenizer.encode(text).ids[: LONG // 2], tokenizer.token_to_id(END)]
    return Document(ids, [True] * len(ids))


def sources(seed: int, tokenizer: Any, number: int) -> dict[str, Iterator[Document]]:
    """Endless documents from each source, as shard `number` sees them."""
    usual, long = recipes(seed, bpe.words(tokenizer), number)

    def encoded(found: Iterator[Conversation]) -> Iterator[Document]:
        while some := list(islice(found, 16)):
            yield from documents(some, tokenizer)

    return {
        "usual": encoded(conversations(usual, 2 * number)),
        "long": encoded(conversations(long, 2 * number + 1)),
        "real": encoded(realcode.pieces(seed, number)),
        "prose": (plain(text, tokenizer) for text in realcode.texts(seed, number)),
        "plain": (plain(text, tokenizer) for text in realcode.whole(seed, number)),
    }


def shard(seed: int, tokenizer: Any, number: int, tokens: int = 400_000, batch: int = 8192) -> list[Batch]:
    """Shard `number` of the corpus as batches of at most `batch` tokens, about `tokens` in all; the same arguments
    give the same shard.
    """
    rng, found = random.Random(f"{seed}/shard/{number}"), sources(seed, tokenizer, number)
    names, shares = zip(*mixture(number).items(), strict=True)
    made, total = list[Document](), 0
    while total < tokens:
        document = next(found[rng.choices(names, shares)[0]])
        if 1 < len(document.ids) <= LONG:
            made.append(document)
            total += len(document.ids)
    batches = [tensors(group) for group in batched(made, batch)]
    rng.shuffle(batches)
    return batches
