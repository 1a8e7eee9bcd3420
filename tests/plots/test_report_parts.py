"""The small parts of the page: lists of runs, thinning, progress, paragraphs of the docs."""

import math

import pandas as pd
import pytest

from plots import results
from plots.report import handbook, parts, replay
from tests.plots import make_golden


@pytest.mark.parametrize("names, told", [
    ([], ""), (["r1"], "r1"), (["r2", "r1"], "r1, r2"), (["r10", "r9", "r11"], "r9 to r11"),
    (["r1", "r4", "r5", "r6", "a", "r6"], "a, r1, r4 to r6"), (["k0009", "k0010", "k0011"],
                                                              "k0009 to k0011")])
def test_neighbouring_runs_are_joined(names, told):
    assert parts.run_list(names) == told


@pytest.mark.parametrize("value, told", [(math.nan, None), (None, None), (math.inf, None),
                                         (94.12345, 94.123), (20.0, 20), (0.0, 0)])
def test_numbers_for_json_are_short(value, told):
    assert parts.short(value) == told


@pytest.mark.parametrize("number, most, kept", [(0, 5, []), (1, 5, [0]), (3, 5, [0, 1, 2]),
                                                (9, 3, [0, 4, 8])])
def test_thinning_keeps_the_ends(number, most, kept):
    assert list(replay.thin(number, most)) == kept


def chunks(*rows):
    return pd.DataFrame(rows, columns=["bytes", "first_byte_s", "done_s"], dtype=float)


NOTHING = pd.DataFrame({"t_s": [], "bytes_received": []}, dtype=float)


def test_without_samples_each_chunk_grows_from_its_first_byte_to_its_last():
    times, counts = replay._progress(chunks((10, 1.0, 2.0), (20, 3.0, 4.0)), NOTHING)
    assert list(times) == [1, 2, 3, 4] and list(counts) == [0, 10, 10, 30]


def test_chunks_that_overlap_follow_each_other():
    times, counts = replay._progress(chunks((10, 1.0, 3.0), (20, 2.0, 4.0)), NOTHING)
    assert list(times) == [1, 3, 3, 4] and list(counts) == [0, 10, 10, 30]


def test_progress_is_what_the_client_counted_never_falling_nor_beyond_the_chunks():
    client = pd.DataFrame({"t_s": [0.5, 1.0, 1.5, 9.0], "bytes_received": [5.0, 4.0, 99.0, 99.0]})
    times, counts = replay._progress(chunks((30, 0.1, 2.0)), client)
    assert list(times) == [0.5, 1.0, 1.5, 2.0] and list(counts) == [5, 5, 30, 30]


def test_only_downloads_whose_chunks_are_all_known_are_replayed():
    read = results.load(make_golden.GOLDEN)
    assert replay.runs(read)
    read.latency = read.latency[read.latency["offset_bytes"] > 0]
    assert replay.runs(read) == []


def test_of_each_link_and_schedule_a_few_are_chosen():
    read = results.load(make_golden.GOLDEN)
    told = [(run["id"], len(run["lanes"])) for run in replay.runs(read)]
    schedules = read.runs.set_index("run_id")["schedule"]
    assert [lanes for _, lanes in told] == [10, 10]
    assert {schedules[name] for name, _ in told} == {"dynamic", "static"}


def test_the_docs_tell_theory_and_reading(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# P\n\n## a\n\n*Theory.* It `x <y>`\nis **so** [here](b.md).\n\nMore.\n\n"
                    "*Reading the figure.* Look.\n\n## b\n\n*Theory.* Other.\n", encoding="utf-8")
    told = handbook.told("a", page=page)
    assert told == {"theory": ["It <code>x &lt;y&gt;</code> is <strong>so</strong> here."],
                    "reading": ["Look."]}
    page.write_text("## a\n\n*Reading `b`.* No.\n\n## The figures\n\n*Reading `b`.* Yes.\n\n"
                    "*Reading `bc`.* No.\n", encoding="utf-8")
    assert handbook.reading("b", page) == ["Yes."] and handbook.reading("c", page) == []
    assert handbook.told("c", page=page) == {"theory": [], "reading": []}
    assert handbook.told("a", page=tmp_path / "none") == {"theory": [], "reading": []}
