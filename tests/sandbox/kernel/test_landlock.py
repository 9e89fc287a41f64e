"""Landlock: what was not given cannot be opened, made, moved or reached."""

from pathlib import Path

import pytest

from tests.sandbox.kernel.support import USERS, needs_landlock, passes

pytestmark = needs_landlock

_LOCK = """
PLACE = {place!r}
IN, OUT = PLACE + "/in", PLACE + "/out"
kernel.no_new_privileges()
def lock(read=(), write=(IN,), devices=()):
    return landlock.restrict([CODE, *roots.system_paths(), *read], write, devices)
"""


def _passes(place: Path, snippet: str, user: str = "nobody") -> None:
    passes(_LOCK.format(place=str(place)) + snippet, user)


@pytest.mark.parametrize("user", USERS)
def test_files_outside_are_out_of_reach(place: Path, user: str) -> None:
    _passes(
        place,
        """
lock()
for call in (
    lambda: open(OUT + "/old"), lambda: open(OUT + "/old", "a"), lambda: open(OUT + "/new", "w"),
    lambda: os.listdir(OUT), lambda: os.mkdir(OUT + "/d"), lambda: os.unlink(OUT + "/old"),
    lambda: os.truncate(OUT + "/old", 0), lambda: open("/etc/passwd"), lambda: os.listdir("/"),
    lambda: open("/proc/self/status"), lambda: open("/dev/null", "w"), lambda: open(CODE + "/x", "w"),
    lambda: open(IN + "/../out/old"), lambda: os.execv("/bin/true", ["true"]),
):
    refused(call, code=errno.EACCES)
for move in (os.rename, os.link):
    for pair in ((OUT + "/old", IN + "/got"), (IN + "/old", OUT + "/gone")):
        try: move(*pair)
        except OSError as error: assert error.errno in (errno.EACCES, errno.EXDEV, errno.EPERM), error
        else: raise AssertionError((move, pair))
""",
        user,
    )
    assert (place / "out" / "old").read_text() == "old"
    assert sorted(path.name for path in (place / "out").iterdir()) == ["old"]


@pytest.mark.parametrize("user", USERS)
def test_files_inside_are_ones_own(place: Path, user: str) -> None:
    _passes(
        place,
        """
lock(devices=["/dev/null"])
os.chdir(IN)
with open("new", "w") as file: file.write("hello")
assert open("new").read() == "hello"
os.mkdir("d"); os.rename("new", "d/new"); os.rename("d/new", "deep/new")
os.truncate("deep/new", 1)
assert open("deep/new").read() == "h"
os.unlink("deep/new"); os.rmdir("d")
open("/dev/null", "w").write("x")
""",
        user,
    )


def test_only_files_and_directories_can_be_made(place: Path) -> None:
    _passes(
        place,
        """
lock()
os.chdir(IN)
refused(os.symlink, "/", "link", code=errno.EACCES)
refused(os.mkfifo, "fifo", code=errno.EACCES)
refused(socket.socket(socket.AF_UNIX).bind, "sock", code=errno.EACCES)
""",
    )


def test_a_single_file_can_be_given(place: Path) -> None:
    _passes(
        place,
        """
lock(read=[OUT + "/old", "/nonexistent/at/all"])
assert open(OUT + "/old").read() == "old"
refused(open, OUT + "/old", "a", code=errno.EACCES)
refused(os.listdir, OUT, code=errno.EACCES)
""",
    )


def test_a_second_lock_narrows_and_never_widens(place: Path) -> None:
    _passes(
        place,
        """
lock(read=[PLACE])
assert open(OUT + "/old").read() == "old"
lock(write=[IN + "/deep", OUT])
open(IN + "/deep/new", "w").close()
refused(open, IN + "/old", "a", code=errno.EACCES)
refused(open, OUT + "/old", "a", code=errno.EACCES)
""",
    )


def test_children_and_threads_are_locked_too(place: Path) -> None:
    _passes(
        place,
        """
lock()
seen = []
thread = threading.Thread(target=lambda: seen.append(refused(open, OUT + "/old", code=errno.EACCES)))
thread.start(); thread.join()
assert seen == [None]
child = os.fork()
if child == 0:
    refused(open, OUT + "/old", code=errno.EACCES)
    os._exit(0)
exits(child)
""",
    )


def test_no_tcp(place: Path) -> None:
    _passes(
        place,
        """
with socket.create_server(("127.0.0.1", 0)) as server:
    if lock() < 4: sys.exit(0)
    refused(socket.create_connection, server.getsockname(), code=errno.EACCES)
    refused(socket.socket().bind, ("127.0.0.1", 0), code=errno.EACCES)
""",
    )


@pytest.mark.parametrize("user", USERS)
def test_no_signals_and_abstract_sockets_across(place: Path, user: str) -> None:
    _passes(
        place,
        """
import fcntl, signal
if landlock.abi() < 6: sys.exit(0)
server = socket.socket(socket.AF_UNIX); server.bind(f"\\0mtchat-{os.getpid()}"); server.listen()
parent = os.getpid()
reading, writing = os.pipe()
child = os.fork()
if child == 0:
    lock()
    refused(os.kill, parent, 0)
    refused(os.kill, parent, signal.SIGTERM)
    refused(socket.socket(socket.AF_UNIX).connect, f"\\0mtchat-{parent}")
    os._exit(0)
exits(child)
""",
        user,
    )


def test_a_parent_may_signal_and_see_die_what_is_locked_further_in(place: Path) -> None:
    """What the keeper does: locked itself, it stops, wakes and kills children that are locked more tightly."""
    _passes(
        place,
        """
import signal
lock()
child = os.fork()
if child == 0:
    kernel.set_death_signal()
    lock(write=[IN + "/deep"])
    signal.pause()
os.kill(child, signal.SIGSTOP)
assert os.WIFSTOPPED(os.waitpid(child, os.WUNTRACED)[1])
os.kill(child, signal.SIGCONT)
os.kill(child, signal.SIGKILL)
assert os.waitpid(child, 0)[1] == signal.SIGKILL
""",
    )


def test_it_needs_no_new_privileges_unless_root() -> None:
    passes("refused(landlock.restrict, [], [])")


def test_why_is_none_where_there_is_landlock() -> None:
    passes("assert landlock.abi() > 0 and landlock.why() is None")


def test_a_filter_that_refuses_it_is_named() -> None:
    passes(
        """
kernel.no_new_privileges()
number = kernel.number("landlock_create_ruleset")
code = bpf.program(kernel.MACHINE, {number: syscalls.REFUSED}, bpf.ALLOW, 1000, syscalls.UNKNOWN)
seccomp._load(code, listen=False)
assert landlock.abi() == 0
assert "refused here" in landlock.why(), landlock.why()
"""
    )
