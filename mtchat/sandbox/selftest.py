"""What a locked-down process tries on itself before it takes a program: each attempt that gets through is a violation.

Knows one harmless attempt for each promise, and which layer keeps it. Leaves to others: refusing to go on (the
worker). An attempt is harmless if it succeeds: calls are made with arguments that do nothing, and what is made is
taken away again. It counts as refused only where the kernel says so, not where the arguments were at fault.
"""

import ctypes
import errno
import os
import resource
import socket
import stat
from collections.abc import Callable, Collection
from typing import NamedTuple

from mtchat.sandbox import kernel

NAMESPACES, LANDLOCK, SECCOMP = "namespaces", "landlock", "seccomp"
PROMISED: dict[str, frozenset[str]] = {
    "full": frozenset({NAMESPACES, LANDLOCK, SECCOMP}),
    "no-landlock": frozenset({NAMESPACES, SECCOMP}),
    "no-userns": frozenset({LANDLOCK, SECCOMP}),
    "language-only": frozenset(),
}
"""The layers of each level (`isolation.LEVELS`)."""

_REFUSALS = (errno.EPERM, errno.EACCES, errno.ENOSYS, errno.EROFS)
_PTRACE_DETACH = 17


class Attempt(NamedTuple):
    """`refused_by`: any of these layers is enough to refuse it."""

    name: str
    refused_by: frozenset[str]
    succeeds: Callable[[], bool]


def violations(level: str, outside: str, scratch: str) -> list[str]:
    """The attempts that this level promises to refuse and that got through; none, if all is well.

    `outside` is a file of the machine that is neither given to the sandbox nor in its scratch, and that this user
    could otherwise read. `scratch` is where programs may write.
    """
    return through(PROMISED[level], outside, scratch)


def through(layers: Collection[str], outside: str, scratch: str) -> list[str]:
    """The same, for layers of one's own choice."""
    promised = [attempt for attempt in attempts(outside, scratch) if attempt.refused_by & frozenset(layers)]
    return [attempt.name for attempt in promised if attempt.succeeds()]


def attempts(outside: str, scratch: str) -> list[Attempt]:
    files, calls = frozenset({NAMESPACES, LANDLOCK}), frozenset({SECCOMP})
    beside = os.path.join(os.path.dirname(outside), f"mtchat-selftest-{os.getpid()}")
    return [
        Attempt("read a file outside", files, _does(_read, outside)),
        Attempt("write a file outside", files, _does(_make, beside)),
        Attempt("list /", frozenset({LANDLOCK}), _does(os.listdir, "/")),
        Attempt("look at process 1", files, _does(_read, "/proc/1/status")),
        Attempt("make a symbolic link", frozenset({LANDLOCK, SECCOMP}), _does(_link, scratch)),
        Attempt("change the mode of a file outside", frozenset({NAMESPACES, SECCOMP}), _does(_mode, outside)),
        Attempt("make a socket", calls, _does(_socket)),
        Attempt("run another program", calls, _reaches("execve", b"/nonexistent", None, None)),
        Attempt("fork", calls, _forks),
        Attempt("trace a process", calls, _reaches("ptrace", _PTRACE_DETACH, -1, 0, 0)),
        Attempt("read the parent's memory", calls, _reaches("process_vm_readv", os.getppid(), None, 0, None, 0, 0)),
        Attempt("signal process 1", calls, _does(os.kill, 1, 0)),
        Attempt("signal the parent", calls, _does(os.kill, os.getppid(), 0)),
        Attempt("mount", calls, _mounts),
        Attempt("unshare", calls, _unshares),
        Attempt("load a BPF program", calls, _reaches("bpf", -1, None, 0)),
        Attempt("open io_uring", calls, _reaches("io_uring_setup", 0, None)),
        Attempt("change a limit", calls, _does(_limit)),
        Attempt("become root", calls, _becomes_root),
        Attempt("hold a capability", calls, _has_capabilities),
    ]


def _does(call: Callable[..., object], *arguments: object) -> Callable[[], bool]:
    """Whether the call goes through. That something is not there refuses it just as well."""

    def succeeds() -> bool:
        try:
            call(*arguments)
        except (OSError, ValueError):
            return False
        return True

    return succeeds


def _reaches(name: str, *arguments: object) -> Callable[[], bool]:
    """Whether the kernel looks at the arguments at all: they are wrong, and a filter refuses before that shows."""

    def succeeds() -> bool:
        try:
            kernel.syscall(name, *arguments)
        except OSError as error:
            return error.errno not in _REFUSALS
        return True

    return succeeds


def _read(path: str) -> None:
    with open(path, "rb") as file:
        file.read(1)


def _make(path: str) -> None:
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    os.unlink(path)


def _link(scratch: str) -> None:
    path = os.path.join(scratch, f".mtchat-selftest-{os.getpid()}")
    os.symlink("/", path)
    os.unlink(path)


def _mode(path: str) -> None:
    os.chmod(path, stat.S_IMODE(os.stat(path).st_mode))


def _socket() -> None:
    socket.socket(socket.AF_INET, socket.SOCK_STREAM).close()


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, resource.getrlimit(resource.RLIMIT_CORE))


def _forks() -> bool:
    """A bare clone: the copy ends without running anything of ours or of the interpreter's."""
    child = kernel.raw_fork()
    if child > 0:
        os.waitpid(child, 0)
    return child > 0


def _mounts() -> bool:
    """A mount of nothing on nothing: with the right to mount it is the path that is missing."""
    done = kernel.LIBC.mount(b"none", b"/nonexistent", b"tmpfs", ctypes.c_ulong(0), None)
    return done == 0 or ctypes.get_errno() not in _REFUSALS


def _unshares() -> bool:
    """unshare of nothing, which an unfiltered kernel allows to everyone."""
    return bool(kernel.LIBC.unshare(0) == 0)


def _becomes_root() -> bool:
    return _does(os.setuid, 0)()


def _has_capabilities() -> bool:
    return kernel.capabilities() != 0
