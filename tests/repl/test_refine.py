"""Refining turns by commands and keys: modes of trust, /fix, /edit N, /refactor, an intent taken back, type-ahead."""

import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from mtchat.cli.common import engine_on, new_header
from mtchat.cli.talk import reopen
from mtchat.config import Settings
from mtchat.models.scripted import ScriptedModel
from mtchat.repl.app import Repl
from mtchat.repl.diff import diff
from mtchat.repl.instead import meant
from mtchat.repl.loading import Loading
from mtchat.repl.reader import LineReader, PromptReader
from mtchat.repl.screen import Screen, style
from mtchat.session import Store, latest, read
from tests.repl.conftest import SIZES

SCRIPT = {
    "make nums": "nums = [3, 1, 2]",
    "sort": "nums.sort(reverse=True)",
    "sum": "print(sum(nums))",
    "fail": "total = totl(nums)",
    "fix: NameError: name 'totl' is not defined": ["total = totl(nums)", "total = sum(nums)\nprint(total)"],
    "add up": ["total = sum([\n    n\n    for n in nums\n])\nprint(total)", "total = sum(nums)\nprint(total)"],
    "greet": ["print('hello')", "print('hi')", "print('good day')"],
    "no, sum": "print('as it is')",
    "slow": "import time\nprint('started', flush=True)\ntime.sleep(1)",
    "ask": "name = input('your name? ')\nprint('hello', name)",
    "*": "print('?')",
}
ASKS = r"^run it\? \[r\]un \[e\]dit \[a\]nother \[s\]kip"
Start = Callable[..., Any]


@contextmanager
def repl_on(path: Path, reader: Any, **given: object) -> Iterator[tuple[Repl, io.StringIO]]:
    settings = Settings(data_dir=path.parent, **{"trust": "auto", **given})  # type: ignore[arg-type]
    out = io.StringIO()
    screen = Screen(stream=out)
    loading = Loading(lambda: ScriptedModel(SCRIPT))
    with engine_on(Store.planned(path, new_header(settings)), settings, loading, screen.line) as engine:
        yield Repl(engine, loading, screen, reader, lambda settings: loading(), reopen), out
        if isinstance(engine.journal, Store):
            engine.journal.close()


Talk = Callable[..., str]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "s.mtchat.jsonl"


@pytest.fixture
def typed(path: Path) -> Talk:
    """Keys typed at a REPL; what it printed."""

    def run(keys: str, **given: object) -> str:
        with create_pipe_input() as source:
            source.send_text(keys)
            reader = PromptReader(style(), input=source, output=DummyOutput())
            with repl_on(path, reader, **given) as (repl, out):
                repl.talk()
                return out.getvalue()

    return run


@pytest.fixture
def piped(path: Path) -> Talk:
    """Lines of a pipe; what was printed."""

    def run(*lines: str, **given: object) -> str:
        with repl_on(path, LineReader(io.StringIO("\n".join(lines) + "\n")), **given) as (repl, out):
            repl.pipe()
            return out.getvalue()

    return run


def kept(path: Path) -> list[tuple[str, str, str]]:
    """Intent, code and status of every turn, in the order they were made."""
    turns = sorted(read(path).turns.values(), key=lambda turn: turn.seq)
    return [(turn.intent, turn.code, turn.execution.status) for turn in turns]


def test_trust_changes_live(typed: Talk, path: Path) -> None:
    out = typed("make nums\r/review\rsum\rs/auto\rsum\r/set trust review\rsort\rr\x04")
    assert "trust = review: code is shown before it runs\n" in out
    assert "trust = auto: code runs at once\n" in out
    assert [status for *_, status in kept(path)] == ["ok", "denied", "ok", "ok"]


def test_trust_in_a_pipe(piped: Talk) -> None:
    out = piped("/review", "/set trust review", "/auto", "greet")
    assert out.count("here nobody can be asked") == 2
    assert "hello\n" in out


def test_another_is_other_code_and_what_was_not_wanted_is_told_in_the_record(typed: Talk, path: Path) -> None:
    out = typed("greet\raar\x04", trust="review")
    assert "│ print('hello')" in out
    assert "1 of 2 ways to do it\n" in out
    ((intent, code, status),) = kept(path)
    assert (intent, code, status) == ("greet", "print('good day')", "ok")
    (turn,) = read(path).path()
    assert not turn.edited
    assert turn.completion is not None
    assert turn.completion.text == code
    assert [(c.code, c.execution.status) for c in turn.candidates] == [("print('hi')", "denied")]


def test_when_there_is_no_other_code_it_begins_again(typed: Talk, path: Path) -> None:
    out = typed("greet\raaar\x04", trust="review")
    assert "the model has no other code for this: the first one again" in out
    assert kept(path) == [("greet", "print('hello')", "ok")]


def test_another_of_several_candidates(typed: Talk, path: Path) -> None:
    out = typed("greet\rar\x04", trust="review", candidates=3)
    assert "1 of 3 ways to do it" in out
    assert kept(path) == [("greet", "print('hi')", "ok")]


