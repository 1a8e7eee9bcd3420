"""A burst against a full queue: when each client was done, sorted."""

import numpy as np
import pandas as pd
from matplotlib.lines import Line2D

from plots import caption, cells, marks, style, theory, wording
from plots.output import Drawing

NAME = "backlog"
ASKS = "What happens to clients for whom a server's queue has no place?"
CELL = ["server_model", "backlog", "service_time_ms", "clients"]
HOW = ("All clients connect at 0 s; sorted by when their last byte came. Marks: the median of the runs "
       "recorded; a pale line for each run. Grey: a queue of backlog + 1 places before one server, "
       "SYNs that find none come again. Dotted: the moments at which Linux repeats a SYN.")


def draw(results):
    """One panel for each model and backlog."""
    rows = results.runs
    good = cells.counted(rows)
    good = good[good["run_id"].isin(results.latency["run_id"].unique())]
    if good.empty:
        return
    shown = [(part, f"{part['server_model'].iloc[0]}, {wording.setting('backlog', key[1])}")
             for key, part in cells.groups(good, CELL)]
    latency = results.latency
    figure, axes, page = marks.draw_panels(
        shown, lambda *what: _draw_panel(*what, latency), panel=(4.1, 2.9))
    style.same_heights(axes, [""] * len(axes))
    for place in axes:
        _draw_retries(place)
    text = caption.build(results, [HOW], rows, page.per_point)
    handles = [Line2D([], [], label="clients", **_dots()), marks.model_handle("queue"),
               marks.capacity_handle("SYN again")]
    style.finish(figure, ASKS, text, handles)
    yield Drawing(NAME, figure, pd.DataFrame(page.records), text)


def _dots():
    return {**style.look(0), "linestyle": "none", "markersize": 3.5}


def _draw_panel(axes, rows, title, page, latency):
    runs = [np.sort(latency.loc[latency["run_id"] == name, "done_s"].dropna())
            for name in rows["run_id"]]
    for done in runs:
        axes.plot(np.arange(1, len(done) + 1), done, color=style.look(0)["color"], alpha=0.3,
                  linewidth=0.8)
    most = max(len(done) for done in runs)
    middle = np.quantile([done for done in runs if len(done) == most], 0.5, axis=0,
                         method="lower")  # some run's value: between two steps nobody is done
    places = np.arange(1, most + 1)
    page.per_point.append(len(runs))
    page.records += [{"panel": title, "kind": "median", "place": place, "done_s": value}
                     for place, value in zip(places, middle)]
    first = rows.iloc[0]
    if first["server_model"] == "iterative" and first["service_time_ms"] > 0:
        law = theory.burst_s(int(first["clients"]), int(first["backlog"]),
                             first["service_time_ms"] / 1e3)
        page.add_model(axes, np.arange(1, len(law) + 1), law, "queue", title, "s")
    axes.plot(places, middle, **_dots())
    axes.set_title(f"{title}\nall done after {wording.seconds(middle[-1])}")
    axes.set_ylim(0, axes.get_ylim()[1])
    axes.set_xlabel("clients, in the order in which they were done")
    axes.set_ylabel("done after, s")


def _draw_retries(axes):
    """Lines at the moments of repeated SYNs within the axis."""
    top = axes.get_ylim()[1]
    for moment in theory.syn_retries_s(7):
        if moment < top:
            axes.axhline(moment, zorder=1.4, **marks.CAPACITY)
