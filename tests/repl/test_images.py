"""A PNG as each terminal takes it."""

import base64
import io
import re

import pytest
from prompt_toolkit.output import ColorDepth

from mtchat.repl.images import Window, cells, drawn, pixels

Image = pytest.importorskip("PIL.Image")
pytest.importorskip("chafa")


def png(width: int, height: int, colour: str = "red") -> bytes:
    file = io.BytesIO()
    Image.new("RGBA", (width, height), colour).save(file, "PNG")
    return file.getvalue()


RED = png(100, 80)


def test_an_image_is_as_large_as_it_is_and_smaller_where_there_is_no_room() -> None:
    assert cells((640, 480), Window(200, 100)) == (64, 24)
    assert cells((640, 480), Window(40, 100)) == (40, 15)
    assert cells((640, 480), Window(200, 12)) == (32, 12)
    assert cells((1, 1), Window(80, 24)) == (1, 1)


def test_kitty_gets_the_file_itself_and_must_not_answer() -> None:
    noise = io.BytesIO()
    Image.effect_noise((120, 120), 90).save(noise, "PNG")
    text = drawn(noise.getvalue(), "kitty", Window(80, 24))
    assert text is not None
    parts = re.findall(r"\x1b_G([^;]*);([^\x1b]*)\x1b\\", text)
    assert base64.b64decode("".join(data for _, data in parts)) == noise.getvalue()
    assert parts[0][0] == "a=T,f=100,q=2,c=12,r=6,m=1"
    assert [keys for keys, _ in parts[1:]] == ["m=1"] * (len(parts) - 2) + ["m=0"]
    assert all(len(data) <= 4096 for _, data in parts)


def test_iterm_gets_the_file_itself() -> None:
    text = drawn(RED, "iterm", Window(80, 24))
    assert text is not None
    head, _, data = text.partition(":")
    assert head == f"\x1b]1337;File=inline=1;size={len(RED)};width=10;height=4;preserveAspectRatio=1"
    assert base64.b64decode(data.removesuffix("\x07")) == RED


def test_sixels() -> None:
    text = drawn(RED, "sixel", Window(80, 24))
    assert text is not None
    assert text.startswith("\x1bP")
    assert text.endswith("\x1b\\")
    assert ";2;100;0;0" in text, "red, in per cent"


@pytest.mark.parametrize(
    ("depth", "colour"),
    [
        (ColorDepth.DEPTH_24_BIT, r"[34]8;2;25[45];0;0"),
        (ColorDepth.DEPTH_8_BIT, r"[34]8;5;\d+"),
        (ColorDepth.DEPTH_4_BIT, r"\x1b\[(?:\d+;)*(?:9|10|3|4)1"),
    ],
)
def test_blocks_in_the_colours_there_are(depth: ColorDepth, colour: str) -> None:
    text = drawn(RED, "blocks", Window(80, 24, depth=depth))
    assert text is not None
    assert text.count("\n") == 3
    assert re.search(colour, text), text


def test_blocks_without_colour_set_none() -> None:
    text = drawn(RED, "blocks", Window(80, 24, depth=ColorDepth.DEPTH_1_BIT))
    assert text is not None
    assert not re.search(r"\x1b\[[^m]*[34]\d", text)


def test_what_shines_through_is_white() -> None:
    text = drawn(png(20, 20, "#00000000"), "blocks", Window(80, 24))
    assert text is not None
    assert re.search("2;25[45];25[45];25[45]", text)


@pytest.mark.parametrize("form", ["kitty", "iterm", "sixel", "blocks"])
@pytest.mark.parametrize("data", [b"", b"GIF89a" * 9, RED[:20], png(1, 1)[:16] + b"\xff" * 8 + RED[24:]])
def test_what_is_no_image_or_a_monster_is_not_drawn(form: str, data: bytes) -> None:
    assert drawn(data, form, Window(80, 24)) is None


def test_a_broken_file_is_not_decoded() -> None:
    assert pixels(RED[:40]) == (100, 80)
    assert drawn(RED[:40], "blocks", Window(80, 24)) is None
    assert drawn(RED[:60] + b"\0" * 40, "sixel", Window(80, 24)) is None
