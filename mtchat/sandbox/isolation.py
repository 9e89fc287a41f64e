"""The kernel layer as a whole: which layers there are, in which order they go on, and which level that makes.

Knows the order that works, what a program may reach, the resource limits and the levels' names. Leaves to others: each
layer's system calls (`kernel`, `namespaces`, `roots`, `landlock`, `seccomp`), trying them (`selftest`), what the
language refuses (`dialect`), and when a process locks itself down (`keeper`, `worker`). Standard library only.
"""

import contextlib
import errno
import os
import resource
import stat
import sys
from collections.abc import Sequence
from typing import Any

from mtchat.sandbox import kernel, landlock, roots, seccomp

LEVELS = ("full", "no-landlock", "no-userns", "language-only")
"""From the strongest. Below `full` code is shown before it runs; the last one starts only when asked for."""
LAYERS = ("namespaces", "landlock", "seccomp")
_ABOUT_THE_MACHINE = (
    *("/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/loadavg", "/proc/version", "/sys/devices/system/cpu"),
    *("/etc/localtime", "/etc/ld.so.cache", "/dev/urandom", "/dev/random", "/dev/full"),
)
"""Single things that libraries read."""
_MADE_UP = ("/etc", "/proc", "/sys", "/dev")
"""In namespaces these hold copies made at the start, and nothing else."""
_ADDRESS_SLACK = 4 << 30
"""How much more address space than data a program may map: shared libraries and stacks are address space too."""


def level(holds: dict[str, bool]) -> str:
    """The level that these of `LAYERS` make together."""
    if holds["seccomp"] and holds["namespaces"]:
        return "full" if holds["landlock"] else "no-landlock"
    return "no-userns" if holds["seccomp"] and holds["landlock"] else "language-only"


# What may be reached


