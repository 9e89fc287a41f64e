"""Text made harmless for a terminal, and the one way in which commands write to one.

Knows which characters steer a terminal or turn a line around. Imports nothing heavy. What goes to a pipe or a file is
left as it is: there it is data.
"""

import sys
from typing import TextIO

_TURNING = {*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C}
"""Bidi controls: with them, a line can read otherwise than it runs."""
_STEERING = {*range(0x20), 0x7F, *range(0x80, 0xA0)} - {0x09, 0x0A}
_SHOWN = (
    {code: f"^{chr(code ^ 64)}" for code in _STEERING if code < 128}
    | {code: "�" for code in _STEERING if code >= 128}
    | {code: f"<U+{code:04X}>" for code in _TURNING}
    | {0x0D: None}
)


def printable(text: str) -> str:
    """`text` with what would steer the terminal shown instead: `^[` for an escape; tabs and newlines stay.

    A carriage return is dropped, so that nothing is written over what stands there.
    """
    return text.translate(_SHOWN)


def fit(text: str, stream: TextIO) -> str:
    """`text` as `stream` may have it: printable on a terminal, unchanged anywhere else."""
    return printable(text) if stream.isatty() else text


def echo(text: object = "", nl: bool = True, err: bool = False) -> None:
    """Write to standard output (`err`: standard error) at once, printable on a terminal."""
    stream = sys.stderr if err else sys.stdout
    stream.write(fit(f"{text}\n" if nl else str(text), stream))
    stream.flush()
