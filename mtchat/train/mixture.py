"""What a shard is made of: conversations usual and long, real code, prose, what the model wrote itself.

Knows: sources, their shares, when words are dealt evenly. Leaves to others: each source (`corpus`, `realcode`,
`sampling`), rows and batches (`rows`).
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from mtchat.train import realcode, sampling
from mtchat.train import tokenizer as bpe
from mtchat.train.corpus import END, Conversation, Recipe, conversations, layout
from mtchat.train.rows import LONG, Batch, Document, batched, documents, tensors

EVEN = 5  # the first shard whose words may be dealt evenly
Pieces = list[tuple[str, bool]]


def recipes(seed: int, words: tuple[str, ...], number: int) -> tuple[Recipe, Recipe]:
    """What the conversations of shard `number` are like: usual ones, and long ones.

    In every other shard names and words are dealt evenly from the vocabulary (`words`), so that each is seen often
    enough to be copied; in the rest, and in the first few, ordinary words prevail.
    """
    even = number >= EVEN and number % 2 == 1
    usual = Recipe(seed=seed, tokens=words, even=even, rare_names=0.6 if even else 0.25)
    return usual, replace(usual, most_turns=26)


def shares(number: int, early: int, real: float, sampled: float) -> dict[str, float]:
    """What shard `number` is made of: source and share of its documents.

    The paper's order in small: `early` shards of prose and plain code first, then conversations, with a share `real`
    of real code to the end and a share `sampled` of what the model wrote itself. One conversation in seventeen is long
    (10 to 26 turns), so that positions up to LONG are trained.
    """
    if number < early:
        return {"prose": 0.3, "plain": 0.3, "real": 0.4}
    return {"usual": 0.94 - real - sampled, "long": 0.06, "real": real, "sampled": sampled}


def plain(text: str, tokenizer: Any) -> Document:
    """A text that is learnt from its second token on, and that it ends; of a long one, the first LONG / 2 tokens."""
    ids = tokenizer.encode(text).ids
    found = ids[: LONG // 2] if len(ids) > LONG // 2 else [*ids, tokenizer.token_to_id(END)]
    return Document(found, [True] * len(found))


def sources(seed: int, folder: Path, number: int) -> dict[str, Iterator[Document]]:
    """Documents from each source, as shard `number` of the run in `folder` sees them; all but "sampled" are endless."""
    tokenizer = bpe.load(folder / "tokenizer")
    usual, long = recipes(seed, bpe.words(tokenizer), number)

    def pieced(found: Iterator[Pieces]) -> Iterator[Document]:
        while some := list(islice(found, 16)):
            yield from documents(some, tokenizer)

    def encoded(found: Iterator[Conversation]) -> Iterator[Document]:
        return pieced(map(layout, found))

    return {
        "usual": encoded(conversations(usual, 2 * number)),
        "long": encoded(conversations(long, 2 * number + 1)),
        "real": encoded(realcode.pieces(seed, number)),
        "prose": (plain(text, tokenizer) for text in realcode.texts(seed, number)),
        "plain": (plain(text, tokenizer) for text in realcode.whole(seed, number)),
        "sampled": pieced(sampling.again(folder / sampling.FOLDER, seed, number)),
    }


def shard(
    seed: int,
    folder: Path,
    number: int,
    *,
    tokens: int = 400_000,
    batch: int = 8192,
    early: int = 2,
    real: float = 0.05,
    sampled: float = 0.0,
) -> list[Batch]:
    """Shard `number` of the run in `folder` as batches of at most `batch` tokens, about `tokens` in all; the same
    arguments give the same shard.
    """
    rng, found = random.Random(f"{seed}/shard/{number}"), sources(seed, folder, number)
    names, weights = zip(*shares(number, early, real, sampled).items(), strict=True)
    made, total = list[Document](), 0
    while total < tokens:
        document = next(found[rng.choices(names, weights)[0]])
        if 1 < len(document.ids) <= LONG:
            made.append(document)
            total += len(document.ids)
    batches = [tensors(group) for group in batched(made, batch)]
    rng.shuffle(batches)
    return batches
