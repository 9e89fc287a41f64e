"""System calls by ctypes: prctl, giving up privileges for good, and forking a sibling.

Knows one libc, the numbers of the calls that libc has no function for, and what a raw fork must do for the interpreter
and for glibc. Leaves to others: what a process may then still do (`landlock`, `seccomp`), what it sees (`namespaces`)
and when any of it happens (`isolation`). Imported on every system; only Linux has what it calls.
"""

import ctypes
import errno
import functools
import operator
import os
import signal
import struct
import sys
from collections.abc import Callable
from typing import Any

LINUX = sys.platform.startswith("linux")
_MACHINE = os.uname().machine.lower()
MACHINE = {"amd64": "x86_64", "arm64": "aarch64"}.get(_MACHINE, _MACHINE)
NOBODY = 65534

_NUMBERS = {
    "x86_64": {"clone": 56, "pivot_root": 155, "capget": 125, "capset": 126, "ptrace": 101, "execve": 59},
    "aarch64": {"clone": 220, "pivot_root": 41, "capget": 90, "capset": 91, "ptrace": 117, "execve": 221},
}
_COMMON = {
    "process_vm_readv": {"x86_64": 310, "aarch64": 270},
    "seccomp": {"x86_64": 317, "aarch64": 277},
    "bpf": {"x86_64": 321, "aarch64": 280},
    "io_uring_setup": {"x86_64": 425, "aarch64": 425},
    "mount_setattr": {"x86_64": 442, "aarch64": 442},
    "landlock_create_ruleset": {"x86_64": 444, "aarch64": 444},
    "landlock_add_rule": {"x86_64": 445, "aarch64": 445},
    "landlock_restrict_self": {"x86_64": 446, "aarch64": 446},
}

PR_SET_PDEATHSIG = 1
PR_CAPBSET_DROP = 24
PR_SET_SECUREBITS = 28
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38
PR_GET_TID_ADDRESS = 40
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_CLEAR_ALL = 4
_CAPABILITY_VERSION = 0x20080522
_SECUREBITS = 0b1110_1011
"""No root without capabilities asked for, no ambient set, each choice locked. Setuid still clears capabilities."""

_NO_SIGNAL = 0x4000

CLONE_PARENT = 0x00008000
CLONE_PARENT_SETTID = 0x00100000
CLONE_CHILD_CLEARTID = 0x00200000
CLONE_CHILD_SETTID = 0x01000000

_SA_NOCLDSTOP = 1
_SIGACTION_FLAGS, _SIGACTION_BYTES = 136, 152
"""libc's struct sigaction on 64-bit Linux, glibc's and musl's: handler, a mask of 128 bytes, flags, restorer."""

LIBC = ctypes.CDLL(None, use_errno=True)
_HELD = ctypes.PyDLL(None, use_errno=True)
"""The same library, called without letting go of the interpreter's lock: a fork in between would lose its holder."""


def number(name: str) -> int:
    """The number of a system call on this machine; OSError where we do not know the machine."""
    numbers = _NUMBERS.get(MACHINE)
    if not LINUX or numbers is None:
        raise OSError(errno.ENOSYS, f"{name}: needs Linux on x86-64 or aarch64, this is {sys.platform} on {MACHINE}")
    return numbers[name] if name in numbers else _COMMON[name][MACHINE]


def syscall(name: str, *arguments: object) -> int:
    """Call the kernel; OSError, with the call's name, where it refuses. Integers go as they are, 64 bits wide."""
    wide = [ctypes.c_long(each) if isinstance(each, int) else each for each in arguments]
    ctypes.set_errno(0)
    result = int(_raw(LIBC)(ctypes.c_long(number(name)), *wide))
    if result == -1:
        raise failure(name)
    return result


def _raw(library: ctypes.CDLL) -> "ctypes._NamedFuncPointer":
    function = library.syscall
    function.restype = ctypes.c_long
    return function


def failure(what: str) -> OSError:
    """The error that libc has just left behind, said with `what` was tried."""
    code = ctypes.get_errno()
    return OSError(code, f"{what}: {os.strerror(code)}")


def prctl(option: int, *values: int) -> int:
    padded = [ctypes.c_ulong(value) for value in (*values, 0, 0, 0, 0)[:4]]
    result = int(LIBC.prctl(ctypes.c_int(option), *padded))
    if result < 0:
        raise failure(f"prctl({option})")
    return result


def set_death_signal(number: int = signal.SIGKILL) -> None:
    """Get this signal when the parent ends. A change of user takes it back: call this after `drop_user`."""
    prctl(PR_SET_PDEATHSIG, number)


def no_new_privileges() -> None:
    """No exec from here on gains privileges (set-uid programs run as the caller)."""
    prctl(PR_SET_NO_NEW_PRIVS, 1)


def subreaper() -> None:
    """Orphans among our descendants become our children, so that none is lost."""
    prctl(PR_SET_CHILD_SUBREAPER, 1)


def only_deaths_of_children() -> None:
    """No SIGCHLD when a child is stopped or goes on, only when it ends. Call it after the handler is set."""
    action = ctypes.create_string_buffer(_SIGACTION_BYTES)
    if LIBC.sigaction(signal.SIGCHLD, None, action) != 0:
        raise failure("sigaction")
    (flags,) = struct.unpack_from("@i", action, _SIGACTION_FLAGS)
    struct.pack_into("@i", action, _SIGACTION_FLAGS, flags | _SA_NOCLDSTOP)
    if LIBC.sigaction(signal.SIGCHLD, action, None) != 0:
        raise failure("sigaction")


