"""Measuring a figure again: the options, and what the comparison says."""

import shutil

import pandas as pd
import pytest

from plots import cli, reproduce, results, stats
from tests.plots import make_golden_links

GOLDEN = make_golden_links.GOLDEN


def loaded(**meta):
    read = results.load(GOLDEN)
    read.meta = {"seed": 7, **meta}
    return read


@pytest.mark.parametrize("meta, words", [
    ({}, "--quick --experiment connections --seed 7"),
    ({"set": "full"}, "--full --experiment connections --seed 7"),
    ({"command_line": ["dlab_bench", "--seed", "9", "--filter", "wan|cap", "--budget=60"]},
     "--quick --experiment connections --seed 7 --filter wan|cap --budget=60"),
    ({"command_line": ["dlab_bench", "--experiments", "/lab/coursework", "--experiment", "sizes"]},
     "--quick --experiment connections --seed 7 --experiments /lab/coursework"),
    ({"command_line": "not a list"}, "--quick --experiment connections --seed 7")])
def test_the_options_have_seed_and_set_and_what_limited_the_session(meta, words):
    assert " ".join(reproduce.options(loaded(**meta), ["connections"])) == words


@pytest.mark.parametrize("figure, words", [
    ("connections-wan", "^(connections/part3/(.*/)?link:wan)(/|$)"),
    ("phases-loopback", "^(connections/part1|connections/part3/(.*/)?link:loopback)(/|$)"),
    ("speedup", None)])
def test_a_figure_of_one_link_measures_that_link_alone(figure, words):
    read = loaded()
    own = read.runs[read.runs["link"] == "loopback"].iloc[:1]
    read.runs = pd.concat([read.runs[read.runs["contestant"] == "part3"],
                           own.assign(contestant="part1")])
    found = reproduce.options(read, ["connections"], figure)
    assert found[5:] == ([] if words is None else ["--filter", words])


def test_a_recorded_filter_holds_again_and_no_other():
    read = loaded(command_line=["dlab_bench", "--filter", "wan|cap"])
    assert reproduce.options(read, ["connections"], "connections-wan")[5:] == ["--filter",
                                                                               "wan|cap"]


def test_there_are_no_options_without_a_seed_or_an_experiment():
    assert reproduce.options(loaded(seed=None), ["connections"]) is None
    assert reproduce.options(loaded(), []) is None


def test_a_figure_leads_to_its_experiment_by_name_or_by_its_runs(golden):
    read = results.load(golden)
    assert reproduce.experiments("connections-wan", read) == ["connections"]
    assert reproduce.experiments("latency-wan", read) == ["stages", "connections", "packets"]
    drawn = pd.DataFrame({"experiment": ["packets", "stages", "packets"]})
    assert reproduce.experiments("latency-wan", read, drawn) == ["stages", "packets"]
    runs = read.runs[read.runs["experiment"] == "sizes"]
    assert reproduce.experiments("gantt-static", read, runs) == ["sizes"]
    assert reproduce.experiments("pie", read) == []


def estimate(mean, low, high):
    return stats.Estimate(8, mean, low, high, mean)


@pytest.mark.parametrize("old, new, outcome", [
    ((10, 9.5, 10.5), (10.2, 9.8, 10.6), reproduce.AGREES),
    ((10, 9.5, 10.5), (12, 11.5, 12.5), reproduce.DIFFERS),
    ((12, 11.5, 12.5), (10, 9.5, 10.5), reproduce.DIFFERS),
    ((10, 9.5, 10.5), (10.9, 10.4, 11.4), reproduce.OPEN),
    ((10, 5, 15), (10, 5, 15), reproduce.OPEN),
    ((10, float("nan"), float("nan")), (10, 9.5, 10.5), reproduce.OPEN)])
def test_intervals_agree_or_differ_or_tell_nothing(old, new, outcome):
    assert reproduce.Pair("", "wan", estimate(*old), estimate(*new)).outcome == outcome


def test_the_same_results_agree_where_they_are_narrow():
    read = results.load(GOLDEN)
    pairs = reproduce.compare(read, read)
    assert len(pairs) == 41 and all(pair.old == pair.new for pair in pairs)
    by_label = [pair for pair in pairs if pair.link == "wan"]
    assert by_label and {pair.outcome for pair in by_label} == {reproduce.AGREES}


def test_a_cell_that_became_slower_differs_and_the_others_do_not(tmp_path):
    old, new = results.load(GOLDEN), results.load(GOLDEN)
    slow = (new.runs["link"] == "cap") & (new.runs["connections"] == 5)
    for name in ("duration_s", "wall_s"):
        new.runs.loc[slow, name] *= 1.5
    differing = [pair for pair in reproduce.compare(old, new)
                 if pair.outcome == reproduce.DIFFERS]
    assert [(pair.link, pair.label.split(",")[1].strip()) for pair in differing] == [
        ("cap", "5 connections")]
    assert "1 differ," in reproduce.text(old, new)


def test_cells_of_one_side_only_are_not_compared():
    old, new = results.load(GOLDEN), results.load(GOLDEN)
    new.runs = new.runs[new.runs["link"] == "wan"]
    assert {pair.link for pair in reproduce.compare(old, new)} == {"wan"}
    new.runs = new.runs.iloc[:0]
    assert reproduce.text(old, new) == "no cell was measured in both"


def test_another_commit_is_told():
    assert reproduce.differences(loaded(commit="a"), loaded(commit="b")) == [
        "commit: a before, b now"]
    assert reproduce.differences(loaded(commit="a"), loaded(commit="a")) == []


def test_the_command_prints_options_or_the_comparison(capsys, tmp_path):
    assert cli.main(["reproduce", "connections-wan", str(GOLDEN), "--options"]) == 0
    assert capsys.readouterr().out == (
        "--quick\n--experiment\nconnections\n--seed\n1\n--filter\n"
        "^(connections/part1|connections/part3/(.*/)?link:wan)(/|$)\n")
    again = tmp_path / "again"
    shutil.copytree(GOLDEN, again)
    assert cli.main(["reproduce", "connections-wan", str(GOLDEN), "--with", str(again)]) == 0
    assert "of 41 cells:" in capsys.readouterr().out


@pytest.mark.parametrize("figure, folder, complaint", [
    ("pie", GOLDEN, "no run tells from what pie is drawn"), ("x", "/nowhere", "no such folder")])
def test_what_cannot_be_measured_again_is_refused(capsys, figure, folder, complaint):
    with pytest.raises(SystemExit) as end:
        cli.main(["reproduce", figure, str(folder), "--options"])
    assert end.value.code == 2 and complaint in capsys.readouterr().err
