"""What a second thread in the client brings, as a ratio of times."""

import math

import pandas as pd

from plots import caption, cells, marks, pairs, style
from plots.output import Drawing

NAME = "pipeline"
ASKS = "When does a second thread pay?"
HOW = ("Above 1 the second thread helps. Pale: pairs of runs of one block, the time with one thread "
       "over the time with two. Lines: geometric mean. Bars: 95 % interval (Student's t on the logs).")


def draw(results):
    """One panel for each link, algorithm and size; one curve for each number of CPUs."""
    rows = results.runs
    good = cells.counted(rows)
    good = good[good["client_model"].isin(["single", "pipeline"])]
    if good["client_model"].nunique() < 2:
        return
    shown = marks.panels(good)
    figure, _, page = marks.draw_panels(shown, _draw_panel)
    text = caption.build(results, [HOW], rows, page.per_point, of="pairs")
    style.finish(figure, ASKS, text, page.handles())
    yield Drawing(NAME, figure, pd.DataFrame(page.records), text)


def _draw_panel(axes, panel, title, page):
    works = sorted(panel["work_mbyte_s"].unique(), key=lambda work: math.inf if work != work else work)
    lines = list(cells.curves(panel, ["work_mbyte_s", "client_model"]))
    for shift, (label, rows) in zip(marks.shifts(len(lines)), lines):
        page.add_ratios(axes, list(_ratios(rows, works)), label, title, shift)
    names = ["no work" if work != work else f"{work:g} MB/s" for work in works]
    axes.set_xticks(range(len(works)), names)
    axes.set_xlim(-0.4, len(works) - 0.6)
    axes.axhline(1.0, color="black", linewidth=0.8)
    axes.set_xlabel("work on the bytes, at most")
    axes.set_ylabel("time with one thread / with two")
    axes.margins(y=0.1)
    style.ratio_ticks(axes, "y")
    axes.set_title(title)


def _ratios(rows, works):
    """Yields (place, ratios, {the work}) for each of `works` that has pairs."""
    for place, work in enumerate(works):
        cell = rows[rows["work_mbyte_s"].isna() if work != work else rows["work_mbyte_s"] == work]
        ratio = pairs.ratios(cell[cell["client_model"] == "single"],
                             cell[cell["client_model"] == "pipeline"], "time_s")
        if len(ratio):
            yield place, ratio, {"work_mbyte_s": work}
