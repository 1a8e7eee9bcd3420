"""Makes a results folder as large as a long session's: SYNTHETIC, from the small ones beside it.

Nothing in it was measured. Every run of the golden folders and of the experiment `theory` stands in
it several times, in blocks of its own; runs of part 2 have a row for each packet, those of part 3
one for each chunk, and some have samples. To see what figures and report cost in time and memory:

    /usr/bin/python3 -m tests.plots.make_large /tmp/large
    /usr/bin/time -v ./plots.sh /tmp/large
"""

import csv
import json
import sys
from dataclasses import dataclass
from pathlib import Path

from plots import tables
from tests.plots import (make_golden, make_golden_grid, make_golden_links, make_golden_load,
                         make_golden_mirrors, make_golden_time)
from tests.plots.theory_results import Results

SOURCES = [module.GOLDEN for module in (make_golden, make_golden_load, make_golden_grid,
                                        make_golden_links, make_golden_mirrors, make_golden_time)]
BLOCKS_APART = 100           # between two copies of a run
NANOSECONDS_APART = 10**13


@dataclass(frozen=True)
class Size:
    """`copies` of each run; rows of latency.csv for each run of part 2 and part 3; of every so many
    runs of part 3 one has samples, `samples` of each connection and side."""

    copies: int = 2
    packets: int = 1750
    chunks: int = 55
    sampled_every: int = 8
    samples: int = 85


def originals():
    """The runs of all sources, as dicts of texts; their ids tell the source."""
    for folder in SOURCES:
        with open(folder / "runs.csv", newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                yield {**row, "run_id": f"{folder.name}-{row['run_id']}"}
    names = tables.TABLES["runs"]
    for row in Results().runs:
        yield {**{name: make_golden.text(row.get(name, "")) for name in names},
               "run_id": f"theory-{row['run_id']}"}


def copied(row, turn):
    """The run once more, in another block and later."""
    return {**row, "run_id": f"{row['run_id']}-{turn}",
            "block": str(int(row["block"]) + turn * BLOCKS_APART),
            "started_unix_ns": str(int(row["started_unix_ns"]) + turn * NANOSECONDS_APART)}


def numbers(row):
    """A run as the makers of rows want it: its numbers as such."""
    kinds = tables.TABLES["runs"]
    return {name: int(value) if kinds[name].startswith("integer") and value
            else float(value) if kinds[name].startswith("number") and value else value
            for name, value in row.items()}


def detail(maker, row, size, sampled):
    """Rows of latency.csv, and of samples.csv where the run is `sampled`, for a run that counts."""
    run = numbers(row)
    if run["status"] != "ok" or not run["duration_s"]:
        return
    if run["part"] == 2:
        make_golden.packets(maker, run, size.packets)
    elif run["part"] == 3 and not run["planned_seconds"] and run["file_bytes"]:
        make_golden.chunks(maker, run, size.chunks)
    elif run["part"] == 4:
        make_golden_mirrors.ranges(maker, run, run["mirrors"].split(",")[-1])
    if sampled and run["file_bytes"]:
        end = 0.98 * run["duration_s"]
        lives = {number: (0.05 * end, 0.2 * end, 3, end) for number in range(run["connections"])}
        make_golden_time.told(maker, run, lives, end / size.samples)


def write(folder, size=Size()):
    """Writes the whole results folder; the same bytes each time."""
    maker, of_part3 = make_golden.Maker(), 0
    for turn in range(size.copies):
        for row in originals():
            maker.runs.append(copied(row, turn))
            of_part3 += row["part"] == "3"
            detail(maker, maker.runs[-1], size,
                   row["part"] == "3" and of_part3 % size.sampled_every == 0)
    folder.mkdir(parents=True, exist_ok=True)
    names = list(tables.TABLES["runs"])
    content = {"runs": [[row[name] for name in names] for row in maker.runs],
               "latency": maker.latency, "samples": maker.samples}
    for name, rows in content.items():
        make_golden.write_table(folder / f"{name}.csv", tables.TABLES[name], rows)
    (folder / "meta.json").write_text(json.dumps(metadata(), indent=2) + "\n", encoding="utf-8")


def metadata():
    """What the sources' meta.json say, all links together."""
    told = [json.loads((folder / "meta.json").read_text(encoding="utf-8")) for folder in SOURCES]
    links = {name: entry for one in told for name, entry in one["links"].items()}
    return {**told[0], "links": {**Results().meta["links"], **links},
            "note": "SYNTHETIC test data made by tests/plots/make_large.py; nothing was measured"}


if __name__ == "__main__":
    write(Path(sys.argv[1]))
