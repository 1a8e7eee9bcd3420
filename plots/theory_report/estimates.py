"""What the runs of a cell say: one value a block, their mean, and Student's interval of it."""

from dataclasses import dataclass

import pandas as pd

from plots import bounds, links, stats, theory

FEWEST_FOR_AN_INTERVAL = 2    # to judge by; figures draw none below stats.FEWEST


@dataclass(frozen=True)
class Mean:
    """`values`: one a block. The ends of the interval are NaN where there is none."""

    values: tuple
    value: float
    low: float
    high: float

    @property
    def n(self):
        return len(self.values)


def mean(values, within=bounds.NOT_NEGATIVE):
    """The Mean of `values` (n,), which lie `within` these bounds, with its 95 % interval, from two
    values on."""
    return _with(values, stats.mean_interval(values, FEWEST_FOR_AN_INTERVAL, within))


def geometric_mean(ratios):
    """The same on the logarithms of `ratios` (n,), all above 0."""
    return _with(ratios, stats.ratio_interval(ratios, FEWEST_FOR_AN_INTERVAL))


def goodput(cell):
    """Mbit/s of the steady phase, a Series with one value a block."""
    return _by_block(cell, cell.rows["steady_goodput_mbit_s"])


def duration(cell):
    """Seconds for the whole file."""
    return _by_block(cell, cell.rows["duration_s"])


def share_of_link(cell):
    """The goodput as a share of what the link can carry of payload."""
    return goodput(cell) / theory.payload_cap(cell.settings)


def share_of_user(cell):
    """The goodput as a share of what we and the others got together, both as payload."""
    return _by_block(cell, links.share_of_user(cell.rows))


def mathis_c(cell):
    """The constant that each block's goodput implies."""
    about = cell.settings
    return goodput(cell) / theory.mathis(about["loss"], about["rtt_s"], 1.0)


def over(cell, other):
    """The goodput of `cell` over that of `other`, block by block, where both were measured."""
    both = pd.concat([goodput(cell), goodput(other)], axis=1, join="inner")
    return both.iloc[:, 0] / both.iloc[:, 1]


def _with(values, estimate):
    return Mean(tuple(float(value) for value in values), estimate.mean, estimate.low, estimate.high)


def _by_block(cell, values):
    return values[values.notna()].astype(float).groupby(cell.rows["at"]).mean()
