"""Rows of the load generator (experiments models, backlog, objects): who serves, and the knee."""

import math
from dataclasses import dataclass

import numpy as np

from plots import cells, stats, style, wording

EXPERIMENT = "models"
MODELS = ["iterative", "threads", "pool", "processes", "prefork", "epoll", "io_uring"]
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
    """The counted rows of `models`, those of a service time (the queue's) left out."""
    good = cells.counted(cells.of_experiment(results.runs, EXPERIMENT))
    return cells.without(good, ["service_time_ms"])


def by_model(rows):
    """[(model, its rows)]: ours in the order of MODELS, then foreign servers by name."""
    names = sorted(rows["server_model"].unique(), key=lambda name: (name not in MODELS, name))
    ours = [name for name in MODELS if name in names] + [name for name in names
                                                         if name not in MODELS]
    return [(name, rows[rows["server_model"] == name]) for name in ours]


def look(model):
    """The look of a server model, the same in every figure; foreign servers share one."""
    return style.look(MODELS.index(model) if model in MODELS else len(MODELS))


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
