"""Ctrl-C as a flag instead of an exception, and what else a terminal's signals mean to us.

Knows the signals; leaves what a set flag stops to those who are handed it. Imports nothing heavy.
"""

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from prompt_toolkit.application import Application

Result = TypeVar("Result")


class Cancel(threading.Event):
    """A flag that a signal's handler may set wherever it cuts in.

    A plain Event's lock is not re-entrant: a second Ctrl-C in the middle of the first one's `set`, or one in the middle
    of a `wait` or `clear`, would wait for itself for ever.
    """

    def __init__(self) -> None:
        super().__init__()
        self._cond = threading.Condition(threading.RLock())


@contextmanager
def interruptible(cancel: threading.Event) -> Iterator[threading.Event]:
    """While inside, Ctrl-C sets `cancel` and raises nothing; so an append to the session file is never cut short."""
    if threading.current_thread() is not threading.main_thread():
        yield cancel
        return
    before = signal.signal(signal.SIGINT, lambda number, frame: cancel.set())
    try:
        yield cancel
    finally:
        signal.signal(signal.SIGINT, before)


def impatient(work: Callable[[], Result]) -> Callable[[], Result]:
    """`work`, during which Ctrl-C is an exception again even inside `interruptible`: for what may be broken off."""

    def doing() -> Result:
        if threading.current_thread() is not threading.main_thread():
            return work()
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            return work()
        finally:
            signal.signal(signal.SIGINT, before)

    return doing


@contextmanager
def at_prompt(app: "Application[Any]", cancel: threading.Event, fresh: bool) -> Iterator[None]:
    """While `app` asks a person something: run it inside, without prompt_toolkit's own handling of SIGINT.

    Ctrl-C is a key there. It is still a signal until the terminal is raw, from when it no longer is, and from another
    process: then it is that key and sets `cancel` too. What a `fresh` prompt finds set was meant for what is over, so
    each drawing of it clears `cancel`; what is pressed after the last drawing is meant for the turn that follows. A
    prompt within a turn (`fresh` False) is not asked once `cancel` is set: KeyboardInterrupt.
    """

    def pressed(number: int, frame: object) -> None:
        cancel.set()
        if (loop := app.loop) is not None and not loop.is_closed():
            loop.call_soon_threadsafe(app.key_processor.send_sigint)

    def drawn(_: object) -> None:
        if fresh:
            cancel.clear()
        elif cancel.is_set() and not app.is_done:
            app.exit(exception=KeyboardInterrupt())

    if fresh:
        cancel.clear()
    elif cancel.is_set():
        raise KeyboardInterrupt
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, pressed)
    app.after_render += drawn
    try:
        yield
    finally:
        app.after_render -= drawn
        signal.signal(signal.SIGINT, before)


@contextmanager
def terminated() -> Iterator[None]:
    """While inside, SIGTERM leaves as an exception (SystemExit, 143), so that the terminal is put back as it was."""
    before = signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def on_return(again: Callable[[], object]) -> Iterator[None]:
    """While inside, `again` is called when mtchat goes on after Ctrl-Z: the shell has set the terminal its own way."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGCONT, lambda number, frame: again())
    try:
        yield
    finally:
        signal.signal(signal.SIGCONT, before)
