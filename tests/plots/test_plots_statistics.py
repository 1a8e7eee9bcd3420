"""Student's t against printed tables; times are averaged, and no interval is given below n = 5."""

import math

import numpy as np
import pandas as pd
import pytest

from plots import bounds, pairs, stats

# Two-sided 95 % and 99 % points (NIST/SEMATECH e-Handbook 1.3.6.7.2; the first ones to more digits,
# as they have closed forms: tan(0.475 pi), and 2 (p - 1/2) sqrt(2 / (4 p (1 - p))) for 2 degrees).
TABLE = [(0.975, 1, 12.7062047362), (0.975, 2, 4.30265272991), (0.975, 3, 3.182), (0.975, 4, 2.776),
         (0.975, 5, 2.571), (0.975, 8, 2.306), (0.975, 10, 2.228), (0.975, 30, 2.042),
         (0.975, 100, 1.984), (0.995, 1, 63.6567411629), (0.995, 9, 3.250), (0.999, 20, 3.552),
         (0.90, 6, 1.440)]


@pytest.mark.parametrize("p, df, expected", TABLE)
def test_the_quantile_agrees_with_the_table(p, df, expected):
    digits = 1e-9 if len(str(expected)) > 8 else 5.1e-4
    assert stats.student_quantile(p, df) == pytest.approx(expected, abs=digits * max(1, expected))


def test_with_many_degrees_the_quantile_is_the_normal_one():
    assert stats.student_quantile(0.975, 10**7) == pytest.approx(1.959964, abs=2e-6)


def test_the_quantile_is_symmetric_and_undone_by_the_tail():
    assert stats.student_quantile(0.5, 7) == 0.0
    assert stats.student_quantile(0.1, 7) == -stats.student_quantile(0.9, 7)
    for df in (1, 2, 4, 17, 400):
        for tail in (0.5, 0.05, 1e-3, 1e-9):
            t = stats.student_quantile(1 - tail / 2, df)
            assert stats.student_two_sided(t, df) == pytest.approx(tail, rel=1e-6)


@pytest.mark.parametrize("p, df", [(0.0, 5), (1.0, 5), (0.9, 0), (-1, 3)])
def test_a_quantile_that_does_not_exist_is_refused(p, df):
    with pytest.raises(ValueError):
        stats.student_quantile(p, df)


@pytest.mark.parametrize("x", [0.0, 0.001, 0.3, 0.5, 0.9, 0.9999, 1.0])
def test_the_incomplete_beta_function_agrees_with_its_polynomials(x):
    assert stats.incomplete_beta(1, 1, x) == pytest.approx(x)
    assert stats.incomplete_beta(2, 2, x) == pytest.approx(x * x * (3 - 2 * x))
    assert stats.incomplete_beta(3, 1, x) == pytest.approx(x**3)


def test_a_mean_has_its_interval_from_five_values_on():
    five = stats.mean_interval([1, 2, 3, 4, 5])
    assert (five.n, five.mean, five.median) == (5, 3.0, 3.0)
    assert five.high - five.mean == pytest.approx(2.7764451 * math.sqrt(2.5 / 5))
    assert five.mean - five.low == pytest.approx(five.high - five.mean)
    four = stats.mean_interval([1, 2, 3, 4])
    assert four.mean == 2.5 and math.isnan(four.low) and math.isnan(four.high)
    assert stats.mean_interval([]).n == 0


@pytest.mark.parametrize("column, values, ends", [
    ("jain_index", [0.1, 1.0, 1.0, 0.05, 0.1], (0, 1)), ("share", [99, 100, 60, 100, 100], (None, 100)),
    ("utilisation_pct", [0, 0, 0, 0, 9], (0, None)), ("cpu_s", [0, 0, 0, 0, 9], (0, None)),
    ("late_pct", [0, 0, 250, 250, 250], (0, 250))])  # fmt: skip
def test_the_interval_of_a_bounded_quantity_stays_within_its_bounds(column, values, ends):
    free = stats.mean_interval(values, bounds=bounds.ANY)
    held = stats.mean_interval(values, bounds=bounds.of(column))
    for end, at, wanted in ((held.low, free.low, ends[0]), (held.high, free.high, ends[1])):
        assert end == (at if wanted is None else wanted)
    assert held.low <= held.mean == free.mean <= held.high


def test_logarithms_have_no_bounds():
    assert stats.ratio_interval([0.5, 0.6, 0.7, 0.5, 0.6]).low < 0.6 < 1


def test_goodput_averages_times_not_rates():
    two = stats.goodput_interval([80, 80], [1.0, 3.0])
    assert two.mean == pytest.approx(40.0)  # the mean of the rates would be 53.3


def test_the_interval_of_a_goodput_is_that_of_the_time_turned_over():
    seconds = [1.0, 1.1, 0.9, 1.05, 0.95]
    time = stats.mean_interval(seconds)
    rate = stats.goodput_interval([80] * 5, seconds)
    assert rate.low == pytest.approx(80 / time.high) and rate.high == pytest.approx(80 / time.low)


def test_a_time_that_may_be_zero_gives_no_interval_of_the_goodput():
    rate = stats.goodput_interval([80] * 5, [0.01, 0.01, 0.01, 0.01, 9.0])
    assert rate.mean > 0 and math.isnan(rate.low) and math.isnan(rate.high)


def test_ratios_are_averaged_on_their_logarithms():
    even = stats.ratio_interval([0.5, 2.0, 0.5, 2.0, 1.0])
    assert even.mean == pytest.approx(1.0) and even.low * even.high == pytest.approx(1.0)
    assert even.median == 1.0 and math.isnan(stats.ratio_interval([1.0, 2.0]).low)


def test_only_values_beyond_the_fences_are_outliers():
    assert list(stats.outliers([1, 1.1, 0.9, 1.05, 0.95, 3])) == [False] * 5 + [True]
    assert not stats.outliers([1, 1, 1, 50]).any()


def test_pairs_are_made_within_blocks_and_blocks_with_a_gap_are_left_out():
    above = pd.DataFrame({"block": [0, 1, 2, 3], "value": [2.0, 4.0, 6.0, np.nan]})
    below = pd.DataFrame({"block": [2, 0, 3], "value": [3.0, 1.0, 5.0]})
    ratio = pairs.ratios(above, below, "value")
    assert list(ratio.index) == [0, 2] and list(ratio) == pytest.approx([2.0, 2.0])
