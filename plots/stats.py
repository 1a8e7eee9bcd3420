"""The statistics of the lab: Student's t, intervals of means, of goodputs and of ratios, outliers.

Times are averaged, not rates. No interval is given for fewer than `FEWEST` values.
"""

import math
from dataclasses import dataclass
from functools import cache

import numpy as np

from plots.bounds import ANY, NOT_NEGATIVE

FEWEST = 5
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Estimate:
    """A mean of `n` values and its interval; `low` and `high` are NaN where none is given."""

    n: int
    mean: float
    low: float
    high: float
    median: float


def _beta_fraction(a, b, x):
    """Continued fraction of the incomplete beta function (DLMF 8.17.22), by Lentz's method."""
    tiny = 1e-300
    c, d = 1.0, 1.0 / max(1.0 - (a + b) * x / (a + 1.0), tiny)
    value = d
    for m in range(1, 10_000):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1.0 + term * d
            c = 1.0 + term / c
            d = 1.0 / (d if abs(d) > tiny else tiny)
            c = c if abs(c) > tiny else tiny
            value *= c * d
        if abs(c * d - 1.0) < 1e-16 * 4:
            return value
    raise ArithmeticError(f"incomplete beta function did not converge: a={a} b={b} x={x}")


def incomplete_beta(a, b, x):
    """Regularised incomplete beta function I_x(a, b) for a, b > 0 and 0 <= x <= 1 (DLMF 8.17).

    The fraction converges fast for x < (a + 1) / (a + b + 2); above, I_x(a, b) = 1 - I_1-x(b, a).
    """
    if x <= 0.0 or x >= 1.0:
        return min(max(x, 0.0), 1.0)
    log_front = (math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
                 + a * math.log(x) + b * math.log1p(-x))
    if x < (a + 1.0) / (a + b + 2.0):
        return math.exp(log_front) * _beta_fraction(a, b, x) / a
    return 1.0 - math.exp(log_front) * _beta_fraction(b, a, 1.0 - x) / b


def student_two_sided(t, df):
    """Probability that Student's t with `df` degrees of freedom lies beyond ±t (A&S 26.7.1)."""
    return incomplete_beta(df / 2.0, 0.5, df / (df + t * t))


@cache
def student_quantile(p, df):
    """The t with P(T <= t) = p, for 0 < p < 1 and df >= 1, by bisection; ValueError outside."""
    if not 0.0 < p < 1.0 or df < 1:
        raise ValueError(f"student_quantile needs 0 < p < 1 and df >= 1, not p={p}, df={df}")
    if p < 0.5:
        return -student_quantile(1.0 - p, df)
    beyond = 2.0 * (1.0 - p)
    low, high = 0.0, 1.0
    while student_two_sided(high, df) > beyond:
        low, high = high, high * 2.0
    while True:
        middle = 0.5 * (low + high)
        if middle in (low, high):
            return middle
        if student_two_sided(middle, df) > beyond:
            low = middle
        else:
            high = middle


def mean_interval(values, fewest=FEWEST, bounds=NOT_NEGATIVE):
    """Mean of `values` (n,) with Student's 95 % interval, from `fewest` (at least 2) values on; blank
    (NaN) values must be gone.

    `bounds`: the least and the most that a value can be. The mean cannot lie outside of them, so
    what the interval has there is cut off, which leaves its coverage as it is. A value beyond
    them shows that they are none.
    """
    values = np.asarray(values, dtype=float)
    n = len(values)
    if n == 0:
        return Estimate(0, math.nan, math.nan, math.nan, math.nan)
    mean, median = float(np.mean(values)), float(np.median(values))
    if n < fewest:
        return Estimate(n, mean, math.nan, math.nan, median)
    half = (student_quantile(0.5 + CONFIDENCE / 2.0, n - 1)
            * float(np.std(values, ddof=1)) / math.sqrt(n))
    least, most = min(bounds[0], np.min(values)), max(bounds[1], np.max(values))
    return Estimate(n, mean, float(max(mean - half, least)), float(min(mean + half, most)), median)


def goodput_interval(megabits, seconds):
    """Mean goodput, in Mbit/s, of runs that each moved `megabits` (n,) in `seconds` (n,).

    Times are averaged: the goodput is the mean of `megabits` over the mean of `seconds`, and its
    interval that of the mean time, turned over (its upper end is the lower end of the time). Where
    the interval of the time reaches zero there is no upper end, and no interval is given. Timed
    runs, whose seconds are all alike, must not come here: average their goodputs instead.
    """
    time = mean_interval(seconds)
    if time.n == 0:
        return time
    load = float(np.mean(megabits))
    bounded = time.low > 0.0
    return Estimate(time.n, load / time.mean, load / time.high if bounded else math.nan,
                    load / time.low if bounded else math.nan, load / time.median)


def ratio_interval(ratios, fewest=FEWEST):
    """Geometric mean of `ratios` (n,), all > 0, with Student's 95 % interval on the logarithms."""
    logs = mean_interval(np.log(np.asarray(ratios, dtype=float)), fewest, ANY)
    median = float(np.median(ratios)) if logs.n else math.nan
    return Estimate(logs.n, math.exp(logs.mean) if logs.n else math.nan,
                    math.exp(logs.low), math.exp(logs.high), median)


def holm(p_values):
    """Holm's adjusted p-values (n,), in the order given: the k-th smallest of n times n - k + 1, at
    least as large as those before it, at most 1 (Scandinavian Journal of Statistics 6, 1979)."""
    p_values = np.asarray(p_values, dtype=float)
    order = np.argsort(p_values, kind="stable")
    steps = p_values[order] * np.arange(len(p_values), 0, -1)
    adjusted = np.empty(len(p_values))
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return [float(p) for p in adjusted]


def outliers(values):
    """Mask (n,) of the values beyond Tukey's fences, 1.5 quartile distances; none for n < 5."""
    values = np.asarray(values, dtype=float)
    if len(values) < FEWEST:
        return np.zeros(len(values), dtype=bool)
    lower, upper = np.percentile(values, [25, 75])
    reach = 1.5 * (upper - lower)
    return (values < lower - reach) | (values > upper + reach)
