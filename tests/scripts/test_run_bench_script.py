"""run_bench.sh uses a build of somebody else as it is, and tells wrong options before it does
anything."""

import shutil
import sys
from pathlib import Path

import pytest

from machine import ROOT, Machine, everything_below

GOLDEN = ROOT / "tests" / "plots" / "golden"
PROGRAMS = ("dlab_launch dlab_load dlab_requests linkem part1_server part1_client part2_server "
            "part2_client part3_server part3_client part4_server part4_client").split()
# Makes a folder with no runs, as dlab_bench does for a session in which none was planned.
BENCH = f"""\
printf '%s\\n' "$@" >"$ASKED"
while [ $# != 0 ]; do
  case $1 in
    --out) out=$2 ;;
    --folder-to) note=$2 ;;
  esac
  shift
done
mkdir -p "$out/session"
head -n 1 '{GOLDEN}/runs.csv' >"$out/session/runs.csv"
ln -s session "$out/latest"
if [ -n "$note" ]; then echo "$out/session" >"$note"; fi"""


@pytest.fixture(name="machine")
def fixture_machine(tmp_path):
    """One on which nothing could be built."""
    return Machine(tmp_path)


@pytest.fixture(name="theirs")
def fixture_theirs(tmp_path):
    """Somebody else's build."""
    folder = tmp_path / "opt"
    (folder / "bin").mkdir(parents=True)
    for name in PROGRAMS:
        (folder / "bin" / name).touch(mode=0o755)
    (folder / "bin" / "dlab_bench").write_text(f"#!/bin/sh\n{BENCH}\n", encoding="utf-8")
    (folder / "bin" / "dlab_bench").chmod(0o755)
    return folder


def test_a_build_of_somebody_else_is_used_and_nothing_is_written_but_results(machine, theirs,
                                                                             tmp_path):
    home, out = tmp_path / "home", tmp_path / "it's {mine}; now"
    home.mkdir()
    ours = [ROOT / name for name in ("plots", "bench", "cmake", "doctor")]
    before = [everything_below(folder) for folder in (*ours, theirs, home)]
    done = machine.run("run_bench.sh", "--out", out, DLAB_BUILD=str(theirs), HOME=str(home),
                       DLAB_PYTHON=sys.executable, ASKED=str(tmp_path / "asked"))
    assert (done.returncode, done.stderr) == (0, "")
    assert f"CSVs:     {out}/session" in done.stdout
    assert (out / "session" / "report.html").is_file()
    assert [everything_below(folder) for folder in (*ours, theirs, home)] == before
    words = (tmp_path / "asked").read_text(encoding="utf-8").splitlines()
    assert words[words.index("--experiments") + 1] == f"{ROOT}/bench/experiments"
    assert words[words.index("--contestants") + 1] == f"{ROOT}/bench/contestants"


@pytest.mark.parametrize("name, number", [("INT", 2), ("TERM", 15)])
def test_a_signal_is_passed_on_and_what_was_made_is_told(machine, theirs, tmp_path, name, number):
    bench = theirs / "bin" / "dlab_bench"
    stopped = f"trap 'kill $!; exit {128 + number}' {name}; kill -{name} $PPID; sleep 60 & wait"
    bench.write_text(f"{bench.read_text(encoding='utf-8')}{stopped}\n", encoding="utf-8")
    done = machine.run("run_bench.sh", "--out", tmp_path / "out", DLAB_BUILD=str(theirs),
                       ASKED=str(tmp_path / "asked"))
    assert done.returncode == 128 + number
    assert f"./plots.sh report {tmp_path}/out/session --figures" in done.stdout


def test_a_clone_that_was_built_is_a_build_too(machine, theirs, tmp_path):
    (tmp_path / "clone").mkdir()
    theirs.rename(tmp_path / "clone" / "build")
    done = machine.run("run_bench.sh", "--list", "--out", tmp_path / "out",
                       DLAB_BUILD=str(tmp_path / "clone"), ASKED=str(tmp_path / "asked"))
    assert done.returncode == 0 and (tmp_path / "asked").exists()


@pytest.mark.parametrize("change, complaint", [
    (lambda folder: (folder / "bin" / "part2_server").unlink(), "/opt/bin lacks part2_server; "),
    (lambda folder: (folder / "bin").rename(folder / "sbin"), "holds neither bin/ nor build/bin/"),
])  # fmt: skip
def test_a_build_that_lacks_something_is_refused_with_what(machine, theirs, tmp_path, change,
                                                          complaint):
    change(theirs)
    done = machine.run("run_bench.sh", "--out", tmp_path / "out", DLAB_BUILD=str(theirs))
    assert done.returncode == 2 and complaint in done.stderr
    assert not (tmp_path / "out").exists()


def test_cmake_sees_no_letters_that_it_takes_for_something_else(machine, tmp_path):
    folder = tmp_path / "it's {here}; now #1"
    shutil.copytree(ROOT / "cmake", folder / "cmake")
    machine.pretend("cmake", f'pwd >>"{tmp_path}/seen"')
    for _ in range(2):
        assert machine.run("cmake/build.sh", "release", root=folder).returncode == 0
    seen = set((tmp_path / "seen").read_text(encoding="utf-8").splitlines())
    link, = map(Path, seen)
    try:
        assert not set(";#\"") & set(str(link)) and link.resolve() == folder
    finally:
        link.unlink()


@pytest.mark.parametrize("script, arguments, complaint", [
    ("run_bench.sh", ["--experiment"], "--experiment needs a NAME"),
    ("run_bench.sh", ["--out", "--quick"], "--out needs a FOLDER"),
    ("run_bench.sh", ["--seed", ""], "--seed needs a number"),
    ("run_bench.sh", ["--reproduce"], "--reproduce needs the name of a FIGURE"),
    ("run_tests.sh", ["--preset"], "--preset needs a NAME"),
    ("run_tests.sh", ["--preset", "fast"], "no preset 'fast'"),
    ("setup.sh", ["--pears"], "no option --pears"),
    ("cmake/build.sh", [], "build.sh PRESET"),
])  # fmt: skip
def test_an_option_without_its_value_is_told_in_its_own_words(machine, script, arguments,
                                                             complaint):
    done = machine.run(script, *arguments)
    assert done.returncode == 2 and done.stdout == "" and complaint in done.stderr
    assert len(done.stderr.splitlines()) == 1
