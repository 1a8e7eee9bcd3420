"""What a download does to others' small requests: their latency against N."""

import pandas as pd

from plots import caption, cells, marks, stats, style
from plots.output import Drawing

NAME = "bystander"
ASKS = "How long do others wait beside a download?"
PACKET_BITS = 12_000  # 1500 bytes with their IP header
COLUMNS = {"bystander_p50_ms": "half of the requests are done within",
           "bystander_p95_ms": "95 % are done within",
           "bystander_p99_ms": "99 % are done within"}
HOW = ("Small requests of a third host, each from when it was due to its last byte. Points: the "
       "percentile of a run. Joined marks: mean over the runs. Bars: its 95 % interval (Student's "
       "t). Dotted: the round trip with an empty queue, and with a full one.")


def draw(results):
    """A figure for each link: a panel for each percentile, a curve for each algorithm."""
    rows = cells.by_algorithm(results.runs)
    good = cells.counted(rows).dropna(subset=list(COLUMNS))
    for (link,), here in cells.groups(good, ["link"]) if len(good) else ():
        yield _figure(results, link, here, rows[rows["link"] == link])


def _figure(results, link, good, rows):
    figure, axes = style.grid(len(COLUMNS), panel=(3.7, 3.3))
    page = marks.Page()
    for place, column in zip(axes, COLUMNS):
        _draw_panel(place, good, column, page)
    style.same_heights(axes, [link] * len(axes))
    axes[0].set_ylabel("latency of a request (logarithmic)")
    for place in axes:
        style.time_ticks(place.yaxis)
    text = caption.build(results, [HOW], rows, page.per_point)
    references = [marks.capacity_handle("round trip, queue empty and full")]
    known = good["rtt_ms"].notna().any()
    style.finish(figure, ASKS, text, page.handles() + references * bool(known))
    return Drawing(f"{NAME}-{link}", figure, pd.DataFrame(page.records), text)


def waits(run):
    """[s]: the round trip of the run's link, and the same after a full queue; [] where unknown."""
    empty = run["rtt_ms"] / 1e3
    full = empty + run["queue_packets"] * PACKET_BITS / (run["rate_mbit_s"] * 1e6)
    return [wait for wait in (empty, full) if wait == wait]


def _draw_panel(axes, good, column, page):
    lines = list(cells.curves(good, ["connections"]))
    for shift, (label, rows) in zip(marks.shifts(len(lines)), lines):
        _draw_curve(axes, rows, column, label, shift, page)
    for wait in waits(good.iloc[0]):
        axes.axhline(wait, **marks.CAPACITY)
    numbers = good["connections"].unique()
    axes.set_yscale("log")
    axes.set_xscale("log")
    axes.margins(x=0.12)
    style.values_as_ticks(axes.xaxis, numbers, "{:g}".format)
    axes.set_xlabel("connections of the download, N")
    axes.set_title(COLUMNS[column])


def _draw_curve(axes, rows, column, label, shift, page):
    look, means = page.look(label), []
    for number, cell in marks.by_value(rows, "connections"):
        seconds = cell[column] / 1e3
        estimate = stats.mean_interval(seconds)
        marks.points(axes, number, seconds.to_numpy(), look, shift + marks.BESIDE)
        if estimate.low > 0:  # else the bar would have no lower end on a logarithmic axis
            marks.bars(axes, [(number, estimate)], look, shift)
        means.append((number, estimate.mean))
        page.per_point.append(estimate.n)
        about = {"percentile": column, "curve": label, "connections": number}
        page.records += [{**about, "kind": "run", "run_id": run_id, "latency_s": value}
                         for run_id, value in zip(cell["run_id"], seconds)]
        page.records.append({**about, "kind": "mean", "n": estimate.n, "latency_s": estimate.mean,
                             "low": estimate.low, "high": estimate.high})
    marks.line(axes, means, look, shift)
