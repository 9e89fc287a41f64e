"""The private exam: every reference solution solves its problem for every input, as `mtchat bench mtpb` judges it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from mtchat.bench import mtpb
from mtchat.bench.grader import grade_joined, grade_turns, warm
from mtchat.bench.values import Setup
from mtchat.sandbox import Sandbox, Snapshot
from mtchat.turn import ModelInfo, SamplingParams

EXAM = Path(__file__).parents[2] / "mtchat" / "train" / "exam"
SOLUTIONS = Path(__file__).parent / "exam"
"""For each half of the exam a file of the same name: `{"id": …, "code": [turn, …]}` a line."""
HALVES = sorted(EXAM.glob("*.jsonl"))
SLOW = re.compile(r"^(?:from|import) (pandas|sklearn[.\w]*)", re.MULTILINE)
SETUP = Setup("mtpb", "", ModelInfo("none"), "", SamplingParams())


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


PROBLEMS = [
    pytest.param(path, n, id=f"{path.stem}-{raw['id']}") for path in HALVES for n, raw in enumerate(lines(path))
]


def filled(code: str, given: dict[str, Any]) -> str:
    """`code` with each slot, `{name}`, replaced by the text of its value. Other braces stand for themselves."""
    for name, value in given.items():
        code = code.replace(f"{{{name}}}", str(value))
    return code


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def start(sandbox: Sandbox) -> Callable[[str], Snapshot]:
    """The state that a program starts from: numpy is loaded, and so are the slow libraries that it imports."""

    @cache
    def state(modules: frozenset[str]) -> Snapshot:
        return warm(sandbox, ["numpy", *sorted(modules)])

    return lambda text: state(frozenset(SLOW.findall(text)))


@pytest.mark.slow
@pytest.mark.parametrize(("path", "number"), PROBLEMS)
def test_the_reference_solution_passes(
    sandbox: Sandbox, start: Callable[[str], Snapshot], path: Path, number: int
) -> None:
    problem, raw = mtpb.read(path)[number], lines(path)[number]
    solution = next(each["code"] for each in lines(SOLUTIONS / path.name) if each["id"] == raw["id"])
    assert len(solution) == problem.turns
    told = [[filled(code, given) for code in solution] for given in raw["inputs"]]
    for case, codes in zip(problem.cases, told, strict=True):
        assert [mtpb.cut(SETUP, code) for code in codes] == codes, "the benchmark's truncation would cut it"
        text = mtpb.text(SETUP, problem, case, codes)
        joined = grade_joined(sandbox, text, case.expected, at=start(text))
        assert (joined.passed, joined.status) == (True, "ok"), f"{joined.message}\n{text}"
    turns = grade_turns(sandbox, problem.prefix, told[0], problem.cases[0].expected, at=start("\n".join(told[0])))
    assert (turns.passed, turns.status) == (True, "ok"), f"turn by turn: {turns.message}"


@pytest.mark.parametrize("path", HALVES, ids=lambda path: path.stem)
def test_the_form(path: Path) -> None:
    for raw, problem in zip(lines(path), mtpb.read(path), strict=True):
        assert isinstance(raw["id"], int)
        assert 3 <= problem.turns <= 7
        assert len(problem.cases) == 5
        assert not any("\n" in prompt for case in problem.cases for prompt in case.prompts), "a prompt is one line"
        outputs = [case.expected for case in problem.cases]
        assert all(isinstance(output, (bool, int, float, str, list)) for output in outputs), "nothing else can pass"
        assert len({json.dumps(output) for output in outputs}) > 1, "one answer for all inputs can be guessed"


def test_no_problem_is_there_twice() -> None:
    every = [raw for path in HALVES for raw in lines(path)]
    for field in ("id", "name"):
        assert len({raw[field] for raw in every}) == len(every)
