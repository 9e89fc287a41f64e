"""What of the cluster needs no Ray: addresses, seats on nodes, the course of a run."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtchat.bench.cluster.actors import Failed, code_here, probe
from mtchat.bench.cluster.address import check_address
from mtchat.bench.cluster.course import MOST_LEFT_OUT, PIECE, Course, Job
from mtchat.bench.cluster.plan import Node, Seats, Share, seats, wants_gpus
from mtchat.bench.values import Sample, Unit, Verdict
from mtchat.errors import CommandError, ConfigError, ModelError
from tests.bench.cluster import work


@pytest.mark.parametrize("address", ["local", "auto", "10.0.0.7:6379", "head.lab:6379", "ray://head:10001", "[::1]:80"])
def test_addresses(address: str) -> None:
    assert check_address(address) == address


@pytest.mark.parametrize("address", ["", "head", "http://head:8265", "head:0", "head:99999", "ray://head", "a b:1"])
def test_what_is_no_address_is_said_with_what_would_be(address: str) -> None:
    with pytest.raises(ConfigError, match=r"no address of a Ray cluster; give local .*HOST:PORT"):
        check_address(address)


def _node(cpus: float, gpus: float = 0) -> Node:
    return Node("id", "host", cpus, gpus)


@pytest.mark.parametrize(
    ("node", "share", "gpu", "expected"),
    [
        (_node(0), Share(), False, Seats(0, 0, False, 0, 0)),
        (_node(1), Share(), False, Seats(1, 1, False, 1, 0)),
        (_node(2), Share(), False, Seats(1, 1, False, 1, 1)),
        (_node(16), Share(), False, Seats(14, 2, False, 1, 1)),
        (_node(16), Share(threads=4), False, Seats(3, 2, False, 4, 1)),
        (_node(4), Share(models=8, judges=2), False, Seats(8, 2, False, 0, 0)),
        (_node(64, 8), Share(), True, Seats(8, 32, True, 1, 1)),
        (_node(8, 8), Share(), True, Seats(8, 1, True, 1, 0)),
        (_node(8, 2), Share(models=1, judges=3), True, Seats(1, 3, True, 1, 1)),
        (_node(16), Share(), True, Seats(0, 4, True, 1, 1)),
    ],
)
def test_seats(node: Node, share: Share, gpu: bool, expected: Seats) -> None:
    assert seats(node, share, gpu) == expected


def test_models_are_all_on_gpus_or_none_is() -> None:
    mixed = [_node(8), _node(8, 1)]
    assert [wants_gpus(device, mixed) for device in ("auto", "cpu", "cuda", "cuda:0")] == [True, False, True, True]
    assert not wants_gpus("auto", [_node(8)])


def test_shares_that_make_no_sense() -> None:
    with pytest.raises(ConfigError, match="0 threads a node: at least 1"):
        Share(threads=0).check()


def _written(unit: Unit) -> tuple[work.Conversation, ...]:
    return tuple(work.write(unit, work.Standin(), None))


def _judged(course: Course, job: Job) -> tuple[Sample, ...]:
    unit = course.open[job.unit].unit
    written = course.open[job.unit].conversations
    return tuple(Sample(unit.names()[row], written[row], Verdict("passed")) for row in range(job.start, job.stop))


def _do(course: Course, job: Job) -> list[Sample] | None:
    if job.kind == "model":
        return course.written(job, _written(course.open[job.unit].unit))
    return course.judged(job, _judged(course, job))


@settings(max_examples=25, deadline=None)
@given(st.data(), st.integers(0, 6), st.integers(1, 9), st.integers(1, 4))
def test_whatever_is_lost_every_sample_comes_once(data: st.DataObject, count: int, rows: int, window: int) -> None:
    course, got, held = Course(work.units(count, rows=rows), window), list[Sample](), list[Job]()
    while not course.done:
        held += [job for kind in ("model", "judge") if (job := course.next(kind))]  # type: ignore[arg-type]
        assert len(course.open) <= window
        if held:
            job = held.pop(data.draw(st.integers(0, len(held) - 1)))
            if data.draw(st.integers(0, 3)) == 0:
                course.again(job, None)  # lost with its node
            else:
                got += _do(course, job) or []
    course.check()
    expected = [key for unit in work.units(count, rows=rows) for key in unit.names()]
    assert sorted(sample.key for sample in got) == sorted(expected)


def test_judges_get_pieces_and_rows_stay_in_order() -> None:
    course = Course(work.units(1, rows=2 * PIECE + 1))
    writing = course.next("model")
    assert writing is not None
    assert course.written(writing, _written(course.open[writing.unit].unit)) is None
    pieces = [job for _ in range(3) if (job := course.next("judge"))]
    assert [job.stop - job.start for job in pieces] == [PIECE, PIECE, 1]
    assert [_do(course, job) for job in reversed(pieces[1:])] == [None, None]
    done = _do(course, pieces[0])
    assert done is not None
    assert [sample.key.sample for sample in done] == list(range(2 * PIECE + 1))


def _fail(course: Course, times: int) -> Iterator[Job]:
    for _ in range(times):
        job = course.next("model")
        assert job is not None
        course.again(job, "it died")
        yield job


def test_a_unit_that_fails_often_is_left_out_and_named() -> None:
    course = Course(work.units(1), tries=2)
    assert len({*_fail(course, 2)}) == 1
    assert course.next("model") is None
    assert course.done
    with pytest.raises(
        CommandError, match=r"^writing problem p0 \(case 0, sample 0 to case 0, sample 5\) failed 2 times"
    ):
        course.check()


def test_several_units_left_out_end_the_run() -> None:
    course = Course(work.units(100), tries=1)
    with pytest.raises(CommandError, match=r"problem p0 .*problem p1 .*problem p2 "):
        list(_fail(course, MOST_LEFT_OUT))


def test_an_answer_that_comes_too_late_is_dropped() -> None:
    course = Course(work.units(2, rows=2 * PIECE), window=2, tries=1)
    first = course.next("model")
    assert first is not None
    course.written(first, _written(course.open[first.unit].unit))
    one, other = course.next("judge"), course.next("judge")
    assert one is not None
    assert other is not None
    late = _judged(course, other)
    course.again(one, "it died")
    assert course.judged(other, late) is None
    course.again(other, "it died")
    assert len(course.left_out) == 1


def test_failures_travel_in_one_line() -> None:
    assert Failed.of(ModelError("no such\n model")) == Failed("no such model", True)
    assert Failed.of(ValueError("a\nb")) == Failed("ValueError: a b", False)


def test_the_code_that_is_here() -> None:
    assert probe()() == code_here()
    assert len(code_here()[1]) == 16
