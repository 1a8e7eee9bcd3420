"""Which connection brought which bytes when: the chunks of one part 3 run."""

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.patheffects import withStroke

from plots import caption, cells, one_run, style, wording
from plots.output import Drawing

NAME = "gantt"
ASKS = "Which connection brought which bytes, and when?"
MOST_CONNECTIONS = 50
COLOURS = "cividis"  # dark to light: reads in grey and for colour-blind readers


def draw(results):
    """A figure for each schedule of which a run has chunks in latency.csv."""
    good = cells.without(cells.counted(results.runs), ["clients"])  # their rows are requests
    good = good[(good["part"] == 3) & (good["connections"] <= MOST_CONNECTIONS)
                & good["run_id"].isin(results.latency["run_id"].unique())]
    for (schedule,), rows in cells.groups(good, ["schedule"]) if len(good) else ():
        run, cell = one_run.pick(rows)
        chunks = results.latency[results.latency["run_id"] == run["run_id"]]
        chunks = chunks.dropna(subset=["first_byte_s", "done_s"]).sort_values("offset_bytes")
        if len(chunks):
            name = f"{NAME}-{schedule}" if schedule else NAME
            yield _figure(results, name, run, cell, chunks)


def _figure(results, name, run, cell, chunks):
    unit, factor = one_run.time_unit(run["time_s"])
    lanes = int(run["connections"])
    figure, axes = style.sheet(2, 1, panel=(8.0, 2.6 + 0.02 * lanes), sharex=True,
                               gridspec_kw={"height_ratios": [1.3, 1]})
    (upper,), (lower,) = axes
    colours = _draw_lanes(upper, chunks, factor, lanes)
    _draw_offsets(lower, chunks, factor)
    whole = chunks["bytes"].sum() >= run["file_bytes"]
    if whole:
        steps = np.array(one_run.prefix(chunks))
        lower.step(steps[:, 0] * factor, steps[:, 1] / 1e6, where="post", color=style.COLOURS[1],
                   linewidth=2.2, label="usable from the front",
                   path_effects=[withStroke(linewidth=4.5, foreground="white")])
        lower.legend(loc="upper left")
    lower.set_xlabel(f"time since the first connect, {unit}")
    lower.set_xlim(0, max(chunks["done_s"].max(), run["time_s"]) * factor * 1.01)
    bar = figure.colorbar(colours, ax=axes[:, 0], fraction=0.03, pad=0.01)
    bar.set_label("place in the file, MB")
    text = caption.build(results, _sentences(run, cell, len(chunks), whole), cell)
    style.finish(figure, ASKS, text)
    return Drawing(name, figure, chunks.drop(columns=["intended_s"]), text)


def _sentences(run, cell, number, whole):
    what = cells.label(run, ["contestant", "connections", "schedule"])
    nearest = one_run.nearest(cell, "chunks")
    return [f"One run: {run['run_id']}, {what}{nearest}; {wording.seconds(run['time_s'])}.",
            "Above: grey from request to first byte, coloured from first to last byte.",
            "Below: each chunk as a straight line from its first byte to its last; the step line "
            "counts whole chunks." if whole else
            f"Below: each chunk as a straight line. Only a sample of {number} chunks was recorded."]


def _draw_lanes(axes, chunks, factor, lanes):
    asked, first, done = (chunks[name].to_numpy() * factor
                          for name in ("sent_s", "first_byte_s", "done_s"))
    lane = chunks["connection"].to_numpy()
    axes.add_collection(LineCollection([[(a, y), (b, y)] for a, b, y in zip(asked, first, lane)
                                        if a == a], colors="#999999", linewidths=0.8))
    boxes = [[(a, y - 0.4), (b, y - 0.4), (b, y + 0.4), (a, y + 0.4)]
             for a, b, y in zip(first, done, lane)]
    bars = PolyCollection(boxes, array=chunks["offset_bytes"].to_numpy() / 1e6, cmap=COLOURS,
                          edgecolors="white", linewidths=0.4 if len(boxes) < 1000 else 0.0)
    axes.add_collection(bars)
    axes.set_ylim(lanes - 0.4, -0.6)
    axes.set_ylabel("connection")
    axes.yaxis.get_major_locator().set_params(integer=True)
    return bars


def _draw_offsets(axes, chunks, factor):
    ends = chunks["offset_bytes"] + chunks["bytes"]
    lines = [[(a, low), (b, high)] for a, b, low, high in
             zip(chunks["first_byte_s"] * factor, chunks["done_s"] * factor,
                 chunks["offset_bytes"] / 1e6, ends / 1e6)]
    axes.add_collection(LineCollection(lines, array=chunks["offset_bytes"].to_numpy() / 1e6,
                                       cmap=COLOURS, linewidths=1.6))
    axes.set_ylim(0, ends.max() / 1e6 * 1.02)
    axes.set_ylabel("place in the file, MB")
