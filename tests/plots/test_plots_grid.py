"""The figures about several links, algorithms and N: what they draw is what the runs say."""

import math
import re

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from plots import figures, output, results, style, terminal, theory
from plots.figures import drift, heatmap, stragglers
from tests.plots import (make_golden_grid, test_plots_figures, test_plots_load, test_plots_mirrors,
                         test_plots_time)
from tests.plots.golden_results import NAMES, expect_as_made
from tests.plots.twice import draw_twice

pytestmark = pytest.mark.filterwarnings("error")

FILES = {"speedup": ["speedup"], "strip": ["strip"], "collapse": ["collapse"],
         "heatmap": ["heatmap"], "price": ["price-connections", "price-fairness"],
         "fairness": ["fairness"], "congestion": ["congestion"], "window": ["window"],
         "short": ["short"], "stragglers": ["stragglers"],
         "cost": ["cost-stages", "cost-connections"], "drift": ["drift"]}
WITHOUT_INTERVALS = ("strip", "drift")
CAPACITY = 100 * theory.PAYLOAD_SHARE


def read():
    return results.load(make_golden_grid.GOLDEN)


def draw(name, found):
    """{name: Drawing} of the figure `name`."""
    with style.settings():
        drawings = {drawing.name: drawing for drawing in figures.drawn(name, found)}
        for drawing in drawings.values():
            drawing.figure.draw_without_rendering()
    return drawings


@pytest.fixture(scope="module", name="drawn")
def fixture_drawn():
    """All Drawings of the golden results, by name, not saved."""
    return {key: drawing for name in FILES for key, drawing in draw(name, read()).items()}


def good_runs(experiment, **settings):
    """The rows of one cell that count."""
    runs = read().runs
    runs = runs[(runs["experiment"] == experiment) & (runs["status"] == "ok")
                & (runs["warmup"] == "no")]
    for name, value in settings.items():
        runs = runs[runs[name] == value]
    return runs


def means(drawing, **about):
    """The means among the plotted numbers, those with the values `about`."""
    data = drawing.data[drawing.data["kind"] == "mean"]
    for name, value in about.items():
        data = data[data[name] == value]
    return data


def by_run(drawing):
    """The values of single runs among the plotted numbers, by run and panel."""
    data = drawing.data[drawing.data["kind"] == "run"]
    return data.set_index(["run_id", "panel"])["value"]


def test_the_golden_results_are_what_their_generator_writes(tmp_path):
    expect_as_made(make_golden_grid, tmp_path)


@pytest.mark.parametrize("name", list(FILES))
def test_a_figure_is_drawn_twice_to_the_same_bytes(tmp_path, name):
    assert draw_twice(name, read(), tmp_path) == FILES[name]


def test_each_figure_is_drawn_from_golden_results_here_or_there():
    drawn = set(FILES) | set(test_plots_figures.FILES) | set(test_plots_time.FILES)
    assert drawn | set(test_plots_load.NAMES) | set(test_plots_mirrors.FILES) == set(NAMES)


def test_an_svg_tells_neither_date_nor_program(drawn, tmp_path):
    with style.settings():
        output.save(drawn["heatmap"], tmp_path)
    text = (tmp_path / "heatmap.svg").read_text(encoding="utf-8")
    assert "</svg>" in text and "dc:date" not in text and "Matplotlib v" not in text


def test_an_svg_does_not_depend_on_the_last_digit_of_a_place(tmp_path):
    texts = []
    for turn, left in enumerate((0.1, math.nextafter(0.1, 1))):
        figure = Figure()
        figure.add_axes([left, 0.1, 0.8, 0.8]).plot([1, 2], [3, 4])
        with style.settings():
            output.save(output.Drawing(f"d{turn}", figure, pd.DataFrame(), ""), tmp_path)
        texts.append((tmp_path / f"d{turn}.svg").read_text(encoding="utf-8"))
    assert texts[0] == texts[1] and len(set(re.findall(r"url\((#\w+)\)", texts[0]))) == 1
    assert set(re.findall(r"url\(#(\w+)\)", texts[0])) <= set(re.findall(r'id="(\w+)"', texts[0]))


@pytest.mark.parametrize("name", [name for name in FILES if name not in WITHOUT_INTERVALS])
def test_fewer_than_five_runs_have_no_interval(name):
    found = read()
    found.runs = found.runs[found.runs["block"] < 4]
    drawings = draw(name, found)
    assert list(drawings) == FILES[name]
    for drawing in drawings.values():
        assert drawing.data["low"].isna().all() and drawing.data["high"].isna().all()
        assert "No interval where n < 5." in drawing.caption


@pytest.mark.parametrize("name", [name for name in FILES if name not in WITHOUT_INTERVALS])
def test_five_runs_have_one(drawn, name):
    for key in FILES[name]:
        assert drawn[key].data["low"].notna().any() and "No interval" not in drawn[key].caption


