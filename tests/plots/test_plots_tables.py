"""The reader: its columns are those of docs/metrics.md, and it names what is wrong and where."""

import math
import re

import pytest

from conftest import ROOT
from plots import header, recorded, results, tables
from tests.plots import make_golden_time

NAMES = {"runs": "`runs.csv`", "latency": "`latency.csv`", "samples": "`samples.csv`"}


def columns_in_the_dictionary(table):
    text = (ROOT / "docs/metrics.md").read_text(encoding="utf-8")
    section = text.split(f"## {NAMES[table]}", 1)[1].split("\n## ", 1)[0]
    rows = re.findall(r"^\| (\w+) \|", section, flags=re.MULTILINE)
    return [name for name in rows if name != "column"]


@pytest.mark.parametrize("table", list(NAMES))
def test_the_columns_are_those_of_the_dictionary(table):
    assert list(tables.TABLES[table]) == columns_in_the_dictionary(table)


def test_the_golden_results_read_without_a_problem(golden):
    read = results.load(golden)
    assert read.problems == [] and read.dropped_runs == 0
    assert len(read.runs) > 900 and len(read.latency) > 1000 and len(read.samples) == 10


def test_a_renamed_column_is_told_and_reads_as_blank(edit):
    read = results.load(edit("runs.csv", "ttfb_s", "ttfb_ms"))
    line, = read.problems
    assert line.startswith("runs.csv:1: unknown column 'ttfb_ms'; missing column 'ttfb_s'")
    assert len(read.runs) > 900 and read.runs["ttfb_s"].isna().all()
    assert "ttfb_ms" not in read.runs


def test_a_repeated_column_refuses_the_table(edit):
    read = results.load(edit("latency.csv", "sent_s", "done_s"))
    assert "repeated column 'done_s'" in read.problems[0] and read.latency.empty


def test_rows_of_a_foreign_schema_are_told_and_left_out(edit, golden):
    read = results.load(edit("runs.csv", "\n1,r0004,", "\n2,r0004,"))
    assert read.problems[0] == ("runs.csv: run 'r0004' has schema 2, but this program reads schema "
                                "1; rows left out: 1")
    assert len(read.runs) == len(results.load(golden).runs) - 1


@pytest.mark.parametrize("name", ["runs.csv", "latency.csv", "samples.csv"])
def test_a_row_cut_short_is_named_with_its_line_and_left_out(copy, name):
    path = copy / name
    lines = path.read_text(encoding="utf-8").split("\n")
    lines[3] = lines[3].rsplit(",", 2)[0]
    path.write_text("\n".join(lines), encoding="utf-8")
    line, = [line for line in results.load(copy).problems if line.startswith(name)]
    assert re.match(rf"{name}:4: \d+ values for \d+ columns \(a truncated row\?\)", line)


@pytest.mark.parametrize("name", ["runs.csv", "latency.csv"])
def test_a_file_that_ends_in_the_middle_of_a_row_loses_that_row_only(copy, name):
    whole = results.load(copy)
    path = copy / name
    path.write_text(path.read_text(encoding="utf-8")[:-2], encoding="utf-8")
    read = results.load(copy)
    assert len(read.problems) == 1 and read.problems[0].startswith(f"{name}:")
    table = name.split(".", maxsplit=1)[0]
    assert len(getattr(read, table)) == len(getattr(whole, table)) - 1


@pytest.mark.parametrize("old, new, fault", [
    (",part1,1,", ",part1,one,", "part is 'one', not a whole number"),
    (",part1,1,1,", ",part1,1,1.5,", "connections is '1.5', not a whole number"),
    (",part1,1,1,", ",part1,1,,", "connections is blank"),
    (",ok,", ",fine,", "status is 'fine', not one of ok, failed, timeout, unavailable, void"),
    (",50000000,", ",-1,", "file_bytes is '-1', not a whole number"),
])
def test_a_bad_cell_is_named_with_its_line(edit, old, new, fault):
    read = results.load(edit("runs.csv", old, new))
    assert read.problems[0] == f"runs.csv:2: {fault}" and read.dropped_runs == 1


