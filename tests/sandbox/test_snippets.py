"""Short programs of the kind that a model writes print in the sandbox what they print in plain CPython.

What is expected is taken at test time: one plain process runs them all (`plain.py`), each in a namespace and a
directory of its own.
"""

import importlib.util
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from mtchat.sandbox import Sandbox, Snapshot
from mtchat.sandbox.allowlist import words
from tests.sandbox.support import cases

SNIPPETS = cases("snippets")
LIBRARIES = ("numpy", "pandas", "sklearn", "matplotlib")
STANDARD = words(
    """
    re datetime json csv collections itertools statistics decimal fractions random math string textwrap heapq bisect
    functools dataclasses enum typing io pathlib
    """
)
_SEED = (
    "import random\nrandom.seed(0)\ntry:\n    import numpy\n    numpy.random.seed(0)\nexcept ImportError:\n    pass\n"
)


def about(title: str) -> str:
    return title.partition(":")[0]


def installed(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


@pytest.fixture(scope="module")
def plain() -> dict[str, str]:
    """What each snippet prints in CPython."""
    programs = {title: code for title, code in SNIPPETS.items() if installed(about(title))}
    done = subprocess.run(
        [sys.executable, Path(__file__).with_name("plain.py")],
        input=json.dumps({"modules": [name for name in LIBRARIES if installed(name)], "programs": programs}),
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        check=True,
    )
    outputs: dict[str, str] = json.loads(done.stdout)
    return outputs


@pytest.fixture(scope="module")
def seeded(sandbox: Sandbox, warm: Snapshot) -> Snapshot:
    execution, at = sandbox.run(_SEED + "del random", warm)
    assert execution.status == "ok", execution.error
    return at


@pytest.mark.parametrize("title", SNIPPETS)
def test_prints_what_cpython_prints(sandbox: Sandbox, seeded: Snapshot, plain: dict[str, str], title: str) -> None:
    if title not in plain:
        pytest.skip(f"{about(title)} is not installed")
    assert "Traceback" not in plain[title], plain[title]
    assert plain[title].strip()
    execution, _ = sandbox.run(SNIPPETS[title], seeded, timeout=60)
    assert (execution.status, execution.error) == ("ok", None)
    assert execution.stdout == plain[title]


def test_there_are_enough_of_each() -> None:
    count = Counter(map(about, SNIPPETS))
    assert len(SNIPPETS) >= 110
    assert {name: n for name, n in count.items() if n < (4 if name in LIBRARIES else 3)} == {}
    assert set(count) == STANDARD | set(LIBRARIES)
