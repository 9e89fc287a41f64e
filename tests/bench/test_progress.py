"""The progress line: what it says, how often, on a terminal and elsewhere; the clock is the test's own."""

import fcntl
import io
import os
import struct
import termios

import pytest

from mtchat.bench.progress import Progress, State, line, span
from tests.bench.made import sample, setup

PASSED, FAILED = sample(setup(), "1"), sample(setup(), "1", 0, 1, "failed")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_the_line_says_how_far_how_fast_how_long_and_how_well() -> None:
    state = State(done=40, total=380, before=20, passed=7, seconds=10.0)
    assert line(state) == "40/380 samples  2.0/s  2 min 50 s left  pass rate 35.0 %"
    assert line(State(5, 5, 0, 5, 600.0)) == "5/5 samples  0.5/min  in 10 min 00 s  pass rate 100.0 %"
    assert line(State(0, 9)) == "0/9 samples"
    assert line(State(3, 9, before=3, seconds=4.0)) == "3/9 samples"


@pytest.mark.parametrize("width", range(1, 70))
def test_the_line_fits_any_window(width: int) -> None:
    whole = line(State(40, 380, 20, 7, 10.0))
    short = line(State(40, 380, 20, 7, 10.0), width)
    assert len(short) <= width
    assert whole.startswith(short)


def test_spans() -> None:
    assert [span(s) for s in (0, 59.4, 59.6, 3599, 7500)] == ["0 s", "59 s", "1 min 00 s", "59 min 59 s", "2 h 05 min"]


def test_a_terminal_has_one_line_rewritten_a_few_times_a_second() -> None:
    stream, clock = Terminal(), Clock()
    with Progress(1000, stream=stream, clock=clock, columns=lambda: 40) as progress:
        for _ in range(1000):
            clock.now += 0.002
            progress.heard([FAILED])
    text = stream.getvalue()
    assert 8 <= text.count("\r") <= 10
    assert text.count("\n") == 1
    assert text.endswith("1000/1000 samples  500.0/s  in 2 s\n")
    assert all(len(part) < 40 for part in text.replace("\x1b[K", "").strip().split("\r"))


def test_elsewhere_there_is_a_plain_line_now_and_then() -> None:
    stream, clock = io.StringIO(), Clock()
    with Progress(100, 40, stream=stream, clock=clock) as progress:
        for _ in range(60):
            clock.now += 1.5
            progress.heard([PASSED])
    told = stream.getvalue().splitlines()
    assert [said.split()[0] for said in told] == ["60/100", "80/100", "100/100", "100/100"]
    assert told[0] == "60/100 samples  40.0/min  1 min 00 s left  pass rate 100.0 %"
    assert "\r" not in stream.getvalue()


def test_quiet_says_nothing_but_words() -> None:
    stream, clock = Terminal(), Clock()
    with Progress(2, quiet=True, word="a line was dropped", stream=stream, clock=clock) as progress:
        clock.now += 60
        progress.heard([PASSED, FAILED])
        progress.word("a worker was lost")
    assert stream.getvalue() == "a line was dropped\na worker was lost\n"


def test_a_word_stands_above_the_line() -> None:
    stream, clock = Terminal(), Clock()
    progress = Progress(2, stream=stream, clock=clock, columns=lambda: 80)
    progress.heard([PASSED])
    progress.word("a worker was lost")
    assert stream.getvalue().endswith("\r\x1b[Ka worker was lost\n")


def test_a_word_cannot_steer_the_terminal() -> None:
    stream = Terminal()
    Progress(2, stream=stream, clock=Clock(), word="in \x1b[2Jdir")
    assert stream.getvalue() == "in ?[2Jdir\n"


def test_the_width_is_that_of_the_streams_own_terminal() -> None:
    leader, follower = os.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 30, 0, 0))
    with os.fdopen(follower, "w") as stream, os.fdopen(leader, "rb") as terminal:
        Progress(380, 20, stream=stream, clock=Clock()).heard([PASSED])
        told = terminal.read1(1000).decode()
    assert told == "\r\x1b[K21/380 samples"


def test_a_run_of_nothing_new_says_nothing() -> None:
    stream = Terminal()
    Progress(2, 2, stream=stream, clock=Clock()).close()
    assert stream.getvalue() == ""


def test_a_stream_that_is_gone_does_not_end_the_run() -> None:
    stream = Terminal()
    progress = Progress(2, stream=stream, clock=Clock(), columns=lambda: 80)
    stream.close()
    progress.heard([PASSED])
    progress.close()
