"""The bench's folders may be named as they are seen from where it is started."""

import json
import shutil

import lab

EXPERIMENT = {
    "title": "Pair", "question": "Does it run?", "budget_s": 60, "startup_runs": 0,
    "settings": {"sink": "file", "file_bytes": 1000, "link": "loopback",
                 "congestion_requested": "cubic"},
    "cells": [{"contestant": ["python_pair", "team_7"]}],
    "ratios": [{"of": {"contestant": "team_7"}, "to": {"contestant": "python_pair"},
                "measure": "transfer"}],
    "quick": {"blocks": 1, "budget_s": 60},
}  # fmt: skip


def test_a_contestants_programs_are_found_beside_its_file(tmp_path):
    teams = tmp_path / "teams"
    contestants = lab.ROOT / "bench" / "contestants"
    shutil.copytree(contestants / "python_pair", teams / "python_pair")
    for name in ("python_pair", "team_7"):
        shutil.copy(contestants / "python_pair.json", teams / f"{name}.json")
    (tmp_path / "race").mkdir()
    (tmp_path / "race" / "pair.json").write_text(json.dumps(EXPERIMENT))
    result = lab.run(lab.BIN / "dlab_bench", "--contestants", "teams", "--experiments", "race",
                     "--out", "out", "--allow-debug", "--no-turn", cwd=tmp_path)  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert ", 0 failed of our programs, 0 of others" in result.stdout, result.stdout
