"""Real sandboxes under both policies, one of each a module, with numpy loaded."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest

from mtchat.bench.grader import Graded, grade_joined, warm
from mtchat.sandbox import Policy, Sandbox, Snapshot

Grade = Callable[..., Graded]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as restricted:
        yield restricted


@pytest.fixture(scope="module")
def at(sandbox: Sandbox) -> Snapshot:
    return warm(sandbox)


@pytest.fixture(scope="module")
def open_sandbox() -> Iterator[Sandbox]:
    with Sandbox(Policy("open")) as unrestricted:
        yield unrestricted


@pytest.fixture
def grade(sandbox: Sandbox, at: Snapshot) -> Grade:
    """`grade_joined` in the restricted sandbox."""
    return partial(grade_joined, sandbox, at=at)
