"""A long answer, leafed through: what does not fit on the screen goes to `less`, what fits is printed.

Knows when text fits, and that colours go along. Leaves leafing to `less -FRX` (q leaves it); without one, or with
`pager = off`, everything is printed. A program's own output is never held back: it comes as the program writes it.
"""

import io
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from prompt_toolkit import print_formatted_text
from prompt_toolkit.data_structures import Size
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.output import Output
from prompt_toolkit.output.vt100 import Vt100_Output
from prompt_toolkit.utils import get_cwidth

from mtchat import render
from mtchat.repl.plain import printable

if TYPE_CHECKING:
    from mtchat.repl.app import Repl


@contextmanager
def paged(repl: "Repl") -> Iterator[None]:
    """Inside, what the screen is shown is held; afterwards it is printed, or leafed through if it does not fit."""
    output, screen = repl.screen.output, repl.screen
    if output is None or repl.engine.settings.pager == "off" or os.environ.get("TERM") == "dumb":
        yield
        return
    screen.fresh_line()
    held: render.Fragments = []
    show, fresh = screen.show, screen.fresh_line
    screen.show = lambda fragments: held.extend(fragments)  # type: ignore[method-assign]
    screen.fresh_line = lambda: _end_line(held)  # type: ignore[method-assign]
    try:
        yield
    finally:
        screen.show, screen.fresh_line = show, fresh  # type: ignore[method-assign]
        size = output.get_size()
        if rows(render.plain(held), size.columns) < size.rows or not _leaf(coloured(held, repl, size)):
            screen.show(held)


def _end_line(held: render.Fragments) -> None:
    if held and not held[-1][1].endswith("\n"):
        held.append(("", "\n"))


def rows(text: str, columns: int) -> int:
    """Rows that `text` takes on a screen so wide."""
    lines = printable(text).expandtabs().splitlines()
    return sum(max(1, -(-get_cwidth(line) // max(columns, 1))) for line in lines)


def coloured(fragments: render.Fragments, repl: "Repl", size: Size) -> str:
    """`fragments` as a terminal is sent them, what programs wrote made harmless."""
    shown = io.StringIO()
    there: Output | None = repl.screen.output
    depth = there.get_default_color_depth() if there is not None else None
    output = Vt100_Output(shown, lambda: size, default_color_depth=depth, enable_cpr=False)
    safe = FormattedText([(name, printable(text)) for name, text in fragments])
    print_formatted_text(safe, style=repl.screen.style, output=output, end="")
    return shown.getvalue().replace("\r\n", "\n")


def _leaf(text: str) -> bool:
    """Show `text` in less; False where there is none that runs."""
    less = shutil.which("less")
    if less is None:
        return False
    env = {**os.environ, "LESSSECURE": "1", "LESSHISTFILE": "-"}
    env.pop("LESSOPEN", None)
    try:
        process = subprocess.Popen([less, "-FRX"], stdin=subprocess.PIPE, env=env, text=True, errors="replace")
    except OSError:
        return False
    with suppress(BrokenPipeError):  # left before its end
        process.communicate(text)
    return process.wait() == 0
