"""What is drawn and judged of an experiment is what its file wants, whatever its name is."""

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from conftest import ROOT
from plots import answers, cells, cli, figures, results, style, verdicts, wanted
from plots.report import opening
from plots.theory_report import findings, text
from tests.plots import (make_golden, make_golden_grid, make_golden_links, make_golden_load,
                         make_golden_mirrors, make_golden_time, theory_results)
from tests.plots.golden_results import NAMES
from tests.plots.test_self_test import trials

EXPERIMENTS = ROOT / "bench" / "experiments"
GOLDEN = {maker.__name__.rpartition(".")[2]: maker.GOLDEN for maker in (
    make_golden, make_golden_grid, make_golden_links, make_golden_load, make_golden_mirrors,
    make_golden_time)}
COPY = "homework"
MEASURED = [(name, experiment) for name, folder in GOLDEN.items()
            for experiment in results.load(folder, only_runs=True).runs["experiment"].unique()]


def lists(experiment):
    """The figures and verdicts that a shipped experiment wants, as its file has them."""
    told = json.loads((EXPERIMENTS / f"{experiment}.json").read_text(encoding="utf-8"))
    return {key: told[key] for key in ("figures", "verdicts")}


def write_meta(folder, told):
    """Replaces what meta.json tells of the experiments."""
    path = folder / "meta.json"
    meta = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    path.write_text(json.dumps({**meta, "experiments": told}), encoding="utf-8")


def alone(read, experiment, name):
    """The Results with the runs of one experiment, called `name`."""
    read.runs = cells.of_experiment(read.runs, experiment).assign(experiment=name)
    return read


def original(folder, experiment):
    return alone(results.load(folder), experiment, experiment)


def copied(folder, experiment):
    """The same under another name, as a bench of today writes it down."""
    read = results.load(folder)
    read.meta["experiments"] = {COPY: lists(experiment)}
    return alone(read, experiment, COPY)


def captions(read, names=(*(set(NAMES) - set(wanted.OF_SESSIONS)), "latency")):
    """{file's name: caption} of what is drawn because an experiment wants it."""
    with style.settings():
        return {drawing.name: drawing.caption for name in names
                for drawing in figures.drawn(name, read)}


def renamed(told, experiment):
    """A figure's names and captions as those of the copy, where they name the experiment."""
    called_so = re.compile(rf"^((price|cost)-)?{experiment}(?=-|$)")
    return {called_so.sub(rf"\1{COPY}", name)
            if name.split("-")[0] in (*wanted.CALLED_AFTER_IT, "memory") else name:
            caption.replace(f"experiment {experiment}", f"experiment {COPY}")
            for name, caption in told.items()}


@pytest.mark.parametrize("folder, experiment", MEASURED)
def test_a_copy_is_drawn_like_the_original(folder, experiment):
    expected = captions(original(GOLDEN[folder], experiment))
    assert captions(copied(GOLDEN[folder], experiment)) == renamed(expected, experiment)


@pytest.mark.parametrize("folder, experiment", MEASURED)
def test_a_copy_is_judged_like_the_original(folder, experiment):
    told = [answers.text(read, verdicts.find(read)) for read in
            (original(GOLDEN[folder], experiment), copied(GOLDEN[folder], experiment))]
    assert told[1] == told[0].replace(f"{experiment}: nothing", f"{COPY}: nothing")


def test_of_a_strange_name_without_lists_only_the_ratios_are_told():
    read = alone(results.load(make_golden_links.GOLDEN), "connections", COPY)
    assert captions(read) == {}
    assert verdicts.find(read) == []
    assert answers.text(read, []).startswith(f"{COPY}: nothing of it was measured")


def test_two_that_want_the_same_have_files_and_verdicts_of_their_own(tmp_path):
    shutil.copytree(make_golden_links.GOLDEN, tmp_path / "both")
    path = tmp_path / "both" / "runs.csv"
    head, *rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    again = [re.sub(r"^(\d+),([^,]+),connections,", rf"\1,\2again,{COPY},", row) for row in rows]
    path.write_text("".join([head, *rows, *(row for row in again if f",{COPY}," in row)]),
                    encoding="utf-8")
    write_meta(tmp_path / "both", {COPY: lists("connections")})
    read = results.load(tmp_path / "both")
    names = ("connections", "speedup")
    one = captions(original(make_golden_links.GOLDEN, "connections"), names)
    drawn = captions(read, names)
    assert {"connections-wan", f"{COPY}-connections-wan", "connections-speedup",
            f"{COPY}-speedup"} <= set(drawn)
    assert drawn["connections-wan"] == one["connections-wan"]
    heads = [verdicts.headline(verdict) for verdict in verdicts.find(read)]
    half = len(heads) // 2
    assert half and [line.replace(COPY, "connections") for line in heads[half:]] == heads[:half]
    assert {judged["figure"] for judged in opening.judged(read)} <= set(drawn)


