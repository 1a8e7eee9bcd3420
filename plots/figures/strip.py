"""Every run's completion time, side by side, N by N."""

import numpy as np
import pandas as pd

from plots import caption, cells, marks, style
from plots.output import Drawing

NAME = "strip"
ASKS = "How much do the runs differ?"
HOW = ("Each point is one run: its time for the whole file, from left to right in the order in "
       "which the runs of its cell took place. Bars: median.")
WIDTH = 0.8  # of the place of one N, shared by its curves
GAP = 0.9    # of a curve's share, taken by its points


def draw(results):
    """One panel for each link, algorithm and size; timed runs have no completion time."""
    rows = cells.by_algorithm(results.runs)
    rows = rows[rows["planned_seconds"].isna()]
    shown = marks.panels(cells.counted(rows))
    if not shown:
        return
    figure, _, page = marks.draw_panels(shown, _draw_panel)
    text = caption.build(results, [HOW], rows, page.per_point, page.outliers)
    style.finish(figure, ASKS, text, page.handles(line=False))
    yield Drawing(NAME, figure, pd.DataFrame(page.records), text)


def _draw_panel(axes, panel, title, page):
    numbers = sorted(panel["connections"].unique())
    curves = list(cells.scheduled(cells.curves(panel, ["connections"])))
    share = WIDTH / len(curves)
    for index, (label, rows) in enumerate(curves):
        left = (index - len(curves) / 2) * share
        for number, cell in marks.by_value(rows, "connections"):
            _draw_cell(axes, cell, numbers.index(number) + left, share * GAP, label, title, page)
    axes.set_xticks(range(len(numbers)), [f"{number:g}" for number in numbers])
    axes.set_xlim(-0.6, len(numbers) - 0.4)
    axes.grid(axis="x", visible=False)
    axes.set_xlabel("connections at once, N")
    axes.set_yscale("log")
    axes.set_ylabel("time for the whole file")
    axes.margins(y=0.1)
    style.time_ticks(axes.yaxis)
    axes.set_title(title)


def _draw_cell(axes, cell, left, width, label, title, page):
    """The runs of one cell between `left` and `left + width`, and their median."""
    look, cell = page.look(label), cell.sort_values("started_unix_ns", kind="stable")
    odd, median = cells.flag_outliers(cell), cell["time_s"].median()
    places = left + (np.arange(len(cell)) + 0.5) / len(cell) * width
    marks.points(axes, places, cell["time_s"].to_numpy(), look, 0.0, odd)
    axes.plot([left, left + width], [median, median], color="#444444", linewidth=1.0, zorder=1.5)
    page.per_point.append(len(cell))
    page.outliers += int(odd.sum())
    about = {"panel": title, "curve": label, "connections": int(cell["connections"].iloc[0])}
    page.records += [{**about, "kind": "run", "run_id": name, "time_s": seconds,
                      "outlier": "yes" if far else "no"}
                     for name, seconds, far in zip(cell["run_id"], cell["time_s"], odd)]
    page.records.append({**about, "kind": "median", "n": len(cell), "time_s": median})
