"""Waiting before one server (cells with a service time), beside M/D/1."""

import numpy as np
import pandas as pd

from plots import bounds, caption, cells, load, marks, stats, style, theory
from plots.output import Drawing

NAME = "queue"
ASKS = "How long does one wait before a busy server?"
HOW = ("Wait: mean latency less the service time S, in S. Load: requests a second times S. Pale: "
       "single runs. Marks and bars: mean and its 95 % interval (Student's t). Grey: M/D/1, equal "
       "work for each (Poisson arrivals, one server). Dotted: M/M/1, work that varies.")


def draw(results):
    """One panel: wait against load, measured and expected."""
    rows = load.queue_rows(results)
    good = cells.counted(rows)
    if good.empty:
        return
    service_s, told = load.service(results)
    figure, axes = style.sheet(panel=(6.4, 3.9))
    page = marks.Page()
    beyond = _draw_points(axes[0, 0], good, service_s, page)
    _draw_laws(axes[0, 0], page)
    text = caption.build(results, [HOW, told, *beyond, _compared(page.records)], rows,
                         page.per_point)
    style.finish(figure, ASKS, text, [*page.handles(line=False), marks.model_handle("M/D/1"),
                                      marks.capacity_handle("M/M/1")])
    yield Drawing(NAME, figure, pd.DataFrame(page.records), text)


def _draw_points(axes, good, service_s, page):
    """Draws the cells below NEARLY_FULL; returns a sentence on those beyond, if there are any."""
    look, beyond = page.look("measured"), []
    for offered, cell in marks.by_value(good, "offered_requests_s"):
        rho = offered * service_s
        if rho > load.NEARLY_FULL:
            beyond.append(f"{offered:g}/s (load {rho:.2f})")
            continue
        waits = cell["latency_mean_s"] / service_s - 1
        estimate = stats.mean_interval(waits, bounds=bounds.ANY)
        marks.points(axes, rho, waits.to_numpy(), look, marks.BESIDE)
        marks.bars(axes, [(rho, estimate)], look, 0.0)
        axes.plot([rho], [estimate.mean], **{**look, "linestyle": "none"})
        page.per_point.append(estimate.n)
        about = {"offered_requests_s": offered, "load": rho}
        page.records += [{**about, "kind": "run", "run_id": run_id, "wait": value}
                         for run_id, value in zip(cell["run_id"], waits)]
        page.records.append({**about, "kind": "mean", "n": estimate.n, "wait": estimate.mean,
                             "low": estimate.low, "high": estimate.high,
                             "law": theory.md1_wait(rho)})
    return [f"Not shown, no steady state: {', '.join(beyond)}."] if beyond else []


def _draw_laws(axes, page):
    highest = max((record["load"] for record in page.records), default=0.9)
    loads = np.linspace(0, max(highest, 0.9), 60)
    axes.plot(loads, theory.md1_wait(loads), zorder=1.5, **marks.MODEL)
    axes.plot(loads, theory.mm1_wait(loads), zorder=1.4, **marks.CAPACITY)
    page.records += [{"kind": "law", "load": at, "law": value}
                     for at, value in zip(loads, theory.md1_wait(loads))]
    axes.set_xlim(0, 1)
    axes.set_ylim(0, axes.get_ylim()[1])
    axes.set_xlabel("load, requests a second × service time")
    axes.set_ylabel("mean wait, service times")
    axes.set_title("one server, equal work")


def _compared(records):
    """'Measured over M/D/1: 1.02 at load 0.5, ...' for the loads whose wait is no trifle."""
    words = [f"{record['wait'] / record['law']:.2f} at load {record['load']:.2f}"
             for record in records if record["kind"] == "mean" and record["law"] > 0.1]
    return f"Measured over M/D/1: {', '.join(words)}." if words else "No load that waits."
