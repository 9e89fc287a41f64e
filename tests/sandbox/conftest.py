"""Real sandboxes for the tests of this room: one a module."""

from collections.abc import Iterator

import pytest

from mtchat.sandbox import Sandbox, Snapshot
from mtchat.turn import Execution
from tests.sandbox.support import Run


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as shared:
        yield shared


@pytest.fixture
def run(sandbox: Sandbox) -> Run:
    """Run code at the root of the module's sandbox; what it did."""

    def run(code: str, **options: object) -> Execution:
        return sandbox.run(code, **options)[0]  # type: ignore[arg-type]

    return run


@pytest.fixture(scope="module")
def warm(sandbox: Sandbox) -> Snapshot:
    """An empty state that has loaded the libraries, those installed, so that not every test waits for them."""
    names = ("numpy", "pandas", "matplotlib.pyplot", "scipy.stats", "sklearn.cluster", "sklearn.linear_model", "sympy")
    imports = "".join(f"try:\n    import {name} as m\nexcept ImportError: m = 1\n" for name in names)
    execution, at = sandbox.run(imports + "del m", timeout=100)
    assert execution.status == "ok", execution.error
    return at
