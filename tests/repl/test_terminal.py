"""mtchat in a real terminal (pexpect, pyte): the screen, Ctrl-C, kill -9 and --continue, small windows, pipes."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pexpect
import pyte
import pytest

SCRIPT = {
    "make nums": "nums = [3, 1, 2]",
    "sort": "nums.sort(reverse=True)",
    "sum": "print(sum(nums))",
    "loop": "print('spinning', flush=True)\nwhile True:\n    pass",
    "slow": "import time\nprint('started', flush=True)\ntime.sleep(1)",
    "*": "print('?')",
}


class Terminal:
    """A program in a terminal of a given size, its screen kept by pyte."""

    def __init__(self, arguments: list[str], rows: int = 24, columns: int = 80, **environment: str) -> None:
        env = {**os.environ, "TERM": "xterm-256color", **environment}
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.Stream(self.screen)
        command = ["-m", "mtchat", *arguments]
        size = (rows, columns)
        self.child = pexpect.spawn(sys.executable, command, env=env, dimensions=size, encoding="utf-8", timeout=1)
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
def start(script: str) -> Iterator[Start]:
    started: list[Terminal] = []

    def run(*arguments: str, trust: str = "auto", **given: object) -> Terminal:
        terminal = Terminal(["--model", script, "--trust", trust, *arguments], **given)  # type: ignore[arg-type]
        started.append(terminal)
        return terminal

    yield run
    for terminal in started:
        terminal.child.close(force=True)


def test_three_turns_on_a_real_screen(start: Start) -> None:
    terminal = start()
    terminal.until(r"^\[1\]")
    terminal.type("make nums\r")
    terminal.until(r"^│ nums = \[3, 1, 2\]$[\s\S]*^\[2\]")
    terminal.type("sort\r")
    terminal.until(r"^\[3\]")
    terminal.type("sum\r")
    terminal.until(r"^│ print\(sum\(nums\)\)\n6\n[\s\S]*^\[4\]")
    terminal.type("/undo 2\r/vars\r")
    terminal.until(r"^nums  list  \[3, 1, 2\][\s\S]*^\[2\]")
    terminal.type("\x04")
    assert terminal.ended() == 0


def test_ctrl_c_stops_the_program_and_not_mtchat(start: Start) -> None:
    terminal = start()
    terminal.until(r"^\[1\]")
    terminal.type("make nums\r")
    terminal.until(r"^\[2\]")
    terminal.type("loop\r")
    terminal.until(r"^spinning$")
    terminal.type("\x03")
    terminal.until(r"interrupted[\s\S]*^\[2\]")
    terminal.type("/vars\r")
    terminal.until(r"^nums  list")
    terminal.type("half a line\x03/quit\r")
    assert terminal.ended() == 0


def test_what_is_typed_while_a_turn_runs_is_the_next_entry(start: Start) -> None:
    terminal = start()
    terminal.until(r"^\[1\]")
    terminal.type("slow\r")
    terminal.until(r"^started$")
    terminal.type("make nums\r/vars\r")
    text = terminal.until(r"^nums  list")
    assert text.count("make nums") == 1, "it shows at its own prompt only"


def test_kill_and_continue_bring_back_every_finished_turn(start: Start) -> None:
    terminal = start()
    terminal.until(r"^\[1\]")
    terminal.type("make nums\r")
    terminal.until(r"^\[2\]")
    terminal.type("sort\r")
    terminal.until(r"^\[3\]")
    other = start("--continue")
    assert other.ended() == 3
    assert "open in another mtchat" in other.text.replace("\n", "")
    terminal.child.kill(signal.SIGKILL)
    assert terminal.ended() == -signal.SIGKILL
    again = start("--continue")
    again.until(r"resuming a session of 2 turns[\s\S]*^\[3\]")
    again.type("sum\r/vars\r")
    again.until(r"^6$[\s\S]*^nums  list  \[3, 2, 1\]")


def test_a_small_window_and_no_colour(start: Start) -> None:
    terminal = start(rows=8, columns=30, NO_COLOR="1")
    terminal.until(r"^\[1\]")
    terminal.type("sum up all the things that there are in this long line\r")
    terminal.until(r"^\?$")
    colours = {char.fg for row in terminal.screen.buffer.values() for char in row.values()}
    assert colours <= {"default"}


def mtchat(*arguments: str, feed: str = "", code: int = 0, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mtchat", *arguments]
    done = subprocess.run(
        command, input=feed, capture_output=True, text=True, env={**os.environ, **environment}, timeout=60, check=False
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done


def test_a_pipe_instead_of_a_terminal(script: str) -> None:
    done = mtchat("--model", script, feed="make nums\nsort\nsum\n/vars\n")
    assert done.stdout.endswith("│ print(sum(nums))\n6\nnums  list  [3, 2, 1]\n")
    assert "\x1b" not in done.stdout
    assert mtchat("--model", script, "--continue", feed="sum\n").stdout.endswith("6\n")
    mtchat("--model", script, feed="sum\n", code=1)