def test_programs_that_are_compared_are_timed_alike_in_a_copy_too(tmp_path):
    shutil.copytree(make_golden.GOLDEN, tmp_path / "copy")
    path = tmp_path / "copy" / "runs.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",peers,", f",{COPY},"),
                    encoding="utf-8")
    write_meta(tmp_path / "copy", {COPY: lists("peers")})
    times = [cells.counted(cells.of_experiment(read.runs, name))["time_s"] for read, name in (
        (results.load(make_golden.GOLDEN), "peers"), (results.load(tmp_path / "copy"), COPY))]
    assert len(times[0]) and times[0].tolist() == times[1].tolist()


def test_laws_are_judged_by_a_copy_of_their_experiment(tmp_path):
    theory_results.Results(blocks=5).write(tmp_path)
    told = []
    for name in ("theory", COPY):
        read = results.load(tmp_path)
        read.meta["experiments"] = {name: lists("theory")}
        read.runs["experiment"] = read.runs["experiment"].replace("theory", name)
        told.append(text.terminal(findings.find(read)))
    assert "HOLDS" in told[0] and told[1] == told[0]


def test_the_self_test_judges_the_experiment_that_wants_it(capsys, monkeypatch, copy):
    read = replace(results.load(copy), runs=trials().assign(experiment=COPY))
    monkeypatch.setattr(results, "load", lambda *_, **__: read)
    assert cli.main(["self-test", str(copy)]) == 1  # nobody says that these are trials
    read.meta["experiments"] = {COPY: lists("selftest")}
    assert cli.main(["self-test", str(copy)]) == 0
    assert "0 of 0 trials" in capsys.readouterr().out


@pytest.mark.parametrize("told, complaint", [
    ({"figures": ["pie"]}, 'a figure that is not known: "pie"'),
    ({"figures": [{"name": "mine"}]}, 'a figure that is not known: {"name": "mine"}'),
    ({"figures": [7]}, "a figure that is not known: 7"),
    ({"verdicts": ["guilty"]}, 'a verdict that is not known: "guilty"')])
def test_what_is_not_known_is_told_and_the_rest_is_drawn(capsys, copy, told, complaint):
    write_meta(copy, {"stages": {"figures": ["stages"], **told}})
    assert cli.main([str(copy), "--only", "gantt"]) == 2
    line = f'plots: {copy}/meta.json: experiment "stages" wants {complaint}'
    assert line in capsys.readouterr().err


def sweep(**changed):
    return {"name": "mine", "asks": "Mine?", "x": "buffer_bytes", "x_label": "bytes", **changed}


def test_a_sweep_of_ones_own_is_drawn_from_its_description(capsys, copy):
    write_meta(copy, {"buffers": {"figures": [sweep(remark="So there.")]}})
    assert cli.main([str(copy), "--only", "mine"]) == 0
    assert "So there." in (copy / "figures" / "mine.txt").read_text(encoding="utf-8")
    assert capsys.readouterr().out == f"mine         {copy}/figures/mine.png\n"
    with pytest.raises(SystemExit):
        cli.main([str(copy), "--only", "theirs"])
    assert "(there are stages, " in capsys.readouterr().err


@pytest.mark.parametrize("entry", [
    sweep(name="../mine"), sweep(name="stages"), sweep(name="drift"), sweep(x="sink"),
    sweep(x="../x"), sweep(y="speed"), sweep(panels=["colour"]), sweep(panels=[[]]), sweep(asks=3),
    sweep(colour="red"), {}, [], None])
def test_a_description_that_makes_no_sense_is_none(entry):
    meta = {"experiments": {"x": {"figures": [entry], "verdicts": [entry]}}}
    assert wanted.figures(meta, "x") == {} and len(wanted.faults(meta)) == 2


def test_the_name_of_an_experiment_leads_to_no_other_file():
    assert wanted.told({}, "../figures") == {} and wanted.told({}, "stages")["title"]


def test_the_words_are_those_that_can_be_drawn():
    assert set(wanted.KNOWN["figures"]) == set(figures.ALL) - set(wanted.OF_SESSIONS)


def test_the_shipped_experiments_want_what_there_is_and_leave_nothing_out():
    names = [path.stem for path in EXPERIMENTS.glob("*.json")]
    meta = {"experiments": {name: lists(name) for name in names}}
    assert wanted.faults(meta) == []
    assert {figure for name in names for figure in wanted.figures(meta, name)} == (
        set(NAMES) - set(wanted.OF_SESSIONS))
    assert {word for name in names for word in wanted.verdicts(meta, name)} == set(
        wanted.KNOWN["verdicts"])
    coursework = Path(ROOT / "bench" / "coursework" / "connections.json")
    told = json.loads(coursework.read_text(encoding="utf-8"))
    assert {key: told[key] for key in ("figures", "verdicts")} == lists("connections")