@pytest.mark.parametrize("name", [name for name in FILES if name != "drift"])
def test_a_single_run_of_each_cell_can_be_drawn(name):
    found = read()
    found.runs = found.runs[found.runs["block"] == 0]
    assert list(draw(name, found)) == FILES[name]


def test_every_point_lies_within_its_panel(drawn):
    for name in ("speedup", "strip", "collapse", "price-connections", "fairness", "congestion",
                 "window", "short", "stragglers", "drift"):
        for axes in drawn[name].figure.axes:
            low, high = axes.get_ylim()
            for line in axes.get_lines():
                heights = pd.Series(np.asarray(line.get_ydata(), dtype=float)).dropna()
                assert heights.between(low, high).all(), name


def test_a_caption_names_links_algorithms_and_what_does_not_count(drawn):
    for name in ("speedup", "strip", "collapse", "price-connections", "drift"):
        text = drawn[name].caption
        assert "Link noisy: 100 Mbit/s, 20 ms round trip, 1 % random loss" in text, name
        assert "Not counted: 1 run failed, 1 void." in text and "cubic, reno." in text, name


def test_speed_up_is_the_geometric_mean_of_the_blocks_ratios(drawn):
    cell = {"link": "noisy", "congestion_used": "reno"}
    one, ten, static = (good_runs("connections", connections=number, schedule=schedule, **cell)
                        .set_index("block")["duration_s"]
                        for number, schedule in ((1, "dynamic"), (10, "dynamic"), (10, "static")))
    data = drawn["speedup"].data
    data = data[(data["panel"] == "noisy, reno") & (data["connections"] == 10)
                & (data["kind"] == "geometric mean")].set_index("curve")
    for label, many in (("dynamic", ten), ("static", static)):
        row = data.loc[f"part 3, {label} schedule"]
        assert row["ratio"] == pytest.approx((one / many).prod() ** (1 / 6)) and row["n"] == 6


def test_the_strip_has_every_run_and_the_median(drawn):
    data, good = drawn["strip"].data, good_runs("connections")
    assert set(data[data["kind"] == "run"]["run_id"]) == set(good["run_id"])
    cell = good_runs("connections", link="wan", connections=5)
    median = data[(data["panel"] == "wan, cubic") & (data["connections"] == 5)
                  & (data["kind"] == "median")]
    assert median["time_s"].item() == pytest.approx(cell["duration_s"].median())


def test_timed_runs_have_no_completion_time():
    found = read()
    found.runs["planned_seconds"] = 5.0
    assert draw("strip", found) == {}


def test_the_curve_of_all_links_begins_on_the_ideal_line(drawn):
    data = means(drawn["collapse"])
    assert set(data["curve"]) == {"noisy, reno, dynamic", "noisy, cubic, dynamic",
                                  "wan, cubic, dynamic", "longlossy, reno, dynamic"}
    for _, curve in data.groupby("curve"):
        first = curve.iloc[0]
        assert first["load"] == pytest.approx(first["share"])
        assert list(curve["load"] / first["load"]) == pytest.approx([1, 5, 10])
    flow = 80 / good_runs("connections", link="noisy", congestion_used="reno",
                          connections=1)["duration_s"].mean()
    reno = data[data["curve"] == "noisy, reno, dynamic"]
    assert reno["load"].iloc[0] == pytest.approx(flow / CAPACITY)


def test_no_line_joins_the_marks_of_the_curve_of_all_links(drawn):
    axes, = drawn["collapse"].figure.axes
    model, *others = axes.lines
    assert model.get_linestyle() == "-" and len(others) > 1
    curves = [line for line in others if line.get_marker() not in ("None", None, "_", "")]
    assert curves and {line.get_linestyle() for line in curves} == {"None"}


def test_packets_sent_again_are_a_share_of_all_that_left(drawn):
    run = good_runs("connections", link="noisy", connections=10).iloc[0]
    segments = run["bytes_received"] / 1448 + run["retransmitted_segments"]
    data = by_run(drawn["price-connections"])
    assert data[run["run_id"], "resent"] == pytest.approx(
        100 * run["retransmitted_segments"] / segments)
    assert data[run["run_id"], "queue_p95_ms"] == run["queue_p95_ms"]


def test_others_are_among_those_who_send_and_have_a_share(drawn):
    run = good_runs("fairness", connections=4).iloc[0]
    others = run["bystander_mbit_s"] * theory.PAYLOAD_SHARE
    segments = ((run["bytes_received"] + others * run["duration_s"] / 8e-6) / 1448
                + run["retransmitted_segments"])
    data = by_run(drawn["price-fairness"])
    assert data[run["run_id"], "resent"] == pytest.approx(
        100 * run["retransmitted_segments"] / segments)
    assert data[run["run_id"], "others"] == pytest.approx(
        100 * others / (others + run["steady_goodput_mbit_s"]))


