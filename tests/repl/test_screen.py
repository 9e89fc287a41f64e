"""A turn on a real screen, from 40 to 160 columns: code, output, value, error, tables, figures, times, the toolbar."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.repl.conftest import SIZES

Start = Callable[..., Any]
SCRIPT = {
    "mean": "def mean(xs):\n    total = sum(xs)\n    return total / len(xs)",
    "use": "print('go')\nmean([])",
    "forever": "def down(n):\n    return down(n + 1)\ndown(0)",
    "value": "{'a': 1}",
    "warn": "import sys\nprint('careful', file=sys.stderr)",
    "long": "names = ['" + "abcdefgh', '" * 20 + "']",
    "frame": "import pandas as pd\npd.DataFrame({'city': ['Ulm', '東京'], 'people': [126000, 13960000],"
    " 'said of it': ['a small town on the Danube with a very tall church', 'large'], 'share': [0.5, 1.25]})",
    "plot": "import matplotlib.pyplot as plt\nplt.figure(figsize=(3, 2), facecolor='red')\nplt.plot([1, 3, 2])",
    "*": "print('?')",
}


@pytest.fixture
def begin(spawn: Start, tmp_path: Path) -> Start:
    """The REPL on the script above, at its first prompt."""
    path = tmp_path / "script.json"
    path.write_text(json.dumps(SCRIPT))

    def run(*arguments: str, **given: object) -> Any:
        terminal = spawn("--model", f"scripted:{path}", "--trust", "auto", *arguments, **given)
        terminal.until(r"^\[1\]")
        return terminal

    return run


def say(terminal: Any, *entries: str) -> str:
    """The screen once each entry has been answered and the next prompt stands there."""
    for entry in entries:
        terminal.type(entry + "\r")
        terminal.turns = getattr(terminal, "turns", 0) + 1
        terminal.until(rf"^\[{terminal.turns + 1}\]$", 60)
    return str(terminal.until(r"· auto"))


def style_at(terminal: Any, text: str) -> Any:
    """The first character of `text` on the screen, with its colours."""
    for row, line in enumerate(terminal.screen.display):
        if (column := line.find(text)) >= 0:
            return terminal.screen.buffer[row][column]
    raise AssertionError(f"{text!r} is not on the screen:\n{terminal.text}")


@SIZES
def test_an_error_is_told_with_the_lines_of_the_turns_it_went_through(begin: Start, rows: int, columns: int) -> None:
    terminal = begin(rows=rows, columns=columns)
    text = say(terminal, "mean", "use")
    assert "turn 1, line 3, in mean\n" in text
    assert "\n▸ 3 │     return total / len(xs)\n" in text
    assert "\nZeroDivisionError: division by zero\n" in text
    assert "mtchat/" not in text
    assert "Traceback" not in text
    assert style_at(terminal, "ZeroDivisionError").fg == "red"
    assert style_at(terminal, "▸").fg == "red"
    assert style_at(terminal, "return total").fg == "magenta"


@SIZES
def test_time_and_rate_stand_at_the_right_and_the_toolbar_in_one_line(begin: Start, rows: int, columns: int) -> None:
    terminal = begin(rows=rows, columns=columns)
    text = say(terminal, "mean")
    (line,) = [line for line in text.split("\n") if "tokens/s" in line]
    assert len(line) == columns, "its end is the window's edge"
    assert line.startswith(" ")
    bar = text.rstrip().split("\n")[-1]
    assert "auto" in bar
    assert len(bar) < columns
    assert ("Ctrl-D" in bar) == (columns == 160)


def test_output_value_and_standard_error_are_told_apart_with_and_without_colour(begin: Start) -> None:
    terminal = begin()
    text = say(terminal, "value", "warn")
    assert "\n= {'a': 1}\n" in text
    assert terminal.screen.buffer[text.split("\n").index("careful")][0].fg == "red"
    assert terminal.screen.buffer[text.split("\n").index("= {'a': 1}")][2].fg == "cyan"
    plain = begin(NO_COLOR="1")
    assert "\n= {'a': 1}\n" in say(plain, "value")
    say(plain, "mean", "use")
    colours = {char.fg for row in plain.screen.buffer.values() for char in row.values()}
    assert colours <= {"default"}


@pytest.mark.slow
def test_a_long_recursion_takes_a_few_lines(begin: Start) -> None:
    text = say(begin(rows=50, columns=160), "forever")
    assert "more calls …" in text
    assert text.count("in down") <= 6
    assert "RecursionError: maximum recursion depth exceeded\n" in text


@pytest.mark.parametrize("columns", [40, 80])
def test_long_code_stays_behind_the_gutter(begin: Start, columns: int) -> None:
    text = say(begin(rows=40, columns=columns), "long")
    code = text.partition("[1] long\n")[2].partition("\n ")[0].split("\n")
    assert all(line.startswith(("│ ", "┊ ")) for line in code), text
    assert "".join(line[2:] for line in code).replace(" ", "") == SCRIPT["long"].replace(" ", "")


@SIZES
def test_a_frame_is_a_table_that_fits(begin: Start, rows: int, columns: int) -> None:
    pytest.importorskip("pandas")
    text = say(begin(rows=rows, columns=columns), "frame")
    (ulm,) = [line for line in text.split("\n") if line.startswith("0  Ulm")]
    assert ulm.endswith("0.50"), "the last column is there"
    assert "126000" in ulm
    assert ("with a very tall church" in ulm) == (columns > 40)
    assert "DataFrame, 2 × 4\n" in text


@SIZES
def test_a_figure_is_drawn_and_saved(begin: Start, rows: int, columns: int, own_home: Path) -> None:
    pytest.importorskip("chafa")
    pytest.importorskip("matplotlib")
    terminal = begin(rows=rows, columns=columns)
    text = say(terminal, "plot")
    assert "figure 1, saved as" in text
    (png,) = own_home.glob("data/mtchat/sessions/*.mtchat.blobs/*.png")
    assert png.name in text.replace("\n", "")
    colours = {char.bg for row in terminal.screen.buffer.values() for char in row.values()}
    assert len(colours) > 1, "blocks in colours, since the terminal says nothing of images"
    terminal.type("me\x1b[?62;4can\r")
    terminal.until(r"^\[2\] mean$")


@pytest.mark.slow
def test_a_terminal_that_takes_images_gets_the_file_itself(begin: Start) -> None:
    pytest.importorskip("matplotlib")
    terminal = begin(TERM_PROGRAM="iTerm.app")
    text = say(terminal, "plot")
    assert "figure 1, saved as" in text
    assert "1337" not in text, "what steers the terminal is not on the screen"
    assert "iVBOR" not in text


@pytest.mark.slow
def test_a_figure_can_be_left_undrawn(begin: Start) -> None:
    pytest.importorskip("matplotlib")
    terminal = begin(MTCHAT_FIGURES="off")
    assert "figure 1, saved as" in say(terminal, "plot")
    assert {char.bg for row in terminal.screen.buffer.values() for char in row.values()} == {"default"}


def test_a_dumb_terminal_gets_text_alone(begin: Start) -> None:
    terminal = begin(TERM="dumb", columns=40)
    read, seen = terminal.child.read_nonblocking, []

    def keep(*given: Any) -> str:
        seen.append(read(*given))
        return str(seen[-1])

    terminal.child.read_nonblocking = keep
    for number, entry in enumerate(["mean", "use", "long"], 2):
        terminal.type(entry + "\r")
        terminal.until(rf"^\[{number}\]")
    assert "▸ 3 │     return total / len(xs)" in "".join(seen)
    assert "tokens/s" in "".join(seen)
    assert "\x1b" not in "".join(seen)
    terminal.type("\x04")
    assert terminal.ended() == 0


def test_stats_tell_times_and_rates(begin: Start) -> None:
    terminal = begin()
    say(terminal, "mean", "use")
    terminal.type("/stats\r")
    text = terminal.until("the programs of this path")
    assert "turn 1: model " in text
    assert "tokens/s" in text
    assert "the model, since mtchat started:" in text
    assert "the programs of this path:" in text


def test_in_a_pipe_there_is_no_trace_of_a_screen(tmp_path: Path) -> None:
    path = tmp_path / "script.json"
    path.write_text(json.dumps(SCRIPT))
    done = subprocess.run(
        [sys.executable, "-m", "mtchat", "--model", f"scripted:{path}"],
        input="value\nmean\nuse\n", capture_output=True, text=True, timeout=60, check=False, env=dict(os.environ),
    )  # fmt: skip
    assert "\n{'a': 1}\n" in done.stdout
    assert "tokens/s" not in done.stdout
    assert '  File "<turn 2>", line 3, in mean\n' in done.stdout
    assert "\x1b" not in done.stdout
