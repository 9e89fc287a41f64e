"""Two runs compared: what is paired, what is told; the command on real folders."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from mtchat.bench.figures import estimators as est
from mtchat.bench.figures.compare import Side, choose, compare, differing
from mtchat.bench.figures.summary import summarize
from mtchat.bench.results import FILE, Results, read
from mtchat.bench.values import Sample, Setup
from mtchat.cli.bench_compare import compare_command
from mtchat.errors import BenchError, CommandError
from tests.bench.made import problem, samples, setup

OLD, NEW = setup("old"), setup("new")
TOLD = {"1": {"name": "one", "category": "lists"}, "2": {"name": "two", "category": "maths"}}


def side(of: Setup, passed: Mapping[str, list[list[bool]]], told: Mapping[str, Any] = TOLD) -> Side:
    return Side(of.model.name, of, {s.key: s for id, rows in passed.items() for s in samples(of, id, rows)}, told)


def test_runs_are_paired_over_what_both_have() -> None:
    first = side(OLD, {"1": [[False], [True, False], [True]], "2": [[True]], "9": [[True], [True]]})
    second = side(NEW, {"1": [[True, True], [True]], "2": [[True]], "10": [[True]]})
    found = compare(first, second)
    assert (found["problems"], found["cases"]) == (2, 3)
    assert (found["first_pass_rate"], found["second_pass_rate"]) == (0.625, 1.0)  # of problem 1: (0 + 1/2) / 2
    wanted = est.paired_bootstrap([0.25, 1.0], [1.0, 1.0])
    assert (found["difference"], found["ci95"], found["p"]) == (0.375, list(wanted.ci95 or ()), round(wanted.p or 0, 6))
    assert found["only_first"] == {"problems": ["9"], "cases": 3}
    assert found["only_second"] == {"problems": ["10"], "cases": 1}
    assert found["changed"] == [{"id": "1", "name": "one", "first": 0.25, "second": 1.0, "difference": 0.75}]
    assert {name: g["difference"] for name, g in found["by_category"].items()} == {"lists": 0.75, "maths": 0.0}
    assert found["by_category"]["lists"]["p"] is None
    assert found["settings_differ"] == []


def test_the_most_changed_problems_come_first_whichever_way() -> None:
    half = [[True, False]]
    first = {"1": half, "2": half, "10": [[True]], "3": [[True, True, True, False]]}
    second = {"1": [[True]], "2": [[False]], "10": [[False]], "3": half}
    changed = compare(side(OLD, first), side(NEW, second))["changed"]
    assert [(c["id"], c["difference"]) for c in changed] == [("10", -1.0), ("1", 0.5), ("2", -0.5), ("3", -0.25)]


def test_without_summaries_there_are_no_categories_and_no_names() -> None:
    found = compare(side(OLD, {"1": [[True]]}, {}), side(NEW, {"1": [[False]]}, {}))
    assert (found["by_category"], found["changed"][0]["name"]) == ({}, None)


def test_nothing_in_common_is_an_error() -> None:
    with pytest.raises(BenchError, match="nothing to compare"):
        compare(side(OLD, {"1": [[True]]}), side(NEW, {"2": [[True]]}))


def test_settings_that_differ_are_named() -> None:
    other = Setup(
        "mtpb", "0" * 64, NEW.model, "bfloat16", OLD.sampling, "single", judge={"timeout": 5.0, "rules": {"a": 1}}
    )
    found = {d["name"]: (d["first"], d["second"]) for d in differing(OLD, other)}
    assert found == {
        "dtype": ("float32", "bfloat16"),
        "mode": ("multi", "single"),
        "judge.timeout": (20.0, 5.0),
        "judge.rules.a": (None, 1),
    }


def kept(folder: Path, *runs: tuple[Setup, list[Sample]]) -> Path:
    with Results.open(folder) as results:
        for of, made in runs:
            results.add_setup(of)
            results.append(made)
    return folder


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Three problems; the second folder has a small setup besides, and no summary."""
    problems = [problem(str(i), f"kind {i % 2}", cases=2) for i in range(3)]
    bad = [s for p in problems for s in samples(OLD, p.id, [[False, False], [True, False]])]
    good = [s for p in problems for s in samples(NEW, p.id, [[True, True], [True, False]])]
    small = setup("new", seed=5)
    first = kept(tmp_path / "a", (OLD, bad))
    (first / "summary.json").write_text(json.dumps(summarize(OLD, problems, bad)))
    return first, kept(tmp_path / "b", (small, samples(small, "0", [[False]])), (NEW, good))


