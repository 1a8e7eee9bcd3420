"""The figures that show time, drawn from synthetic samples, packets and requests."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from plots import figures, one_run, results, style, wording
from plots.figures import bystander, phases, sequence, timeline
from plots.figures import prefix as prefix_figure
from tests.plots import make_golden_time
from tests.plots.golden_results import drawings, expect_as_made
from tests.plots.twice import draw_twice

pytestmark = pytest.mark.filterwarnings("error")

FILES = {"timeline": ["timeline-loopback", "timeline-noisy"],
         "phases": ["phases-loopback", "phases-noisy"], "bystander": ["bystander-bloat"],
         "sequence": ["sequence-reversed", "sequence-sequential", "sequence-shuffled"],
         "prefix": ["prefix-loopback"]}


@pytest.fixture(scope="module", name="read")
def fixture_read():
    """The synthetic results; not to be changed."""
    return results.load(make_golden_time.GOLDEN)


@pytest.fixture(scope="module", name="drawn")
def fixture_drawn(read):
    """All Drawings of the figures of time, by name, not saved."""
    return drawings(read, FILES)


def test_the_golden_results_are_small_and_what_their_generator_writes(read, tmp_path):
    assert read.problems == []
    expect_as_made(make_golden_time, tmp_path, most_bytes=300_000)


@pytest.mark.parametrize("name", list(FILES))
def test_a_figure_is_drawn_twice_to_the_same_bytes(read, tmp_path, name):
    assert draw_twice(name, read, tmp_path) == FILES[name]


def test_captions_name_the_run_its_link_and_where_it_was_measured(drawn):
    for name in ("timeline-noisy", "sequence-shuffled"):
        assert drawn[name].caption.startswith("One run: ")
    for part in ("One run: story, part 3, 4 connections", "Link noisy: 100 Mbit/s", "certified.",
                 "Congestion control reno.", "kernel 6.1.0-test; commit 0123456789ab."):
        assert part in drawn["timeline-noisy"].caption
    assert "Not counted: 1 run failed." in drawn["bystander-bloat"].caption
    assert "n = 5 to 6 runs per point." in drawn["phases-noisy"].caption


def test_the_run_shown_has_most_connections_up_to_ten(drawn):
    assert set(drawn["timeline-noisy"].data["run_id"]) == {"story"}
    assert set(drawn["timeline-noisy"].data["connection"]) == {0, 1, 2, 3}


def test_the_bands_of_a_timeline_hold_the_whole_file(drawn):
    data = drawn["timeline-noisy"].data
    bands = data[data["quantity"] == "goodput"]
    width = 1.4 / bands["t_s"].nunique()
    assert bands["value"].sum() * width == pytest.approx(80.0)
    assert bands.loc[bands["t_s"] > 1.1, "value"].gt(0).sum() == bands.loc[
        (bands["t_s"] > 1.1) & (bands["connection"] == 3), "value"].gt(0).sum()


def test_windows_and_round_trips_are_those_of_the_samples(read, drawn):
    data = drawn["timeline-noisy"].data
    server = read.samples[(read.samples["run_id"] == "story") & (read.samples["side"] == "server")]
    for quantity, column in (("cwnd", "cwnd_segments"), ("smoothed RTT", "srtt_ms")):
        shown = data[data["quantity"] == quantity]
        assert sorted(shown["value"]) == sorted(server[column])


def test_all_axes_of_a_timeline_begin_at_zero_and_hold_their_lines(drawn):
    for axes in drawn["timeline-noisy"].figure.axes[:3]:
        assert axes.get_ylim()[0] == 0 and axes.get_xlim()[0] == 0
        for line in axes.get_lines():
            assert np.all(np.asarray(line.get_ydata()) <= axes.get_ylim()[1])


@pytest.mark.parametrize("peak, resent, told", [(120.0, 3, True), (120.0, 0, False),
                                                (100.0, 3, False)])
def test_bursts_above_the_capacity_are_explained_by_what_was_sent_again(peak, resent, told):
    data = pd.DataFrame({"quantity": ["goodput", "goodput", "cwnd"], "t_s": [0.0, 0.0, 0.1],
                         "value": [peak - 10, 10.0, 20.0], "retransmits": [np.nan, np.nan, resent]})
    run = {"time_s": 1.0, "rate_mbit_s": 100.0}
    assert (timeline.BURSTS in timeline.how(run, data)) == told


def test_goodput_is_what_came_between_two_moments():
    client = pd.DataFrame({"connection": [0, 0, 1], "t_s": [0.1, 0.2, 0.2],
                           "bytes_received": [1e6, 3e6, 5e5]})
    found = one_run.rates(client, [0, 1, 2], np.array([0.0, 0.1, 0.2]))
    assert found == pytest.approx(np.array([[80.0, 160.0], [0.0, 40.0], [0.0, 0.0]]))


def test_samples_after_the_end_are_left_out_but_no_progress_is_lost():
    samples = pd.DataFrame({"run_id": "a", "side": ["client", "server", "server", "server"],
                            "t_s": [1.2, 1.1, 0.5, 0.2], "connection": [0, 0, 0, np.nan],
                            "bytes_received": [7, np.nan, np.nan, np.nan]})
    server, client = one_run.samples_of(samples, {"run_id": "a", "time_s": 1.0})
    assert list(server["t_s"]) == [0.5]
    assert list(client["t_s"]) == [1.0] and list(client["bytes_received"]) == [7]


def test_the_phases_of_a_bar_add_up_to_the_mean_time(read, drawn):
    data = drawn["phases-noisy"].data
    sums = data[list(wording.PHASES)].sum(axis=1).tolist()
    assert sums == pytest.approx(list(data["time_s"]), rel=1e-5)
    runs = read.runs[(read.runs["link"] == "noisy") & (read.runs["connections"] == 2)]
    bar = data[data["bar"] == "N = 2"].iloc[0]
    assert bar["n"] == 5 and bar["time_s"] == pytest.approx(runs["duration_s"].mean())
    assert list(data["bar"]) == ["N = 1", "N = 2", "N = 4", "N = 12"]


def test_a_phase_is_as_long_as_its_mean(drawn):
    axes = drawn["phases-noisy"].figure.axes[0]
    data = drawn["phases-noisy"].data.iloc[0]
    widths = [patch.get_width() for patch in axes.patches[:4]]
    assert widths == pytest.approx([data[name] for name in wording.PHASES])


def test_a_timed_run_has_no_phases_to_compare(read):
    timed = results.load(make_golden_time.GOLDEN)
    timed.runs = timed.runs.assign(planned_seconds=10.0)
    assert list(phases.draw(timed)) == []


def test_bystanders_are_told_by_percentile_and_algorithm(read, drawn):
    data = drawn["bystander-bloat"].data
    assert set(data["percentile"]) == set(bystander.COLUMNS)
    cell = read.runs[(read.runs["congestion_used"] == "bbr") & (read.runs["connections"] == 16)]
    mean = data[(data["kind"] == "mean") & (data["curve"] == "part 3, bbr")
                & (data["connections"] == 16) & (data["percentile"] == "bystander_p99_ms")]
    assert mean["latency_s"].item() == pytest.approx(cell["bystander_p99_ms"].mean() / 1e3)
    assert mean["n"].item() == 5 and mean["low"].item() < mean["latency_s"].item()


def test_bystanders_share_a_logarithmic_axis_with_the_links_own_waits(drawn):
    axes = drawn["bystander-bloat"].figure.axes
    assert len({place.get_ylim() for place in axes}) == 1
    assert all(place.get_yscale() == "log" for place in axes)
    run = {"rtt_ms": 40.0, "queue_packets": 1000.0, "rate_mbit_s": 20.0}
    assert bystander.waits(run) == pytest.approx([0.04, 0.64])
    unknown = {"rtt_ms": np.nan, "queue_packets": np.nan, "rate_mbit_s": np.nan}
    assert bystander.waits(unknown) == []


def a_packet(index, came, done):
    return {"index": index, "first_byte_s": came, "done_s": done}


def test_packets_are_told_apart_by_when_they_went_out():
    rows = [a_packet(2, 1.0, 2.0), a_packet(0, 2.0, 2.0), a_packet(3, 3.0, 3.0),
            a_packet(1, 4.0, 4.0), a_packet(3, 5.0, 5.0)]
    assert list(sequence.kinds(pd.DataFrame(rows))) == [
        "early, waits for a lower one", "in turn", "in turn", "asked for again", "came twice"]


def test_a_packet_that_never_went_out_came_twice_though_the_first_was_not_recorded():
    rows = [a_packet(0, 1.0, 1.0), a_packet(3, 2.0, np.nan), a_packet(1, 3.0, 3.0)]
    assert list(sequence.kinds(pd.DataFrame(rows))) == ["in turn", "came twice", "in turn"]


@pytest.mark.parametrize("order, again, twice", [
    ("sequential", [37, 38, 90], []), ("reversed", [], [20]), ("shuffled", [5, 77], [])])
def test_lost_and_repeated_packets_are_marked(drawn, order, again, twice):
    data = drawn[f"sequence-{order}"].data
    assert list(data.loc[data["kind"] == "asked for again", "index"]) == again
    assert list(data.loc[data["kind"] == "came twice", "index"]) == twice
    assert ("came more than once" in drawn[f"sequence-{order}"].caption) == bool(twice)


def test_all_orders_are_shown_with_the_same_settings(read):
    usual = read.runs[(read.runs["part"] == 2) & (read.runs["packet_order"] == "sequential")]
    batch = usual["batch_packets"].iloc[0]
    packets = read.latency[read.latency["run_id"].isin(usual["run_id"])]
    more = [(rows.assign(run_id=name) for rows in (usual.iloc[:1], packets)) for name in "abc"]
    runs, latency = zip(*more)
    runs = [rows.assign(batch_packets=batch + 1) for rows in runs]
    other = replace(read, runs=pd.concat([read.runs, *runs]),
                    latency=pd.concat([read.latency, *latency]))
    with style.settings():
        shown = [one.data["run_id"].iloc[0] for one in sequence.draw(other)]
    assert len(shown) == 3 and not set(shown) & set("abc")


def test_only_a_mixed_order_makes_packets_wait(drawn):
    early = "early, waits for a lower one"
    waiting = {name: (drawn[f"sequence-{name}"].data["kind"] == early).sum()
               for name in ("sequential", "reversed", "shuffled")}
    assert waiting["sequential"] == 0
    assert waiting["reversed"] == 200 - 13  # all but the lowest of each window of 16
    assert 0 < waiting["shuffled"] < waiting["reversed"]


def test_the_prefix_waits_for_the_slowest_of_the_first_chunks():
    chunks = pd.DataFrame({"offset_bytes": [0, 10, 20], "bytes": [10, 10, 10],
                           "done_s": [3.0, 1.0, 4.0]})
    expected = [(0.0, 0.0), (1.0, 0.0), (3.0, 20), (4.0, 30)]
    assert one_run.prefix(chunks) == expected and one_run.prefix_of_sample(chunks) == expected


def test_the_prefix_of_a_sample_reaches_to_the_first_packet_still_missing():
    packets = pd.DataFrame({"offset_bytes": [0, 50, 90], "bytes": [10, 10, 10],
                            "done_s": [1.0, 3.0, 2.0]})
    assert one_run.prefix_of_sample(packets) == [(0.0, 0.0), (1.0, 50), (2.0, 50), (3.0, 100)]


def test_each_part_has_its_prefix_and_all_end_with_the_whole_file(drawn):
    data = drawn["prefix-loopback"].data
    ends = data.groupby("curve")["prefix_bytes"].max()
    assert list(ends.index) == ["part 1", "part 2", "part 3, 4 connections"]
    assert set(ends) == {make_golden_time.SIZE}
    for _, rows in data.groupby("curve"):
        assert rows["prefix_bytes"].is_monotonic_increasing and rows["t_s"].is_monotonic_increasing


def test_a_sample_of_chunks_has_no_prefix(read):
    some = results.load(make_golden_time.GOLDEN)
    part3 = read.runs.loc[(read.runs["experiment"] == "stages") & (read.runs["part"] == 3)
                          & (read.runs["block"] == 0)].iloc[0]
    some.latency = some.latency[(some.latency["run_id"] != part3["run_id"])
                                | (some.latency["index"] != 7)]
    assert prefix_figure.steps_of(read, part3)[-1][1] == make_golden_time.SIZE
    assert prefix_figure.steps_of(some, part3) == []


def test_thinned_steps_keep_what_changes_and_the_end():
    steps = [(0.0, 0.0), (1.0, 0.0)] + [(2.0 + k, 1.0 + k) for k in range(1000)]
    thinned = prefix_figure.thin(steps)
    assert thinned[:2] == [(0.0, 0.0), (4.0, 3.0)] and thinned[-1] == steps[-1]
    assert len(thinned) <= prefix_figure.AT_MOST_POINTS + 1


@pytest.mark.parametrize("name", list(FILES))
def test_a_figure_without_samples_and_rows_is_skipped(read, name):
    bare = results.load(make_golden_time.GOLDEN)
    bare.latency, bare.samples = bare.latency.iloc[:0], bare.samples.iloc[:0]
    with style.settings():
        names = [drawing.name for drawing in figures.drawn(name, bare)]
    assert names == (FILES[name] if name in ("phases", "bystander") else [])
