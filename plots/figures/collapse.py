"""All links on one curve: what N connections carry against what N times one flow would be, both as
a share of the link's capacity."""

import numpy as np

from plots import caption, cells, links, marks, style
from plots.output import Drawing

NAME = "collapse"
ASKS = "Do all links follow one curve?"
IDEAL = "N flows, until the link is full"
HOW = ("Across: N times the mean goodput of one connection, over what the link can carry of "
       "payload. Up: the goodput with N connections, over the same. Pale points: single runs. "
       "Marks: bytes over mean time, more to the right with each N. Bars: 95 % interval. Grey: "
       "min(x, 1). The first mark of each lies on the grey line by definition.")


def draw(results):
    """One panel; a curve for each link, algorithm and schedule that was run with one connection."""
    rows = cells.by_algorithm(results.runs)
    rows = rows[rows["rate_mbit_s"] > 0]
    curves = [(label, found) for label, cell in cells.subjects(cells.counted(rows))
              if (found := _by_load(cell))]
    if not curves:
        return
    figure, axes = style.sheet(panel=(6.4, 4.0))
    axes, page = axes[0, 0], marks.Page()
    loads = [load for _, found in curves for load, _ in found]
    x = np.union1d(np.geomspace(min(loads), max(*loads, 1.0), 60), [1.0])
    page.add_model(axes, x, np.minimum(x, 1.0), IDEAL, NAME, "1")
    for label, found in curves:
        capacity = links.capacity(found[0][1].iloc[0])
        page.add_curve(axes, found, label, NAME, "1", factor=1 / capacity, shift=None)
    _dress(axes)
    text = caption.build(results, [HOW], rows, page.per_point, page.outliers)
    style.finish(figure, ASKS, text, [*page.handles(line=False), marks.model_handle(IDEAL)])
    yield Drawing(NAME, figure, marks.table(page.records, "load", "share"), text)


def _by_load(rows):
    """[(N times one flow's goodput over the capacity, the runs with N)], none without one flow."""
    one = rows[rows["connections"] == 1]
    if one.empty:
        return []
    flow = cells.goodput(one).mean / links.capacity(one.iloc[0])
    return [(number * flow, cell) for number, cell in marks.by_value(rows, "connections")]


def _dress(axes):
    axes.set_xscale("log")
    axes.margins(x=0.06)
    style.ratio_ticks(axes, "x")
    axes.set_xlabel("N × one flow / capacity (logarithmic)")
    axes.set_ylim(0, max(1.05, axes.get_ylim()[1]))
    axes.set_ylabel("goodput / capacity")