def readable(config: dict[str, Any]) -> list[str]:
    """The paths that a program may read: the system's Python and libraries, ours, and what the person allowed."""
    ours = [os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
    libraries = [path for path in sys.path if os.path.basename(path) in ("site-packages", "dist-packages")]
    return list(dict.fromkeys([*roots.system_paths(), *libraries, *ours, *config["policy"]["read"]]))


def is_inside(config: dict[str, Any]) -> bool:
    """Whether this process is in the namespaces."""
    return not config["reasons"].get("namespaces")


def files_of(config: dict[str, Any]) -> str:
    """The scratch directory proper: where a program starts, and the one place that is its own."""
    return os.path.join(config["scratch"], "files")


def home_of(config: dict[str, Any]) -> str:
    """Where libraries keep caches: beside the program's files, and rolled back with them."""
    return os.path.join(config["scratch"], "home")


def versions_of(config: dict[str, Any]) -> str:
    """Where the keeper keeps older versions of the scratch files: on the host's disk, out of programs' reach."""
    return os.path.join(config["directory"], "versions")


# Locking down, in two steps: the keeper, then the root of all programs


def confine_keeper(config: dict[str, Any]) -> dict[str, str]:
    """Give up privileges and, by Landlock, everything that keeper and programs have no use for. Reasons of failures."""
    own = [config["scratch"], versions_of(config), *config["policy"]["write"]]
    reasons = {"privileges": _drop_privileges(config)}
    reasons["landlock"] = _restrict(config, own)
    return reasons


def confine_program(config: dict[str, Any]) -> dict[str, str]:
    """Landlock again, narrower: of the keeper's own places only the scratch files. Limits for good."""
    apply_limits(config["limits"])
    return {"landlock": _restrict(config, [files_of(config), home_of(config), *config["policy"]["write"]])}


def _restrict(config: dict[str, Any], write: Sequence[str]) -> str:
    if "landlock" in config["without"]:
        return "left out on purpose"
    try:
        about = _MADE_UP if is_inside(config) else _ABOUT_THE_MACHINE
        landlock.restrict([*readable(config), *about], write, [os.devnull])
    except OSError as error:
        return landlock.why() or str(error)
    return ""


def filter_calls(config: dict[str, Any]) -> tuple[int | None, str]:
    """The seccomp filter: the listener that supervises forks, if there is one, and why the filter is not on, if so."""
    if "seccomp" in config["without"]:
        return None, "left out on purpose"
    if (why := seccomp.why_not()) is not None:
        return None, why
    try:
        return seccomp.install("notify", is_inside(config)), ""
    except OSError as first:
        with contextlib.suppress(OSError):  # better than nothing, but it does not make a level
            seccomp.install("allow", is_inside(config))
        if first.errno == errno.EBUSY:
            return (
                None,
                "someone listens to this container's system calls already (LXD can): forks cannot be supervised",
            )
        return None, str(first)


def _drop_privileges(config: dict[str, Any]) -> str:
    """No capabilities, no way to gain any and, for root, another user where that user still reaches what it needs."""
    if not kernel.LINUX:
        return "needs Linux"
    try:
        becomes_nobody = os.geteuid() == 0 and _nobody_reaches(config) and _is_mapped(config["scratch"])
        if os.geteuid() == 0:
            owner = kernel.NOBODY if becomes_nobody else 0
            for path in (config["scratch"], files_of(config), home_of(config), versions_of(config)):
                os.chown(path, owner, owner)
        kernel.drop_privileges(user=becomes_nobody)
    except OSError as error:
        return str(error)
    return ""


def _is_mapped(path: str) -> bool:
    """Whether there is such a user as nobody here: the root of a rootless container is the only one."""
    try:
        os.chown(path, kernel.NOBODY, kernel.NOBODY)
    except OSError:
        return False
    return True


def _nobody_reaches(config: dict[str, Any]) -> bool:
    """Whether everything a program needs is there for a user without rights of its own."""
    return all(map(_others_may_read, readable(config))) and not config["policy"]["write"]


def _others_may_read(path: str) -> bool:
    while True:
        with contextlib.suppress(FileNotFoundError):
            mode = os.stat(path).st_mode
            if not mode & stat.S_IROTH or (stat.S_ISDIR(mode) and not mode & stat.S_IXOTH):
                return False
        parent = os.path.dirname(path)
        if parent == path:
            return True
        path = parent


# Resource limits


def apply_limits(limits: dict[str, Any]) -> None:
    """Put `limits` on this process and its descendants, for good. Raises nothing: what a system lacks is left out."""
    memory = int(limits["memory"])
    tasks = int(limits["processes"]) + int(limits["snapshots"]) + _others_tasks() + 8
    wanted = {
        "RLIMIT_DATA": memory,
        "RLIMIT_AS": memory + _ADDRESS_SLACK,
        "RLIMIT_CORE": 0,
        "RLIMIT_NOFILE": int(limits["open_files"]),
        "RLIMIT_FSIZE": int(limits["file_size"]),
        "RLIMIT_NPROC": tasks,
        "RLIMIT_MSGQUEUE": 0,
        "RLIMIT_MEMLOCK": 0,
    }
    for name, value in wanted.items():
        with contextlib.suppress(AttributeError, OSError, ValueError):
            which = getattr(resource, name)
            _, hard = resource.getrlimit(which)
            value = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(which, (value, value))
    sys.setrecursionlimit(int(limits["recursion"]))


def _others_tasks() -> int:
    """How many tasks run now: RLIMIT_NPROC may count all of the user's, and a program's allowance comes on top."""
    try:
        with open("/proc/loadavg") as file:
            return int(file.read().split()[3].split("/")[1])
    except (OSError, ValueError, IndexError):
        return 4096


# The report, for people


_SAYS = {
    "namespaces": "its own file tree, process table and network without a wire; the rest of the machine is not there",
    "privileges": "no capabilities and no way to gain any; root becomes nobody where that user can read what is needed",
    "landlock": "the kernel confines which files may be read and written, whatever path leads there",
    "seccomp": "system calls off a short list are refused: no sockets, no exec, no ptrace, no mounts",
    "supervised forks": "a process may fork only when a snapshot is due",
    "resource limits": "memory, tasks, open files and file sizes are limited by the kernel, the clock by mtchat",
    "language policy": "imports and attributes are filtered: an early refusal in words",
    "audit hook": "what libraries would do for a program is refused in words: files, processes, sockets",
    "empty environment": "none of your variables; a working directory of its own",
}


def described(reasons: dict[str, str]) -> list[tuple[str, bool, str]]:
    """Each layer: its name, whether it holds here, and what that means or why not. `reasons`: empty where it holds."""
    return [(name, not reasons.get(name, ""), reasons.get(name, "") or says) for name, says in _SAYS.items()]
