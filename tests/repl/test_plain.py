"""What a program, a model or a stranger's file writes cannot steer a terminal; a pipe gets it as it is."""

import io

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtchat.repl.plain import fit, printable

ATTACKS = {
    "title": "\x1b]0;pwned\x07",
    "link": "\x1b]8;;http://evil.example\x1b\\click\x1b]8;;\x1b\\",
    "clipboard": "\x1b]52;c;cm0gLXJmIC8=\x07",
    "colour": "\x1b[31mred",
    "clear": "\x1b[2J\x1b[H",
    "up and over": "\x1b[1A\x1b[2Kall is well",
    "C1 CSI": "\x9b2J\x9b1;1H",
    "C1 OSC": "\x9d0;pwned\x9c",
    "reset": "\x1bc",
    "charset": "\x0e\x1b(0",
    "backspace": "evil\b\b\b\bgood",
    "over": "evil\rgood",
    "answer back": "\x05\x1b[6n\x1b[c",
}


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def screen_of(text: str) -> pyte.Screen:
    screen = pyte.Screen(200, 5)
    pyte.Stream(screen).feed(text.replace("\n", "\r\n"))
    return screen


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_the_screen_holds_what_was_there_and_the_text_itself(attack: str) -> None:
    screen = screen_of("before\n" + printable(attack + "|after"))
    assert screen.display[0].rstrip() == "before"
    assert screen.display[1].rstrip().endswith("|after")
    assert (screen.title, screen.cursor.y) == ("", 1)
    assert {char.fg for char in screen.buffer[1].values()} == {"default"}
    if "evil" in attack and "good" in attack:
        assert screen.display[1].startswith("evil"), "nothing is written over it"


@pytest.mark.parametrize("code", [*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
def test_a_line_cannot_be_turned_around(code: int) -> None:
    assert printable(f"a{chr(code)}b") == f"a<U+{code:04X}>b"


@given(st.text())
def test_nothing_that_steers_is_left(text: str) -> None:
    shown = printable(text)
    assert not any((c < " " and c not in "\n\t") or "\x7f" <= c <= "\x9f" for c in shown)
    assert shown == printable(shown)


def test_ordinary_text_stays_and_a_pipe_gets_everything() -> None:
    assert printable("é → 漢字\t🙂\n") == "é → 漢字\t🙂\n"
    raw = "".join(ATTACKS.values()) + "\u202e"
    assert fit(raw, io.StringIO()) == raw
    assert fit(raw, Terminal()) == printable(raw)
