"""A small tokenizer trained once for all tests of the room."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mtchat.train import tokenizer as bpe


@pytest.fixture(scope="session")
def tokenizer_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tokenizer")
    patch = pytest.MonkeyPatch()
    texts = bpe.texts

    def few(seed: int) -> Iterator[str]:
        return texts(seed, 120_000)

    patch.setattr(bpe, "texts", few)
    patch.setattr(bpe, "SOURCES", ("string",))
    bpe.train(1, folder, vocabulary=700)
    patch.undo()
    return folder


@pytest.fixture(scope="session")
def tokenizer(tokenizer_folder: Path) -> Any:
    return bpe.load(tokenizer_folder)


@pytest.fixture
def run_folder(tmp_path: Path, tokenizer_folder: Path) -> Path:
    """A run's folder that holds a tokenizer."""
    shutil.copytree(tokenizer_folder, tmp_path / "folder" / "tokenizer")
    return tmp_path / "folder"
