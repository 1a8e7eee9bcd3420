"""Figures, and the files that they are saved in, have the names that are frozen."""

import frozen
import lab
import pytest
from running import plots

from plots import figures, results, style, wanted

SAMPLES = lab.ROOT / "tests" / "plots"
# Results that are quickly drawn before those that are not.
DRAWN_FROM = ("golden_load", "golden_mirrors", "golden_time", "golden_grid", "golden")


def test_figures_are_those_that_are_frozen():
    listed = plots("--list").stdout.splitlines()
    assert sorted(line.split()[0] for line in listed) == sorted(frozen.groups("figures.txt"))


@pytest.fixture(scope="module", name="drawn")
def fixture_drawn():
    """{figure: names of its files, of the first results that have rows for it}."""
    found = {}
    for name in DRAWN_FROM:
        read = results.load(SAMPLES / name)
        for figure in figures.asked(wanted.sweeps(read)).keys() - found.keys():
            with style.settings():
                if names := [drawing.name for drawing in figures.drawn(figure, read)]:
                    found[figure] = names
    return found


@pytest.mark.parametrize("figure", frozen.groups("figures.txt"))
def test_files_of_figures_are_those_that_are_frozen(drawn, figure):
    frozen.expect_in_any_order("figures.txt", figure, drawn.get(figure, []))
