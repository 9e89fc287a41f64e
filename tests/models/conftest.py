"""One checkpoint and one loaded model for all tests of the room."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from mtchat.models import load_model, loading
from mtchat.models.padded import PaddedRunner
from mtchat.models.quiet import quiet
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


@pytest.fixture(scope="session")
def network(checkpoint: Path) -> Any:
    """The shared model's weights as transformers runs them, to check against."""
    with quiet():
        return loading.load_weights(checkpoint, torch.device("cpu"), torch.float32, False)


@pytest.fixture(scope="session")
def padded(network: Any, loaded: TransformersModel) -> TransformersModel:
    """The same weights run by transformers' own forward."""
    twin = loaded.uncached()
    twin._set_up(PaddedRunner(network), loaded._codec, loaded.info, keep=1 << 30)
    return twin
