"""Latency: time to first byte, of packets, and of chunks, as distributions with a logarithmic tail."""

import numpy as np
import pandas as pd
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from plots import caption, cells, marks, style
from plots.output import Drawing

NAME = "latency"
ASKS = "How long does one wait?"
HOW = ("How many per cent were done within the time below; the axis stretches the tail: above 90 %, "
       "each tick leaves out a tenth as many. A mark ends each curve at its slowest. First byte: from "
       "the first connect, each run once. Packet: from the server's time stamp to its release in "
       "order. Chunk: from its request to its last byte. Packets and chunks of all runs of a curve "
       "taken together.")
AT_MOST_POINTS = 600
SHORTEST_S = 1e-7


def draw(results):
    """A figure for each link that has rows; panels without rows are left out."""
    good = cells.counted(results.runs)
    links = sorted(good["link"].unique())
    for link in links:
        here = good[good["link"] == link]
        panels = [panel for panel in (_first_bytes(here), _packets(here, results.latency),
                                      _chunks(here, results.latency)) if panel]
        if panels:
            name = NAME if len(links) == 1 else f"{NAME}-{link}"
            yield _figure(results, name, panels)


def _first_bytes(good):
    """(title, rows, [(label, seconds)]) of the time to first byte, or None."""
    for experiment in ("stages", "connections"):
        rows = cells.of_experiment(good, experiment)
        rows = cells.at_most_common(rows[rows["ttfb_s"].notna()], ["file_bytes", "schedule"]
                                    if experiment == "connections" else ["file_bytes"])
        if len(rows):
            return ("time to first byte", rows,
                    [(label, cell["ttfb_s"]) for label, cell in cells.curves(rows, [])])
    return None


def _packets(good, latency):
    return _pieces("packet latency", good[good["part"] == 2], latency, ("packets", "stages"),
                   ["file_bytes", "batch_packets", "nagle", "packet_bytes"])


def _chunks(good, latency):
    return _pieces("chunk latency", good[good["part"] == 3], latency, ("connections", "stages"),
                   ["file_bytes", "schedule"])


def _pieces(title, good, latency, experiments, alike):
    """As `_first_bytes`, from latency.csv: of the first of `experiments` that has rows there, at the
    most common values of the settings `alike`."""
    good = good[good["run_id"].isin(latency["run_id"].unique())]
    for experiment in experiments:
        rows = cells.at_most_common(cells.of_experiment(good, experiment), alike)
        if len(rows):
            curves = []
            for label, cell in cells.curves(rows, []):
                pieces = latency[latency["run_id"].isin(cell["run_id"])]
                curves.append((label, (pieces["done_s"] - pieces["sent_s"]).dropna()))
            return title, rows, [curve for curve in curves if len(curve[1])]
    return None


def tail(seconds):
    """(sorted values, share that took at least as long), thinned evenly along the logarithmic tail."""
    values = np.sort(np.maximum(np.asarray(seconds, dtype=float), SHORTEST_S))
    number = len(values)
    rest = np.unique(np.round(np.geomspace(1, number, AT_MOST_POINTS)).astype(int))[::-1]
    return values[number - rest], rest / number


def _figure(results, name, panels):
    figure, axes = style.grid(len(panels), panel=(4.0, 3.4))
    records, page, rows = [], marks.Page(), []
    for place, (title, used, curves) in zip(axes, panels):
        _draw_panel(place, title, curves, page, records)
        rows.append(used)
    rows = pd.concat(rows).drop_duplicates("run_id")
    same = cells.of_experiment(results.runs, *rows["experiment"].unique())
    same = same[same["link"].isin(rows["link"])]
    text = caption.build(results, [HOW], same)
    style.finish(figure, ASKS, text, page.handles())
    return Drawing(name, figure, pd.DataFrame(records), text)


def _draw_panel(axes, title, curves, page, records):
    most = max(len(seconds) for _, seconds in curves)
    for label, seconds in curves:
        look = page.look(label)
        values, rest = tail(seconds)
        axes.step(values, rest, where="pre", color=look["color"], linestyle=look["linestyle"])
        axes.plot(values[-1:], rest[-1:], color=look["color"], marker=look["marker"])
        records += [{"panel": title, "curve": label, "n": len(seconds), "latency_s": value,
                     "share_at_least": share} for value, share in zip(values, rest)]
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_ylim(1.0, 0.6 / most)
    ticks = [1.0, 0.5] + [10.0**-power for power in range(1, 6) if 10.0**-power >= 0.6 / most]
    axes.yaxis.set_major_locator(FixedLocator(ticks))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * (1 - share):.6g} %"))
    axes.margins(x=0.06)
    style.time_ticks(axes.xaxis)
    axes.set_title(title)
    axes.set_xlabel("time (logarithmic)")
    axes.set_ylabel(f"done within that time (n up to {most})")
