"""What a turn could become: each distinct code for an intent, run once on a snapshot of its own, none recorded yet.

Knows which of them is taken where nobody picks. Leaves running them and recording one to `engine`, telling them apart
by what they did to `groups`.
"""

from dataclasses import dataclass

from mtchat import selection
from mtchat.engine.candidates import SKIPPED
from mtchat.engine.values import Hooks, Trial
from mtchat.turn import Candidate, ModelInfo, SamplingParams

HEAD = "head"
"""Stands for the head's id: a turn's own is a hash."""


@dataclass(frozen=True)
class Proposal:
    """Codes for `intent` below `parent`: `trials` and `candidates` in the same order, one for each distinct code.

    A candidate's `code` is what the model wrote, its trial's what ran. `evicted` are the turns that the model did not
    see.
    """

    intent: str
    parent: str | None
    sampling: SamplingParams
    model: ModelInfo
    evicted: tuple[str, ...]
    trials: tuple[Trial, ...]
    candidates: tuple[Candidate, ...]

    @property
    def best(self) -> int:
        """The candidate that is taken where nobody picks: of the largest group that did the same, if it ran well."""
        chosen = selection.choose([self.candidates[index] for index in self.ran or range(len(self.candidates))])
        return next(index for index, candidate in enumerate(self.candidates) if candidate is chosen)

    @property
    def ran(self) -> tuple[int, ...]:
        """The candidates that a person did not skip in review."""
        return tuple(index for index, trial in enumerate(self.trials) if trial.execution is not SKIPPED)

    def tell(self, index: int, hooks: Hooks) -> None:
        """The hooks hear what they did not while several ran: the code of candidate `index` and what it printed."""
        trial = self.trials[index]
        if len(self.trials) > 1 and not trial.heard:
            hooks.on_code(trial.code)
            for stream, text in (("stdout", trial.execution.stdout), ("stderr", trial.execution.stderr)):
                if text:
                    hooks.on_output(stream, text)

    def index(self, code: str) -> int:
        """Where `code` is among the codes that ran; the best where it is not."""
        return next((index for index, trial in enumerate(self.trials) if trial.code == code), self.best)
