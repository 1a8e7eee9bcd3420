"""The coursework's own code: which results are taken, how answers are judged, what is drawn."""

import math
import shutil

import numpy as np
import pandas as pd
import pytest

from plots import cells, coursework, coursework_facts, overlay, results
from plots.coursework import NOT_YET, OPEN, RIGHT, UNKNOWN, Fact


@pytest.fixture(name="own")
def fixture_own(golden, tmp_path):
    """A project's folder whose results/latest are the golden ones."""
    shutil.copytree(golden, tmp_path / "results" / "latest")
    return tmp_path


def test_ones_own_results_come_first_where_they_have_the_experiment(own, capsys):
    found = coursework.find_results("stages", root=own, contestant=["part1", "part2"])
    assert found.folder == own / "results" / "latest"
    assert "Your own results" in capsys.readouterr().out


@pytest.mark.parametrize("asked, needed", [
    ("theory", {}), ("connections", {"link": ["wan", "cap"]}), ("stages", {"connections": [1, 7]})])
def test_the_sample_stands_in_for_what_ones_own_results_lack(own, asked, needed, capsys):
    assert coursework.find_results(asked, root=own, **needed).folder == coursework.SAMPLE
    assert "Sample data" in capsys.readouterr().out


def test_without_results_there_is_the_sample(tmp_path):
    read = coursework.find_results("connections", tmp_path, link=["noisy", "cap", "wan"])
    assert read.problems == [] and len(read.runs) == 121 and len(read.latency) and len(read.samples)


def test_ones_own_packets_come_first(tmp_path, capsys):
    name = "packets-shuffled.csv"
    lines = (coursework.SAMPLE / name).read_text().splitlines(keepends=True)
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / name).write_text("".join(lines[:11]))
    assert len(coursework.packet_rows("shuffled", root=tmp_path)) == 10
    assert len(coursework.packet_rows("reversed", root=tmp_path)) == 1810
    assert "your own" in capsys.readouterr().out


@pytest.mark.parametrize("answer, fact, verdict", [
    (None, Fact(3.0), OPEN),
    (None, Fact(math.nan), OPEN),
    (3.29, Fact(3.0), RIGHT),
    (3.31, Fact(3.0), NOT_YET),
    (-3.0, Fact(3.0), NOT_YET),
    (3.2, Fact(3.0, 0.05), NOT_YET),
    (0, Fact(0.0), RIGHT),
    (True, Fact(1.0), NOT_YET),
    ("3", Fact(3.0), NOT_YET),
    (math.nan, Fact(3.0), NOT_YET),
    (3.0, Fact(math.nan), UNKNOWN),
    (" Server Cap", Fact("server cap"), RIGHT),
    ("loss", Fact("server cap"), NOT_YET),
    (1.0, Fact("server cap"), NOT_YET),
    ("loss", Fact(""), UNKNOWN),
])  # fmt: skip
def test_an_answer_is_judged(answer, fact, verdict, capsys):
    assert coursework.check({"question": answer}, {"question": fact}) == {"question": verdict}
    assert capsys.readouterr().out == f"question  {verdict}\n"


def test_a_question_that_nobody_asked_is_named(capsys):
    coursework.check({"other": 1.0}, {"question": Fact(1.0)})
    assert "other: no question has this name" in capsys.readouterr().out


@pytest.mark.parametrize("sequence, extent", [
    ([0, 1, 2], 0), ([2, 0, 1], 2), ([3, 2, 1, 0], 3), ([1, 0, 3, 2], 1), ([], 0)])
def test_the_reordering_extent_counts_places(sequence, extent):
    assert coursework_facts.reordering_extent(sequence) == extent


def test_facts_of_empty_results_are_blank(golden):
    read = results.load(golden)
    read.runs, read.latency = read.runs.iloc[:0], read.latency.iloc[:0]
    rows = coursework.packet_rows("shuffled").iloc[:0]
    facts = {**coursework_facts.single(read), **coursework_facts.packets(read, rows),
             **coursework_facts.multi(read), **coursework_facts.across(read)}
    told = {name: fact.value for name, fact in facts.items() if fact.value == fact.value}
    assert told.pop("payload_percent") == pytest.approx(100 * 1400 / 1444)
    assert set(told.values()) == {""}


@pytest.fixture(name="drawing")
def fixture_drawing(golden):
    """One panel of numbers, with a forecast where nothing was measured, and one of words."""
    read = results.load(golden)
    rows = cells.of_experiment(read.runs, "stages")
    good = cells.counted(rows)
    cell = good[(good["contestant"] == "part1") & (good["link"] == "wan")]
    numbers = overlay.Panel("N\nmodel", "Mbit/s", {10: overlay.goodput(cell)},
                            {50: 80.0, 10: 100.0}, {10: 95.0}, limit=96.5)
    words = overlay.Panel("words", "s", {"some": overlay.values(cell["time_s"])}, {}, log=True)
    panels = [numbers, words, overlay.Panel("empty", "s", {}, {})]
    return overlay.draw(read, panels, "Title", rows), cell


def test_a_figure_shows_forecast_model_and_measurement(drawing):
    drawn, cell = drawing
    assert list(drawn.data["x"]) == [10, 50, "some"]
    first, second, third = drawn.data.to_dict("records")
    assert first["panel"] == "N" and (first["forecast"], first["model"]) == (100.0, 95.0)
    goodput = cell["megabits"].mean() / cell["time_s"].mean()
    assert first["measured"] == pytest.approx(goodput) and first["n"] == len(cell)
    assert first["measured_over_forecast"] == pytest.approx(goodput / 100)
    assert second["n"] == 0 and math.isnan(second["measured"]) and second["forecast"] == 80.0
    assert third["measured"] == pytest.approx(cell["time_s"].mean())
    assert f"n = {len(cell)} runs per point" in drawn.caption


def test_all_that_is_drawn_lies_within_its_panel(drawing):
    figure = drawing[0].figure
    assert len(figure.axes) == 2
    for axes in figure.axes:
        low, high = axes.get_ylim()
        heights = np.concatenate([np.asarray(line.get_ydata(), float) for line in axes.get_lines()])
        assert len(heights) > 2 and (heights >= low).all() and (heights <= high).all()


def test_jupyter_is_given_a_picture(drawing):
    assert drawing[0]._repr_png_().startswith(b"\x89PNG")


def test_blank_values_are_left_out():
    numbers, estimate = overlay.values(pd.Series([1.0, math.nan, 3.0]))
    assert list(numbers) == [1.0, 3.0] and estimate.mean == 2.0
