"""Asking the person, in a real terminal: code before it runs, input() for a program, a stranger's session."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mtchat.session import latest, read

Start = Callable[..., Any]
ASKS = r"run it\? \[r\]un \[e\]dit \[a\]nother \[s\]kip"


def kept(own_home: Path) -> list[Any]:
    """The turns of the session written last, in order."""
    turns = read(latest(own_home / "data" / "mtchat" / "sessions")).turns.values()
    return sorted(turns, key=lambda turn: turn.seq)


def test_code_is_shown_and_runs_only_when_the_person_says_so(start: Start, own_home: Path) -> None:
    terminal = start(trust="review")
    terminal.until(r"^\[1\]")
    terminal.type("sum\r")
    terminal.until(rf"^│ print\(sum\(nums\)\)\n{ASKS}")
    terminal.type("s")
    terminal.until(r"refused: you skipped it[\s\S]*^\[1\] *$")
    terminal.type("make nums\r")
    terminal.until(rf"nums = \[3, 1, 2\]\n{ASKS}")
    terminal.type("r")
    terminal.until(r"^\[2\]")
    terminal.type("/vars\r")
    terminal.until(r"^nums  list  3  \[3, 1, 2\]")
    assert [(turn.intent, turn.execution.status) for turn in kept(own_home)] == [("sum", "denied"), ("make nums", "ok")]


def test_code_can_be_changed_before_it_runs(start: Start, own_home: Path) -> None:
    terminal = start(trust="review")
    terminal.until(r"^\[1\]")
    terminal.type("make nums\r")
    terminal.until(ASKS)
    terminal.type("e")
    terminal.until(r"Alt\+Enter runs it")
    terminal.type("\x03")
    terminal.until(rf"{ASKS}[\s\S]*{ASKS}")
    terminal.type("e")
    terminal.until(r"Alt\+Enter runs it")
    terminal.type(" + [9]\x1b\r")
    terminal.until(r"^\[2\]")
    (turn,) = kept(own_home)
    assert (turn.code, turn.edited, turn.completion.text) == ("nums = [3, 1, 2] + [9]", True, "nums = [3, 1, 2]")


def test_what_was_typed_before_the_question_is_no_answer_to_it_and_waits(start: Start, own_home: Path) -> None:
    terminal = start(trust="review")
    terminal.until(r"^\[1\]")
    terminal.type("make nums\rrun the sum\r")
    terminal.until(ASKS)
    terminal.type("s")
    terminal.until(rf"you skipped it[\s\S]*\[1\] run the sum[\s\S]*{ASKS}")
    terminal.type("s")
    terminal.until(rf"{ASKS}[\s\S]*you skipped it[\s\S]*you skipped it")
    assert [turn.execution.status for turn in kept(own_home)] == ["denied", "denied"]


def test_trust_is_a_setting_that_changes_as_you_go(start: Start) -> None:
    terminal = start(trust="review")
    terminal.until(r"^\[1\]")
    terminal.type("/set trust auto\rmake nums\r")
    terminal.until(r"^│ nums = \[3, 1, 2\]\n[\s\S]*^\[2\]")
    assert "run it?" not in terminal.text


def test_a_session_from_elsewhere_is_shown_before_it_runs_again(start: Start, tmp_path: Path, own_home: Path) -> None:
    terminal = start()
    terminal.until(r"^\[1\]")
    terminal.type("make nums\rsum\r")
    terminal.until(r"^\[3\]")
    terminal.type("/quit\r")
    assert terminal.ended() == 0
    own = latest(own_home / "data" / "mtchat" / "sessions")
    stranger = tmp_path / "theirs.mtchat.jsonl"
    stranger.write_bytes(own.read_bytes())
    again = start("--session", str(stranger), trust="review")
    again.until(
        r"print\(sum\(nums\)\)[\s\S]*the code of 2 turns runs again to rebuild the variables: \[r\]un, \[s\]kip"
    )
    again.type("s")
    assert again.ended() == 0
    assert "its code was not run" in again.text
    again = start("--session", str(stranger), trust="review")
    again.until(r"\[r\]un, \[s\]kip")
    again.type("r")
    again.until(r"^\[3\]")
    again.type("/vars\r")
    again.until(r"^nums  list  3  \[3, 1, 2\]")
    mine = start("--continue", trust="review")
    mine.until(r"^\[3\]")
    assert "runs again" not in mine.text, "one's own were read when they were made"


def test_input_asks_the_person_and_the_answer_is_kept(start: Start, own_home: Path) -> None:
    terminal = start()
    terminal.until(r"^\[1\]")
    terminal.type("ask\r")
    terminal.until(r"^the program asks ▸ your name\? *$")
    terminal.type("Ada\r")
    terminal.until(r"your name\? Ada\n[\s\S]*^hello Ada\n[\s\S]*^\[2\]")
    assert kept(own_home)[-1].execution.inputs == ("Ada",)
    terminal.type("/quit\r")
    assert terminal.ended() == 0
    again = start("--continue")
    again.until(r"^\[2\]")
    again.type("/vars\r")
    text = again.until(r"^name  str .*'Ada'")
    assert "the program asks" not in text
    assert "something else" not in text


def test_a_question_stands_on_a_line_of_its_own(start: Start, own_home: Path) -> None:
    terminal = start()
    terminal.until(r"^\[1\]")
    terminal.type("ask twice\r")
    terminal.until(r"^sum:.*\n(.*\n)?the program asks ▸ a")
    terminal.type("1\r")
    terminal.until(r"the program asks ▸ b")
    terminal.type("2\r")
    terminal.until(r"^.*3\n[\s\S]*^\[2\]")
    assert kept(own_home)[-1].execution.inputs == ("1", "2")


def test_ctrl_c_stops_the_program_that_asks_and_ctrl_d_ends_its_input(start: Start, own_home: Path) -> None:
    terminal = start()
    terminal.until(r"^\[1\]")
    terminal.type("ask\r")
    terminal.until(r"the program asks")
    terminal.type("\x03")
    terminal.until(r"^interrupted[\s\S]*^\[1\] *$")
    terminal.type("ask\r")
    terminal.until(r"the program asks[\s\S]*the program asks")
    terminal.type("\x04")
    terminal.until(r"EOFError[\s\S]*^\[2\] *$")
    assert [turn.execution.status for turn in kept(own_home)] == ["interrupted", "error"]


def test_nothing_that_a_program_writes_or_asks_steers_the_terminal(start: Start) -> None:
    terminal = start()
    terminal.until(r"^\[1\]")
    terminal.type("evil\r")
    terminal.until(r"^\^\[\]0;pwned\^G.*evilgood <U\+202E>abc")
    terminal.type("evil value\r")
    terminal.until(r"^= \^\[\[2Jgone")
    terminal.type("evil error\r")
    terminal.until(r"ValueError: \^\[\]0;pwned\^G\^\[\[2J")
    terminal.type("ask evil\r")
    terminal.until(r"the program asks ▸ \^\[\]0;pwned\^G\^\[\[2Jpassword: <U\+202E>")
    terminal.type("\x03")
    terminal.until(r"^interrupted")
    assert terminal.screen.title == ""


@pytest.mark.slow
def test_exec_and_run_and_replay_show_it_too(start: Start, spawn: Start, script: str, tmp_path: Path) -> None:
    program = tmp_path / "evil.py"
    program.write_text(json.loads((tmp_path / "script.json").read_text())["evil"])
    terminal = spawn("exec", str(program))
    assert terminal.ended() == 0
    assert "^[]0;pwned^G" in terminal.text
    intents = tmp_path / "intents.txt"
    intents.write_text("evil\n\nevil value\n")
    saved = tmp_path / "evil.mtchat.jsonl"
    terminal = spawn("run", str(intents), "--model", script, "--save", str(saved))
    assert terminal.ended() == 0
    assert "^[]0;pwned^G" in terminal.text
    assert "^[[2Jgone" in terminal.text
    terminal = spawn("replay", str(saved))
    terminal.ended()
    assert "^[]0;pwned^G" in terminal.text
    assert terminal.screen.title == ""


def test_exec_asks_on_a_terminal(spawn: Start, tmp_path: Path) -> None:
    program = tmp_path / "ask.py"
    program.write_text("print('so:', end=' ')\nprint('hello', input('name? '))")
    terminal = spawn("exec", str(program))
    terminal.until(r"^the program asks ▸ name\?")
    terminal.type("Ada\r")
    terminal.until(r"^hello Ada")
    assert terminal.ended() == 0
    terminal = spawn("exec", str(program))
    terminal.until(r"the program asks")
    terminal.type("\x03")
    assert terminal.ended() == 130


def test_one_turn_asks_on_a_terminal(spawn: Start, script: str) -> None:
    terminal = spawn("--model", script, "--trust", "auto", "-p", "ask twice")
    terminal.until(r"^the program asks ▸ a")
    terminal.type("1\r")
    terminal.until(r"^the program asks ▸ b")
    terminal.type("2\r")
    assert terminal.ended() == 0
    assert "\n3\n" in terminal.text


def test_where_isolation_is_reduced_the_level_is_told_and_code_is_shown(start: Start) -> None:
    off = 'for kind in user mnt; do echo 0 > /proc/sys/user/max_${kind}_namespaces || exit; done; exec "$@"'
    reduced = ("unshare", "-Ur", "sh", "-c", off, "sh")
    if (
        shutil.which("unshare") is None
        or subprocess.run([*reduced, "true"], capture_output=True, check=False).returncode
    ):
        pytest.skip("user namespaces cannot be switched off for one command here")
    terminal = start(trust=None, before=reduced, columns=240)
    terminal.until(r"^isolation: no-userns \(.*\); code is shown before it runs · mtchat doctor\n[\s\S]*^\[1\]")
    terminal.type("make nums\r")
    terminal.until(ASKS)
    terminal.type("r")
    terminal.until(r"^\[2\]")
