"""Text in a width counted in cells of the terminal, where 漢 takes two.

Knows widths, cutting and lining up. Leaves what is shown to its neighbours.
"""

import textwrap
from collections.abc import Sequence
from typing import Any

from wcwidth import wcwidth

Fragments = list[tuple[str, str]]

GONE = "…"
_WHOLE: dict[str, Any] = {"break_long_words": False, "break_on_hyphens": False, "expand_tabs": False}


def plain(fragments: Fragments) -> str:
    """The text alone."""
    return "".join(text for _, text in fragments)


def width_of(text: str) -> int:
    """How many cells `text` takes; what steers a terminal is shown as two (`^[`)."""
    return sum(1 if " " <= c <= "~" else _width(c) for c in text)


def _width(char: str) -> int:
    wide = wcwidth(char)
    return wide if wide >= 0 else 2


def cut(text: str, width: int) -> str:
    """`text` in at most `width` cells, with … where some of it is gone.

    >>> cut("reading the file", 9)
    'reading …'
    """
    if width_of(text) <= width:
        return text
    return head(text, width - 1) + GONE if width > 0 else ""


def head(text: str, width: int) -> str:
    """As much of the beginning of `text` as fits into `width` cells."""
    for place, char in enumerate(text):
        width -= width_of(char)
        if width < 0:
            return text[:place]
    return text


def in_lines(text: str, width: int) -> str:
    """`text` with each line that is too long broken between words; a word stays whole."""
    lines = text.split("\n")
    return "\n".join(
        line if width_of(line) <= width else textwrap.fill(line, max(width, 1), **_WHOLE) for line in lines
    )


def padded(text: str, width: int, right: bool = False) -> str:
    """`text` in exactly `width` cells, at the left or at the right of them."""
    text = cut(text, width)
    space = " " * (width - width_of(text))
    return space + text if right else text + space


def cut_line(fragments: Fragments, start: int, width: int) -> Fragments:
    """One line's fragments from character `start` on, in at most `width` cells; … stands for what is gone."""
    shown: Fragments = [("", GONE)] if start and plain(fragments) else []
    room, skip = width - len(shown), start
    for style, text in fragments:
        text, skip = text[skip:], max(skip - len(text), 0)
        if width_of(text) > room:
            return [*shown, (style, cut(text, room))]
        if text:
            shown.append((style, text))
            room -= width_of(text)
    return shown


def lines_of(fragments: Fragments) -> list[Fragments]:
    """The fragments of each line, without its end."""
    lines: list[Fragments] = [[]]
    for style, text in fragments:
        head, *rest = text.split("\n")
        lines[-1].append((style, head))
        lines += [[(style, part)] for part in rest]
    return lines


def at_right(forms: Sequence[str], width: int) -> str:
    """The first of `forms` (long to short) that fits, at the right of `width` cells; "" if none does."""
    form = next((form for form in forms if width_of(form) <= width), "")
    return padded(form, width, right=True) if form else ""
