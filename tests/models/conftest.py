"""One checkpoint and one loaded model for all tests of the room."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from mtchat.models import load_model
from mtchat.models.transformers_backend import TransformersModel
from tests.models.checkpoints import save_checkpoint

torch.set_num_threads(1)


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_checkpoint(tmp_path_factory.mktemp("checkpoint"))


@pytest.fixture(scope="session")
def loaded(checkpoint: Path) -> TransformersModel:
    return load_model(str(checkpoint), device="cpu")


@pytest.fixture
def model(loaded: TransformersModel) -> Iterator[TransformersModel]:
    """The shared model with an empty cache."""
    loaded.forget()
    yield loaded
    loaded.forget()
