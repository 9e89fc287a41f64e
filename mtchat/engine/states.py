"""The interpreter's state at each turn: parked snapshots, rebuilt from the records when they are gone.

Knows which snapshot belongs to which turn. The records are the truth; losing every snapshot loses nothing but time.
"""

import threading
from collections.abc import Callable

import msgspec

from mtchat.config import Settings
from mtchat.errors import CommandError, SandboxError, SessionError
from mtchat.sandbox import Limits, Policy, Sandbox, Snapshot
from mtchat.selection import behaviour
from mtchat.session import Header, Session
from mtchat.turn import Turn


class States:
    """Snapshots by turn id (None: the root, where the session's prefix has run).

    `on_notice` hears, in one line, of what a rebuilt turn did otherwise than its record says.
    """

    def __init__(self, sandbox: Sandbox, on_notice: Callable[[str], None] = lambda text: None) -> None:
        self.sandbox = sandbox
        self.on_notice = on_notice
        self._kept: dict[str | None, Snapshot] = {}

    def keep(self, turn: str | None, snapshot: Snapshot) -> None:
        """Remember `snapshot` as the state after `turn`."""
        self._kept[turn] = snapshot

    def at(self, session: Session, turn: str | None, cancel: threading.Event | None = None) -> Snapshot:
        """The state after `turn`, from its snapshot or by running the path's code from the nearest one that lives.

        Raises SandboxError if recorded code no longer runs to its end, CommandError if `cancel` stops it.
        """
        path = session.path(turn) if turn is not None else []
        known = next((n for n in range(len(path), 0, -1) if self._living(path[n - 1].id)), 0)
        snapshot = self._kept[path[known - 1].id] if known else self._root(session)
        for number, lost in enumerate(path[known:], known + 1):
            limit = patience(self.sandbox, lost)
            execution, snapshot = self.sandbox.run(lost.code, snapshot, timeout=limit, cancel=cancel)
            if execution.status == "interrupted":
                raise CommandError(f"stopped while turn {number} was run again to rebuild the variables")
            if not execution.advances:
                raise SandboxError(f"turn {number} cannot be rebuilt: its code now ends with {execution.status}")
            if behaviour(execution) != behaviour(lost.execution):
                self.on_notice(f"turn {number} did something else when its state was rebuilt; mtchat replay shows what")
            self.keep(lost.id, snapshot)
        return snapshot

    def _living(self, turn: str | None) -> bool:
        return turn in self._kept and self._kept[turn].alive

    def _root(self, session: Session) -> Snapshot:
        if not self._living(None):
            self.keep(None, run_prefix(self.sandbox, session.header.prefix))
        return self._kept[None]


def sandbox_of(header: Header, settings: Settings) -> Sandbox:
    """The sandbox that a session asks for, plus what the settings allow. Raises SessionError for an unfit header."""
    try:
        policy = msgspec.convert(header.policy, Policy)
        limits = msgspec.convert(header.limits, Limits)
    except msgspec.ValidationError as error:
        raise SessionError(f"the session's policy or limits do not fit: {error}") from None
    allowed = tuple(dict.fromkeys((*policy.allow_imports, *settings.allow_import)))
    return Sandbox(msgspec.structs.replace(policy, allow_imports=allowed), limits, seed=header.seed)


def patience(sandbox: Sandbox, turn: Turn) -> float:
    """Seconds for running `turn` again: the session's limit, more if it took long under another limit then."""
    return max(sandbox.limits.timeout, 3 * turn.execution.elapsed)


def run_prefix(sandbox: Sandbox, prefix: str) -> Snapshot:
    """The state that a session starts from. Raises SandboxError if its prefix does not run."""
    if not prefix.strip():
        return sandbox.root
    execution, snapshot = sandbox.run(prefix, sandbox.root)
    if not execution.ok:
        said = f"{execution.error.type}: {execution.error.message}" if execution.error else execution.status
        raise SandboxError(f"the session's prefix does not run: {said}; change it with prefix in config.toml")
    return snapshot
