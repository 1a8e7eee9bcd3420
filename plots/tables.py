"""A strict reader of the tables of a results folder."""

import codecs
import csv
import io
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from plots import header, kinds
from plots.columns import TABLES

# All bytes but those that end a value or a row.
NO_MARKS = bytes(set(range(256)) - set(b",\n"))
ROWS_AT_ONCE = 50_000
CUT = "the file ends in the middle of this row"
# What could steer the terminal that shows a text of somebody's results, or set its letters in
# another order: control characters, and those that turn the direction of writing.
STEERING = {code: "?" for code in (*range(0x20), *range(0x7F, 0xA0), 0x61C, 0x200E, 0x200F,
                                   *range(0x202A, 0x202F), *range(0x2066, 0x206A))
            if chr(code) not in "\r\n"}


@dataclass
class Table:
    """`rows`: one per readable row, numbers as floats (blank: NaN), the rest as text (blank: ""),
    every column there, as blank where the file lacks it; in the big tables, text is categories.
    No text can steer a terminal (`STEERING`).
    `problems`: one line each, naming file and line. `dropped`: rows that could not be read.
    `missing`: columns that the file lacks."""

    rows: pd.DataFrame
    problems: list = field(default_factory=list)
    dropped: int = 0
    missing: list = field(default_factory=list)


def empty(columns):
    """A table's frame with no rows."""
    rows = pd.DataFrame({name: pd.Series(dtype=float if kinds.is_number(kind) else object)
                         for name, kind in columns.items()})
    return rows.astype({name: "category" for name in _repeated(columns)})


def _repeated(columns):
    """The columns of text whose few values stand in a great many rows."""
    return [] if columns is TABLES["runs"] else [name for name, kind in columns.items()
                                                 if not kinds.is_number(kind)]


def read_table(path, columns):
    """Reads the CSV file `path`, which should have `columns` (order is free). Spreadsheets save it
    with a byte order mark and CRLF; that reads alike.

    A missing or empty file is an empty table. What is wrong with the header is one problem, which
    may refuse the table (`header.read`); a bad row is left out and named in `problems`. Never raises
    for what stands in the file.
    """
    path = Path(path)
    try:
        data = path.read_bytes().removeprefix(codecs.BOM_UTF8) if path.exists() else b""
        if not data or data.isspace():
            return Table(empty(columns))
        head = header.read(io.BytesIO(data).readline().decode("utf-8"), columns, path.stem)
        problems = [f"{path.name}:1: {head.fault}"] * bool(head.fault)
        if head.refused:
            return Table(empty(columns), problems)
        table = (_read_plain(path.name, data, head, columns)
                 or _read_strictly(path.name, data.decode("utf-8"), head, columns))
    except (OSError, UnicodeDecodeError) as error:
        return Table(empty(columns), [f"{path.name}: {error}"])
    table.problems[:0] = problems
    table.missing = head.missing
    return table


def _complete(rows, head, columns):
    """`rows` as `Table` has them: all `columns`, in their order."""
    for name in head.missing:
        number = kinds.is_number(columns[name])
        rows[name] = pd.Series(np.nan if number else "", rows.index, float if number else object)
    for name in _repeated(columns):
        rows[name] = rows[name].astype("category")  # the careful reader has texts
    return rows if list(rows) == list(columns) else rows[list(columns)]


def _read_plain(name, data, head, columns):
    """The quick way for a big, clean table of numbers; None if anything needs a closer look."""
    whole = data[:data.rfind(b"\n") + 1]  # a last row without an end is told
    line = b"," * (len(head.names) - 1) + b"\n"
    lines = whole.count(b"\n")
    if columns is TABLES["runs"] or b'"' in data or b"\r" in data or lines < 2:
        return None
    if whole.translate(None, NO_MARKS) != line * lines:
        return None
    known = {name: kind for name, kind in columns.items() if name not in head.missing}
    try:
        rows = _parse(whole, lines - 1, known)
    except ValueError:
        return None
    if not all(kinds.column_fits(rows[name], kind) for name, kind in known.items()):
        return None
    cut = [f"{name}:{lines + 1}: {CUT}"] * (len(whole) < len(data))
    return Table(_complete(rows, head, columns), cut, len(cut))


def _parse(data, number, known):
    """The frame of a plain CSV file with `number` rows, of its columns `known`; ValueError where a
    number is none. Read in pieces, so that nothing but the result takes much memory."""
    types = {name: float if kinds.is_number(kind) else "category" for name, kind in known.items()}
    numbers = [name for name in known if types[name] is float]
    values, words, at = np.full((len(numbers), number), np.nan), [], 0
    with pd.read_csv(io.BytesIO(data), dtype=types, usecols=list(known), keep_default_na=False,
                     na_values={name: [""] for name in numbers}, chunksize=ROWS_AT_ONCE,
                     low_memory=False) as reader:
        for piece in reader:
            values[:, at:at + len(piece)] = piece[numbers].to_numpy().T
            at += len(piece)
            words.append(piece.drop(columns=numbers))
    rows = pd.DataFrame(values.T, columns=numbers)
    for place, name in enumerate(known):
        if types[name] == "category":
            rows.insert(place, name, union_categoricals([piece[name] for piece in words],
                                                        sort_categories=True))
    return rows


def _read_strictly(name, text, head, columns):
    """Row by row, so that each problem is told with its line."""
    table, kept = Table(empty(columns)), []
    reader = csv.reader(io.StringIO(text.translate(STEERING), newline=""))
    next(reader)
    for row in reader:
        fault = _row_fault(row, head, columns)
        if fault:
            table.problems.append(f"{name}:{reader.line_num}: {fault}")
        else:
            kept.append(row)
    if not text.endswith("\n") and kept and not (table.problems and fault):
        table.problems.append(f"{name}:{reader.line_num}: {CUT}")
        kept.pop()
    table.dropped = len(table.problems)
    rows = pd.DataFrame(kept, columns=head.names, dtype=object).drop(columns=head.unknown)
    for column in rows:
        if kinds.is_number(columns[column]):
            rows[column] = np.array([float(cell or "nan") for cell in rows[column]], dtype=float)
    table.rows = _complete(rows, head, columns)
    return table


def _row_fault(row, head, columns):
    if len(row) != len(head.names):
        return f"{len(row)} values for {len(head.names)} columns (a truncated row?)"
    for name, value in zip(head.names, row):
        fault = kinds.fault(value, columns[name]) if name in columns else None
        if fault:
            return f"{name} {fault}"
    return None
