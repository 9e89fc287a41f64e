"""Choosing among candidates by what they did."""

import pytest

from mtchat.selection import choose, clusters
from mtchat.turn import Candidate, Execution, Status


def candidate(code: str, count: int, status: Status = "ok", stdout: str = "") -> Candidate:
    return Candidate(code, count, None, Execution(status, stdout=stdout, elapsed=count))


def test_the_largest_group_of_equal_behaviour_wins() -> None:
    a, b, c = candidate("a", 2, stdout="1"), candidate("b", 2, stdout="1"), candidate("c", 3, stdout="2")
    assert clusters([c, a, b]) == [[a, b], [c]]
    assert choose([c, a, b]) is a


def test_what_ran_comes_before_what_raised_before_what_was_stopped() -> None:
    stopped, raised, ran = candidate("s", 9, "timeout"), candidate("r", 5, "error"), candidate("k", 1)
    assert choose([stopped, raised, ran]) is ran
    assert choose([stopped, raised]) is raised
    assert choose([stopped]) is stopped


def test_addresses_tell_nothing_apart() -> None:
    one, other = (candidate(c, 1, stdout=f"<Dog object at 0x7f00{c}>\n") for c in "ab")
    assert len(clusters([one, other])) == 1


def test_nothing_to_choose_from() -> None:
    with pytest.raises(ValueError, match="nothing to choose"):
        choose([])
