"""Where the time goes: completion times of `connections`, cut into their four phases."""

import math

import pandas as pd
from matplotlib.patches import Patch

from plots import caption, cells, marks, one_run, stats, style, wording
from plots.output import Drawing

NAME = "phases"
ASKS = "Where does the time go?"
HOW = ("Means of the cell's runs, added up: set-up to the first body byte, ramp to the steady "
       "goodput, steady until the first connection runs out of work, tail to the end. The number "
       "is the mean time, the whisker its 95 % interval (Student's t).")
# Colour and hatch of each phase.
LOOKS = {"setup_s": (style.COLOURS[3], ""), "ramp_s": (style.COLOURS[4], "///"),
         "steady_s": (style.COLOURS[5], ""), "tail_s": (style.COLOURS[1], "xxx")}


def draw(results):
    """A figure for each link: a panel for each algorithm and size, a bar for each cell."""
    rows = results.runs
    rows = rows[rows["planned_seconds"].isna()]
    good = cells.counted(rows).dropna(subset=list(wording.PHASES))
    for (link,), here in cells.groups(good, ["link"]) if len(good) else ():
        yield _figure(results, link, here, rows[rows["link"] == link])


def _figure(results, link, good, rows):
    shown = [(list(_bars(panel)), title) for panel, title in marks.panels(good)]
    tallest = max(len(bars) for bars, _ in shown)
    figure, axes = style.grid(len(shown), panel=(6.4, 0.9 + 0.26 * tallest))
    records = []
    for place, (bars, title) in zip(axes, shown):
        records += _draw_panel(place, bars, title)
    counts = [record["n"] for record in records]
    text = caption.build(results, [HOW], rows, counts)
    handles = [bar_of(column) for column in wording.PHASES]
    style.finish(figure, ASKS, text, handles)
    return Drawing(f"{NAME}-{link}", figure, pd.DataFrame(records), text)


def bar_of(column):
    """The look of a phase, with its name, for the legend."""
    colour, hatch = LOOKS[column]
    return Patch(facecolor=colour, edgecolor="white", hatch=hatch, label=wording.PHASES[column])


def stack(axes, y, lengths, factor):
    """One horizontal bar at `y`: `lengths` are the seconds of the four phases."""
    start = 0.0
    for column, length in zip(wording.PHASES, lengths):
        colour, hatch = LOOKS[column]
        axes.barh(y, length * factor, left=start * factor, height=0.66, color=colour, hatch=hatch,
                  edgecolor="white", linewidth=0.4)
        start += length


def _bars(panel):
    """Yields (label, connections, rows) of each cell: contestant by contestant, N rising."""
    lines = list(cells.curves(panel, ["connections"]))
    for label, rows in lines:
        for number, cell in marks.by_value(rows, "connections"):
            yield f"{label}, " * (len(lines) > 1) + f"N = {number:g}", int(number), cell


def _draw_panel(axes, bars, title):
    longest = max(cell["time_s"].mean() for _, _, cell in bars)
    unit, factor = one_run.time_unit(longest)
    records, furthest = [], 0.0
    for y, (label, number, cell) in enumerate(bars):
        means, total = cell[list(wording.PHASES)].mean(), stats.mean_interval(cell["time_s"])
        stack(axes, y, means, factor)
        end = _draw_total(axes, y, total, factor)
        furthest = max(furthest, end)
        axes.annotate(wording.seconds(total.mean), (end, y), (5, 0), textcoords="offset points",
                      va="center", fontsize=style.note_size())
        records.append({"panel": title, "bar": label, "connections": number, "n": total.n, **means,
                        "time_s": total.mean, "low": total.low, "high": total.high})
    axes.set_yticks(range(len(bars)), [label for label, _, _ in bars])
    axes.set_ylim(len(bars) - 0.4, -0.6)
    axes.set_xlim(0, furthest * 1.12)
    axes.grid(axis="y", visible=False)
    axes.set_xlabel(f"time, {unit}")
    axes.set_title(title)
    return records


def _draw_total(axes, y, total, factor):
    """The interval of the mean time; returns where the bar with it ends."""
    if math.isnan(total.low):
        return total.mean * factor
    axes.plot([max(total.low, 0.0) * factor, total.high * factor], [y, y], color="black",
              linewidth=1.1, marker="|", markersize=6)
    return total.high * factor
