"""The common figure of the lab: a measured quantity against one setting that was varied.

Every run is a point; a line joins the cells' means, with their 95 % intervals. Runs in which the
setting is blank (a default, or a part that has no such setting) make a horizontal line.
"""

import math
from functools import partial

from plots import caption, cells, marks, style, wording
from plots.output import Drawing

HOW = {"goodput": "Points: single runs. Lines: bytes over mean time. Bars: 95 % interval of the mean "
                  "time, turned into a rate.",
       "time": "Points: single runs. Lines: mean time. Bars: its 95 % interval (Student's t)."}


def draw_sweep(results, what):
    """Yields the one Drawing of `what`, a `wanted.Sweep`, or nothing where no run counts."""
    rows = results.runs
    good = cells.counted(rows)
    swept = good[good[what.x].notna()]
    if swept.empty:
        return
    shown = marks.panels(swept, what.panels, (what.x,))
    draw_panel = partial(_draw_panel, references=good[good[what.x].isna()], what=what)
    figure, axes, page = marks.draw_panels(shown, draw_panel)
    style.same_heights(axes, [panel["link"].iloc[0] for panel, _ in shown])
    text = caption.build(results, [HOW[what.y]] + [what.remark] * bool(what.remark), rows,
                         page.per_point, page.outliers)
    style.finish(figure, what.asks, text, page.handles())
    value = "time_s" if what.y == "time" else "throughput"
    yield Drawing(what.name, figure, marks.table(page.records, what.x, value), text)


def _unit(panel, what):
    """(unit, factor) of the panel's y axis."""
    return ("s", 1.0) if what.y == "time" else wording.rate_unit(panel["link"].iloc[0])


def _draw_panel(axes, panel, title, page, references, what):
    _draw_curves(axes, panel, what, page, title)
    _draw_references(axes, references, panel, what, page, title)
    _dress(axes, panel, what, title)


def _draw_curves(axes, panel, what, page, title):
    unit, factor = _unit(panel, what)
    lines = list(cells.curves(panel, [what.x, *what.panels]))
    for shift, (label, rows) in zip(marks.shifts(len(lines)), lines):
        page.add_curve(axes, marks.by_value(rows, what.x), label, title, unit, what.y, factor, shift)


def _draw_references(axes, references, panel, what, page, title):
    """Cells that share the panel's link, algorithm, size and sink but have no value of `x`."""
    first = panel.iloc[0]
    for name in set(cells.PANEL) - {what.x}:
        value = first[name]
        same = references[name].isna() if value != value else references[name] == value
        references = references[same]
    unit, factor = _unit(panel, what)
    for label, rows in cells.curves(references, [what.x]) if len(references) else ():
        label = f"{label} (for comparison)"
        look = {**page.look(label), "marker": ""}
        page.looks[label] = look
        _, estimate = marks.measure(rows, what.y, factor)
        axes.axhline(estimate.mean, color=look["color"], linestyle=look["linestyle"])
        if not math.isnan(estimate.low):
            axes.axhspan(estimate.low, estimate.high, color=look["color"], alpha=0.12, linewidth=0)
        page.per_point.append(estimate.n)
        page.records.append({"panel": title, "unit": unit, "curve": label, "x": math.nan,
                             "kind": "mean", "n": estimate.n, "value": estimate.mean,
                             "low": estimate.low, "high": estimate.high})


def _dress(axes, panel, what, title):
    axes.set_title(title)
    axes.margins(x=0.09)
    axes.set_xscale("log")
    style.values_as_ticks(axes.xaxis, panel[what.x].unique(), _writer(what.x))
    axes.set_xlabel(what.x_label)
    if what.y == "time":
        axes.set_yscale("log")
        axes.set_ylabel("time for the whole file")
        style.time_ticks(axes.yaxis)
    else:
        style.rate_axis(axes, panel["link"].iloc[0])


def _writer(column):
    """How the values of a column are written under an axis."""
    return wording.size if column.endswith("_bytes") else "{:g}".format
