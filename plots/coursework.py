"""What the notebooks of the course share: the results to look at, and answers held against them."""

import math
from dataclasses import dataclass
from pathlib import Path

from plots import cells, recorded, results, tables, wanted

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "notebooks" / "sample"
RIGHT, NOT_YET, OPEN, UNKNOWN = "right", "not yet", "not answered", "these results cannot tell"
PACKET_ROWS = {name: kind for name, kind in tables.TABLES["latency"].items() if name != "run_id"}


@dataclass(frozen=True)
class Fact:
    """What the data answers to one question: a number, NaN where it has none, or a word. A number
    given is right if it lies `within` that fraction of `value`."""

    value: float | str
    within: float = 0.1


def find_results(experiment, root=ROOT, **needed):
    """The Results of `root`/results/latest where they have runs that count of `experiment`, or of a
    copy (which wants the figure of that name), with each value that `needed` lists for a column
    (`link=["noisy", "cap"]`), else the sample's, which has a folder of its own for some experiments.
    Prints which they are."""
    own = Path(root) / "results" / "latest"
    if (own / "runs.csv").is_file():
        read = results.load(own)
        good = cells.counted(wanted.rows(read, experiment))
        if len(good) and all(set(values) <= set(good[name]) for name, values in needed.items()):
            print(f"Your own results: {own.resolve().name}")
            return read
    sample = SAMPLE / experiment if (SAMPLE / experiment).is_dir() else SAMPLE
    print(f"Sample data, {sample.relative_to(ROOT)} (results/latest lacks runs of {experiment})")
    return results.load(sample)


def packet_rows(order, root=ROOT):
    """What part2_client wrote with --rows for packets in `order`: `root`/results/packets-ORDER.csv,
    else the sample's. A frame with the columns of latency.csv but for `run_id`."""
    name = f"packets-{order}.csv"
    own = Path(root) / "results" / name
    print(f"Packets in {order} order: {'your own' if own.is_file() else 'sample data'}, {name}")
    table = tables.read_table(own if own.is_file() else SAMPLE / name, PACKET_ROWS)
    for line in table.problems:
        print(line)
    return table.rows


def check(answers, facts):
    """Prints how each of `answers` ({question: number, word or None}) stands against `facts`
    ({question: Fact}); returns {question: verdict}."""
    told = {name: _verdict(answers.get(name), fact) for name, fact in facts.items()}
    width = max(map(len, told))
    for name, verdict in told.items():
        print(f"{name:{width}}  {verdict}")
    for name in sorted(set(answers) - set(facts)):
        print(f"{name}: no question has this name")
    return told


def _verdict(answer, fact):
    if answer is None:
        return OPEN
    if isinstance(fact.value, str):
        same = str(answer).strip().casefold() == fact.value.casefold()
        return (RIGHT if same else NOT_YET) if fact.value else UNKNOWN
    if not math.isfinite(fact.value):
        return UNKNOWN
    near = (recorded.is_number(answer)
            and abs(answer - fact.value) <= fact.within * abs(fact.value))
    return RIGHT if near else NOT_YET
