"""How far a run is, on one line of stderr.

Knows the line and how often it is worth writing: on a terminal it is rewritten in place, elsewhere a plain line now and
then. Leaves what is counted to the runner; the clock, the stream and the width are given.
"""

import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TextIO

from mtchat.bench.values import Sample

TERMINAL_SECONDS, PLAIN_SECONDS = 0.25, 30.0
_CLEAR = "\r\x1b[K"


@dataclass(frozen=True)
class State:
    """`done` of `total`, of which `before` were there at the start; `passed` of those made since; `seconds` since."""

    done: int
    total: int
    before: int = 0
    passed: int = 0
    seconds: float = 0.0

    @property
    def made(self) -> int:
        """Samples since the start."""
        return self.done - self.before

    @property
    def rate(self) -> float:
        """Samples a second since the start; 0 as long as there is none."""
        return self.made / self.seconds if self.seconds > 0 else 0.0


def line(state: State, width: int | None = None) -> str:
    """`40/380 samples  12.5/s  27 s left  pass rate 17.5 %`, shortened from its end so as to fit `width` columns."""
    parts = [f"{state.done}/{state.total} samples"]
    if state.rate:
        left = (state.total - state.done) / state.rate
        parts += [_speed(state.rate), f"{span(left)} left" if state.done < state.total else f"in {span(state.seconds)}"]
    if state.made:
        parts.append(f"pass rate {100 * state.passed / state.made:.1f} %")
    while width is not None and len(parts) > 1 and len("  ".join(parts)) > width:
        parts.pop()
    return "  ".join(parts)[:width]


def _speed(rate: float) -> str:
    return f"{rate:.1f}/s" if rate >= 1 else f"{60 * rate:.1f}/min"


def span(seconds: float) -> str:
    """`8 s`, `3 min 20 s`, `2 h 05 min`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    return f"{minutes} min {rest:02} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02} min"


class Progress:
    """Tells how far `total` samples are, `before` of which were there already; first of all a `word`, if there is one.

    If `quiet`, nothing but words is written. A stream that is gone or full ends the telling, not the run.
    """

    def __init__(
        self,
        total: int,
        before: int = 0,
        *,
        quiet: bool = False,
        word: str = "",
        stream: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
        columns: Callable[[], int] | None = None,
    ) -> None:
        self._state = State(before, total, before)
        self._stream = stream or sys.stderr
        self._quiet = quiet
        self._terminal = not quiet and self._stream.isatty()
        self._clock, self._columns = clock, columns or self._width
        self._start = clock()
        self._last: float | None = None
        if word:
            self.word(word)

    def heard(self, samples: Sequence[Sample]) -> None:
        """These samples are done too; told if the last telling is a while ago."""
        now, then = self._clock(), self._state
        passed = then.passed + sum(sample.verdict.passed for sample in samples)
        self._state = State(then.done + len(samples), then.total, then.before, passed, now - self._start)
        every = TERMINAL_SECONDS if self._terminal else PLAIN_SECONDS
        since = self._start - every * self._terminal if self._last is None else self._last
        if now - since >= every:
            self._tell("")
            self._last = now

    def word(self, text: str) -> None:
        """A line of its own above the progress, told even if quiet."""
        shown = "".join(c if c.isprintable() else "?" for c in text) if self._stream.isatty() else text
        self._write(f"{_CLEAR if self._terminal and self._last is not None else ''}{shown}\n")

    def close(self) -> None:
        """The last state, and the cursor on a line of its own. Harmless when repeated."""
        if self._state.made:
            self._tell("\n")
        self._quiet = True

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _tell(self, end: str) -> None:
        if self._quiet:
            return
        if self._terminal:  # one column is left free: some terminals wrap when the last is written
            self._write(_CLEAR + line(self._state, max(1, self._columns() - 1)) + end)
        else:
            self._write(line(self._state) + "\n")

    def _width(self) -> int:
        """Of this stream's terminal: standard output may well be a file."""
        try:
            return os.get_terminal_size(self._stream.fileno()).columns or 80
        except (OSError, ValueError):
            return 80

    def _write(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError):  # ValueError: it has been closed
            self._quiet = True
