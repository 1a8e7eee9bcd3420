"""Verdicts on links: known ratios in, known verdicts out; what must not count is told."""

import json
import re
import shutil

import numpy as np
import pandas as pd
import pytest

from plots import cli, links, results, verdicts
from plots.judging import HELP, HURT, OPEN, SAME
from tests.plots import make_golden_links
from tests.plots.golden_results import expect_as_made

pytestmark = pytest.mark.filterwarnings("error")

EXPECTED = {
    "noisy, bbr, dynamic": OPEN, "noisy, cubic, dynamic": HELP, "noisy, reno, dynamic": HELP,
    "noisy, reno, static": HELP, "wan, cubic, dynamic": SAME, "cap, cubic, dynamic": HELP,
    "busy, cubic, dynamic": HELP, "lossy, cubic, dynamic": None, "lossy50, reno, dynamic": OPEN,
    "loopback, cubic, dynamic": HELP}


@pytest.fixture(name="read")
def fixture_read():
    return results.load(make_golden_links.GOLDEN)


@pytest.fixture(name="judged")
def fixture_judged(read):
    return {verdict.label: verdict for verdict in verdicts.find(read)}


def ratio_of(verdict):
    return {one.connections: one.estimate.mean for one in verdict.comparisons}


def test_the_golden_links_are_what_their_generator_writes(read, tmp_path):
    assert read.problems == []
    expect_as_made(make_golden_links, tmp_path)


def test_every_link_algorithm_and_schedule_has_its_verdict(judged):
    assert {label: verdict.outcome for label, verdict in judged.items()} == EXPECTED


def test_the_ratios_are_those_that_were_put_in(judged):
    for (link, algorithm, schedule), (_, scatter, rates, _) in make_golden_links.CELLS.items():
        found = ratio_of(judged[f"{link}, {algorithm}, {schedule}"])
        expected = {number: rate / rates[1] for number, rate in rates.items() if number > 1}
        assert found == pytest.approx(expected, rel=0.01 + 1.5 * scatter)


def test_a_verdict_tells_ratio_interval_and_cause(judged):
    assert re.fullmatch(
        r"noisy, reno, dynamic: parallel connections help: 12\.\dx \[11\.\d, 13\.\d\] at N = 20, "
        r"the best of 4 that help; cause: random loss, one flow is held to 7\.\d\d Mbit/s of 96\.5",
        verdicts.headline(judged["noisy, reno, dynamic"]))
    assert re.fullmatch(
        r"wan, cubic, dynamic: parallel connections make no difference: 0\.99x \[0\.99, 1\.00\] "
        r"at N = 50, the farthest from 1 of 4 alike; cause: link full, "
        r"one flow already carries 94\.\d Mbit/s of 96\.5",
        verdicts.headline(judged["wan, cubic, dynamic"]))
    assert "cause: server cap, one flow" in verdicts.headline(judged["cap, cubic, dynamic"])
    assert "cause: cross traffic, one flow" in verdicts.headline(judged["busy, cubic, dynamic"])


def test_the_cause_is_what_most_runs_name(judged):
    one = judged["noisy, reno, dynamic"].one
    assert (one.limited_by, one.named, one.goodput.n) == ("loss", 8, 9)


def test_an_open_question_says_how_many_repetitions_are_missing(judged):
    open_one = judged["lossy50, reno, dynamic"]
    best = max(open_one.comparisons, key=lambda one: abs(np.log(one.estimate.mean)))
    assert best.more > 2 and all(one.outcome == OPEN for one in open_one.comparisons)
    text = verdicts.headline(open_one)
    assert f"cannot tell yet: {best.estimate.mean:.2f}x [" in text
    assert f"about {best.more} more repetitions; cause: random loss, one flow carries" in text


def test_an_uncertified_link_gets_no_verdict(read, judged):
    lossy = judged["lossy, cubic, dynamic"]
    assert verdicts.headline(lossy) == ("lossy, cubic, dynamic: no verdict, the link is not "
                                        "certified: queue 120 packets instead of 350")
    read.meta = {}
    on_links = [verdict for verdict in verdicts.find(read) if verdict.link != "loopback"]
    assert {verdict.outcome for verdict in on_links} == {None}


def test_runs_without_a_turn_get_no_verdict_anywhere(read):
    read.meta["turn"] = False
    found = {verdict.label: verdict for verdict in verdicts.find(read)}
    assert {verdict.outcome for verdict in found.values()} == {None}
    loopback = found["loopback, cubic, dynamic"]
    assert "no verdict" in verdicts.headline(loopback) and links.SHARED in verdicts.headline(loopback)
    assert verdicts.record(loopback)["certified"] is False


def test_loopback_is_told_to_be_no_network(judged):
    text = verdicts.headline(judged["loopback, cubic, dynamic"])
    assert "; at N = 50 they hurt; cause: CPU, one flow is held to 2" in text
    assert text.endswith("MB/s; this is CPU and memory, no network")


def test_where_many_hurt_both_sides_are_told(read):
    loopback = read.runs[read.runs["link"] == "loopback"]
    read.runs = loopback[loopback["connections"].isin([1, 50])]
    verdict, = verdicts.find(read)
    assert verdict.outcome == HURT
    assert re.search(r"connections hurt: 0\.7\dx \[.*\] at N = 50; cause: CPU, one flow already "
                     r"carries 2\d\d\d MB/s, 50 carry 18\d\d MB/s \(limited by: CPU\);",
                     verdicts.headline(verdict))


