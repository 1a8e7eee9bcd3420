"""Did the machine change while the bench ran: every run beside the median of its cell, in the order
in which the runs took place."""

import numpy as np
from matplotlib.lines import Line2D

from plots import caption, cells, marks, style, wording
from plots.output import Drawing

NAME = "drift"
ASKS = "Did the machine change while it measured?"
HOW = ("Each point is one run: its goodput over the median of all runs with the same settings, in "
       "the order of their starts. A flat cloud about 1 means no drift. Line: median of the "
       "{window} runs about each. Settings that were run fewer than {fewest} times are left out. n"
       " = {shown} runs, of medians of {each} runs.")
FEWEST = 3       # of fewer runs the median says nothing about one of them
WINDOW = 15      # runs in the moving median
HALF_A_WINDOW = WINDOW // 2 + 1
MEDIAN = {"color": "black", "linewidth": 1.6}


def draw(results):
    """One panel with all experiments of the session."""
    good = relative(cells.by_algorithm(cells.counted(results.runs)))
    if good.empty:
        return
    figure, axes = style.sheet(panel=(8.0, 3.6))
    axes, page = axes[0, 0], marks.Page()
    for name, rows in marks.by_value(good, "experiment"):
        marks.points(axes, rows["order"].to_numpy(), rows["relative"].to_numpy(), page.look(name),
                     0.0)
    axes.plot(good["order"], good["moving_median"], **MEDIAN)
    _dress(axes)
    each = good.groupby(cells.KEY, dropna=False).size()
    how = HOW.format(window=WINDOW, fewest=FEWEST, shown=len(good), each=wording.span(each))
    text = caption.build(results, [how], results.runs[results.runs["experiment"].isin(page.looks)])
    style.finish(figure, ASKS, text, [*page.handles(line=False),
                                      Line2D([], [], label="moving median", **MEDIAN)])
    columns = ["run_id", "experiment", "order", "relative", "moving_median"]
    yield Drawing(NAME, figure, good[columns], text)


def relative(good):
    """The counted runs of cells with FEWEST or more, in the order of their starts, with the columns
    `order` (from 1), `relative` (goodput over the cell's median) and `moving_median` of it."""
    good = good.sort_values("started_unix_ns", kind="stable")
    cell = good.groupby(cells.KEY, dropna=False)["run_goodput_mbit_s"]
    good = good.assign(relative=good["run_goodput_mbit_s"] / cell.transform("median"),
                       order=np.arange(1, len(good) + 1))
    good = good[cell.transform("size") >= FEWEST]
    moving = good["relative"].rolling(WINDOW, center=True, min_periods=HALF_A_WINDOW).median()
    return good.assign(moving_median=moving)


def _dress(axes):
    axes.axhline(1.0, color="#666666", linewidth=0.8, zorder=1.5)
    axes.set_xlabel("runs in the order of their starts")
    axes.set_ylabel("goodput / median of its cell")
    axes.margins(y=0.1)
    style.ratio_ticks(axes, "y")
