"""How many times faster N connections are than one, block by block."""

from plots import marks, pairs

HOW = ("A pair is the goodput with N connections over that with one, in the same block; for files "
       "that is the time with one over the time with N.")


def find(rows, panel):
    """[(N, ratios of the pairs, indexed by block)] of one curve's counted `rows`, N above 1.

    A schedule that was not run with one connection is held against the panel's other one: a single
    connection has nothing to divide.
    """
    one = rows[rows["connections"] == 1]
    if one.empty:
        same = panel["contestant"] == rows["contestant"].iloc[0]
        one = panel[same & (panel["connections"] == 1)]
    found = [(int(number), pairs.ratios(many, one, "run_goodput_mbit_s"))
             for number, many in marks.by_value(rows[rows["connections"] > 1], "connections")]
    return [(number, ratio) for number, ratio in found if len(ratio)]
