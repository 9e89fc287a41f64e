"""Leaving when told to from outside: SIGTERM and SIGHUP end mtchat as Ctrl-D would, and soon.

Knows the signals and the terminal's state. A turn that runs is stopped and recorded first; what will not stop within
two seconds is left behind: the session file is whole at every moment, and the sandbox ends when its host does.
"""

import os
import signal
import sys
import termios
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NoReturn

from prompt_toolkit.application.current import get_app_or_none

PATIENCE = 2.0


class Leaving:
    """Whether a signal said to leave: `number` is the signal's, 0 for none."""

    number = 0

    def check(self) -> None:
        """Before a prompt. Raises EOFError once a signal came."""
        if self.number:
            raise EOFError


@contextmanager
def leaving(cancel: threading.Event) -> Iterator[Leaving]:
    """Inside, the two signals set `cancel`, end the prompt if there is one, and are told by what is yielded."""
    said, terminal = Leaving(), _state()

    def leave(number: int, frame: object) -> None:
        said.number = number
        cancel.set()
        if number == signal.SIGHUP:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 1)  # the terminal is gone: what is still written must not fail
            os.dup2(nowhere, 2)
        timer = threading.Timer(PATIENCE, _go, (128 + number, terminal))
        timer.daemon = True
        timer.start()
        app = get_app_or_none()
        if app is not None and app.is_running and app.loop is not None:
            app.loop.call_soon_threadsafe(lambda: None if app.is_done else app.exit(exception=EOFError()))

    before = {number: signal.signal(number, leave) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield said
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def end(code: int) -> NoReturn:
    """Leave at once, threads and all: one that imports torch may abort a process that waits for its end."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


def _state() -> list[object] | None:
    with suppress(termios.error, OSError, ValueError):
        return termios.tcgetattr(0)
    return None


def _go(code: int, terminal: list[object] | None) -> None:
    if terminal is not None:
        with suppress(termios.error, OSError):
            termios.tcsetattr(0, termios.TCSANOW, terminal)  # type: ignore[arg-type]
    os._exit(code)
