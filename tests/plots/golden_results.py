"""What the tests of the figures share: golden results, and what is drawn from them.

`maker` is a module that makes such results, as tests.plots.make_golden.
"""

import csv
import math

from plots import figures, results, style, wanted

# Every figure that the lab can draw of its own experiments.
NAMES = list(figures.asked(wanted.shipped_sweeps()))


def expect_as_made(maker, folder, most_bytes=math.inf):
    """Fails where the golden results are not what `maker` writes, here to `folder`, or where they
    are large."""
    maker.write(folder)
    paths = list(maker.GOLDEN.iterdir())
    assert sum(path.stat().st_size for path in paths) < most_bytes
    for path in paths:
        assert content(folder / path.name) == content(path), path.name


def content(path):
    """What a file holds: its bytes; of a CSV file its rows as dicts without their blanks, since the
    golden results may be older than a column."""
    if path.suffix != ".csv":
        return path.read_bytes()
    with open(path, newline="", encoding="utf-8") as file:
        return [{name: cell for name, cell in row.items() if cell != ""}
                for row in csv.DictReader(file)]


def drawings(read, names):
    """{name: Drawing} of the figures `names` from the Results `read`, not saved."""
    with style.settings():
        return {drawing.name: drawing for name in names for drawing in figures.drawn(name, read)}


def expect_no_interval_of_single_runs(name, maker):
    """Fails where the figure `name` cannot be drawn with a single run of each cell, or then has an
    interval."""
    read = results.load(maker.GOLDEN)
    read.runs = read.runs[read.runs["block"] == 0]
    with style.settings():
        drawn = list(figures.drawn(name, read))
        assert drawn
        for drawing in drawn:
            drawing.figure.draw_without_rendering()
            assert "low" not in drawing.data or drawing.data["low"].isna().all()
