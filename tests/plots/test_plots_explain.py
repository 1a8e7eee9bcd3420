"""One run told: what is found in its samples, how it is said, and what is written."""

import math

import pandas as pd
import pytest

from plots import cli, results
from plots.explain import analysis, story, words
from tests.plots import make_golden_time

pytestmark = pytest.mark.filterwarnings("error")

TOLD = """\
Run story of the experiment connections, block 5: part 3, 4 connections, dynamic schedule, reno, \
10 MB file, over noisy.
It took 1.40 s for 10 MB, that is 57.1 Mbit/s.
Its time: set-up 50.0 ms, ramp 150 ms, steady 800 ms, tail 400 ms.
4 connections took part, first seen open between 40.0 ms and 80.0 ms, and with data between \
80.0 ms and 120 ms.
Slow start was seen to be over on 4 of 4 connections between 200 ms and 360 ms, earliest on \
connection 0.
19 segments had been sent again, seen at 5 sampling instants, on 4 of 4 connections: the first at \
200 ms, most at 360 ms (8, on connection 3).
Connection 3 ended last, at 1.40 s: 380 ms after the median (27 % of the time), 360 ms after the \
last but one.
Limited by random loss: in its steady phase it carried 66.0 Mbit/s, of 96.5 that the link can \
carry; segments were sent again at 5 sampling instants, 19 in all."""


@pytest.fixture(name="read")
def fixture_read():
    return results.load(make_golden_time.GOLDEN)


def server_rows(connection, moments, cwnd, threshold, resent):
    return pd.DataFrame({"connection": connection, "t_s": moments, "cwnd_segments": cwnd,
                         "ssthresh_segments": threshold, "retransmits": resent, "busy_s": moments,
                         "rwnd_limited_s": [0.5 * t for t in moments], "sndbuf_limited_s": 0.0})


def client_rows(connection, moments, so_far):
    return pd.DataFrame({"connection": connection, "t_s": moments, "bytes_received": so_far})


NAN = math.nan
TWO = pd.concat([server_rows(0, [0.1, 0.3, 0.5], [10, 20, 15], [NAN, NAN, NAN], [0, 0, 2]),
                 server_rows(1, [0.2, 0.4, 0.6], [10, 20, 40], [NAN, 20, 20], [1, 1, 4])])
GOT = pd.concat([client_rows(0, [0.15, 0.5, 0.6], [0, 70, 70]),
                 client_rows(1, [0.3, 0.9], [5, 30])])


@pytest.mark.parametrize("cwnd, threshold, expected", [
    ([10, 20, 40], [NAN, NAN, NAN], NAN), ([10, 20, 19], [NAN, NAN, NAN], 0.3),
    ([10, 20, 20], [NAN, 20, 20], 0.2), ([10, 8, 8], [NAN, NAN, 8], 0.2)])
def test_slow_start_ends_with_a_smaller_window_or_a_threshold(cwnd, threshold, expected):
    rows = server_rows(0, [0.1, 0.2, 0.3], cwnd, threshold, [0, 0, 0])
    assert analysis.slow_start_end(rows) == pytest.approx(expected, nan_ok=True)


def test_losses_are_the_instants_at_which_the_counter_had_risen():
    found = analysis.losses(TWO)
    assert found.to_dict("list") == {"connection": [1, 0, 1], "t_s": [0.2, 0.5, 0.6],
                                     "segments": [1, 2, 3]}
    assert analysis.losses(TWO.iloc[:0]).empty


def test_each_connection_has_its_moments():
    found = analysis.lives(TWO, GOT, pd.DataFrame({"connection": [1, 1], "sent_s": [0.05, 0.4]}))
    assert list(found["connection"]) == [0, 1]
    assert list(found["open_s"]) == [0.1, 0.05]
    assert list(found["first_byte_s"]) == [0.5, 0.3]
    assert list(found["slow_start_end_s"]) == [0.5, 0.4]
    assert list(found["end_s"]) == [0.5, 0.9]


def test_a_connection_that_got_nothing_has_no_end():
    assert math.isnan(analysis.end(client_rows(0, [0.1, 0.2], [0, 0])))


def test_the_straggler_is_the_last_one_and_by_how_much():
    late = analysis.straggler(pd.Series({0: 1.0, 1: 4.0, 2: 3.0, 3: NAN}))
    assert late == analysis.Straggler(1, 4.0, 1.0, 1.0)
    assert analysis.straggler(pd.Series({0: 1.0, 1: NAN})) is None


def test_how_sockets_were_held_back_is_a_share_of_all_busy_time():
    assert analysis.held(TWO) == analysis.Held(0.5, 0.0)
    assert math.isnan(analysis.held(TWO.assign(busy_s=0.0)).by_receiver)


def test_the_story_is_told_as_its_generator_wrote_it(read):
    assert "\n".join(words.tell(story.find(read, "story"))) == TOLD


@pytest.mark.parametrize("cause, change, said", [
    ("start-up", {"ramp_s": 0.8}, "set-up and ramp took 850 ms of 1.40 s, 61 %, more than half"),
    ("straggler's tail", {"tail_s": 1.0}, "the tail took 1.00 s of 1.40 s, 71 %, more than half"),
    ("link full", {"steady_goodput_mbit_s": 95.0}, "it carried 95.0 Mbit/s, of 96.5"),
    ("cross traffic", {"bystander_mbit_s": 30.0}, "66.0 Mbit/s, others 30.0, of 96.5"),
    ("server cap", {"limit_rate_mbit_s": 20.0}, "the server granted 4 times 20.0"),
    ("CPU", {"client_cpu_s": 0.1, "server_cpu_s": 1.3},
     "the client used 100 ms of CPU, the server 1.30 s, in 1.40 s"),
    ("receive window", {}, "held the server's sockets back for 10 % of the time"),
    ("send buffer", {}, "held the server's sockets back for 0 % of the time"),
    ("congestion window", {}, "nothing had to be sent again, the window was still growing")])
