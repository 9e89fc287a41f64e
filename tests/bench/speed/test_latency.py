"""`mtchat bench latency` at the tiny shape: the same code path as at any other."""

import json

import pytest
import torch
from click.testing import CliRunner

from mtchat.bench.speed import latency, made
from mtchat.cli.bench import bench

torch.set_num_threads(1)


@pytest.fixture(scope="module")
def waits(tmp_path_factory: pytest.TempPathFactory) -> list[latency.Waits]:
    folder = made.save(tmp_path_factory.mktemp("made"), "tiny")
    return latency.measure(latency.prepare(str(folder), "cpu", "auto"), turns=(1, 2, 4), repeats=2)


def test_what_is_measured(waits: list[latency.Waits]) -> None:
    each = latency.PROMPT + latency.GENERATED
    assert [w.tokens for w in waits] == [latency.PROMPT + each * (w.turn - 1) for w in waits]
    assert [w.reused for w in waits] == [0, each - 1, 3 * each - 1]  # the newest token is always computed
    assert all(len(w.cached) == len(w.plain) == 2 and min(w.cached + w.plain) > 0 for w in waits)


def test_tables(waits: list[latency.Waits]) -> None:
    plain, markdown = latency.table(waits), latency.table(waits, markdown=True)
    assert len(plain.splitlines()) == 1 + len(waits)
    assert markdown.splitlines()[1] == "| ---: | ---: | ---: | ---: | ---: | ---: |"
    assert f"{waits[2].ratio:.1f}" in plain
    wait = latency.Waits(5, 340, 319, (0.1, 0.2, 0.4), (1.0, 2.0, 3.0))
    line = latency.table([wait], markdown=True).splitlines()[-1]
    assert line == "| 5 | 340 | 319 | 200 (100–400) | 2000 (1000–3000) | 10.0 |"


def test_command_as_json_and_markdown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(latency, "GENERATED", 4)
    args = ["latency", "--shape", "tiny", "--device", "cpu", "--repeats", "1", "--part", "waits"]
    told = json.loads(CliRunner().invoke(bench, [*args, "--json"], catch_exceptions=False).stdout.splitlines()[-1])
    assert [turn["turn"] for turn in told["turns"]] == [1, 5, 10]
    assert (told["model"], told["dtype"]) == ("random-tiny", "float32")
    assert told["machine"]["torch"] == torch.__version__
    section = CliRunner().invoke(bench, [*args, "--markdown"], catch_exceptions=False).output
    assert "| 10 |" in section
    assert "threads" in section
