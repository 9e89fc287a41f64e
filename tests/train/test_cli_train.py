from __future__ import annotations

import subprocess
import sys
from pathlib import Path

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
