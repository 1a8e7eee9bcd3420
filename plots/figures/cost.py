"""What a program costs the machine: CPU time for each gigabyte, and peak memory (loopback)."""

import pandas as pd

from plots import bounds, caption, cells, marks, stats, style
from plots.output import Drawing

NAME = "cost"
ASKS = "What do the programs cost the machine?"
HOW = ("Pale: single runs. Marks and bars: mean and its 95 % interval (Student's t). CPU time: "
       "user and system time of client and server, for a billion bytes of the file. Memory: the "
       "most that the client's processes had resident.")
# (column, what the axis says, unit in the table)
PANELS = (("cpu_s_per_gb", "CPU time, s for each GB", "s/GB"),
          ("memory_mib", "client's peak memory, MiB", "MiB"))


def draw(results):
    """`cost-EXPERIMENT` where it ran on loopback: a line for each program and N."""
    rows = cells.by_algorithm(results.runs)
    rows = rows[rows["link"] == "loopback"]
    good = _with_costs(cells.counted(rows))
    shown = [panel for panel in PANELS if good[panel[0]].notna().any()]
    if shown:
        yield _figure(results, f"{NAME}-{rows['experiment'].iloc[0]}", rows,
                      list(cells.curves(good, [])), shown)


def _with_costs(good):
    """The counted runs with the columns of PANELS."""
    gigabytes = good["megabits"] / 8e3
    return good.assign(cpu_s_per_gb=(good["client_cpu_s"] + good["server_cpu_s"]) / gigabytes,
                       memory_mib=good["client_maxrss_kib"] / 1024)


def _figure(results, name, rows, lines, shown):
    figure, axes = style.sheet(1, len(shown), panel=(4.6, 0.9 + 0.25 * len(lines)), sharey=True)
    records, counts = [], []
    for place, (column, title, unit) in zip(axes[0], shown):
        for height, (label, cell) in enumerate(lines):
            known = cell[cell[column].notna()]
            if len(known):
                counts.append(len(known))
                records += _draw_line(place, known, column, height,
                                      {"program": label, "quantity": column, "unit": unit})
        place.set_xlabel(title)
        place.set_xlim(0, place.get_xlim()[1])
        place.grid(axis="y", visible=False)
    axes[0, 0].set_yticks(range(len(lines)), [label for label, _ in lines])
    axes[0, 0].set_ylim(len(lines) - 0.4, -0.6)
    text = caption.build(results, [HOW], rows, counts)
    style.finish(figure, ASKS, text)
    return Drawing(name, figure, pd.DataFrame(records), text)


def _draw_line(axes, rows, column, height, about):
    """One cell at `height`; returns the plotted numbers."""
    estimate = stats.mean_interval(rows[column], bounds=bounds.of(column))
    marks.lying(axes, rows[column], estimate, height, style.look(0))
    runs = [{**about, "kind": "run", "run_id": name, "value": value}
            for name, value in zip(rows["run_id"], rows[column])]
    return runs + [{**about, "kind": "mean", "n": estimate.n, "value": estimate.mean,
                    "low": estimate.low, "high": estimate.high}]
