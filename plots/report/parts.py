"""What several parts of the page share: a table, short lists of runs, numbers for JSON."""

import math
import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """`caption`: what it is, read out first. `rows`: texts, as many in each as `headings`."""

    caption: str
    headings: list
    rows: list


def run_list(names):
    """Run ids as people write them, neighbours joined: 'r1, r4 to r6'."""
    spans = []
    for name in sorted(set(names), key=_natural):
        if spans and _follows(spans[-1][-1], name):
            spans[-1].append(name)
        else:
            spans.append([name])
    return ", ".join(word for span in spans for word in _words(span))


def _words(span):
    return span if len(span) < 3 else [f"{span[0]} to {span[-1]}"]


def _natural(name):
    """Sorts r9 before r10."""
    return [(int(part), "") if part.isdigit() else (-1, part)
            for part in re.split(r"([0-9]+)", name)]


def _follows(first, second):
    """Whether `second` is `first` with its last number one higher."""
    one, two = (re.fullmatch(r"(.*?)([0-9]+)", name) for name in (first, second))
    return bool(one and two and one[1] == two[1] and int(two[2]) == int(one[2]) + 1)


def short(value, digits=5):
    """A number for JSON, with so many digits; None where it is none."""
    if value is None or not math.isfinite(value):
        return None
    value = float(f"{value:.{digits}g}")
    return int(value) if value == int(value) else value


def seconds_as_ms(values):
    """Times in s as whole tenths of milliseconds, in ms."""
    return [short(round(value * 1e4) / 10, 9) for value in values]
