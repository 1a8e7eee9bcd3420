"""bench/columns.csv is sound; the runner writes its columns, and the pages of docs/ tell of them."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from files import ROOT

sys.path.insert(0, str(ROOT / "docs"))
import make_tables  # noqa: E402 (it lies beside the pages)

BIN = Path(os.environ.get("DLAB_BIN", ROOT / "build" / "bin"))
COLUMNS = make_tables.COLUMNS.read_text(encoding="utf-8")


def header_lines(rows):
    """What `dlab_bench --print-columns` says where these are the rows of the table of columns."""
    names = {}
    for row in rows:
        names.setdefault(row["table"], []).append(row["name"])
    return "".join(f"{table}.csv: {','.join(names[table])}\n"
                   for table in ("runs", "latency", "samples"))  # fmt: skip


def test_the_runner_writes_the_columns_of_the_table():
    runner = subprocess.run([BIN / "dlab_bench", "--print-columns"], capture_output=True, text=True,
                            check=True, timeout=60)  # fmt: skip
    assert runner.stdout == header_lines(make_tables.read(COLUMNS))


def test_the_table_of_columns_is_sound():
    rows = make_tables.read(COLUMNS)
    assert make_tables.faults(rows) == []
    assert len(rows) > 100 and {row["table"] for row in rows} == {"runs", "latency", "samples", ""}


@pytest.mark.parametrize("page", make_tables.PAGES, ids=lambda page: page.name)
def test_a_page_has_the_tables_that_the_columns_make(page):
    text = page.read_text(encoding="utf-8")
    assert "made by docs/make_tables.py" in text
    told = make_tables.filled(text, make_tables.tables(make_tables.read(COLUMNS)))
    assert told == text, "run docs/make_tables.py"


@pytest.mark.parametrize("table", ["runs", "latency", "samples", "settings"])
def test_every_table_stands_in_a_page(table):
    pages = "".join(page.read_text(encoding="utf-8") for page in make_tables.PAGES)
    assert len(re.findall(f"<!-- table {table}: ", pages)) == 1


def documented_meta(text):
    """The first cells of the table below the heading that names meta.json."""
    section = re.split(r"^## `meta.json`", text, flags=re.MULTILINE)[1].split("\n## ")[0]
    return re.findall(r"^\|\s*`?(\w+)`?\s*\|", section, flags=re.MULTILINE)[1:]


def written_meta():
    """The keys that the runner puts into meta.json, in their order."""
    runner = ROOT / "bench" / "runner"
    begin = (runner / "meta.cpp").read_text().partition("ordered_json initial_meta(")[2]
    initial = re.findall(r'^      \{"(\w+)",', begin.partition("\n}\n")[0], flags=re.MULTILINE)
    later = re.findall(r'meta\["(\w+)"\] = ', (runner / "session.cpp").read_text())
    return initial + [key for key in later if key not in initial]


def test_the_keys_of_meta_json_are_explained():
    assert len(written_meta()) > 10
    assert documented_meta((ROOT / "docs" / "metrics.md").read_text()) == written_meta()


def test_columns_that_are_never_blank_are_those_that_describe_every_run():
    page = (ROOT / "docs" / "metrics.md").read_text()
    told = re.findall(r"`(\w+)`", re.search(r"Never\s+blank,[^:]*:([^.]*)\.", page)[1])
    describe = (ROOT / "bench" / "runner" / "run_description.cpp").read_text()
    always = re.findall(r'^  row\.set\("(\w+)"', describe, flags=re.MULTILINE)
    assert sorted(told) == sorted([*always, "status"])


HEAD = "table,name,unit,kind,values,presence,role,needed_by,in_words,meaning\n"
WIDTH = "runs,mtu_bytes,byte,integer,68 to 9000,later,setting,,mtu {:g},largest packet\n"


@pytest.mark.parametrize("line, wrong", [
    (WIDTH, None),
    (WIDTH + WIDTH, "runs.mtu_bytes: there twice"),
    (WIDTH.replace("largest", "small, large"), "not as many fields"),
    (WIDTH.replace(",largest packet", ""), "not as many fields"),
    (WIDTH.replace("largest packet", ""), "its meaning is blank"),
    (WIDTH.replace("integer", "whole"), "kind is 'whole'"),
    (WIDTH.replace("later", "young"), "presence is 'young'"),
    (WIDTH.replace("setting", "option"), "role is 'option'"),
    (WIDTH.replace("68 to 9000", ""), "its values are ''"),
    (WIDTH.replace("68 to 9000", "9000 to 68"), "its values are '9000 to 68'"),
    (WIDTH.replace("68 to 9000", "68-9000"), "its values are '68-9000'"),
    (WIDTH.replace("integer,68 to 9000", "word,"), "its values are ''"),
    (WIDTH.replace("setting", "measured"), "its values are '68 to 9000'"),
])  # fmt: skip
def test_a_faulty_row_is_found(line, wrong):
    found = make_tables.faults(make_tables.read(HEAD + line))
    assert any(wrong in fault for fault in found) if wrong else found == []


def test_a_row_becomes_a_line_of_both_pages():
    made = make_tables.tables(make_tables.read(HEAD + WIDTH))
    assert made["runs"].splitlines()[2:] == ["| mtu_bytes | byte | largest packet |"]
    assert made["settings"].splitlines()[2:] == ["| `mtu_bytes` | 68 to 9000 | largest packet |"]
    page = "a\n<!-- table runs: made -->\n\nold\n\n<!-- end of table runs -->\nb\n"
    assert make_tables.filled(page, made) == page.replace("old\n", made["runs"])


@pytest.mark.parametrize("values, told", [
    ("0 to 1000000000000000", "0 to 10^15"), ("1 to 1073741824", "1 to 2^30"),
    ("0.001 to 65535", "0.001 to 65,535"), ("1 to 1024", "1 to 1024"), ("on/off", "`on`, `off`"),
    ("a name of `linkem --list`", "a name of `linkem --list`"), ("", "`yes`, `no`"),
])  # fmt: skip
def test_values_are_told(values, told):
    row = WIDTH.replace("68 to 9000", values)
    assert f"| {told} |" in make_tables.tables(make_tables.read(HEAD + row))["settings"]
