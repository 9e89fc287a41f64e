"""A root of our own: what was given is there, at its own path; nothing else is."""

from pathlib import Path

import pytest

from mtchat.sandbox import roots
from tests.sandbox.kernel.support import USERS, passes, skip_without_namespaces

_ENTER = """
PLACE, USER = {place!r}, {user!r}
IN, OUT, SCRATCH = PLACE + "/in", PLACE + "/out", PLACE + "/scratch"
def enter(read=(), write=(), size=1 << 20):
    namespaces.enter([CODE, *roots.system_paths(), *read], write, SCRATCH, size)

def inside(run):
    '''As the first process of the new namespace, without privileges.'''
    child = os.fork()
    if child == 0:
        code = 1
        try:
            kernel.drop_privileges()
            run()
            code = 0
        finally:
            os._exit(code) if code == 0 else sys.excepthook(*sys.exc_info()) or os._exit(code)
    exits(child)
"""


@pytest.fixture(params=USERS)
def user(request: pytest.FixtureRequest) -> str:
    skip_without_namespaces(request.param)
    return str(request.param)


def _passes(place: Path, snippet: str, user: str) -> None:
    passes(_ENTER.format(place=str(place), user=user) + snippet, user)


def test_nothing_of_the_machine_is_left(place: Path, user: str) -> None:
    _passes(
        place,
        """
before = os.getpid()
enter()
def run():
    assert os.getpid() == 1
    assert os.getuid() != 0
    assert sorted(os.listdir("/dev")) == ["full", "null", "random", "urandom"]
    assert sorted(os.listdir("/proc")) == ["cpuinfo", "loadavg", "meminfo", "stat", "version"]
    assert set(os.listdir("/etc")) <= {"fonts", "group", "ld.so.cache", "localtime", "passwd"}
    assert {"bin", "boot", "mnt", "run", "sbin", "var", ".old"}.isdisjoint(os.listdir("/")), os.listdir("/")
    for path in (OUT, IN, "/etc/shadow", "/.old", "/proc/1", "/usr/bin/env", "/root/.bashrc", "/var"):
        assert not os.path.exists(path), path
    assert len(open("/etc/passwd").readlines()) == 1
    assert os.listdir(PLACE) == ["scratch"]
    refused(os.kill, before, 0, code=errno.ESRCH)
inside(run)
""",
        user,
    )


def test_only_scratch_can_be_written(place: Path, user: str) -> None:
    _passes(
        place,
        """
enter(read=[IN])
def run():
    for top, directories, files in os.walk("/"):
        if not (top + "/").startswith(SCRATCH + "/"):
            mounted = os.statvfs(top)
            assert mounted.f_flag & os.ST_RDONLY, top
            assert mounted.f_flag & os.ST_NOSUID, top
            if top.count("/") > 5: directories.clear()
    for path in ("/x", IN + "/x", "/etc/x", "/proc/x", "/dev/x", CODE + "/x", PLACE + "/x", "/usr/lib/x"):
        refused(open, path, "w", code=errno.EROFS)
    open(SCRATCH + "/x", "w").close()
    with open("/dev/null", "w") as file: file.write("gone")
    assert len(open("/dev/urandom", "rb").read(8)) == 8
inside(run)
""",
        user,
    )
    assert not (place / "in" / "x").exists()


def test_scratch_has_an_end(place: Path, user: str) -> None:
    _passes(
        place,
        """
enter(size=1 << 20)
def run():
    def fill():
        with open(SCRATCH + "/big", "wb") as file:
            for _ in range(3): file.write(bytes(1 << 20)); file.flush()
    refused(fill, code=errno.ENOSPC)
    os.unlink(SCRATCH + "/big")
    def many():
        for number in range(100_000): open(f"{SCRATCH}/{number}", "w").close()
    refused(many, code=errno.ENOSPC)
inside(run)
""",
        user,
    )
    assert not list((place / "scratch").glob("*"))


def test_what_a_person_gives_is_there_and_as_given(place: Path, user: str) -> None:
    (place / "way").symlink_to("in/deep")
    _passes(
        place,
        """
enter(read=[IN, OUT + "/old", PLACE + "/way", "/nonexistent/at/all"], write=[IN + "/deep"])
def run():
    assert open(IN + "/old").read() == open(OUT + "/old").read() == "old"
    assert os.listdir(OUT) == ["old"]
    open(PLACE + "/way/new", "w").write("through a link")
    refused(open, IN + "/old", "a", code=errno.EROFS)
    refused(open, OUT + "/old", "a", code=errno.EROFS)
    assert not os.path.exists("/nonexistent")
inside(run)
""",
        user,
    )
    assert (place / "in" / "deep" / "new").read_text() == "through a link"


