"""Goodput against N where the receive window is the limit."""

from functools import partial

import numpy as np

from plots import caption, cells, links, marks, style, theory, windows, wording
from plots.output import Drawing

NAME = "window"
ASKS = "Is it the window?"
LAW = "N · W / RTT, at most the capacity"
HOW = ("Points: single runs, their steady phase. Joined marks: mean. Bars: its 95 % interval "
       "(Student's t). Grey: the law, where the buffer was set and samples tell the window W that "
       "the fewest connections had in flight each; a buffer of W bytes is not a window of W.")
TICKS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]


def draw(results):
    """One panel for each link and algorithm; one curve for each size of the receive buffer."""
    rows = cells.by_algorithm(results.runs)
    good = cells.counted(rows)
    shown = marks.panels(good[good["steady_goodput_mbit_s"] > 0])
    if not shown:
        return
    draw_panel = partial(_draw_panel, samples=results.samples)
    figure, _, page = marks.draw_panels(shown, draw_panel, panel=(5.2, 3.4))
    text = caption.build(results, [HOW], rows, page.per_point, page.outliers)
    law = [marks.model_handle(LAW)] * page.has_model()
    style.finish(figure, ASKS, text, page.handles() + law)
    yield Drawing(NAME, figure, marks.table(page.records, "connections", "goodput_mbit_s"), text)


def _draw_panel(axes, panel, title, page, samples):
    curves = list(cells.groups(panel, ["receive_buffer_bytes"]))
    for shift, ((buffer,), rows) in zip(marks.shifts(len(curves)), curves):
        label = wording.setting("receive_buffer_bytes", buffer) or "tuned by the kernel"
        by_number = marks.by_value(rows, "connections")
        if buffer == buffer:
            _draw_law(axes, by_number, label, title, samples, page)
        page.add_curve(axes, by_number, label, title, "Mbit/s", "steady_goodput_mbit_s",
                       shift=shift)
    axes.set_title(title)
    marks.connections_axis(axes, panel["connections"].unique())
    axes.set_yscale("log")
    axes.margins(x=0.08, y=0.1)
    style.values_as_ticks(axes.yaxis, TICKS, "{:g}".format)
    axes.set_ylabel("steady goodput, Mbit/s (logarithmic)")


def _draw_law(axes, by_number, label, title, samples, page):
    """The law with the window of the cell with fewest connections."""
    fewest, rows = by_number[0]
    first, flight = rows.iloc[0], windows.flight_bytes(samples, rows)
    if flight is not None:
        numbers = np.arange(fewest, by_number[-1][0] + 1)
        expected = theory.window_limited(numbers, flight, first["rtt_ms"] / 1e3,
                                         links.capacity(first))
        page.add_model(axes, numbers, expected, label, title, "Mbit/s")
