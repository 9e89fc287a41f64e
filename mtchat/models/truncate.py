"""Cutting a completion the way CodeGen's tokenizer does on `decode(..., truncate_before_pattern=…)`.

Knows that rule alone, as pure text. Leaves to others: the cuts of a conversation's turns (`mtchat.conversation`).
Source: `CodeGenTokenizer.truncate` in transformers 5; a test compares the two.
"""

import re
from collections.abc import Sequence


def truncate_before(text: str, patterns: Sequence[str]) -> str:
    """`text` before its second line that begins with `print`, then its second `def`, then the earliest match.

    `patterns` are regular expressions, `^` and `$` meaning lines; with none of them nothing at all is cut. Raises
    re.error for one that is no regular expression.
    """
    if not patterns:
        return text
    compiled = [re.compile(pattern, re.MULTILINE) for pattern in patterns]
    for word in ("^print", "^def"):
        starts = [match.start() for match in re.finditer(word, text, re.MULTILINE)]
        text = text[: starts[1]] if len(starts) > 1 else text
    found = [match.start() for pattern in compiled if (match := pattern.search(text))]
    return text[: min(found, default=len(text))]
