"""The report's tables and the picture, from a summary of made-up samples."""

import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from mtchat.bench.figures.plot import plot, png
from mtchat.bench.figures.report import report, table
from mtchat.bench.figures.summary import summarize
from mtchat.bench.values import Problem
from mtchat.errors import BenchError
from tests.bench.made import problem, sample, samples, setup

MULTI, SINGLE = setup(), setup(mode="single")
PROBLEMS = [problem("1", "lists", 3), problem("2", "maths", 3), problem("3", "lists", 10)]


def summary(single: bool = True, problems: list[Problem] = PROBLEMS) -> dict[str, Any]:
    given = [
        *samples(MULTI, "1", [[True, True], [True, False]]),
        *samples(MULTI, "2", [[False, False], [False, False]]),
        *samples(MULTI, "3", [[True, False], [False, False]]),
    ]
    alone = [
        sample(SINGLE, p.id, case, n, "refused", status="denied") for p in problems for case in (0, 1) for n in (0, 1)
    ]
    return summarize(MULTI, problems, given, (SINGLE, alone) if single else None)


def row(text: str, first: str) -> list[str]:
    """The cells of the one line whose first cell is `first`, without the first."""
    found = [[c.strip() for c in line.strip("|").split(" | ")] for line in text.splitlines() if line.startswith("|")]
    (cells,) = [cells for cells in found if cells[0] == first]
    return cells[1:]


def test_the_tables_hold_the_summarys_figures() -> None:
    text = report(summary())
    assert row(text, "pass rate") == ["33.3 % (0.0–75.0)", "0.0 % (0.0–56.1)"]
    assert row(text, "refused by the policy") == ["0", "12"]
    assert row(text, "lists") == ["2", "8", "50.0 % (25.0–75.0)", "0.0 % (0.0–65.8)"]
    assert row(text, "10") == ["1", "4", "25.0 % (4.6–69.9)", "0.0 % (0.0–49.0)"]
    problems = text.split("## By problem")[1]
    assert row(problems, "1") == ["problem 1", "lists", "3", "–", "75.0 %", "0.0 %"]
    assert "Multi-turn minus single-turn, paired by problem: +33.3 points" in text
    assert "narrower than it should be" in text
    assert "Not complete" not in text


def test_without_a_single_turn_run_there_is_no_column_of_it() -> None:
    text = report(summary(single=False))
    assert "single-turn" not in text.replace("single-turn setup", "")
    assert row(text, "lists") == ["2", "8", "50.0 % (25.0–75.0)"]


def test_an_incomplete_run_is_told_first() -> None:
    told = report(summarize(MULTI, PROBLEMS, samples(MULTI, "1", [[True]]), per_case=5))
    assert "**Not complete: 1 of 30 samples.**" in told.split("\n\n")[1]
    assert report(summarize(MULTI, PROBLEMS, [], per_case=5))


def test_command_and_settings_are_told_and_times_only_where_given() -> None:
    text = report(summary(), command="mtchat bench mtpb --problems p.jsonl", about="Made in 3 min.")
    assert "    mtchat bench mtpb --problems p.jsonl\n" in text
    assert row(text, "sampling.temperature") == ["0.2"]
    assert row(text, "setup") == [MULTI.digest]
    assert text.endswith("Made in 3 min.\n")
    assert "min." not in report(summary())


def test_names_cannot_break_the_tables() -> None:
    odd = msgspec.structs.replace(PROBLEMS[0], name="a | b\nc", category="x|y")
    lines = [line for line in report(summary(problems=[odd, *PROBLEMS[1:]])).splitlines() if "a \\| b c" in line]
    assert len(lines) == 1
    assert "x\\|y" in lines[0]


def test_a_table_is_aligned_as_it_stands() -> None:
    made = table(("name", "n"), [("a", 1), ("longer", 100)])
    assert made.splitlines() == ["| name   |   n |", "| ------ | --: |", "| a      |   1 |", "| longer | 100 |"]


def test_the_temperatures_of_pass_at_k_stand_beside() -> None:
    told = summary(single=False)
    told["pass_at"] = {
        "1": {**told["pass_at"]["1"], "temperature": 0.2},
        "2": {**told["pass_at"]["2"], "temperature": 0.6},
    }
    assert row(report(told).split("## pass@k")[1].split("##")[0], "2")[1] == "0.6"


@pytest.fixture
def matplotlib_there() -> None:
    pytest.importorskip("matplotlib")


@pytest.mark.usefixtures("matplotlib_there")
def test_the_picture_is_a_png_and_the_same_each_time(tmp_path: Path) -> None:
    assert plot(summary(), tmp_path / "plot.png")
    data = (tmp_path / "plot.png").read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", data[16:24])
    assert (width > 500, height) == (True, 600)
    assert png(summary()) == data


@pytest.mark.usefixtures("matplotlib_there")
def test_any_names_and_empty_groups_can_be_drawn() -> None:
    names = ("$x", "漢字 \\frac{", "long " * 30)
    problems = [problem(str(i), name, i + 2) for i, name in enumerate(names)]
    assert png(summarize(MULTI, problems, samples(MULTI, "0", [[False]]))).startswith(b"\x89PNG")


@pytest.mark.slow
@pytest.mark.usefixtures("matplotlib_there")
def test_each_figure_is_in_the_picture(tmp_path: Path) -> None:
    told = summary()
    seen = {png(told), png(summary(single=False))}
    told["categories"]["lists"]["pass_rate"] = 0.6
    seen.add(png(told))
    told["turn_counts"]["10"]["ci95"] = [0.1, 0.6]
    seen.add(png(told))
    told["turn_counts"]["10"]["single"]["pass_rate"] = 0.3
    seen.add(png(told))
    assert len(seen) == 5
    assert png(summarize(MULTI, PROBLEMS, [], per_case=1))
    with pytest.raises(BenchError, match="nowhere"):
        plot(told, tmp_path / "nowhere" / "plot.png")


def test_without_matplotlib_there_is_no_picture_and_no_failure(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from mtchat.bench.figures.plot import plot\n"
        "sys.meta_path.clear()  # from here on nothing more is found\n"
        f"assert plot({{}}, Path({str(tmp_path / 'plot.png')!r})) is False"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[3])
    assert not (tmp_path / "plot.png").exists()
