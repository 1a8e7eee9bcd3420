"""A copy of an experiment under another name is measured, drawn and judged like the original."""

import csv
import json
import re
import shutil
import subprocess
import sys

import pytest

import lab

ORIGINAL = lab.ROOT / "bench" / "experiments" / "connections.json"
CELLS = "/part3/.*link:loopback"


@pytest.fixture(scope="module", name="folder")
def fixture_folder(tmp_path_factory):
    """The results of the quick set on loopback of a copy that is called homework."""
    top = tmp_path_factory.mktemp("homework")
    (top / "group").mkdir()
    shutil.copy(ORIGINAL, top / "group" / "homework.json")
    result = lab.run(lab.BIN / "dlab_bench", "--experiments", "group", "--experiment", "homework",
                     "--filter", CELLS, "--budget", "1", "--out", "out", "--folder-to", "folder",
                     "--allow-debug", cwd=top, seconds=900)  # fmt: skip
    assert result.returncode == 0, result.stderr
    return top / (top / "folder").read_text().strip()


def as_an_older_bench_left_it(folder, into):
    """The same numbers as those of `connections`, from a bench that wrote down no lists."""
    shutil.copytree(folder, into)
    with (into / "runs.csv").open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    place = head.index("experiment")
    with (into / "runs.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [head, *([*row[:place], "connections", *row[place + 1 :]] for row in rows)]
        )
    meta = json.loads((into / "meta.json").read_text(encoding="utf-8"))
    about = meta["experiments"].pop("homework")
    meta["experiments"]["connections"] = {
        key: value for key, value in about.items() if key not in ("figures", "verdicts")
    }
    (into / "meta.json").write_text(json.dumps(meta), encoding="utf-8")
    return into


def plots(*arguments):
    done = subprocess.run([sys.executable, "-m", "plots", *arguments], cwd=lab.ROOT, text=True,
                          capture_output=True, timeout=300)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def captions(folder):
    """{figure's name: its caption}, under the names that the original's would have."""
    return {
        path.stem.replace("-homework", "-connections"): path.read_text(encoding="utf-8")
        for path in (folder / "figures").glob("*.txt")
    }


def test_what_is_wanted_stands_in_the_results(folder):
    planned = json.loads(ORIGINAL.read_text(encoding="utf-8"))
    about = json.loads((folder / "meta.json").read_text(encoding="utf-8"))["experiments"]
    assert list(about) == ["homework"] and about["homework"]["stopped_by"]
    assert [about["homework"][key] for key in ("figures", "verdicts")] == [
        planned[key] for key in ("figures", "verdicts")
    ]


def test_a_copy_is_drawn_and_judged_like_the_original(folder, tmp_path):
    original = as_an_older_bench_left_it(folder, tmp_path / "original")
    told = [plots("verdicts", read) for read in (folder, original)]
    assert re.search("loopback, [a-z]+, dynamic: ", told[0]) and told[0] == told[1]
    for read in (folder, original):
        plots(read)
    drawn, expected = captions(folder), captions(original)
    assert {"connections", "speedup", "strip", "cost-connections"} <= drawn.keys()
    assert drawn.keys() == expected.keys()
    for name, caption in drawn.items():
        assert caption.replace("experiment homework", "experiment connections") == expected[name]


def test_a_word_that_nobody_knows_is_refused_before_anything_is_run(tmp_path):
    wrong = json.loads(ORIGINAL.read_text(encoding="utf-8")) | {"figures": ["conections"]}
    (tmp_path / "homework.json").write_text(json.dumps(wrong), encoding="utf-8")
    result = lab.run(lab.BIN / "dlab_bench", "--experiments", tmp_path, "--dry-run")
    assert result.returncode == 2
    assert "homework.json: figures[0]: conections is not known; there are stages, connections, " in (
        result.stderr
    )
