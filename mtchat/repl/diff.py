"""Two texts compared, as styled lines: what went in red behind a minus, what came in green behind a plus.

Knows how a difference looks, with and without colour. Leaves what is compared to the callers.
"""

import difflib

from mtchat.render import Fragments

_STYLES = {"-": "ansired", "+": "ansigreen", "@": "class:dim"}


def diff(old: str, new: str) -> Fragments:
    """The lines that differ between `old` and `new`, with two of those around them; empty where they are alike."""
    lines = difflib.unified_diff(old.split("\n"), new.split("\n"), n=2, lineterm="")
    return styled([line for line in lines if not line.startswith(("--- ", "+++ ", "@@"))])


def styled(lines: list[str]) -> Fragments:
    """Lines of a unified diff in colour, each with its newline.

    >>> styled(["-a", " b"])
    [('ansired', '-a\\n'), ('', ' b\\n')]
    """
    return [(_STYLES.get(line[:1], ""), f"{line}\n") for line in lines]
