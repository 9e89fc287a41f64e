"""What the kernel is asked to hold: resource limits, death signals, and an honest report of the layers.

Knows rlimits and prctl. Leaves to others: what the language refuses (`policy`, `guards`), what the interpreter
refuses (`audit`) and who kills whom (`keeper`). Namespaces, Landlock and seccomp are not here yet; the report says so.
Imported by both sides, so it needs the standard library only.
"""

import ctypes
import os
import resource
import signal
import sys
from typing import Any

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38
_ADDRESS_SLACK = 4 << 30
"""How much more address space than data a program may map: shared libraries and stacks are address space too."""


def _prctl(option: int, value: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), f"prctl({option}) failed")


def become_subreaper() -> None:
    """Orphans among our descendants become our children, so that none is lost."""
    _prctl(PR_SET_CHILD_SUBREAPER, 1)


def no_new_privileges() -> None:
    """No exec from here on gains privileges (set-uid programs run as the caller)."""
    _prctl(PR_SET_NO_NEW_PRIVS, 1)


def die_with_parent(parent: int) -> None:
    """Be killed when the process `parent` ends; at once if it already has."""
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


def apply(limits: dict[str, Any], timeout: float) -> None:
    """Put `limits` on this process, for a run of at most `timeout` seconds. Soft limits only: each run sets its own."""
    memory = int(limits["memory"])
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = used.ru_utime + used.ru_stime + timeout * (os.cpu_count() or 1) + 5
    _soft(resource.RLIMIT_DATA, memory)
    _soft(resource.RLIMIT_AS, memory + _ADDRESS_SLACK)
    _soft(resource.RLIMIT_CORE, 0)
    _soft(resource.RLIMIT_CPU, int(seconds) + 1)
    _soft(resource.RLIMIT_NOFILE, int(limits["open_files"]))
    _soft(resource.RLIMIT_FSIZE, int(limits["file_size"]))
    _soft(resource.RLIMIT_NPROC, _tasks_on_this_machine() + int(limits["processes"]))
    sys.setrecursionlimit(int(limits["recursion"]))


def lift() -> None:
    """Back to the hard limits, so that taking a snapshot is not itself refused."""
    for which in (resource.RLIMIT_DATA, resource.RLIMIT_AS, resource.RLIMIT_NPROC, resource.RLIMIT_CPU):
        _soft(which, resource.RLIM_INFINITY)


def _soft(which: int, value: int) -> None:
    _, hard = resource.getrlimit(which)
    if hard != resource.RLIM_INFINITY:
        value = hard if value == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(which, (value, hard))


def _tasks_on_this_machine() -> int:
    """How many tasks run now: RLIMIT_NPROC counts all of the user's, and the program's allowance comes on top."""
    try:
        with open("/proc/loadavg") as file:
            return int(file.read().split()[3].split("/")[1])
    except (OSError, ValueError, IndexError):
        return 4096


def isolation_report() -> list[tuple[str, bool, str]]:
    """Each layer: its name, whether it holds here, and what that means. For `mtchat doctor`."""
    linux = sys.platform.startswith("linux")
    return [
        (
            "language policy",
            True,
            "imports and attributes are filtered: stops mistakes and idle reach, not an attacker",
        ),
        ("audit hook", True, "files outside the scratch directory, processes and sockets are refused in Python code"),
        ("empty environment", True, "the worker sees none of your variables, and starts in its own scratch directory"),
        (
            "resource limits",
            linux,
            "memory, CPU time, file size and open files are limited by the kernel"
            if linux
            else "needs Linux: memory and CPU time are not limited here",
        ),
        ("namespaces", False, "not built yet: programs run under your user, beside your files and network"),
        ("Landlock", False, "not built yet: the kernel does not confine file access"),
        ("seccomp", False, "not built yet: the kernel does not filter system calls"),
        ("security boundary", False, "none of this stops hostile code: run only what you would run yourself"),
    ]
