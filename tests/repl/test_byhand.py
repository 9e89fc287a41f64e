"""Code by hand: its marks, its intent, the keys that open lines of it, and what the model goes on with."""

import io
import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from mtchat.config import Settings
from mtchat.engine import Engine, Memory, continued
from mtchat.languages import PYTHON
from mtchat.models.scripted import ScriptedModel
from mtchat.repl import byhand
from mtchat.repl.commands import is_command
from mtchat.repl.reader import LineReader, PromptReader
from mtchat.repl.screen import style
from mtchat.sandbox import Sandbox
from mtchat.session import Header, Session, latest, read
from tests.repl.conftest import SIZES

Start = Callable[..., Any]


@pytest.mark.parametrize(
    ("entry", "code", "dropped"),
    [
        (">>> x = 1", "x = 1", 0),
        (">>>", "", 0),
        (">>> for n in x:\n...     print(n)\n...", "for n in x:\n    print(n)", 0),
        ("    >>> x\n    [1, 2]\n    >>> y\n    3", "x\ny", 2),
        (">>> def f():\n    return 1\n", "def f():\n    return 1", 0),
        (">>> s = '''a\nb'''\n>>> s\n'a\\nb'", "s = '''a\nb'''\ns", 1),
        (">>> x = [\n... 1,\n... ]", "x = [\n1,\n]", 0),
        ("\t>>> x = 1\n\t>>> x", "x = 1\nx", 0),
    ],
)
def test_marks_come_off_and_a_doctest_s_output_is_left_out(entry: str, code: str, dropped: int) -> None:
    assert byhand.is_code(entry)
    assert byhand.bare(entry) == (code, dropped)


def test_other_entries_are_no_code() -> None:
    assert not any(map(byhand.is_code, ["x >>> 1", ">> x", ">>>x", "make nums\n>>> nums", "..."]))


@pytest.mark.parametrize(
    ("text", "intent", "code"),
    [
        ("x = 1", "", "x = 1"),
        ("x = 1  # one", "one", "x = 1"),
        ("x = '# no comment'", "", "x = '# no comment'"),
        ("# make x\n# and y\nx = 1\ny = 2  # kept", "make x\nand y", "x = 1\ny = 2  # kept"),
        ("\n  # inside\n  x = 1\n  y = 2\n", "inside", "x = 1\ny = 2"),
        ("# only words", "only words", ""),
        ("x = '", "", "x = '"),
    ],
)
def test_comments_above_code_or_behind_its_only_line_are_the_intent(text: str, intent: str, code: str) -> None:
    made = byhand.written(text, PYTHON)
    assert (made.intent, made.code) == (intent, code)


@pytest.mark.parametrize(
    ("entry", "further", "line"),
    [
        (">>> x = 1", False, ""),
        (">>> for n in x:", True, "\n...     "),
        (">>> for n in x:\n...     print(n)", True, "\n...     "),
        (">>> for n in x:\n...     print(n)\n...     ", False, ""),
        (">>> x = [1,", True, "\n... "),
        (">>> x = )", False, ""),
        ("    >>> a\n    5", False, ""),
        (">>> if x:\n...     for y in z:", True, "\n...         "),
    ],
)
def test_enter_opens_a_line_while_the_code_is_not_whole(entry: str, further: bool, line: str) -> None:
    assert byhand.goes_on(entry) is further
    if further:
        assert byhand.next_line(entry) == line


def test_raw_commands_may_have_lines_and_others_may_not() -> None:
    assert is_command("/py\nx = 1")
    assert is_command("/complete x = [\n1,")
    assert not is_command("/undo\nmore")


def lines(text: str) -> list[str]:
    reader, found = LineReader(io.StringIO(text)), []
    while True:
        try:
            found.append(reader.read(0))
        except EOFError:
            return found


def test_a_pipe_joins_the_lines_of_a_block() -> None:
    assert lines(">>> for n in x:\n...     print(n)\n... \n>>> x\nsum\n... odd\n>>> y\n...") == [
        ">>> for n in x:\n...     print(n)\n... ",
        ">>> x",
        "sum",
        "... odd",
        ">>> y\n...",
    ]


def reading(keys: PipeInput, more: Any = None) -> PromptReader:
    return PromptReader(style(), input=keys, output=DummyOutput(), more=more)


def test_enter_in_a_block_at_the_prompt() -> None:
    with create_pipe_input() as keys:
        keys.send_text(">>> for n in [1]:\rprint(n)\r\r>>> x = 1\r")
        reader = reading(keys)
        assert reader.read(1) == ">>> for n in [1]:\n...     print(n)\n...     "
        assert reader.read(2) == ">>> x = 1"