def test_no_network(place: Path, user: str) -> None:
    _passes(
        place,
        """
server = socket.create_server(("127.0.0.1", 0))
abstract = socket.socket(socket.AF_UNIX); abstract.bind(f"\\0mtchat-{os.getpid()}"); abstract.listen()
name = abstract.getsockname()
enter()
def run():
    refused(socket.create_connection, server.getsockname(), code=errno.ENETUNREACH)
    refused(socket.socket(socket.AF_UNIX).connect, name, code=errno.ECONNREFUSED)
    assert socket.if_nameindex() == [(1, "lo")]
inside(run)
""",
        user,
    )


def test_nothing_can_be_unsealed(place: Path, user: str) -> None:
    _passes(
        place,
        """
enter()
def run():
    import ctypes
    mount = kernel.LIBC.mount
    for flags in (namespaces._REMOUNT | namespaces._BIND, namespaces._REMOUNT):
        assert mount(None, b"/", None, ctypes.c_ulong(flags), None) == -1
        assert ctypes.get_errno() == errno.EPERM
    assert kernel.LIBC.umount2(SCRATCH.encode(), 2) == -1
    refused(os.chroot, SCRATCH)
    refused(os.setuid, 0, code=errno.EINVAL if USER == "nobody" else errno.EPERM)  # in the user namespace is no 0
inside(run)
""",
        user,
    )


@pytest.mark.parametrize("path", ["/", "/proc", "/dev/shm", "/sys/kernel"])
def test_some_paths_cannot_be_given(path: str) -> None:
    with pytest.raises(OSError, match="cannot be given"):
        roots.plan([path], [])


def test_a_plan_has_no_mount_too_many(place: Path) -> None:
    inner, outer = str(place / "in" / "deep"), str(place / "in")
    assert [mount for mount in roots.plan([inner, outer], []).mounts if str(place) in mount.path] == [(outer, False)]
    both = roots.plan([outer], [inner]).mounts
    assert [mount for mount in both if str(place) in mount.path] == [(outer, False), (inner, True)]
    assert [mount for mount in roots.plan([outer], [outer]).mounts if str(place) in mount.path] == [(outer, True)]


def test_the_systems_paths_hold_nobodys_home() -> None:
    homes = {str(Path.home()), "/root", "/home", "/", "/usr", "/etc", "/var", "/tmp"}
    paths = roots.system_paths()
    assert homes.isdisjoint(paths)
    assert any(Path(path, "os.py").exists() for path in paths)


_FORBIDDING = """
kernel.no_new_privileges()
numbers = {"unshare": {"x86_64": 272, "aarch64": 97}, "mount": {"x86_64": 165, "aarch64": 40}}
def forbid(name, action):
    code = bpf.program(kernel.MACHINE, {numbers[name][kernel.MACHINE]: action}, bpf.ALLOW, 1000, syscalls.UNKNOWN)
    seccomp._load(code, listen=False)
def why():
    try: namespaces.enter([], [], "/tmp/x", 1 << 20)
    except OSError as error: return namespaces.reason(error)
"""


def test_a_container_that_forbids_unshare_is_named() -> None:
    passes(
        _FORBIDDING
        + """
forbid("unshare", syscalls.REFUSED)
said = why()
assert said.startswith("unshare: Operation not permitted ("), said
assert "seccomp filter" in said or "switched off" in said, said
"""
    )


def test_a_machine_that_forbids_mounting_is_named() -> None:
    skip_without_namespaces("nobody")
    passes(
        _FORBIDDING
        + """
forbid("mount", bpf.errno_action(errno.EACCES))
said = why()
assert said.startswith("mount a new root: Permission denied ("), said
"""
    )


def test_a_machine_without_room_for_namespaces_is_named() -> None:
    passes(
        _FORBIDDING
        + """
forbid("unshare", bpf.errno_action(errno.ENOSPC))
assert "user.max_user_namespaces" in why(), why()
"""
    )
