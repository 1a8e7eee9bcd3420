"""Comparisons within blocks: two cells, run after one another, as the ratio of their values."""

import numpy as np
import pandas as pd


def by_block(rows, column):
    """The cell's value in each block (geometric mean, should a block hold several runs).

    Returns a Series of `column`, indexed by block; values that are blank or not above 0 are left out.
    """
    values = rows.loc[rows[column] > 0, ["block", column]]
    return np.exp(np.log(values[column]).groupby(values["block"]).mean())


def ratios(above, below, column):
    """`column` of the cell `above` over that of `below`, a Series with one ratio for each block that
    has both."""
    both = pd.concat([by_block(above, column), by_block(below, column)], axis=1, join="inner")
    return (both.iloc[:, 0] / both.iloc[:, 1]).rename("ratio").sort_index()


def records(ratio, estimate, **about):
    """The plotted numbers of one comparison: its pairs, then geometric mean, interval and median."""
    found = [{**about, "kind": "pair", "block": block, "ratio": value}
             for block, value in ratio.items()]
    return found + [{**about, "kind": "geometric mean", "n": estimate.n, "ratio": estimate.mean,
                     "low": estimate.low, "high": estimate.high, "median": estimate.median}]
