"""Rows of the load generator in one experiment: who serves, how it was asked, and the knee.

`results`, where it is asked for, has the runs of that experiment alone.
"""

import math
from dataclasses import dataclass

import numpy as np

from plots import cells, stats, style, theory, wording

MODELS = ["iterative", "threads", "pool", "processes", "prefork", "epoll", "io_uring"]
FOREIGN = {"color": "#666666", "marker": "p", "linestyle": (0, (4, 1, 1, 1))}  # their look
NEARLY_FULL = 0.95  # beyond it a queue takes longer to become steady than a run lasts
# The rule of the knee.
WORST = 10.0       # times the p99 at the lowest load
ANSWERED = 0.99    # of the requests that were due
RULE = (f"Knee (ringed): the highest load up to which p99 stays within {WORST:g} times that at the "
        f"lowest load, and {100 * ANSWERED:g} % of what is due is answered in time.")


@dataclass(frozen=True)
class Knee:
    """`at`: the load in requests/s, NaN where already the lowest breaks the rule. `beyond`: the
    first load that breaks it, NaN where none was measured."""

    at: float
    beyond: float


def counted(results):
    """The counted rows, those of a service time (the queue's) left out."""
    return cells.without(cells.counted(results.runs), ["service_time_ms"])


def by_model(rows):
    """[(model, its rows)]: ours in the order of MODELS, then foreign servers by name."""
    def place(name):
        return (MODELS.index(name) if name in MODELS else len(MODELS), name)
    names = sorted(rows["server_model"].unique(), key=place)
    return [(name, rows[rows["server_model"] == name]) for name in names]


def look(model):
    """The look of a server model, the same in every figure; foreign servers share one."""
    return style.look(MODELS.index(model)) if model in MODELS else dict(FOREIGN)


def find_knee(points):
    """The Knee of `points`, a list of (load, p99 in s, share answered) in rising order of load."""
    at, first = math.nan, points[0][1]
    for load, p99_s, answered in points:
        if p99_s > WORST * first or answered < ANSWERED:
            return Knee(at, load)
        at = load
    return Knee(at, math.nan)


def knee_words(knee):
    """'knee at 8000/s' and what else is known of it."""
    if math.isnan(knee.at):
        return f"knee below {knee.beyond:g}/s"
    if math.isnan(knee.beyond):
        return f"no knee up to {knee.at:g}/s"
    return f"knee at {knee.at:g}/s"


def answered(rows):
    """Share of the requests due in the measured time that were answered within it, a Series; of
    the runs together it is the mean. Above 1 where the warm-up's answers came into it."""
    return rows["requests_per_s"] * rows["duration_s"] / (rows["requests"] + rows["failed_requests"])


def subject(row):
    """What a closed loop's cell asks for, in words, such as '50 clients, persistent, 1 KiB file'."""
    return ", ".join(wording.setting(name, row[name])
                     for name in ("clients", "requests_per_connection", "file_bytes"))


def log_mean(values):
    """The mean of positive values as `stats.Estimate`, by their logarithms: for a log axis."""
    return stats.ratio_interval(np.asarray(values, dtype=float))


def queue_rows(results):
    """The rows with a service time in an open loop, those that do not count too."""
    rows = _serving_slowly(results)
    return rows[rows["loop"] == "open"]


def service(results):
    """(S in s, a sentence that says from where): the time for a request of a server that is never
    without one, measured in a closed loop; without such a run what the server was told to sleep.
    An idle server will not do: its processor may wake up late, which a busy one's does not."""
    rows = cells.counted(_serving_slowly(results))
    busy = rows[rows["loop"] == "closed"]
    if busy.empty:
        slept = rows["service_time_ms"].iloc[0] / 1e3
        return slept, f"S = {wording.seconds(slept)}, as asked for: no run has a busy server."
    measured = (1 / busy["requests_per_s"]).mean()
    return measured, (f"S = {wording.seconds(measured)}: the time for each of a server that "
                      f"{busy['clients'].iloc[0]:g} clients keep busy (n = {len(busy)}).")


def _serving_slowly(results):
    return results.runs[results.runs["service_time_ms"] > 0]


def way(run):
    """(words, the arguments of `theory.objects_rtts`) of how a run asked."""
    several, persistent = int(run["clients"]), run["requests_per_connection"] == 0
    pipelined = bool(persistent and run["pipeline_depth"] > 1)
    words = "pipelined" if pipelined else "persistent" if persistent else "a connection each"
    words += f", {several} in parallel" if several > 1 else ""
    return words, {"connections": several, "persistent": persistent, "pipelined": pipelined}


def ways(panel):
    """[(words, arguments, rows)] of one panel, the slowest first."""
    found = [(*way(rows.iloc[0]), rows) for _, rows in
             cells.groups(panel, ["clients", "requests_per_connection", "pipeline_depth"])]
    return sorted(found, key=lambda one: -theory.objects_rtts(40, **one[1]))
