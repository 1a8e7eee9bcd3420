"""One run looked at closely: which one to take, its samples, how fast its connections were."""

import heapq

import numpy as np

from plots import cells

MOST_INTERVALS = 60  # of the time in which a run's goodput is averaged


def pick(rows):
    """(run, rows of its cell): of the cell with most connections (then most runs), the run nearest
    to the median time."""
    most = rows[rows["connections"] == rows["connections"].max()]
    apart = [name for name in cells.varying(most, ["experiment"] + cells.SETTINGS)]
    cell = max((part for _, part in cells.groups(most, apart)), key=len)
    return nearest_first(cell).iloc[0], cell


def nearest_first(cell):
    """The counted runs of one cell, those nearest to their median time first."""
    distance = (cell["time_s"] - cell["time_s"].median()).abs()
    return cell.loc[distance.sort_values(kind="stable").index]


def nearest(cell, kind):
    """', nearest to the median of 5 runs with `kind` recorded', '' where there is but one run."""
    return (f", nearest to the median of {len(cell)} runs with {kind} recorded" if len(cell) > 1
            else "")


def time_unit(seconds):
    """(unit, factor from seconds) of an axis that reaches to `seconds`."""
    return ("ms", 1e3) if seconds < 1 else ("s", 1.0)


def prefix(chunks):
    """In-order prefix: [(t_s, bytes usable from the front)], counting whole chunks as they end."""
    waiting, usable, steps = [], 0.0, [(0.0, 0.0)]
    for chunk in chunks.sort_values("done_s").itertuples():
        heapq.heappush(waiting, (chunk.offset_bytes, chunk.offset_bytes + chunk.bytes))
        while waiting and waiting[0][0] <= usable:
            usable = max(usable, heapq.heappop(waiting)[1])
        steps.append((chunk.done_s, usable))
    return steps


def prefix_of_sample(packets):
    """As `prefix`, where only some packets were recorded: as far as the first one still missing."""
    packets = packets.sort_values("done_s", kind="stable")
    starts = packets["offset_bytes"].to_numpy()
    missing = np.minimum.accumulate(starts[::-1])[::-1]
    usable = np.append(missing[1:], (packets["offset_bytes"] + packets["bytes"]).max())
    return [(0.0, 0.0)] + list(zip(packets["done_s"], usable))


def samples_of(samples, run):
    """(server, client): the rows of samples.csv of one run until its end, by time, those without a
    connection left out. Progress is told on a grid, whose last point may lie after the end."""
    mine = samples[samples["run_id"] == run["run_id"]]
    mine = mine[mine["connection"].notna()].sort_values("t_s", kind="stable")
    server = mine[(mine["side"] == "server") & (mine["t_s"] <= run["time_s"])]
    client = mine[mine["side"] == "client"]
    return server, client.assign(t_s=client["t_s"].clip(upper=run["time_s"]))


def sampled(samples):
    """The run_ids that have samples of both sides."""
    joined = samples[samples["connection"].notna()]
    sides = [set(joined.loc[joined["side"] == side, "run_id"].unique())
             for side in ("server", "client")]
    return sides[0] & sides[1]


def intervals(client, end_s):
    """Edges (n + 1,) of equal parts of a run's time, each with two points of progress or more."""
    number = client["t_s"].nunique() // 2
    return np.linspace(0.0, end_s, min(max(number, 1), MOST_INTERVALS) + 1)


def rates(client, numbers, edges):
    """Goodput in Mbit/s, (len(numbers), n), of each of `numbers` between `edges` (n + 1,)."""
    found = np.zeros((len(numbers), len(edges) - 1))
    for place, number in enumerate(numbers):
        own = client[client["connection"] == number]
        if len(own):
            so_far = np.interp(edges, own["t_s"], own["bytes_received"], left=0.0)
            found[place] = np.diff(so_far) * 8e-6 / np.diff(edges)
    return found
