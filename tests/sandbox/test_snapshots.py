"""States: they carry over, branch, are undone, are pruned, and leave nothing behind."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from mtchat.errors import SandboxError
from mtchat.sandbox import Limits, Sandbox, Snapshot, SnapshotGone
from tests.sandbox.support import session_of


def value(sandbox: Sandbox, code: str, at: Snapshot | None = None) -> str | None:
    execution, _ = sandbox.run(code, at)
    assert execution.status == "ok", execution.error
    return execution.value


def test_state_carries_over(sandbox: Sandbox) -> None:
    _, a = sandbox.run("import math\nx = 2\ndef f(y): return g(y) + x")
    _, b = sandbox.run("def g(y): return y * 10", a)
    _, c = sandbox.run("r = f(1)", b)
    assert value(sandbox, "(r, math.floor(2.5), f(2))", c) == "(12, 2, 22)"


def test_functions_see_later_definitions(sandbox: Sandbox) -> None:
    _, a = sandbox.run("def g(): return 1\ndef f(): return g()")
    _, b = sandbox.run("def g(): return 2", a)
    assert value(sandbox, "f()", b) == "2"


def test_the_last_value_is_bound_to_underscore(sandbox: Sandbox) -> None:
    _, a = sandbox.run("21")
    assert value(sandbox, "_ * 2", a) == "42"


def test_undo_is_of_the_real_state(sandbox: Sandbox) -> None:
    _, a = sandbox.run("l = [1]\nclass C: n = 0")
    _, b = sandbox.run("l.append(2); C.n = 5\ndel C.n", a)
    assert value(sandbox, "(l, hasattr(C, 'n'))", b) == "([1, 2], False)"
    assert value(sandbox, "(l, C.n)", a) == "([1], 0)"


def test_candidates_at_one_state_do_not_see_each_other(sandbox: Sandbox) -> None:
    _, at = sandbox.run("l = []")
    after = [sandbox.run(f"l.append({n})", at)[1] for n in range(5)]
    for n in (3, 0, 4, 1, 2):
        assert value(sandbox, "l", after[n]) == f"[{n}]"
    assert value(sandbox, "l", at) == "[]"
    _, deeper = sandbox.run("l.append(9)", after[3])
    assert value(sandbox, "l", deeper) == "[3, 9]"
    assert value(sandbox, "l", after[3]) == "[3]"


def test_a_long_session_and_back(sandbox: Sandbox) -> None:
    states = [sandbox.run("l = []")[1]]
    for n in range(40):
        states.append(sandbox.run(f"l.append({n})", states[-1])[1])
    assert sandbox.depth(states[-1]) <= 2
    for n in (40, 20, 0, 39, 1):
        assert value(sandbox, "len(l)", states[n]) == str(n)


@pytest.mark.parametrize("order", ["fail first", "fail later"])
def test_failures_leave_the_state_unharmed(sandbox: Sandbox, order: str) -> None:
    _, at = sandbox.run("l = [1]")
    if order == "fail later":
        sandbox.run("l.append(5)", at)
    for code in (
        "l.append(2)\nwhile 1: pass",
        "l.append(2)\nx = [0] * 10**10",
        "l.append(2)\ngetattr(l, '__reduce__')",
    ):
        execution, after = sandbox.run(code, at, timeout=0.2)
        assert execution.status in ("timeout", "memory", "denied")
        assert after is at
    assert value(sandbox, "l", at) == "[1]"


def test_random_goes_on_the_same_way_from_one_state(sandbox: Sandbox) -> None:
    _, at = sandbox.run("import random\nrandom.seed(5)\nrandom.random()")
    draws = [value(sandbox, "random.random()", at) for _ in range(3)]
    assert len(set(draws)) == 1
    _, one = sandbox.run("a = random.random()", at)
    assert value(sandbox, "a != random.random()", one) == "True"


def test_numpy_random_goes_on_the_same_way(sandbox: Sandbox) -> None:
    _, at = sandbox.run("import numpy as np\nnp.random.seed(5)\nnp.random.rand()")
    assert len({value(sandbox, "np.random.rand()", at) for _ in range(3)}) == 1


def test_variables(sandbox: Sandbox) -> None:
    assert sandbox.variables() == []
    _, at = sandbox.run(
        "import math\nx = 3\ndef f(): pass\nl = [1, 2]\n_hidden = 1\nx = 4\nclass A: pass\nbig = list(range(10**6))"
    )
    seen = sandbox.variables(at)
    assert [(v.name, v.type) for v in seen] == [
        ("math", "module"), ("x", "int"), ("f", "function"), ("l", "list"), ("A", "type"), ("big", "list"),
    ]  # fmt: skip
    assert (seen[1].repr, seen[1].size, seen[3].size, seen[5].size) == ("4", None, "2", "1000000")
    assert value(sandbox, "x", at) == "4"


def test_looking_at_variables_changes_nothing(sandbox: Sandbox) -> None:
    _, at = sandbox.run("n = [0]\nclass A:\n    def __repr__(self):\n        n[0] += 1\n        return f'{n}'\na = A()")
    assert [v.repr for v in sandbox.variables(at)][-1] == "[1]"
    assert [v.repr for v in sandbox.variables(at)][-1] == "[1]"
    assert value(sandbox, "n", at) == "[0]"


@pytest.mark.slow
def test_a_repr_that_fails_or_hangs(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    _, at = sandbox.run("class A:\n    def __repr__(self): return 1 / 0\na = A()")
    assert "ZeroDivisionError" in sandbox.variables(at)[-1].repr
    _, at = sandbox.run("class A:\n    def __repr__(self):\n        while True: pass\na = A()")
    monkeypatch.setattr("mtchat.sandbox.sandbox._LOOK_SECONDS", 0.3)
    with pytest.raises(SandboxError, match="variables"):
        sandbox.variables(at)
    assert value(sandbox, "1", at) == "1"


def test_array_shapes(sandbox: Sandbox) -> None:
    _, at = sandbox.run("import numpy as np\na = np.zeros((3, 4))")
    assert sandbox.variables(at)[-1].size == "3×4"


def test_release(sandbox: Sandbox) -> None:
    _, a = sandbox.run("x = 1")
    _, b = sandbox.run("x = 2", a)
    sandbox.release(a)
    assert (a.alive, b.alive) == (False, True)
    with pytest.raises(SnapshotGone):
        sandbox.run("x", a)
    with pytest.raises(SnapshotGone):
        sandbox.variables(a)
    assert value(sandbox, "x", b) == "2"
    sandbox.release(sandbox.root)
    assert value(sandbox, "1") == "1"


def test_the_least_recently_used_is_pruned() -> None:
    with Sandbox(limits=Limits(snapshots=3)) as sandbox:
        states = [sandbox.run("x = 0")[1]]
        for n in (1, 2):
            states.append(sandbox.run(f"x = {n}", states[-1])[1])
        value(sandbox, "x", states[0])  # a new state too, which nobody holds
        _, new = sandbox.run("x = 9", states[0])
        assert [state.alive for state in states] == [True, False, True]
        with pytest.raises(SnapshotGone, match="run its turns again"):
            sandbox.run("x", states[1])
        assert value(sandbox, "x", new) == "9"
        assert sandbox.root.alive


def test_states_that_nobody_holds_are_let_go() -> None:
    with Sandbox() as sandbox:
        for _ in range(20):
            sandbox.run("x = 1")
        time.sleep(0.2)
        sandbox.run("x = 1")
        assert len(sandbox._parked) <= 2


def test_a_snapshot_of_another_sandbox(sandbox: Sandbox) -> None:
    _, at = sandbox.run("x = 1")
    with Sandbox() as other, pytest.raises(SnapshotGone):
        other.run("x", at)


def test_a_parked_process_that_dies_is_gone() -> None:
    with Sandbox() as sandbox:
        _, at = sandbox.run("x = 1")
        parked = sandbox._parked[at._id].line.process
        assert parked is not None
        os.kill(parked.pid, signal.SIGKILL)
        time.sleep(0.1)
        with pytest.raises(SnapshotGone):
            sandbox.run("x", at)
        assert not at.alive
        assert value(sandbox, "1") == "1"


def test_a_keeper_that_dies_takes_all_and_starts_anew() -> None:
    with Sandbox() as sandbox:
        _, at = sandbox.run("x = 1")
        assert sandbox._link is not None
        keeper, scratch = sandbox._link.process.pid, sandbox._link.directory
        os.kill(keeper, signal.SIGKILL)
        deadline = time.monotonic() + 5
        while [pid for pid in session_of(keeper) if pid != keeper] and time.monotonic() < deadline:
            time.sleep(0.02)
        assert [pid for pid in session_of(keeper) if pid != keeper] == []
        with pytest.raises(SandboxError):
            sandbox.run("x", at)
        assert value(sandbox, "2") == "2"
        assert not at.alive
    assert not Path(scratch).exists()


def test_the_root_outlives_its_keeper() -> None:
    with Sandbox() as sandbox:
        sandbox.run("x = 1")
        assert sandbox._link is not None
        sandbox._link.process.kill()
        sandbox._link.process.wait()
        assert value(sandbox, "2") == "2"


def test_a_worker_that_cannot_start_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mtchat.sandbox.link._import_path", lambda: ["/nowhere"])
    with Sandbox() as sandbox, pytest.raises(SandboxError, match="did not start: ModuleNotFoundError: No module named"):
        sandbox.run("1")


def test_close_leaves_nothing() -> None:
    with Sandbox() as sandbox:
        _, a = sandbox.run("open('f', 'w').write('x')")
        for _ in range(3):
            sandbox.run("y = 1", a)
        sandbox.run("while 1: pass", a, timeout=0.1)
        assert sandbox._link is not None
        keeper, scratch = sandbox._link.process.pid, sandbox._link.directory
        assert len(session_of(keeper)) >= 2
        assert Path(scratch).is_dir()
    assert session_of(keeper) == []
    assert not Path(scratch).exists()
    assert (a.alive, sandbox.root.alive) == (False, False)
    with pytest.raises(SandboxError, match="closed"):
        sandbox.run("1")
    sandbox.close()


def host(code: str) -> tuple[subprocess.Popen[str], int, str]:
    """A host of its own: its process, its keeper's id and scratch directory."""
    script = textwrap.dedent("""
        from mtchat.sandbox import Sandbox
        sandbox = Sandbox()
        _, at = sandbox.run("x = 1")
        print(sandbox._link.process.pid, sandbox._link.directory, flush=True)
    """)
    process = subprocess.Popen([sys.executable, "-c", script + code], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    pid, scratch = process.stdout.readline().split()
    return process, int(pid), scratch


def all_gone(keeper: int, scratch: str) -> bool:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if session_of(keeper) == [] and not Path(scratch).exists():
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize("doing", ["input()", "sandbox.run('while True: pass', at, timeout=60)"])
def test_a_host_that_is_killed_leaves_nothing(doing: str) -> None:
    process, keeper, scratch = host(doing)
    time.sleep(0.2)
    process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()
    assert all_gone(keeper, scratch)


def test_a_host_that_forgets_to_close_leaves_nothing() -> None:
    process, keeper, scratch = host("")
    assert process.wait(10) == 0
    assert process.stdout is not None
    process.stdout.close()
    assert all_gone(keeper, scratch)


def test_an_open_file_stands_where_its_state_left_it(sandbox: Sandbox) -> None:
    """However soon the turn that is undone moves it: the place is noted before there is a copy."""
    _, before = sandbox.run(
        "with open('place.txt', 'w') as f:\n    f.write('stays moved')\nf = open('place.txt', 'rb', buffering=0)"
    )
    for _ in range(30):
        sandbox.run("f.seek(6)", before)
        assert sandbox.run("f.read(5)", before)[0].value == "b'stays'"
