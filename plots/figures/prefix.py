"""How much of the file could be used by when: the in-order prefix of the three parts."""

import pandas as pd

from plots import caption, cells, marks, one_run, style
from plots.output import Drawing

NAME = "prefix"
ASKS = "How much of the file can be used, and when?"
AT_MOST_POINTS = 400
HOW = ("In-order prefix: the bytes from the file's beginning to its first gap. Each curve is one "
       "run, of those recorded the nearest to the median time. One connection: bytes received, in "
       "order by themselves. Part 2: up to the first packet still missing, of those recorded. "
       "Several connections: whole chunks, as they end. A mark ends each curve.")


def draw(results):
    """A figure for each link: a panel for each algorithm, size and sink, a curve for each part."""
    rows = results.runs
    good = cells.counted(rows)
    for (link,), here in cells.groups(good, ["link"]) if len(good) else ():
        page, shown = marks.Page(), []
        for panel, title in marks.panels(here):
            curves = list(_curves(results, panel))
            shown += [(title, curves)] if curves else []
        if shown:
            yield _figure(results, f"{NAME}-{link}", shown, rows[rows["link"] == link], page)


def _curves(results, panel):
    """Yields (label, run, [(t_s, bytes)]) for each program and number of connections."""
    for label, rows in cells.curves(panel, []):
        for _, run in one_run.nearest_first(rows).iterrows():
            steps = steps_of(results, run)
            if steps:
                yield label, run, steps
                break


def steps_of(results, run):
    """[(t_s, bytes usable from the front)] of a run, [] where its tables do not tell."""
    if run["connections"] == 1 and run["part"] != 2:
        _, client = one_run.samples_of(results.samples, run)
        return list(zip(client["t_s"], client["bytes_received"]))
    pieces = results.latency[results.latency["run_id"] == run["run_id"]].dropna(subset=["done_s"])
    if pieces.empty:
        return []
    if run["part"] == 2:
        return one_run.prefix_of_sample(pieces) + [(run["time_s"], run["file_bytes"])]
    return one_run.prefix(pieces) if pieces["bytes"].sum() >= run["file_bytes"] else []


def _figure(results, name, shown, rows, page):
    figure, axes = style.grid(len(shown), panel=(6.4, 3.4))
    records = []
    for place, (title, curves) in zip(axes, shown):
        records += _draw_panel(place, title, curves, page)
    text = caption.build(results, [HOW], rows)
    style.finish(figure, ASKS, text, page.handles())
    return Drawing(name, figure, pd.DataFrame(records), text)


def _draw_panel(axes, title, curves, page):
    last = max(steps[-1][0] for _, _, steps in curves)
    unit, factor = one_run.time_unit(last)
    records = []
    for label, run, steps in curves:
        look, thinned = page.look(label), thin(steps)
        times = [t * factor for t, _ in thinned]
        axes.step(times, [count / 1e6 for _, count in thinned], where="post", color=look["color"],
                  linestyle=look["linestyle"])
        axes.plot(times[-1:], [thinned[-1][1] / 1e6], color=look["color"], marker=look["marker"])
        records += [{"panel": title, "curve": label, "run_id": run["run_id"], "t_s": t,
                     "prefix_bytes": count} for t, count in thinned]
    axes.set_xlim(0, last * factor * 1.03)
    axes.set_ylim(0, None)
    axes.set_xlabel(f"time since the first connect, {unit}")
    axes.set_ylabel("usable from the front, MB")
    axes.set_title(title)
    return records


def thin(steps):
    """`steps` without those that change nothing, some AT_MOST_POINTS of them, the last one kept."""
    told = [step for step, before in zip(steps, [(0.0, -1.0)] + steps) if step[1] != before[1]]
    stride = -(-len(told) // AT_MOST_POINTS)
    return told[:-1][::stride] + told[-1:]