def call(*args: object) -> Result:
    return CliRunner().invoke(compare_command, list(map(str, args)))


def test_the_setup_with_the_most_samples_is_taken_unless_one_is_named(folders: tuple[Path, Path]) -> None:
    reading = read(folders[1])
    assert choose(reading, "b")[0] == NEW
    small = setup("new", seed=5)
    assert choose(reading, "b", small.digest[:6])[0] == small
    with pytest.raises(BenchError, match="no setup 'zz'"):
        choose(reading, "b", "zz")


def test_the_command_shows_the_comparison(folders: tuple[Path, Path]) -> None:
    said = call(*folders)
    assert said.exit_code == 0
    assert said.stderr == ""
    assert (
        "B minus A: +50.0 points over 3 problems, 6 cases; no interval, for all problems differ by the same, p 0.2500."
        in said.stdout
    )
    assert "kind 0" in said.stdout
    assert "problem 2" in said.stdout


def test_the_command_gives_json_on_one_line(folders: tuple[Path, Path]) -> None:
    said = call(*folders, "--json")
    (line,) = said.stdout.splitlines()
    found = json.loads(line)
    assert (found["difference"], found["first"]["model"], found["second"]["n"]) == (0.5, "old", 12)
    assert found["by_category"]["kind 1"]["problems"] == 1


def test_the_command_warns_of_settings_and_tells_what_is_not_shared(folders: tuple[Path, Path]) -> None:
    said = call(*folders, "--setup", setup("new", seed=5).digest)
    assert said.stderr == "the runs differ in more than the model: sampling.seed (0 / 5)\n"
    assert "Not compared: 5 cases that only A has (as a whole: problems 1, 2)." in said.stdout
    assert "one problem is too few for an interval" in said.stdout


def test_two_setups_of_one_folder_are_compared(folders: tuple[Path, Path]) -> None:
    small = setup("new", seed=5)
    said = call(folders[1], folders[1], "--setup", NEW.digest, "--setup", small.digest, "--json")
    found = json.loads(said.stdout)
    assert (found["first"]["setup"], found["second"]["setup"]) == (NEW.digest, small.digest)
    assert found["difference"] == -1.0


def test_what_cannot_be_compared_is_told_in_a_line(folders: tuple[Path, Path], tmp_path: Path) -> None:
    for args, kind in [
        ((folders[0], tmp_path / "nowhere"), BenchError),
        ((*folders, "--setup", "zz"), BenchError),
        ((*folders, "--setup", "1", "--setup", "2", "--setup", "3"), CommandError),
        ((folders[0], kept(tmp_path / "empty")), BenchError),
        ((folders[0], kept(tmp_path / "begun", (NEW, []))), BenchError),
    ]:
        said = call(*args)
        assert isinstance(said.exception, kind)
        assert "\n" not in str(said.exception)


def test_a_torn_line_and_a_broken_summary_do_not_stand_in_the_way(folders: tuple[Path, Path]) -> None:
    (folders[0] / "summary.json").write_text("{")
    with (folders[0] / FILE).open("ab") as file:
        file.write(b'{"key"')
    said = call(*folders)
    assert said.exit_code == 0
    assert "cut short" in said.stderr
