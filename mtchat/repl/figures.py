"""A turn's figures on the screen, and where they are saved.

Knows which form the settings and the terminal ask for. Leaves drawing to `images`, asking to `terminal`.
"""

import base64
import functools
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from prompt_toolkit.output import ColorDepth

from mtchat.errors import CommandError, SessionError
from mtchat.repl import images, terminal
from mtchat.session import Store, blob
from mtchat.session.blobs import read_whole
from mtchat.turn import Figure, Turn

if TYPE_CHECKING:
    from mtchat.repl.app import Repl

_MARGIN = 4
"""Rows of the window that stay free for what follows."""
_LEAST = 16
"""Rows that a figure may have in any case: below that nothing can be made out, and a terminal scrolls."""


def show(repl: "Repl", shown: Turn) -> None:
    """Draw the turn's figures, and what its value shows of itself as an image, and say where each is saved."""
    for bundle in shown.execution.display:
        if text := bundle.get("image/png"):
            _draw(repl, _decoded(text))
    for number, figure in enumerate(shown.execution.figures, 1):
        _draw(repl, _data(repl, figure))
        where = _place(repl, figure)
        if repl.screen.output is not None:
            repl.screen.line(f"figure {number}{f', saved as {_short(where)}' if where else ''}", "dim")
        elif where:
            repl.screen.line(f"saved as {where}", "dim")


def form_of(repl: "Repl") -> str:
    """How images are drawn here: kitty, iterm, sixel, blocks or off. May ask the terminal, once."""
    wanted = repl.engine.settings.figures
    if repl.screen.output is None or not repl.asks:
        return "off"
    return wanted if wanted != "auto" else terminal.named(os.environ) or _asked()


@functools.cache
def _asked() -> str:
    return "sixel" if terminal.asked() else "blocks"


def _draw(repl: "Repl", png: bytes) -> None:
    output = repl.screen.output
    form = form_of(repl) if png else "off"
    if output is None or form == "off":
        return
    size = output.get_size()
    cell = terminal.cell_size(sys.stdout.fileno()) if sys.stdout.isatty() else None
    window = images.Window(max(size.columns - 1, 1), max(size.rows - _MARGIN, _LEAST), cell or (10, 20), _depth(repl))
    if drawn := images.drawn(png, form, window):
        repl.screen.raw(drawn + "\n")


def _depth(repl: "Repl") -> ColorDepth:
    assert repl.screen.output is not None
    depth = repl.screen.output.get_default_color_depth()
    true = os.environ.get("COLORTERM") in ("truecolor", "24bit") and depth is ColorDepth.DEPTH_8_BIT
    return ColorDepth.DEPTH_24_BIT if true else depth


def _data(repl: "Repl", figure: Figure) -> bytes:
    """The figure's bytes, from memory or from beside the session; none where they are gone."""
    if figure.data is not None:
        return figure.data
    try:
        return read_whole(Path(place)) if (place := _place(repl, figure)) else b""
    except (OSError, CommandError):
        return b""


def _place(repl: "Repl", figure: Figure) -> str | None:
    journal = repl.engine.journal
    try:
        return str(blob(journal.path, figure)) if isinstance(journal, Store) else None
    except SessionError:
        return None


def _short(place: str) -> str:
    """With ~ for the home folder, as a shell takes it."""
    home = str(Path.home()) + "/"
    return f"~/{place.removeprefix(home)}" if place.startswith(home) and " " not in place else place


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return b""
