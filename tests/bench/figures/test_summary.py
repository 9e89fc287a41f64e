"""A summary's figures, worked out by hand; the same whatever the order, machine and time."""

import json
import math
import random

import msgspec
import pytest

from mtchat.bench.figures import estimators as est
from mtchat.bench.figures.summary import summarize
from mtchat.bench.values import Sample
from tests.bench.made import problem, sample, samples, setup

MULTI, SINGLE = setup(), setup(mode="single")
PROBLEMS = [problem("1", "lists", 3), problem("2", "maths", 3), problem("3", "lists", 10)]


def multi() -> list[Sample]:
    return [
        *samples(MULTI, "1", [[True, True], [True, False]]),
        *samples(MULTI, "2", [[False, False], [False, False]]),
        *samples(MULTI, "3", [[True, False], [False, False]]),
    ]


def single() -> list[Sample]:
    return [*samples(SINGLE, "1", [[True, False], [False, False]]), *samples(SINGLE, "2", [[False] * 2] * 2)]


def test_rates_are_means_over_problems() -> None:
    told = summarize(MULTI, PROBLEMS, multi())
    assert told["pass_rate"] == pytest.approx(4 / 12, abs=1e-6)
    assert told["ci95"] == pytest.approx(est.bootstrap_ci([0.75, 0.0, 0.25]), abs=1e-6)
    assert told["by_category"] == {"lists": 0.5, "maths": 0.0}
    assert told["by_turns"] == {"3": 0.375, "10": 0.25}
    assert list(told["by_turns"]) == ["3", "10"]  # as numbers go
    assert told["categories"]["maths"] == {
        "pass_rate": 0.0, "ci95": pytest.approx(est.wilson(0, 4), abs=1e-6), "n": 4, "problems": 1, "single": None,
    }  # fmt: skip
    assert (told["n"], told["expected_n"], told["problems"], told["cases"], told["samples"]) == (12, 12, 3, 6, 2)
    assert (told["single_turn"], told["single"], told["turn_by_turn"], told["perplexity"]) == (None,) * 4


def test_unequally_many_cases_count_no_problem_for_more() -> None:
    given = [*samples(MULTI, "1", [[True]]), *samples(MULTI, "2", [[False], [False], [False]])]
    told = summarize(MULTI, [problem("1", cases=1), problem("2", cases=3)], given)
    assert (told["pass_rate"], told["n"]) == (0.5, 4)


def test_order_and_time_do_not_matter() -> None:
    given, stream = multi(), random.Random(3)
    told = json.dumps(summarize(MULTI, PROBLEMS, given, (SINGLE, single())))
    for _ in range(3):
        stream.shuffle(given)
        slower = [msgspec.structs.replace(s, elapsed=stream.random()) for s in given]
        assert json.dumps(summarize(MULTI, PROBLEMS, slower, (SINGLE, single()[::-1]))) == told


def test_outcomes_are_counted_apart_and_all_stay_in_the_denominator() -> None:
    given = [
        sample(MULTI, "1", 0, 0, "refused", status="denied"),
        sample(MULTI, "1", 0, 1, "missing"),
        sample(MULTI, "1", 1, 0, "failed", status="timeout"),
        sample(MULTI, "1", 1, 1),
    ]
    told = summarize(MULTI, PROBLEMS[:1], given)
    assert (told["pass_rate"], told["n"]) == (0.25, 4)
    assert (told["passed"], told["failed"], told["refusals"], told["missing"]) == (1, 1, 1, 1)
    assert told["failed_by_status"] == {"timeout": 1}


def test_an_incomplete_run_says_so() -> None:
    told = summarize(MULTI, PROBLEMS, multi()[:3], per_case=40)
    assert (told["n"], told["expected_n"], told["samples"]) == (3, 240, 40)
    assert told["by_category"] == {"lists": 1.0, "maths": None}
    assert told["per_problem"][1] == {
        "id": "2", "name": "problem 2", "category": "maths", "turns": 3, "n": 0, "pass_rate": None, "single_turn": None,
    }  # fmt: skip
    nothing = summarize(MULTI, PROBLEMS, [], per_case=40)
    assert (nothing["pass_rate"], nothing["ci95"], nothing["n"], nothing["pass_at"]) == (None, None, 0, {})


