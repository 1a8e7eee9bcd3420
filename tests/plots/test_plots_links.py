"""The figures of `connections` on links: what is drawn, theory beside it, and what is told."""

import math

import numpy as np
import pytest

from plots import figures, links, results, style, theory
from tests.plots import make_golden_links
from tests.plots.golden_results import drawings
from tests.plots.twice import draw_twice

pytestmark = pytest.mark.filterwarnings("error")

NAMES = ["connections"] + [f"connections-{link}" for link in
                           ("busy", "cap", "lossy", "lossy50", "noisy", "wan")]


@pytest.fixture(scope="module", name="drawn")
def fixture_drawn():
    return drawings(results.load(make_golden_links.GOLDEN), ["connections"])


def a_run(link, rate, rtt, loss):
    return {"link": link, "rate_mbit_s": float(rate), "rtt_ms": float(rtt), "loss_pct": float(loss)}


def test_each_link_has_its_figure_and_loopback_stands_apart(drawn):
    assert list(drawn) == NAMES
    assert "no network" in drawn["connections"].caption
    assert all("oopback" not in drawn[name].caption for name in NAMES[1:])


def test_the_figures_are_drawn_twice_to_the_same_bytes(tmp_path):
    assert draw_twice("connections", results.load(make_golden_links.GOLDEN), tmp_path) == NAMES


def test_both_axes_begin_at_zero_and_hold_every_point(drawn):
    for name in NAMES[1:]:
        for axes in drawn[name].figure.axes:
            assert axes.get_xlim()[0] == 0 and axes.get_ylim()[0] == 0
            assert axes.get_ylabel() == "goodput, Mbit/s"
            for line in axes.get_lines():
                assert np.all(np.asarray(line.get_ydata()) <= axes.get_ylim()[1])


def test_every_run_that_counts_is_a_point_and_no_other(drawn):
    runs = results.load(make_golden_links.GOLDEN).runs
    good = runs[(runs["status"] == "ok") & (runs["warmup"] == "no")]
    for link in ("noisy", "wan", "lossy"):
        data = drawn[f"connections-{link}"].data
        shown = set(data[data["kind"] == "run"]["run_id"])
        assert shown == set(good[good["link"] == link]["run_id"])


def test_capacity_and_theory_are_among_the_plotted_numbers(drawn):
    data = drawn["connections-noisy"].data
    assert data[data["kind"] == "capacity"]["goodput_mbit_s"].unique() == pytest.approx([96.53333])
    model = data[(data["kind"] == "model") & (data["panel"] == "reno")]
    model = model.set_index("connections")["goodput_mbit_s"]
    assert model[1] == pytest.approx(7.41, abs=0.01) and model[10] == pytest.approx(10 * model[1])
    assert model[50] == pytest.approx(96.53333)
    assert set(drawn["connections-lossy"].data["certified"]) == {"no"}


def test_theory_bends_where_it_meets_the_capacity(drawn):
    data = drawn["connections-cap"].data
    model = data[data["kind"] == "model"].set_index("connections")["goodput_mbit_s"]
    bend, = (number for number in model.index if number % 1)
    assert bend == pytest.approx(9.65333) and model[bend] == pytest.approx(96.53333)
    assert model.index.is_monotonic_increasing
    assert model[9] == 90 and model[10] == pytest.approx(96.53333)
    wan = drawn["connections-wan"].data
    assert (wan.loc[wan["kind"] == "model", "connections"] % 1 == 0).all()


def test_a_caption_tells_link_certificate_verdict_and_what_is_left_out(drawn):
    text = drawn["connections-noisy"].caption
    for part in ("Link noisy: 100 Mbit/s, 20 ms round trip, 1 % random loss, queue of 170 packets; "
                 "certified.", "Congestion control cubic, reno.", "File of 50 MB, discarded.",
                 "n = 9 runs per point.", "Not counted: 1 run failed, 5 unavailable, 2 void.",
                 "kernel 6.1.0-test; commit 0123456789ab.",
                 "reno, dynamic: parallel connections help"):
        assert part in text
    lossy = drawn["connections-lossy"].caption
    assert "; not certified: queue 120 packets instead of 350. No conclusions" in lossy
    assert "Verdict" not in lossy


def test_a_curve_keeps_its_label_and_its_look_in_every_panel(drawn):
    data = drawn["connections-noisy"].data
    curves = data[data["kind"] == "mean"].groupby("panel")["curve"].unique()
    assert set(curves["cubic"]) == {"part 3, dynamic schedule"}
    assert set(curves["reno"]) == {"part 3, dynamic schedule", "part 3, static schedule"}


def test_no_interval_is_drawn_below_five_runs():
    read = results.load(make_golden_links.GOLDEN)
    read.runs = read.runs[read.runs["block"] < 4]
    with style.settings():
        for drawing in figures.drawn("connections", read):
            drawing.figure.draw_without_rendering()
            assert drawing.data["low"].isna().all()
            assert "No interval where n < 5." in drawing.caption


@pytest.mark.parametrize("run, algorithm, expected", [
    (a_run("lossy50", 50, 50, 0.1), "reno",
     theory.hacker_equal([1, 4, 50], 0.001, 0.05, 50 * theory.PAYLOAD_SHARE)),
    (a_run("longlossy", 100, 100, 0.01), "cubic",
     [theory.cubic(1e-4, 0.1), 4 * theory.cubic(1e-4, 0.1), 100 * theory.PAYLOAD_SHARE]),
    (a_run("bursty", 100, 20, 1), "reno",
     theory.hacker_equal([1, 4, 50], 0.01 / 8, 0.02, 100 * theory.PAYLOAD_SHARE)),
    (a_run("noisy", 100, 20, 1), "bbr", [95.568] * 3),
    (a_run("cap", 100, 40, 0), "cubic", [10, 40, 96.53333]),
    (a_run("busy", 100, 40, 0), "cubic", [19.306667, 48.266667, 89.382716]),
    (a_run("shallow", 200, 12, 0), "reno", theory.altman([1, 4, 50]) * 193.066667),
    (a_run("wan", 100, 40, 0), "reno", [96.53333] * 3)])
def test_theory_expects_of_each_link_what_its_law_says(run, algorithm, expected):
    assert links.model(run, algorithm, [1, 4, 50]).goodput == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("run, algorithm", [
    (a_run("longfat", 500, 100, 0), "cubic"), (a_run("shallow", 200, 12, 0), "cubic"),
    (a_run("noisy", 100, 20, 1), "vegas"),
    (a_run("loopback", math.nan, math.nan, math.nan), "reno"),
    (a_run("noisy", 100, math.nan, 1), "reno")])
def test_where_no_single_formula_holds_none_is_drawn(run, algorithm):
    assert links.model(run, algorithm, [1, 2]) is None
