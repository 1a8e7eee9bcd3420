"""The report's page: well formed, complete, self-contained, and made from whatever there is."""

import json
import re
import resource
import subprocess
import sys

import numpy as np
import pytest

from conftest import ROOT
from plots import cli, figures, results, verdicts
from plots.figures import gantt
from plots.report import expected, handbook, opening, page, replay
from tests.plots import make_golden, make_golden_links
from tests.plots.golden_results import NAMES
from tests.plots.report_pages import Page, add_samples

FOLDERS = {"golden": make_golden.GOLDEN, "golden_links": make_golden_links.GOLDEN}
PARTS = ["verdicts", "conditions", "explore", "replay", "experiments", "laws", "links"]


@pytest.fixture(scope="module", name="made")
def fixture_made():
    """{folder: its page as text, figures included}."""
    return {name: page.build(results.load(folder)) for name, folder in FOLDERS.items()}


def quick(folder):
    """The page of a folder without figures, taken apart."""
    return Page(page.build(results.load(folder), figures=False))


@pytest.mark.parametrize("name", FOLDERS)
def test_every_element_is_closed_and_every_id_unique_and_found(made, name):
    read = Page(made[name])
    assert read.open == [] and len(read.ids) == len(set(read.ids))
    wanted = [about[key] for _, about in read.elements for key in ("for", "aria-labelledby")
              if key in about]
    wanted += [about["href"][1:] for about in read.all("a")]
    assert set(wanted) <= set(read.ids) and set(PARTS) <= set(read.ids)


@pytest.mark.parametrize("name", FOLDERS)
def test_nothing_is_fetched_from_anywhere(made, name):
    read = Page(made[name])
    places = [about[key] for _, about in read.elements for key in ("src", "href", "action")
              if key in about]
    assert all(place.startswith(("data:", "#")) for place in places)
    outside = re.sub(r"data:[^\"]*", "", made[name])
    assert not re.search(r"url\((?!#)|@import|fetch\(|XMLHttpRequest|import\(", outside)
    policy = [about["content"] for about in read.all("meta") if "http-equiv" in about]
    assert "default-src 'none'" in policy[0]


def test_the_page_is_below_5_megabytes_and_the_same_each_time(made):
    assert all(len(text.encode()) < 5e6 for text in made.values())
    assert page.build(results.load(FOLDERS["golden_links"])) == made["golden_links"]


@pytest.mark.parametrize("name", FOLDERS)
def test_headings_go_down_one_level_at_a_time(made, name):
    read = Page(made[name])
    levels = [level for level, _ in read.headings]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:]))
    assert all(text.strip() for _, text in read.headings)
    assert read.all("html") == [{"lang": "en"}]


@pytest.mark.parametrize("name", FOLDERS)
def test_controls_have_labels_and_images_words(made, name):
    read = Page(made[name])
    labelled = {about["for"] for about in read.all("label")}
    controls = {about["id"] for tag in ("select", "input") for about in read.all(tag)}
    assert controls and controls <= labelled
    assert all(about["alt"] for about in read.all("img"))


@pytest.mark.parametrize("name", FOLDERS)
def test_verdicts_come_first_with_their_cause(made, name):
    read, judged = Page(made[name]), verdicts.find(results.load(FOLDERS[name]))
    places = [read.text.find(verdicts.headline(one)) for one in judged]
    assert judged and -1 not in places
    assert max(places) < read.text.index("Under what conditions")


def test_an_uncertified_link_gets_no_verdict_and_shows_why(made):
    read = Page(made["golden_links"])
    assert "no verdict on an uncertified link" in read.text
    assert "Not certified: queue 120 packets instead of 350" in read.text
    assert "no verdict on an uncertified link" not in Page(made["golden"]).text


def test_the_conditions_are_those_recorded(made):
    read = Page(made["golden_links"])
    for what, value in (("Processor", "Test CPU"), ("Kernel", "6.1.0-test"),
                        ("Commit", "0123456789abcdef"), ("Seed", "1")):
        assert f"{what} {value}" in read.text


@pytest.mark.parametrize("machine, told", [
    ({"cpus": 2}, "2"), ({"cpus": 2, "cpus_of_machine": 2, "cpu_quota": None}, "2"),
    ({"cpus": 1, "cpus_of_machine": 2, "cpu_quota": 0.5}, "1 of 2, by a quota the time of 0.5")])
def test_the_conditions_tell_what_was_left_of_the_processors(machine, told):
    assert ("Processors used", told) in opening.conditions({"machine": machine})