@pytest.mark.parametrize("key", ["\x1bOS", "\x00"])
def test_f4_and_ctrl_space_have_the_model_go_on(key: str) -> None:
    asked: list[str] = []
    done = threading.Event()

    def more(begun: str, cancel: threading.Event) -> str:
        asked.append(begun)
        done.set()
        return "nums:\n    pass"

    with create_pipe_input() as keys:
        reader = reading(keys, more)
        typing = threading.Thread(target=lambda: (done.wait(10), time.sleep(0.5), keys.send_text("\x1b\r")))
        typing.start()
        keys.send_text("for n in " + key)
        assert reader.edit("") == "for n in nums:\n    pass"
        typing.join()
        done.clear()
        typing = threading.Thread(target=lambda: (done.wait(10), time.sleep(0.5), keys.send_text("\r\r")))
        typing.start()
        keys.send_text(">>> for n in " + key)
        assert reader.read(1) == ">>> for n in nums:\n...     pass\n...     "
        typing.join()
    assert asked == ["for n in ", "for n in "]


def test_leaving_stops_the_model_that_goes_on() -> None:
    begun, stopped = threading.Event(), threading.Event()

    def more(text: str, cancel: threading.Event) -> str:
        begun.set()
        if cancel.wait(10):
            stopped.set()
        return "late"

    with create_pipe_input() as keys:
        reader = reading(keys, more)
        typing = threading.Thread(target=lambda: (begun.wait(10), keys.send_text("\x03")))
        typing.start()
        keys.send_text("x = \x1bOS")
        with pytest.raises(KeyboardInterrupt):
            reader.edit("")
        typing.join()
        assert stopped.is_set(), "and it is waited for, so that nobody else asks the model meanwhile"


def test_what_the_model_goes_on_with() -> None:
    script = ["sum(nums)\n\n# next\nprint('never')", " range(3)]", "", "# words only", "    return n\nf(1)"]
    model = ScriptedModel(script)
    with Sandbox() as sandbox:
        engine = Engine(Memory(Session(Header(created="now"))), sandbox, lambda: model, Settings())
        assert continued(engine, "add up", "# mine\ntotal = ") == "sum(nums)"
        assert continued(engine, "", "x = [n for n in") == " range(3)]"
        assert continued(engine, "", "x = 1\n") == ""
        assert continued(engine, "", "x = 1\n# a note\n") == ""
        assert continued(engine, "", "def f(n):\n") == "    return n\nf(1)"
        assert not engine.session.turns


@SIZES
def test_code_by_hand_on_a_real_screen(start: Start, own_home: Path, rows: int, columns: int) -> None:
    terminal = start(rows=rows, columns=columns, trust="review")
    terminal.until(r"^\[1\]")
    terminal.type(">>> nums = [1, 2]  # begin\r")
    terminal.until(r"^\[2\]")
    terminal.type(">>> for n in nums:\r")
    terminal.until(r"· \.\.\.")
    terminal.type("print(n * 10)\r\r")
    terminal.until(r"^10\n20\n[\s\S]*^\[3\]")
    terminal.type("/py\r")
    terminal.until(r"Alt\+Enter")
    terminal.type("a = 5\rb = 6\ra * b\x1b\r")
    terminal.until(r"^= 30\n[\s\S]*^\[4\]")
    terminal.type("/py a + b\r")
    terminal.until(r"^= 11\n[\s\S]*^\[5\]")
    terminal.type("\x1b[200~    >>> a\r    5\r    >>> b + 1\r    7\x1b[201~\r")
    terminal.until(r"2 lines without >>>[\s\S]*^= 7\n[\s\S]*^\[6\]")
    turns = read(latest(own_home / "data" / "mtchat" / "sessions")).path()
    assert [turn.intent for turn in turns] == ["begin", "", "", "", ""]
    assert turns[1].code == "for n in nums:\n    print(n * 10)"
    assert all(turn.completion is None and turn.edited for turn in turns)


@SIZES
def test_the_model_goes_on_in_the_editor_on_a_real_screen(
    spawn: Start, tmp_path: Path, rows: int, columns: int
) -> None:
    script = tmp_path / "more.json"
    script.write_text(json.dumps({"add": "sum(nums)\n\n# no more", "one": "sum([1])"}))
    terminal = spawn("--model", f"scripted:{script}", "--trust", "auto", rows=rows, columns=columns)
    terminal.until(r"^\[1\]")
    terminal.type(">>> nums = [1, 2]\r")
    terminal.until(r"^\[2\]")
    terminal.type("/complete # add\x1b\rtotal = \r")
    terminal.until(r"^total = sum\(nums\)")
    terminal.type("\r\rtotal\x1b\r")
    terminal.until(r"^= 3\n[\s\S]*^\[3\]")
    terminal.type("/py\r")
    terminal.until(r"Alt\+Enter")
    terminal.type("# one\rone = \x1bOS")
    terminal.until(r"one = sum\(\[1\]\)")
    terminal.type("\rone + 1\x1b\r")
    terminal.until(r"^= 2\n[\s\S]*^\[4\]")


def test_nothing_to_run_or_to_go_on_with_is_one_line(start: Start) -> None:
    terminal = start()
    terminal.until(r"^\[1\]")
    terminal.type("/complete\r>>>\r/py # words\r")
    text = terminal.until(r"there is no code to run[\s\S]*there is no code to run")
    assert "/complete needs the beginning" in text
    terminal.type("/py\r")
    terminal.until(r"Alt\+Enter")
    terminal.type("x = 1\x03")
    terminal.until(r"left as it was[\s\S]*^\[1\] *$")
