"""Verdicts from ratios: where the interval lies, how many pairs it has, how large its family is."""

import json
import math

import numpy as np
import pytest

from conftest import ROOT
from plots import judging, stats
from plots.judging import HELP, HURT, OPEN, SAME

pytestmark = pytest.mark.filterwarnings("error")


def ratios(number, mean, spread):
    """`number` ratios whose logarithms have exactly this mean (of the ratios) and deviation."""
    steps = np.linspace(-1, 1, number)
    return np.exp(math.log(mean) + steps / np.std(steps, ddof=1) * spread)


def judge(number, mean, spread, others=()):
    """The first of a family judged together with `others`, each (number, mean, spread)."""
    family = [judging.compare(place, ratios(*one))
              for place, one in enumerate([(number, mean, spread), *others])]
    return judging.judge(family)[0]


@pytest.mark.parametrize("mean, spread, outcome", [
    (8.0, 0.1, HELP), (1.10, 0.02, HELP), (1.0, 0.02, SAME), (1.03, 0.01, SAME), (0.97, 0.01, SAME),
    (0.9, 0.02, HURT), (0.5, 0.1, HURT), (1.06, 0.05, OPEN), (1.04, 0.05, OPEN), (0.94, 0.05, OPEN),
    (1.0, 0.2, OPEN)])
def test_the_whole_interval_decides(mean, spread, outcome):
    assert judge(8, mean, spread).outcome == outcome


def test_a_ratio_alone_is_told_exactly_where_its_interval_lies_in_one_region():
    for mean in np.linspace(0.85, 1.2, 36):
        for spread in (0.001, 0.01, 0.03, 0.06, 0.1):
            one = judge(8, mean, spread)
            low, high = one.estimate.low, one.estimate.high
            expected = (HELP if low > 1.05 else HURT if high < 0.95
                        else SAME if low > 0.95 and high < 1.05 else OPEN)
            assert one.outcome == expected, (mean, spread)


@pytest.mark.parametrize("number, mean, spread, outcome", [
    (7, 1.3, 0.01, OPEN), (8, 1.3, 0.01, HELP), (7, 1.0, 0.001, OPEN), (5, 2.0, 0.1, HELP),
    (5, 1.6, 0.1, OPEN), (5, 0.5, 0.1, HURT), (5, 0.65, 0.1, OPEN), (4, 9.0, 0.001, OPEN),
    (1, 9.0, 0.0, OPEN), (8, 1.2, 0.0, HELP)])
def test_eight_pairs_are_needed_or_five_where_the_case_is_clear(number, mean, spread, outcome):
    one = ratios(number, mean, spread) if number > 1 else [mean]
    assert judging.judge([judging.compare(5, one)])[0].outcome == outcome


def test_holm_adjusts_as_in_the_worked_example():
    assert stats.holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert stats.holm([0.5, 0.9]) == [1.0, 1.0] and stats.holm([]) == []


def test_what_one_ratio_may_say_alone_it_may_not_say_among_many():
    barely = (8, 1.12, 0.07)
    assert judge(*barely).outcome == HELP
    crowd = [(8, 1.05, 0.2)] * 9
    among = judge(*barely, crowd)
    assert among.outcome == OPEN and among.estimate.low > 1.05 and among.more > 0


def test_clear_members_of_a_family_make_room_for_the_others():
    assert judge(8, 1.12, 0.07, [(8, 9.0, 0.05)] * 9).outcome == HELP


def test_members_without_an_interval_do_not_widen_the_others():
    assert judge(8, 1.12, 0.07, [(4, 1.0, 0.1)] * 9).outcome == HELP


def test_the_repetitions_advised_are_the_fewest_that_tell():
    for mean, spread in ((1.15, 0.12), (1.0, 0.08), (0.9, 0.1), (1.3, 0.3)):
        more = judge(8, mean, spread).more
        assert judge(8 + more, mean, spread).outcome != OPEN
        assert more == 1 or judge(8 + more - 1, mean, spread).outcome == OPEN


@pytest.mark.parametrize("number, mean, spread, more", [
    (7, 1.3, 0.01, 1), (3, 1.3, 0.01, 5), (3, 4.0, 0.01, 2), (8, 1.05, 0.05, None)])
def test_the_advice_knows_how_many_pairs_a_verdict_needs(number, mean, spread, more):
    assert judge(number, mean, spread).more == more


def test_without_a_pair_eight_are_missing():
    one, = judging.judge([judging.compare(5, [])])
    assert (one.outcome, one.more, one.estimate.n) == (OPEN, 8, 0)


def test_the_runner_and_the_figures_agree_on_the_same_fixture():
    path = ROOT / "tests/bench/ratio_fixture.json"
    for case in json.loads(path.read_text(encoding="utf-8"))["cases"]:
        found = stats.ratio_interval([above / below for above, below in case["pairs"]])
        assert found.n == case["n"]
        assert found.mean == pytest.approx(case["geometric_mean"])
        assert found.median == pytest.approx(case["median"])
        if case["n"] >= stats.FEWEST:
            assert (found.low, found.high) == pytest.approx((case["low"], case["high"]))
