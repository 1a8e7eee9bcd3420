"""The figures of several mirrors: how long they take over the best, and who brought what when."""

import math

import numpy as np
import pytest

from plots import mirrors, results, style, theory
from plots.figures import failover
from tests.plots import make_golden_mirrors
from tests.plots.golden_results import (drawings, expect_as_made,
                                        expect_no_interval_of_single_runs)
from tests.plots.twice import draw_twice

pytestmark = pytest.mark.filterwarnings("error")

FILES = {"mirrors": ["mirrors"],
         "failover": [f"failover-{name}"
                      for name in ("well", "killed", "lying", "slow", "slowed",
                                   "stalled")]}  # fmt: skip
RATE = 25 * theory.PAYLOAD_SHARE


@pytest.fixture(scope="module", name="read")
def fixture_read():
    """The synthetic results; not to be changed."""
    return results.load(make_golden_mirrors.GOLDEN)


@pytest.fixture(scope="module", name="drawn")
def fixture_drawn(read):
    """All Drawings of these figures, by name, not saved."""
    return drawings(read, FILES)


def test_the_golden_results_are_small_and_what_their_generator_writes(read, tmp_path):
    assert read.problems == []
    expect_as_made(make_golden_mirrors, tmp_path, most_bytes=100_000)


@pytest.mark.parametrize("name", FILES)
def test_a_figure_is_drawn_twice_to_the_same_bytes(read, tmp_path, name):
    assert sorted(draw_twice(name, read, tmp_path)) == sorted(FILES[name])


@pytest.mark.parametrize("name", FILES)
def test_a_single_run_of_each_cell_has_no_interval(name):
    expect_no_interval_of_single_runs(name, make_golden_mirrors)


@pytest.mark.parametrize("text, words, moments", [
    ("well", ["well"], [math.nan]),
    ("well,slow,killed@800ms", ["well", "slow", "killed"], [math.nan, math.nan, 0.8]),
    ("stalled@2", ["stalled"], [2.0]), ("stalled@1.5s,killed@1min", ["stalled", "killed"],
                                        [1.5, 60.0]),
    ("well,7%,100%", ["well", "7%", "100%"], [math.nan] * 3),
    ("slowed@1s,slowed", [], []), ("slowed@1s", ["slowed"], [1.0]),
    ("0%", [], []), ("101%", [], []), ("", [], []), ("well,dead", [], []), ("killed", [], []),
    ("slow@1s", [], [])])
def test_the_column_is_read_word_by_word(text, words, moments):
    found = mirrors.fates(text)
    assert [fate.word for fate in found] == words
    assert [fate.at_s for fate in found] == pytest.approx(moments, nan_ok=True)


@pytest.mark.parametrize("text, case, name", [
    ("well,well", "all 2 well", "well"), ("slow,well,slow", "2 of 3 slow", "slow"),
    ("well,killed@800ms", "1 of 2 killed after 0.8 s", "killed"),
    ("slow,killed@1s", "1 of 2 slow, 1 of 2 killed after 1 s", "killed-slow"),
    ("lying@1s", "1 of 1 lying after 1 s", "lying"),
    ("well,slowed@1s", "1 of 2 slowed after 1 s", "slowed"),
    ("well,70%,40%", "2 of 3 at 70, 40 %", "unlike")])
def test_a_case_has_words_and_a_name(text, case, name):
    assert (mirrors.case(text), mirrors.name(text)) == (case, name)


def test_the_best_is_what_those_that_remain_carry_together(read):
    good = mirrors.counted(read)
    first = good.drop_duplicates("mirrors").set_index("mirrors")
    size = make_golden_mirrors.SIZE * 8e-6
    for fate, (rates, _) in make_golden_mirrors.CASES.items():
        run = first.loc[f"well,well,well,{fate}"].copy()
        run["mirrors"] = f"well,well,well,{fate}"
        assert mirrors.ideal_s(run) == pytest.approx(size / (rates * RATE))


