"""What the runs of a cell say: one value a block, their mean, and Student's interval of it."""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from plots import stats, theory

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


def mean(values):
    """The Mean of `values` (n,) with its 95 % interval, from two values on."""
    values = np.asarray(values, dtype=float)
    middle = float(np.mean(values))
    if len(values) < FEWEST_FOR_AN_INTERVAL:
        return Mean(tuple(values), middle, math.nan, math.nan)
    half = (stats.student_quantile(0.5 + stats.CONFIDENCE / 2, len(values) - 1)
            * float(np.std(values, ddof=1)) / math.sqrt(len(values)))
    return Mean(tuple(values), middle, middle - half, middle + half)


def geometric_mean(ratios):
    """The same on the logarithms of `ratios` (n,), all above 0."""
    logs = mean(np.log(np.asarray(ratios, dtype=float)))
    return Mean(tuple(np.exp(logs.values)), *(math.exp(part)
                                              for part in (logs.value, logs.low, logs.high)))


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
    mine = cell.rows["steady_goodput_mbit_s"]
    others = cell.rows["bystander_mbit_s"] * theory.PAYLOAD_SHARE
    return _by_block(cell, mine / (mine + others))


def mathis_c(cell):
    """The constant that each block's goodput implies."""
    about = cell.settings
    return goodput(cell) / theory.mathis(about["loss"], about["rtt_s"], 1.0)


def over(cell, other):
    """The goodput of `cell` over that of `other`, block by block, where both were measured."""
    both = pd.concat([goodput(cell), goodput(other)], axis=1, join="inner")
    return both.iloc[:, 0] / both.iloc[:, 1]


def _by_block(cell, values):
    return values[values.notna()].astype(float).groupby(cell.rows["at"]).mean()
