"""A results folder, read: its runs, latencies, samples and metadata, and what was wrong with them."""

import json
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from plots import columns, needs, tables, wanted


class ResultsError(Exception):
    """The folder cannot be used at all; its text is one line."""


@dataclass
class Results:
    """`runs`, `latency`, `samples`: frames with the columns of `tables.TABLES`; `runs` has `rivals`
    besides: whether the run's experiment compares programs of several makers (wants the figure
    `peers`), so that all must be timed alike. `meta`: a dict, empty where there is none.
    `problems`: one line each. `dropped_runs`: rows of runs.csv left out. `left_out`: figures that
    cannot be drawn, as a column is missing."""

    folder: Path
    runs: pd.DataFrame
    latency: pd.DataFrame
    samples: pd.DataFrame
    meta: dict
    problems: list
    dropped_runs: int
    left_out: list = field(default_factory=list)


def load(folder, only_runs=False):
    """Reads `folder`, or the one that the file `folder` names, as `latest` does where there are no
    symbolic links; with `only_runs` the two big tables are left alone. Raises ResultsError."""
    folder = _named_by(Path(folder))
    if not folder.is_dir():
        raise ResultsError(f"{folder}: no such folder")
    if not (folder / "runs.csv").is_file():
        raise ResultsError(f"{folder}/runs.csv: no such file (is this a results folder?)")
    names = ["runs"] if only_runs else ["runs", "latency", "samples"]
    read = {name: tables.read_table(folder / f"{name}.csv", tables.TABLES[name]) for name in names}
    problems = [line for table in read.values() for line in table.problems]
    runs, faults = _check_runs(read["runs"].rows)
    problems += faults
    meta = _read_meta(folder / "meta.json", problems)
    problems += wanted.faults(meta)
    runs["rivals"] = runs["experiment"].isin(wanted.wanting(meta, runs, "peers"))
    frames = {name: read[name].rows if name in read else tables.empty(tables.TABLES[name])
              for name in ("latency", "samples")}
    problems += _disorder(frames["latency"])
    if len(runs) and read["runs"].dropped == 0:
        for name, frame in frames.items():
            problems += _strangers(name, frame, runs)
    left_out = [figure for name in names for figure in needs.left_out(name, read[name].missing)]
    return Results(folder, runs, frames["latency"], frames["samples"], meta, problems,
                   read["runs"].dropped, left_out)


def _named_by(path):
    """The folder beside the file `path` whose name is all that it holds; else `path`."""
    if not path.is_file():
        return path
    try:
        named = path.parent / path.read_text(encoding="utf-8").strip()
        return named if named.is_dir() else path
    except (OSError, ValueError):
        return path  # no text, or far too much of it


def _check_runs(runs):
    """Leaves out rows of a foreign schema, and the second of two rows with one run_id."""
    foreign, faults = runs["schema"] != columns.SCHEMA, []
    if foreign.any():
        first = runs[foreign].iloc[0]
        faults.append(f"runs.csv: run {first['run_id']!r} has schema {first['schema']:g}, but this "
                      f"program reads schema {columns.SCHEMA}; rows left out: {foreign.sum()}")
    runs = runs[~foreign]
    twice = runs["run_id"].duplicated()
    faults += [f"runs.csv: run_id {name!r} stands in more than one row; the first one counts"
               for name in runs.loc[twice, "run_id"].unique()]
    return runs[~twice].reset_index(drop=True), faults


def _strangers(name, frame, runs):
    unknown = sorted(set(frame["run_id"].unique()) - set(runs["run_id"]))
    if not unknown:
        return []
    return [f"{name}.csv: {len(unknown)} run_id not in runs.csv, such as {unknown[0]!r}; "
            "their rows are not used"]


def _disorder(latency):
    """Rows whose moments run backwards, which no clock of ours can give."""
    rows = latency[(latency["sent_s"] > latency["first_byte_s"])
                   | (latency["first_byte_s"] > latency["done_s"])]
    if rows.empty:
        return []
    return [f"latency.csv: {len(rows)} rows with sent_s, first_byte_s, done_s out of order, the first "
            f"in run {rows['run_id'].iloc[0]!r}"]


def _read_meta(path, problems):
    if not path.exists():
        return {}
    try:
        meta = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        problems.append(f"meta.json: {error}")
        return {}
    if not isinstance(meta, dict):
        problems.append("meta.json: not an object")
        return {}
    return meta
