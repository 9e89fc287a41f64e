"""Our own attempts to get out of the language. Each is refused, or does nothing that matters.

REFUSED must end as `denied`. HARMLESS may end anyhow, but none may read the canary file, write the target file,
start a process or reach the network. This tests an error layer and keeps it from rotting; it does not show that
the sandbox is a wall (docs/sandbox.md).
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mtchat.sandbox import Limits, Policy, Sandbox, Snapshot
from mtchat.sandbox.isolation import LAYERS
from tests.sandbox.alone import results
from tests.sandbox.support import Run, cases

SECRET = "canary-5f0c"

AT_COMPILE_TIME = cases("refused_at_compile_time")

AT_RUN_TIME = cases("refused_at_run_time")

HARMLESS = cases("harmless")

DETOURS = cases("refused_by_both_modes")

STRICT = cases("refused_by_strict_mode")
"""What only strict mode sees: in fast mode the language lets it pass, and the kernel layer is what holds."""

DELIBERATE = cases("deliberate")
"""What ordinary programs might want and do not get: `title | the reason`."""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """The language layer alone: in namespaces most of what it refuses is not even there."""
    with Sandbox(without=LAYERS, allow_reduced=True) as alone:
        yield alone


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    path = tmp_path / "canary.txt"
    path.write_text(SECRET)
    return path


def filled(code: str, canary: Path) -> str:
    return code.replace("{canary}", str(canary)).replace("{target}", str(canary.with_name("written")))


@pytest.mark.parametrize("code", AT_COMPILE_TIME.values(), ids=AT_COMPILE_TIME.keys())
def test_refused_before_anything_runs(run: Run, code: str) -> None:
    execution = run("print('ran')\n" + code)
    assert execution.status == "denied"
    assert execution.stdout == ""
    assert execution.error is not None
    assert execution.error.type == "PolicyError"
    assert execution.error.line is not None
    assert execution.error.line >= 2


@pytest.mark.parametrize("code", AT_RUN_TIME.values(), ids=AT_RUN_TIME.keys())
def test_refused_at_run_time(run: Run, warm: Snapshot, canary: Path, code: str) -> None:
    execution = run(filled(code, canary), at=warm, timeout=60)
    assert (execution.status, execution.error and execution.error.type) == ("denied", "PolicyError")
    assert SECRET not in repr(execution)
    assert not canary.with_name("written").exists()


@pytest.mark.parametrize("code", HARMLESS.values(), ids=HARMLESS.keys())
def test_harmless_whatever_it_ends_as(run: Run, warm: Snapshot, canary: Path, code: str) -> None:
    execution = run(filled(code, canary), at=warm, timeout=60)
    assert execution.status in ("ok", "error", "denied")
    assert SECRET not in repr(execution)
    assert "$" not in repr(execution)
    assert not canary.with_name("written").exists()


@pytest.mark.parametrize("mode", ["strict", "fast"])
def test_deliberate_refusals(mode: str) -> None:
    found = results(DELIBERATE, mode)
    assert {title for title, (status, _) in found.items() if status != "denied"} == set()
    assert all("|" in title for title in DELIBERATE)


def test_strict_and_fast_refuse_the_same_in_the_same_words() -> None:
    through_libraries = ("numpy", "pandas", "sympy", "matplotlib", "{canary}", "{target}")
    codes = {"compile " + title: code for title, code in AT_COMPILE_TIME.items()} | {
        title: code for title, code in AT_RUN_TIME.items() if not any(word in code for word in through_libraries)
    }
    codes |= DELIBERATE | DETOURS
    strict, fast = results(codes, "strict"), results(codes, "fast")
    assert {title: got for title, got in fast.items() if got != strict[title]} == {}
    assert {title: got for title, got in strict.items() if got[0] != "denied"} == {}


def test_what_only_strict_mode_refuses() -> None:
    assert {title: got for title, got in results(STRICT, "strict").items() if got[0] != "denied"} == {}


def test_modules_cannot_be_changed_through_a_prepared_class_body(run: Run) -> None:
    assert run(HARMLESS["prepared class body"]).value == "3.141592653589793"
    assert run(HARMLESS["exec with guards shadowed"]).value == "3.141592653589793"


def test_a_refusal_names_the_construct_the_line_and_the_way_out(run: Run) -> None:
    error = run("x = 1\nimport pickle").error
    assert error is not None
    assert error.line == 2
    assert (
        error.message == "line 2: the module 'pickle' is not allowed in the sandbox (json or copy.deepcopy may serve)"
    )
    error = run("x = 1\ny = 2\nimport left_pad").error
    assert error is not None
    assert "--allow-import left_pad" in error.message
    error = run("def f():\n    return open('/etc/passwd')\n\nf()").error
    assert error is not None
    assert error.message.startswith("line 2: open('/etc/passwd') is not allowed in the sandbox (only files in its own")
    assert '    f()\n  File "<turn 1>", line 2, in f\n' in error.traceback
    assert "mtchat" not in error.traceback


def test_the_source_tree_around_us_is_not_readable(run: Run, warm: Snapshot) -> None:
    pytest.importorskip("numpy")
    path = Path(__file__).resolve().parents[2] / "pyproject.toml"
    assert run(f"import numpy as np\nnp.loadtxt({str(path)!r}, dtype=str)", at=warm).status == "denied"


def test_an_allowed_import_is_allowed() -> None:
    with Sandbox(Policy(allow_imports=("sysconfig",)), Limits()) as sandbox:
        assert sandbox.run("import sysconfig\nsysconfig.get_python_version()[0]")[0].value == "'3'"
        assert sandbox.run("import subprocess")[0].status == "denied"


def test_a_missing_library_is_the_programs_own_error(run: Run) -> None:
    code = "try:\n    import seaborn\n    print('here')\nexcept ImportError as e:\n    print(type(e).__name__)"
    execution = run(code, timeout=60)
    assert execution.status == "ok"
    assert execution.stdout in ("here\n", "ModuleNotFoundError\n")


def test_the_worker_sees_an_empty_environment(run: Run) -> None:
    with Sandbox(Policy(allow_imports=("os",))) as open_sandbox:
        names = open_sandbox.run("import os\nsorted(os.environ)")[0].value
    assert names is not None
    assert set(eval(names)) <= {
        "HOME", "TMPDIR", "MPLCONFIGDIR", "MPLBACKEND", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS",
        "PYTHONHASHSEED", "PYTHONNOUSERSITE", "JOBLIB_MULTIPROCESSING", "LC_CTYPE",
    }  # fmt: skip


def test_there_are_sixty_payloads() -> None:
    assert len(AT_COMPILE_TIME) + len(AT_RUN_TIME) >= 60
