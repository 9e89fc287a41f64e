"""Ctrl-C as a flag, and as an exception again where work may be broken off."""

import signal
import subprocess
import sys
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


STORM = """
import signal, time
from mtchat.repl.interrupt import Cancel

cancel = Cancel()
signal.signal(signal.SIGALRM, lambda number, frame: cancel.set())
signal.setitimer(signal.ITIMER_REAL, 1e-3, 1e-3)
end = time.monotonic() + 0.5
while time.monotonic() < end:
    cancel.wait(1e-5), cancel.clear(), cancel.set()
signal.setitimer(signal.ITIMER_REAL, 0)
print("whole")
"""


def test_a_handler_may_set_the_flag_wherever_it_cuts_in() -> None:
    """With a plain threading.Event this recurses or hangs at once: the handler waits for a lock that it cut in on."""
    done = subprocess.run([sys.executable, "-c", STORM], capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stdout) == (0, "whole\n"), done.stderr
