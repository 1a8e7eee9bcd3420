"""Whether the bench names what held a download back, on links where that is known."""

import csv
import json
import re

import lab
import pytest

# What is done to a download, and what the bench is to say of it. The numbers leave no doubt: one
# flow of Reno gets 7 of noisy's 80 Mbit/s, 64 KiB in 40 ms are 13 of wan's 100.
CAUSES = {
    "server cap": {"link": "cap", "limit_rate_mbit_s": 10, "file_bytes": 4_000_000},
    "loss": {"link": "noisy", "congestion_requested": "reno", "file_bytes": 4_000_000},
    "receive window": {"link": "wan", "receive_buffer_bytes": 65536, "file_bytes": 4_000_000},
    "link full": {"link": "wan", "connections": 10, "file_bytes": 25_000_000},
    "start-up": {"link": "wan", "file_bytes": 50_000},
}
EXPERIMENT = {
    "title": "Known causes", "question": "Is the cause found?",
    "budget_s": 600,
    "record": {"samples": True},
    "settings": {"sink": "discard", "verify": "no", "congestion_requested": "cubic",
                 "connections": 1},
    "cells": [{"contestant": "part3", **settings} for settings in CAUSES.values()],
    "ratios": [{"of": {"contestant": "part3", "connections": 10},
                "to": {"contestant": "part3", "file_bytes": 50_000}, "measure": "duration"}],
    "quick": {"blocks": 1, "budget_s": 600},
}  # fmt: skip
SESSIONS = 5


def cause_of(row):
    """The cause in CAUSES whose settings a row of runs.csv was made with."""
    def same(name, value):
        return row[name] == value if isinstance(value, str) else float(row[name] or 0) == value
    return next(cause for cause, settings in CAUSES.items()
                if all(same(name, value) for name, value in settings.items()))


def downloads(folder, seed):
    """The rows of one session's downloads."""
    result = lab.run(lab.BIN / "dlab_bench", "--experiments", folder / "experiments",
                     "--experiment", "causes", "--allow-debug", "--seed", seed,
                     "--out", folder / str(seed), seconds=500)
    path, = (folder / str(seed)).glob("*-causes/runs.csv")
    rows = [row for row in csv.DictReader(path.open(newline="")) if row["warmup"] == "no"]
    if any(row["status"] == "unavailable" for row in rows):
        pytest.skip(rows[0]["error"])
    assert result.returncode == 0, result.stderr
    assert all(re.fullmatch("ok|void", row["status"]) for row in rows), rows
    return rows


def is_found(found, cause):
    return cause in found and found[cause]["limited_by"] == cause


@pytest.fixture(scope="module", name="rows")
def fixture_rows(tmp_path_factory):
    """runs.csv, by the cause that each of its downloads was given.

    A busy machine holds the emulator up and makes rows void, of which nothing is said, or it holds
    client and server up and is itself what limits them: both are measured again.
    """
    folder = tmp_path_factory.mktemp("bench")
    (folder / "experiments").mkdir()
    (folder / "experiments" / "causes.json").write_text(json.dumps(EXPERIMENT))
    found = {}
    for seed in range(1, SESSIONS + 1):
        found |= {cause_of(row): row for row in downloads(folder, seed)
                  if row["status"] == "ok" and not is_found(found, cause_of(row))}
        if all(is_found(found, cause) for cause in CAUSES):
            break
    return found


@pytest.mark.parametrize("cause", CAUSES)
def test_a_known_cause_is_found(rows, cause):
    if cause not in rows:
        pytest.skip(f"the machine held the emulator up in {SESSIONS} sessions")
    assert is_found(rows, cause), rows[cause]
