"""Asking a terminal what it draws: it answers, it is mute, it is late, and what was typed is never lost."""

import os
import pty
import threading
import time
from collections.abc import Iterator

import pytest
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.input.typeahead import get_typeahead

from mtchat.repl import terminal

Pair = tuple[int, int]


@pytest.fixture
def pair() -> Iterator[Pair]:
    """Both ends of a terminal: the person's and the program's."""
    person, program = pty.openpty()
    yield person, program
    os.close(person)
    os.close(program)


@pytest.fixture
def keys() -> Iterator[PipeInput]:
    with create_pipe_input() as keys:
        yield keys


def answered(pair: Pair, keys: PipeInput, reply: bytes, patience: float = 5.0) -> bool:
    """What is found of a terminal that sends `reply` as soon as it is asked."""
    person, program = pair

    def reply_when_asked() -> None:
        heard = b""
        while terminal.QUESTION not in heard:
            heard += os.read(person, 100)
        os.write(person, reply)

    thread = threading.Thread(target=reply_when_asked)
    thread.start()
    try:
        return terminal.shows_sixels(program, program, keys, patience)
    finally:
        thread.join()


def typed(keys: PipeInput) -> str:
    return "".join(press.data for press in get_typeahead(keys))


@pytest.mark.parametrize(
    ("reply", "sixels"),
    [(b"\x1b[?62;4;22c", True), (b"\x1b[?1;2c", False), (b"\x1b[?64;1;14c", False), (b"\x1b[?c", False)],
)  # fmt: skip
def test_an_answer(pair: Pair, keys: PipeInput, reply: bytes, sixels: bool) -> None:
    assert answered(pair, keys, reply) is sixels
    assert typed(keys) == ""


def test_what_was_typed_meanwhile_is_kept(pair: Pair, keys: PipeInput) -> None:
    assert answered(pair, keys, "su é\x1b[?62;4cm up\r".encode())
    assert typed(keys) == "su ém up\r"


def test_a_mute_terminal_costs_no_more_than_patience(pair: Pair, keys: PipeInput) -> None:
    began = time.monotonic()
    assert answered(pair, keys, b"make nums", patience=0.1) is False
    assert time.monotonic() - began < 2
    assert typed(keys) == "make nums"


def test_a_late_answer_is_no_typing(pair: Pair, keys: PipeInput) -> None:
    assert answered(pair, keys, b"", patience=0.05) is False
    keys.send_text("hel\x1b[?62;4clo")
    assert "".join(press.data for press in keys.read_keys()) == "hello"
    keys.send_text("\x1b[?62;4c")
    assert "".join(press.data for press in keys.read_keys() + keys.flush_keys()).endswith("62;4c"), "only once"


@pytest.mark.parametrize(
    ("environment", "form"),
    [
        ({"TERM": "xterm-kitty"}, "kitty"),
        ({"TERM": "xterm-256color", "KITTY_WINDOW_ID": "1"}, "kitty"),
        ({"TERM": "xterm-ghostty"}, "kitty"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, "iterm"),
        ({"TERM": "xterm-256color", "LC_TERMINAL": "iTerm2"}, "iterm"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, "iterm"),
        ({"TERM": "tmux-256color", "KITTY_WINDOW_ID": "1"}, None),
        ({"TERM": "xterm-kitty", "TMUX": "/tmp/x"}, None),
        ({"TERM": "xterm-256color"}, None),
        ({"TERM": "dumb"}, "off"),
        ({}, "off"),
    ],
)
def test_what_the_environment_promises(environment: dict[str, str], form: str | None) -> None:
    assert terminal.named(environment) == form
