"""`mtchat bench sandbox` at tiny sizes: the same code path as at any other. Its times are looked at, never judged."""

import json
from typing import Any

import pytest
from click.testing import CliRunner

from mtchat.bench.speed import ipykernel, loops, sandbox
from mtchat.cli import bench as command
from mtchat.sandbox import Sandbox

TINY = sandbox.Sizes(repeats=1, megabytes=3, snapshots=4, loop=2000)
PROMISED = (
    "turn_ms ipykernel_turn_ms turn_300mb_ms undo_ms start_ms start_data_ms snapshots50_mb loop_slowdown_max "
    "isolation machine"
)


@pytest.fixture(scope="module")
def figures() -> sandbox.Figures:
    return sandbox.measure(TINY)


def test_what_is_measured(figures: sandbox.Figures) -> None:
    data, kernel = sandbox.has_data(), ipykernel.available()
    assert (len(figures.turn), len(figures.ipykernel_turn)) == (10, 10 if kernel else 0)
    assert (len(figures.turn_300mb), len(figures.undo)) == ((4, 10) if data else (0, 0))
    assert (len(figures.start), len(figures.start_data), len(figures.bare_import)) == ((1, 1, 1) if data else (1, 0, 0))
    assert min(figures.turn) > 0
    if data:
        assert figures.snapshots50_mb is not None
        assert figures.snapshots50_mb > 0
        assert figures.start_data[0] > figures.turn[0]


def test_each_loop_is_timed_in_both(figures: sandbox.Figures) -> None:
    assert [loop.name for loop in figures.loops] == list(loops.LOOPS)
    assert all(
        len(loop.sandbox) == len(loop.plain) == 1 and min(loop.sandbox + loop.plain) > 0 for loop in figures.loops
    )
    assert figures.loop_slowdown_max == max(loop.slowdown for loop in figures.loops)
    assert loops.Loop("x", [0.3, 0.2, 0.9], [0.1, 0.4, 0.4]).slowdown == pytest.approx(2)


def test_a_loop_runs_as_often_as_asked(capsys: pytest.CaptureFixture[str]) -> None:
    scope: dict[str, Any] = {"__name__": "__main__"}
    exec(loops.program("attribute write", 50), scope)
    exec(loops.program("private attribute", 50).replace(loops._SETUP, ""), scope)
    assert (scope["p"].x, scope["p"]._hidden) == (49, 151)
    assert all(float(line) > 0 for line in capsys.readouterr().out.splitlines())


def test_command_as_json(figures: sandbox.Figures, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "measure", lambda sizes: figures)
    output = CliRunner().invoke(command.bench, ["sandbox", "--json"], catch_exceptions=False).output
    told = json.loads(output.splitlines()[-1])
    assert set(PROMISED.split()) <= set(told)
    assert told["turn_ms"] > 0
    assert told["spread"]["turn_ms"][0] <= told["turn_ms"] <= told["spread"]["turn_ms"][1]
    assert told["loop_slowdown_max"] == max(loop["slowdown"] for loop in told["loops"].values())
    assert told["machine"]["python"]


def test_command_as_tables(figures: sandbox.Figures, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "measure", lambda sizes: figures)
    plain, marked = (
        CliRunner().invoke(command.bench, ["sandbox", *flags], catch_exceptions=False).output
        for flags in ([], ["--markdown"])
    )
    assert "a turn of `x = 1`, ms" in plain
    assert "| --- | --- | --- | --- |" in marked.splitlines()
    assert all(any(line.startswith(name) for line in plain.splitlines()) for name in loops.LOOPS)


def test_what_is_not_installed_has_no_figure(figures: sandbox.Figures, monkeypatch: pytest.MonkeyPatch) -> None:
    without = sandbox.Figures(turn=figures.turn, start=figures.start, loops=figures.loops)
    monkeypatch.setattr(sandbox, "has_data", lambda: False)
    told = sandbox.report(without)
    assert [told[name] for name in ("ipykernel_turn_ms", "undo_ms", "start_data_ms", "snapshots50_mb")] == [None] * 4
    words = " ".join(" ".join(row) for row in sandbox.rows(without, TINY))
    assert "pip install 'mtchat[bench]'" in words
    assert "pip install 'mtchat[data]'" in words


def test_a_measured_turn_that_fails_is_no_figure() -> None:
    with Sandbox() as shared, pytest.raises(sandbox.SandboxError, match="division by zero"):
        sandbox._run(shared, "1 / 0")
