"""What of a unit's samples is kept and heard of."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from mtchat.bench.results import Results
from mtchat.bench.runner import carry_out, plan
from mtchat.bench.setups import Subject
from mtchat.bench.values import Sample, Unit
from mtchat.turn import ModelInfo
from tests.bench.made import problem, sample, setup


class Ready:
    """Workers that have every sample ready."""

    def __init__(self, exact: bool) -> None:
        self.exact, self.done = exact, 0

    def subject(self) -> Subject:
        return Subject(ModelInfo("made-up"), "float32", exact=self.exact)

    def run(self, units: Iterable[Unit]) -> Iterator[list[Sample]]:
        for unit in units:
            self.done += len(unit.rows)
            yield [sample(unit.setup, unit.problem.id, case, number) for case, number in unit.rows]

    def close(self) -> None:
        pass


@pytest.mark.parametrize(("exact", "done"), [(True, 4), (False, 6)])
def test_a_unit_that_is_there_in_part(tmp_path: Path, exact: bool, done: int) -> None:
    """What is missing is heard of; all of it is done again only where it would come out otherwise alone."""
    of, heard = setup(), list[Sample]()
    with Results.open(tmp_path) as results:
        carry_out(plan(of, [problem("1", cases=2)], 1, 8), Ready(exact), results)
        again = Ready(exact)
        carry_out(plan(of, [problem("1", cases=2)], 3, 8), again, results, heard.extend)
        carry_out(plan(of, [problem("1", cases=2)], 3, 8), again, results, heard.extend)
    assert sorted((one.key.case, one.key.sample) for one in heard) == [(0, 1), (0, 2), (1, 1), (1, 2)]
    assert again.done == done
