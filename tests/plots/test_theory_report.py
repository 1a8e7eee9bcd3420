"""The report `./plots.sh theory`: laws held to results that were made from them."""

import csv
import json
import math
import subprocess
import sys

import pytest

from conftest import ROOT
from plots import bounds, stats, style, tables, theory
from plots.results import load as load_results
from plots.theory_report import command, estimates, figure, findings, places, text
from theory_results import Results, planned_cells


def load(folder):
    return load_results(folder, only_runs=True)


def report(results, folder):
    return findings.find(load(results.write(folder)))


def finding(results, folder, law):
    return next(one for one in report(results, folder).findings if one.law.name == law)


def outcomes(found):
    return {one.law.name: one.outcome for one in found.findings}


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """(results folder, Report) of runs that are as the laws say, with a little noise."""
    folder = Results().write(tmp_path_factory.mktemp("theory"))
    return folder, findings.find(load(folder))


def test_every_law_has_its_places():
    assert list(places.LAW) == list(theory.LAWS)
    assert set(places.CONTROL) == {(law.name, control.name) for law in theory.LAWS.values()
                                   for control in law.controls}
    assert set(places.IMITATES) <= set(places.CONTROL)
    assert set(places.VALUE) | set(places.OVER_RENO) == set(theory.LAWS)


def test_the_experiment_measures_every_planned_place_and_nothing_else(good):
    assert [line for one in good[1].findings for line in one.missing] == []
    assert len(good[1].rows) == 8 * len(list(planned_cells()))


def test_what_is_as_the_laws_say_holds(good):
    assert set(outcomes(good[1]).values()) == {theory.HOLDS}
    places_of = {one.law.name: (len(one.points), len(one.controls)) for one in good[1].findings}
    assert places_of == {"mathis": (2, 2), "cubic-rate": (1, 1), "cubic-advantage": (1, 1),
                         "cubic-as-reno": (1, 1), "bbr": (2, 2), "hacker": (5, 1),
                         "altman": (9, 7), "window": (3, 1), "short": (15, 2),
                         "fairness": (4, 3)}


SHIFTED = {"mathis": ("noisy", "reno", 1.3), "cubic-rate": ("longlossy", "cubic", 1.3),
           "cubic-advantage": ("longlossy", "cubic", 1.3), "cubic-as-reno": ("noisy", "cubic", 1.3),
           "bbr": ("lossy", "bbr", 0.7), "hacker": ("lossy50", "reno", 0.7),
           "altman": ("shallow50", "reno", 0.7), "window": ("longfat", "cubic", 1.3),
           "short": ("longfat", "cubic", 1.3), "fairness": ("fair50", "reno", 0.7)}


@pytest.mark.parametrize("law", theory.LAWS)
def test_what_is_shifted_by_a_third_fails(law, tmp_path):
    link, algorithm, factor = SHIFTED[law]
    shifted = Results(shift=lambda cell: factor if cell["link"] == link
                      and cell["congestion_requested"] == algorithm else 1.0)
    found = finding(shifted, tmp_path, law)
    assert found.outcome == theory.FAILS and any("outside" in line for line in found.reasons)
    assert any(point.where == theory.OUTSIDE for point in found.points)


@pytest.mark.parametrize("law, name", places.CONTROL)
def test_without_its_control_nothing_can_be_told(law, name, tmp_path):
    results = Results(blocks=4, noise=0.001)
    for place in places.CONTROL[law, name]:
        gone = [row for n in place.connections for row in results.where(
            link=place.link, congestion_used=place.algorithm, connections=n,
            receive_buffer_bytes=None, background_flows=place.background or None)]
        timed = place.files == (None,)
        results.drop([row for row in gone if timed == ("planned_seconds" in row)])
    found = finding(results, tmp_path, law)
    assert found.outcome == theory.OPEN
    assert any(f"the control {name} was not measured" in line for line in found.reasons)
    assert any(line.startswith(f"control {name}: ") and line.endswith("not measured")
               for line in found.missing)


def test_the_values_are_those_of_the_rows(tmp_path):
    results = Results(noise=0.0)
    found = {one.law.name: one for one in report(results, tmp_path).findings}
    share = found["fairness"].points[2]
    assert share.cell.connections == 4 and share.mean.value == pytest.approx(0.8)
    assert found["mathis"].points[0].mean.value == pytest.approx(theory.RENO_C)
    assert found["altman"].points[0].mean.value == pytest.approx(0.75)
    one, sixteen = (point for point in found["short"].points
                    if point.cell.file_bytes == 1000000 and point.cell.connections in (1, 16))
    assert one.mean.value == pytest.approx(one.expected) == pytest.approx(0.8, abs=5e-3)
    assert sixteen.mean.value == pytest.approx(0.5, abs=6e-3)  # the size is asked for first


