"""A place that every user may read, with a file that nobody was given."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sandbox.kernel import support


@pytest.fixture(scope="session", autouse=True)
def code() -> Iterator[None]:
    yield
    support.remove_code()


@pytest.fixture
def place() -> Iterator[Path]:
    """`in/` and `out/`, open to everyone, each with a file `old`."""
    with tempfile.TemporaryDirectory(prefix="mtchat-kernel-") as name:
        top = Path(name)
        for part in (top, top / "in", top / "out", top / "in" / "deep"):
            part.mkdir(exist_ok=True)
            os.chmod(part, 0o777)
        for part in (top / "in" / "old", top / "out" / "old"):
            part.write_text("old")
            os.chmod(part, 0o666)
        yield top
