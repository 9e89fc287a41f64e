"""Asking a model, a unit at a time."""

import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from mtchat.bench import mtpb
from mtchat.bench.desk import Desk
from mtchat.bench.runner import plan
from mtchat.bench.sampler import Stopped, sample_unit
from mtchat.bench.values import Problem, Setup, Unit, turn_seed
from mtchat.models.base import Ask
from mtchat.models.scripted import ScriptedModel
from mtchat.turn import Completion, ModelInfo, SamplingParams
from tests.bench.problems import ANSWERS, problems_file

SETUP = Setup("mtpb", "", ModelInfo("scripted"), "", SamplingParams(max_new_tokens=2048, seed=7))


class Overheard(ScriptedModel):
    """Remembers what it was asked."""

    asked: list[Ask]

    def complete_many(self, asks: Sequence[Ask], *, cancel: threading.Event | None = None) -> list[list[Completion]]:
        self.__dict__.setdefault("asked", []).extend(asks)
        return super().complete_many(asks, cancel=cancel)


@pytest.fixture
def problems(tmp_path: Path) -> list[Problem]:
    return mtpb.read(problems_file(tmp_path))


def unit_of(problem: Problem, samples: int = 2, setup: Setup = SETUP) -> Unit:
    return plan(setup, [problem], samples, 100)[0]


def test_conversations_grow_turn_by_turn(problems: list[Problem]) -> None:
    model = Overheard(ANSWERS)
    told = sample_unit(unit_of(problems[0]), model)
    assert [c.codes for c in told] == [
        (f"start = {n}\n\n", "twice = start * 2\n\n", "print(twice)\n\n") for n in (4, 4, -3, -3)
    ]
    assert told[0].raw[0] == "start = 4\n\n#"
    assert told[0].tokens == sum(model.count(raw) for raw in told[0].raw)
    assert (
        model.asked[4].text
        == problems[0].prefix + "# Let start be 4.\nstart = 4\n\n\n\n# Let twice be start doubled.\n"
    )
    assert {ask.params.max_new_tokens for ask in model.asked} == {32}


def test_a_seed_depends_on_the_sample_and_the_turn_alone(problems: list[Problem]) -> None:
    whole, some = Overheard(ANSWERS), Overheard(ANSWERS)
    sample_unit(unit_of(problems[0], 3), whole)
    sample_unit(Unit(SETUP, problems[0], ((1, 2), (0, 1))), some)
    seeds = [ask.params.seed for ask in whole.asked]
    assert len(set(seeds)) == len(seeds) == 2 * 3 * 3
    assert [ask.params.seed for ask in some.asked[:2]] == [turn_seed(7, "1", 1, 2, 0), turn_seed(7, "1", 0, 1, 0)]
    assert {ask.params.seed for ask in some.asked} < set(seeds)


def test_a_text_that_outgrows_the_context(problems: list[Problem]) -> None:
    told = sample_unit(unit_of(problems[0]), ScriptedModel(ANSWERS, context_length=60))
    assert all(c.overflow for c in told)
    assert [len(c.codes) for c in told] == [2, 2, 2, 2]


def test_stopping(problems: list[Problem]) -> None:
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(Stopped):
        sample_unit(unit_of(problems[0]), ScriptedModel(ANSWERS), cancel=cancel)


def test_the_chosen_candidate_is_what_most_of_those_that_run_do(problems: list[Problem]) -> None:
    """One raises, one differs, two agree in other words; what is expected plays no part."""
    script = {
        **ANSWERS,
        "Show twice.": ["print(thrice)\n\n#", "print(0)\n\n#", "print(twice)\n\n#", "print(start * 2)\n\n#"],
    }
    setup = Setup("mtpb", "", ModelInfo("scripted"), "", SamplingParams(), select=4, judge={"timeout": 5.0})
    with Desk(setup) as desk:
        told = sample_unit(unit_of(problems[0], 1, setup), ScriptedModel(script), desk)
        assert [c.codes[2] for c in told] == ["print(twice)\n\n"] * 2
        assert [c.codes[0] for c in told] == ["start = 4\n\n", "start = -3\n\n"]


def test_choosing_goes_on_where_the_sandbox_cannot_keep_every_state(problems: list[Problem]) -> None:
    """Two rows and two candidates each, where two states are kept."""
    script = {**ANSWERS, "Show twice.": ["print(thrice)\n\n#", "print(twice)\n\n#"]}
    judge = {"timeout": 5.0, "limits": {"snapshots": 2}}
    setup = Setup("mtpb", "", ModelInfo("scripted"), "", SamplingParams(), select=2, judge=judge)
    unit = Unit(setup, problems[0], ((0, 0), (1, 0)))
    with Desk(setup) as desk:
        told = sample_unit(unit, ScriptedModel(script), desk)
    assert [c.codes[2] for c in told] == ["print(twice)\n\n"] * 2