def drop_privileges(user: bool = True) -> None:
    """All of it, in the one order that works: what limits later gains first, then the user, then what is left.

    Without `user` root stays root, with no rights but those of an owner.
    """
    empty_bounding_set()
    if user:
        drop_user()
    drop_capabilities()
    no_new_privileges()


def empty_bounding_set() -> None:
    """No exec may give a capability again; skipped without CAP_SETPCAP, where `no_new_privileges` does that alone."""
    for capability in range(64):
        try:
            prctl(PR_CAPBSET_DROP, capability)
        except OSError as error:
            if error.errno == errno.EPERM:
                return
            break  # past the last one that this kernel knows
    prctl(PR_SET_SECUREBITS, _SECUREBITS)


def drop_user() -> None:
    """Become nobody, if root. A single root of a rootless container cannot: OSError says so."""
    if os.geteuid() != 0:
        return
    try:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    except OSError as error:
        raise OSError(error.errno, f"setresuid: root cannot become user {NOBODY}: {error.strerror}") from error


def drop_capabilities() -> None:
    """Give up every capability, those of the ambient and inheritable sets too; the bounding set where that is ours."""
    empty_bounding_set()
    try:
        prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)
    except OSError as error:
        if error.errno != errno.EINVAL:  # kernels before 4.3 have no such set
            raise
    header = ctypes.create_string_buffer(struct.pack("=II", _CAPABILITY_VERSION, 0))
    syscall("capset", header, ctypes.create_string_buffer(24))


def capabilities() -> int:
    """The capabilities in force, a bit for each."""
    header = ctypes.create_string_buffer(struct.pack("=II", _CAPABILITY_VERSION, 0))
    data = ctypes.create_string_buffer(24)
    syscall("capget", header, data)
    low, _, _, high, _, _ = struct.unpack("=6I", data.raw)
    return int(low | high << 32)


def raw_fork() -> int:
    """Whether a fork goes through: the copy ends at once, the caller gets its process id, or -1 with errno set."""
    pid = int(
        _raw(_HELD)(ctypes.c_long(number("clone")), *(ctypes.c_ulong(word) for word in (signal.SIGCHLD, 0, 0, 0, 0)))
    )
    if pid == 0:
        os._exit(0)
    return pid


def clone_sibling(socket: int = -1, hello: bytes = b"") -> int:
    """Fork a child of our parent, not of us: 0 in the copy, its process id in the caller.

    The copy's first act, before the interpreter's own, is to send `hello` on the descriptor `socket`, if there is one:
    whoever waits for it need not wait for the many pages that a copy writes to as it sets itself up.

    Does for the interpreter what `os.fork` does. What glibc's fork does and this does not: it holds malloc's locks,
    so no other thread should be in the middle of C code; and it runs no atfork handler of a C library.
    """
    flags, child_tid = _sibling_flags()
    told, before = ctypes.c_int(0), os.getpid()
    words = _in_order(flags, ctypes.addressof(told), child_tid)
    clone = functools.partial(_raw(_HELD), *(ctypes.c_ulong(word) for word in (number("clone"), *words)))
    ctypes.set_errno(0)
    announce = functools.partial(_send(), socket, hello, len(hello), _NO_SIGNAL)
    _fork_with(clone, announce)
    if os.getpid() != before:
        return 0
    if not told.value:
        raise failure("clone")
    return told.value


def _send() -> "ctypes._NamedFuncPointer":
    function = _HELD.send
    function.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_int)
    function.restype = None  # as with the hooks below
    return function


def _fork_with(clone: Callable[[], int], announce: Callable[[], object]) -> None:
    """PyOS_BeforeFork, clone, then, of the side we are on, what it announces and its hook: no bytecode in between.

    The interpreter may hand its lock to another thread between two bytecodes; in the copy there is no other thread,
    and the caller would wait with the interpreter's internal locks held. `any` goes on only where clone returned 0.
    """
    api = ctypes.pythonapi
    call: Any = operator.call
    for hook in (api.PyOS_BeforeFork, api.PyOS_AfterFork_Child, api.PyOS_AfterFork_Parent):
        hook.restype = None  # so that each returns None, which `any` passes over
    forked = functools.partial(any, map(call, (api.PyOS_BeforeFork, clone, announce, api.PyOS_AfterFork_Child)))
    all(map(call, (forked, api.PyOS_AfterFork_Parent)))


def _sibling_flags() -> tuple[int, int]:
    """glibc keeps a thread's id where the kernel clears it at its end; the kernel can write the copy's id there.

    musl has another word at that address (a lock), so it must not be written to there.
    """
    flags = CLONE_PARENT | CLONE_PARENT_SETTID | signal.SIGCHLD
    if not hasattr(LIBC, "gnu_get_libc_version"):
        return flags, 0
    address = ctypes.c_ulong(0)
    if LIBC.prctl(PR_GET_TID_ADDRESS, ctypes.byref(address), 0, 0, 0) != 0 or not address.value:
        return flags, 0
    return flags | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID, address.value


def _in_order(flags: int, parent_tid: int, child_tid: int) -> tuple[int, ...]:
    """clone's arguments: flags, stack, parent_tid, then child_tid and tls, in the machine's own order."""
    if MACHINE == "aarch64":
        return (flags, 0, parent_tid, 0, child_tid)
    return (flags, 0, parent_tid, child_tid, 0)
