"""Captions: made from the rows and the metadata, not from what somebody hoped for."""

import re

import pytest

from plots import caption, cells, results, wording


@pytest.fixture(name="read")
def fixture_read(golden):
    return results.load(golden)


def test_a_caption_names_link_algorithm_size_n_failures_kernel_and_commit(read):
    rows = cells.of_experiment(read.runs, "connections")
    text = caption.build(read, ["What is drawn."], rows, per_point=[6, 9], outliers=2)
    assert text == (
        "What is drawn. Loopback: CPU and memory, no network. Link wan: 100 Mbit/s, 40 ms round trip, "
        "no random loss, queue of 350 packets; certified. Congestion control cubic. "
        "File of 50 MB, discarded. "
        "n = 6 to 9 runs per point. 2 outliers ringed, none dropped. "
        "Not counted: 1 run failed, 1 timed out. Test CPU; kernel 6.1.0-test; commit 0123456789ab.")


def test_a_caption_says_that_small_n_has_no_interval(read):
    rows = cells.of_experiment(read.runs, "stages")
    assert "n = 3 runs per point. No interval where n < 5." in caption.build(read, [], rows, [3])


def test_a_caption_owns_up_to_unreadable_rows_and_missing_metadata(read):
    read.meta, read.dropped_runs = {}, 2
    text = caption.build(read, [], cells.of_experiment(read.runs, "stages"))
    assert "; not certified: no certificate in meta.json. No conclusions are drawn from it." in text
    assert "2 rows of runs.csv could not be read." in text
    assert "Kernel not recorded; commit not recorded." in text


def test_a_caption_says_that_the_code_had_changes(read):
    read.meta = {"commit": "0123456789abcdef0123-dirty"}
    text = caption.build(read, [], cells.of_experiment(read.runs, "stages"))
    assert text.endswith("Kernel not recorded; commit 0123456789ab, with changes.")


def test_the_algorithm_told_is_the_one_read_back(read):
    rows = cells.of_experiment(read.runs, "buffers").assign(congestion_used="reno")
    assert "Congestion control reno." in caption.build(read, [], rows)


def test_losses_in_bursts_are_called_so():
    row = {"link": "bursty", "rate_mbit_s": 100.0, "rtt_ms": 20.0, "loss_pct": 1.0,
           "queue_packets": 170.0}
    assert wording.link(row) == ("bursty: 100 Mbit/s, 20 ms round trip, 1 % loss in bursts of 8, "
                                 "queue of 170 packets")


def test_warm_up_runs_are_no_failures(read):
    rows = read.runs[read.runs["warmup"] == "yes"].assign(status="failed")
    assert len(rows) and caption.failures(rows) == ""


def test_a_run_without_a_time_is_told(read):
    rows = cells.of_experiment(read.runs, "peers")
    rows = rows[rows["contestant"] == "aria2c"].assign(startup_s=float("nan"))
    assert re.fullmatch(r"\d+ runs without a time", caption.failures(rows))


@pytest.mark.parametrize("count, text", [
    (0, "0 B"), (1, "1 B"), (512, "512 B"), (8192, "8 KiB"), (30000, "30 kB"), (50_000_000, "50 MB"),
    (1 << 30, "1 GiB"), (1500, "1500 B"), (123_456_789, "123 MB")])
def test_sizes_are_written_as_people_write_them(count, text):
    assert wording.size(count) == text


@pytest.mark.parametrize("value, text", [(0.0, "0"), (0.01234, "0.0123"), (9.99, "9.99"),
                                         (9.999, "10.0"),
                                         (4.5, "4.50"), (1234.4, "1234"), (float("nan"), "–")])
def test_numbers_have_three_digits(value, text):
    assert wording.number(value) == text
