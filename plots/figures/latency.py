"""Latency: time to first byte, of packets, and of chunks, as distributions with a logarithmic tail."""

from dataclasses import replace

import numpy as np
import pandas as pd

from plots import caption, cells, marks, style, wanted, wording
from plots.output import Drawing

NAME = "latency"
ASKS = "How long does one wait?"
HOW = ("How many per cent were done within the time below; the lower axis stretches the tail: "
       "above 90 %, each tick leaves out a tenth as many. A mark ends each curve at its slowest. "
       "First byte: from the first connect, each run once. Packet: from the server's time stamp to "
       "its release in order. Chunk: from its request to its last byte. Packets and chunks of all "
       "runs of a curve taken together, where they were recorded.")
# What the caption tells of a panel, where all its runs agree.
TOLD = ["packet_bytes", "batch_packets", "nagle", "schedule", "file_bytes"]
# What a panel's curves count.
COUNTED = {"time to first byte": "runs", "packet latency": "packets", "chunk latency": "chunks"}
AT_MOST_POINTS = 600
SHORTEST_S = 1e-7


def draw(results):
    """A figure for each link that has rows; panels without rows are left out."""
    good = cells.counted(results.runs)
    links = sorted(good["link"].unique())
    for link in links:
        here = replace(results, runs=good[good["link"] == link])
        panels = [panel for panel in (_first_bytes(here), _packets(here), _chunks(here)) if panel]
        if panels:
            name = NAME if len(links) == 1 else f"{NAME}-{link}"
            yield _figure(results, name, panels)


def _first_bytes(here):
    """(title, rows, [(label, seconds)]) of the time to first byte, or None. `here`: Results with the
    counted runs of one link."""
    for figure in ("stages", "connections"):
        rows = wanted.rows(here, figure)
        rows = cells.at_most_common(rows[rows["ttfb_s"].notna()], ["file_bytes", "schedule"]
                                    if figure == "connections" else ["file_bytes"])
        if len(rows):
            return ("time to first byte", rows,
                    [(label, cell["ttfb_s"]) for label, cell in cells.curves(rows, [])])
    return None


def _packets(here):
    return _pieces("packet latency", here, 2, ("packets", "stages"),
                   ["file_bytes", "batch_packets", "nagle", "packet_bytes"])


def _chunks(here):
    return _pieces("chunk latency", here, 3, ("connections", "stages"), ["file_bytes", "schedule"])


def _pieces(title, here, part, figures, alike):
    """As `_first_bytes`, from latency.csv: the runs of `part` in the experiment that wants the first
    of `figures` of which there are rows, at the most common values of the settings `alike`."""
    latency = here.latency
    told = here.runs["run_id"].isin(latency["run_id"].unique())
    good = replace(here, runs=here.runs[told & (here.runs["part"] == part)])
    for figure in figures:
        rows = cells.at_most_common(wanted.rows(good, figure), alike)
        if len(rows):
            curves = []
            for label, cell in cells.curves(rows, []):
                pieces = latency[latency["run_id"].isin(cell["run_id"])]
                curves.append((label, (pieces["done_s"] - pieces["sent_s"]).dropna()))
            return title, rows, [curve for curve in curves if len(curve[1])]
    return None


def tail(seconds):
    """(sorted values, share that took at least as long), thinned: a third of the points evenly, the
    others evenly along the logarithmic tail."""
    values = np.sort(np.maximum(np.asarray(seconds, dtype=float), SHORTEST_S))
    number, third = len(values), AT_MOST_POINTS // 3
    rest = np.concatenate([np.linspace(1, number, third), np.geomspace(1, number, 2 * third)])
    rest = np.unique(np.round(rest).astype(int))[::-1]
    return values[number - rest], rest / number


def _figure(results, name, panels):
    figure, axes = style.sheet(2, len(panels), panel=(4.0, 2.9), sharex="col")
    records, page, rows, told = [], marks.Page(), [], []
    for (upper, lower), (title, used, curves) in zip(axes.T, panels):
        experiment = used["experiment"].iloc[0]
        for label, seconds in curves:
            records += [{"panel": title, "experiment": experiment, **record} for record in
                        _draw_curve(upper, lower, label, seconds, page)]
        told.append(_told(title, used, curves))
        _dress(upper, lower, title, max(len(seconds) for _, seconds in curves))
        rows.append(used)
    rows = pd.concat(rows).drop_duplicates("run_id")
    same = cells.of_experiment(results.runs, *rows["experiment"].unique())
    same = same[same["link"].isin(rows["link"])]
    text = caption.build(results, [HOW, *told], same)
    style.finish(figure, ASKS, text, page.handles())
    return Drawing(name, figure, pd.DataFrame(records), text)


def _told(title, rows, curves):
    """'Packet latency: experiment packets, 1 KiB packets, batch 16; n = 640 packets per curve.'"""
    alike = [name for name in TOLD if name not in cells.varying(rows, TOLD)]
    words = ", ".join([f"experiment {rows['experiment'].iloc[0]}",
                       *filter(None, [cells.label(rows.iloc[0], alike, default="")])])
    numbers = wording.span([len(seconds) for _, seconds in curves])
    return f"{title[0].upper()}{title[1:]}: {words}; n = {numbers} {COUNTED[title]} per curve."


def _draw_curve(upper, lower, label, seconds, page):
    look = page.look(label)
    line = {"where": "pre", "color": look["color"], "linestyle": look["linestyle"]}
    values, rest = tail(seconds)
    upper.step(np.append(values, values[-1]), np.append(1 - rest, 1.0), **line)
    lower.step(values, rest, **line)
    for axes, end in ((upper, 1.0), (lower, rest[-1])):
        axes.plot(values[-1:], [end], color=look["color"], marker=look["marker"])
    return [{"curve": label, "n": len(seconds), "latency_s": value,
             "share_at_least": share} for value, share in zip(values, rest)]


def _dress(upper, lower, title, most):
    upper.set_title(title)
    upper.set_ylim(0, 1.04)
    upper.set_ylabel("done within that time")
    lower.set_xscale("log")
    lower.set_yscale("log")
    lower.set_ylim(1.0, 0.6 / most)
    ticks = [1.0, 0.5] + [10.0**-power for power in range(1, 6) if 10.0**-power >= 0.6 / most]
    style.values_as_ticks(lower.yaxis, ticks, lambda share: f"{100 * (1 - share):.6g} %")
    style.values_as_ticks(upper.yaxis, (0, 0.25, 0.5, 0.75, 1), lambda share: f"{100 * share:g} %")
    lower.margins(x=0.06)
    style.time_ticks(lower.xaxis)
    lower.set_xlabel("time (logarithmic)")
    lower.set_ylabel(f"the same, stretched (n up to {most})")
