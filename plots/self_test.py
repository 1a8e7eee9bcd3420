"""Does the bench find what is there, and nothing else? Judged from an experiment that wants
the verdict `self-test`.

Its pairs fall into trials of BLOCKS each, in the order of the blocks; there are more blocks than the
trials need, for runs that do not count. In every trial a program is compared with itself, where
nothing is to be found, and with itself at a rate that is 10 % lower, where something is. A third
test is of requests, of which every 50th was held up for 200 ms: the 99th percentile must show it.
"""

import json
from dataclasses import asdict, dataclass, fields

import numpy as np
import pandas as pd

from plots import cells, judging, pairs, wording

BLOCKS = 8               # pairs of a trial: the fewest that carry a verdict
MOST_FALSE = 2           # of 20 trials in which a program differs from itself
FEWEST_FOUND = 18        # of 20 trials in which the slower one is slower
TRIALS = 20
STALL_MS = 200.0


@dataclass(frozen=True)
class Check:
    """One of the tests: what it is, what came out, what had to, and whether it did."""

    name: str
    found: str
    wanted: str
    holds: bool


def check_trials(runs):
    """[Check] for the trials in `runs`, the rows of one experiment."""
    good = cells.counted(runs)
    fast = good["limit_rate_mbit_s"].max()
    own = good[good["contestant"] == "part3"]
    one = own[own["limit_rate_mbit_s"] == fast]
    again = good[good["contestant"] == "part3_again"]
    slower = own[own["limit_rate_mbit_s"] < fast]
    same, found = _differing(one, again), _differing(one, slower)
    return [
        Check("a program against itself", f"{_count(same)} of {len(same)} trials found a difference",
              f"at most {MOST_FALSE} of {TRIALS}",
              len(same) >= TRIALS and _count(same) <= MOST_FALSE),
        Check("a program against itself, slowed by 10 %",
              f"{sum(one == judging.HURT for one in found)} of {len(found)} trials found it slower",
              f"at least {FEWEST_FOUND} of {TRIALS}",
              len(found) >= TRIALS and sum(one == judging.HURT for one in found) >= FEWEST_FOUND)]


def check_stall(rows):
    """The Check for requests (rows of a client's --rows), of which some were held up."""
    took = 1000.0 * (rows["done_s"] - rows["intended_s"])
    if len(took) == 0:
        return Check("a stall of 200 ms in 2 % of the requests", "no request was answered",
                     "some requests", False)
    half, high = np.percentile(took, [50, 99])
    return Check("a stall of 200 ms in 2 % of the requests",
                 f"median {half:.3g} ms, 99th percentile {high:.3g} ms, n = {len(took)}",
                 f"the median below {STALL_MS:g} ms, the 99th percentile not",
                 bool(half < STALL_MS <= high))


def text(checks):
    """The checks, one a paragraph, and the verdict."""
    lines = [f"{'holds' if one.holds else 'FAILS'}: {one.name}: {one.found} (wanted: {one.wanted})"
             for one in checks]
    return "\n".join([*lines, verdict(checks)])


def verdict(checks):
    """All checks in one line."""
    broken = sum(not one.holds for one in checks)
    return (f"{wording.count(broken, 'test')} of the bench failed" if broken
            else "the bench finds what is there, and nothing else")


def save(checks, path):
    """Writes the checks as JSON."""
    path.write_text(json.dumps([asdict(one) for one in checks], indent=2) + "\n", encoding="utf-8")


def load(path):
    """The checks that `save` wrote; a ValueError says what is wrong with the file."""
    entries = json.loads(path.read_text(encoding="utf-8-sig"))
    wanted = {one.name: bool if one.name == "holds" else str for one in fields(Check)}
    if not isinstance(entries, list) or not entries or not all(
            isinstance(entry, dict) and entry.keys() == wanted.keys()
            and all(isinstance(entry[name], kind) for name, kind in wanted.items())
            for entry in entries):
        raise ValueError("not a list of tests with their outcome")
    return [Check(**entry) for entry in entries]


def read_requests(path):
    """The rows of a --rows CSV; a ValueError says what is wrong with it."""
    rows = pd.read_csv(path)
    missing = {"intended_s", "done_s"} - set(rows.columns)
    if missing:
        raise ValueError(f"{path}: missing column {', '.join(sorted(missing))}")
    return rows


def _differing(base, other):
    """The outcome of each trial: how `other` does against `base`, by completion time."""
    ratio = pairs.ratios(base, other, "time_s")
    whole = min(len(ratio) // BLOCKS, TRIALS)
    trials = [ratio.iloc[first * BLOCKS:(first + 1) * BLOCKS] for first in range(whole)]
    return [judging.judge([judging.compare(1, trial)])[0].outcome for trial in trials]


def _count(outcomes):
    return sum(one in (judging.HELP, judging.HURT) for one in outcomes)
