"""HumanEval (arXiv 2107.03374): its files, how a completion is cut, its judge.

Knows the public layout (a JSON object a line: `task_id prompt entry_point canonical_solution test`), the stop sequences
of the Codex paper (section 2.1), and at which temperature each pass@k is taken (arXiv 2203.13474, section 3.3). Leaves
to others: running the tests (`grader`), sampling (`sampler`).
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mtchat.bench.desk import Desk
from mtchat.bench.kind import Kind
from mtchat.bench.mtpb import verdict
from mtchat.bench.reading import json_lines, once, unfit
from mtchat.bench.values import Case, Conversation, Problem, Setup, Verdict

TEMPERATURES = {1: 0.2, 10: 0.6, 100: 0.8}
"""k -> the temperature at which the paper takes pass@k."""

SAMPLES = 200
"""Samples a problem, in the paper."""
MAX_NEW_TOKENS = 512
"""Room for the longest reference solutions, which 256 tokens would cut."""
TIMEOUT = 3.0
"""Seconds for a program and its tests (the reference's)."""

_FIELDS = ("task_id", "prompt", "entry_point", "test")
_STOPS = re.compile(r"\n(?:class|def|#|@|print|if|\"\"\"|'''|<\|endoftext\|>)|<\|endoftext\|>")


def read(path: Path) -> list[Problem]:
    """The problems of a file. Raises CommandError that names the line and what is wrong with it."""
    problems = [_problem(raw, f"{path}, line {number}") for number, raw in json_lines(path)]
    once(path, problems)
    return problems


def _problem(raw: dict[str, Any], where: str) -> Problem:
    for field in _FIELDS:
        if not isinstance(raw.get(field), str):
            raise unfit(where, f"the field {field!r} must be a text")
    expected = {"entry_point": raw["entry_point"], "test": raw["test"]}
    case = Case((raw["prompt"],), expected)
    return Problem(raw["task_id"], raw["entry_point"], "functions", (case,), MAX_NEW_TOKENS)


def text(setup: Setup, problem: Problem, case: Case, codes: Sequence[str]) -> str:
    """The prompt as it stands, and the completion after it."""
    return case.prompts[0] + "".join(codes)


def cut(setup: Setup, completion: str) -> str:
    """The completion up to where something other than the function's body begins."""
    found = _STOPS.search(completion)
    return completion[: found.start()] if found else completion


def judge(setup: Setup, problem: Problem, case: Case, told: Conversation, desk: Desk) -> tuple[Verdict, Verdict | None]:
    """Whether the function passes its tests."""
    from mtchat.bench.grader import grade_humaneval

    graded = grade_humaneval(
        desk.sandbox,
        case.prompts[0],
        told.codes[0] if told.codes else "",
        case.expected["test"],
        case.expected["entry_point"],
        timeout=float(setup.judge["timeout"]),
        at=desk.warm,
    )
    return verdict(graded), None


KIND = Kind(
    turns=lambda setup, case: 1,
    text=text,
    cut=cut,
    done=lambda setup, completion: len(cut(setup, completion)) < len(completion),
    new_tokens=lambda setup, problem, case: problem.max_new_tokens,
    judge=judge,
)
