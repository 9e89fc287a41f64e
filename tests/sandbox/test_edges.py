"""The host's side at its edges: hostile states, senseless limits, callbacks, forks, odd paths, failed starts."""

import contextlib
import gc
import math
import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mtchat.errors import SandboxError
from mtchat.sandbox import Limits, Policy, Sandbox, SnapshotGone
from mtchat.turn import Execution

OPEN = Policy("open")


@contextlib.contextmanager
def not_for_ever(sandbox: Sandbox) -> Iterator[None]:
    """Closes the sandbox if the block does not end by itself, so that a hang is a failure."""
    timer = threading.Timer(60, sandbox.close)
    timer.start()
    try:
        yield
        assert timer.is_alive()
    finally:
        timer.cancel()


# What a program does to the host


def test_a_state_that_does_not_read_its_request_cannot_hold_the_host_up() -> None:
    deaf = "import time, mtchat.sandbox.protocol as p\np.receive = lambda *a: time.sleep(1000)"
    with Sandbox(OPEN, Limits(timeout=1)) as sandbox:
        _, state = sandbox.run(deaf)
        with not_for_ever(sandbox), pytest.raises(SnapshotGone):
            sandbox.run("#" * 600_000, state)  # more than the socket between us takes
        assert sandbox.run("7")[0].value == "7"


HOARD = """
import ctypes
libc = ctypes.CDLL(None)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
libc.mprotect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
for _ in range(5):
    place = libc.mmap(None, 64 << 20, 3, 0x22, -1, 0)
    ctypes.memset(place, 1, 64 << 20)
    libc.mprotect(place, 64 << 20, 1)
"""


def test_memory_that_is_filled_and_made_read_only_counts_too() -> None:
    """RLIMIT_DATA counts what is writable."""
    with Sandbox(OPEN, Limits(memory=128 << 20)) as sandbox:
        execution, after = sandbox.run(HOARD)
        assert (execution.status, after) == ("memory", sandbox.root)
        assert "128 MiB" in str(execution.error)
        assert sandbox.run(HOARD + "import time\ntime.sleep(100)", timeout=50)[0].status == "memory"


NAMELESS = {
    "open": "f = open('x', 'wb'); f.write(bytes(1 << 20)); f.flush(); kept.append(f)",
    "mapped": "f = open('x', 'w+b'); f.truncate(1 << 20); m = mmap.mmap(f.fileno(), 0); m[:] = b'x' * (1 << 20)\n"
    "    kept.append(m); f.close()",
    "allocated": "f = open('x', 'wb'); os.posix_fallocate(f.fileno(), 0, 1 << 20); kept.append(f)",
}


