"""What makes one benchmark differ from another, behind one seam.

Knows the table of benchmarks. Adding one is one file with a `KIND` and a reader, and one table line. Leaves to others:
asking the model (`sampler`), where programs run (`desk`), keeping results (`results`).
"""

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mtchat.bench.values import Case, Conversation, Problem, Setup, Verdict

if TYPE_CHECKING:
    from mtchat.bench.desk import Desk
    from mtchat.bench.likelihood.windows import Reader

Perplexity = Callable[["Reader", Setup, Problem, Case, Sequence[str]], tuple[float, int]]


@dataclass(frozen=True)
class Kind:
    """How a benchmark's problems are put and judged.

    `turns(setup, case)` counts the completions of a conversation. `text(setup, problem, case, codes)` is what the model
    sees before turn `len(codes)`, and the whole conversation once all are there. `cut(setup, completion)` leaves the
    code, `done(setup, completion)` says that more text cannot change it. `new_tokens` bounds one completion. `judge`
    gives the verdict that counts, and that of running turn by turn where there is one. `perplexity` gives (sum of
    natural-log probabilities, count) of the prompts' tokens, where that is asked for.
    """

    turns: Callable[[Setup, Case], int]
    text: Callable[[Setup, Problem, Case, Sequence[str]], str]
    cut: Callable[[Setup, str], str]
    done: Callable[[Setup, str], bool]
    new_tokens: Callable[[Setup, Problem, Case], int]
    judge: Callable[[Setup, Problem, Case, Conversation, "Desk"], tuple[Verdict, Verdict | None]]
    perplexity: Perplexity | None = None


KINDS = {
    "mtpb": "mtchat.bench.mtpb",
    "humaneval": "mtchat.bench.humaneval",
    "sessions": "mtchat.bench.sessions",
}


def kind_of(setup: Setup) -> Kind:
    """The `KIND` of the setup's benchmark."""
    kind: Kind = importlib.import_module(KINDS[setup.bench]).KIND
    return kind