def test_an_interval_is_student_s_and_begins_with_two_values():
    two = estimates.mean([101.0, 103.0])
    assert (two.value, two.low, two.high) == pytest.approx((102, 102 - 12.706, 102 + 12.706), abs=1e-3)
    share = estimates.mean([0.2, 0.8], bounds.SHARE)
    assert (share.low, share.high) == (0.0, 1.0)
    five = [1.0, 1.2, 1.1, 0.9, 1.3]
    usual = stats.mean_interval(five)
    assert (estimates.mean(five).low, estimates.mean(five).high) == (usual.low, usual.high)
    assert math.isnan(estimates.mean([1.0]).low)
    pairs = estimates.geometric_mean([0.5, 2.0])
    assert pairs.value == pytest.approx(1.0) and pairs.low == pytest.approx(1 / pairs.high)


def test_one_block_tells_nothing_and_few_are_marked(tmp_path):
    one = report(Results(blocks=1), tmp_path / "one")
    assert set(outcomes(one).values()) == {theory.OPEN}
    assert "too few runs" in text.terminal(one)
    few = report(Results(blocks=4, noise=0.001), tmp_path / "few")
    assert set(outcomes(few).values()) == {theory.HOLDS}
    assert " 4*      1.28  1.31  0.97" in text.terminal(few)


def test_the_constant_of_mathis_is_fitted_with_its_interval(good):
    fits = good[1].mathis_c
    assert list(fits) == ["noisy, reno, N = 1", "lossy, reno, N = 1", "all together"]
    for mean in fits.values():
        assert mean.n == 8 and mean.low < theory.RENO_C < mean.high
    assert "all together: 1.28 [1.27, 1.29], n = 8" in text.terminal(good[1])


def test_losses_are_counted_for_the_cell_and_few_are_told(tmp_path):
    results = Results()
    results.change(results.where(link="noisy", congestion_used="reno"), loss_events=3)
    found = finding(results, tmp_path, "mathis")
    assert [point.loss_events for point in found.points] == [24, 480]
    assert "fewer than 50 loss events: 24" in found.reasons and found.outcome == theory.HOLDS
    words = text.terminal(report(results, tmp_path))
    assert "- noisy, reno, N = 1: fewer than 50 loss events (24)" in words
    assert "lossy, reno, N = 1: fewer than" not in words


def test_void_and_failed_runs_do_not_count_and_are_told(tmp_path):
    results = Results()
    eight = results.where(link="lossy50", connections=8)
    results.change(eight, status="void", error="3 % of the packets were late")
    results.change(results.where(link="lossy50", connections=4)[:2], status="timeout", error="60 s")
    results.change(results.where(link="lossy50", connections=2)[:1], error="1 of 2 connections")
    found = report(results, tmp_path)
    hacker = next(one for one in found.findings if one.law.name == "hacker")
    assert hacker.missing == ["lossy50, reno, N = 8 not measured (8 void)"]
    assert {point.cell.connections: point.mean.n for point in hacker.points} == {
        1: 8, 2: 7, 3: 8, 4: 6}
    assert found.others == {"not as asked": 1, "timeout": 2, "void": 8}
    assert "missing: lossy50, reno, N = 8 not measured (8 void)" in text.terminal(found)


@pytest.mark.parametrize("links, words", [
    ({"noisy": {"certified": False}, "lossy": {"certified": True}}, "noisy is not certified"),
    ({"lossy": {"certified": True}}, "noisy is not certified: no certificate"),
    (None, "no certificate in meta.json")])
def test_nothing_is_concluded_from_a_link_that_is_not_certified(links, words, tmp_path):
    results = Results()
    results.meta["links"] = links
    found = {one.law.name: one for one in report(results, tmp_path).findings}
    assert found["cubic-as-reno"].outcome == findings.NO_VERDICT
    assert any(words in line for line in found["cubic-as-reno"].reasons)
    noisy = found["mathis"].points[0]
    assert noisy.where == findings.NOT_JUDGED and words in noisy.reason
    if links:
        assert found["mathis"].outcome == theory.HOLDS  # on lossy alone
        assert any(words in line for line in found["mathis"].reasons)


