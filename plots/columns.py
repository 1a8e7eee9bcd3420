"""The columns of a results folder's tables, as `bench/columns.csv` has them.

`docs/metrics.md` tells what that file says of each. All names here are those of columns; in
`TABLES` each stands with its kind of value (`plots/kinds.py`).
"""

import csv
from pathlib import Path

FILE = Path(__file__).resolve().parents[1] / "bench" / "columns.csv"
SCHEMA = 1


def _kind(row):
    kind = {"flag": "yes/no", "word": row["values"]}.get(row["kind"], row["kind"])
    return kind + "!" * (row["presence"] == "required")


def _read():
    with open(FILE, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


_ROWS = _read()
TABLES = {table: {row["name"]: _kind(row) for row in _ROWS if row["table"] == table}
          for table in ("runs", "latency", "samples")}
# Some results are older than these.
LATER = {row["name"] for row in _ROWS if row["presence"] == "later"}
# What an experiment may ask of a run, and how a label tells it: {name: template of str.format}.
SETTING_WORDS = {row["name"]: row["in_words"] or "{}" for row in _ROWS
                 if row["table"] == "runs" and row["role"] == "setting"}
# {"runs.wall_s": the figures that cannot do without it, or ["all"]}
NEEDED_BY = {f"{row['table']}.{row['name']}": row["needed_by"].split() for row in _ROWS}
