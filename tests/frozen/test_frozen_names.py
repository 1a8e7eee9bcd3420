"""Names on command lines, in tables and in files that people write are those that are frozen."""

import json
import re

import frozen
import helps
import lab
import pytest
from running import output, plots
from test_experiment_keys import documented, first_words

from plots import cli

SCRIPTS = ("run_bench.sh", "setup.sh", "run_tests.sh", "plots.sh", "data/make_file.py")


@pytest.mark.parametrize("group", frozen.groups("options.txt"))
def test_options_are_those_that_are_frozen(group, monkeypatch):
    monkeypatch.setenv("COLUMNS", "1000")
    monkeypatch.setenv("NO_COLOR", "1")
    name, *subcommand = group.split()
    if name == "plots.sh":
        text = plots(*subcommand, "--help").stdout
    else:
        text = output(name, *subcommand, "--help")
    frozen.expect_in_any_order("options.txt", group, helps.items(text))


def test_every_program_and_subcommand_has_its_options_frozen():
    programs = [path.name for path in lab.BIN.iterdir()
                if path.name.startswith(("part", "dlab_", "linkem")) and "test" not in path.name]
    without_options = {"dlab_launch", "dlab_micro"}  # of the bench alone; those of its library
    linkem = helps.subcommands(output("linkem", "--help"))
    wanted = {*programs, *SCRIPTS, *(f"linkem {word}" for word in linkem),
              *(f"plots.sh {word}" for word in cli.COMMANDS)}  # fmt: skip
    assert sorted(frozen.groups("options.txt")) == sorted(wanted - without_options)


def first_word_of_each_line(text):
    return [line.split()[0] for line in text.splitlines()]


def test_names_of_links_are_those_that_are_frozen():
    head, *links = first_word_of_each_line(output("linkem", "--list"))
    assert head == "link"
    frozen.expect_in_any_order("names.txt", "link", links)


def test_names_of_experiments_are_those_that_are_frozen():
    listed = output("dlab_bench", "--experiments", lab.ROOT / "bench" / "experiments",
                    "--contestants", lab.ROOT / "bench" / "contestants", "--list")  # fmt: skip
    frozen.expect_in_any_order("names.txt", "experiment", first_word_of_each_line(listed))


def test_names_of_contestants_are_those_that_are_frozen():
    files = (lab.ROOT / "bench" / "contestants").glob("*.json")
    frozen.expect_in_any_order("names.txt", "contestant", [path.stem for path in files])


@pytest.mark.parametrize("table", ["runs.csv", "latency.csv", "samples.csv"])
def test_columns_of_results_are_those_that_are_frozen(table):
    lines = output("dlab_bench", "--print-columns").splitlines()
    written = dict(line.split(": ") for line in lines)
    frozen.expect("columns.txt", table, written[table].split(","))


@pytest.mark.parametrize("size", ["--quick", "--full"])
def test_an_experiment_that_uses_every_key_is_still_taken(size):
    done = lab.run(lab.BIN / "dlab_bench", "--experiments", frozen.HERE / "experiments",
                   "--contestants", frozen.HERE / "contestants", "--experiment", "everything",
                   size, "--dry-run")  # fmt: skip
    assert done.returncode == 0, f"{frozen.warning('experiments')}\n{done.stderr}"


def words_in(value):
    """The words of a JSON value: its keys, what stands before a = in them, its texts, and what is
    listed in those."""
    if isinstance(value, dict):
        keys = [word for key in value for word in (key, key.partition("=")[0])]
        return {*keys, *words_in(list(value.values()))}
    if isinstance(value, list):
        return set().union(*map(words_in, value))
    if not isinstance(value, str):
        return set()
    return {value, *re.findall(r"\{\w+\}", value), *re.split("[,@]", value)}


def words_of(folder):
    """Those of all files of a folder of ours."""
    files = (frozen.HERE / folder).glob("*.json")
    return words_in([json.loads(path.read_text(encoding="utf-8")) for path in files])


def test_that_experiment_uses_every_key_that_is_documented():
    experiment, contestant = documented()
    keys = first_words(experiment["key"]) + first_words(experiment["setting"])
    assert set(keys) <= words_of("experiments")
    placeholders = [f"{{{word}}}" for word in first_words(contestant["placeholder"])]
    assert {*first_words(contestant["key"]), *placeholders} <= words_of("contestants")


def test_that_experiment_uses_every_word_that_a_setting_may_be():
    used = words_of("experiments")
    for row in documented()[0]["setting"]:
        told = re.findall(r"`([a-z_]+)(?:@\S+)?`", row.split("|")[2])
        assert set(told) <= used, row


LINES = {
    "  -o,--output TEXT            where": "-o,--output TEXT",
    "  -o,     --output TEXT       where": "-o,--output TEXT",
    "  --port UINT:INT in [0 - 65535]=9001": "--port NUMBER",
    "          --port UINT:INT in [0 - 65535] [9001]": "--port NUMBER",
    "  --verify,--no-verify{false} compare": "--verify,--no-verify",
    "  --io {copy, sendfile} how": "--io {copy,sendfile}",
    "  --policy TEXT:{one,two}": "--policy {one,two}",
    "  --limit RATE[,RATE...]      each": "--limit RATE[,RATE...]",
    "  --full Excludes: --quick    all": "--full",
    "  --again FIGURE [RESULTS]": "--again FIGURE [RESULTS]",
    "  --doctor[=json]     what": "--doctor[=json]",
    "  -h, --help  show this": "-h,--help",
}


@pytest.mark.parametrize("line", LINES)
def test_an_option_is_read_however_it_is_laid_out(line):
    assert helps.items(f"usage: x\n\n{line}\n      -- no option\n") == [LINES[line]]


def test_positionals_are_read_without_the_options_of_the_usage():
    text = "About.\nUsage: x [OPTIONS] SERVER NAME... [FILE]\n\nOptions:\n  SERVER TEXT REQUIRED\n"
    assert helps.positionals(text) == ["SERVER", "NAME...", "[FILE]"]
    assert helps.positionals("usage: ./x [-h] (--a | --b N) [--c {d,e}] FIGURE\n") == ["FIGURE"]


def test_what_differs_is_told():
    listed = frozen.groups("columns.txt")["--rows"]
    with pytest.raises(pytest.fail.Exception, match=r"\+ --rows: other"):
        frozen.expect("columns.txt", "--rows", ["other", *listed])
    with pytest.raises(pytest.fail.Exception, match="- --rows: index"):
        frozen.expect("columns.txt", "--rows", [name for name in listed if name != "index"])
    with pytest.raises(pytest.fail.Exception, match="release's notes"):
        frozen.expect("columns.txt", "--rows", listed[::-1])
    frozen.expect_in_any_order("columns.txt", "--rows", listed[::-1])
