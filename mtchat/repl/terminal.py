"""What the terminal can draw, from its environment or from its own mouth.

Knows which variables name a terminal that draws images, and how to ask one without waiting long: what the person typed
meanwhile is kept for the next prompt, and an answer that comes too late is not taken for typing. Leaves drawing to
`images`.
"""

import fcntl
import os
import re
import select
import struct
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from prompt_toolkit.application import get_app_session
from prompt_toolkit.input import Input
from prompt_toolkit.input.typeahead import store_typeahead
from prompt_toolkit.input.vt100_parser import Vt100Parser
from prompt_toolkit.key_binding import KeyPress

QUESTION = b"\x1b[c"
"""Primary device attributes: every terminal answers, and 4 among the numbers says sixels."""
PATIENCE = 0.3
_ANSWER = re.compile(rb"\x1b\[\?([\d;]*)c")
_LATE = re.compile(r"\x1b\[\?[\d;]*c")


def named(environment: Mapping[str, str]) -> str | None:
    """The form of images that the environment promises: kitty or iterm; off for a dumb terminal, None if it is mute."""
    term, program = environment.get("TERM", ""), environment.get("TERM_PROGRAM", "")
    if term in ("", "dumb"):
        return "off"
    if environment.get("TMUX") or environment.get("STY") or term.startswith(("screen", "tmux")):
        return None  # what is around it does not show through
    if term in ("xterm-kitty", "xterm-ghostty") or environment.get("KITTY_WINDOW_ID") or program == "ghostty":
        return "kitty"
    if program in ("iTerm.app", "WezTerm", "mintty") or environment.get("LC_TERMINAL") == "iTerm2":
        return "iterm"
    return None


def shows_sixels(source: int, target: int, keys: Input, patience: float = PATIENCE) -> bool:
    """Whether the terminal at the descriptors `source` and `target` says so within `patience` seconds.

    What was typed meanwhile goes to `keys`, where the next prompt finds it.
    """
    with _quiet(source):
        os.write(target, QUESTION)
        heard, answer = _listen(source, patience)
    if answer is None:
        _swallow(keys)
    elif typed := heard[: answer.start()] + heard[answer.end() :]:
        _give_back(typed, keys)
    if answer is None and heard:
        _give_back(heard, keys)
    return answer is not None and b"4" in answer[1].split(b";")


def asked() -> bool:
    """As `shows_sixels`, of the terminal that we run in; False where standard input is none."""
    if not sys.stdin.isatty() or not sys.stdout.isatty():
        return False
    return shows_sixels(sys.stdin.fileno(), sys.stdout.fileno(), get_app_session().input)


def cell_size(terminal: int) -> tuple[int, int] | None:
    """The pixels of one cell, where the terminal has told the kernel."""
    try:
        rows, columns, wide, high = struct.unpack("HHHH", fcntl.ioctl(terminal, termios.TIOCGWINSZ, b"\0" * 8))
    except OSError:
        return None
    return (
        (wide // columns, high // rows) if min(rows, columns, wide, high) and wide >= columns and high >= rows else None
    )


def _listen(source: int, patience: float) -> tuple[bytes, re.Match[bytes] | None]:
    heard, answer, end = b"", None, time.monotonic() + patience
    while answer is None and (left := end - time.monotonic()) > 0 and select.select([source], [], [], left)[0]:
        piece = os.read(source, 1024)
        if not piece:
            break
        heard += piece
        answer = _ANSWER.search(heard)
    return heard, answer


def _give_back(typed: bytes, keys: Input) -> None:
    presses: list[KeyPress] = []
    parser = Vt100Parser(presses.append)
    parser.feed_and_flush(typed.decode("utf-8", "surrogateescape"))
    store_typeahead(keys, presses)


def _swallow(keys: Input) -> None:
    """Take the first answer that comes after all out of what `keys` reads."""
    parser = getattr(keys, "vt100_parser", None)
    if not isinstance(parser, Vt100Parser):
        return
    feed: Callable[[str], None] = parser.feed

    def without_answer(data: str) -> None:
        kept, found = _LATE.subn("", data, count=1)
        if found:
            setattr(parser, "feed", feed)  # noqa: B010
        feed(kept)

    setattr(parser, "feed", without_answer)  # noqa: B010


@contextmanager
def _quiet(terminal: int) -> Iterator[None]:
    """Answers are neither shown nor held back until a line ends."""
    before = termios.tcgetattr(terminal)
    quiet = termios.tcgetattr(terminal)
    quiet[0] &= ~termios.ICRNL
    quiet[3] &= ~(termios.ECHO | termios.ICANON)
    termios.tcsetattr(terminal, termios.TCSANOW, quiet)
    try:
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSANOW, before)
