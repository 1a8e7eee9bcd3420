"""The command line: what is printed, what is drawn in spite of trouble, and the exit status."""

import subprocess
import sys

import pytest

from conftest import GOLDEN, ROOT
from plots import cli, figures


def run(capsys, *arguments):
    """(exit status, stdout, stderr) of `./plots.sh arguments`."""
    try:
        status = cli.main([str(word) for word in arguments])
    except SystemExit as end:
        status = end.code
    out, err = capsys.readouterr()
    return status, out, err


def test_a_line_is_printed_for_each_figure_drawn(capsys, golden, tmp_path):
    status, out, err = run(capsys, golden, "--only", "stages", "--out", tmp_path)
    assert (status, err) == (0, "") and out == f"stages       {tmp_path}/stages.png\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "stages.csv", "stages.pdf", "stages.png", "stages.svg", "stages.txt"]


def test_figures_go_beside_the_results_unless_told_otherwise(capsys, copy):
    assert run(capsys, copy, "--only", "pipeline")[0] == 0
    assert (copy / "figures/pipeline.png").is_file()


def test_figures_without_rows_share_one_line(capsys, copy):
    lines = (copy / "runs.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (copy / "runs.csv").write_text("".join(lines[:1]), encoding="utf-8")
    for name in ("latency.csv", "samples.csv", "meta.json"):
        (copy / name).unlink()
    status, out, err = run(capsys, copy)
    assert (status, err) == (0, "")
    assert out == f"no rows for: {', '.join(figures.ALL)}\n"


def test_a_broken_latency_table_stops_no_figure_of_the_runs(capsys, edit):
    folder = edit("latency.csv", "offset_bytes", "offset")
    status, out, err = run(capsys, folder, "--only", "connections", "--only", "gantt")
    assert status == 2 and "connections.png" in out and "no rows for: gantt" in out
    assert err == (f"plots: {folder}/latency.csv:1: unknown column 'offset'; "
                   "missing column 'offset_bytes'; nothing of it can be used\n")


def test_many_problems_are_told_in_few_lines(capsys, copy):
    path = copy / "latency.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",0,", ",x,"), encoding="utf-8")
    status, _, err = run(capsys, copy, "--only", "stages")
    assert status == 2 and len(err.splitlines()) == 11 and "more of the kind" in err


def test_a_file_with_a_folders_name_leads_to_the_folder(copy, capsys):
    latest = copy.parent / "latest"
    latest.write_text(f"{copy.name}\n", encoding="utf-8")
    assert cli.main(["table", str(latest)]) == 0
    told = capsys.readouterr().out
    assert cli.main(["table", str(copy)]) == 0
    assert capsys.readouterr().out == told


@pytest.mark.parametrize("arguments, complaint", [
    (["/nowhere"], "/nowhere: no such folder"), ([], "RESULTS is missing"),
    ([GOLDEN, "--only", "pie"], "no figure is called 'pie'"), (["table"], "RESULTS is missing")])
def test_a_wrong_command_line_ends_with_2_and_a_reason(capsys, arguments, complaint):
    status, _, err = run(capsys, *arguments)
    assert status == 2 and complaint in err


def test_a_folder_without_runs_is_no_results_folder(capsys, tmp_path):
    status, _, err = run(capsys, tmp_path)
    assert status == 2 and "runs.csv: no such file" in err


def test_the_list_tells_what_each_figure_asks(capsys):
    status, out, _ = run(capsys, "--list")
    assert status == 0 and "connections  Do more connections make the download faster?" in out


def test_the_table_has_a_line_for_each_cell_and_each_failure(capsys, golden):
    status, out, err = run(capsys, "table", golden)
    assert (status, err) == (0, "")
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert any(line.startswith("part 3, 50 connections, dynamic schedule, loopback 6 ")
               for line in lines)
    assert "1 failed: part 3 (50 connections): connect 127.0.0.1:9003: Connection refused" in lines
    assert "2 unavailable: axel (10 connections): axel: not installed" in lines
    assert any("– (n < 5)" in line for line in lines)


def test_the_help_has_examples_and_the_module_runs(golden):
    done = subprocess.run([sys.executable, "-m", "plots", "--help"], cwd=ROOT, capture_output=True,
                          text=True, check=True)
    assert "examples:" in done.stdout and "--only" in done.stdout
    table = subprocess.run([sys.executable, "-W", "error", "-m", "plots", "table", str(golden)],
                           cwd=ROOT, capture_output=True, text=True, check=True)
    assert "stages (" in table.stdout
