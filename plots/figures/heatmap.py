"""Where parallel connections pay: the best speed-up over round trip and loss, all experiments."""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.colors import LogNorm

from plots import caption, cells, gains, links, stats, style, wording
from plots.output import Drawing

NAME = "heatmap"
ASKS = "Where do parallel connections pay?"
HOW = ("Each field: how many times faster the best N was than one connection, the geometric mean "
       "of the blocks' pairs; of several algorithms the one that gained most. A best of several is "
       "a little above what it would be in another session. Fields without a number were not "
       f"measured. {gains.HOW} Left out: downloads that something besides the link held back.")
# Settings that hold a download back, whatever the link's round trip and loss.
OTHER_LIMITS = ("limit_rate_mbit_s", "limit_rates", "background_flows", "buffer_bytes",
                "receive_buffer_bytes", "work_mbyte_s", "client_cpus")
COLOURS = "cividis"
# What the pairs of one comparison have in common, besides their link.
ALIKE = ["congestion_requested", "experiment", "file_bytes", "sink", "planned_seconds"]
LEAST_SPAN = 1.5  # the colours reach from 1 to this at least


@dataclass(frozen=True)
class Best:
    """The best of one link's means: which N under which algorithm, and how many pairs it has."""

    link: str
    certified: bool
    rtt_ms: float
    loss_pct: float
    algorithm: str
    connections: int
    estimate: stats.Estimate

    @property
    def words(self):
        return (f"{wording.times(self.estimate.mean)}× {self.link}\n"
                f"{self.algorithm}, N = {self.connections}"
                + "\n(not certified)" * (not self.certified))


def draw(results):
    """One field for each round trip and loss; nothing where all links have the same two."""
    rows = cells.by_algorithm(cells.without(results.runs, OTHER_LIMITS))
    rows = rows[rows["rtt_ms"].notna() & rows["loss_pct"].notna()]
    good = cells.counted(rows)
    found = [best for _, link in cells.groups(good, ["link", "rtt_ms", "loss_pct"])
             if (best := _best(link, results.meta))]
    if len({(best.rtt_ms, best.loss_pct) for best in found}) < 2:
        return
    rows = rows[rows["link"].isin([best.link for best in found])]
    figure, axes = style.sheet(panel=(6.4, 4.0))
    _draw_fields(figure, axes[0, 0], found)
    text = caption.build(results, [HOW], rows, [best.estimate.n for best in found], of="pairs")
    style.finish(figure, ASKS, text)
    yield Drawing(NAME, figure, _table(found), text)


def _best(link, meta):
    """The Best of a link's counted runs; None where nothing was compared with one connection."""
    found = []
    for (algorithm, *_), panel in cells.groups(link, ALIKE):
        for _, rows in cells.curves(panel, ["connections"]):
            found += [(algorithm, number, stats.ratio_interval(ratio))
                      for number, ratio in gains.find(rows, panel)]
    if not found:
        return None
    first = link.iloc[0]
    certified = links.certificate(meta, first["link"]).certified
    return Best(first["link"], certified, first["rtt_ms"], first["loss_pct"],
                *max(found, key=lambda one: one[-1].mean))


def _draw_fields(figure, axes, found):
    """A field for each pair of round trip and loss, coloured by the best of its links."""
    trips = sorted({best.rtt_ms for best in found})
    losses = sorted({best.loss_pct for best in found})
    values = np.full((len(losses), len(trips)), math.nan)
    words = {}
    for best in sorted(found, key=lambda best: -best.estimate.mean):
        at = losses.index(best.loss_pct), trips.index(best.rtt_ms)
        values[at] = np.fmax(values[at], best.estimate.mean)
        words.setdefault(at, []).append(best.words)
    shades = LogNorm(min(1.0, np.nanmin(values)), max(LEAST_SPAN, np.nanmax(values)))
    image = axes.imshow(np.ma.masked_invalid(values), norm=shades, cmap=COLOURS, aspect="auto",
                        origin="lower")
    for (row, column), texts in words.items():
        dark = shades(values[row, column]) < 0.6
        axes.text(column, row, "\n".join(texts), ha="center", va="center", fontsize=8,
                  linespacing=1.4, color="white" if dark else "black")
    axes.set_xticks(range(len(trips)), [f"{trip:g} ms" for trip in trips])
    axes.set_yticks(range(len(losses)), [f"{loss:g} %" for loss in losses])
    axes.set_xlabel("round trip of the empty link")
    axes.set_ylabel("random loss")
    axes.grid(False)
    bar = figure.colorbar(image, ax=axes, fraction=0.05, pad=0.02)
    bar.set_label("times faster (logarithmic)")
    style.ratio_ticks(bar.ax, "y")


def _table(found):
    return pd.DataFrame([{"link": best.link, "certified": "yes" if best.certified else "no",
                          "rtt_ms": best.rtt_ms, "loss_pct": best.loss_pct,
                          "congestion": best.algorithm, "connections": best.connections,
                          "n": best.estimate.n, "ratio": best.estimate.mean,
                          "low": best.estimate.low, "high": best.estimate.high} for best in found])
