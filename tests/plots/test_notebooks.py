"""Every notebook runs from top to bottom on the sample data, and knows right answers from others.

The right answers are computed here from the sample's tables by hand, not by the code under test.
"""

import csv
import math
import re
import shutil
from collections import Counter
from statistics import geometric_mean, mean

import pytest

from tests.plots.conftest import ROOT

nbformat = pytest.importorskip("nbformat", reason="python3-nbformat is missing: ./setup.sh --tests")
pytest.importorskip("ipykernel", reason="python3-ipykernel is missing: ./setup.sh --tests")
preprocessors = pytest.importorskip("nbconvert.preprocessors",
                                    reason="python3-nbconvert is missing: ./setup.sh --tests")

SAMPLE = ROOT / "notebooks" / "sample"
CAPACITY_MBIT_S = 100 * 1448 / 1500
T_5 = 2.776445                # Student's t of 95 % for 4 degrees of freedom, from a table
NAMES = ("01_single", "02_packets", "03_multi", "04_links", "05_mirrors")
MIRROR_MBIT_S = 25 * 1448 / 1500


def read(name):
    with open(SAMPLE / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def runs(name="runs.csv", **settings):
    """The sample's runs that count and have these settings, numbers where a cell is one."""
    found = [row for row in read(name) if row["status"] == "ok"
             and all(row[name] == value for name, value in {"warmup": "no", **settings}.items())]
    return [{name: _number(value) for name, value in row.items()} for row in found]


def _number(word):
    try:
        return float(word)
    except ValueError:
        return word


def average(rows, column):
    return mean(row[column] for row in rows)


def ratios(slower, faster):
    """Times of the runs of each block that both have, one over the other."""
    times = {row["block"]: row["duration_s"] for row in faster}
    return [row["duration_s"] / times[row["block"]] for row in slower if row["block"] in times]


def single():
    names = ("part1", "python_pair")
    part1, python = (runs(experiment="stages", contestant=name) for name in names)
    empty, python_empty = (runs(warmup="yes", contestant=name, file_bytes="0") for name in names)
    setup, seconds = average(empty, "duration_s"), average(part1, "duration_s")
    cpu = [average(rows, "server_cpu_s") for rows in (python, python_empty, part1, empty)]
    return {"setup_ms": setup * 1e3, "goodput_mbyte_s": 50 / seconds,
            "setup_percent": 100 * setup / seconds, "seconds_for_10_gb": seconds * 200,
            "pipeline_gain": (seconds + 0.1) / 0.1,
            "copy_over_sendfile": (cpu[0] - cpu[1]) / (cpu[2] - cpu[3])}


def packets():
    part1, part2 = (runs(experiment="stages", contestant=name) for name in ("part1", "part2"))
    rows = sorted(read("packets-shuffled.csv"), key=lambda row: float(row["first_byte_s"]))
    order = [int(row["index"]) for row in rows]
    waiting = mean(float(row["done_s"]) > float(row["first_byte_s"]) for row in rows)
    late = [at - next(before for before in range(at) if order[before] > number)
            for at, number in enumerate(order) if max(order[:at], default=0) > number]
    return {"packets": 35715, "header_mbyte": 1.57146, "payload_percent": 96.953,
            "time_over_part1": geometric_mean(ratios(part2, part1)),
            "waiting_percent": 100 * waiting, "places_out_of_order": max(late)}


def multi():
    at = {number: runs(experiment="connections", link="loopback", connections=str(number))
          for number in (1, 10, 50)}
    cores = {number: mean((row["client_cpu_s"] + row["server_cpu_s"]) / row["wall_s"]
                          for row in rows) for number, rows in at.items()}
    names = {row["run_id"] for row in at[10]}
    chunks = [row for row in read("latency.csv") if row["run_id"] in names]
    assert len({row["run_id"] for row in chunks}) == 1
    rates = []
    for connection in {row["connection"] for row in chunks}:
        own = [row for row in chunks if row["connection"] == connection]
        begin, end = (min(float(row["sent_s"]) for row in own),
                      max(float(row["done_s"]) for row in own))
        rates.append(sum(int(row["bytes"]) for row in own) / (end - begin))
    return {"faster_at_50": geometric_mean(ratios(at[1], at[50])), "busy_cores_1": cores[1],
            "busy_cores_10": cores[10], "jain_10": average(at[10], "jain_index"),
            "static_ratio_10": mean(rates) / min(rates)}


def across():
    def over(link, number):
        return runs(experiment="connections", link=link, connections=str(number))

    flow = 80 / average(over("noisy", 1), "duration_s")
    ten = over("cap", 10)
    logs = [math.log(ratio) for ratio in ratios(over("cap", 1), ten)]
    assert len(logs) == 5
    deviation = math.sqrt(sum((log - mean(logs)) ** 2 for log in logs) / 4)
    told = {link: Counter(row["limited_by"] for row in over(link, 1))
            for link in ("noisy", "cap", "wan")}
    causes = {f"{link}_cause": seen.most_common(1)[0][0] for link, seen in told.items()}
    return {"noisy_percent_at_1": 100 * flow / CAPACITY_MBIT_S,
            "noisy_knee": CAPACITY_MBIT_S / flow, "cap_faster_at_10": math.exp(mean(logs)),
            "cap_lower_end_at_10": math.exp(mean(logs) - T_5 * deviation / math.sqrt(5)),
            "cap_start_percent": 100 * mean((row["setup_s"] + row["ramp_s"]) / row["duration_s"]
                                            for row in ten),
            "wan_faster_at_50": geometric_mean(ratios(over("wan", 1), over("wan", 50))), **causes}


def several():
    def over(fate, schedule):
        return runs("mirrors/runs.csv", mirrors=f"well,well,well,{fate}", schedule=schedule)

    def over_best(rows, rates):
        return average(rows, "duration_s") / (160 / rates / MIRROR_MBIT_S)

    killed, slow = over("killed@800ms", "rotate"), over("slow", "rotate")
    names = {row["run_id"] for row in killed}
    ranges = [row for row in read("mirrors/latency.csv") if row["run_id"] in names]
    brought = sum(int(row["bytes"]) for row in ranges if row["mirror"] == "3")
    return {"well_over_best": over_best(over("well", "rotate"), 4),
            "slow_over_best": over_best(slow, 3.1),
            "slow_gain": geometric_mean(ratios(slow, over("slow", "adaptive"))),
            "killed_over_best": over_best(over("killed@800ms", "adaptive"), 3),
            "silence_s": average(over("stalled@800ms", "rotate"), "duration_s")
            - average(killed, "duration_s"),
            "killed_brought_mb": brought / 1e6 / len({row["run_id"] for row in ranges})}


RIGHT = dict(zip(NAMES, (single, packets, multi, across, several)))


def wrong(answer):
    return "nonsense" if isinstance(answer, str) else answer * 1.5


@pytest.fixture(scope="module", name="project")
def fixture_project(tmp_path_factory):
    """A copy of the project's folders that a notebook needs, without results of its own."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("bench", "notebooks", "plots"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.fixture(scope="module", name="ran", params=NAMES)
def fixture_ran(request, project):
    """(name, cells by id) of a notebook that has run, its check again with right and wrong answers
    at the end; a cell that fails fails the test."""
    book = nbformat.read(project / "notebooks" / f"{request.param}.ipynb", as_version=4)
    nbformat.validate(book)
    check = next(cell["source"] for cell in book.cells if cell["id"] == "check")
    right = RIGHT[request.param]()
    for name, answers in (("right", right),
                          ("wrong", {key: wrong(answer) for key, answer in right.items()})):
        book.cells.append(nbformat.v4.new_code_cell(f"answers = {answers!r}\n{check}", id=name))
    runner = preprocessors.ExecutePreprocessor(timeout=300, kernel_name="python3")
    runner.preprocess(book, {"metadata": {"path": str(project / "notebooks")}})
    return request.param, {cell["id"]: cell for cell in book.cells}


def printed(cell):
    return "".join(output["text"] for output in cell["outputs"] if output.get("name") == "stdout")


def verdicts(cell):
    """{question: verdict} as the check printed them."""
    return dict(re.split(r" {2,}", line, maxsplit=1) for line in printed(cell).splitlines())


def test_every_cell_of_code_ran_and_one_made_a_figure(ran):
    _, cells = ran
    code = [cell for cell in cells.values() if cell["cell_type"] == "code"]
    assert len(code) > 6 and all(cell["execution_count"] for cell in code)
    pictures = [output["data"]["image/png"] for output in cells["overlay"]["outputs"]
                if "image/png" in output.get("data", {})]
    assert len(pictures) == 1 and len(pictures[0]) > 10_000


def test_a_notebook_says_that_it_shows_the_sample(ran):
    _, cells = ran
    assert "Sample data" in printed(cells["data"])


def test_the_forecast_is_asked_for_before_any_data_is_shown(ran):
    _, cells = ran
    order = list(cells)
    assert order.index("forecast") < order.index("data") < order.index("overlay")
    forecast = cells["forecast"]["source"]
    assert "replace these" in forecast and "None" in forecast
    assert not re.search(r": *[0-9.]+[,}]", forecast), "a forecast comes without an answer"
    assert not any(cells[name].get("outputs") for name in order[:order.index("data")])


def test_questions_come_unanswered(ran):
    name, cells = ran
    assert verdicts(cells["check"]) == dict.fromkeys(RIGHT[name](), "not answered")


def test_right_answers_are_accepted_and_others_are_not(ran):
    name, cells = ran
    assert verdicts(cells["right"]) == dict.fromkeys(RIGHT[name](), "right")
    assert verdicts(cells["wrong"]) == dict.fromkeys(RIGHT[name](), "not yet")


def test_every_question_is_asked_in_the_text(ran):
    name, cells = ran
    asked = set(re.findall(r"`(\w+)`", cells["questions"]["source"]))
    assert set(RIGHT[name]()) <= asked
