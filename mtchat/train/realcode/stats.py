"""Figures about what real code gives: pieces, texts and plain code in a sample of the files.

Knows: counting and the words of the report. Leaves to others: the streams.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from typing import Any

from mtchat.train.corpus import layout
from mtchat.train.realcode import streams


def report(count: int, seed: int, tokenizer: Any) -> list[str]:
    """Lines of figures over one pass over `count` of the files, and what that makes of all of them."""
    every = list(streams.installed())
    some = tuple(random.Random(seed).sample(every, min(count, len(every))))
    share = len(some) / max(len(every), 1)
    start = time.process_time()
    pieces = streams.once(streams.pieces, seed, some)
    spent = time.process_time() - start
    turns = Counter(len(piece.turns) for piece in pieces)
    kinds = Counter(turn.skill for piece in pieces for turn in piece.turns)
    told = ["".join(text for text, _ in layout(piece)) for piece in pieces]
    lines = [
        f"{len(some):,} of {len(every):,} files; {spent:.0f} s of processor time for a pass,"
        f" {len(pieces) / max(spent, 0.01):,.0f} pieces a second",
        _line("pieces", told, tokenizer, share),
        "turns a piece: " + ", ".join(f"{n}: {c}" for n, c in sorted(turns.items())),
        "turns: " + ", ".join(f"{kind} {c}" for kind, c in kinds.most_common()),
    ]
    lines.append(_line("texts", streams.once(streams.texts, seed, some), tokenizer, share))
    lines.append(_line("whole", streams.once(streams.whole, seed, some), tokenizer, share))
    return lines


def _line(name: str, found: list[str], tokenizer: Any, share: float) -> str:
    tokens = sum(len(e.ids) for e in tokenizer.encode_batch(found))
    return (
        f"{name}: {len(found):,} with {tokens:,} tokens ({tokens / max(len(found), 1):.0f} each); all files about "
        f"{len(found) / share:,.0f} with {tokens / share:,.0f} tokens"
    )
