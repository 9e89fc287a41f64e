"""How often each token stands in an identifier and in a string: what never did cannot be copied there.

Knows: roles of characters in code (from Python's own tokenizer), the same names and words in the intent, roles of
tokens (from their offsets). Leaves to others: what is done about a rare token (`values.Words` deals them evenly).
"""

from __future__ import annotations

import io
import keyword
import re
import tokenize
from collections import Counter
from collections.abc import Iterable
from typing import Any

from mtchat.train.corpus import Conversation


def spans(code: str) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Character spans (start, end) of the identifiers and of the strings in code."""
    starts = [0]
    for line in code.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    names, strings = list[tuple[int, int]](), list[tuple[int, int]]()
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        span = (starts[token.start[0] - 1] + token.start[1], starts[token.end[0] - 1] + token.end[1])
        if token.type == tokenize.NAME and not keyword.iskeyword(token.string):
            names.append(span)
        elif token.type == tokenize.STRING:
            strings.append(span)
    return names, strings


def count(found: Iterable[Conversation], tokenizer: Any) -> tuple[Counter[str], Counter[str]]:
    """Over turns of conversations: how often each token's letters stand in an identifier of the code, and in a string.

    The intent counts too, where it mentions those identifiers and words: there they follow a space, in code often not,
    and one name is other tokens in the two places. A token is counted by its letters, with or without a space before.
    """
    in_names, in_strings = Counter[str](), Counter[str]()
    for conversation in found:
        for turn in conversation.turns:
            names, strings = spans(turn.code)
            _add(turn.code, names, strings, tokenizer, in_names, in_strings)
            own = {turn.code[a:b] for a, b in names}
            said = {word for a, b in strings for word in _WORD.findall(turn.code[a:b])}
            words = [(m.start(), m.end(), m.group()) for m in _WORD.finditer(" " + turn.intent)]
            mentioned = [(a, b) for a, b, w in words if w in own]
            quoted = [(a, b) for a, b, w in words if w in said and w not in own]
            _add(" " + turn.intent, mentioned, quoted, tokenizer, in_names, in_strings)
    return in_names, in_strings


_WORD = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")
_Spans = list[tuple[int, int]]


def _add(
    text: str, names: _Spans, strings: _Spans, tokenizer: Any, in_names: Counter[str], in_strings: Counter[str]
) -> None:
    encoding = tokenizer.encode(text)
    for token, (_, end) in zip(encoding.tokens, encoding.offsets, strict=True):
        letters = token.removeprefix("Ġ")
        start = end - len(letters)
        if any(a <= start and end <= b for a, b in names):
            in_names[letters] += 1
        elif any(a <= start and end <= b for a, b in strings):
            in_strings[letters] += 1
