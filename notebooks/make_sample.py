"""Makes notebooks/sample/ from a folder of results: all its runs, and what a few of them recorded.

    python3 notebooks/make_sample.py results/FOLDER
    python3 notebooks/make_sample.py results/FOLDER mirrors     into notebooks/sample/mirrors/

The rows are those of the folder, unchanged; columns that its tables lack, because the bench has
come to write them since, are added blank. From `meta.json` go the folders of the machine.
"""

import csv
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from plots import tables  # noqa: E402 (the line above finds it)

SAMPLE = Path(__file__).parent / "sample"


def read(path):
    """The rows of a CSV file as dicts of text."""
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path, name, rows):
    """Writes `rows` with the columns of the table `name` today, blank where a row has none."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, tables.TABLES[name], restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def of_latency(run):
    """Whether the chunks and packets of `run` are kept: on loopback or of mirrors, first block."""
    return (run["link"] == "loopback" or bool(run.get("mirrors"))) and run["block"] == "1"


def of_samples(run):
    """Whether the samples of `run` are kept: one connection over a link, the first block."""
    return run["link"] != "loopback" and run["connections"] == "1" and run["block"] == "1"


def without_folders(word):
    """The last name of an absolute path; any other word as it is."""
    return Path(word).name if word.startswith("/") else word


def main(folder, sample=SAMPLE):
    """Thins the results in `folder` into the folder `sample`."""
    sample.mkdir(exist_ok=True)
    runs = read(folder / "runs.csv")
    write(sample / "runs.csv", "runs", runs)
    for name, kept in (("latency", of_latency), ("samples", of_samples)):
        names = {run["run_id"] for run in runs if kept(run)}
        rows = [row for row in read(folder / f"{name}.csv") if row["run_id"] in names]
        write(sample / f"{name}.csv", name, rows)
    meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    meta["command_line"] = [without_folders(word) for word in meta["command_line"]]
    text = json.dumps(meta, indent=2, ensure_ascii=False) + "\n"
    (sample / "meta.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: make_sample.py RESULTS [FOLDER]")
    main(Path(sys.argv[1]), SAMPLE.joinpath(*sys.argv[2:]))