def test_each_cause_is_told_with_the_columns_behind_it(read, cause, change, said):
    for column, value in {"limited_by": cause, **change}.items():
        read.runs.loc[read.runs["run_id"] == "story", column] = value
    last = words.tell(story.find(read, "story"))[-1]
    assert last.startswith(f"Limited by {cause}: ") and said in last


def test_a_timed_run_has_no_straggler(read):
    read.runs.loc[read.runs["run_id"] == "story", "planned_seconds"] = 1.4
    told = words.tell(story.find(read, "story"))
    assert "It was a timed run: all connections worked until its time was up." in told
    assert not any("ended last" in sentence for sentence in told)


def test_a_steady_phase_above_the_capacity_took_as_much_as_there_is(read):
    read.runs.loc[read.runs["run_id"] == "story", "steady_goodput_mbit_s"] = 99.9
    assert ("carried 99.9 Mbit/s, as much as the link can carry (96.5);"
            in words.tell(story.find(read, "story"))[-1])


def test_a_run_without_samples_says_so_and_tells_the_rest(read):
    read.samples = read.samples.iloc[:0]
    told = words.tell(story.find(read, "story"))
    assert told.count(words.NO_SAMPLES) == 1
    assert told[1].startswith("It took 1.40 s") and told[-1].startswith("Limited by random loss")


def test_a_warm_up_run_is_told_as_one(read):
    read.runs.loc[read.runs["run_id"] == "story", "warmup"] = "yes"
    assert words.tell(story.find(read, "story"))[1] == (
        "It was a warm-up run and does not count.")


def explain(capsys, *arguments):
    """(exit status, stdout, stderr) of `./plots.sh explain arguments`."""
    status = cli.main(["explain", *[str(word) for word in arguments]])
    return status, *capsys.readouterr()


def files(folder):
    return sorted(path.name for path in folder.iterdir())


def test_the_story_is_printed_and_written_twice_alike(capsys, tmp_path):
    for turn in ("first", "second"):
        status, out, err = explain(capsys, make_golden_time.GOLDEN, "story", "--out",
                                   tmp_path / turn)
        assert (status, err) == (0, "")
        assert out == (f"{TOLD}\nLink: noisy: 100 Mbit/s, 20 ms round trip, 1 % random loss, "
                       f"queue of 170 packets.\n\n{tmp_path / turn}/explain-story.png\n")
    names = [f"explain-story.{suffix}" for suffix in ("csv", "pdf", "png", "txt")]
    assert set(names) <= set(files(tmp_path / "first"))
    for name in names:
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "second" / name).read_bytes()
    text = (tmp_path / "first/explain-story.txt").read_text(encoding="utf-8")
    assert text.startswith(TOLD.replace("\n", " ")) and "Link noisy: 100 Mbit/s" in text


def test_the_numbers_of_the_picture_have_the_events(capsys, tmp_path):
    explain(capsys, make_golden_time.GOLDEN, "story", "--out", tmp_path)
    data = pd.read_csv(tmp_path / "explain-story.csv")
    assert list(data[data["quantity"] == "ended"]["t_s"]) == [1.0, 1.04, 1.0, 1.4]
    assert list(data[data["quantity"] == "slow start ended by"]["t_s"]) == [0.2, 0.24, 0.28, 0.36]
    assert data[data["quantity"] == "sent again"]["value"].sum() == 19


@pytest.mark.parametrize("run_id, drawn", [("r0010", True), ("broken", False)])
def test_what_runs_csv_knows_is_told_without_samples(capsys, tmp_path, run_id, drawn):
    status, out, err = explain(capsys, make_golden_time.GOLDEN, run_id, "--out", tmp_path)
    assert (status, err) == (0, "") and words.NO_SAMPLES in out.splitlines()
    assert (tmp_path / f"explain-{run_id}.txt").stat().st_size > 100
    assert (tmp_path / f"explain-{run_id}.png").exists() == drawn


def test_a_failed_run_is_told_with_its_reason(capsys, tmp_path):
    _, out, _ = explain(capsys, make_golden_time.GOLDEN, "broken", "--out", tmp_path)
    assert "It does not count: failed: connect 10.0.0.1:9003: Connection refused." in out


def test_an_unknown_run_ends_with_2_and_the_nearest_names(capsys, tmp_path):
    status, out, err = explain(capsys, make_golden_time.GOLDEN, "stroy", "--out", tmp_path)
    assert (status, out) == (2, "") and len(err.splitlines()) == 1
    assert "no run 'stroy'; the nearest: story, " in err and files(tmp_path) == []


def test_the_newest_results_are_taken_where_none_are_named(capsys, monkeypatch, tmp_path):
    latest = tmp_path / "results/latest"
    latest.parent.mkdir()
    latest.symlink_to(make_golden_time.GOLDEN)
    monkeypatch.chdir(tmp_path)
    status, out, _ = explain(capsys, "broken", "--out", "figures")
    assert status == 0 and out.startswith("Run broken ")
    assert files(tmp_path / "figures") == ["explain-broken.txt"]


def test_a_folder_that_is_none_ends_with_2(capsys):
    status, _, err = explain(capsys, "/nowhere", "r1")
    assert status == 2 and "/nowhere: no such folder" in err