def test_a_price_that_nobody_measured_has_no_panel(drawn):
    assert len(drawn["price-connections"].figure.axes) == 2
    assert len(drawn["price-fairness"].figure.axes) == 3
    found = read()
    found.runs["queue_p95_ms"] = math.nan
    fairness = draw("price", found)["price-fairness"]
    assert set(fairness.data["panel"]) == {"resent", "others"}
    assert "Wait in the queue" not in fairness.caption


def test_our_share_stands_beside_an_even_one_for_each_flow(drawn):
    data = drawn["fairness"].data
    model = data[data["kind"] == "model"].set_index(["curve", "connections"])["value"]
    for number in range(1, 9):
        assert model["our share of the bottleneck", number] == pytest.approx(
            100 * theory.fair_share(number))
        assert model["we and the others, as two users", number] == pytest.approx(
            theory.jain_two_users(number))
    run = good_runs("fairness", connections=8).iloc[0]
    mine, others = run["steady_goodput_mbit_s"], run["bystander_mbit_s"] * theory.PAYLOAD_SHARE
    values = data[data["run_id"] == run["run_id"]].set_index("curve")["value"]
    assert values["our share of the bottleneck"] == pytest.approx(100 * mine / (mine + others))
    assert values["we and the others, as two users"] == pytest.approx(
        theory.jain([mine, others]))
    assert values["our connections among themselves"] == run["jain_index"]


def test_downloads_without_a_neighbour_tell_nothing_about_fairness():
    found = read()
    found.runs["background_flows"] = math.nan
    assert draw("fairness", found) == {}


def test_goodput_by_loss_has_a_curve_for_each_algorithm_and_the_law_where_it_is_reno(drawn):
    data = drawn["congestion"].data
    curves = means(drawn["congestion"], panel="1 connection").groupby("curve")["loss_pct"]
    assert {name: list(losses) for name, losses in curves} == {
        name: [0, 0.01, 1] for name in ("bbr", "cubic", "reno")}
    law = data[(data["kind"] == "model") & (data["panel"] == "10 connections")
               & (data["curve"] == "Mathis' law for Reno, 20 ms")]
    assert law["loss_pct"].min() == pytest.approx(1 / 3) and len(law) > 10
    for loss, value in zip(law["loss_pct"], law["goodput_mbit_s"]):
        assert value == pytest.approx(min(CAPACITY, 10 * theory.mathis(
            loss / 100, 0.02, theory.RENO_C)))


def test_links_with_the_same_loss_are_not_averaged():
    found = read()
    found.runs["loss_pct"] = found.runs["loss_pct"].where(found.runs["link"] != "longlossy", 1.0)
    means_of = means(draw("congestion", found)["congestion"], panel="1 connection", curve="cubic")
    assert list(means_of["loss_pct"]) == [0, 1, 1] and means_of["n"].max() == 6


def test_one_loss_is_no_curve():
    found = read()
    found.runs = found.runs[found.runs["link"] == "noisy"]
    assert draw("congestion", found) == {}


def test_the_cost_is_of_client_and_server_for_a_gigabyte(drawn):
    cell = good_runs("connections", link="loopback", connections=10)
    seconds = (cell["client_cpu_s"] + cell["server_cpu_s"]) / (cell["bytes_received"] / 1e9)
    data = means(drawn["cost-connections"], program="part 3, 10 connections")
    data = data.set_index("quantity")["value"]
    assert data["cpu_s_per_gb"] == pytest.approx(seconds.mean())
    assert data["memory_mib"] == pytest.approx(cell["client_maxrss_kib"].mean() / 1024)


def session(slow_from, runs=60):
    """Results of one cell, run `runs` times; from `slow_from` on they take a quarter longer."""
    found = read()
    run = good_runs("connections", link="wan", connections=5).iloc[[0]]
    order = np.arange(runs)
    rows = run.loc[run.index.repeat(runs)].assign(
        run_id=[f"d{number}" for number in order], started_unix_ns=1.7e18 + order * 1e10,
        duration_s=np.where(order < slow_from, 1.0, 1.25))
    found.runs = rows.sample(frac=1, random_state=3).reset_index(drop=True)
    return found


def test_a_machine_that_becomes_slower_is_seen():
    data = draw("drift", session(slow_from=40))["drift"].data
    assert list(data["order"]) == list(range(1, 61))
    assert data["moving_median"].iloc[0] == 1.0
    assert data["moving_median"].iloc[-1] == pytest.approx(0.8)
    assert data["moving_median"].nunique() == 2


def test_a_machine_that_stays_as_it_is_is_flat():
    data = draw("drift", session(slow_from=60))["drift"].data
    assert set(data["relative"]) == {1.0} and set(data["moving_median"].dropna()) == {1.0}