@pytest.mark.parametrize("how", NAMELESS)
def test_files_without_a_name_cannot_fill_the_disk(how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where scratch is a directory of the machine's, no mount bounds it and no folder shows an unlinked file."""
    code = f"import mmap, os\nkept = []\nfor _ in range(40):\n    {NAMELESS[how]}\n    os.unlink('x')"
    with Sandbox(OPEN, Limits(scratch=4 << 20), without={"namespaces"}) as sandbox:
        assert sandbox.run("open('y', 'wb').write(bytes(1 << 20))")[0].status == "ok"
        execution, after = sandbox.run(code)
        if execution.status == "ok" and _is_in_memory():
            pytest.skip("the directory for temporary files lies in memory, of which the kernel keeps no such account")
        assert (execution.status, after) == ("limit", sandbox.root)
        assert "to the disk" in str(execution.error)


def _is_in_memory() -> bool:
    mounts = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
    within = [mount for mount in mounts if f"{tempfile.gettempdir()}/".startswith(mount[1].rstrip("/") + "/")]
    return max(within, key=lambda mount: len(mount[1]))[2] == "tmpfs"


# What a caller asks for


@pytest.mark.parametrize("timeout", [0, -1, math.nan, -math.inf])
def test_no_time_at_all_is_refused(timeout: float) -> None:
    with Sandbox() as sandbox, pytest.raises(SandboxError, match="timeout has to be above 0"):
        sandbox.run("1", timeout=timeout)


@pytest.mark.parametrize("timeout", [math.inf, 1e30, 1e8])
def test_any_length_of_time_will_do(timeout: float) -> None:
    with Sandbox() as sandbox:
        assert sandbox.run("import time; time.sleep(0.05)", timeout=timeout)[0].status == "ok"
        assert sandbox.run("1", timeout=timeout)[0].value == "1"


@pytest.mark.parametrize(
    "limits",
    [
        *({name: -1} for name in Limits.__struct_fields__),
        *({name: 1 << 80} for name in Limits.__struct_fields__ if name != "timeout"),
        *({name: 0} for name in ("timeout", "memory", "open_files", "scratch", "recursion")),
        {"memory": 1.5},
        {"timeout": math.nan},
    ],
)
def test_limits_that_make_no_sense_are_refused_in_words(limits: dict[str, Any]) -> None:
    with pytest.raises(SandboxError, match=f"{next(iter(limits))}|timeout"):
        Sandbox(limits=Limits(**limits))


@pytest.mark.parametrize("limits", [{"open_files": 1 << 16}, {"recursion": 100}, {"snapshots": 0}, {"figures": 0}])
def test_limits_at_their_ends_work(limits: dict[str, Any]) -> None:
    with Sandbox(limits=Limits(**limits)) as sandbox:
        _, state = sandbox.run("x = 1")
        assert sandbox.run("x", state)[0].value == "1"


def test_code_that_is_too_long_is_never_sent() -> None:
    with Sandbox() as sandbox:
        _, state = sandbox.run("x = 5")
        execution, after = sandbox.run("#" * (50 << 20), state)
        assert (execution.status, after) == ("limit", state)
        assert sandbox.run("#" * ((1 << 20) - 2) + "\nx", state)[0].value == "5"


@pytest.mark.parametrize("path", ["/", "//", "/proc", "/proc/1", "/sys/kernel", "/dev", "relative", "", "/a\0b"])
@pytest.mark.parametrize("kind", ["read", "write"])
def test_some_paths_are_never_given(path: str, kind: str) -> None:
    with pytest.raises(SandboxError, match="cannot be given to the sandbox"):
        Sandbox(Policy("open", **{kind: (path,)}))


def test_a_link_to_the_root_is_not_given_either(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/")
    with pytest.raises(SandboxError, match="cannot be given"):
        Sandbox(Policy("open", read=(str(tmp_path / "link"),)))


@pytest.mark.parametrize("name", [b"a b\nc", b"\xff\xe9", "ü;'\"\\".encode()])
def test_odd_names_of_directories_cost_no_layer(name: bytes, tmp_path: Path) -> None:
    folder = os.fsdecode(os.path.join(os.fsencode(tmp_path), name))
    os.mkdir(folder)
    Path(folder, "f").write_text("given")
    with Sandbox() as plain, Sandbox(Policy("open", read=(folder,))) as sandbox:
        assert sandbox.isolation.level == plain.isolation.level
        if os.access(tmp_path.parent, os.R_OK):
            assert sandbox.run(f"open({os.path.join(folder, 'f')!r}).read()")[0].value == "'given'"


# Callbacks, threads, forks, descriptors


def test_a_callback_cannot_run_in_the_same_sandbox() -> None:
    refused: list[str] = []

    def speak(name: str, text: str) -> None:
        try:
            sandbox.run("2")
        except SandboxError as error:
            refused.append(str(error))

    with Sandbox() as sandbox:
        assert sandbox.run("print(1)\n7", on_output=speak)[0].value == "7"
        assert "one at a time" in "".join(refused)
        assert sandbox.run("8")[0].value == "8"


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_callback_that_raises_costs_neither_state_nor_descriptors(error: type[BaseException]) -> None:
    def speak(*words: str) -> None:
        raise error("mine")

    with Sandbox() as sandbox:
        _, state = sandbox.run("v = 3")
        sandbox.run("v", state)
        before = len(os.listdir("/dev/fd"))
        for code in ("v = 4\nprint(1)", "input()"):
            with pytest.raises(error, match="mine"):
                sandbox.run(code, state, on_output=speak, on_input=speak)
        assert len(os.listdir("/dev/fd")) == before
        assert sandbox.run("v", state)[0].value == "3"


def test_a_sandbox_that_is_only_forgotten_leaves_no_descriptors() -> None:
    def use() -> None:
        sandbox = Sandbox()
        _, state = sandbox.run("x = 1")
        sandbox.run("x", state)

    use()
    gc.collect()
    before = len(os.listdir("/dev/fd"))
    use()
    gc.collect()
    assert len(os.listdir("/dev/fd")) == before


def test_a_fork_of_the_host_cannot_end_its_programs() -> None:
    with Sandbox() as sandbox:
        _, state = sandbox.run("a = 1")
        child = os.fork()
        if child == 0:
            with contextlib.suppress(BaseException):
                sandbox.close()
            os._exit(0)
        os.waitpid(child, 0)
        execution: Execution = sandbox.run("a", state)[0]
        assert execution.value == "1"


def test_a_host_with_many_open_files() -> None:
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 2048:
        pytest.skip("this user may not open so many")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2048), hard))
    held = [os.open(os.devnull, os.O_RDONLY) for _ in range(1100)]
    try:
        with Sandbox() as sandbox:
            _, state = sandbox.run("a = 1")
            assert sandbox.run("a", state)[0].value == "1"
    finally:
        for fd in held:
            os.close(fd)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