def test_fix_tells_what_the_model_was_told(piped: Talk, path: Path) -> None:
    out = piped("/fix", "make nums", "fail", "/fix", "/fix", "/undo", "/show")
    assert "there is no turn yet" in out
    assert "# fix: NameError: name 'totl' is not defined\n│ total = sum(nums)\n│ print(total)\n6\n" in out
    assert "the last turn ran without an error: /retry writes other code for it, /edit changes it\n" in out
    assert len(kept(path)) == 3


def test_edit_n_runs_what_follows_and_shows_what_changed(typed: Talk, path: Path) -> None:
    keys = "make nums\rsort\rsum\rgreet\r/edit 1\r\x01\x0bnums = [5, 5]\x1b\r/vars\r/edit 9\r/edit 1\r\x1b\r\x04"
    out = typed(keys)
    assert "[2] sort · changed\n-nums = [3, 2, 1]\n+nums = [5, 5]\n" in out
    assert "[3] sum · changed\n-stdout: 6\n+stdout: 10\n" in out
    assert "[4] greet · as before\n" in out
    assert "3 turns ran again on top of it, 2 changed; the old path is still in the session\n" in out
    assert "there is no turn 9: there are 4" in out
    assert "the code is as it was: nothing to run" in out
    assert len(kept(path)) == 8
    assert [turn.intent for turn in read(path).path()] == ["make nums", "sort", "sum", "greet"]


def test_edit_n_says_what_could_not_follow(typed: Talk, path: Path) -> None:
    keys = "make nums\r>>> while not nums: pass\rsum\r/edit 1\r\x01\x0bnums = []\x1b\r\x04"
    out = typed(keys, timeout=0.5)
    assert "[2] (by hand) · changed\n" in out
    assert "turn 2 left nothing now: 2 turns of the old path did not follow\n" in out
    assert [turn.intent for turn in read(path).path()] == ["make nums"]


@pytest.mark.parametrize(("key", "codes"), [("y", ["total = sum(nums)\nprint(total)"]), ("n", None)])
def test_refactor_offers_a_diff(typed: Talk, path: Path, key: str, codes: list[str] | None) -> None:
    out = typed(f"make nums\radd up\r/refactor\r{key}\x04")
    assert "-total = sum([\n-    n\n-    for n in nums\n-])\n+total = sum(nums)\n print(total)\n" in out
    assert "shorter: 2 lines for 5; the output and the variables are the same\n" in out
    assert ("taken, in place of the last turn\n" if codes else "left as it was\n") in out
    assert [turn.code for turn in read(path).path()][1:] == (codes or [SCRIPT["add up"][0]])


def test_refactor_in_a_pipe_and_with_nothing_simpler(piped: Talk, path: Path) -> None:
    out = piped("make nums", "add up", "/refactor", "/refactor yes", "/refactor")
    assert "+total = sum(nums)\n" in out
    assert "there is no terminal to ask on: /refactor yes takes it\n" in out
    assert "taken, in place of the last turn\n" in out
    assert "nothing simpler was found: of 1 other code, 1 did the same\n" in out


@pytest.mark.parametrize(
    ("intent", "rest"),
    [
        ("no, sum", "sum"),
        ("No: sum them\nand print", "sum them\nand print"),
        ("no - sum", "sum"),
        ("instead, sum", "sum"),
        ("Actually, sum", "sum"),
        ("no", None),
        ("no,  ", None),
        ("no nums", None),
        ("north, south", None),
        ("note: sum", None),
        ("instead of nums make a set", None),
    ],
)
def test_what_takes_the_last_turn_back(intent: str, rest: str | None) -> None:
    assert meant(intent) == rest


def test_an_intent_taken_back_replaces_the_turn_if_the_person_says_so(typed: Talk, path: Path) -> None:
    typed("no, sum\rmake nums\rsort\rno, sum\ryno, sum\rn\x04")
    assert [turn.intent for turn in read(path).path()] == ["no, sum", "make nums", "sum", "no, sum"]
    assert [intent for intent, *_ in kept(path)] == ["no, sum", "make nums", "sort", "sum", "no, sum"]


def test_an_intent_taken_back_and_the_question_left(typed: Talk, path: Path) -> None:
    assert "left as it was" in typed("make nums\rno, sum\r\x03\x04")
    assert [turn.intent for turn in read(path).path()] == ["make nums"]


def test_in_a_pipe_it_is_an_ordinary_intent(piped: Talk) -> None:
    assert "as it is\n" in piped("make nums", "no, sum")


def test_a_difference_without_colour_reads_the_same() -> None:
    assert "".join(text for _, text in diff("a\nb\nc", "a\nB\nc")) == " a\n-b\n+B\n c\n"
    assert diff("a", "a") == []


def started(spawn: Start, tmp_path: Path, *flags: str, **given: object) -> Any:
    script = tmp_path / "refine.json"
    script.write_text(json.dumps(SCRIPT))
    terminal = spawn("--model", f"scripted:{script}", *flags, **given)
    terminal.until(r"^\[1\]")
    return terminal


def say(terminal: Any, text: str, then: str) -> str:
    terminal.type(text)
    screen: str = terminal.until(then)
    return screen


