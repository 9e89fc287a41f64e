"""Where a benchmark's programs run: one sandbox, kept warm, with the data files that problems name.

Knows which policy and limits a setup asks for, and which of a case's files there are. One desk serves one thread.
Leaves to others: what a program's run comes to (`grader`, each benchmark's `judge`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from mtchat.bench.values import Case, Problem, Setup
from mtchat.errors import CommandError, SandboxError
from mtchat.sandbox import Limits, Policy, Sandbox, Snapshot

MOST_DATA = 64 << 20
"""Bytes of one data file: the sandbox's own bound for a file."""


class Desk:
    """A sandbox for samples of `setup`. A context manager. `datasets` is the folder that holds the data files."""

    def __init__(self, setup: Setup, datasets: Path | None = None, *, allow_reduced: bool = False) -> None:
        self.datasets = datasets
        self.patience = float(setup.judge.get("timeout", 10.0))
        self.sandbox = Sandbox(_policy(setup), _limits(setup), seed=0, allow_reduced=allow_reduced)
        self._warm: Snapshot | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the sandbox; a run in progress fails with SandboxError."""
        self.sandbox.close()

    @property
    def warm(self) -> Snapshot:
        """A state in which nothing is defined but numpy is imported already: programs that import it start sooner."""
        from mtchat.bench.grader import warm

        if self._warm is None or not self._warm.alive:
            self._warm = warm(self.sandbox)
        return self._warm

    @contextmanager
    def at(self, case: Case) -> Iterator[Snapshot]:
        """The state that the case's programs start from: warm, with those of its data files that there are."""
        files = {name: data for name in case.needs if (data := data_file(self.datasets, name)) is not None}
        if not files:
            yield self.warm
            return
        _, state = self.sandbox.run("pass", self.warm)
        try:
            for name, data in files.items():
                self.sandbox.put(name.removeprefix("./"), data, state)
            yield state
        finally:
            self.sandbox.release(state)

    def start(self, problem: Problem, case: Case) -> Snapshot:
        """A state of its own, in which the problem's prefix has run; the caller releases it."""
        with self.at(case) as at:
            execution, state = self.sandbox.run(problem.prefix or "pass", at)
        if not execution.ok:
            raise SandboxError(f"problem {problem.id}: its prefix does not run in the sandbox ({execution.status})")
        return state

    def lacks(self, case: Case) -> list[str]:
        """The files that the case names and that are not there."""
        return [name for name in case.needs if data_file(self.datasets, name) is None]


def data_file(folder: Path | None, name: str) -> bytes | None:
    """The bytes of the data file that a problem calls `name`: looked for as written, then by its last part."""
    path = data_path(folder, name)
    if path is None:
        return None
    try:
        if path.stat().st_size > MOST_DATA:
            raise CommandError(f"{path} is larger than {MOST_DATA >> 20} MiB, more than a program may be given")
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path} cannot be read ({error.strerror}): mend it or leave out --datasets") from None


def data_path(folder: Path | None, name: str) -> Path | None:
    """Where that file is, None if it is not there. Never outside `folder`."""
    if folder is None or ".." in Path(name).parts or Path(name).is_absolute():
        return None
    return next((path for path in (folder / name, folder / Path(name).name) if path.is_file()), None)


def _policy(setup: Setup) -> Policy:
    return msgspec.convert(setup.judge.get("policy", {}), Policy)


def _limits(setup: Setup) -> Limits:
    wanted: dict[str, Any] = setup.judge.get("limits", {})
    return msgspec.convert(wanted, Limits)
