"""What a caller hands to a sandbox and gets back, besides an `Execution`.

Knows the shapes and their defaults, nothing of processes. `Snapshot` is opaque: only the sandbox that made it reads
more than `alive`.
"""

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


POLICIES = ("restricted", "open")


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
