"""Ends of the host's making: killed, closed, released or pruned while a program does its worst, nothing is left behind.

Hosts that are killed are processes of their own. Leaves to others: ends of the program's making (`test_ends`).
"""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from pathlib import Path

import pytest

from mtchat.errors import SandboxError
from mtchat.sandbox import Limits, Sandbox, SnapshotGone
from tests.sandbox.attacks import support
from tests.sandbox.attacks.test_ends import below

MODES = ("kernel", "no-userns")
STUBBORN = {
    "loops": "while True:\n    pass",
    "ignores signals": (
        "import signal\n"
        "for number in range(1, 65):\n"
        "    try: signal.signal(number, signal.SIG_IGN)\n"
        "    except (OSError, ValueError): pass\n"
        "signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\n"
        "while True: pass"
    ),
    "has no death signal": (
        "import ctypes\nfor number in (0, 19): ctypes.CDLL(None).prctl(1, number, 0, 0, 0)\nwhile True: pass"
    ),
    "closed its line": "import os, time\nos.closerange(0, 1024)\ntime.sleep(1000)",
    "has threads": (
        "import threading, time\n"
        "def go():\n    while True: time.sleep(0.01)\n"
        "for _ in range(5): threading.Thread(target=go).start()\ngo()"
    ),
    "floods the output": "import os\nwhile True:\n    os.write(1, b'x' * 65536)",
    "writes files": "import os\nn = 0\nwhile True:\n    open(str(n % 100), 'w').write('x')\n    n += 1",
    "waits in C": "import ctypes\nctypes.CDLL(None).pause()",
}
BEGUN = "print('begun', flush=True)\n"
HOST = """
    import sys, threading, time
    from mtchat.sandbox import Limits
    from tests.sandbox.attacks import support
    from tests.sandbox.attacks.test_ends import below
    import os
    sandbox = support.new_sandbox(sys.argv[1], Limits(timeout=60))
    _, at = sandbox.run("x = 1\\nopen('x.txt', 'w').write('x')")
    begun = threading.Event()
    run = {"on_output": lambda *_: begun.set()}
    threading.Thread(target=sandbox.run, args=(sys.argv[2], at), kwargs=run, daemon=True).start()
    begun.wait(20)
    time.sleep(0.1)
    print(*below(os.getpid()), flush=True)
    time.sleep(60)
"""


def _gone(pids: list[int]) -> list[int]:
    """Those that still live three seconds on."""
    for _ in range(150):
        pids = [pid for pid in pids if Path("/proc", str(pid)).exists() and _state(pid) != "Z"]
        if not pids:
            return []
        time.sleep(0.02)
    return pids


