"""Every figure is rendered from the golden results, with warnings as errors, twice alike."""

import pandas as pd
import pytest

from plots import figures, results, wording
from plots.figures import latency
from tests.plots import make_golden
from tests.plots.golden_results import (NAMES, drawings, expect_as_made,
                                        expect_no_interval_of_single_runs)
from tests.plots.twice import draw_twice

pytestmark = pytest.mark.filterwarnings("error")

# The figures that are tested here; test_plots_grid.py has the others.
FILES = {"stages": ["stages"], "connections": ["connections", "connections-wan"],
         "sizes": ["sizes"],
         "latency": ["latency-loopback", "latency-wan"],
         "gantt": ["gantt-dynamic", "gantt-static"], "buffers": ["buffers"],
         "packets": ["packets"], "pipeline": ["pipeline"], "clients": ["clients"],
         "peers": ["peers-discard-bbr", "peers-discard-cubic", "peers-file-bbr", "peers-file-cubic"]}


@pytest.fixture(scope="module", name="drawn")
def fixture_drawn():
    """All Drawings of the golden results, by name, not saved."""
    return drawings(results.load(make_golden.GOLDEN), FILES)


def test_the_golden_results_are_what_their_generator_writes(tmp_path):
    expect_as_made(make_golden, tmp_path)


@pytest.mark.parametrize("name", list(FILES))
def test_a_figure_is_drawn_twice_to_the_same_bytes(golden, tmp_path, name):
    assert draw_twice(name, results.load(golden), tmp_path) == FILES[name]


@pytest.mark.parametrize("name", NAMES)
def test_a_figure_without_rows_is_skipped(golden, name):
    read = results.load(golden)
    read.runs, read.latency = read.runs.iloc[:0], read.latency.iloc[:0]
    assert list(figures.drawn(name, read)) == []


@pytest.mark.parametrize("name", list(FILES))
def test_a_single_run_of_each_cell_can_be_drawn_and_has_no_interval(name):
    expect_no_interval_of_single_runs(name, make_golden)


def test_every_point_lies_within_its_panel(drawn):
    for name in ("connections", "connections-wan", "sizes", "buffers", "packets", "pipeline"):
        for axes in drawn[name].figure.axes:
            low, high = axes.get_ylim()
            for line in axes.get_lines():
                heights = pd.Series(line.get_ydata(), dtype=float).dropna()
                assert heights.between(low, high).all(), name


def test_rates_start_at_zero_and_name_the_unit_of_their_link(drawn):
    for name in ("stages", "connections", "buffers", "packets"):
        for axes in drawn[name].figure.axes:
            assert axes.get_ylim()[0] == 0
            unit = "MB/s" if "no network" in axes.get_title() else "Mbit/s"
            assert axes.get_ylabel() == f"throughput, {unit}"


def test_every_run_that_counts_is_a_point_and_every_cell_a_mean(golden, drawn):
    runs = results.load(golden).runs
    good = runs[(runs["experiment"] == "connections") & (runs["status"] == "ok")]
    data = pd.concat([drawn[name].data for name in FILES["connections"]])
    assert set(data[data["kind"] == "run"]["run_id"]) == set(good["run_id"])
    assert (data["kind"] == "mean").sum() == 20


def test_the_mean_throughput_is_bytes_over_mean_time(golden, drawn):
    runs = results.load(golden).runs
    cell = runs[(runs["experiment"] == "stages") & (runs["part"] == 1) & (runs["link"] == "loopback")
                & (runs["warmup"] == "no")]
    data = drawn["stages"].data
    mean = data[(data["curve"] == "part 1") & (data["kind"] == "mean") & (data["unit"] == "MB/s")]
    assert mean["throughput"].item() == pytest.approx(50 / cell["duration_s"].mean())


def test_ours_over_theirs_is_the_geometric_mean_of_the_blocks_ratios(golden, drawn):
    runs = results.load(golden).runs
    runs = runs[(runs["experiment"] == "peers") & (runs["congestion_used"] == "cubic")
                & (runs["connections"] == 1) & (runs["sink"] == "file")].set_index("block")
    seconds = runs["wall_s"] - runs["startup_s"]
    ratio = seconds[runs["contestant"] == "axel"] / seconds[runs["contestant"] == "part1"]
    data = drawn["peers-file-cubic"].data
    mean = data[(data["theirs"] == "axel") & (data["kind"] == "geometric mean")].iloc[0]
    assert mean["ratio"] == pytest.approx(ratio.prod() ** (1 / 9)) and mean["n"] == 9
    assert mean["median"] == pytest.approx(ratio.median())


def test_a_file_of_holes_has_a_figure_of_its_own_that_says_so(golden):
    read = results.load(golden)
    file = read.runs[(read.runs["experiment"] == "peers") & (read.runs["sink"] == "discard")]
    file = file.assign(experiment="memory")
    read.runs = pd.concat([file, file.assign(file_bytes=3 << 30)])
    of_holes = {drawn.name: "is holes" in drawn.caption for drawn in figures.drawn("peers", read)}
    assert of_holes == {f"memory-discard-{algorithm}-{size}": size == "3GiB"
                        for algorithm in ("bbr", "cubic") for size in ("1GiB", "3GiB")}


def test_the_chunks_shown_are_those_of_the_run_with_most_connections(golden, drawn):
    data = drawn["gantt-dynamic"].data
    runs = results.load(golden).runs.set_index("run_id")
    assert runs.loc[data["run_id"].unique()[0], "connections"] == 50
    assert data["bytes"].sum() == 50_000_000


def test_the_latency_tells_of_each_panel_its_experiment_settings_and_number(drawn):
    one = drawn["latency-loopback"]
    assert "Packet latency: experiment packets, " in one.caption
    for title, panel in one.data.groupby("panel"):
        told = one.caption[one.caption.index(f"{title[1:]}: experiment "):].split(". ")[0]
        assert f"experiment {panel['experiment'].iloc[0]}" in told
        assert f"n = {wording.span(panel['n'].unique())} " in told
    for words in (" batch ", " Nagle ", " packets, "):
        assert words in one.caption


def test_the_tail_keeps_its_slowest_values_however_many_there_are():
    values, share = latency.tail(range(1, 100_001))
    assert len(values) <= latency.AT_MOST_POINTS
    assert list(values[-3:]) == [99_998, 99_999, 100_000] and share[-1] == pytest.approx(1e-5)
    assert share[0] == 1.0 and values[0] == 1
