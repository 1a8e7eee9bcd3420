"""run_bench.sh builds and installs what the shipped experiments run."""

import json
import re

from files import ROOT

BENCH = ROOT / "bench"
CONTESTANTS = {path.stem: json.loads(path.read_text()) for path in BENCH.glob("contestants/*.json")}


def words_of(name):
    """The words of an array in run_bench.sh."""
    text = (ROOT / "run_bench.sh").read_text()
    return set(re.search(rf"^{name}=\(([^)]*)\)", text, re.MULTILINE)[1].split())


def needs_another_program(experiment):
    cells = json.loads(experiment.read_text())["cells"]
    names = {name for cell in cells
             for name in ([cell["contestant"]] if isinstance(cell["contestant"], str)
                          else cell["contestant"])}  # fmt: skip
    return any("needs" in CONTESTANTS[name] for name in names)


def test_every_program_of_a_contestant_is_built():
    found = set(re.findall(r"\{bin\}/(\w+)", json.dumps(CONTESTANTS)))
    assert {"part1_client", "part4_client", "dlab_load"} <= found
    assert found <= words_of("programs")


def test_other_peoples_programs_are_installed_where_they_take_part():
    experiments = BENCH.glob("experiments/*.json")
    assert words_of("races") == {path.stem for path in experiments if needs_another_program(path)}
