"""The interpreter's state at each turn: parked snapshots, rebuilt from the records when they are gone.

Knows which snapshot belongs to which turn, and which attached files are in it. The records are the truth; losing every
snapshot loses nothing but time. Leaves what a session may be granted to `grants`.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mtchat.errors import CommandError, SandboxError, SessionError
from mtchat.sandbox import Sandbox, Snapshot
from mtchat.selection import behaviour
from mtchat.session import Attach, Session
from mtchat.turn import Turn

Files = Callable[[Attach], bytes]
"""The bytes of an attached file; raises SessionError where they are gone or changed."""

_PATIENCE = 10
_HELD = 32
"""States held longer than others: half of those that a sandbox parks."""


def no_files(record: Attach) -> bytes:
    """For a session without a file on disk."""
    raise SessionError(f"the attached file {record.name} is not here")


@dataclass(frozen=True)
class _Kept:
    """A state, and how many of the files attached at its turn have been put into it."""

    snapshot: Snapshot
    files: int = 0


class States:
    """Snapshots by turn id (None: the root, where the session's prefix has run).

    `on_notice` hears, in one line, of what a rebuilt turn did otherwise than its record says.
    """

    def __init__(
        self, sandbox: Sandbox, files: Files = no_files, on_notice: Callable[[str], None] = lambda text: None
    ) -> None:
        self.sandbox = sandbox
        self.files = files
        self.on_notice = on_notice
        self._kept: dict[str | None, _Kept] = {}

    def keep(self, turn: str | None, snapshot: Snapshot, files: int = 0) -> None:
        """Remember `snapshot` as the state after `turn`, with that many of its attached files in it."""
        self._kept[turn] = _Kept(snapshot, files)

    def parked(self, turn: str | None) -> Snapshot | None:
        """The state after `turn` if it is there already; nothing is rebuilt."""
        kept = self._kept.get(turn)
        return kept.snapshot if kept is not None and kept.snapshot.alive else None

    def at(self, session: Session, turn: str | None, cancel: threading.Event | None = None) -> Snapshot:
        """The state after `turn`, from its snapshot or by running the path's code from the nearest one that lives.

        Each turn finds the files that were attached before it was made, and none that came later. Raises SandboxError
        if recorded code no longer runs to its end, SessionError if an attached file is gone, CommandError if `cancel`
        stops it.
        """
        path, ids, files = _line(session, turn)
        start = self._nearest(ids, files)
        if start == 0 and not self._serves(None, files[0]):
            self.keep(None, run_prefix(self.sandbox, session.header.prefix))
        snapshot = self._fill(ids[start], files[start])
        for number, lost in enumerate(path[start:], start + 1):
            self.keep(lost.id, self._again(lost, number, snapshot, cancel))
            snapshot = self._fill(lost.id, files[number])
        self._hold([*session.branches.tips.values(), *ids[:: _step(len(ids))], turn])
        return snapshot

    def lost(self, session: Session, turn: str | None) -> int:
        """How many turns `at` would have to run again."""
        path, ids, files = _line(session, turn)
        return len(path) - self._nearest(ids, files)

    def _nearest(self, ids: Sequence[str | None], files: Sequence[Sequence[Attach]]) -> int:
        """Which of a line's states is the last that lives; 0, the start, if none does."""
        return next((n for n in range(len(ids) - 1, 0, -1) if self._serves(ids[n], files[n])), 0)

    def _hold(self, turns: Sequence[str | None]) -> None:
        """Keep these states longer than others: the ends of branches, and on a long line one every so many turns."""
        for turn in turns[-_HELD:]:
            if (kept := self._kept.get(turn)) is not None and kept.snapshot.alive:
                self.sandbox.touch(kept.snapshot)

    def put(self, session: Session, record: Attach, data: bytes, cancel: threading.Event | None = None) -> None:
        """Put a file that is about to be recorded into the state that it is attached at."""
        snapshot = given(self.sandbox, self.at(session, record.after, cancel), (record,), lambda record: data)
        self.keep(record.after, snapshot, len(session.files(record.after)) + 1)

    def _serves(self, turn: str | None, files: Sequence[Attach]) -> bool:
        """Whether the state after `turn` lives and holds no file that came later: one cannot be taken out again."""
        kept = self._kept.get(turn)
        return kept is not None and kept.snapshot.alive and kept.files <= len(files)

    def _fill(self, turn: str | None, files: Sequence[Attach]) -> Snapshot:
        kept = self._kept[turn]
        snapshot = given(self.sandbox, kept.snapshot, files[kept.files :], self.files)
        self.keep(turn, snapshot, len(files))
        return snapshot

    def _again(self, lost: Turn, number: int, at: Snapshot, cancel: threading.Event | None) -> Snapshot:
        limit, answers = patience(self.sandbox, lost), lost.execution.inputs
        execution, snapshot = self.sandbox.run(lost.code, at, inputs=answers, timeout=limit, cancel=cancel)
        if execution.status == "interrupted":
            raise CommandError(f"stopped while turn {number} was run again to rebuild the variables")
        if not execution.advances:
            way = "; --timeout SECONDS gives it longer" if execution.status == "timeout" else ""
            raise SandboxError(f"turn {number} cannot be rebuilt: its code now ends with {execution.status}{way}")
        if behaviour(execution) != behaviour(lost.execution):
            self.on_notice(f"turn {number} did something else when its state was rebuilt; mtchat replay shows what")
        return snapshot


def _line(session: Session, turn: str | None) -> tuple[list[Turn], list[str | None], list[tuple[Attach, ...]]]:
    """The turns up to `turn`, the ids of the states along them (the start's first), the files attached at each."""
    path = session.path(turn) if turn is not None else []
    ids = [None, *(made.id for made in path)]
    return path, ids, [session.files(id, later) for id, later in zip(ids, [*path, None], strict=True)]


def _step(length: int) -> int:
    """Of a line of `length` states every how many-th is held: 16 of them at most, the same ones as the line grows."""
    step = 16
    while length > 16 * step:
        step *= 2
    return step


def given(sandbox: Sandbox, at: Snapshot, records: Sequence[Attach], files: Files) -> Snapshot:
    """The state `at` with the attached `records` in its scratch directory; the empty root is left as it is."""
    if records and at is sandbox.root:
        _, at = sandbox.run("pass", at)
    for record in records:
        sandbox.put(record.name, files(record), at)
    return at


def patience(sandbox: Sandbox, turn: Turn) -> float:
    """Seconds for running `turn` again: the limit, more if it took long under another one, but not without end."""
    limit = sandbox.limits.timeout
    return max(limit, min(3 * turn.execution.elapsed, _PATIENCE * limit))


def run_prefix(sandbox: Sandbox, prefix: str) -> Snapshot:
    """The state that a session starts from. Raises SandboxError if its prefix does not run."""
    if not prefix.strip():
        return sandbox.root
    execution, snapshot = sandbox.run(prefix, sandbox.root)
    if not execution.ok:
        said = f"{execution.error.type}: {execution.error.message}" if execution.error else execution.status
        raise SandboxError(f"the session's prefix does not run: {said}; change it with prefix in config.toml")
    return snapshot