def _state(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path("/proc", str(pid), "stat").read_text().rpartition(")")[2].split()[0]
    return "Z"


def _folders(folder: str) -> list[str]:
    for _ in range(150):
        found = os.listdir(folder)
        if not found:
            return []
        time.sleep(0.02)
    return found


def _kill_host(mode: str, code: str, folder: str, number: int) -> tuple[list[int], list[str]]:
    """Start a host that runs the program, end it so; the processes and directories that it leaves."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "TMPDIR": folder}
    host = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(HOST), mode, code],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert host.stdout is not None
    try:
        pids = [int(each) for each in host.stdout.readline().split()]
        assert len(pids) >= 3, "the host did not come up"
    finally:
        host.send_signal(number)
        host.wait()
        host.stdout.close()
    left = _gone(pids)
    for pid in left:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return left, _folders(folder)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("title", STUBBORN)
def test_a_killed_host_leaves_nothing(mode: str, title: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o777)
        left, folders = _kill_host(mode, BEGUN + STUBBORN[title], folder, signal.SIGKILL)
        assert left == []
        assert folders == []


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("title", STUBBORN)
def test_closing_during_a_run_leaves_nothing(mode: str, title: str) -> None:
    sandbox = support.new_sandbox(mode, Limits(timeout=60))
    before = set(below(os.getpid()))
    with sandbox:
        _, at = sandbox.run("x = 1")
        errors: list[BaseException] = []

        begun = threading.Event()

        def run() -> None:
            try:
                sandbox.run(BEGUN + STUBBORN[title], at, on_output=lambda *_: begun.set())
            except SandboxError as error:
                errors.append(error)

        thread = threading.Thread(target=run)
        thread.start()
        assert begun.wait(20)
        time.sleep(0.1)
        pids = [pid for pid in below(os.getpid()) if pid not in before]
        sandbox.close()
        thread.join(20)
        assert not thread.is_alive()
    assert len(errors) == 1
    assert _gone(pids) == []


def _small(mode: str, **limits: int) -> Sandbox:
    return support.new_sandbox(mode, Limits(**limits))


@pytest.mark.parametrize("mode", MODES)
def test_what_is_pruned_dies_though_it_would_not(mode: str) -> None:
    code = STUBBORN["ignores signals"].replace("while True: pass", "") + "import signal, time\n"
    before = len(below(os.getpid()))
    with _small(mode, snapshots=3) as sandbox:
        states = []
        for n in range(8):
            execution, at = sandbox.run(f"{code}n = {n}")
            assert execution.ok, execution
            states.append(at)
        assert [each.alive for each in states] == [False] * 5 + [True] * 3
        assert sandbox.run("n", states[-1])[0].value == "7"
        with pytest.raises(SnapshotGone):
            sandbox.run("n", states[0])
    assert len(below(os.getpid())) <= before


@pytest.mark.parametrize("mode", MODES)
def test_releasing_from_another_thread_while_it_runs(mode: str) -> None:
    with _small(mode) as sandbox:
        _, at = sandbox.run("x = 1")
        threading.Timer(0.1, sandbox.release, (at,)).start()
        execution, after = sandbox.run("import time\ntime.sleep(0.4)\nx", at)
        assert execution.value == "1"
        assert sandbox.run("x + 1", after)[0].value == "2"
        for _ in range(100):
            if not at.alive:
                break
            time.sleep(0.02)
        with pytest.raises(SnapshotGone):
            sandbox.run("x", at)


@pytest.mark.parametrize("mode", MODES)
def test_a_state_that_died_by_itself_is_said_to_be_gone(mode: str) -> None:
    with _small(mode) as sandbox:
        _, at = sandbox.run("import signal\nsignal.setitimer(signal.ITIMER_REAL, 0.01)")
        time.sleep(0.05)
        with contextlib.suppress(SnapshotGone):
            execution, _ = sandbox.run("1", at)
            assert execution.status in ("ok", "crashed")
        assert sandbox.run("1 + 1")[0].value == "2"


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", ["../out", "/tmp/out", "a/../../out", "..", ".", "", "a\0b"])
def test_a_file_is_put_into_scratch_and_nowhere_else(mode: str, name: str) -> None:
    with _small(mode) as sandbox:
        with pytest.raises((SandboxError, ValueError)):
            sandbox.put(name, b"x")
        assert sandbox.run("import os\nos.listdir('.')")[0].value == "[]"


@pytest.mark.parametrize("mode", MODES)
def test_a_file_is_put_in_place_of_a_link(mode: str, tmp_path: Path) -> None:
    victim = tmp_path / "victim.txt"
    victim.write_text("untouched")
    with _small(mode) as sandbox:
        _, at = sandbox.run(
            f"import os\nfor name in ('data.txt', 'pipe'):\n"
            f"    try: os.symlink({str(victim)!r}, 'data.txt')\n    except OSError: pass\n"
            f"    try: os.mkfifo('pipe')\n    except OSError: pass"
        )
        for name in ("data.txt", "pipe"):
            sandbox.put(name, b"new", at)
            assert sandbox.run(f"open({name!r}).read()", at)[0].value == "'new'"
    assert victim.read_text() == "untouched"


@pytest.mark.parametrize("mode", MODES)
def test_a_file_is_put_below_no_link(mode: str, tmp_path: Path) -> None:
    with _small(mode) as sandbox:
        _, at = sandbox.run(
            f"import os\ntry: os.symlink({str(tmp_path)!r}, 'folder')\nexcept OSError: open('folder', 'w').close()"
        )
        with pytest.raises(SandboxError, match="cannot be put"):
            sandbox.put("folder/victim.txt", b"x", at)
    assert list(tmp_path.iterdir()) == []