def test_runs_that_do_not_count_are_told_and_change_nothing(read, judged):
    reno = judged["noisy, reno, dynamic"]
    assert reno.not_counted == "1 run failed, 2 void"
    assert judged["wan, cubic, dynamic"].not_counted == "1 run timed out"
    read.runs = read.runs[(read.runs["status"] == "ok") & (read.runs["warmup"] == "no")]
    without = {verdict.label: verdict for verdict in verdicts.find(read)}
    assert without["noisy, reno, dynamic"].comparisons == reno.comparisons


def test_a_cell_of_which_no_run_counts_stays_open(read):
    at_fifty = (read.runs["link"] == "wan") & (read.runs["connections"] == 50)
    read.runs.loc[at_fifty, "status"] = "void"
    verdict = next(one for one in verdicts.find(read) if one.link == "wan")
    assert (verdict.comparisons[-1].connections, verdict.comparisons[-1].estimate.n) == (50, 0)
    assert verdict.outcome == SAME and "; cannot tell yet at N = 50;" in verdicts.headline(verdict)
    assert "N = 50  no pairs" in verdicts.text([verdict])


def test_an_algorithm_that_the_kernel_lacks_says_so(judged):
    assert verdicts.headline(judged["noisy, bbr, dynamic"]) == (
        "noisy, bbr, dynamic: cannot tell yet, no run with one connection counts: 5 runs "
        "unavailable (the kernel has no bbr: modprobe tcp_bbr)")


def test_the_algorithm_read_back_sets_the_subjects_apart(read):
    wan = (read.runs["link"] == "wan") & (read.runs["block"] < 4)
    read.runs.loc[wan, "congestion_used"] = "reno"
    labels = {verdict.label for verdict in verdicts.find(read) if verdict.link == "wan"}
    assert labels == {"wan, cubic, dynamic", "wan, reno, dynamic"}


def test_timed_runs_are_compared_by_goodput_and_never_with_files(read):
    timed = read.runs[read.runs["link"] == "cap"].copy()
    timed["run_id"], timed["planned_seconds"] = "t" + timed["run_id"], 5.0
    timed["bytes_received"] = (timed["goodput_mbit_s"] * 5e6 / 8).round()
    timed["duration_s"] = 5.0
    read.runs = pd.concat([read.runs[read.runs["link"] == "cap"], timed])
    circles, files = verdicts.find(read)
    assert ratio_of(files) == pytest.approx(ratio_of(circles), rel=1e-4)
    assert (files.label, circles.label) == ("cap, cubic, dynamic", "cap, cubic, dynamic, 5 s timed")


def test_without_runs_there_is_no_verdict(read):
    read.runs = read.runs.iloc[:0]
    assert verdicts.find(read) == []
    assert verdicts.text([]) == ""


@pytest.mark.parametrize("meta, reason", [
    ({}, "no certificate in meta.json"), ({"links": []}, "no certificate in meta.json"),
    ({"links": {"wan": True}}, "no certificate in meta.json"),
    ({"links": {"wan": {"certified": "yes"}}}, "no reason given"),
    ({"links": {"wan": {"certified": False, "unavailable": "there is no TUN device"}}},
     "there is no TUN device"),
    ({"links": {"wan": {"findings": [7, {"holds": False, "quantity": "queue"}]}}},
     "queue could not be measured")])
def test_a_strange_certificate_certifies_nothing(meta, reason):
    assert links.certificate(meta, "wan") == links.Certificate(False, reason)


def test_the_command_prints_the_verdicts_and_writes_them_twice_alike(capsys, tmp_path):
    written = []
    for turn in ("first", "second"):
        assert cli.main(["verdicts", str(make_golden_links.GOLDEN), "--out",
                         str(tmp_path / turn)]) == 0
        written.append((tmp_path / turn / "verdicts.json").read_bytes())
    out, err = capsys.readouterr()
    assert written[0] == written[1] and err == ""
    assert "\nnoisy, reno, dynamic: parallel connections help: 1" in out
    assert "    not counted: 1 run failed, 2 void\n" in out
    content = json.loads(written[0])
    found = {(one["link"], one["congestion"], one["schedule"]): one for one in content["verdicts"]}
    noisy, lossy = found["noisy", "reno", "dynamic"], found["lossy", "cubic", "dynamic"]
    assert noisy["verdict"] == "help" and noisy["capacity_mbit_s"] == pytest.approx(96.5333333)
    assert noisy["one_flow"]["limited_by"] == "loss" and noisy["certified"] is True
    assert [one["connections"] for one in noisy["comparisons"]] == [5, 10, 20, 50]
    assert lossy["verdict"] is None and lossy["comparisons"][0]["verdict"] is None
    assert found["loopback", "cubic", "dynamic"]["network"] is False


def test_verdicts_go_beside_the_results_unless_told_otherwise(capsys, tmp_path):
    folder = tmp_path / "results"
    shutil.copytree(make_golden_links.GOLDEN, folder)
    assert cli.main(["verdicts", str(folder)]) == 0
    assert (folder / "verdicts.json").is_file() and capsys.readouterr().err == ""


def test_the_table_prints_links_as_before(capsys):
    assert cli.main(["table", str(make_golden_links.GOLDEN)]) == 0
    out = capsys.readouterr().out
    assert "2 void: part 3 (1 to 20 connections): void: 7.5 %" in out and "Mbit/s" in out
