"""How many times faster N connections are than one."""

import pandas as pd

from plots import caption, cells, gains, marks, style
from plots.output import Drawing

NAME = "speedup"
ASKS = "How many times faster are N connections?"
HOW = ("Above 1 more connections help. Pale: pairs of runs of one block. Joined marks: geometric "
       f"mean. Bars: 95 % interval (Student's t on the logs). {gains.HOW}")


def draw(results):
    """One panel for each link, algorithm and size; one curve for each contestant and schedule."""
    rows = cells.by_algorithm(results.runs)
    compared = [(curves, title) for panel, title in marks.panels(cells.counted(rows))
                if (curves := list(_curves(panel)))]
    if not compared:
        return
    figure, axes, page = marks.draw_panels(compared, _draw_panel)
    style.same_heights(axes, [NAME] * len(axes))
    for place in axes:
        style.ratio_ticks(place, "y")
    text = caption.build(results, [HOW], rows, page.per_point, of="pairs")
    style.finish(figure, ASKS, text, page.handles())
    yield Drawing(NAME, figure, pd.DataFrame(page.records), text)


def _curves(panel):
    """Yields (label, [(N, ratios, {"connections": N})]) of each curve that has pairs."""
    for label, rows in cells.scheduled(cells.curves(panel, ["connections"])):
        found = [(number, ratio, {"connections": number}) for number, ratio in
                 gains.find(rows, panel)]
        if found:
            yield label, found


def _draw_panel(axes, curves, title, page):
    for shift, (label, by_x) in zip(marks.shifts(len(curves)), curves):
        page.add_ratios(axes, by_x, label, title, shift)
    axes.axhline(1.0, color="black", linewidth=0.9)
    axes.set_title(title)
    axes.margins(x=0.12, y=0.12)
    marks.connections_axis(axes, {number for _, by_x in curves for number, *_ in by_x})
    axes.set_yscale("log")
    axes.set_ylabel("N over one (logarithmic)")
