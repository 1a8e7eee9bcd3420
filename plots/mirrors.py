"""Runs with several mirrors: what becomes of each, and the best they can do.

The column `mirrors` has a word for each, parted by commas: `well`, `slow`, `killed@800ms`,
`70%`, `stalled@800ms`, `slowed@800ms`, `lying@800ms` (docs/metrics.md).
"""

import math
import re
from dataclasses import dataclass

from plots import cells, links, theory, wording

SLOW = 0.1                 # of the link's rate, what a slow mirror has
WORD = re.compile("(well|slow|[1-9][0-9]?%|100%)|"
                  "(killed|stalled|slowed|lying)@([0-9.]+)(s|ms|min|)")
SECONDS = {"": 1.0, "s": 1.0, "ms": 1e-3, "min": 60.0}
SCHEDULES = ("rotate", "fastest", "adaptive")  # in the order in which they are shown


@dataclass(frozen=True)
class Fate:
    """`word`: well, slow, a share of the rate as "70%", killed, stalled, slowed or lying; `at_s`:
    when, NaN for the first three."""

    word: str
    at_s: float

    @property
    def remains(self):
        return not self.turns or self.word == "slowed"

    @property
    def turns(self):
        """Whether something becomes of it at a moment."""
        return not math.isnan(self.at_s)

    @property
    def rate(self):
        """Of its link in the end, in terms of the others' rate."""
        if self.kind == "unlike":
            return float(self.word[:-1]) / 100
        return SLOW if self.word in ("slow", "slowed") else 1.0

    @property
    def kind(self):
        """The word, 'unlike' where it is a share."""
        return "unlike" if self.word.endswith("%") else self.word

    @property
    def told(self):
        """'slow', 'killed after 0.8 s'."""
        return f"{self.word} after {self.at_s:g} s" if self.turns else self.word


def counted(results):
    """The counted rows with several mirrors, `over_ideal` added: the time over `ideal_s`."""
    good = cells.counted(results.runs)
    good = good[good["mirrors"].map(_remain).astype(bool)]
    return good.assign(over_ideal=[run["time_s"] / ideal_s(run) for _, run in good.iterrows()])


def _remain(text):
    return any(fate.remains for fate in fates(text))


def fates(text):
    """[Fate] of one cell's `mirrors`; [] where it is blank or makes no sense."""
    words = [WORD.fullmatch(word) for word in text.split(",")]
    if not all(words):
        return []
    return [Fate(word[1], math.nan) if word[1] else
            Fate(word[2], float(word[3]) * SECONDS[word[4]]) for word in words]


def ideal_s(run):
    """Seconds that the run's mirrors need for the file if all that remain bring payload at their
    links' rates from the beginning to the end: S / sum of rates."""
    capacity = links.capacity(run)
    rates = [capacity * fate.rate for fate in fates(run["mirrors"]) if fate.remains]
    return theory.ideal_s(run["file_bytes"], rates)


def case(text):
    """One cell's `mirrors` for people: 'all 4 well', '1 of 4 killed after 0.8 s', '3 of 4 at 70, 40,
    20 %'."""
    found = fates(text)
    shares = [f"{100 * fate.rate:g}" for fate in found if fate.kind == "unlike"]
    ill = [fate.told for fate in found if fate.kind not in ("well", "unlike")]
    parts = [f"{ill.count(told)} of {len(found)} {told}" for told in dict.fromkeys(ill)]
    if shares:
        parts.append(f"{len(shares)} of {len(found)} at {', '.join(shares)} %")
    return ", ".join(parts) or f"all {len(found)} well"


def by_case(rows):
    """[(`mirrors`, its rows)], first where all are well, then by what becomes of the others."""
    order = sorted(rows["mirrors"].unique(), key=lambda text: (name(text) != "well", case(text)))
    return [(text, rows[rows["mirrors"] == text]) for text in order]


def by_schedule(rows):
    """[(schedule, its rows)] in the order of SCHEDULES."""
    return [(name, rows[rows["schedule"] == name]) for name in SCHEDULES
            if (rows["schedule"] == name).any()]


def name(text):
    """What becomes of a cell's mirrors as the name of a file: 'well', 'killed', 'killed-slow'."""
    words = sorted({fate.kind for fate in fates(text)} - {"well"})
    return "-".join(words) or "well"


def size(count):
    """Bytes of the file in MB with one decimal: '5.2 MB'."""
    return f"{wording.number(count / 1e6)} MB"
