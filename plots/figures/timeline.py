"""One run over time: each connection's goodput, stacked, its congestion window, its round trip."""

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.cm import ScalarMappable
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from plots import caption, cells, links, marks, one_run, style, wording
from plots.output import Drawing

NAME = "timeline"
ASKS = "What did each connection do, moment by moment?"
MOST_CONNECTIONS = 10
CLEARLY_ABOVE = 1.1  # times the capacity: less may come from the grid on which progress is told
FEW_SAMPLES = 10  # of a connection; each is drawn as a point
HOW = ("Above: goodput at the client, one band for each connection, mean of {interval} each. "
       "Below: the server's samples; a cross where segments had been sent again since the last.")
BURSTS = ("Above the capacity: bytes that had waited in the kernel, for others to be sent again, "
          "and were handed to the client at once.")
LINES = [("cwnd", "cwnd_segments", "cwnd, segments"),
         ("smoothed RTT", "srtt_ms", "smoothed RTT, ms")]
CROSS = {"marker": "x", "markersize": 4, "markeredgewidth": 1.1, "linestyle": "none"}


def draw(results):
    """A figure for each link of which a run with at most MOST_CONNECTIONS has samples."""
    good = cells.counted(results.runs)
    good = good[(good["connections"] <= MOST_CONNECTIONS)
                & good["run_id"].isin(one_run.sampled(results.samples))]
    for (link,), rows in cells.groups(good, ["link"]) if len(good) else ():
        run, cell = one_run.pick(rows)
        figure, _, data = chart(run, *one_run.samples_of(results.samples, run))
        text = caption.build(results, _sentences(run, cell, data), cell)
        style.finish(figure, ASKS, text, handles(run))
        yield Drawing(f"{NAME}-{link}", figure, data, text)


def _sentences(run, cell, data):
    what = cells.label(run, ["contestant", "connections", "schedule"])
    return [f"One run: {run['run_id']}, {what}{one_run.nearest(cell, 'samples')}; "
            f"{wording.seconds(run['time_s'])}.", how(run, data)]


def how(run, data):
    """What the caption says of how the plotted numbers `data` of a run are drawn."""
    sums = data[data["quantity"] == "goodput"].groupby("t_s")["value"].sum()
    said = HOW.format(interval=wording.seconds(run["time_s"] / len(sums)))
    burst = sums.max() > CLEARLY_ABOVE * links.capacity(run) and data["retransmits"].max() > 0
    return f"{said} {BURSTS}" if burst else said


def chart(run, server, client):
    """(figure, its axes (3,), plotted numbers) of a run and its samples (`one_run.samples_of`)."""
    _, factor = one_run.time_unit(run["time_s"])
    numbers = range(int(run["connections"]))
    figure, axes = style.sheet(3, 1, panel=(8.0, 1.9), sharex=True,
                               gridspec_kw={"height_ratios": [1.5, 1, 1]})
    axes = list(axes[:, 0])
    records = _draw_goodput(axes[0], run, client, numbers, factor)
    for place, (quantity, column, label) in zip(axes[1:], LINES):
        records += _draw_samples(place, server, column, quantity, numbers, factor)
        place.set_ylabel(label)
        place.set_ylim(0, None)
    if run["rtt_ms"] == run["rtt_ms"]:
        axes[2].axhline(run["rtt_ms"], **marks.CAPACITY)
    axes[2].set_xlim(0, run["time_s"] * factor)
    axes[2].set_xlabel(f"time since the first connect, {one_run.time_unit(run['time_s'])[0]}")
    if len(numbers) > 1:
        _draw_key(figure, axes, len(numbers))
    data = pd.DataFrame(records)
    data.insert(0, "run_id", run["run_id"])
    return figure, axes, data


def shade(number, of):
    """The colour of the connection `number`; dark to light, not so light that a line vanishes."""
    return matplotlib.colormaps["cividis"](0.9 * number / max(of - 1, 1))


def handles(run):
    """The legend: losses, and on a link its own capacity and round trip."""
    found = [Line2D([], [], color="black", label="segments sent again", **CROSS)]
    if run["rtt_ms"] == run["rtt_ms"]:
        found.append(marks.capacity_handle("the link's capacity for payload, its RTT"))
    return found


def _draw_key(figure, axes, of):
    """Which colour is which connection."""
    colours = ListedColormap([shade(number, of) for number in range(of)])
    key = ScalarMappable(BoundaryNorm(np.arange(of + 1) - 0.5, of), colours)
    bar = figure.colorbar(key, ax=axes, fraction=0.03, pad=0.01, label="connection",
                          ticks=MaxNLocator(10, integer=True))
    bar.minorticks_off()


def _draw_goodput(axes, run, client, numbers, factor):
    unit, per_mbit = wording.rate_unit(run["link"])
    edges = one_run.intervals(client, run["time_s"])
    rates = one_run.rates(client, numbers, edges) * per_mbit
    colours = [shade(number, len(numbers)) for number in numbers]
    axes.stackplot(edges * factor, np.column_stack([rates, rates[:, -1]]), step="post",
                   colors=colours, edgecolor="white", linewidth=0.3)
    limit = links.capacity(run) * per_mbit
    if limit == limit:
        axes.axhline(limit, **marks.CAPACITY)
    axes.set_ylabel(f"goodput, {unit}")
    axes.set_ylim(0, 1.06 * max(rates.sum(axis=0).max(), limit if limit == limit else 0.0))
    return [{"quantity": "goodput", "unit": unit, "connection": number, "t_s": t, "value": value}
            for number, row in zip(numbers, rates) for t, value in zip(edges, row)]


def _draw_samples(axes, server, column, quantity, numbers, factor):
    records = []
    for number in numbers:
        own = server[(server["connection"] == number) & server[column].notna()]
        colour = shade(number, len(numbers))
        axes.plot(own["t_s"] * factor, own[column], color=colour, linewidth=1.0,
                  marker="." if len(own) < FEW_SAMPLES else "")
        again = own[own["retransmits"].diff() > 0]
        axes.plot(again["t_s"] * factor, again[column], color=colour, **CROSS)
        records += [{"quantity": quantity, "unit": "segment" if quantity == "cwnd" else "ms",
                     "connection": number, "t_s": t, "value": value, "retransmits": sent}
                    for t, value, sent in zip(own["t_s"], own[column], own["retransmits"])]
    return records