def test_only_what_was_asked_for_counts() -> None:
    stray = [
        sample(MULTI, "9"),
        sample(MULTI, "1", 7),
        sample(MULTI, "1", 0, 2),
        sample(setup(seed=1), "1", 0, 0, "failed"),
    ]
    assert summarize(MULTI, PROBLEMS, [*stray, *multi()], per_case=2) == summarize(MULTI, PROBLEMS, multi())


def test_pass_at_k_is_of_cases_then_problems() -> None:
    found = summarize(MULTI, PROBLEMS, multi())["pass_at"]
    assert list(found) == ["1", "2"]
    assert found["1"]["pass_rate"] == pytest.approx(1 / 3, abs=1e-6)
    assert found["2"]["pass_rate"] == pytest.approx((1.0 + 0.0 + 0.5) / 3, abs=1e-6)
    assert found["2"]["ci95"] == pytest.approx(est.bootstrap_ci([1.0, 0.0, 0.5]), abs=1e-6)


def test_single_turn_stands_beside() -> None:
    told = summarize(MULTI, PROBLEMS, multi(), (SINGLE, single()))
    assert told["single_turn"] == 0.125
    assert (told["single"]["n"], told["single"]["problems"], told["single"]["pass_rate"]) == (8, 2, 0.125)
    assert told["single"]["multi_minus_single"]["difference"] == 0.25  # over problems 1 and 2
    assert told["categories"]["lists"]["single"]["pass_rate"] == 0.25
    assert [row["single_turn"] for row in told["per_problem"]] == [0.25, 0.0, None]


def test_turn_by_turn_is_told_where_it_was_judged() -> None:
    given = [
        sample(MULTI, "1", 0, 0, "passed", turns="passed"),
        sample(MULTI, "1", 0, 1, "failed", turns="passed"),
        sample(MULTI, "2", 0, 0, "failed", turns="failed"),
        sample(MULTI, "3", 0, 0, "passed"),
    ]
    told = summarize(MULTI, PROBLEMS, given)["turn_by_turn"]
    assert (told["pass_rate"], told["n"], told["agree"]) == (0.5, 3, 2)


def test_perplexity_and_its_relation_to_passing() -> None:
    easy, hard = -math.log(2) * 10, -math.log(8) * 10
    given = [
        sample(MULTI, "1", 0, 0, perplexity=(easy, 10)),
        sample(MULTI, "1", 1, 0, perplexity=(easy, 10)),
        sample(MULTI, "2", 0, 0, "failed", perplexity=(hard, 10)),
        sample(MULTI, "3", 0, 0, perplexity=(easy, 10)),
        sample(MULTI, "3", 0, 1, "refused", perplexity=(hard, 10)),
    ]
    told = summarize(MULTI, PROBLEMS, given)["perplexity"]
    assert told["by_problem"] == {"1": 2.0, "2": 8.0, "3": 4.0}
    assert told["mean"] == pytest.approx(14 / 3, abs=1e-6)
    assert (told["passing"], told["failing"], told["spearman"], told["point_biserial"]) == (2.0, 8.0, -1.0, -1.0)
    assert [(q["from"], q["pass_rate"]) for q in told["quartiles"]] == [(2.0, 1.0), (4.0, 0.5), (8.0, 0.0)]


def test_the_correlation_with_passing_is_of_log_perplexity() -> None:
    given = [sample(MULTI, "1", 0, n, "passed" if n < 2 else "failed", perplexity=(-(2.0**n), 1)) for n in range(4)]
    told = summarize(MULTI, PROBLEMS, given)["perplexity"]
    assert told["point_biserial"] == pytest.approx(est.pearson([1, 1, 0, 0], [1, 2, 4, 8]), abs=1e-6)
    assert told["by_problem"]["1"] == pytest.approx(math.exp(15 / 4), abs=1e-6)


def test_the_digest_tells_runs_apart_by_what_came_of_them() -> None:
    first = summarize(MULTI, PROBLEMS, multi())["digest"]
    other = setup("another model")
    same = [msgspec.structs.replace(s, key=msgspec.structs.replace(s.key, setup=other.digest)) for s in multi()]
    assert summarize(other, PROBLEMS, same)["digest"] == first
    assert summarize(MULTI, PROBLEMS, [*multi()[:-1], sample(MULTI, "3", 1, 1)])["digest"] != first


def test_it_is_json_with_six_decimals() -> None:
    told = summarize(MULTI, PROBLEMS, multi(), (SINGLE, single()))
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert told["pass_rate"] == 0.333333
