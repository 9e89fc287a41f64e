"""What the sandbox's root directory holds: which trees are bound, which links lead there, which files are made up.

Knows paths of this machine as they are before anything is mounted. Leaves to others: mounting (`namespaces`), and
which paths a person gives (`isolation`).
"""

import contextlib
import errno
import os
import sys
import sysconfig
from collections.abc import Iterable, Sequence
from typing import NamedTuple

_PROC = ("cpuinfo", "meminfo", "stat", "loadavg", "version")
_ETC = ("ld.so.cache", "localtime")
_MADE_UP = {
    "passwd": b"sandbox:x:65534:65534:sandbox:/:/bin/false\n",
    "group": b"sandbox:x:65534:\n",
}
_LARGEST_COPY = 1 << 20
_LIBRARIES = (
    "/lib",
    "/lib32",
    "/lib64",
    "/libx32",
    "/usr/lib",
    "/usr/lib32",
    "/usr/lib64",
    "/usr/local/lib",
    "/usr/local/lib64",
)
_PARTS = ("pyvenv.cfg", "lib", "lib32", "lib64")
"""Of the directories that Python and its environment are installed in: /usr holds more, and so does a project whose
environment was made in its own directory."""
_DATA = ("/usr/share/zoneinfo", "/usr/share/fonts", "/usr/local/share/fonts", "/usr/share/fontconfig", "/etc/fonts")
_PROCESSORS = "/sys/devices/system/cpu"
_NOT_GIVEN = ("/proc", "/sys", "/dev")
_MOST_LINKS = 40


class Mount(NamedTuple):
    path: str
    writable: bool


class Plan(NamedTuple):
    """Real paths, each after those it lies in; and the symbolic links (path, target) that were met on the way."""

    mounts: tuple[Mount, ...]
    links: tuple[tuple[str, str], ...]


def system_paths() -> list[str]:
    """What the Python that runs us needs, and nothing of a home directory but that Python and its environment."""
    prefixes = dict.fromkeys((sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix))
    wanted = [os.path.join(prefix, part) for prefix in prefixes for part in _PARTS]
    wanted += [sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    wanted += [os.path.realpath(sys.executable), *_LIBRARIES, *_DATA, *_loaded()]
    return [path for path in dict.fromkeys(wanted) if path and os.path.exists(path)]


def _loaded() -> list[str]:
    """The directories of the shared libraries in this process: those of Nix, Guix or a private libpython are there."""
    found: dict[str, None] = {}
    with contextlib.suppress(OSError), open("/proc/self/maps") as file:
        for line in file:
            path = line.rstrip("\n").partition("/")[2]
            if ".so" in path:
                found["/" + os.path.dirname(path)] = None
    return [path for path in found if not _inside(path, _LIBRARIES)]


def plan(read: Iterable[str], write: Iterable[str]) -> Plan:
    """Where to mount what. A tree that lies in another of the same kind needs no mount of its own."""
    links: dict[str, str] = {}
    wanted: dict[str, bool] = {}
    for paths, writable in ((read, False), (write, True)):
        for path in paths:
            real = _resolve(path, links)
            if os.path.exists(real):
                _refuse_whole(path, real)
                wanted[real] = wanted.get(real, False) or writable
    if os.path.isdir(_PROCESSORS):
        wanted[os.path.realpath(_PROCESSORS)] = False
    mounts: list[Mount] = []
    for real in sorted(wanted):
        around = [mount for mount in mounts if _inside(real, (mount.path,))]
        if not around or around[-1].writable != wanted[real]:
            mounts.append(Mount(real, wanted[real]))
    bound = tuple(mount.path for mount in mounts)
    return Plan(tuple(mounts), tuple((path, to) for path, to in links.items() if not _inside(path, bound)))


def _refuse_whole(path: str, real: str) -> None:
    if real == "/" or (_inside(real, _NOT_GIVEN) and not real.startswith("/dev/shm/")):
        raise OSError(errno.EINVAL, f"bind {path}: / as a whole, /proc, /sys and /dev cannot be given to the sandbox")


def _inside(path: str, trees: Sequence[str]) -> bool:
    return any(path == tree or path.startswith(tree.rstrip("/") + "/") for tree in trees)


def _resolve(path: str, links: dict[str, str]) -> str:
    """The real path, every symbolic link on the way noted."""
    rest = [part for part in os.path.abspath(path).split("/") if part]
    here, followed = "/", 0
    while rest:
        there = os.path.join(here, rest.pop(0))
        if followed < _MOST_LINKS and os.path.islink(there):
            followed += 1
            links[there] = os.readlink(there)
            target = os.path.normpath(os.path.join(here, links[there]))
            rest = [part for part in target.split("/") if part] + rest
            here = "/"
        else:
            here = there
    return here


def proc_files() -> dict[str, bytes]:
    """Copies, made now: what libraries ask about the machine, and no process to be seen."""
    return _copies("/proc", _PROC)


def etc_files() -> dict[str, bytes]:
    return {**_copies("/etc", _ETC), **_MADE_UP}


def _copies(directory: str, names: Iterable[str]) -> dict[str, bytes]:
    found = {}
    for name in names:
        with contextlib.suppress(OSError), open(os.path.join(directory, name), "rb") as file:
            found[name] = file.read(_LARGEST_COPY)
    return found