def test_a_control_on_a_link_that_is_not_certified_was_measured_all_the_same(tmp_path):
    results = Results()
    results.meta["links"]["wan"] = {"certified": False}
    found = finding(results, tmp_path, "altman")
    assert found.outcome == theory.OPEN
    assert found.reasons[-2:] == ["altman: the control deep buffer was measured, but cannot be "
                                  "judged", "not judged: wan is not certified: no reason given"]


def test_a_law_of_which_nothing_was_measured_says_so(tmp_path):
    results = Results(blocks=2)
    results.drop(results.where(link="lossy50"))
    found = report(results, tmp_path)
    hacker = next(one for one in found.findings if one.law.name == "hacker")
    assert hacker.outcome == theory.OPEN and len(hacker.missing) == 6
    assert "hacker: CANNOT TELL YET" in text.terminal(found)
    assert "  not measured\n" in text.terminal(found)


def test_other_experiments_help_where_they_fit(tmp_path):
    results = Results()
    results.change(results.where(link="fair50"), experiment="fairness")
    cubic = results.where(link="longlossy", congestion_used="cubic")
    results.change(cubic, experiment="congestion", loss_events=2)  # too short for this law
    for link in ("shallow50", "shallow"):
        results.change(results.where(link=link), schedule="static")
    results.change(results.where(link="lossy", congestion_used="bbr"), limit_rate_mbit_s=10)
    results.change(results.where(link="noisy", congestion_used="bbr"), experiment="stages")
    results.change(results.where(link="lossy50"), warmup="yes")
    found = {one.law.name: one for one in report(results, tmp_path).findings}
    assert found["fairness"].outcome == theory.HOLDS
    assert found["fairness"].points[0].label == "fair50, reno, N = 1, 1 other flow (fairness)"
    empty = [name for name, one in found.items() if not one.points]
    assert empty == ["cubic-rate", "cubic-advantage", "bbr", "hacker", "altman"]


