"""Whole runs of a benchmark through the command line, with a scripted model, the real sandbox and real files."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mtchat.bench import mtpb
from mtchat.bench.desk import Desk
from mtchat.bench.judging import judge
from mtchat.bench.results import read
from mtchat.bench.values import Conversation, Setup, Unit
from mtchat.cli import cli
from mtchat.turn import ModelInfo, SamplingParams
from tests.bench.problems import SHOUT, problems_file, script_file

PROMISED = "pass_rate by_category by_turns n ci95 refusals single_turn"
Run = Callable[..., dict[str, Any]]


def invoke(*args: object) -> Any:
    return CliRunner().invoke(cli, ["bench", *map(str, args)])


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """The summary of an MTPB run over the made-up problems."""
    problems, model = problems_file(tmp_path), script_file(tmp_path)

    def running(*flags: object, model: str = model, problems: Path = problems) -> dict[str, Any]:
        args = ("mtpb", "--problems", problems, "--model", model, "--workers", 1, "--json", "--quiet", *flags)
        result = invoke(*args)
        assert result.exit_code == 0, result.output
        return dict(json.loads(result.stdout.splitlines()[-1]))

    return running


def test_a_run(run: Run, tmp_path: Path) -> None:
    told = run("--samples", 2, "--out", tmp_path / "out", "--single-turn")
    assert set(PROMISED.split()) <= set(told)
    assert told["n"] == told["expected_n"] == 2 * (2 + 3 + 1)
    assert told["by_category"] == {"data": 0.0, "math": 1.0, "string": 1.0}
    assert told["by_turns"] == {"2": 0.5, "3": 1.0}
    assert told["pass_rate"] == pytest.approx(2 / 3, abs=1e-6)
    assert (told["refusals"], told["missing"]) == (0, 2)
    assert told["turn_by_turn"]["agree"] == told["n"]
    assert told["single_turn"] == 0.0  # the script knows no such question but its last line, and defines nothing
    written = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"results.jsonl", "summary.json", "report.md"} <= written
    assert json.loads((tmp_path / "out" / "summary.json").read_text()) == told


def test_data_files_are_there_when_they_are_given(run: Run, tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "few.csv").write_text("a\nb\nc\n")
    told = run("--samples", 1, "--ids", "3", "--datasets", tmp_path)
    assert (told["pass_rate"], told["missing"]) == (1.0, 0)


def test_refusals_are_counted_apart(run: Run, tmp_path: Path) -> None:
    model = script_file(tmp_path, **{"Show twice.": "import socket\nprint(twice)\n\n#"})
    told = run("--samples", 1, "--ids", "1", model=model)
    assert (told["refusals"], told["failed"], told["n"]) == (2, 0, 2)
    told = run("--samples", 1, "--ids", "1", "--policy", "open", model=model)
    assert (told["refusals"], told["pass_rate"]) == (0, 1.0)


def test_choosing_by_execution(run: Run, tmp_path: Path) -> None:
    model = script_file(tmp_path, **{"Show twice.": ["print(no)\n\n#", "print(twice)\n\n#", "print(no)\n\n#"]})
    assert run("--samples", 1, "--ids", "1", model=model)["pass_rate"] == 0.0
    assert run("--samples", 1, "--ids", "1", "--select", "--candidates", 3, model=model)["pass_rate"] == 1.0


@pytest.mark.slow
def test_more_samples_are_added_to_what_is_there(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("--samples", 1, "--out", out, "--ids", "1")
    before = (out / "results.jsonl").read_text()
    assert run("--samples", 3, "--out", out, "--ids", "1")["n"] == 3 * 2
    after = (out / "results.jsonl").read_text()
    assert after.startswith(before)
    assert len(next(iter(read(out).samples.values()))) == 3 * 2
    summary = (out / "summary.json").read_bytes()
    run("--samples", 3, "--out", out, "--ids", "1")
    assert (out / "results.jsonl").read_text() == after
    assert (out / "summary.json").read_bytes() == summary


def test_which_problems_are_taken_does_not_matter(run: Run, tmp_path: Path) -> None:
    """Not even whether one of them reads a file."""
    run("--samples", 1, "--ids", "1", "--out", tmp_path / "out")
    run("--samples", 1, "--ids", "1,3", "--out", tmp_path / "out")
    assert [len(samples) for samples in read(tmp_path / "out").samples.values()] == [2 + 1]


@pytest.mark.slow
def test_batches_do_not_matter(run: Run) -> None:
    few = ("--samples", 2, "--limit", 2)
    assert run(*few, "--batch", 1, "--workers", 2) == run(*few, "--batch", 100)


def test_all_prompts_in_one_turn(run: Run, tmp_path: Path) -> None:
    """A program that needs no earlier turn is right in the case whose answer it knows, either way."""
    told = run(
        "--samples", 1, "--ids", "1", "--single-turn", model=script_file(tmp_path, **{"Show twice.": "print(8)\n\n#"})
    )
    assert (told["pass_rate"], told["single_turn"]) == (0.5, 0.5)
    assert run("--samples", 1, "--ids", "1")["single_turn"] is None


def test_rules_can_be_changed(run: Run, tmp_path: Path) -> None:
    model = script_file(tmp_path, **{"Show twice.": "print(twice + 0.75 * (twice > 0))\n\n#"})
    assert run("--samples", 1, "--ids", "1", model=model)["pass_rate"] == 1.0
    assert run("--samples", 1, "--ids", "1", "--rule", "lenient_numbers=off", model=model)["pass_rate"] == 0.5


def test_greedy_takes_one_sample(run: Run) -> None:
    assert run("--greedy", "--limit", 2)["n"] == 5


@pytest.mark.parametrize(
    ("flags", "code", "said"),
    [
        (("--ids", "9"), 2, "no problem '9'"),
        (("--datasets", "/nowhere/at/all"), 2, "is no folder"),
        (("--select", "--greedy"), 2, "leave it out"),
        (("--ids", ","), 2, "names no problem"),
        (("--candidates", 3), 2, "give both or neither"),
        (("--single-cut", "program"), 2, "give both or neither"),
        (("--rule", "mercy=on"), 2, "there is no rule 'mercy'"),
        (("--rule", "tolerance=none"), 2, "at least 0, not 'none'"),
        (("--model", "/nowhere/at/all"), 3, "/nowhere/at/all"),
        (("--samples", 0), 2, "--samples"),
    ],
)
def test_what_cannot_be_done(tmp_path: Path, flags: tuple[object, ...], code: int, said: str) -> None:
    problems, model = problems_file(tmp_path, SHOUT), script_file(tmp_path)
    result = invoke("mtpb", "--problems", problems, "--model", model, *flags)
    text = result.output + str(result.exception)
    assert said in text
    assert "Traceback" not in result.output


ADD = {
    "task_id": "Made/0",
    "prompt": "def add(a, b):\n",
    "entry_point": "add",
    "test": "def check(f):\n    assert f(1, 2) == 3\n",
}


def test_humaneval(tmp_path: Path) -> None:
    path = tmp_path / "functions.jsonl"
    path.write_text(json.dumps(ADD) + "\n" + json.dumps({**ADD, "task_id": "Made/1", "entry_point": "other"}))
    script = tmp_path / "script.json"
    script.write_text(json.dumps({"*": ["    return a + b\n\ndef more(): pass", "    return a - b\n"]}))
    args = ("--problems", path, "--model", f"scripted:{script}", "--samples", 10, "--json", "--quiet")
    result = invoke("humaneval", *args)
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout.splitlines()[-1])
    assert set(told["pass_at"]) == {"1", "10"}
    assert told["pass_at"]["10"]["temperature"] == 0.6
    assert told["n"] == 20
    assert told["pass_rate"] == 0.5  # a row alone: the first of the script's two


def test_humaneval_where_settings_are_greedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As much as the flag: there is one sample, so pass@1 alone."""
    path, script = tmp_path / "functions.jsonl", tmp_path / "script.json"
    path.write_text(json.dumps(ADD))
    script.write_text(json.dumps({"*": "    return a + b\n"}))
    monkeypatch.setenv("MTCHAT_GREEDY", "1")
    result = invoke("humaneval", "--problems", path, "--model", f"scripted:{script}", "--json", "--quiet")
    assert result.exit_code == 0, result.output
    assert set(json.loads(result.stdout.splitlines()[-1])["pass_at"]) == {"1"}


