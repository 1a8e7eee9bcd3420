"""Results that are old, cut short, empty or failed: one line says so, all else is drawn."""

import csv
import json
import re

import pandas as pd
import pytest

from plots import cli, figures, header, kinds, needs, results, style, tables
from plots.columns import NEEDED_BY
from plots.report import page
from tests.plots import (make_golden, make_golden_grid, make_golden_links, make_golden_mirrors,
                         make_golden_time)
from tests.plots.golden_results import NAMES
from tests.plots.report_pages import Page

FOLDERS = {module.GOLDEN.name: module.GOLDEN for module in (
    make_golden, make_golden_grid, make_golden_links, make_golden_mirrors, make_golden_time)}
# Columns that runs.csv of the same schema once had not.
YOUNGER = ["limit_rate_mbit_s", "limit_rates", "background_flows", "request_every_ms",
           "queue_p95_ms", "lost_packets", "dropped_packets", "bystander_mbit_s",
           "bystander_p50_ms", "bystander_p95_ms", "bystander_p99_ms"]


def rewrite(path, change):
    """Writes a CSV file again, each row as `change` (of a dict) gives it; None leaves it out."""
    with open(path, newline="", encoding="utf-8") as file:
        rows = [change(row) for row in csv.DictReader(file)]
    rows = [row for row in rows if row is not None]
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def without(*names):
    return lambda row: {name: value for name, value in row.items() if name not in names}


def command(capsys, *arguments):
    """(exit status, stdout, lines of stderr)."""
    status = cli.main([str(word) for word in arguments])
    out, err = capsys.readouterr()
    return status, out, err.splitlines()


def numbers(name, found):
    """{drawing: its plotted numbers} of the figure `name`."""
    return {drawing.name: drawing.data for drawing in figures.drawn(name, found)}


def spare(figure):
    """(table, column) of all that a folder may lack and `figure` does not need."""
    needed = needs.of(figure)
    return [(table, name) for table, columns in tables.TABLES.items()
            for name, kind in columns.items() if not kind.endswith("!")
            and not needs.by_all(table, name) and f"{table}.{name}" not in needed]


def blanked(found, columns):
    """The same Results with these columns blank, as they read where they are missing."""
    for table, name in columns:
        blank = float("nan") if kinds.is_number(tables.TABLES[table][name]) else ""
        setattr(found, table, getattr(found, table).assign(**{name: blank}))
    return found


@pytest.mark.parametrize("folder", FOLDERS.values(), ids=FOLDERS)
def test_a_figure_needs_the_columns_that_change_its_numbers(folder):
    whole = results.load(folder)
    with style.settings():
        for name in NAMES:
            gone = spare(name)
            less = numbers(name, blanked(results.load(folder), gone))
            more = numbers(name, whole)
            assert less.keys() == more.keys(), name
            for drawing, data in more.items():
                kept = [column for column in data if column not in {name for _, name in gone}]
                pd.testing.assert_frame_equal(less[drawing][kept], data[kept])


def test_what_a_figure_needs_is_a_column_that_may_be_missing():
    needed = {figure for names in NEEDED_BY.values() for figure in names} - {"all"}
    assert len(needed) > 20 and needed <= set(NAMES)
    optional = {f"{table}.{name}" for table, name in spare("no figure")}
    assert all(needs.of(figure) <= optional for figure in needed)


def test_a_folder_of_an_older_bench_is_drawn_but_for_what_it_had_not(capsys, copy):
    whole = results.load(copy)
    rewrite(copy / "runs.csv", without(*YOUNGER))
    found = results.load(copy)
    line, = found.problems
    assert line.startswith("runs.csv:1: missing column 'limit_rate_mbit_s', 'limit_rates', ")
    assert re.search("; figures left out for it: .*bystander", line)
    assert found.left_out and not {"stages", "connections", "sizes"} & set(found.left_out)
    assert len(found.runs) == len(whole.runs) and list(found.runs) == list(whole.runs)
    status, out, lines = command(capsys, copy, "--only", "stages", "--only", "bystander")
    assert status == 2 and lines == [f"plots: {copy}/{line}"]
    assert "stages.png" in out and "bystander" not in out


def test_an_unknown_column_is_told_and_all_is_drawn(capsys, copy):
    whole = results.load(copy)
    for table in tables.TABLES:
        rewrite(copy / f"{table}.csv", lambda row: {"colour": "blue", **row})
    found = results.load(copy)
    assert found.problems == [f"{table}.csv:1: unknown column 'colour'" for table in tables.TABLES]
    assert found.left_out == []
    for table in tables.TABLES:
        pd.testing.assert_frame_equal(getattr(found, table), getattr(whole, table))
    status, out, lines = command(capsys, copy, "--only", "stages")
    assert status == 2 and "stages.png" in out and len(lines) == 3


