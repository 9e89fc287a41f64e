"""What a run may use, each breach with its status; and what goes back in time with a state: files, chance, input."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from mtchat.errors import SandboxError
from mtchat.sandbox import Limits, Policy, Sandbox, Snapshot
from mtchat.turn import Execution

ORDINARY = ("PermissionError", "FileNotFoundError", "OSError", "RuntimeError", "ValueError")
SMALL = Limits(memory=300 << 20, scratch=1 << 20, file_size=3 << 20, timeout=5, processes=8)


@pytest.fixture(scope="module", params=["full", "no-userns"])
def bare(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """Python as it is under small limits: with namespaces, and without."""
    without = () if request.param == "full" else ("namespaces",)
    with Sandbox(Policy("open"), SMALL, without=without) as sandbox:
        if sandbox.isolation.level != request.param:
            pytest.skip(f"this machine gives {sandbox.isolation.level}")
        yield sandbox


def value(sandbox: Sandbox, code: str, at: Snapshot | None = None) -> str | None:
    execution, _ = sandbox.run(code, at)
    assert execution.status == "ok", execution
    return execution.value


def failed(sandbox: Sandbox, code: str, seconds: float = 2) -> Execution:
    _, at = sandbox.run("x = [1]\nopen('kept', 'w').write('kept')")
    execution, after = sandbox.run("x.append(2)\nopen('kept', 'w').write('spoilt')\n" + code, at, timeout=seconds)
    assert not execution.advances, execution
    assert after is at
    assert value(sandbox, "x, open('kept').read()", at) == "([1], 'kept')"
    return execution


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("while True: pass", "timeout"),
        ("import time; time.sleep(60)", "timeout"),
        ("import os; os._exit(0)", "crashed"),
        ("import os; os.abort()", "crashed"),
        ("import ctypes; ctypes.string_at(1)", "crashed"),
        ("b = bytearray(400 << 20)", "memory"),
        ("b = 'x'\nwhile True: b += b", "memory"),
        ("import _thread, time; _thread.start_new_thread(time.sleep, (60,))", "limit"),
        ("open('a', 'wb').write(bytes(2 << 20))", "limit|error"),
    ],
)
def test_a_breach_has_its_status_and_harms_no_state(bare: Sandbox, code: str, status: str) -> None:
    if status == "limit|error":  # the mount is full in namespaces; elsewhere the turn's end finds out
        _, at = bare.run("x = 1")
        execution, _ = bare.run(code, at)
        assert execution.status in ("limit", "error")
        assert value(bare, "import os; os.listdir()", at) == "[]"
    else:
        assert failed(bare, code, 0.4 if status == "timeout" else 10).status == status


@pytest.mark.parametrize(
    "code",
    [
        "import os; os.fork()",
        "import subprocess; subprocess.run(['/bin/true'])",
        "import multiprocessing as m; m.get_context('fork').Process(target=print).start()",
        "import os; os.posix_spawn('/bin/true', ['true'], {})",
        "import os; os.execv('/bin/true', ['true'])",
        "import socket; socket.socket()",
        "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (10, 10))",
        "import os; os.kill(os.getpid(), 9)",
        "import os; os.kill(1, 0)",
        "open('/etc/shadow')",
        "open('/etc/hostname').read()",
        "import os; os.listdir('/')",
        "open('/scratch/escape', 'w')",
        "open('/tmp/escape', 'w')",
        "import os; os.symlink('/', 'link')",
        "import os; os.mkfifo('pipe')",
        "import threading, time\nfor _ in range(300): threading.Thread(target=time.sleep, args=(1,)).start()",
        "open('big', 'wb').truncate(10 << 20)",
        "[open('/dev/null') for _ in range(1000)]",
        "import mmap; mmap.mmap(-1, 100)",
    ],
)
def test_what_the_kernel_refuses_is_an_ordinary_error(bare: Sandbox, code: str) -> None:
    execution, _ = bare.run(code)
    assert execution.status in ("error", "limit"), execution
    if execution.error and execution.status == "error":
        assert execution.error.type in ORDINARY, execution


def test_files_go_back_with_the_state(bare: Sandbox) -> None:
    _, a = bare.run("open('f', 'w').write('one')\nimport os\nos.mkdir('d')\nopen('d/g', 'w').write('g')")
    _, b = bare.run("open('f', 'w').write('two')\nos.remove('d/g')\nos.rmdir('d')", a)
    read = "sorted(os.listdir()), open('f').read()"
    assert value(bare, read, b) == "(['f'], 'two')"
    assert value(bare, read, a) == "(['d', 'f'], 'one')"
    assert value(bare, "import os; os.listdir()") == "[]"
    assert value(bare, "open('d/g').read()", a) == "'g'"
    _, c = bare.run("open('f', 'a').write('!')", a)
    assert value(bare, read, c) == "(['d', 'f'], 'one!')"
    assert value(bare, read, b) == "(['f'], 'two')"


def test_a_failed_runs_files_are_gone(bare: Sandbox) -> None:
    _, a = bare.run("import os")
    bare.run("open('left', 'w').write('x')\nos._exit(1)", a)
    assert value(bare, "os.listdir()", a) == "[]"


def test_chance_goes_back_with_the_state(bare: Sandbox) -> None:
    _, a = bare.run("import random\nrandom.random()")
    once = value(bare, "random.random()", a)
    bare.run("[random.random() for _ in range(9)]", a)
    assert value(bare, "random.random()", a) == once


def test_put(bare: Sandbox) -> None:
    _, a = bare.run("x = 1")
    bare.put("data.csv", b"a,b\n", a)
    assert value(bare, "open('data.csv').read()", a) == "'a,b\\n'"
    bare.put("data.csv", b"new", a)
    assert value(bare, "open('data.csv').read(), x", a) == "('new', 1)"
    bare.put("folder/inner/data.csv", b"deep", a)
    bare.put("folder/inner/data.csv", b"deeper", a)
    assert value(bare, "open('folder/inner/data.csv').read()", a) == "'deeper'"
    with pytest.raises(SandboxError, match="cannot be put"):
        bare.put("data.csv/below", b"a file is no folder", a)
    assert value(bare, "import os; os.listdir()") == "[]"


@pytest.mark.parametrize("name", ["", "..", "a/../b", "a//b", "./a", "/etc/x", "a\0b"])
def test_put_takes_plain_names(bare: Sandbox, name: str) -> None:
    with pytest.raises(SandboxError, match="plain file name"):
        bare.put(name, b"")


def test_put_of_too_much(bare: Sandbox) -> None:
    with pytest.raises(SandboxError, match="cannot be put"):
        bare.put("big", bytes(2 << 20))
    assert value(bare, "import os; os.listdir()") == "[]"


# input()


@pytest.mark.parametrize("policy", ["restricted", "open"])
def test_input_is_answered(policy: str) -> None:
    asked: list[str] = []

    def answer(prompt: str) -> str | None:
        asked.append(prompt)
        return None if prompt == "third? " else "B" * len(asked)

    shown: list[str] = []
    code = "print('x', end=''); a = input('first? '); b = input('second? ')\nprint(a, b)\ninput('third? ')"
    with Sandbox(Policy(policy)) as sandbox:
        execution, _ = sandbox.run(
            code, inputs=["recorded"], on_input=answer, on_output=lambda name, text: shown.append(text)
        )
        assert asked == ["second? ", "third? "]
        assert execution.inputs == ("recorded", "B")
        assert execution.stdout == "xfirst? second? recorded B\nthird? "
        assert "".join(shown) == "xfirst? recorded B\n"
        assert (execution.status, execution.error and execution.error.type) == ("error", "EOFError")
        again, _ = sandbox.run(code, inputs=execution.inputs)
        assert again.stdout == execution.stdout


def test_the_clock_stands_still_while_a_person_answers() -> None:
    import time

    def slowly(prompt: str) -> str:
        time.sleep(1.2)
        return "late"

    with Sandbox() as sandbox:
        execution, _ = sandbox.run("input()", on_input=slowly, timeout=1)
        assert (execution.status, execution.value) == ("ok", "'late'")


# A person's own paths


def test_given_paths(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "data").write_text("data")
    (tmp_path / "out").mkdir()
    (tmp_path / "secret").write_text("secret")
    policy = Policy("open", read=(str(tmp_path / "in"),), write=(str(tmp_path / "out"),))
    for without in ((), ("namespaces",)):
        with Sandbox(policy, without=without) as sandbox:
            assert value(sandbox, f"open({str(tmp_path / 'in' / 'data')!r}).read()") == "'data'"
            assert value(sandbox, f"open({str(tmp_path / 'out' / 'made')!r}, 'w').write('made')") == "4"
            for code in ("in/data', 'a", "in/new', 'w", "secret", "new', 'w"):
                execution, _ = sandbox.run(f"open('{tmp_path}/{code}')")
                assert execution.status == "error", code
    assert (tmp_path / "out" / "made").read_text() == "made"
    assert os.listdir(tmp_path / "in") == ["data"]


# Parked states


def test_parked_states_over_their_memory_are_let_go() -> None:
    with Sandbox(Policy("open"), Limits(parked=120 << 20, memory=1 << 30)) as sandbox:
        states = [sandbox.run("x = b''")[1]]
        for n in range(24):
            states.append(sandbox.run(f"import os\nx = os.urandom(20 << 20)\nn = {n}", states[-1])[1])
        assert not states[1].alive
        assert states[-1].alive
        assert value(sandbox, "n", states[-1]) == "23"


def test_scratch_files_of_many_states_are_let_go_with_the_oldest() -> None:
    with Sandbox(Policy("open"), Limits(scratch=4 << 20)) as sandbox:
        states = [sandbox.run("import os")[1]]
        for n in range(12):
            states.append(sandbox.run(f"open('f', 'wb').write(os.urandom(3 << 20)); n = {n}", states[-1])[1])
        living = [state.alive for state in states]
        assert living == sorted(living)
        assert 3 <= sum(living) <= 8
        assert value(sandbox, "n, os.stat('f').st_size", states[-1]) == f"(11, {3 << 20})"
