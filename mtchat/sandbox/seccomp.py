"""Loading the system call filter, and answering for the forks that it holds back.

Knows seccomp(2) and its user notifications. Leaves to others: the list (`syscalls`), its translation (`bpf`), when a
fork is due (the keeper), and handing the listener's descriptor to it. The filter cannot be taken off again.
"""

import ctypes
import errno
import fcntl
import os
import struct
from typing import Literal, NamedTuple

from mtchat.sandbox import bpf, kernel, syscalls

Fork = Literal["notify", "allow", "refuse"]

_SET_MODE_FILTER, _GET_ACTION_AVAIL, _GET_NOTIF_SIZES = 1, 2, 3
_TSYNC, _NEW_LISTENER, _TSYNC_ESRCH, _WAIT_KILLABLE = 1 << 0, 1 << 3, 1 << 4, 1 << 5
_RECEIVE, _SEND = 0x2100, 0x2101
_CONTINUE = 1
_ACTIONS: dict[Fork, int] = {"notify": bpf.USER_NOTIF, "allow": bpf.ALLOW, "refuse": syscalls.REFUSED}


def install(fork: Fork, modes: bool = False) -> int | None:
    """Filter every thread of this process and all its children from here on. Needs `kernel.no_new_privileges` first.

    With "notify" the answer is the listener: a descriptor for a `Supervisor` in another process, to be sent there and
    closed here before anyone else's code runs, since who holds it decides. `modes` lets files' modes and times be
    changed: only with namespaces, since Landlock does not look at that.
    """
    rules = syscalls.rules(kernel.MACHINE, _ACTIONS[fork], modes)
    code = bpf.program(kernel.MACHINE, rules, syscalls.REFUSED, syscalls.NEWEST, syscalls.UNKNOWN)
    return _load(code, listen=fork == "notify")


def _load(code: bytes, listen: bool) -> int | None:
    instructions = ctypes.create_string_buffer(code, len(code))
    header = struct.pack("@HP", len(code) // 8, ctypes.addressof(instructions))
    arguments = (ctypes.c_char_p(header),)
    if not listen:
        kernel.syscall("seccomp", _SET_MODE_FILTER, _TSYNC, *arguments)
        return None
    flags = _TSYNC | _NEW_LISTENER | _TSYNC_ESRCH
    try:
        return kernel.syscall("seccomp", _SET_MODE_FILTER, flags | _WAIT_KILLABLE, *arguments)
    except OSError as error:
        if error.errno != errno.EINVAL:  # before Linux 5.19 a signal could interrupt a fork that waits for its answer
            raise
        return kernel.syscall("seccomp", _SET_MODE_FILTER, flags, *arguments)


def why_not() -> str | None:
    """Why there can be no filter with notifications here; None if there can."""
    if not kernel.LINUX or kernel.MACHINE not in bpf.AUDIT_ARCH:
        return "needs Linux on x86-64 or aarch64"
    try:
        for action in (bpf.USER_NOTIF, bpf.KILL_PROCESS):
            kernel.syscall("seccomp", _GET_ACTION_AVAIL, 0, ctypes.c_char_p(struct.pack("=I", action)))
        _sizes()
    except OSError as error:
        if error.errno in (errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP):
            return "this kernel has no seccomp notifications (Linux 5.5 and later can)"
        return f"seccomp is refused here ({error.strerror})"
    return None


def _sizes() -> tuple[int, int]:
    """How long the kernel's notice and answer are: later kernels may add fields at their ends."""
    sizes = ctypes.create_string_buffer(6)
    kernel.syscall("seccomp", _GET_NOTIF_SIZES, 0, sizes)
    notice, response, _ = struct.unpack("=3H", sizes.raw)
    return notice, response


class Notice(NamedTuple):
    """A call that waits for an answer. `pid` is the calling thread's id, as this process's namespace numbers it."""

    id: int
    pid: int
    nr: int
    args: tuple[int, ...]

    @property
    def is_sibling(self) -> bool:
        """Whether it is a fork whose copy becomes the caller's parent's child."""
        return self.nr == kernel.number("clone") and bool(self.args[0] & kernel.CLONE_PARENT)


class Supervisor:
    """Answers the held-back calls of every process under one filter. Owns the listener's descriptor."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._notice, self._response = _sizes()

    def fileno(self) -> int:
        """For poll: readable when a call waits; hung up (POLLHUP) when no process is left under the filter."""
        return self._fd

    def receive(self) -> Notice | None:
        """The next call that waits, waiting for one; None where its process died before it could be looked at."""
        buffer = bytearray(max(self._notice, 80))
        try:
            fcntl.ioctl(self._fd, _read_write(_RECEIVE, self._notice), buffer)
        except OSError as error:
            if error.errno == errno.ENOENT:
                return None
            raise
        identity, pid, _, nr, _, _, *args = struct.unpack_from("=QIIiIQ6Q", buffer)
        return Notice(identity, pid, nr, tuple(args))

    def allow(self, identity: int) -> bool:
        """Let the call go on; False where its process is gone.

        The kernel's manual warns of letting calls go on: memory that they point to can change after it was looked at.
        A clone's flags are in registers, which the waiting caller cannot change, and the filter has looked at them.
        """
        return self._answer(identity, 0, _CONTINUE)

    def refuse(self, identity: int, code: int = errno.EPERM) -> bool:
        """Make the call fail with this error; False where its process is gone."""
        return self._answer(identity, -code, 0)

    def _answer(self, identity: int, error: int, flags: int) -> bool:
        buffer = bytearray(max(self._response, 24))
        struct.pack_into("=QqiI", buffer, 0, identity, 0, error, flags)
        try:
            fcntl.ioctl(self._fd, _read_write(_SEND, self._response), buffer)
        except OSError as failed:
            if failed.errno == errno.ENOENT:
                return False
            raise
        return True

    def close(self) -> None:
        os.close(self._fd)


def _read_write(request: int, size: int) -> int:
    """_IOWR: the request's number carries the structure's size."""
    return 3 << 30 | size << 16 | request