def write_samples(folder, runs, column, values, **others):
    """samples.csv with, for each of `runs`, a sample at each time of `values`, {s: value}."""
    with (folder / "samples.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(tables.TABLES["samples"]), lineterminator="\n")
        writer.writeheader()
        for row in runs:
            for at, value in values.items():
                writer.writerow({"run_id": row["run_id"], "t_s": at, "side": "server",
                                 "connection": 0, column: value, **others})


def test_the_window_is_the_one_that_was_there(tmp_path):
    results = Results(shift=lambda cell: 0.75 if "receive_buffer_bytes" in cell else 1.0)
    assert finding(results, tmp_path, "window").outcome == theory.FAILS
    write_samples(tmp_path, results.where(receive_buffer_bytes=65536), "unacked_segments",
                  {0.1: 5, 2: 34, 3: 34, 4: 34, 60: 1}, mss_bytes=1448)
    found = finding(results, tmp_path, "window")
    assert found.outcome == theory.HOLDS
    assert found.points[0].about["window_bytes"] == 34 * 1448
    assert found.points[0].note == "window: 49.2 kB in flight, 64 KiB asked for"


def test_the_round_trip_of_the_laws_of_loss_is_the_one_that_was_there(tmp_path):
    results = Results(shift=lambda cell: 0.5 if cell["link"] == "noisy"
                      and cell["congestion_requested"] == "reno" else 1.0)
    assert finding(results, tmp_path, "mathis").outcome == theory.FAILS
    write_samples(tmp_path, results.where(link="noisy", congestion_used="reno"), "srtt_ms",
                  {0.1: 20, 2: 39, 3: 40, 4: 41, 60: 20})
    found = finding(results, tmp_path, "mathis")
    assert found.outcome == theory.HOLDS
    assert found.points[0].about["rtt_s"] == pytest.approx(0.04)
    assert found.points[0].note == ("round trip: 40.0 ms as the sender saw it, "
                                    "20 without waiting")
    assert found.points[1].about["rtt_s"] == 0.04 and found.points[1].note == ""  # lossy: not known


def test_the_files_tell_the_same_numbers(good, tmp_path, capsys):
    folder, found = good
    assert command.main([str(folder), "--out", str(tmp_path)]) == 0
    out, err = capsys.readouterr()
    assert err == "" and out.endswith(f"{tmp_path}/theory.png\n") and "mathis: HOLDS" in out
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "theory.csv", "theory.json", "theory.pdf", "theory.png", "theory.svg",
        "theory.txt"]
    whole = json.loads((tmp_path / "theory.json").read_text(encoding="utf-8"))
    assert [law["outcome"] for law in whole["laws"]] == ["holds"] * len(theory.LAWS)
    assert whole["mathis_c"]["all together"]["n"] == 8
    with (tmp_path / "theory.csv").open(encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    points = [point for law in whole["laws"] for point in law["points"] + law["controls"]]
    assert len(lines) == len(points) == sum(len(one.points) + len(one.controls)
                                            for one in found.findings)
    for line, point in zip(lines, points):
        assert line["cell"] == point["cell"] and len(point["values"]) == point["n"]
        assert float(line["ratio"]) == pytest.approx(point["measured"] / point["law_value"])
    words = (tmp_path / "theory.txt").read_text(encoding="utf-8")
    assert "n = 8 blocks per point." in words and "negative controls" in words


def test_the_figure_has_a_panel_for_each_law_and_no_bar_below_five(good, tmp_path):
    def bars(found):
        with style.settings():
            drawing = figure.draw(load(tmp_path / "few"), found)
        drawing.figure.draw_without_rendering()
        titles = [axes.get_title("left") for axes in drawing.figure.axes]
        assert titles == [f"{one.law.name}: {one.outcome}" for one in found.findings]
        return sum(len(axes.containers) for axes in drawing.figure.axes)
    few = report(Results(blocks=4), tmp_path / "few")
    assert bars(few) == 0 and bars(good[1]) > 40


def test_nothing_but_void_runs_are_no_figure(tmp_path, capsys):
    results = Results(blocks=1)
    results.change(results.runs, status="void", error="3 % of the packets were late")
    assert command.main([str(results.write(tmp_path))]) == 0
    out = capsys.readouterr().out
    assert "0 cells" in out and "noisy, reno, N = 1 not measured (1 void)" in out
    assert sorted(path.name for path in (tmp_path / "figures").iterdir()) == [
        "theory.csv", "theory.json"]


def refusal(folder, capsys, *more):
    """The one line with which the command refuses `folder`."""
    assert command.main([str(folder), *map(str, more)]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.startswith("plots: ") and err.count("\n") == 1
    return err


def test_what_cannot_be_used_is_refused_in_one_line(tmp_path, capsys):
    assert "no such folder" in refusal(tmp_path / "missing", capsys)
    assert "runs.csv: no such file" in refusal(tmp_path, capsys)
    results = Results(blocks=1)
    folder = results.write(tmp_path / "one")
    assert "File exists" in refusal(folder, capsys, "--out", folder / "runs.csv")
    text_of = (folder / "runs.csv").read_text(encoding="utf-8")
    (folder / "runs.csv").write_text(text_of.replace("warmup", "tardy"), encoding="utf-8")
    assert "unknown column 'tardy'; missing column 'warmup'" in refusal(folder, capsys)
    results.change(results.runs, experiment="stages")
    assert "no runs that a law speaks of" in refusal(results.write(tmp_path / "other"), capsys)


def test_rows_without_what_the_laws_need_are_told_not_used(tmp_path):
    results = Results(blocks=3)
    results.change(results.where(link="noisy", congestion_used="reno")[:1], rtt_ms=0)
    results.change(results.where(link="lossy", congestion_used="reno")[:1], connections="")
    found = report(results, tmp_path)
    assert [point.mean.n for point in found.findings[0].points] == [2, 2]
    assert found.others == {"without a value": 1}


def test_what_can_be_read_is_reported_beside_what_cannot(tmp_path, capsys):
    folder = Results(blocks=1).write(tmp_path)
    with (folder / "runs.csv").open("a", encoding="utf-8") as file:
        file.write("1,broken\n")
    (folder / "samples.csv").write_text("run_id,what\n", encoding="utf-8")
    assert command.main([str(folder)]) == 2
    out, err = capsys.readouterr()
    assert "mathis: CANNOT TELL YET" in out
    assert "a truncated row?" in err and "samples.csv:1: unknown column 'what'" in err


def test_the_module_runs_without_a_warning(good, tmp_path):
    done = subprocess.run([sys.executable, "-W", "error", "-m", "plots", "theory", str(good[0]),
                           "--out", str(tmp_path)], cwd=ROOT, capture_output=True, text=True,
                          check=True)
    assert "C of Mathis, fitted" in done.stdout and done.stderr == ""