def test_cells_with_few_runs_have_no_median_to_be_held_to():
    assert draw("drift", session(slow_from=60, runs=drift.FEWEST - 1)) == {}
    few = draw("drift", session(slow_from=60, runs=drift.FEWEST))["drift"]
    assert len(few.data) == 3 and "n = 3 runs, of medians of 3 runs." in few.caption


def test_the_map_has_the_best_n_of_each_link_that_nothing_else_holds_back(drawn):
    data = drawn["heatmap"].data.set_index("link")
    assert set(data.index) == {"wan", "noisy", "longlossy", "longfat"}
    assert data.loc["noisy", "connections"] == 10 and data.loc["noisy", "ratio"] > 9
    assert data.loc["wan", "ratio"] == pytest.approx(1, abs=0.05)
    assert data.loc["longfat", "ratio"] < 2  # 16 small windows would gain ten times as much


def test_links_that_are_alike_make_no_map():
    found = read()
    found.runs = found.runs[found.runs["link"].isin(["wan", "loopback"])]
    assert draw("heatmap", found) == {}


def test_a_field_has_a_line_for_each_link_with_its_round_trip_and_loss(drawn):
    texts = {text.get_text() for text in drawn["heatmap"].figure.axes[0].texts}
    assert len(texts) == 4
    row = drawn["heatmap"].data.set_index("link").loc["longlossy"]
    assert f"{row['ratio']:.1f}× longlossy\nreno, N = 10" in texts
    assert set(heatmap.OTHER_LIMITS) < set(read().runs.columns)


def test_a_link_that_is_not_what_it_claims_is_marked_on_the_map():
    found = read()
    found.meta["links"]["noisy"]["certified"] = False
    drawing = draw("heatmap", found)["heatmap"]
    marked = [text.get_text() for text in drawing.figure.axes[0].texts
              if "(not certified)" in text.get_text()]
    assert len(marked) == 1 and "noisy" in marked[0]
    assert set(drawing.data.loc[drawing.data["certified"] == "no", "link"]) == {"noisy"}


def test_the_law_of_the_window_takes_what_was_in_flight(drawn):
    data = drawn["window"].data
    law = data[data["kind"] == "model"].set_index(["curve", "connections"])["goodput_mbit_s"]
    flight = 47_000 // theory.MSS_BYTES * theory.MSS_BYTES
    assert set(law.index.get_level_values("curve")) == {"64 KiB receive buffer"}
    for number in (1, 4, 16):
        assert law["64 KiB receive buffer", number] == pytest.approx(number * flight * 8e-6 / 0.1)
    cell = good_runs("window", connections=16, receive_buffer_bytes=65536)
    mean = means(drawn["window"], curve="64 KiB receive buffer", connections=16)
    assert mean["goodput_mbit_s"].item() == pytest.approx(cell["steady_goodput_mbit_s"].mean())


def test_without_samples_there_is_no_law_of_the_window():
    found = read()
    found.samples = found.samples.iloc[:0]
    assert "model" not in set(draw("window", found)["window"].data["kind"])


def test_short_files_are_told_in_round_trips_beside_the_rounds_of_slow_start(drawn):
    data = drawn["short"].data
    law = data[data["kind"] == "model"].set_index(["curve", "connections"])["round_trips"]
    assert [round(law["1 MB file", number]) for number in (1, 4, 16)] == [8, 7, 5]
    assert [round(law["15 kB file", number]) for number in (1, 2, 16)] == [3, 3, 3]
    cell = good_runs("short", connections=4, file_bytes=100_000)
    mean = means(drawn["short"], curve="100 kB file", connections=4)
    assert mean["round_trips"].item() == pytest.approx(cell["duration_s"].mean() / 0.1)


def test_a_static_split_is_held_to_its_slowest_connection(drawn):
    data = drawn["stragglers"].data
    law = data[data["kind"] == "model"].groupby(["panel", "curve"])["time_s"].first()
    uneven = next(name for name, _ in law.index if "2Mbit" in name)
    assert law[uneven, "static"] == pytest.approx(8.0)
    assert law[uneven, "dynamic"] == pytest.approx(2.0)
    titles = [axes.get_title() for axes in drawn["stragglers"].figure.axes]
    assert titles == ["connections of 10, 10, 10, 10 Mbit/s", "connections of 10, 10, 10, 2 Mbit/s"]


def test_rates_are_read_as_the_server_reads_them():
    assert stragglers.rates("10Mbit,500kbit,1MB/s") == [10.0, 0.5, 8.0]


def test_the_table_tells_runs_of_unequal_connections_apart():
    lines = terminal.table(read()).splitlines()
    static = [line.split() for line in lines if "static schedule, rates 10Mbit" in line]
    assert len(static) == 2 and {line[line.index("rates") + 2] for line in static} == {"6"}
