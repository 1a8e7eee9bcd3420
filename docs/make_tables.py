#!/usr/bin/env python3
"""Writes the tables of columns and settings into the pages of docs/, from bench/columns.csv.

    docs/make_tables.py

A table stands between `<!-- table NAME: made by docs/make_tables.py from bench/columns.csv -->` and
`<!-- end of table NAME -->`. Exit status: 0; 2 where the table of columns cannot be right.
"""

import csv
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COLUMNS = ROOT / "bench" / "columns.csv"
PAGES = [ROOT / "docs" / name for name in ("metrics.md", "experiments.md")]
KINDS = ("text", "word", "flag", "integer", "number")
PRESENCES = ("", "required", "later")
ROLES = ("setting", "given", "measured")
RANGE = re.compile(r"([\d.]+) to ([\d.]+)")
MARKED = re.compile(r"(<!-- table (\w+):[^\n]*-->\n\n).*?(\n<!-- end of table \2 -->)", re.DOTALL)


def read(text):
    """The rows of the table of columns, as dicts."""
    return list(csv.DictReader(text.splitlines(), strict=True))


def faults(rows):
    """What is wrong with the rows, a line each."""
    found = []
    for row in rows:
        name = f"{row['table']}.{row['name']}"
        if None in row or None in row.values():
            found.append(f"{name}: not as many fields as the header has")
            continue
        found += [f"{name}: {key} is {row[key]!r}, not one of {', '.join(known)}"
                  for key, known in (("kind", KINDS), ("presence", PRESENCES), ("role", ROLES))
                  if row[key] not in known]  # fmt: skip
        if not row["meaning"] or "|" in row["meaning"]:
            found.append(f"{name}: its meaning is blank, or has a |")
        if not _has_values(row):
            found.append(f"{name}: its values are {row['values']!r}")
    names = [(row["table"], row["name"]) for row in rows]
    return found + [f"{'.'.join(name)}: there twice" for name in sorted(set(names))
                    if names.count(name) > 1]  # fmt: skip


def _has_values(row):
    """Whether `values` says what this kind of column needs to have said."""
    if row["kind"] == "word":
        return "/" in row["values"]
    if row["role"] != "setting":
        return row["values"] == ""
    if row["kind"] in ("integer", "number"):
        ends = RANGE.fullmatch(row["values"])
        return ends is not None and float(ends[1]) < float(ends[2])
    return (row["values"] == "") == (row["kind"] == "flag")


def tables(rows):
    """{name: the lines of a table in Markdown}."""
    made = {}
    for table in ("runs", "latency", "samples"):
        cells = [(row["name"], row["unit"], row["meaning"]) for row in rows
                 if row["table"] == table]  # fmt: skip
        made[table] = _table(("column", "unit", "meaning"), cells)
    made["settings"] = _table(("setting", "values", "meaning"),
                              [(f"`{row['name']}`", _values(row), row["meaning"]) for row in rows
                               if row["role"] == "setting"])  # fmt: skip
    return made


def _values(row):
    numbers = RANGE.fullmatch(row["values"])
    if numbers:
        return f"{_number(numbers[1])} to {_number(numbers[2])}"
    if "`" in row["values"]:
        return row["values"]
    words = row["values"] or "yes/no"
    return ", ".join(f"`{word}`" for word in words.split("/"))


def _number(text):
    """'1000000' as 10^6, '1073741824' as 2^30, '65535' as 65,535."""
    if "." in text:
        return text
    number = int(text)
    if number >= 10**6 and number == 10 ** (len(text) - 1):
        return f"10^{len(text) - 1}"
    if number >= 10**6 and number == 2 ** (number.bit_length() - 1):
        return f"2^{number.bit_length() - 1}"
    return f"{number:,}" if number >= 10**4 else text


def _table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"|{''.join(f' {cell} |' if cell else ' |' for cell in line)}\n"
                   for line in lines)  # fmt: skip


def filled(page, made):
    """The page's text with its tables as they are in `made`."""
    return MARKED.sub(lambda match: match[1] + made[match[2]] + match[3], page)


def main():
    rows = read(COLUMNS.read_text(encoding="utf-8"))
    wrong = faults(rows)
    if wrong:
        print("\n".join(f"bench/columns.csv: {line}" for line in wrong), file=sys.stderr)
        return 2
    for path in PAGES:
        page = path.read_text(encoding="utf-8")
        path.write_text(filled(page, tables(rows)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
