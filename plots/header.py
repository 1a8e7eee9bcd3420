"""The first line of a table, held against the columns that it should have.

Folders of an older bench lack columns that came later, and a newer one may know more: such a table
is read all the same. A column that is missing reads as blank, "not applicable"; of the load
generator's and of mirrors nothing is said, for where they are missing there are no runs of them.
"""

import csv
from dataclasses import dataclass

from plots import needs
from plots.columns import LATER


@dataclass(frozen=True)
class Header:
    """`names`: the file's columns as they stand. `unknown`, `missing`: names; `fault`: what is
    wrong, in words, "" where nothing is; `refused`: whether the table cannot be read for it."""

    names: list
    unknown: list
    missing: list
    fault: str
    refused: bool


def read(line, columns, table):
    """The Header of the file of `table` ("runs") that begins with `line`; `columns`: those that it
    should have, with their kinds."""
    names = next(csv.reader([line.rstrip("\r\n")]), [])
    unknown = [name for name in names if name not in columns]
    missing = [name for name in columns if name not in names]
    twice = sorted({name for name in names if names.count(name) > 1})
    vital = [name for name in missing
             if columns[name].endswith("!") or needs.by_all(table, name)]
    missed = [name for name in missing if name not in LATER]
    faults = [f"{what} {', '.join(repr(name) for name in found)}"
              for what, found in (("unknown column", unknown), ("missing column", missed),
                                  ("repeated column", twice)) if found]
    refused = bool(vital or twice)
    faults += ["nothing of it can be used"] if refused else _consequence(table, missed)
    return Header(names, unknown, missing, "; ".join(faults), refused)


def _consequence(table, missing):
    figures = needs.left_out(table, missing)
    return [f"figures left out for it: {', '.join(figures)}"] if figures else []
