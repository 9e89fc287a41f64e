"""Problems, setups and samples made up for the bench's tests."""

from mtchat.bench.values import Case, Conversation, Key, Mode, Outcome, Problem, Sample, Setup, Verdict
from mtchat.turn import ModelInfo, SamplingParams


def setup(model: str = "made-up", mode: Mode = "multi", seed: int = 0) -> Setup:
    return Setup(
        "mtpb", "0" * 64, ModelInfo(model), "float32", SamplingParams(seed=seed), mode, judge={"timeout": 20.0}
    )


def problem(id: str, category: str = "lists", turns: int = 3, cases: int = 2) -> Problem:
    prompts = tuple(f"turn {i}" for i in range(turns))
    return Problem(id, f"problem {id}", category, tuple(Case(prompts, i) for i in range(cases)))


def sample(
    of: Setup,
    id: str,
    case: int = 0,
    number: int = 0,
    outcome: Outcome = "passed",
    *,
    status: str = "ok",
    turns: Outcome | None = None,
    perplexity: tuple[float, int] = (0.0, 0),
    elapsed: float = 0.0,
) -> Sample:
    said = Conversation((f"print({number})",), (f"print({number})\n#",), 4, -1.5, *perplexity)
    by_turn = Verdict(turns) if turns else None
    return Sample(Key(of.digest, id, case, number), said, Verdict(outcome, status), by_turn, elapsed)


def samples(of: Setup, id: str, passed: list[list[bool]]) -> list[Sample]:
    """One list a case, an entry a sample."""
    return [
        sample(of, id, case, number, "passed" if ok else "failed")
        for case, row in enumerate(passed)
        for number, ok in enumerate(row)
    ]
