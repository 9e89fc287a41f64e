"""A PNG as what a terminal draws: kitty's and iTerm2's protocols, sixels, or coloured blocks.

Knows the four forms and how large an image may be. Leaves which form a terminal takes to `terminal`, showing figures
to `figures`. Blocks and sixels are made by chafa (imported when first needed), from pixels that Pillow decodes.
"""

import base64
import io
import struct
from dataclasses import dataclass
from typing import Any

from prompt_toolkit.output import ColorDepth

_CHUNK = 4096
_MOST_PIXELS = 32_000_000
"""Of an image that is drawn: a program may write any size into a PNG's head."""


@dataclass(frozen=True)
class Window:
    """Where an image goes: cells there are, the size of one in pixels (guessed where unknown), and its colours."""

    columns: int
    rows: int
    cell: tuple[int, int] = (10, 20)
    depth: ColorDepth = ColorDepth.DEPTH_24_BIT


def drawn(png: bytes, form: str, window: Window) -> str | None:
    """What to write to the terminal for `png` in `form` (kitty, iterm, sixel, blocks), without a last newline.

    None where the image cannot be drawn: it is no PNG, it is too large, or the library is not installed.
    """
    size = pixels(png)
    if size is None or size[0] * size[1] > _MOST_PIXELS:
        return None
    columns, rows = cells(size, window)
    if form == "kitty":
        return _kitty(png, columns, rows)
    if form == "iterm":
        return _iterm(png, columns, rows)
    try:
        return _by_chafa(png, form, columns, rows, window)
    except (ImportError, OSError, ValueError, SyntaxError):  # Pillow says SyntaxError of a broken PNG
        return None


def pixels(png: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG, None if it is none."""
    if len(png) < 24 or png[:8] != b"\x89PNG\r\n\x1a\n" or png[12:16] != b"IHDR":
        return None
    width, height = struct.unpack(">II", png[16:24])
    return (width, height) if width and height else None


def cells(size: tuple[int, int], window: Window) -> tuple[int, int]:
    """Columns and rows that an image of `size` pixels takes: as large as it is, smaller where there is no room."""
    wide, high = size[0] / window.cell[0], size[1] / window.cell[1]
    shrink = min(1.0, window.columns / wide, window.rows / high)
    return max(int(wide * shrink), 1), max(int(high * shrink), 1)


def _kitty(png: bytes, columns: int, rows: int) -> str:
    """As it is, in chunks; the terminal is told not to answer (q=2)."""
    text = base64.b64encode(png).decode("ascii")
    chunks = [text[start : start + _CHUNK] for start in range(0, len(text), _CHUNK)]
    head = f"a=T,f=100,q=2,c={columns},r={rows},"
    parts = [
        f"\x1b_G{head if number == 0 else ''}m={int(number < len(chunks) - 1)};{chunk}\x1b\\"
        for number, chunk in enumerate(chunks)
    ]
    return "".join(parts)


def _iterm(png: bytes, columns: int, rows: int) -> str:
    text = base64.b64encode(png).decode("ascii")
    return f"\x1b]1337;File=inline=1;size={len(png)};width={columns};height={rows};preserveAspectRatio=1:{text}\x07"


def _by_chafa(png: bytes, form: str, columns: int, rows: int, window: Window) -> str:
    import chafa
    from PIL import Image

    with Image.open(io.BytesIO(png), formats=["PNG"]) as opened:
        limit = (columns * window.cell[0], rows * window.cell[1])
        image = opened.convert("RGBA")
    image.thumbnail(limit)
    flat = Image.new("RGBA", image.size, "white")
    flat.alpha_composite(image)
    canvas = chafa.Canvas(_config(chafa, form, columns, rows, window))
    data = flat.tobytes()
    kind = chafa.PixelType.CHAFA_PIXEL_RGBA8_UNASSOCIATED
    canvas.draw_all_pixels(kind, data, flat.width, flat.height, flat.width * 4)
    return str(canvas.print(fallback=True).decode("utf-8"))


def _config(chafa: Any, form: str, columns: int, rows: int, window: Window) -> Any:
    config = chafa.CanvasConfig()
    config.width, config.height = columns, rows
    config.cell_width, config.cell_height = window.cell
    if form == "sixel":
        config.pixel_mode = chafa.PixelMode.CHAFA_PIXEL_MODE_SIXELS
        return config
    modes = {
        ColorDepth.DEPTH_1_BIT: chafa.CanvasMode.CHAFA_CANVAS_MODE_FGBG,
        ColorDepth.DEPTH_4_BIT: chafa.CanvasMode.CHAFA_CANVAS_MODE_INDEXED_16,
        ColorDepth.DEPTH_8_BIT: chafa.CanvasMode.CHAFA_CANVAS_MODE_INDEXED_240,
        ColorDepth.DEPTH_24_BIT: chafa.CanvasMode.CHAFA_CANVAS_MODE_TRUECOLOR,
    }
    config.pixel_mode = chafa.PixelMode.CHAFA_PIXEL_MODE_SYMBOLS
    config.canvas_mode = modes[window.depth]
    symbols = chafa.SymbolMap()
    for tag in ("SPACE", "SOLID", "VHALF", "HHALF", "QUAD"):
        symbols.add_by_tags(getattr(chafa.SymbolTags, f"CHAFA_SYMBOL_TAG_{tag}"))
    config.set_symbol_map(symbols)
    return config
