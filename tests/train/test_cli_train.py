from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from mtchat.cli.train import train
from mtchat.errors import ModelError


def test_help_does_not_import_torch() -> None:
    heavy = "{'torch', 'transformers', 'tokenizers'}"
    code = f"import sys; from mtchat.cli.train import train; assert not {heavy} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_corpus_shows_conversations() -> None:
    result = CliRunner().invoke(train, ["corpus", "--show", "2"])
    assert result.exit_code == 0
    assert result.output.count("<|endoftext|>") == 2


def test_out_is_needed() -> None:
    result = CliRunner().invoke(train, [])
    assert result.exit_code == 2
    assert "--out" in result.output


def test_two_budgets_are_refused(tmp_path: Path) -> None:
    result = CliRunner().invoke(train, ["--out", str(tmp_path), "--tokens", "5", "--minutes", "1"])
    assert result.exit_code == 2


def test_evaluating_nothing_is_our_own_error(tmp_path: Path) -> None:
    result = CliRunner().invoke(train, ["evaluate", str(tmp_path)])
    assert isinstance(result.exception, ModelError)


@pytest.mark.slow
def test_corpus_in_figures() -> None:
    result = CliRunner().invoke(train, ["corpus", "--stats", "20"])
    assert result.exit_code == 0, result.output
    assert "distinct intent skeletons" in result.output
    assert "held-out skills" in result.output


@pytest.mark.slow
def test_real_code_is_shown_counted_and_licensed() -> None:
    for kind in ("pieces", "texts", "whole"):
        result = CliRunner().invoke(train, ["realcode", "--show", "1", "--kind", kind])
        assert result.exit_code == 0, result.output
        assert result.output.count("<|endoftext|>") == 1
    result = CliRunner().invoke(train, ["realcode", "--licences"])
    assert result.output.startswith("Python 3")
    assert "GPL" not in result.output
    result = CliRunner().invoke(train, ["realcode", "--stats", "12"])
    assert result.exit_code == 0, result.output
    assert "pieces a second" in result.output


def test_skills_are_checked_and_faults_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.skills"
    path.write_text("mine(x: ints) -> int\nN the first of {x} / the head of {x} / what {x} starts with\nC {x}[0]\n")
    good = CliRunner().invoke(train, ["skills", str(path)])
    assert good.exit_code == 0, good.output
    assert "1 skills, 3 phrasings" in good.output
    path.write_text(path.read_text() + "C {x}[-1]\n")
    bad = CliRunner().invoke(train, ["skills", str(path)])
    assert bad.exit_code == 1
    assert "variants differ" in bad.output
