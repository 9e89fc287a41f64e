"""Figures beside the weights, in `mtchat models`, and in the model's card."""

import dataclasses
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from mtchat.cli.models import models_command
from mtchat.cli.train import train
from mtchat.errors import CommandError, ModelError
from mtchat.models import figures, names
from mtchat.models.figures import Figure

ONE = Figure("turns, in distribution", 0.82, 200, 0.761, 0.867, "mtchat train evaluate --count 200", "2026-11-21")
CARD = Path(__file__).parents[2] / "docs" / "embedded-model.md"


@pytest.fixture
def folder(checkpoint: Path, tmp_path: Path) -> Path:
    return shutil.copytree(checkpoint, tmp_path / "model")


def summary(folder: Path, run: Path, **changes: object) -> Path:
    """A folder such as `mtchat bench --out` leaves, of the model in `folder`."""
    sampling = {"greedy": True, "temperature": 0.2, "seed": 3}
    settings = {"model": {"sha256": figures.weights_of(folder)}, "sampling": sampling, "select": 8}
    told = {"benchmark": "mtpb", "pass_rate": 0.25, "ci95": [0.1, 0.4], "n": 20, "problems": 4, "samples": 1}
    run.mkdir()
    (run / "summary.json").write_text(json.dumps({**told, "settings": settings, **changes}))
    return run


def test_figures_are_kept_by_name(folder: Path) -> None:
    assert figures.read(folder) == ()
    assert figures.keep(folder, [ONE]) == (ONE,)
    better, other = dataclasses.replace(ONE, value=0.9), dataclasses.replace(ONE, name="newcomer")
    assert figures.keep(folder, [better, other]) == figures.read(folder) == (better, other)


def test_figures_of_other_weights_do_not_count(folder: Path) -> None:
    figures.keep(folder, [ONE])
    found = json.loads((folder / figures.FILE).read_text())
    (folder / figures.FILE).write_text(json.dumps({**found, "weights": "0" * 64}))
    assert figures.read(folder) == ()
    (folder / figures.FILE).write_text("[]")
    with pytest.raises(ModelError, match="no figures"):
        figures.read(folder)


def test_a_run_of_the_bench_becomes_a_figure(folder: Path, tmp_path: Path) -> None:
    run = summary(folder, tmp_path / "run")
    result = CliRunner().invoke(train, ["figures", str(folder), str(run)], catch_exceptions=False)
    command = "mtchat bench mtpb --samples 1 --greedy --seed 3 --select 8"
    (kept,) = figures.read(folder)
    assert (kept.name, kept.value, kept.n, kept.low, kept.high, kept.command) == (
        "mtpb, 4 problems, greedy, chosen among 8", 0.25, 20, 0.1, 0.4, command,
    )  # fmt: skip
    assert result.output == f"| {kept.name} | 25.0 % | 10.0 to 40.0 | 20 | `{command}` | {kept.date} |\n"


def test_a_run_of_another_model_or_none_is_refused(folder: Path, tmp_path: Path) -> None:
    other = summary(folder, tmp_path / "other", settings={"model": {"sha256": "0"}, "sampling": {}, "select": 1})
    for run, said in ((other, "no summary"), (folder, "no summary")):
        result = CliRunner().invoke(train, ["figures", str(folder), str(run)])
        assert isinstance(result.exception, CommandError)
        assert said in str(result.exception)
    sampling = {"greedy": False, "temperature": 0.2, "seed": 0}
    settings = {"model": {"sha256": "0"}, "sampling": sampling, "select": 1}
    result = CliRunner().invoke(
        train, ["figures", str(folder), str(summary(folder, tmp_path / "third", settings=settings))]
    )
    assert "other weights" in str(result.exception)


def test_models_shows_them(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    figures.keep(folder, [ONE])
    monkeypatch.setattr(names, "EMBEDDED", folder)
    table = CliRunner().invoke(models_command, catch_exceptions=False).output
    assert "  turns, in distribution   82.0 %  76.1 to 86.7   n 200\n" in table
    listed = json.loads(CliRunner().invoke(models_command, ["--json"], catch_exceptions=False).output)
    assert listed[0]["figures"] == [dataclasses.asdict(ONE)]
    assert not any(model["figures"] for model in listed[1:])


def test_the_card_says_what_the_file_says() -> None:
    card = CARD.read_text("utf-8")
    for row in figures.rows(figures.read(names.EMBEDDED)):
        assert row in card.splitlines(), "mtchat train figures mtchat/models/embedded prints the rows for the card"
