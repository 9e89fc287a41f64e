"""Ctrl-C as a flag instead of an exception.

Knows the signal; leaves what a set flag stops to those who are handed it. Imports nothing heavy.
"""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

Result = TypeVar("Result")


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