@pytest.mark.parametrize("name", FOLDERS)
def test_every_figure_is_there_with_its_caption_and_its_command(made, name):
    read = results.load(FOLDERS[name])
    found, text = set(Page(made[name]).ids), Page(made[name]).text
    with figures.style.settings():
        drawn = [one for name in NAMES for one in figures.drawn(name, read)]
    assert {f"figure-{one.name}" for one in drawn} <= found
    for one in drawn:
        assert " ".join(one.caption.split()) in text
        if "seed" in read.meta:
            assert f"./run_bench.sh --reproduce {one.name} " in text


def test_figures_of_several_experiments_say_what_they_ask_and_how_to_read_them(made):
    text = Page(made["golden"]).text
    for kind in ("latency", "drift"):
        asks = f"{figures.ALL[kind].ASKS} (Figure {kind} )"
        assert asks in text[text.index("Across experiments", text.index("The experiments")):]
        assert handbook.reading(kind)
        for told in handbook.reading(kind):
            assert Page(str(told)).text in text


def test_each_verdict_leads_to_its_figure_and_the_top_to_each_experiment(made):
    leads = [about["href"] for about in Page(made["golden_links"]).all("a")]
    for one in verdicts.find(results.load(FOLDERS["golden_links"])):
        name = "connections" if one.link == "loopback" else f"connections-{one.link}"
        assert f"#figure-{name}" in leads
    runs = results.load(FOLDERS["golden"]).runs
    leads = [about["href"] for about in Page(made["golden"]).all("a")]
    sections = [place for place in leads if place.startswith("#experiment-")]
    assert len(sections) == runs["experiment"].nunique() and "#across" in leads
    assert not [place for place in leads if place.startswith("#figure-")
                and place[1:] not in Page(made["golden"]).ids]


def test_every_experiment_has_its_question_and_its_theory(made):
    read = Page(made["golden"])
    headings = [text for _, text in read.headings]
    planned = json.loads((ROOT / "bench/experiments/buffers.json").read_text(encoding="utf-8"))
    assert planned["title"] in headings and planned["question"] in read.text
    assert "What theory expects. A transfer of S bytes makes S / B system calls" in read.text
    for name in results.load(FOLDERS["golden"]).runs["experiment"].unique():
        assert f"(Experiment {name} :" in read.text


def test_runs_that_do_not_count_are_listed_with_their_reason(made):
    text = Page(made["golden"]).text
    assert "connect 127.0.0.1:9003: Connection refused" in text
    assert "axel: not installed" in text
    assert "void: 7.5 % of the packets left over 1 ms late" in Page(made["golden_links"]).text


def test_the_chart_has_every_run_that_counts(made):
    runs = results.load(FOLDERS["golden_links"]).runs
    good = runs[(runs["status"] == "ok") & (runs["warmup"] == "no")
                & (runs["contestant"] != "part1")]
    data = Page(made["golden_links"]).data
    points = {point[0]: point for one in data["subjects"] for curve in one["curves"]
              for point in curve["points"]}
    assert set(good["run_id"]) <= set(points)
    for row in good.itertuples():
        unit = 0.125 if row.link == "loopback" else 1.0
        assert points[row.run_id][1:] == [row.connections, pytest.approx(
            row.goodput_mbit_s * unit, rel=1e-3), row.limited_by, row.block]


def test_theory_stands_beside_what_was_measured(made):
    data = Page(made["golden_links"]).data
    noisy = next(one for one in data["subjects"] if (one["link"], one["algorithm"])
                 == ("noisy", "reno"))
    assert noisy["capacity"] == pytest.approx(96.53, abs=0.01)
    assert noisy["model"][0] == [1, pytest.approx(7.6, abs=1.0)]
    assert "Goodput of files against what theory expects" in Page(made["golden_links"]).text


def test_the_steady_phase_stands_beside_theory_as_the_whole_file_does():
    read = results.load(FOLDERS["golden_links"])
    read.runs["steady_goodput_mbit_s"] = 47.0
    table = expected.steady_states(read)
    lines = [dict(zip(table.headings, row)) for row in table.rows]
    assert all(len(row) == len(table.headings) for row in table.rows)
    one = next(line for line in lines if (line["link"], line["N"]) == ("cap", "5"))
    assert one["theory expects"] == "50.0 Mbit/s"
    assert one["steady phase / theory"].startswith("0.940")
    assert not one["measured / theory"].startswith("0.940")
    read.runs["link"] = read.runs["link"].replace("cap", "longfat")
    assert "no formula" in [row[5] for row in expected.steady_states(read).rows]


def test_where_no_formula_holds_the_page_says_so(made):
    text = Page(made["golden"]).text
    assert "How far from theory: no formula" in text[text.index("(Experiment buffers"):]
    assert "How far from theory: no formula" not in Page(made["golden_links"]).text