@SIZES
def test_modes_of_trust_on_a_real_screen(spawn: Start, tmp_path: Path, rows: int, columns: int) -> None:
    terminal = started(spawn, tmp_path, "--trust", "review", rows=rows, columns=columns)
    say(terminal, "greet\r", rf"print\('hello'\)\n{ASKS}")
    say(terminal, "a", rf"ways to do it\n│ print\('hi'\)\n{ASKS}")
    say(terminal, "e", r"Alt\+Enter")
    say(terminal, "  # ours\x1b\r", r"^hi\n[\s\S]*^\[2\]")
    say(terminal, "greet\r", rf"^\[2\] greet\n│ print\('hello'\)\n{ASKS}")
    say(terminal, "s", r"you skipped it")
    say(terminal, "/auto\r", r"code runs at once[\s\S]*^\[2\]")
    say(terminal, "make nums\r", r"^│ nums = [\s\S]*^\[3\]")
    say(terminal, "/review\rsum\r", rf"print\(sum\(nums\)\)\n{ASKS}")
    say(terminal, "r", r"^6\n[\s\S]*^\[4\]")


@SIZES
def test_refinement_on_a_real_screen(spawn: Start, tmp_path: Path, own_home: Path, rows: int, columns: int) -> None:
    terminal = started(spawn, tmp_path, "--trust", "auto", rows=rows, columns=columns)
    say(terminal, "make nums\r", r"^\[2\]")
    say(terminal, "fail\r", r"NameError[\s\S]*^\[3\]")
    say(terminal, "/fix\r", r"^# fix: NameError[\s\S]*^6\n[\s\S]*^\[4\]")
    say(terminal, "add up\r", r"^\[5\]")
    say(terminal, "/refactor\r", r"^-\]\)\n\+total = sum\(nums\)\n print\(total\)\n[\s\S]*take it\?")
    say(terminal, "y", r"taken, in place[\s\S]*^\[5\]")
    say(terminal, "no, greet\r", r"in place of the last turn\? \[y\]es \[n\]o")
    say(terminal, "y", r"^│ print\('hello'\)\nhello\n[\s\S]*^\[5\]")
    say(terminal, "/edit 1\r", r"Alt\+Enter")
    say(terminal, "\x01\x0bnums = [5]\x1b\r", r"as before[\s\S]*ran again on top of it[\s\S]*^\[5\]")
    turns = read(latest(own_home / "data" / "mtchat" / "sessions")).path()
    assert [turn.intent for turn in turns][2:] == ["fix: NameError: name 'totl' is not defined", "greet"]
    assert turns[2].execution.stdout == "5\n"


def test_the_editor_of_the_environment(spawn: Start, tmp_path: Path, own_home: Path) -> None:
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\necho "$1" > "$0.name"\necho "nums = [7]" > "$1"\n')
    editor.chmod(0o755)
    terminal = started(spawn, tmp_path, "--trust", "auto", EDITOR=str(editor), VISUAL=str(editor))
    say(terminal, "make nums\r", r"^\[2\]")
    say(terminal, "/edit\r", r"Alt\+Enter")
    say(terminal, "\x18\x05", r"^nums = \[7\]")
    say(terminal, "\x1b\r", r"^\[2\] *$")
    assert [turn.code for turn in read(latest(own_home / "data" / "mtchat" / "sessions")).path()] == ["nums = [7]"]
    assert (tmp_path / "editor.name").read_text().endswith(".py\n")


@SIZES
def test_lines_and_pastes_typed_ahead_wait_their_turn(
    spawn: Start, tmp_path: Path, own_home: Path, rows: int, columns: int
) -> None:
    terminal = started(spawn, tmp_path, "--trust", "auto", rows=rows, columns=columns)
    say(terminal, "slow\r", r"^started")
    terminal.type("make nums\rno, sum\rtwo\x1b\rlines\r\x1b[200~a\rpaste\x1b[201~\rask\rgreet\r")
    say(terminal, "", r"in place of the last turn\? \[y\]es \[n\]o *$")
    say(terminal, "n", r"the program asks ▸ your name\? *$")
    say(terminal, "Ada\r", r"^hello Ada\n[\s\S]*print\('hello'\)[\s\S]*^\[8\]")
    turns = read(latest(own_home / "data" / "mtchat" / "sessions")).path()
    assert [turn.intent for turn in turns] == [
        "slow", "make nums", "no, sum", "two\nlines", "a\npaste", "ask", "greet"
    ]  # fmt: skip


def test_ctrl_c_drops_what_was_typed_ahead(spawn: Start, tmp_path: Path, own_home: Path) -> None:
    terminal = started(spawn, tmp_path, "--trust", "auto")
    terminal.type("slow\rgreet\rsum\r")
    terminal.until(r"^started")
    say(terminal, "\x03", r"interrupted[\s\S]*^\[1\] *$")
    say(terminal, "make nums\r", r"^\[2\] *$")
    assert [intent for intent, *_ in kept(latest(own_home / "data" / "mtchat" / "sessions"))] == ["slow", "make nums"]