@pytest.mark.parametrize("word", ["nan", "inf", "-0.5", "1e999x", "0x10"])
def test_a_number_is_a_finite_number_from_zero_up(copy, word):
    path = copy / "latency.csv"
    lines = path.read_text(encoding="utf-8").split("\n")
    lines[1] = lines[1].rsplit(",", 2)[0] + f",{word},"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert results.load(copy).problems == [
        f"latency.csv:2: done_s is {word!r}, not a number from 0 up"]


def test_quotes_commas_and_returns_read_as_rfc_4180_says(copy):
    path = copy / "runs.csv"
    text = path.read_text(encoding="utf-8").replace("no progress for 30 s, gave up", 'a ""b"", c')
    path.write_bytes(text.replace("\n", "\r\n").encode())
    read = results.load(copy)
    assert read.problems == [] and 'a "b", c' in set(read.runs["error"])


@pytest.mark.parametrize("table", ["runs", "latency"])
def test_what_a_spreadsheet_has_saved_reads_as_before(golden, copy, table):
    path = copy / f"{table}.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    saved = tables.read_table(path, tables.TABLES[table])
    whole = tables.read_table(golden / f"{table}.csv", tables.TABLES[table])
    assert saved.problems == [] and saved.rows.equals(whole.rows)


def test_metadata_with_a_byte_order_mark_is_read(golden, copy):
    path = copy / "meta.json"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert results.load(copy).meta == results.load(golden).meta


def test_the_quick_reader_and_the_careful_one_agree(golden):
    quick = tables.read_table(golden / "latency.csv", tables.TABLES["latency"])
    text = (golden / "latency.csv").read_text(encoding="utf-8")
    head = header.read(text.split("\n", 1)[0], tables.TABLES["latency"], "latency")
    careful = tables._read_strictly("latency.csv", text, head, tables.TABLES["latency"])
    assert quick.rows.equals(careful.rows)


@pytest.mark.parametrize("name", ["latency", "samples"])
def test_a_table_read_in_pieces_is_the_same(monkeypatch, name):
    path, columns = make_golden_time.GOLDEN / f"{name}.csv", tables.TABLES[name]
    whole = tables.read_table(path, columns)
    monkeypatch.setattr(tables, "ROWS_AT_ONCE", 7)
    pieces = tables.read_table(path, columns)
    assert len(whole.rows) > 500 and pieces.rows.equals(whole.rows)
    assert list(pieces.rows["run_id"].cat.categories) == sorted(set(whole.rows["run_id"]))


def test_a_run_that_stands_twice_counts_once(edit):
    read = results.load(edit("runs.csv", "\n1,r0005,", "\n1,r0004,"))
    assert "'r0004' stands in more than one row" in read.problems[0]
    assert read.runs["run_id"].is_unique


def test_rows_of_an_unknown_run_are_told(edit):
    read = results.load(edit("samples.csv", "\nr0", "\nx0"))
    assert read.problems[0].startswith("samples.csv: 1 run_id not in runs.csv, such as 'x0")


def test_moments_that_run_backwards_are_told(copy):
    path = copy / "latency.csv"
    lines = path.read_text(encoding="utf-8").split("\n")
    lines[1] = lines[1].rsplit(",", 2)[0] + ",0,"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert "out of order" in results.load(copy).problems[0]


def test_metadata_that_is_no_json_is_told(copy):
    (copy / "meta.json").write_text("{", encoding="utf-8")
    read = results.load(copy)
    assert read.problems[0].startswith("meta.json: ") and read.meta == {} and len(read.runs)


@pytest.mark.parametrize("strange", [None, True, 7, "x", ["x"]])
def test_metadata_of_another_kind_counts_as_missing(strange):
    assert recorded.section({"a": strange}, "a") == {} and recorded.section({}, "a") == {}
    assert recorded.listed({"a": strange}, "a") == (strange if strange == ["x"] else [])
    assert recorded.sections({"a": [strange, {"b": 1}]}, "a") == [{"b": 1}]


@pytest.mark.parametrize("value, told", [(7, True), (0.5, True), (0, True), (True, False),
                                         ("7", False), (None, False), (math.nan, False),
                                         (math.inf, False)])
def test_only_a_finite_number_is_a_number(value, told):
    assert recorded.is_number(value) is told
