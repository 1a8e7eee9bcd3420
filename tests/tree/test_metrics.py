"""docs/metrics.md explains every column that the runner writes, in its order, and no other."""

import os
import re
import subprocess
from pathlib import Path

from files import ROOT

BIN = Path(os.environ.get("DLAB_BIN", ROOT / "build" / "bin"))
TABLES = ("runs.csv", "latency.csv", "samples.csv")


def documented_columns(text):
    """{table: columns}: the first cells of the table below each heading that names a CSV."""
    columns = {}
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        table = re.match(r"`?([\w.]+\.csv)`?", section)
        if table:
            rows = re.findall(r"^\|\s*`?(\w+)`?\s*\|", section, flags=re.MULTILINE)
            columns[table[1]] = rows[1:]  # the first row says "column"
    return columns


def printed_columns(text):
    """{table: columns} from lines such as "runs.csv: run_id, seed"."""
    lines = re.findall(r"^([\w.]+\.csv)\s*[:=]?\s+(.+)$", text, flags=re.MULTILINE)
    return {table: [column.strip() for column in columns.split(",")] for table, columns in lines}


def differences(documented, printed):
    found = []
    for table in TABLES:
        told, written = documented.get(table, []), printed.get(table, [])
        found += [f"{table}: {column} is written, not explained" for column in written
                  if column not in told]  # fmt: skip
        found += [f"{table}: {column} is explained, not written" for column in told
                  if column not in written]  # fmt: skip
        if sorted(told) == sorted(written) and told != written:
            found.append(f"{table}: explained in another order than written")
        if not told or not written:
            found.append(f"{table}: no columns found")
    return found


def test_the_dictionary_matches_what_is_written():
    runner = subprocess.run([BIN / "dlab_bench", "--print-columns"], capture_output=True, text=True,
                            check=True, timeout=60)  # fmt: skip
    documented = documented_columns((ROOT / "docs" / "metrics.md").read_text())
    assert differences(documented, printed_columns(runner.stdout)) == []


def documented_meta(text):
    """The first cells of the table below the heading that names meta.json."""
    section = re.split(r"^## `meta.json`", text, flags=re.MULTILINE)[1].split("\n## ")[0]
    return re.findall(r"^\|\s*`?(\w+)`?\s*\|", section, flags=re.MULTILINE)[1:]


def written_meta():
    """The keys that the runner puts into meta.json, in their order."""
    runner = ROOT / "bench" / "runner"
    begin = (runner / "meta.cpp").read_text().partition("ordered_json initial_meta(")[2]
    initial = re.findall(r'^      \{"(\w+)",', begin.partition("\n}\n")[0], flags=re.MULTILINE)
    later = re.findall(r'meta\["(\w+)"\] = ', (runner / "session.cpp").read_text())
    return initial + [key for key in later if key not in initial]


def test_the_keys_of_meta_json_are_explained():
    assert len(written_meta()) > 10
    assert documented_meta((ROOT / "docs" / "metrics.md").read_text()) == written_meta()


def test_columns_that_are_never_blank_are_those_that_describe_every_run():
    page = (ROOT / "docs" / "metrics.md").read_text()
    told = re.findall(r"`(\w+)`", re.search(r"Never\s+blank,[^:]*:([^.]*)\.", page)[1])
    describe = (ROOT / "bench" / "runner" / "run_description.cpp").read_text()
    always = re.findall(r'^  row\.set\("(\w+)"', describe, flags=re.MULTILINE)
    assert sorted(told) == sorted([*always, "status"])


PAGE = """# Page
## `runs.csv`: one row
| column | unit | meaning |
| --- | --- | --- |
| run_id | | joins |
| wall_s | s | time |

## `latency.csv`
| column | unit | meaning |
| --- | --- | --- |
| bytes | | |
## `samples.csv`
| column | unit | meaning |
| --- | --- | --- |
| t_s | s | |
## Others
| key | meaning |
| other | |
"""
RIGHT = "runs.csv: run_id,wall_s\nlatency.csv: bytes\nsamples.csv: t_s\n"


def seeded(printed):
    return differences(documented_columns(PAGE), printed_columns(printed))


def test_equal_tables_pass():
    assert seeded(RIGHT) == []


def test_a_column_that_is_not_explained_is_found():
    wrong = seeded(RIGHT.replace("bytes", "bytes,late"))
    assert wrong == ["latency.csv: late is written, not explained"]


def test_a_column_that_is_not_written_is_found():
    assert seeded(RIGHT.replace(",wall_s", "")) == ["runs.csv: wall_s is explained, not written"]


def test_another_order_is_found():
    assert seeded(RIGHT.replace("run_id,wall_s", "wall_s,run_id")) == [
        "runs.csv: explained in another order than written"
    ]


def test_a_missing_table_is_found():
    assert "samples.csv: no columns found" in seeded(RIGHT.replace("samples.csv: t_s\n", ""))
