"""The figures of `mtchat bench latency` at the tiny shape: the same code as at any other, where figures mean little."""

import json
from pathlib import Path

import pytest
import torch
from click.testing import CliRunner

from mtchat.bench.speed import bandwidth, headline, made, writers
from mtchat.cli.bench import bench
from mtchat.errors import ModelError

NAMED = {
    "decode_vs_transformers_fp32",
    "decode_vs_ctranslate2_int8",
    "bandwidth_fraction",
    "ttft_turn10_vs_full",
    "ttft_turn10_vs_turn2",
    "candidates8_vs_1",
    "batch8_vs_ctranslate2_int8",
    "embedded_vs_transformers",
    "peak_rss_gb",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made.save(tmp_path_factory.mktemp("made"), "tiny")


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "PROMPT": 12,
        "NEW": 4,
        "TURNS": 3,
        "ADDED": 5,
        "ANSWERED": 4,
        "ROWS": 3,
        "READ": 1 << 20,
    }.items():
        monkeypatch.setattr(headline, name, value)


def test_all_write_the_same_greedily(folder: Path) -> None:
    ours, peer = writers.Ours(str(folder), "float32"), writers.Transformers(str(folder))
    text = " 1 2 3 4 5 6 7"
    mine, theirs = ours.write(text, 9), peer.write(text, 9)
    assert mine.text == theirs.text
    assert (mine.tokens, theirs.tokens) == (9, 9)
    assert 0 < mine.first < mine.total
    assert mine.rate > 0
    both = ours.write(text, 9, 3), peer.write(text, 9, 3)
    assert [run.tokens for run in both] == [27, 27]
    assert both[0].aggregate == pytest.approx(27 / both[0].total)


def test_what_is_kept_of_a_conversation_is_reused(folder: Path) -> None:
    ours = writers.Ours(str(folder), "float32")
    plan = headline.Plan(str(folder), "float32", 1, 0, folder)
    headline._talk(plan, 0, ours.go_on)
    assert ours.model.last_prefill.reused == 2 * (5 + 4) - 1
    headline._talk(plan, 0, ours.write)
    assert ours.model.last_prefill.reused == 0


@pytest.mark.slow
def test_the_command_gives_one_object_on_the_last_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mtchat.bench.speed.latency.TURNS", (1,))
    args = ["latency", "--shape", "tiny", "--dtype", "float32", "--repeats", "1", "--json"]
    for part in ("decode", "conversation", "candidates"):
        args += ["--part", part]
    done = CliRunner().invoke(bench, args, catch_exceptions=False)
    told = json.loads(done.stdout.splitlines()[-1])
    assert set(told) >= NAMED
    for name in ("decode_vs_transformers_fp32", "bandwidth_fraction", "ttft_turn10_vs_full", "candidates8_vs_1"):
        assert told[name] > 0
    assert told["peak_rss_gb"] is None  # it was not asked for
    assert told["machine"]["bandwidth_gb_s"] > 0
    assert set(told["machine"]["noise"]) == {"slow", "fast", "stolen"}
    assert told["machine"]["bytes_per_token"] == 4 * (2 * 12 * 32 * 32 + 512 * 32)
    assert len(told["raw"]["decode_ours"]) == 1
    if not writers.has_ctranslate2():
        assert "mtchat[bench]" in "".join(told["notes"])
        assert told["decode_vs_ctranslate2_int8"] is None


def test_noise_and_bandwidth() -> None:
    before = torch.get_num_threads()
    assert bandwidth.bandwidth(1 << 20) > 0
    found = bandwidth.noise(20)
    assert found.fast <= 1 <= found.slow
    assert 0 <= found.stolen < 1
    assert torch.get_num_threads() == before


def test_a_shape_there_is_not(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="unknown shape '9B'"):
        made.save(tmp_path, "9B")
