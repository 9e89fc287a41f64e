"""Editing in a real terminal of three sizes: menus, keys, pager, picker, clipboard, signals, the debug log."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mtchat.session import latest, read
from tests.repl.conftest import SIZES

Start = Callable[..., Any]


@SIZES
def test_the_menu_tells_commands_and_live_attributes(start: Start, columns: int, rows: int) -> None:
    terminal = start(rows=rows, columns=columns)
    terminal.until(r"^\[1\]")
    terminal.type("/und")
    terminal.until(r"/undo +take back")
    terminal.type("\x15make nums\r")
    terminal.until(r"^\[2\]")
    terminal.type(">>> nums.app\t")
    terminal.until(r">>> nums\.append")
    terminal.type("\x15/set ke")
    terminal.until(r"/set ke")
    time.sleep(0.5)  # what was asked for the beginning of it is answered by now
    terminal.type("\t")
    terminal.until(r"/set keys")
    terminal.type("\x15\x04")
    assert terminal.ended() == 0


@SIZES
def test_f1_tells_the_keys_and_keeps_what_is_typed(start: Start, columns: int, rows: int) -> None:
    terminal = start(rows=rows, columns=columns)
    terminal.until(r"^\[1\]")
    terminal.type("half a line\x1bOP")
    terminal.until(r"these are emacs's keys[\s\S]*^\[1\] half a line")
    terminal.type("\x15/set keys vi\r/help keys\r")
    terminal.until(r"vi's keys|^:")


@SIZES
def test_what_does_not_fit_is_leafed_through(start: Start, columns: int, rows: int) -> None:
    terminal = start(rows=rows, columns=columns)
    terminal.until(r"^\[1\]")
    terminal.type("/set suggest off\r/set\r")
    if rows < 30:
        terminal.until(r"^:\s*\Z")
        terminal.type("q")
    terminal.until(r"^\[1\] *$")
    terminal.type("/set pager off\r/set\r")
    terminal.until(r"pager += off|data_dir[\s\S]*^\[1\] *$")


@SIZES
def test_sessions_are_picked_with_the_arrows(start: Start, columns: int, rows: int, own_home: Path) -> None:
    other = start("--session", "other")
    other.until(r"^\[1\]")
    other.type("make nums\r")
    other.until(r"^\[2\]")
    other.type("\x04")
    assert other.ended() == 0
    terminal = start(rows=rows, columns=columns)
    terminal.until(r"^\[1\]")
    terminal.type("sum\r")
    terminal.until(r"^\[1\]|^\[2\]")
    terminal.type("/sessions\r")
    terminal.until(r"open which session\?[\s\S]*› ")
    terminal.type("oth")
    terminal.until(r"▸ oth[\s\S]*› other +1 turn")
    terminal.type("\x1b")
    time.sleep(0.3)
    terminal.type("/sessions\roth\r")
    terminal.until(r"loaded\s[\s\S]*^\[2\]")


def test_copy_asks_the_terminal(start: Start) -> None:
    terminal = start(DISPLAY="", WAYLAND_DISPLAY="", TMUX="")
    terminal.until(r"^\[1\]")
    terminal.type("make nums\r")
    terminal.until(r"^\[2\]")
    terminal.type("/copy\r/copy 9\r")
    terminal.until(r"copied 16 characters by the terminal[\s\S]*there is no turn 9")


def test_export_by_suffix(start: Start, tmp_path: Path) -> None:
    terminal = start()
    terminal.until(r"^\[1\]")
    terminal.type(f"make nums\r/export {tmp_path}/a.py\r/export {tmp_path}/a.xyz\r/export {tmp_path}/a.py\r")
    text = terminal.until(r"exists\s+already")
    assert (tmp_path / "a.py").read_text() == "# make nums\nnums = [3, 1, 2]\n"
    assert "does not say which form" in text.replace("\n", "")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("doing", ["typing", "running"])
def test_a_signal_ends_mtchat_and_keeps_the_session(
    start: Start, own_home: Path, number: signal.Signals, doing: str
) -> None:
    terminal = start()
    terminal.until(r"^\[1\]")
    terminal.type("make nums\r")
    terminal.until(r"^\[2\]")
    terminal.type("loop\r" if doing == "running" else "half a line")
    terminal.until("spinning" if doing == "running" else "half a line")
    began = time.monotonic()
    os.kill(terminal.child.pid, number)
    assert terminal.ended() in (128 + number, -number)
    assert time.monotonic() - began < 8, "two seconds, on a machine that does much else"
    session = read(latest(own_home / "data" / "mtchat" / "sessions"))
    assert [turn.intent for turn in session.path()] == ["make nums"]


def test_quitting_while_the_model_loads(spawn: Start) -> None:
    terminal = spawn("--trust", "auto")
    terminal.until(r"^\[1\]")
    terminal.type("/quit\r")
    assert terminal.ended() == 0


def test_the_debug_log_tells_what_was_sent_and_no_secret(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "log"
    terminal = start(f"--debug={path}", MTCHAT_API_KEY="very-secret")
    terminal.until(r"^\[1\]")
    terminal.type("make nums\r")
    terminal.until(r"^\[2\]")
    terminal.type("\x04")
    terminal.ended()
    log = path.read_text()
    for said in ("settings: ", "sent to scripted", "# make nums", "it wrote", "a sandbox starts", "ran 16 characters"):
        assert said in log, log
    assert "very-secret" not in log
