"""One run put together: its row of runs.csv and what its samples tell of it."""

import difflib
import math
from dataclasses import dataclass

import pandas as pd

from plots import cells, one_run
from plots.explain import analysis

NEAREST = 5  # ids named where one is unknown


class UnknownRun(Exception):
    """No row has the run_id; its text is one line that names the nearest ones."""


@dataclass(frozen=True)
class Story:
    """`run`: its row, with `time_s` where it counts. `rows`: the same as a frame. `server` and
    `client`: its samples (`one_run.samples_of`), empty where it has none. `lives` and `losses`:
    what `analysis` made of them."""

    run: pd.Series
    rows: pd.DataFrame
    server: pd.DataFrame
    client: pd.DataFrame
    lives: pd.DataFrame
    losses: pd.DataFrame

    @property
    def counts(self):
        return len(cells.counted(self.rows)) > 0

    @property
    def sampled(self):
        return len(self.server) > 0 and len(self.client) > 0


def find(results, run_id):
    """The Story of the run `run_id`. Raises UnknownRun."""
    rows = results.runs[results.runs["run_id"] == run_id]
    if rows.empty:
        raise UnknownRun(_unknown(results, run_id))
    good = cells.counted(rows)
    run = (good if len(good) else rows.assign(time_s=math.inf)).iloc[0]
    server, client = one_run.samples_of(results.samples, run)
    asked = results.latency[results.latency["run_id"] == run_id]
    asked = asked if run["part"] != 2 else None  # its sent_s is the server's stamp
    return Story(run, rows, server, client, analysis.lives(server, client, asked),
                 analysis.losses(server))


def _unknown(results, run_id):
    ids = list(results.runs["run_id"])
    near = difflib.get_close_matches(run_id, ids, NEAREST, cutoff=0.0)
    known = f"the nearest: {', '.join(near)}" if near else "there are no runs"
    return f"{results.folder}/runs.csv: no run {run_id!r}; {known}"
