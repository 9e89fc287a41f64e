"""Real sandboxes under both policies, one of each for all tests, with numpy loaded."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest

from mtchat.bench.grader import Graded, grade_joined, warm
from mtchat.sandbox import Policy, Sandbox, Snapshot

Grade = Callable[..., Graded]
Sandboxes = dict[str, tuple[Sandbox, Snapshot]]


@pytest.fixture(scope="session")
def sandboxes() -> Iterator[Sandboxes]:
    """Under each policy, a sandbox and a state of it that has loaded numpy."""
    with Sandbox() as restricted, Sandbox(Policy("open")) as unrestricted:
        yield {each.policy.name: (each, warm(each)) for each in (restricted, unrestricted)}


@pytest.fixture
def sandbox(sandboxes: Sandboxes) -> Sandbox:
    return sandboxes["restricted"][0]


@pytest.fixture
def at(sandboxes: Sandboxes) -> Snapshot:
    return sandboxes["restricted"][1]


@pytest.fixture
def grade(sandbox: Sandbox, at: Snapshot) -> Grade:
    """`grade_joined` in the restricted sandbox."""
    return partial(grade_joined, sandbox, at=at)
