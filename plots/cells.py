"""Runs grouped into cells (all runs of one setting), and what a cell's runs say together."""

import numpy as np
import pandas as pd

from plots import stats, wording
from plots.columns import SETTING_WORDS

# No curve is told apart by what surrounds its runs.
_SURROUNDINGS = ["limit_rate_mbit_s", "request_every_ms"]
_MOST_TELLING = ["contestant", "connections", "schedule", "client_model", "server_model", "io_path",
                 "packet_bytes", "packet_order", "batch_packets", "nagle", "buffer_bytes",
                 "receive_buffer_bytes", "work_mbyte_s", "client_cpus", "planned_seconds",
                 "file_bytes", "sink", "link", "limit_rates", "mirrors", "background_flows",
                 "congestion_requested"]
# The columns that set a run apart from another one, the most telling first.
SETTINGS = _MOST_TELLING + [name for name in SETTING_WORDS
                            if name not in _MOST_TELLING + _SURROUNDINGS]
# What sets the cells of a session apart; in another session, a cell with the same is its fellow.
KEY = ["experiment", *SETTINGS, *_SURROUNDINGS]
# What sets two subjects of one link apart.
SUBJECT = [name for name in SETTINGS if name not in ("connections", "link")]
# What the runs of one panel have in common.
PANEL = ["link", "congestion_requested", "file_bytes", "sink", "planned_seconds"]


def of_experiment(runs, *names):
    """The rows of the experiments `names`, warm-up runs and failed ones included."""
    return runs[runs["experiment"].isin(names)]


def counted(runs):
    """The rows that count (status ok, no warm-up, a time known), with the columns
    `time_s`, `megabits` and `run_goodput_mbit_s` added.

    `time_s` is `duration_s`; for a program that cannot tell it, the time its goodput implies, and
    else `wall_s` less `startup_s`. To a file, programs that are compared with each other (`rivals`)
    are all timed so.
    """
    good = runs[tried(runs) & (runs["status"] == "ok")].copy()
    good["megabits"] = good["bytes_received"].fillna(good["file_bytes"]) * 8e-6
    implied = good["megabits"] / good["goodput_mbit_s"].where(good["goodput_mbit_s"] > 0)
    wall = good["wall_s"] - good["startup_s"]
    own = good["duration_s"].fillna(implied).fillna(wall)
    good["time_s"] = own.where(~good["rivals"] | (good["sink"] != "file"), wall)
    good["run_goodput_mbit_s"] = good["megabits"] / good["time_s"].where(good["time_s"] > 0)
    return good[good["time_s"] > 0]


def algorithm(runs):
    """The congestion control of each run: the one read back, else the one asked for."""
    used = runs["congestion_used"]
    return used.where(used != "", runs["congestion_requested"])


def by_algorithm(runs):
    """The same rows, told apart by the congestion control that was read back."""
    return runs.assign(congestion_requested=algorithm(runs))


def tried(runs):
    """Mask of the runs that were meant to count: no warm-up."""
    return runs["warmup"] != "yes"


def without(runs, columns):
    """The rows in which all of `columns` are blank."""
    for name in columns:
        runs = runs[runs[name].isna() | (runs[name] == "")]
    return runs


def varying(runs, columns=None):
    """Those of `columns` (default: SETTINGS) in which the rows differ."""
    return [name for name in columns or SETTINGS if runs[name].nunique(dropna=False) > 1]


def groups(runs, columns):
    """Yields (key tuple, rows) for each combination of `columns`, blanks included, in sorted order."""
    if not columns:
        yield (), runs
        return
    keys = list(columns) if len(columns) > 1 else columns[0]
    for key, rows in runs.groupby(keys, dropna=False, sort=True):
        yield key if isinstance(key, tuple) else (key,), rows


def subjects(runs):
    """Yields (label, rows) of whatever has runs with several connections: each link under one
    algorithm with one schedule, such as 'noisy, reno, dynamic'."""
    several = runs[runs["connections"] > 1]
    for _, rows in groups(runs, ["link", *SUBJECT]):
        if (rows["connections"] > 1).any():
            told = varying(several[several["link"] == rows["link"].iloc[0]], SUBJECT)
            yield _subject(rows.iloc[0], told), rows


def _subject(row, told):
    words = [row["link"], row["congestion_requested"], row["schedule"]]
    words += [wording.setting(name, row[name]) for name in told
              if name not in ("congestion_requested", "schedule")]
    return ", ".join(word for word in words if word)


def label(row, columns, default="all runs"):
    """The settings `columns` of one row, in words, joined by commas; blank ones left out."""
    words = [wording.setting(name, row[name]) for name in columns]
    return ", ".join(word for word in words if word) or default


def curves(runs, along):
    """Yields (label, rows) for each curve of a panel: one for each setting that varies besides the
    columns `along`. A label names the contestant, its connections if it has several, and what varies
    among runs of one contestant."""
    apart = [name for name in varying(runs) if name not in along]
    told = [name for name in apart if name != "contestant" and _tells_more(runs, name)]
    for _, rows in groups(runs, apart):
        several = bool(rows["connections"].iloc[0] > 1) and "connections" not in [*told, *along]
        yield label(rows.iloc[0], ["contestant"] + ["connections"] * several + told), rows


def scheduled(curves):
    """The same (label, rows), each label naming the schedule where its runs have one."""
    for words, rows in curves:
        schedule = wording.setting("schedule", rows["schedule"].iloc[0])
        yield words + (f", {schedule}" if schedule and schedule not in words else ""), rows


def _tells_more(runs, column):
    """Whether `column` differs between runs of one contestant."""
    return bool((runs.groupby("contestant")[column].nunique(dropna=False) > 1).any())


def at_most_common(runs, columns):
    """The rows in which each of `columns` has its most common value (the smallest, if several)."""
    for name in columns:
        modes = runs[name].mode(dropna=False)
        if len(modes):
            value = modes.iloc[0]
            runs = runs[runs[name].isna() if pd.isna(value) else runs[name] == value]
    return runs


def goodput(rows):
    """The mean goodput, Mbit/s, of one cell's counted runs, as `stats.Estimate`.

    Files: bytes over the mean time. Timed runs: the mean of the goodputs (their times are alike).
    """
    if rows["planned_seconds"].notna().any():
        return stats.mean_interval(rows["run_goodput_mbit_s"])
    return stats.goodput_interval(rows["megabits"], rows["time_s"])


def flag_outliers(rows):
    """Mask (n,) of the runs of one cell whose time (timed runs: goodput) lies beyond Tukey's fences."""
    timed = rows["planned_seconds"].notna().any()
    return np.asarray(stats.outliers(rows["run_goodput_mbit_s" if timed else "time_s"]))