# Starts that fail


@pytest.mark.parametrize("executable", ["", None, "/nonexistent/python", os.devnull])
def test_no_python_to_start(executable: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", executable)
    with Sandbox() as sandbox, pytest.raises(SandboxError, match="cannot be started"):
        sandbox.run("1")


def test_no_place_for_temporary_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    with Sandbox() as sandbox, pytest.raises(SandboxError, match="TMPDIR"):
        sandbox.run("1")


@pytest.mark.parametrize("which", ["itself", "above"])
def test_the_place_of_our_own_files_is_not_given_for_writing(which: str, tmp_path: Path) -> None:
    place = os.path.realpath(tempfile.gettempdir())
    given = place if which == "itself" else os.path.dirname(place)
    if given == "/":
        pytest.skip("that is the machine itself")
    with Sandbox(Policy("open", write=(given,))) as sandbox, pytest.raises(SandboxError, match="TMPDIR"):
        sandbox.run("1")


def test_temporary_files_in_shared_memory_cost_no_layer(monkeypatch: pytest.MonkeyPatch) -> None:
    if not os.access("/dev/shm", os.W_OK):
        pytest.skip("there is none here")
    with Sandbox() as plain:
        level = plain.isolation.level
    monkeypatch.setattr(tempfile, "tempdir", "/dev/shm")
    with Sandbox(OPEN) as sandbox:
        assert sandbox.isolation.level == level
        _, state = sandbox.run("open('f', 'w').write('one')")
        sandbox.run("open('f', 'w').write('two')", state)
        assert sandbox.run("open('f').read()", state)[0].value == "'one'"


def test_too_many_versions_of_files_cost_no_more_snapshots_than_it_takes() -> None:
    with Sandbox(OPEN, Limits(scratch=4 << 20)) as sandbox:
        states = [sandbox.root]
        for number in range(8):
            states.append(sandbox.run(f"open('big', 'wb').write(b'{number}' * (3 << 20))", states[-1])[1])
        assert [state.alive for state in states[1:]] == [False] * 3 + [True] * 5


MANY = {"wide": "for i in range(10**9): os.mkdir(str(i))", "deep": "while True: os.mkdir('d'); os.chdir('d')"}


@pytest.mark.parametrize("without", [(), pytest.param(("namespaces",), marks=pytest.mark.slow)])
@pytest.mark.parametrize("shape", MANY)
def test_clearing_many_files_away_is_not_on_the_next_run_s_clock(shape: str, without: tuple[str, ...]) -> None:
    with Sandbox(OPEN, without=without) as sandbox:
        _, state = sandbox.run("import os\nopen('f', 'w').write('kept')\nx = 1")
        execution, _ = sandbox.run(MANY[shape], state, timeout=2)
        assert execution.status in ("timeout", "error", "limit")
        assert sandbox.run("open('f').read(), x", state, timeout=0.5)[0].value == "('kept', 1)"
        assert sandbox.run("os.listdir()", state)[0].value == "['f']"
