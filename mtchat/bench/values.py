"""The values of a benchmark run: problems, how they are sampled, what each sample did.

Knows their shape, which settings make two samples comparable, and the seed of each turn. Adding a benchmark is one
file that yields `Problem`s. Leaves to others: reading problem files (`mtpb`, `humaneval`, `sessions`), asking a model
(`sampler`), running and judging (`judging`), keeping results (`results`). Pure; everything here travels between
processes and machines as JSON (msgspec) or pickle.
"""

import hashlib
from typing import Any, Literal

import msgspec

from mtchat.turn import ModelInfo, SamplingParams, canonical

Mode = Literal["multi", "single"]
Outcome = Literal["passed", "failed", "refused", "missing"]
"""`refused`: the sandbox's policy would not run it; `missing`: the case reads a file that is not there. Both count in
the denominator, apart from failures."""


class Case(msgspec.Struct, frozen=True):
    """One set of inputs. `prompts` are filled in; `expected` is what the bench's judge compares with.

    `needs` are the data files that the prompts name, relative as written.
    """

    prompts: tuple[str, ...]
    expected: Any
    needs: tuple[str, ...] = ()


class Problem(msgspec.Struct, frozen=True):
    """One problem of a benchmark. `turns` counts the prompts of a case; `max_new_tokens` is for one turn.

    `prefix` is the text before the first prompt.
    """

    id: str
    name: str
    category: str
    cases: tuple[Case, ...]
    max_new_tokens: int = 256
    prefix: str = ""

    @property
    def turns(self) -> int:
        return len(self.cases[0].prompts)


class Setup(msgspec.Struct, frozen=True):
    """All that decides what a sample is; two samples of one setup differ by their key alone.

    `bench` names the benchmark, `problems` is the sha256 of its file, `mode` how prompts are put to the model,
    `select` the candidates a turn to choose among by execution (1: none), `sampling.seed` the base seed.
    `perplexity` asks for that of the prompts, too. `judge` is the bench's own settings (rules, time limits, policy), as
    plain JSON.
    """

    bench: str
    problems: str
    model: ModelInfo
    dtype: str
    sampling: SamplingParams
    mode: Mode = "multi"
    select: int = 1
    perplexity: bool = False
    judge: dict[str, Any] = {}

    @property
    def digest(self) -> str:
        """16 hex digits that name this setup in a results file."""
        return hashlib.sha256(canonical(msgspec.to_builtins(self))).hexdigest()[:16]


class Key(msgspec.Struct, frozen=True, order=True):
    """Which sample: `setup` is a digest, `case` and `sample` count from 0."""

    setup: str
    problem: str
    case: int
    sample: int


class Conversation(msgspec.Struct, frozen=True):
    """What the model wrote for one case: `codes` (cut) and `raw` (uncut) a turn each, natural-log probabilities.

    `prompt_logprob` sums those of the prompts' tokens given all before them, `prompt_tokens` counts these (0: not
    measured). `overflow` says that the text outgrew the model's context and generation ended there.
    """

    codes: tuple[str, ...]
    raw: tuple[str, ...]
    tokens: int
    logprob: float
    prompt_logprob: float = 0.0
    prompt_tokens: int = 0
    overflow: bool = False


class Verdict(msgspec.Struct, frozen=True):
    """What running a conversation came to. `status` is the execution's; `message` says in a line why it failed."""

    outcome: Outcome
    status: str = "ok"
    message: str = ""

    @property
    def passed(self) -> bool:
        return self.outcome == "passed"


class Sample(msgspec.Struct, frozen=True):
    """One line of a results file. `verdict` counts; `turns` is the verdict of running turn by turn, where there is one.

    `elapsed` is in seconds and never enters a summary.
    """

    key: Key
    conversation: Conversation
    verdict: Verdict
    turns: Verdict | None = None
    elapsed: float = 0.0


class Unit(msgspec.Struct, frozen=True):
    """Work that is done together, always the same way: some samples of one problem. `rows` are (case, sample)."""

    setup: Setup
    problem: Problem
    rows: tuple[tuple[int, int], ...]

    def names(self) -> list[Key]:
        """The key of each row."""
        return [Key(self.setup.digest, self.problem.id, case, sample) for case, sample in self.rows]


def turn_seed(base: int, problem: str, case: int, sample: int, turn: int) -> int:
    """The seed of one turn (63 bits), from nothing but these five: order, batch and machine do not matter."""
    digest = hashlib.sha256(canonical([base, problem, case, sample, turn])).digest()
    return int.from_bytes(digest[:8], "big") >> 1
