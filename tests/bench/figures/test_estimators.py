"""The estimators against brute force and figures known from elsewhere."""

import itertools
import math
import random
import statistics
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtchat.bench.figures import estimators as est

few = settings(max_examples=25, deadline=None)
rates = st.floats(0, 1)


@few
@given(st.data())
def test_pass_at_k_is_the_share_of_choices_with_a_pass(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 8))
    c, k = data.draw(st.integers(0, n)), data.draw(st.integers(1, n))
    choices = list(itertools.combinations([True] * c + [False] * (n - c), k))
    assert est.pass_at_k(n, c, k) == float(Fraction(sum(map(any, choices)), len(choices)))


@few
@given(st.integers(1, 400), st.data())
def test_pass_at_k_is_the_papers_product(n: int, data: st.DataObject) -> None:
    c, k = data.draw(st.integers(0, n)), data.draw(st.integers(1, n))
    product = math.prod(1 - Fraction(k, i) for i in range(n - c + 1, n + 1)) if n - c >= k else 0
    assert est.pass_at_k(n, c, k) == float(1 - Fraction(product))


def test_pass_at_k_at_its_edges() -> None:
    assert (est.pass_at_k(200, 0, 100), est.pass_at_k(200, 200, 1), est.pass_at_k(200, 101, 100)) == (0.0, 1.0, 1.0)
    assert est.pass_at_k(10**5, 1, 1) == 1e-5
    assert est.pass_at_k(1, 1, 1) == 1.0


@pytest.mark.parametrize(("n", "c", "k"), [(0, 0, 1), (3, 4, 1), (3, -1, 1), (3, 1, 0), (3, 1, 4)])
def test_pass_at_k_of_what_cannot_be_is_an_error(n: int, c: int, k: int) -> None:
    with pytest.raises(ValueError, match="pass@"):
        est.pass_at_k(n, c, k)


def test_wilson_gives_known_figures() -> None:
    # Newcombe 1998, Statistics in Medicine 17, table I, method 3
    for passed, n, low, high in [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611)]:
        assert est.wilson(passed / n, n) == pytest.approx((low, high), abs=5e-5)
    assert est.wilson(1.0, 29) == (pytest.approx(0.8830, abs=5e-5), 1.0)


@few
@given(rates, st.integers(1, 1000))
def test_wilson_holds_the_rate_and_stays_between_0_and_1(rate: float, n: int) -> None:
    low, high = est.wilson(rate, n)
    assert 0 <= low <= rate <= high <= 1
    assert low < high


@few
@given(st.lists(rates, min_size=2, max_size=12), st.randoms(use_true_random=False))
def test_the_bootstrap_interval_stays_among_the_values_and_knows_no_order(
    values: list[float], stream: random.Random
) -> None:
    low, high = est.bootstrap_ci(values, resamples=200)
    assert min(values) - 1e-12 <= low <= high <= max(values) + 1e-12
    stream.shuffle(values)
    assert est.bootstrap_ci(values, resamples=200) == (low, high)


def test_the_bootstrap_interval_is_that_of_all_resamples() -> None:
    values = [0.0, 0.1, 0.5, 0.55, 0.9]
    every = sorted(statistics.fmean(pick) for pick in itertools.product(values, repeat=len(values)))
    wanted = (every[round(0.025 * len(every))], every[round(0.975 * len(every))])
    assert est.bootstrap_ci(values, resamples=20000) == pytest.approx(wanted, abs=0.02)


def test_the_bootstrap_interval_covers_as_often_as_it_says() -> None:
    stream = random.Random(5)
    sets = [[stream.betavariate(2, 3) for _ in range(40)] for _ in range(150)]
    held = [low <= 0.4 <= high for low, high in (est.bootstrap_ci(values, resamples=400) for values in sets)]
    assert 0.88 <= statistics.fmean(held) <= 0.99


