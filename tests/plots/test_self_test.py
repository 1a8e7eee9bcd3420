"""The bench's test of itself, on synthetic trials whose truth is known."""

import json

import numpy as np
import pandas as pd
import pytest

from plots import results, self_test
from plots.report import page, trust
from tests.plots.report_pages import Page


def trials(slower=1.1, again=1.0, spread=0.01, number=20, seed=1):
    """Rows of the experiment: three runs a block, times log-normal about their true values."""
    random = np.random.default_rng(seed)
    rows = []
    for block in range(1, number * self_test.BLOCKS + 1):
        for contestant, rate, time in (("part3", 20.0, 1.0), ("part3_again", 20.0, again),
                                       ("part3", 18.0, slower)):
            rows.append({"experiment": "selftest", "block": block, "contestant": contestant,
                         "limit_rate_mbit_s": rate, "status": "ok", "warmup": "no",
                         "duration_s": time * np.exp(random.normal(0, spread)),
                         "bytes_received": 1e6, "file_bytes": 1e6, "goodput_mbit_s": np.nan,
                         "wall_s": np.nan, "startup_s": np.nan, "sink": "discard", "rivals": False})
    return pd.DataFrame(rows)


def holding(checks):
    return [one.holds for one in checks]


def test_what_is_there_is_found_and_nothing_else():
    assert holding(self_test.check_trials(trials())) == [True, True]


def test_a_difference_that_is_not_there_fails_it():
    checks = self_test.check_trials(trials(again=1.2))
    assert holding(checks) == [False, True]
    assert checks[0].found.startswith("20 of 20")


def test_a_slow_down_that_is_not_found_fails_it():
    assert holding(self_test.check_trials(trials(slower=1.0))) == [True, False]
    assert holding(self_test.check_trials(trials(spread=0.5))) == [True, False]


def test_too_few_trials_fail_it():
    checks = self_test.check_trials(trials(number=19))
    assert holding(checks) == [False, False]
    assert "19 trials" in checks[0].found


def test_a_run_that_does_not_count_leaves_one_pair_too_few():
    runs = trials()
    runs.loc[0, "status"] = "void"
    assert "19 trials" in self_test.check_trials(runs)[0].found


def test_spare_blocks_make_up_for_runs_that_do_not_count():
    runs = trials(number=22)
    runs.loc[runs.index % 40 == 0, "status"] = "void"
    assert holding(self_test.check_trials(runs)) == [True, True]


def requests(stalled):
    took = np.full(1000, 0.041)
    took[: round(1000 * stalled)] += 0.2
    due = np.arange(1000) * 0.05
    return pd.DataFrame({"intended_s": due, "done_s": due + took})


@pytest.mark.parametrize("stalled, holds", [(0.02, True), (0.0, False), (0.6, False)])
def test_a_planted_stall_must_show_in_the_tail_alone(stalled, holds):
    assert self_test.check_stall(requests(stalled)).holds is holds


def test_requests_without_an_answer_are_said():
    check = self_test.check_stall(requests(0.02).iloc[:0])
    assert not check.holds and "no request" in check.found


def test_a_table_of_something_else_is_refused(tmp_path):
    (tmp_path / "rows.csv").write_text("a,b\n1,2\n")
    with pytest.raises(ValueError, match="missing column done_s, intended_s"):
        self_test.read_requests(tmp_path / "rows.csv")


def test_the_verdict_is_told_and_stored(tmp_path):
    checks = self_test.check_trials(trials())
    assert self_test.text(checks).splitlines()[-1].startswith("the bench finds what is there")
    self_test.save(checks, tmp_path / "self_test.json")
    stored = json.loads((tmp_path / "self_test.json").read_text())
    assert [one["holds"] for one in stored] == [True, True]
    assert "FAILS" in self_test.text(self_test.check_trials(trials(slower=1.0)))


def test_what_was_stored_is_read_back(tmp_path):
    checks = self_test.check_trials(trials())
    self_test.save(checks, tmp_path / "self_test.json")
    assert self_test.load(tmp_path / "self_test.json") == checks


@pytest.mark.parametrize("slower, says, holds", [
    (1.1, "the bench finds what is there, and nothing else", ["yes", "yes", "yes"]),
    (1.0, "1 test of the bench failed", ["yes", "no", "yes"])])
def test_the_report_tells_what_came_out(copy, slower, says, holds):
    checks = [*self_test.check_trials(trials(slower=slower)), self_test.check_stall(requests(0.02))]
    self_test.save(checks, copy / trust.FILE)
    read = Page(page.build(results.load(copy), figures=False))
    assert read.open == [] and "trust" in read.ids
    told = read.text.split("Can this bench be trusted?", 1)[1].split("Every run:", 1)[0]
    assert says in told
    for one, word in zip(checks, holds):
        assert f"{one.name} {one.found} {one.wanted} {word}" in told


def test_the_report_says_nothing_of_it_where_the_bench_was_not_tested(copy):
    read = Page(page.build(results.load(copy), figures=False))
    assert "trust" not in read.ids and "trusted" not in read.text


@pytest.mark.parametrize("text", ["{", "[]", "[1]", '[{"name": "a"}]',
                                  '[{"name": "a", "found": "b", "wanted": "c", "holds": "no"}]'])
def test_a_file_of_something_else_is_told_in_one_line(copy, text):
    (copy / trust.FILE).write_text(text, encoding="utf-8")
    found = results.load(copy)
    read = Page(page.build(found, figures=False))
    assert "trust" not in read.ids
    line, = found.problems
    assert line.startswith("self_test.json: ") and line in read.text
