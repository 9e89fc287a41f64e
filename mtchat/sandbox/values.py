"""What a caller hands to a sandbox and gets back, besides an `Execution`.

Knows the shapes and their defaults, nothing of processes. `Snapshot` is opaque: only the sandbox that made it reads
more than `alive`.
"""

import math
import os

import msgspec

from mtchat.errors import SandboxError


class Policy(msgspec.Struct, frozen=True):
    """What programs may do. `name` is `restricted` (the language layer) or `open` (none: the kernel layer alone holds).

    `allow_imports` are modules allowed besides the built-in list (docs/sandbox.md); `read` and `write` absolute paths
    of the person's own, visible at the same place. What is written below `write` is not undone.
    """

    name: str = "restricted"
    allow_imports: tuple[str, ...] = ()
    read: tuple[str, ...] = ()
    write: tuple[str, ...] = ()

    def check(self) -> None:
        """SandboxError for what makes no sense, and for paths that would undo the sandbox."""
        if self.name not in POLICIES:
            raise SandboxError(f"there is no sandbox policy {self.name!r}; there are {', '.join(POLICIES)}")
        for path in (*self.read, *self.write):
            if not os.path.isabs(path) or "\0" in path:
                raise SandboxError(f"{path!r} cannot be given to the sandbox: it is no absolute path")
            real = os.path.realpath(path)
            if real == "/" or (f"{real}/".startswith(_NEVER) and not real.startswith("/dev/shm/")):
                raise SandboxError(
                    f"{path!r} cannot be given to the sandbox: not / as a whole, and nothing of /proc, /sys and /dev; "
                    "name the directory that the program needs"
                )


POLICIES = ("restricted", "open")
_NEVER = ("/proc/", "/sys/", "/dev/")


class Limits(msgspec.Struct, frozen=True):
    """What one run may use, and how many snapshots may be parked.

    `timeout` is wall time in seconds; `memory` bytes of writable memory; `output` characters of stdout and stderr
    together; `value` characters of the last expression's repr; `code` characters of source; `figures` per turn;
    `processes` (and threads), `open_files`, `file_size` (bytes) and `recursion` (frames) as the kernel and Python
    count them; `scratch` bytes of all files in the scratch directory; `snapshots` parked processes besides the root
    and `parked` bytes of memory (PSS) that they may hold together, the least recently used going first.
    """

    timeout: float = 10.0
    memory: int = 1 << 30
    output: int = 1 << 20
    value: int = 100_000
    code: int = 1 << 20
    figures: int = 32
    processes: int = 64
    open_files: int = 256
    file_size: int = 64 << 20
    scratch: int = 256 << 20
    recursion: int = 3000
    snapshots: int = 64
    parked: int = 1 << 30

    def check(self) -> None:
        """SandboxError for a limit with which nothing would start, or which the kernel cannot hold."""
        check_timeout(self.timeout)
        for name in self.__struct_fields__[1:]:
            least, most = _RANGES.get(name, (0, _HUGE))
            value = getattr(self, name)
            if not isinstance(value, int) or not least <= value <= most:
                raise SandboxError(f"the limit {name} is {value!r}; it takes a whole number from {least} to {most}")


_HUGE = 1 << 46
_RANGES = {
    "memory": (32 << 20, _HUGE),
    "scratch": (1 << 12, _HUGE),
    "code": (0, 4_000_000),
    "open_files": (16, 1 << 16),
    "processes": (0, 1 << 20),
    "recursion": (100, 1_000_000),
    "snapshots": (0, 10_000),
    "figures": (0, 10_000),
}
"""What a limit may be, where not any size will do. Code has to fit into a frame (`protocol.MAX_FRAME`)."""
_LONGEST = 10_000_000.0
"""Seconds: a third of a year, which every clock takes."""


def check_timeout(seconds: float) -> float:
    """A time to run for, at most `_LONGEST`. SandboxError for what is none."""
    if math.isnan(seconds) or seconds <= 0:
        raise SandboxError(f"a program cannot run for {seconds:g} seconds; the timeout has to be above 0")
    return min(seconds, _LONGEST)


class Layer(msgspec.Struct, frozen=True):
    """One layer of isolation: whether it holds here, and what that means or why not."""

    name: str
    holds: bool
    says: str


class Isolation(msgspec.Struct, frozen=True):
    """What holds a sandbox's programs: one of `isolation.LEVELS`, and each layer by itself."""

    level: str
    layers: tuple[Layer, ...]


class Variable(msgspec.Struct, frozen=True):
    """A name that the program bound. `size` is a length or a shape in words, None where it has none."""

    name: str
    type: str
    repr: str
    size: str | None = None


class SnapshotGone(SandboxError):
    """The snapshot's process is no longer parked: rebuild its state by running its turns again."""


class Snapshot:
    """A state of the program, held by a parked process. Good until it is released, pruned, or its sandbox ends."""

    __slots__ = ("__weakref__", "_alive", "_id")

    def __init__(self, id: int) -> None:
        self._id = id
        self._alive = True

    @property
    def alive(self) -> bool:
        return self._alive

    def __repr__(self) -> str:
        return f"<Snapshot {self._id}{'' if self._alive else ' (gone)'}>"