def test_each_case_lies_where_it_was_put(drawn):
    data = drawn["mirrors"].data
    means = data[data["kind"] == "mean"].set_index(["curve", "place"])
    for place, (_, times) in enumerate(
            make_golden_mirrors.CASES[fate] for fate in ("well", "killed@500ms", "lying@500ms",
                                                         "slow", "slowed@500ms",
                                                         "stalled@0.5s")):
        for schedule, ratio in times.items():
            row = means.loc[schedule, place]
            assert row["time_over_ideal"] == pytest.approx(ratio, rel=0.12) and row["n"] == 6
            assert row["low"] < row["time_over_ideal"] < row["high"]
    assert set(data.loc[data["kind"] == "model", "time_over_ideal"]) == {1.0}


def test_every_run_that_counts_is_a_point(read, drawn):
    data = drawn["mirrors"].data
    good = read.runs[read.runs["status"] == "ok"]
    assert set(data.loc[data["kind"] == "run", "run_id"]) == set(good["run_id"])
    assert "Not counted: 1 run void." in drawn["mirrors"].caption


def test_adaptive_is_held_against_rotate_only_on_a_certified_link(read, drawn):
    words = "Times as fast as rotate, adaptive is: all 4 well "
    assert words in drawn["mirrors"].caption and "1 of 4 slow 7" in drawn["mirrors"].caption
    bare = results.load(make_golden_mirrors.GOLDEN)
    bare.meta["links"] = {}
    assert words not in drawings(bare, ["mirrors"])["mirrors"].caption


def test_a_range_is_a_box_from_its_first_byte_to_its_last(drawn):
    drawing = drawn["failover-killed"]
    data, axes = drawing.data, drawing.figure.axes
    assert set(data["schedule"]) == {"rotate", "adaptive"} and len(axes) == 4
    for schedule, place in (("rotate", axes[2]), ("adaptive", axes[3])):
        own = data[data["schedule"] == schedule]
        boxes = {(box.get_x(), box.get_y()): box for box in place.patches}
        assert len(boxes) == len(own) == 17
        for row in own.itertuples():
            box = boxes[row.first_byte_s, row.offset_bytes / 1e6]
            assert box.get_width() == pytest.approx(row.done_s - row.first_byte_s)
            assert box.get_height() == pytest.approx(row.bytes / 1e6)


def test_mirrors_differ_in_grey_too():
    looks = [failover._look(mirror) for mirror in range(4)]
    assert len({look["hatch"] for look in looks}) == len({look["facecolor"] for look in looks}) == 4


def test_a_fate_is_a_line_and_the_last_byte_a_cross(drawn):
    lower = drawn["failover-killed"].figure.axes[2]
    dashed = [line for line in lower.get_lines() if list(line.get_xdata()) == [0.5, 0.5]]
    crosses = [line for line in lower.get_lines() if line.get_marker() == "X"]
    assert len(dashed) == 1 and len(crosses) == 1
    data = drawn["failover-killed"].data
    own = data[(data["schedule"] == "rotate") & (data["mirror"] == 3)]
    assert crosses[0].get_xdata()[0] == own["done_s"].max()
    for name in ("failover-well", "failover-slowed"):
        lower = drawn[name].figure.axes[2]
        assert not [line for line in lower.get_lines() if line.get_marker() == "X"]


def test_the_lanes_say_what_each_mirror_brought(drawn):
    data = drawn["failover-killed"].data
    upper = drawn["failover-killed"].figure.axes[0]
    brought = data[data["schedule"] == "rotate"].groupby("mirror")["bytes"].sum()
    assert [text.get_text() for text in upper.texts] == [mirrors.size(count) for count in brought]
    assert np.isclose(brought.sum(), make_golden_mirrors.SIZE)


def test_without_rows_that_name_mirrors_there_is_no_timeline(read):
    bare = results.load(make_golden_mirrors.GOLDEN)
    bare.latency["mirror"] = math.nan
    with style.settings():
        assert list(failover.draw(bare)) == []
        assert len(list(failover.draw(read))) == len(make_golden_mirrors.CASES)