def test_a_temperature_before_the_commands_name_counts(tmp_path: Path) -> None:
    path, script = tmp_path / "functions.jsonl", tmp_path / "script.json"
    path.write_text(json.dumps(ADD))
    script.write_text(json.dumps({"*": "    return a + b\n"}))
    args = ("--temperature", "0.5", "bench", "humaneval", "--problems", str(path), "--model", f"scripted:{script}")
    result = CliRunner().invoke(cli, [*args, "--samples", "1", "--json", "--quiet"])
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout.splitlines()[-1])["pass_at"]["1"]["temperature"] == 0.5


def test_no_address_of_a_run_is_kept(tmp_path: Path) -> None:
    """Two runs of one sample would otherwise differ."""
    problem = mtpb.read(problems_file(tmp_path, SHOUT))[0]
    setup = Setup("mtpb", "", ModelInfo("m"), "", SamplingParams(), judge={"rules": {}, "timeout": 5.0})
    code = "raise ValueError(object())"
    with Desk(setup) as desk:
        told = judge(Unit(setup, problem, ((0, 0),)), 0, Conversation((code,), (code,), 1, 0.0), desk)
    assert "ValueError: <object object at 0x…>" in told.verdict.message
    assert told.turns is not None
    assert "ValueError: <object object at 0x…>" in told.turns.message


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (("--at", "5=0.1"), "--k does not ask for pass@5"),
        (("--at", "1=-1"), "a temperature is a number of at least 0"),
        (("--candidates", 2), "--samples says how many"),
        ((), "the id 'Made/0' is there twice"),
    ],
)
def test_what_cannot_be_done_with_functions(tmp_path: Path, flags: tuple[object, ...], said: str) -> None:
    task = {"task_id": "Made/0", "prompt": "def f():\n", "entry_point": "f", "test": "def check(f): pass\n"}
    path = tmp_path / "functions.jsonl"
    path.write_text(f"{json.dumps(task)}\n" * (1 if flags else 2))
    assert said in str(invoke("humaneval", "--problems", path, *flags).exception)


def test_what_is_no_session_is_named_as_it_was_given(tmp_path: Path) -> None:
    assert f"{tmp_path} is a folder" in str(invoke("sessions", tmp_path).exception)
    assert "nothing-here is no session" in str(invoke("sessions", "nothing-here").exception)
