"""What a request costs each server model (closed loop): rate and CPU time."""

import pandas as pd

from plots import bounds, caption, cells, load, marks, stats, style
from plots.output import Drawing

NAME = "models"
ASKS = "Which server design answers most, and at what cost?"
HOW = ("Pale: single runs. Marks and bars: mean and its 95 % interval (Student's t). CPU: user and "
       "system time of the server's processes for each request. Closed loop: a client asks again "
       "when its answer has come.")
# (column, what the axis says)
PANELS = (("requests_per_s", "requests a second"),
          ("server_cpu_us_per_request", "server's CPU, µs a request"))
CELL = ["file_bytes", "requests_per_connection", "clients"]


def closed(results):
    """The counted rows of the closed loop in which nobody is idle or slow."""
    good = load.counted(results)
    return cells.without(good[good["loop"] == "closed"], ["idle_clients", "slow_clients"])


def draw(results):
    """A row of panels for each cell, rate beside CPU time, a line for each model."""
    good = closed(results)
    good = good[good["requests_per_s"] > 0]
    shown = [rows for _, rows in cells.groups(good, CELL)] if len(good) else []
    if not shown:
        return
    heights = [0.75 + 0.21 * rows["server_model"].nunique() for rows in shown]
    figure, axes = style.sheet(len(shown), len(PANELS), panel=(4.1, sum(heights) / len(shown)),
                               gridspec_kw={"height_ratios": heights})
    records, counts = [], []
    for line, rows in zip(axes, shown):
        for place, (column, title) in zip(line, PANELS):
            found = _draw_panel(place, rows, column, title)
            records += found
            counts += [record["n"] for record in found if record["kind"] == "mean"]
        line[0].set_title(load.subject(rows.iloc[0]), loc="left")
    behind = results.runs
    behind = cells.without(behind[behind["loop"] == "closed"], ["idle_clients", "slow_clients"])
    text = caption.build(results, [HOW], behind, counts)
    style.finish(figure, ASKS, text)
    yield Drawing(NAME, figure, pd.DataFrame(records), text)


def _draw_panel(axes, rows, column, title):
    """A line for each model, the first on top; returns the plotted numbers."""
    models, records = load.by_model(rows[rows[column].notna()]), []
    for height, (model, cell) in enumerate(models):
        about = {"cell": load.subject(cell.iloc[0]), "model": model, "quantity": column}
        estimate = stats.mean_interval(cell[column], bounds=bounds.of(column))
        marks.lying(axes, cell[column], estimate, height, load.look(model))
        records += [{**about, "kind": "run", "run_id": run_id, "value": value}
                    for run_id, value in zip(cell["run_id"], cell[column])]
        records.append({**about, "kind": "mean", "n": estimate.n, "value": estimate.mean,
                        "low": estimate.low, "high": estimate.high})
    axes.set_yticks(range(len(models)), [model for model, _ in models])
    axes.set_ylim(len(models) - 0.4, -0.6)
    axes.grid(axis="y", visible=False)
    axes.set_xlim(0, axes.get_xlim()[1] * 1.03)
    axes.set_xlabel(title)
    return records
