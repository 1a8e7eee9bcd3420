"""Time of small files against N, in round trips."""

import numpy as np

from plots import caption, cells, links, marks, style, theory, wording
from plots.output import Drawing

NAME = "short"
ASKS = "Do small files gain?"
LAW = "rounds of slow start"
HOW = ("Points: single runs. Joined marks: mean time. Bars: its 95 % interval (Student's t). "
       "Grey: a round trip for the handshake, one more with several connections (the others wait "
       "until the first has asked for the size), one for each round of slow start, and the "
       "transmission of what the last one carries.")


def draw(results):
    """One panel for each link and algorithm; one curve for each size of the file."""
    rows = cells.by_algorithm(results.runs)
    rows = rows[rows["rtt_ms"] > 0]
    shown = marks.panels(cells.counted(rows), one_panel=("file_bytes",))
    if not shown:
        return
    figure, _, page = marks.draw_panels(shown, _draw_panel, panel=(5.2, 3.6))
    text = caption.build(results, [HOW], rows, page.per_point, page.outliers)
    style.finish(figure, ASKS, text, [*page.handles(), marks.model_handle(LAW)])
    yield Drawing(NAME, figure, marks.table(page.records, "connections", "round_trips"), text)


def _draw_panel(axes, panel, title, page):
    rtt_s, sizes = panel["rtt_ms"].iloc[0] / 1e3, marks.by_value(panel, "file_bytes")
    numbers = np.arange(panel["connections"].min(), panel["connections"].max() + 1)
    for shift, (size, rows) in zip(marks.shifts(len(sizes)), sizes):
        expected = [theory.short_transfer_s(size, rtt_s, number, links.capacity(rows.iloc[0]),
                                            links.setup_rtts(number)) / rtt_s
                    for number in numbers]
        label = f"{wording.size(size)} file"
        page.add_model(axes, numbers, expected, label, title, "RTT")
        page.add_curve(axes, marks.by_value(rows, "connections"), label, title, "RTT", "time",
                       1 / rtt_s, shift)
    axes.set_title(title)
    marks.connections_axis(axes, panel["connections"].unique())
    axes.margins(x=0.08)
    axes.set_ylim(0, axes.get_ylim()[1] * 1.05)
    axes.yaxis.get_major_locator().set_params(integer=True)
    axes.set_ylabel(f"time, round trips of {wording.seconds(rtt_s)}")
