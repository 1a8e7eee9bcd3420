"""Of experiments other than `connections` the recorded ratios are told, each in its words."""

import json
import math

from plots import answers, cli, links, ratios, results


def ratio(n=8, mean=2.0, width=1.1, of="stages/part2", **changed):
    return {"name": "part2 over part1", "of": of, "to": "stages/part1", "n": n,
            "geometric_mean": mean, "median": mean, "low": mean / width, "high": mean * width,
            **changed}


def told(folder, *recorded, name="stages"):
    """The lines of `ratios.text` where these ratios of an experiment were recorded."""
    found = results.load(folder, only_runs=True)
    found.runs = found.runs[found.runs["experiment"] == name]
    found.meta["experiments"] = {name: {"question": "Which?", "ratios": list(recorded)}}
    return ratios.text(found).split("\n")


def test_a_ratio_is_told_with_its_interval_and_what_follows(golden):
    lines = told(golden, ratio(), ratio(mean=0.5), ratio(mean=1.0, width=1.01), ratio(n=6, mean=1.1))
    assert lines[0] == "stages: Which?"
    assert lines[1] == "    part2 over part1: 2.0x [1.8, 2.2], n = 8: faster"
    assert [line.rsplit(": ", 1)[1] for line in lines[2:5]] == ["slower", "as fast",
                                                               "cannot tell yet"]
    assert "above 1 it\nis the faster one" in "\n".join(lines)


def test_few_pairs_have_no_interval_and_strange_ones_are_passed_over(golden):
    lines = told(golden, ratio(n=3), ratio(n=0), {"name": "x"}, ratio(low=None), ratio(n=True))
    assert lines[1] == "    part2 over part1: 2.0x [no interval], n = 3: cannot tell yet"
    assert lines[2] == ""


def test_nothing_follows_from_a_link_that_is_not_certified(golden):
    lines = told(golden, ratio(of="stages/part2/link:uncertain"))
    assert ": no verdict, the link is not certified" in lines[1]


def test_nothing_follows_from_runs_without_a_turn(copy):
    meta = json.loads((copy / "meta.json").read_text(encoding="utf-8"))
    (copy / "meta.json").write_text(json.dumps({**meta, "turn": False}), encoding="utf-8")
    assert told(copy, ratio())[1].endswith(f": no verdict, the link is not certified: {links.SHARED}")


def test_a_spread_is_that_of_the_interval():
    one = ratios._comparison(ratio(n=9))
    half = 2.306004 * one.spread / math.sqrt(9)  # Student's t for 8 degrees of freedom
    assert abs(half - math.log(1.1)) < 1e-6


def test_an_experiment_alone_speaks_for_itself(capsys, copy):
    lines = (copy / "runs.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    only = [line for line in lines[1:] if ",sizes," in line]
    (copy / "runs.csv").write_text("".join(lines[:1] + only), encoding="utf-8")
    (copy / "samples.csv").unlink()
    (copy / "latency.csv").unlink()
    assert cli.main(["verdicts", str(copy)]) == 0
    out = capsys.readouterr().out
    assert out.startswith("sizes: nothing of it was measured that its ratios compare\n")
    assert "connections" not in out


def test_of_connections_the_verdicts_speak(golden):
    found = results.load(golden, only_runs=True)
    found.runs = found.runs[found.runs["experiment"] == "connections"]
    assert ratios.text(found) == ""
    assert answers.text(found, []) == "no runs"