def test_where_resampling_says_nothing_wilson_speaks() -> None:
    assert est.rate_ci([0.25], 20) == est.wilson(0.25, 20)
    assert est.rate_ci([0.0] * 5, 100) == est.wilson(0.0, 5)
    assert est.rate_ci([0.0, 1.0, 0.5], 60) == est.bootstrap_ci([0.0, 1.0, 0.5])


def test_a_paired_difference_is_surer_than_two_intervals() -> None:
    first = [i / 20 for i in range(20)]
    second = [min(1.0, rate + 0.05 + 0.01 * (i % 3)) for i, rate in enumerate(first)]
    found = est.paired_bootstrap(first, second)
    assert found.difference == pytest.approx(statistics.fmean(b - a for a, b in zip(first, second, strict=True)))
    assert found.ci95 is not None
    assert 0.04 < found.ci95[0] < found.difference < found.ci95[1] < 0.07
    assert found.p == pytest.approx(2 / (est.RESAMPLES + 1))
    back = est.paired_bootstrap(second, first)
    assert back.difference == pytest.approx(-found.difference)
    assert back.p == found.p


def test_a_paired_difference_of_nothing_has_p_1() -> None:
    assert est.paired_bootstrap([0.1, 0.9, 0.4], [0.1, 0.9, 0.4]) == (0.0, None, 1.0)
    even = est.paired_bootstrap([0.0, 1.0] * 10, [1.0, 0.0] * 10)
    assert even.p is not None
    assert even.p > 0.8


def test_few_problems_cannot_make_a_difference_sure() -> None:
    assert est.paired_bootstrap([0.0, 0.1], [0.9, 0.9]).p == 0.5
    assert est.paired_bootstrap([0.0] * 4, [0.9] * 4) == (0.9, None, 0.125)


def test_one_problem_gives_a_difference_without_an_interval() -> None:
    assert est.paired_bootstrap([0.25], [0.75]) == (0.5, None, None)


@pytest.mark.parametrize(
    "figure",
    [lambda: est.mean([]), lambda: est.wilson(0.5, 0), lambda: est.bootstrap_ci([0.5]), lambda: est.pearson([1], [])],
)
def test_no_figure_comes_from_nothing(figure: object) -> None:
    with pytest.raises(ValueError, match=r"needs|no values|paired|resampling"):
        figure()  # type: ignore[operator]


def test_spearman_gives_known_figures() -> None:
    # IQ and hours of television, the example of Wikipedia's article
    iq = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110]
    hours = [7, 27, 2, 50, 28, 29, 20, 12, 6, 17]
    assert est.spearman(iq, hours) == pytest.approx(-29 / 165)
    assert est.ranks([3, 1, 3, 2, 3]) == [4, 1, 4, 2, 4]


@few
@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=2, max_size=12))
def test_correlations_are_the_standard_librarys(pairs: list[tuple[int, int]]) -> None:
    xs, ys = [x for x, _ in pairs], [y for _, y in pairs]
    if len(set(xs)) == 1 or len(set(ys)) == 1:
        assert est.pearson(xs, ys) is est.spearman(xs, ys) is None
    else:
        assert est.pearson(xs, ys) == pytest.approx(statistics.correlation(xs, ys), abs=1e-9)
        assert est.spearman(xs, ys) == pytest.approx(statistics.correlation(est.ranks(xs), est.ranks(ys)), abs=1e-9)


@few
@given(st.lists(st.tuples(st.booleans(), st.integers(-9, 9)), min_size=2, max_size=12))
def test_point_biserial_is_its_textbook_form(rows: list[tuple[bool, int]]) -> None:
    yes, no = [v for p, v in rows if p], [v for p, v in rows if not p]
    values = [v for _, v in rows]
    found = est.point_biserial([p for p, _ in rows], values)
    if not yes or not no or len(set(values)) == 1:
        assert found is None
    else:
        gap = (statistics.fmean(yes) - statistics.fmean(no)) / statistics.pstdev(values)
        assert found == pytest.approx(gap * math.sqrt(len(yes) * len(no)) / len(rows))