def test_a_replay_has_all_bytes_of_the_file_and_the_windows(copy):
    run = quick(copy).data["replays"][0]
    add_samples(copy, run["id"])
    again = next(one for one in quick(copy).data["replays"] if one["id"] == run["id"])
    for lanes in (run["lanes"], again["lanes"]):
        assert sum(size for lane in lanes for _, size in lane["chunks"]) == 50_000_000
        assert sum(lane["b"][-1] for lane in lanes) == 50_000_000
        assert all(lane["t"] == sorted(lane["t"]) and lane["b"] == sorted(lane["b"])
                   for lane in lanes)
    assert all(lane["cw"] == [] for lane in run["lanes"])
    assert all(len(lane["cw"]) == 20 for lane in again["lanes"])


def test_the_load_generators_runs_are_no_downloads_to_look_into():
    read = results.load(FOLDERS["golden"])
    assert replay.runs(read) and list(gantt.draw(read))
    read.runs["clients"] = 16.0
    assert replay.runs(read) == [] and list(gantt.draw(read)) == []


@pytest.mark.parametrize("gone", [["samples.csv"], ["latency.csv"], ["meta.json"],
                                  ["samples.csv", "latency.csv", "meta.json"]])
def test_a_folder_that_lacks_something_still_gives_a_page(copy, gone):
    for name in gone:
        (copy / name).unlink()
    read = quick(copy)
    assert read.open == [] and set(PARTS) <= set(read.ids)
    assert ("so that none can be replayed" in read.text) == ("latency.csv" in gone)
    assert ("Nothing was recorded" in read.text) == ("meta.json" in gone)


def test_a_folder_without_any_run_still_gives_a_page(copy):
    lines = (copy / "runs.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (copy / "runs.csv").write_text("".join(lines[:1]), encoding="utf-8")
    read = Page(page.build(results.load(copy)))
    assert "There are no runs in this folder" in read.text and "No verdict" in read.text


@pytest.mark.parametrize("links", ["none", {"wan": "none"}, {"wan": {"findings": [1, {}]}}])
def test_strange_metadata_spoils_nothing(copy, links):
    meta = {"links": links, "machine": 5, "network": {"sysctls": 1}, "command_line": "x",
            "programs": ["a"], "experiments": {"stages": 7, "sizes": {"ratios": {"n": 1}}}}
    (copy / "meta.json").write_text(json.dumps(meta), encoding="utf-8")
    assert "Not certified" in quick(copy).text


def test_what_a_csv_says_cannot_become_part_of_the_page(edit):
    evil = "</script><img src=x onerror=alert(1)>"
    folder = edit("runs.csv", "connect 127.0.0.1:9003: Connection refused", evil)
    text = (folder / "runs.csv").read_text(encoding="utf-8")
    (folder / "runs.csv").write_text(text.replace(",dynamic,", f",{evil},"), encoding="utf-8")
    read = quick(folder)
    assert any(evil in curve["label"] for one in read.data["subjects"] for curve in one["curves"])
    assert not [about for about in read.all("img") if about.get("src") == "x"]
    assert evil in read.text


def test_the_command_writes_the_page_and_says_where(capsys, copy):
    assert cli.main(["report", str(copy), "--without-figures"]) == 0
    assert capsys.readouterr().out == f"{copy}/report.html\n"
    assert "</html>" in (copy / "report.html").read_text(encoding="utf-8")
    assert cli.main(["report", "/nowhere"]) == 2
    assert capsys.readouterr().err == "plots: /nowhere: no such folder\n"


def test_a_table_that_cannot_be_read_is_told_on_the_page(capsys, edit):
    folder = edit("latency.csv", "offset_bytes", "offset")
    assert cli.main(["report", str(folder), "--without-figures"]) == 2
    assert "unknown column 'offset'" in capsys.readouterr().err
    text = (folder / "report.html").read_text(encoding="utf-8")
    assert "latency.csv:1: unknown column &#39;offset&#39;" in text


def test_a_million_rows_of_latency_take_less_than_a_minute_and_a_gigabyte(copy):
    chance = np.random.default_rng(20240308)
    run = results.load(copy).runs["run_id"].iloc[0]
    head = (copy / "latency.csv").read_text(encoding="utf-8")
    sent = np.sort(chance.random(1_000_000))
    with open(copy / "latency.csv", "w", encoding="utf-8") as file:
        file.write(head)
        file.writelines(f"{run},0,{at},{at},1,,{t:.9f},{t + 1e-5:.9f},{t + 2e-5:.9f},\n"
                        for at, t in enumerate(sent))
    subprocess.run([sys.executable, "-m", "plots", "report", str(copy), "--without-figures"],
                   cwd=ROOT, check=True, timeout=60)
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 2**20
