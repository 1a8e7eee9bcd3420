"""A fixed split against a work queue, connections of unequal rates."""

import re

from plots import caption, cells, marks, style, theory
from plots.output import Drawing

NAME = "stragglers"
ASKS = "Static split or work queue?"
HOW = ("Points: single runs. Marks: mean time. Bars: its 95 % interval (Student's t). Grey: when "
       "the slowest connection has brought its equal part (static), and when all together have "
       "brought the file (dynamic); a start and a chunk at the end come on top.")
MBIT = {"bit": 1e-6, "kbit": 1e-3, "Mbit": 1.0, "Gbit": 1e3,
        "B/s": 8e-6, "kB/s": 8e-3, "MB/s": 8.0, "GB/s": 8e3}
LAW = {"static": theory.static_s, "dynamic": theory.ideal_s}
HALF_A_LINE = 0.3


def draw(results):
    """One panel for each list of rates; static and dynamic side by side."""
    rows = cells.by_algorithm(results.runs)
    good = cells.counted(rows)
    shown = marks.panels(good[(good["limit_rates"] != "") & good["schedule"].isin(LAW)],
                         ["limit_rates"])
    if not shown:
        return
    figure, axes, page = marks.draw_panels(shown, _draw_panel)
    style.same_heights(axes, [NAME] * len(axes))
    text = caption.build(results, [HOW], rows, page.per_point, page.outliers)
    handles = [*page.handles(line=False), marks.model_handle("theory")]
    style.finish(figure, ASKS, text, handles)
    yield Drawing(NAME, figure, marks.table(page.records, "place", "time_s"), text)


def rates(limit_rates):
    """Mbit/s of each connection: '10Mbit,2Mbit' -> [10.0, 2.0]."""
    words = [re.fullmatch(r"([0-9.]+)(.+)", word) for word in limit_rates.split(",")]
    return [float(word[1]) * MBIT[word[2]] for word in words]


def _draw_panel(axes, panel, title, page):
    granted = rates(panel["limit_rates"].iloc[0])
    for place, (name, law) in enumerate(LAW.items()):
        rows = panel[panel["schedule"] == name]
        if rows.empty:
            continue
        ends = [place - HALF_A_LINE, place + HALF_A_LINE]
        page.add_model(axes, ends, [law(rows["file_bytes"].iloc[0], granted)] * 2, name, title, "s")
        page.add_curve(axes, [(place, rows)], name, title, "s", "time")
    axes.set_title(f"connections of {', '.join(f'{rate:g}' for rate in granted)} Mbit/s")
    axes.set_xticks(range(len(LAW)), list(LAW))
    axes.set_xlim(-0.6, len(LAW) - 0.4)
    axes.grid(axis="x", visible=False)
    axes.set_ylim(0, axes.get_ylim()[1] * 1.05)
    axes.set_ylabel("time for the whole file, s")
