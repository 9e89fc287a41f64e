"""One machine's workers, with the real sandbox."""

import os
import signal
from pathlib import Path

import pytest

from mtchat.bench import mtpb
from mtchat.bench.desk import Desk
from mtchat.bench.runner import Local, plan
from mtchat.bench.values import Setup
from mtchat.errors import SandboxError
from mtchat.models.scripted import ScriptedModel
from mtchat.turn import ModelInfo, SamplingParams
from tests.bench.problems import ANSWERS, DOUBLE, problems_file

JUDGE = {"rules": {}, "timeout": 5.0}


@pytest.mark.parametrize("select", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_a_sandbox_that_is_killed_from_outside_is_made_again(tmp_path: Path, select: int) -> None:
    setup = Setup("mtpb", "", ModelInfo("m"), "", SamplingParams(), select=select, judge=JUDGE)
    units = plan(setup, mtpb.read(problems_file(tmp_path, DOUBLE)), 1, 10)
    desks: list[Desk] = []

    def desk(setup: Setup) -> Desk:
        desks.append(Desk(setup))
        return desks[-1]

    with Local(lambda: ScriptedModel(ANSWERS), desk, desks=1) as workers:
        first = list(workers.run(units))
        for each in list(desks):
            link = each.sandbox._link
            assert link is not None
            os.kill(link.process.pid, signal.SIGKILL)
        again = list(workers.run(units))
    assert [s.verdict.outcome for samples in (*first, *again) for s in samples] == ["passed"] * 4


def test_a_sandbox_that_cannot_work_ends_the_run(tmp_path: Path) -> None:
    judge = {**JUDGE, "limits": {"memory": 1}}
    setup = Setup("mtpb", "", ModelInfo("m"), "", SamplingParams(), judge=judge)
    units = plan(setup, mtpb.read(problems_file(tmp_path, DOUBLE)), 1, 10)
    with (
        Local(lambda: ScriptedModel(ANSWERS), Desk, desks=1) as workers,
        pytest.raises(SandboxError, match="the limit memory is 1"),
    ):
        list(workers.run(units))
