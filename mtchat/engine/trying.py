"""Running code to see what it does: one code, or each of several on a snapshot of its own.

Knows when a person reads code before it runs, and who hears it running. Leaves recording to `engine`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mtchat.engine.candidates import SKIPPED, refused
from mtchat.engine.values import Hooks, Trial
from mtchat.sandbox import Sandbox, Snapshot
from mtchat.turn import Completion


@dataclass(frozen=True)
class Bench:
    """Where code is tried: at the state `at`, for `timeout` seconds, its `input()` answered by `inputs` first."""

    sandbox: Sandbox
    at: Snapshot
    timeout: float
    inputs: Sequence[str] = ()

    def run(self, code: str, allowed: str | None, hooks: Hooks) -> Trial:
        """What became of `code`, of which a person allowed `allowed` to run."""
        if allowed is None:
            return Trial(code, SKIPPED, self.at)
        execution, snapshot = self.sandbox.run(
            allowed,
            self.at,
            on_output=hooks.on_output,
            on_input=hooks.on_input,
            inputs=tuple(self.inputs),
            cancel=hooks.cancel,
            timeout=self.timeout,
        )
        return Trial(allowed, execution, snapshot, allowed != code)

    def by_hand(self, code: str, hooks: Hooks) -> Trial:
        """Code that a person wrote: nobody need read it first."""
        hooks.on_code(code)
        return self.run(code, code, hooks)

    def run_all(self, groups: Sequence[tuple[str, list[Completion]]], hooks: Hooks) -> tuple[Trial, ...]:
        """Each code once; nobody hears or answers several, and a person reads them all before the first runs."""
        refusals = [refused(code, group[0]) for code, group in groups]
        readable = [(code, len(group)) for (code, group), no in zip(groups, refusals, strict=True) if no is None]
        if len(groups) == 1 or len(readable) == 1:
            hooks.on_code((readable or groups)[0][0])
        allowed = hooks.reviewed(readable)
        alone = len(groups) == 1 or sum(code is not None for code in allowed) == 1
        heard, given = hooks if alone else Hooks(cancel=hooks.cancel), iter(allowed)
        tried = (
            Trial(code, no, self.at) if no else self.run(code, next(given), heard)
            for (code, _), no in zip(groups, refusals, strict=True)
        )
        return tuple(replace(trial, heard=alone and trial.execution is not SKIPPED) for trial in tried)
