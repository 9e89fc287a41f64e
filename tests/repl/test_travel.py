"""Time travel, /explain, /hint, ?name and /vars: through the whole REPL, and in real terminals of three sizes."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from prompt_toolkit.utils import get_cwidth

from mtchat.cli.common import engine_on, new_header
from mtchat.cli.talk import reopen
from mtchat.config import Settings
from mtchat.models.scripted import ScriptedModel
from mtchat.repl.app import Repl
from mtchat.repl.loading import Loading
from mtchat.repl.reader import LineReader
from mtchat.repl.screen import Screen
from mtchat.session import Store, branch_name, read
from mtchat.teach import Tutor, lesson_of
from tests.repl.conftest import SIZES

SCRIPT = {
    "make nums": "nums = [3, 1, 2]",
    "sort": "nums.sort(reverse=True)",
    "sum": "print(sum(nums))",
    "double": "def double(n):\n    '''Twice n.'''\n    return 2 * n\nnums = [double(n) for n in nums]",
    "loop": "while True:\n    pass",
    "fail": "nums.push(4)",
    "wide": "table = {'漢字' * 30: '\\x1b[2J'}\na_very_long_name_for_a_variable = list(range(1000))",
}

Talk = Callable[..., str]
Start = Callable[..., Any]


@pytest.fixture
def talk(tmp_path: Path) -> Talk:
    """Feed lines to a REPL on one session file; what it printed."""

    def run(*lines: str, tutor: Tutor | None = None, **given: object) -> str:
        path, out = tmp_path / "s.mtchat.jsonl", io.StringIO()
        settings = Settings(data_dir=tmp_path, **{"trust": "auto", **given})  # type: ignore[arg-type]
        screen, loading = Screen(stream=out), Loading(lambda: ScriptedModel(SCRIPT))
        store = Store.open(path) if path.exists() else Store.planned(path, new_header(settings))
        with engine_on(store, settings, loading, lambda text: screen.line(text)) as engine:
            reader = LineReader(io.StringIO("\n".join(lines) + "\n"))
            Repl(engine, loading, screen, reader, lambda settings: loading(), reopen, tutor=tutor).pipe()
        return out.getvalue()

    return run


def test_branches_keep_their_turns_and_variables_and_survive(talk: Talk, tmp_path: Path) -> None:
    out = talk("make nums", "sort", "/undo", "/branch idea", "double", "/vars", "/goto main", "/vars", "/branches")
    assert "new turns go to the branch idea; /goto main goes back to main\n" in out
    assert "nums    list      3  [6, 2, 4]\n" in out
    assert "there; you are after turn 2: sort (branch main)\nnums  list  3  [3, 2, 1]\n" in out
    assert out.endswith("  idea  2 turns   double\n* main  2 turns   sort\n")
    assert branch_name(read(tmp_path / "s.mtchat.jsonl")) == "main"
    out = talk("/branches", "/goto idea", "/vars", "/branch idea", "/goto 0", "/goto 0", "/goto 2", "/goto #2", "/goto")
    assert "* main  2 turns   sort\n" in out
    assert "[6, 2, 4]" in out
    assert "there is a branch idea already: /goto idea goes there" in out
    assert "there; you are at the start" in out
    assert "nothing to do; you are at the start" in out
    assert "there; you are after turn 2: double (branch idea)" in out
    assert "there; you are after turn 2: sort (branch main)" in out
    assert "/goto needs one place" in out
    with_copy = talk(f"/save {tmp_path / 'copy'}", f"/load {tmp_path / 'copy'}", "/branches")
    assert with_copy.endswith("  idea  2 turns   double\n* main  2 turns   sort\n")


def test_a_line_without_a_name_is_found_again(talk: Talk) -> None:
    out = talk("make nums", "sort", "/undo", "sum", "/branches", "/goto #2", "/branch old", "/branches")
    assert "* main  2 turns   sum\n  #2    2 turns   sort\n" in out
    assert "you are after turn 2: sort (on no branch: /branch NAME names this line)\n" in out
    assert out.endswith("  main  2 turns   sum\n* old   2 turns   sort\n")


def test_tree_and_diff(talk: Talk) -> None:
    out = talk("make nums", "sort", "loop", "fail", "/tree", "/diff", "/diff 1", "/diff 2 1", "/diff 4 4", timeout=0.3)
    assert "├─[2] sort\n│ └─#3 ✗ timeout loop\n└─[3] ✗ AttributeError fail (main) ◀ here\n" in out
    assert "turn 1 → turn 3\n~ nums: [3, 1, 2] → [3, 2, 1]\n@@ " in out
    assert "\n+# sort\n+nums.sort(reverse=True)\n" in out
    assert "turn 2 → turn 1\n~ nums: [3, 2, 1] → [3, 1, 2]\n" in out
    assert "\n-# sort\n-nums.sort(reverse=True)\n" in out
    assert "there is no turn 4 on this line, which has 3 turns" in out
    assert "no difference in variables or code" in talk("/diff 2 2")
    assert "compares two places" in talk("/diff 1 2 3")


def test_an_undo_says_once_what_it_does_not_take_back(talk: Talk, tmp_path: Path) -> None:
    given = {"allow_write": (str(tmp_path / "out"),)}
    (tmp_path / "out").mkdir()
    out = talk("make nums", "sort", "/undo", "/redo", "/undo", "/goto 0", **given)
    assert out.count("not undone: what programs wrote below") == 1
    assert out.index("not undone") < out.index("undone; you are")
    assert "not undone" not in talk("/undo", "/redo", "/goto 0")


def test_explain_and_hint(talk: Talk, tmp_path: Path) -> None:
    out = talk("make nums", "sort", "fail", "/explain", "/explain 2", "/explain 9", "/explain x", "/hint", "/redo")
    assert "[3] fail\n  1 nums.push(4)\n    Calls nums.push with 4.\n" in out
    assert "It stopped at line 1: list has nothing called push.\n" in out
    assert "    nums: [3, 1, 2] → [3, 2, 1]\n" in out
    assert "there is no turn 9" in out
    assert "/explain takes a turn's number" in out
    assert "there is no lesson here: mtchat --lesson FILE" in out
    tutor = Tutor(lesson_of(tmp_path / "s.mtchat.jsonl"))
    out = talk("/goto 0", "/hint", "/hint", "/hint", "make nums", "/hint", tutor=tutor)
    assert "step 1 of 3: make nums\n/hint again says" in out
    assert "it defines nums\n" in out
    assert "its code:\nnums = [3, 1, 2]\n" in out
    assert "step 2 of 3: sort\n" in out


def test_a_name_is_shown_as_ipython_would(talk: Talk) -> None:
    out = talk("make nums", "double", "?nums", "nums?", "?double", "??len", "?nope", "?f(x)", "/about", "why?")
    assert out.count("type    list\nlength  3\nvalue   [6, 2, 4]\nset in  turn 2\n") == 2
    assert "call    double(n)\nsays    Twice n.\ncode  (turn 2)\ndef double(n):\n    '''Twice n.'''\n" in out
    assert "its code is not of this session" in out
    assert "name 'nope' is not defined; /vars lists what there is" in out
    assert "'f(x)' is no name" in out
    assert "/about needs one name" in out
    assert "name 'why' is not defined" in out


@pytest.fixture
def at_size(spawn: Start, tmp_path: Path) -> Start:
    path = tmp_path / "script.json"
    path.write_text(json.dumps(SCRIPT))

    def run(rows: int, columns: int, *arguments: str, **more: Any) -> Any:
        flags = ("--model", f"scripted:{path}", "--trust", "auto", *arguments)
        terminal = spawn(*flags, rows=rows, columns=columns, **more)
        terminal.until(r"^\[1\]")
        return terminal

    return run


@SIZES
def test_travel_on_a_real_screen(at_size: Start, rows: int, columns: int) -> None:
    terminal = at_size(rows, columns, "--pager", "off")
    terminal.type("make nums\rsort\r/undo\r/branch idea\r")
    terminal.until(r"new turns go to the branch")
    terminal.type("double\r")
    terminal.until(r"^\[3\]")
    terminal.type("/tree\r")
    text = terminal.until(r"^├─\[1\] make nums\n│ └─#2 sort \(main\)\n└─\[2\] double \(idea\) ◀ here$")
    assert "○ start" in text
    terminal.type("/diff main\r")
    terminal.until(r"^-nums.sort\(reverse=True\)\n\+# double$[\s\S]*^\[3\]")
    assert rows < 24 or "\n~ nums: [3, 2, 1] → [6, 2, 4]\n" in terminal.text
    colours = {char.fg for row in terminal.screen.buffer.values() for char in row.values()}
    assert {"green", "red"} <= colours
    terminal.type("/goto main\r/branches\r")
    terminal.until(r"^  idea  2 turns   double\n\* main  2 turns   sort$")
    terminal.type("/quit\r")
    assert terminal.ended() == 0


@SIZES
def test_values_and_explanations_on_a_real_screen(at_size: Start, rows: int, columns: int) -> None:
    terminal = at_size(rows, columns)
    terminal.type("make nums\rsort\r/explain\r")
    terminal.until(r"^    Sorts nums in place, largest first\.\n    nums: \[3, 1, 2\] → \[3, 2, 1\]$[\s\S]*^\[3\]")
    terminal.type("double\r?double\r")
    terminal.until(r"^call    double\(n\)$[\s\S]*^says    Twice n\.$[\s\S]*^def double\(n\):$[\s\S]*^\[4\]")
    terminal.type("wide\r/vars\r")
    terminal.until(r"1000  \[0, [\s\S]*^\[5\]")
    lines = [line for line in terminal.text.splitlines() if line.startswith(("nums", "table", "a_very"))]
    assert len(lines) == 3, "no line of the table is longer than the screen"
    assert all(get_cwidth(line.replace("  ", " ")) <= columns for line in lines)
    terminal.type("\x04")
    assert terminal.ended() == 0


def test_a_lesson_in_a_terminal_without_colour(at_size: Start) -> None:
    lesson = Path(__file__).parent.parent.parent / "sessions" / "numbers.mtchat.jsonl"
    terminal = at_size(12, 40, "--lesson", str(lesson), NO_COLOR="1")
    assert "/hint says what comes next" in " ".join(terminal.text.split())
    terminal.type("/hint\r")
    terminal.until(r"^step 1 of \d+: ")
    colours = {char.fg for row in terminal.screen.buffer.values() for char in row.values()}
    assert colours <= {"default"}


def test_a_lesson_that_is_none_is_one_line(spawn: Start) -> None:
    terminal = spawn("--lesson", "nowhere")
    assert terminal.ended() == 3
    assert "cannot read" in terminal.text
