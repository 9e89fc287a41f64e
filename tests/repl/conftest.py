"""A program in a real terminal (pexpect), its screen kept by pyte."""

import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pexpect
import pyte
import pytest

_SLOW = pytest.mark.slow
SIZES = pytest.mark.parametrize(
    ("rows", "columns"), [(24, 80), pytest.param(12, 40, marks=_SLOW), pytest.param(50, 160, marks=_SLOW)]
)
"""A usual window, a small one and a large one; the default suite has time for the first."""
SCRIPT = {
    "make nums": "nums = [3, 1, 2]",
    "sort": "nums.sort(reverse=True)",
    "sum": "print(sum(nums))",
    "loop": "print('spinning', flush=True)\nwhile True:\n    pass",
    "slow": "import time\nprint('started', flush=True)\ntime.sleep(1)",
    "ask": "name = input('your name? ')\nprint('hello', name)",
    "ask twice": "print('sum:', end=' ')\nprint(int(input('a ')) + int(input('b ')))",
    "ask evil": "input('\\x1b]0;pwned\\x07\\x1b[2Jpassword: \\u202e')",
    "evil": "print('\\x1b]0;pwned\\x07\\x9b2J', 'evil\\rgood', '\\u202eabc')",
    "evil value": "'\\x1b]0;pwned\\x07'\nclass E:\n    def __repr__(self): return '\\x1b[2Jgone'\nE()",
    "evil error": "raise ValueError('\\x1b]0;pwned\\x07\\x1b[2J')",
    "read nums": "print(open('nums.txt').read().split())",
    "*": "print('?')",
}


class Terminal:
    """A program in a terminal of a given size, its screen kept by pyte."""

    def __init__(
        self, arguments: list[str], rows: int = 24, columns: int = 80, before: tuple[str, ...] = (), **environment: str
    ) -> None:
        env = {**os.environ, "TERM": "xterm-256color", **environment}
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.Stream(self.screen)
        command, *rest = [*before, sys.executable, "-m", "mtchat", *arguments]
        size = (rows, columns)
        self.child = pexpect.spawn(command, rest, env=env, dimensions=size, encoding="utf-8", timeout=1)
        self.child.delaybeforesend = None

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.display)

    def until(self, pattern: str, seconds: float = 20) -> str:
        """The screen as soon as `pattern` is on it."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.pump()
            if re.search(pattern, self.text, re.MULTILINE):
                return self.text
        raise AssertionError(f"{pattern!r} never came up:\n{self.text}")

    def pump(self) -> None:
        try:
            data = self.child.read_nonblocking(65536, 0.05)
        except (pexpect.TIMEOUT, pexpect.EOF):
            return
        self.stream.feed(data)
        if "\x1b[6n" in data:  # prompt_toolkit asks where the cursor is
            self.child.send(f"\x1b[{self.screen.cursor.y + 1};{self.screen.cursor.x + 1}R")

    @property
    def empty(self) -> bool:
        """Whether the cursor stands at a numbered prompt with nothing behind it."""
        line, column = self.screen.display[self.screen.cursor.y], self.screen.cursor.x
        return bool(re.match(r"^\[\d+\] $", line[:column])) and not line[column:].strip()

    def settle(self, seconds: float = 30, instead: str = "") -> bool:
        """Until the cursor stands at an empty prompt, and still does a little later; False if `instead` is up."""
        began = since = time.monotonic()
        while time.monotonic() < since + 0.15:
            assert self.child.isalive(), f"mtchat is gone:\n{self.text}"
            assert since < began + seconds, f"no prompt came back:\n{self.text}"
            self.pump()
            if not self.empty:
                since = time.monotonic()
                if instead and since > began + 1 and re.search(instead, self.text):
                    return False
        return True

    def resize(self, rows: int, columns: int) -> None:
        """Another size, as a terminal does it: what is below the cursor goes first, then the oldest lines."""
        screen = self.screen
        fewer = max(screen.lines - rows, 0)
        over = max(screen.cursor.y - rows + 1, 0)
        y, x = screen.cursor.y - over, min(screen.cursor.x, columns - 1)
        screen.cursor_position(1, 1)
        screen.insert_lines(fewer - over)  # pyte drops lines at the top only
        screen.resize(rows, columns)
        screen.cursor_position(y + 1, x + 1)
        self.child.setwinsize(rows, columns)

    def type(self, text: str) -> None:
        self.child.send(text)

    def ended(self, seconds: float = 10) -> int:
        """The exit code, once the program has left."""
        end = time.monotonic() + seconds
        while self.child.isalive() and time.monotonic() < end:
            self.pump()
        self.child.close()
        return self.child.exitstatus if self.child.exitstatus is not None else -self.child.signalstatus


Start = Callable[..., Terminal]


@pytest.fixture
def script(tmp_path: Path) -> str:
    path = tmp_path / "script.json"
    path.write_text(json.dumps(SCRIPT))
    return f"scripted:{path}"


@pytest.fixture
def spawn() -> Iterator[Start]:
    """`mtchat` with any arguments in a terminal of its own."""
    started: list[Terminal] = []

    def run(*arguments: str, **given: object) -> Terminal:
        terminal = Terminal(list(arguments), **given)  # type: ignore[arg-type]
        started.append(terminal)
        return terminal

    yield run
    for terminal in started:
        terminal.child.close(force=True)


@pytest.fixture
def start(spawn: Start, script: str) -> Start:
    """The REPL on the scripted model."""

    def run(*arguments: str, trust: str | None = "auto", **given: object) -> Terminal:
        flags = ["--trust", trust] if trust else []
        terminal: Terminal = spawn("--model", script, *flags, *arguments, **given)
        return terminal

    return run
