"""Ctrl-C as a flag, and as an exception again where work may be broken off."""

import signal
import threading

import pytest

from mtchat.repl.interrupt import impatient, interruptible


def test_ctrl_c_breaks_off_what_may_be_broken_off_and_is_a_flag_elsewhere() -> None:
    press = lambda: signal.raise_signal(signal.SIGINT)  # noqa: E731
    with interruptible(threading.Event()) as cancel:
        with pytest.raises(KeyboardInterrupt):
            impatient(press)()
        assert not cancel.is_set()
        press()
        assert cancel.is_set()
