"""Text cut to the width of a screen.

Knows cells: a wide character takes two. Leaves what is worth the room to the callers.
"""

import shutil

from prompt_toolkit.utils import get_cwidth

from mtchat.repl.plain import printable
from mtchat.repl.screen import Screen


def columns(screen: Screen) -> int:
    """How many cells a line has: the terminal's, else COLUMNS, else 80."""
    return screen.output.get_size().columns if screen.output else shutil.get_terminal_size((80, 24)).columns


def clip(text: str, width: int) -> str:
    """`text` as one harmless line of at most `width` cells, its end cut off behind an ellipsis."""
    line = " ".join(printable(text).split())
    if get_cwidth(line) <= width:
        return line
    kept, left = "", max(width - 1, 0)
    for char in line:
        left -= get_cwidth(char)
        if left < 0:
            break
        kept += char
    return kept + "…" if width > 0 else ""


def padded(text: str, width: int) -> str:
    """`text`, clipped and filled up with spaces to `width` cells."""
    shown = clip(text, width)
    return shown + " " * (width - get_cwidth(shown))
