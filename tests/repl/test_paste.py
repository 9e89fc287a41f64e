"""Pasted text arrives as it is and runs nothing: through prompt_toolkit's pipe input, and in a real terminal."""

import io
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from mtchat.repl.reader import PromptReader, clean
from mtchat.repl.screen import style
from mtchat.session import read
from tests.repl.conftest import SIZES

Start = Callable[..., Any]
ON, OFF = "\x1b[200~", "\x1b[201~"
BLOCK = "\n".join(f"line {number} of a long block, with a tab\t and a word" for number in range(2000))
ODD = {
    "tabs": "if x:\n\tprint('deep')\n\t\tdeeper",
    "emoji": "print \U0001f600 and \U0001f468‍\U0001f469‍\U0001f467‍\U0001f466 and \U0001f1eb\U0001f1f7",
    "wide": "把列表排序\n一覧を並べる",
    "right to left": "שלום עולם\nمرحبا بالعالم 123",
    "combining": "é ö à́̂",
    "control": "a\x01b\x02c\x03d\x04e\x1b[2Jf\x1a\x7fg",
    "looks like keys": "\x1b\r\x1b[A/quit",
    "a command below": "words\n/quit\n/undo\n",
}


@pytest.fixture
def patient(tmp_path: Path) -> str:
    """A model that reads long texts."""
    path = tmp_path / "script.json"
    path.write_text(
        json.dumps({"script": {"run": "import time\nprint('on')\ntime.sleep(1)", "*": "x = 1"}, "context": 10**6})
    )
    return f"scripted:{path}"


def entered(text: str) -> str:
    """What the prompt makes of `text` pasted, then Enter."""
    with create_pipe_input() as keys:
        keys.send_text(f"{ON}{text}{OFF}\r")
        return clean(PromptReader(style(), input=keys, output=DummyOutput()).read(1))


def as_documented(text: str) -> str:
    """docs/repl.md: line ends become newlines, NULs go."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


@settings(deadline=None, max_examples=60)
@given(st.text(st.characters(exclude_categories=["Cs"])).filter(lambda text: OFF not in text))
@example("a\r\nb\rc\n")
@example("\t \x1b[200~ \x03\x04\x1a")
def test_what_is_pasted_is_what_arrives(text: str) -> None:
    assert entered(text) == as_documented(text)


def pasted(start: Start, model: str, path: Path, *texts: str) -> list[str]:
    """The intents on disk after `texts` were pasted in a terminal, each sent with Enter."""
    terminal = start("--session", str(path), "--model", model)
    terminal.until(r"^\[1\] $|^\[1\]$")
    for number, text in enumerate(texts, 2):
        terminal.type(f"{ON}{text}{OFF}")
        terminal.type("\r")
        terminal.until(rf"^\[{number}\] *$")
    terminal.type("\x04")
    assert terminal.ended() == 0
    return [turn.intent for turn in read(path).path()]


def test_odd_text_is_in_the_record_as_it_was_pasted(start: Start, patient: str, tmp_path: Path) -> None:
    texts = [*ODD.values(), "dos\r\nlines\r\n"]
    intents = pasted(start, patient, tmp_path / "s.mtchat.jsonl", *texts)
    assert [intent.strip("\n") for intent in intents] == [as_documented(text).strip("\n") for text in texts]


@SIZES
def test_a_block_of_two_thousand_lines_is_one_entry_and_runs_when_sent(
    start: Start, patient: str, tmp_path: Path, rows: int, columns: int
) -> None:
    path = tmp_path / "s.mtchat.jsonl"
    terminal = start("--session", str(path), "--model", patient, rows=rows, columns=columns)
    terminal.until(r"^\[1\]")
    began = time.monotonic()
    terminal.type(f"{ON}{BLOCK}{OFF}")
    terminal.until(r"line 1999")
    took = time.monotonic() - began
    assert not path.exists(), "nothing runs before Enter"
    terminal.type("\r")
    terminal.until(r"^\[2\] *$")
    (turn,) = read(path).path()
    assert turn.intent == BLOCK
    assert took < 5, "a second on a machine with nothing else to do (docs/repl.md)"


def test_what_is_pasted_while_a_program_runs_waits_and_runs_nothing(start: Start, patient: str, tmp_path: Path) -> None:
    path = tmp_path / "s.mtchat.jsonl"
    terminal = start("--session", str(path), "--model", patient)
    terminal.until(r"^\[1\]")
    terminal.type("run\r")
    terminal.until(r"^on$")
    terminal.type(f"{ON}one\rtwo\r/quit\r{OFF}")
    terminal.until(r"^\[2\] one\n.*two")
    time.sleep(0.3)
    terminal.pump()
    assert [turn.intent for turn in read(path).path()] == ["run"]
    terminal.type("\r")
    terminal.until(r"^\[3\] *$")
    assert read(path).path()[-1].intent.strip() == "one\ntwo\n/quit"


def test_a_paste_answers_no_question(start: Start, patient: str, tmp_path: Path) -> None:
    path = tmp_path / "s.mtchat.jsonl"
    terminal = start("--session", str(path), "--model", patient, trust="review")
    terminal.until(r"^\[1\]")
    terminal.type("go\r")
    terminal.until(r"run it\?")
    terminal.type(f"{ON}run\r{OFF}{ON}r{OFF}")
    time.sleep(0.5)
    terminal.pump()
    assert not path.exists()
    terminal.type("r")
    terminal.until(r"^\[2\] *$")


def test_a_dumb_terminal_is_sent_no_marks(start: Start, patient: str, tmp_path: Path) -> None:
    terminal = start("--model", patient, TERM="dumb")
    terminal.child.logfile_read = raw = io.StringIO()
    terminal.until(r"^\[1\]")
    terminal.type("one\r")
    terminal.until(r"^\[2\]")
    terminal.type("\x04")
    assert terminal.ended() == 0
    shown = raw.getvalue().replace("\x1b[?12l\x1b[?25h", "", 1)  # prompt_toolkit sets the cursor once, before it looks
    assert "\x1b" not in shown


def test_without_brackets_each_line_is_an_entry(start: Start, patient: str, tmp_path: Path) -> None:
    """What a terminal without bracketed paste sends cannot be told from typing (docs/repl.md)."""
    path = tmp_path / "s.mtchat.jsonl"
    terminal = start("--session", str(path), "--model", patient)
    terminal.until(r"^\[1\]")
    terminal.type("one\rtwo\r")
    terminal.until(r"^\[3\] *$")
    terminal.type("three\nstill three\r")
    terminal.until(r"^\[4\] *$")
    assert [turn.intent for turn in read(path).path()] == ["one", "two", "three\nstill three"]
