"""How programs end, what they say then, and what they write are what is frozen: each is tried."""

import json
import re

import bench_runs
import frozen
import lab
import pytest
import situations
from place import PARTS, Place
from situations import SITUATIONS


@pytest.fixture(scope="module", name="place")
def fixture_place(tmp_path_factory):
    place = Place(tmp_path_factory.mktemp("place"))
    yield place
    place.stop()


def listed(name):
    """(program, situation, what is listed of it) of each line of the list `name`."""
    return [(program, *item.split(": ", 1)) for program, items in frozen.groups(name).items()
            for item in items]  # fmt: skip


@pytest.mark.parametrize("program, situation, code", listed("exit_codes.txt"))
def test_exit_codes_are_those_that_are_frozen(place, program, situation, code):
    ended = SITUATIONS[program][situation](place)
    told = f"{ended.stdout}{ended.stderr}"
    assert str(ended.returncode) == code, f"{frozen.warning('exit_codes.txt')}\n{told}"


def test_every_situation_has_its_exit_code_frozen():
    tried = [(program, one) for program, each in SITUATIONS.items() for one in each]
    assert sorted((program, one) for program, one, _ in listed("exit_codes.txt")) == sorted(tried)


@pytest.mark.parametrize("program, situation, sentence", listed("sentences.txt"))
def test_sentences_are_those_that_are_frozen(place, program, situation, sentence):
    ended = SITUATIONS[program][situation](place)
    line = (ended.stdout + ended.stderr).partition("\n")[0]
    said = re.sub(r":\d+$", ":PORT", line.removeprefix(f"{program}: "))
    assert said == sentence, frozen.warning("sentences.txt")


# What is written


def rows_of_load(place, path):
    return place.load("--rows", path)


def rows_of_requests(place, path):
    return situations.small_requests(place, "--rows", path)


WITH_ROWS = {
    **{f"part{part}_client": lambda place, path, part=part: place.fetch(part, "--rows", path)
       for part in PARTS},
    "dlab_load": rows_of_load,
    "dlab_requests": rows_of_requests,
}  # fmt: skip


def columns_of(path):
    return path.read_text().partition("\n")[0].split(",")


@pytest.mark.parametrize("program", WITH_ROWS)
def test_columns_of_rows_are_those_that_are_frozen(place, tmp_path, program):
    assert WITH_ROWS[program](place, tmp_path / "rows").returncode == 0
    frozen.expect("columns.txt", "--rows", columns_of(tmp_path / "rows"))


@pytest.mark.parametrize("part", PARTS)
def test_columns_of_samples_are_those_that_are_frozen(place, tmp_path, part):
    with lab.part_server(part, place.served, "--samples", tmp_path / "samples"):
        pass
    frozen.expect("columns.txt", "--samples", columns_of(tmp_path / "samples"))


def test_columns_of_a_links_log_are_those_that_are_frozen(tmp_path):
    assert situations.over_link("--log", tmp_path / "log", "--", "true").returncode == 0
    frozen.expect("columns.txt", "linkem --log", columns_of(tmp_path / "log"))


@pytest.mark.parametrize("part", PARTS)
def test_keys_of_a_clients_report_are_those_that_are_frozen(place, tmp_path, part):
    assert place.fetch(part, "--report", tmp_path / "report").returncode == 0
    report = json.loads((tmp_path / "report").read_text())
    frozen.expect_in_any_order("keys.txt", "--report", report)
    for connection in report["per_connection"]:
        frozen.expect_in_any_order("keys.txt", "--report, per_connection", connection)
    if part == 2:
        frozen.expect_in_any_order("keys.txt", "--report, packets", report["packets"])


def test_keys_of_a_loads_report_are_those_that_are_frozen(place, tmp_path):
    assert place.load("--report", tmp_path / "report").returncode == 0
    report = json.loads((tmp_path / "report").read_text())
    frozen.expect_in_any_order("keys.txt", "dlab_load --report", report)


@pytest.fixture(scope="module", name="measured")
def fixture_measured(place):
    """The folder of a session of the bench."""
    note = place.folder / "note"
    assert bench_runs.bench(place, "--folder-to", note).returncode == 0
    return place.folder / note.read_text().strip()


def test_files_of_a_results_folder_are_those_that_are_frozen(measured):
    names = [path.name for path in measured.iterdir()]
    frozen.expect_in_any_order("keys.txt", "results folder", names)


def test_keys_of_meta_json_are_those_that_are_frozen(measured):
    meta = json.loads((measured / "meta.json").read_text())
    frozen.expect_in_any_order("keys.txt", "meta.json", meta)
    for experiment in meta["experiments"].values():
        frozen.expect_in_any_order("keys.txt", "meta.json, experiments", experiment)


@pytest.mark.parametrize("table", ["runs.csv", "latency.csv", "samples.csv"])
def test_columns_of_tables_are_those_that_are_frozen(measured, table):
    frozen.expect("columns.txt", table, columns_of(measured / table))
