"""The arena of the attack corpus: one for all its tests."""

from collections.abc import Iterator

import pytest

from tests.sandbox.attacks.support import Arena


@pytest.fixture(scope="session")
def arena() -> Iterator[Arena]:
    with Arena() as shared:
        yield shared
