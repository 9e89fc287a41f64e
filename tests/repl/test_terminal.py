"""mtchat in a real terminal (pexpect, pyte): the screen, Ctrl-C, kill -9 and --continue, small windows, pipes."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any

Start = Callable[..., Any]


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
    terminal.until(r"^nums  list  3  \[3, 1, 2\][\s\S]*^\[2\]")
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
    again.until(r"^6$[\s\S]*^nums  list  3  \[3, 2, 1\]")


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
    assert done.stdout.endswith("│ print(sum(nums))\n6\nnums  list  3  [3, 2, 1]\n")
    assert "\x1b" not in done.stdout
    assert mtchat("--model", script, "--continue", feed="sum\n").stdout.endswith("6\n")
    mtchat("--model", script, feed="sum\n", code=1)
