"""What a set of ratios says: faster, as fast, slower, or nothing yet.

A ratio is judged by the region in which its whole interval lies; with several ratios of one family,
Holm's correction (1979) makes the intervals as wide as their number asks for.
"""

import math
from dataclasses import dataclass, replace

import numpy as np

from plots import stats

HELP, SAME, HURT, OPEN = "help", "make no difference", "hurt", "cannot tell yet"
ALIKE = (math.log(0.95), math.log(1.05))
CLEAR = (math.log(0.67), math.log(1.5))
FEWEST_PAIRS = 8         # for a verdict
FEWEST_CLEAR_PAIRS = 5   # where the whole interval lies outside of CLEAR
LEVEL = 1.0 - stats.CONFIDENCE
MOST_MORE = 100          # repetitions that an advice may ask for


@dataclass(frozen=True)
class Comparison:
    """One cell against the cell with one connection.

    `estimate`: of the pairs' ratios, above 1 where N connections are faster. `spread`: standard
    deviation of their logarithms. `p_holm`: the adjusted p-value of `outcome` or of what it would
    be. `more`: repetitions after which an open one should be told, None where there is no end.
    """

    connections: int
    estimate: stats.Estimate
    spread: float
    p_holm: float = 1.0
    outcome: str = OPEN
    more: int = None


def compare(connections, ratios):
    """A Comparison, not yet judged, of `ratios` (n,), one of each block."""
    logs = np.log(np.asarray(ratios, dtype=float))
    spread = float(np.std(logs, ddof=1)) if len(logs) > 1 else math.nan
    return Comparison(connections, stats.ratio_interval(ratios), spread)


def judge(family):
    """The Comparisons of one family with their outcomes; those without an interval stay open and
    do not count as members."""
    members = [one for one in family if one.estimate.n >= stats.FEWEST]
    adjusted = stats.holm([_p_value(one) if _enough(one) else 1.0 for one in members])
    told = {id(one): (p, _region(one) if p < LEVEL else OPEN)
            for one, p in zip(members, adjusted)}
    still_open = sum(outcome == OPEN for _, outcome in told.values())
    judged = []
    for one in family:
        p, outcome = told.get(id(one), (1.0, OPEN))
        more = _more(one, LEVEL / max(still_open, 1)) if outcome == OPEN else None
        judged.append(replace(one, p_holm=p, outcome=outcome, more=more))
    return judged


def _enough(one):
    return _enough_pairs(one.estimate.n, math.log(one.estimate.low), math.log(one.estimate.high))


def _enough_pairs(number, low, high):
    """Whether `number` pairs may carry a verdict, their interval's logarithms being these."""
    clear = low > CLEAR[1] or high < CLEAR[0]
    return number >= FEWEST_PAIRS or number >= FEWEST_CLEAR_PAIRS and clear


def _region(one):
    """The verdict whose region the mean lies in."""
    mean = math.log(one.estimate.mean)
    return HURT if mean < ALIKE[0] else HELP if mean > ALIKE[1] else SAME


def _distance(one):
    """From the mean's logarithm to the nearest end of its region."""
    return min(abs(math.log(one.estimate.mean) - end) for end in ALIKE)


def _p_value(one):
    """The level at which Student's interval, narrowing with it, first fits into the region."""
    error = one.spread / math.sqrt(one.estimate.n)
    if error == 0.0:
        return 0.0 if _distance(one) > 0.0 else 1.0
    return stats.student_two_sided(_distance(one) / error, one.estimate.n - 1)


def _more(one, level):
    """Repetitions to go until the interval fits, should mean and spread stay as they are."""
    number = one.estimate.n
    if number < 2:
        return FEWEST_PAIRS - number
    mean = math.log(one.estimate.mean)
    for more in range(1, MOST_MORE + 1):
        pairs = number + more
        if pairs < stats.FEWEST:
            continue
        usual, strict = (stats.student_quantile(1 - alpha / 2, pairs - 1) * one.spread
                         / math.sqrt(pairs) for alpha in (LEVEL, level))
        if strict < _distance(one) and _enough_pairs(pairs, mean - usual, mean + usual):
            return more
    return None