@pytest.mark.parametrize("gone", ["run_id", "warmup", "congestion_requested"])
def test_without_what_tells_runs_apart_nothing_is_drawn(copy, gone):
    rewrite(copy / "runs.csv", without(gone))
    found = results.load(copy)
    assert found.problems[0] == (f"runs.csv:1: missing column '{gone}'; nothing of it can be used")
    assert found.runs.empty and found.left_out == []


@pytest.mark.parametrize("table", ["latency", "samples"])
def test_a_big_table_without_a_column_or_cut_short_reads_alike_both_ways(copy, table):
    path, optional = copy / f"{table}.csv", {"latency": "intended_s", "samples": "busy_s"}[table]
    rewrite(path, without(optional))
    path.write_text(path.read_text(encoding="utf-8")[:-1], encoding="utf-8")
    quick = tables.read_table(path, tables.TABLES[table])
    text = path.read_text(encoding="utf-8")
    head = header.read(text.split("\n", 1)[0], tables.TABLES[table], table)
    careful = tables._read_strictly(path.name, text, head, tables.TABLES[table])
    pd.testing.assert_frame_equal(quick.rows, careful.rows)
    assert quick.problems[1:] == careful.problems and quick.dropped == careful.dropped == 1
    assert quick.problems == [
        f"{table}.csv:1: missing column '{optional}'",
        f"{table}.csv:{len(text.splitlines())}: the file ends in the middle of this row"]


def test_runs_cut_short_lose_one_run_and_no_figure(capsys, copy):
    path = copy / "runs.csv"
    path.write_text(path.read_text(encoding="utf-8")[:-30], encoding="utf-8")
    status, out, lines = command(capsys, copy, "--only", "sizes", "--only", "peers")
    assert status == 2 and len(lines) == 1 and lines[0].startswith(f"plots: {copy}/runs.csv:988: ")
    assert "sizes.png" in out and "peers-file-bbr.png" in out


def test_an_experiment_that_failed_or_is_empty_has_a_line_and_the_others_are_drawn(capsys, copy):
    rewrite(copy / "runs.csv", lambda row: {**row, "status": "failed"}
            if row["experiment"] == "sizes" else None if row["experiment"] == "buffers" else row)
    meta = json.loads((copy / "meta.json").read_text(encoding="utf-8"))
    meta["experiments"] = {"buffers": {"title": "Buffers"}}
    (copy / "meta.json").write_text(json.dumps(meta), encoding="utf-8")
    lines = ["sizes: no run counts (144 runs failed)", "buffers: runs.csv has no row of it"]
    status, out, errors = command(capsys, copy, *[word for name in ("sizes", "buffers", "stages")
                                                  for word in ("--only", name)])
    assert status == 0 and "stages.png" in out
    assert [line for line in out.splitlines() if line.startswith("experiment ")] == [
        f"experiment {line}" for line in lines]
    assert not [line for line in errors if "latency.csv" not in line]
    text = Page(page.build(results.load(copy), figures=False)).text
    assert all(line in text for line in lines)


def test_no_text_of_a_results_folder_steers_the_terminal(capsys, copy):
    rewrite(copy / "runs.csv", lambda row: row | {
        "status": "failed", "error": "no\x1b[31m, \u009b1m, \u202eyes", "contestant": "\x07part1"})
    _, out, _ = command(capsys, "table", copy)
    assert "no?[31m, ?1m, ?yes" in out
    assert not set(out) & {"\x1b", "\u009b", "\u202e", "\x07"}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("folder", FOLDERS.values(), ids=FOLDERS)
def test_a_single_repetition_is_drawn_without_a_complaint(folder):
    found = results.load(folder)
    found.runs = found.runs[found.runs["block"] == found.runs["block"].min()]
    drawn = set()
    with style.settings():
        for name in NAMES:
            for drawing in figures.drawn(name, found):
                drawing.figure.draw_without_rendering()
                drawn.add(drawing.name)
                assert "low" not in drawing.data or drawing.data["low"].isna().all()
    assert drawn


def test_the_page_says_what_is_missing_and_shows_the_rest(copy):
    rewrite(copy / "runs.csv", without(*YOUNGER))
    text = Page(page.build(results.load(copy), figures=False)).text
    assert "runs.csv:1: missing column 'limit_rate_mbit_s'" in text
    assert "do parallel connections" in text.lower() and "Experiment stages :" in text
