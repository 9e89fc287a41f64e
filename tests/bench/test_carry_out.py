"""What of a unit's samples is kept and heard of."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from mtchat.bench.results import Results
from mtchat.bench.runner import carry_out, plan
from mtchat.bench.setups import Subject
from mtchat.bench.values import Sample, Unit
from mtchat.turn import ModelInfo
from tests.bench.made import problem, sample, setup


class Ready:
    """Workers that have every sample ready."""

    def subject(self) -> Subject:
        return Subject(ModelInfo("made-up"), "float32")

    def run(self, units: Iterable[Unit]) -> Iterator[list[Sample]]:
        for unit in units:
            yield [sample(unit.setup, unit.problem.id, case, number) for case, number in unit.rows]

    def close(self) -> None:
        pass


def test_a_unit_that_is_there_in_part_is_heard_of_in_part(tmp_path: Path) -> None:
    of = setup()
    heard: list[Sample] = []
    with Results.open(tmp_path) as results:
        carry_out(plan(of, [problem("1", cases=2)], 1, 8), Ready(), results)
        carry_out(plan(of, [problem("1", cases=2)], 3, 8), Ready(), results, heard.extend)
    assert sorted((one.key.case, one.key.sample) for one in heard) == [(0, 1), (0, 2), (1, 1), (1, 2)]
