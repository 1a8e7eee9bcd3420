"""The figures of the load generator's rows: server models, the knee, a queue, a burst, files."""

import dataclasses
import math

import numpy as np
import pytest

from plots import cells, load, results, theory, wanted
from plots.report import expected
from tests.plots import make_golden_load
from tests.plots.golden_results import (drawings, expect_as_made,
                                        expect_no_interval_of_single_runs)
from tests.plots.twice import draw_twice

pytestmark = pytest.mark.filterwarnings("error")

NAMES = ["models", "knee", "idle", "queue", "backlog", "objects"]


@pytest.fixture(scope="module", name="read")
def fixture_read():
    """The synthetic results; not to be changed."""
    return results.load(make_golden_load.GOLDEN)


@pytest.fixture(scope="module", name="drawn")
def fixture_drawn(read):
    """All Drawings of these figures, by name, not saved."""
    return drawings(read, NAMES)


def test_the_golden_results_are_small_and_what_their_generator_writes(read, tmp_path):
    assert read.problems == []
    expect_as_made(make_golden_load, tmp_path, most_bytes=300_000)


@pytest.mark.parametrize("name", NAMES)
def test_a_figure_is_drawn_twice_to_the_same_bytes(read, tmp_path, name):
    assert draw_twice(name, read, tmp_path) == [name]


@pytest.mark.parametrize("name", NAMES)
def test_a_single_run_of_each_cell_has_no_interval(name):
    expect_no_interval_of_single_runs(name, make_golden_load)


@pytest.mark.parametrize("points, at, beyond, words", [
    ([(10, 1.0, 1.0), (20, 9.9, 1.0), (40, 10.1, 1.0)], 20, 40, "knee at 20/s"),
    ([(10, 1.0, 1.0), (20, 1.0, 0.989), (40, 1.0, 1.0)], 10, 20, "knee at 10/s"),
    ([(10, 1.0, 1.0), (20, 10.0, 0.99)], 20, math.nan, "no knee up to 20/s"),
    ([(10, 1.0, 0.9), (20, 1.0, 1.0)], math.nan, 10, "knee below 10/s")])
def test_the_rule_of_the_knee(points, at, beyond, words):
    knee = load.find_knee(points)
    assert (knee.at, knee.beyond) == pytest.approx((at, beyond), nan_ok=True)
    assert load.knee_words(knee) == words


def test_the_knees_put_in_are_found_and_named(drawn):
    data = drawn["knee"].data
    knees = data[data["kind"] == "knee"].set_index("curve")["offered_requests_s"]
    assert dict(knees) == {"threads": 4000, "epoll": 16_000, "nginx": 8000}
    assert ("Found: threads: knee at 4000/s; epoll: no knee up to 16000/s; nginx: knee at 8000/s."
            in drawn["knee"].caption)
    assert "Not counted: 1 run void." in drawn["knee"].caption


def test_what_was_due_is_the_measure_of_what_was_answered(read):
    good = load.counted(wanted.first(read, "models"))
    late = good[(good["server_model"] == "nginx") & (good["offered_requests_s"] == 16_000)]
    assert load.answered(late).to_numpy() == pytest.approx([0.97] * 5, abs=1e-4)


def test_models_stand_in_their_order_and_nginx_last(read, drawn):
    found = [name for name, _ in load.by_model(load.counted(wanted.first(read, "models")))]
    assert found == [*load.MODELS, "nginx"]
    means = drawn["models"].data
    means = means[(means["kind"] == "mean") & (means["quantity"] == "requests_per_s")]
    few = means[means["cell"] == "100 clients, 1 request a connection, 1 KiB file"]
    assert list(few["model"]) == found and set(few["n"]) == {5}
    assert not drawn["models"].data["run_id"].isin(
        read.runs.loc[read.runs["idle_clients"] > 0, "run_id"]).any()


def test_an_idle_connection_costs_what_was_put_in(drawn):
    data = drawn["idle"].data
    memory = data[(data["kind"] == "mean") & (data["quantity"] == "memory_kib")].set_index("line")
    for model, kib in make_golden_load.KIB_IDLE.items():
        assert memory.loc[f"{model}, 10000 idle", "value"] == pytest.approx(kib, abs=0.02)
    assert "nginx, 1840 of 10000 idle" in memory.index
    ratio = data[(data["kind"] == "mean") & (data["line"] == "epoll, 10000 idle")
                 & (data["quantity"] == "p99_ratio")]
    assert ratio["value"].item() == pytest.approx(1.2, abs=0.06)


def test_waits_are_told_in_service_times_of_a_busy_server(read, drawn):
    data = drawn["queue"].data
    means = data[data["kind"] == "mean"]
    assert list(means["offered_requests_s"]) == [20, 100, 140, 160, 180]  # 200/s: above 1
    assert means["load"].to_numpy() == pytest.approx(
        means["offered_requests_s"].to_numpy() * make_golden_load.SERVICE_S, rel=1e-5)
    assert (means["wait"] / means["law"]).to_numpy() == pytest.approx([1.05] * 5, abs=0.06)
    assert "Not shown, no steady state: 200/s (load 1.04)." in drawn["queue"].caption
    assert "a server that 20 clients keep busy (n = 5)" in drawn["queue"].caption


def test_without_a_busy_server_the_service_takes_what_was_asked_for(read):
    open_loops = dataclasses.replace(read, runs=read.runs[read.runs["loop"] == "open"])
    assert load.service(open_loops)[0] == 0.005


def test_the_burst_lies_on_its_staircase(drawn):
    data = drawn["backlog"].data
    for queued in (5, 20, 128):
        panel = data[data["panel"] == f"iterative, backlog {queued}"]
        seen = panel.loc[panel["kind"] == "median", "done_s"].to_numpy()
        law = panel.loc[panel["kind"] == "model", "value"].to_numpy()
        assert np.array_equal(law, theory.burst_s(40, queued, 0.02))
        assert seen == pytest.approx(law + 0.0035, abs=0.0006)
    assert "n = 5 runs per point." in drawn["backlog"].caption
    assert not (data[data["panel"] == "threads, backlog 20"]["kind"] == "model").any()


def test_each_way_is_named_and_beside_its_book(drawn):
    data = drawn["objects"].data
    panel = data[data["panel"] == "wan, HTTP/1.1"]
    assert set(panel["curve"]) == {
        "a connection each", "persistent", "pipelined", "a connection each, 6 in parallel",
        "persistent, 6 in parallel", "pipelined, with slow start"}
    book = panel[(panel["kind"] == "model") & (panel["files"] == 40)].set_index("curve")
    sent = 40 * 1e4 * 8 / (100e6 * 1448 / 1500) / 0.04
    assert book.loc["persistent", "round_trips"] == pytest.approx(41 + sent)
    assert book.loc["pipelined", "round_trips"] == pytest.approx(2 + sent)
    assert "times as fast as a connection each: persistent " in drawn["objects"].caption


def test_the_report_lays_them_beside_theory(read):
    waits = expected.TABLES["queue"](wanted.first(read, "queue"))
    assert [row[0] for row in waits.rows] == ["20", "100", "140", "160", "180"]
    assert waits.rows[1][3] == "0.542" and waits.rows[1][5] == "5"
    trips = expected.TABLES["objects"](wanted.first(read, "objects"))
    assert len(trips.rows) == 20 and trips.rows[0][:3] == ["dlab", "a connection each", "10"]
    bare = results.load(make_golden_load.GOLDEN)
    bare.runs = bare.runs.iloc[:0]
    assert expected.TABLES["queue"](bare) is None and expected.TABLES["objects"](bare) is None
