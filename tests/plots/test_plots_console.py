"""What the commands print, whatever reads it, and how they end when they are interrupted."""

import os
import signal
import subprocess
import sys

import pytest

from conftest import ROOT
from plots import console, packages

STOPPED = """\
import os, sys
from plots import console, parallel
os.sched_getaffinity = lambda _: {0, 1}
def wait(name):
    os.write(1, name.encode())
    os.read(0, 1)
sys.exit(console.run(lambda names: list(parallel.each(wait, names)), ["a", "b"]))
"""


def plots(*arguments, options=(), **environment):
    """The finished `python3 -m plots arguments`, what it printed as bytes."""
    return subprocess.run([sys.executable, *options, "-m", "plots", *map(str, arguments)], cwd=ROOT,
                          capture_output=True, env=os.environ | environment, check=False)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_terminal_that_lacks_letters_gets_others(golden, encoding):
    done = plots("table", golden, PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (0, b"") and b" - (n < 5)" in done.stdout


def test_letters_that_an_encoding_lacks_have_a_plain_kin():
    console.codecs.register_error("plain", console._plain)
    told = "9 µs – 10 × ±5 é \udcff 語".encode("ascii", "plain")
    assert told == b"9 us - 10 x +-5 e \xff ?"


def test_a_name_that_is_no_text_is_printed_as_it_is(tmp_path):
    folder = os.fsencode(tmp_path) + b"/caf\xe9"
    done = plots("table", os.fsdecode(folder))
    assert done.returncode == 2 and folder + b": no such folder" in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_python_without_the_packages_gets_advice():
    done = plots("table", "results", options=["-S"])
    assert done.returncode == 2 and b"Traceback" not in done.stderr
    assert b"lacks matplotlib, numpy, pandas" in done.stderr and b"./plots.sh" in done.stderr


def test_an_old_python_is_told_which_one_is_needed(monkeypatch):
    monkeypatch.setattr(packages, "OLDEST", (9, 1))
    assert packages.lacking() == ["Python 9.1 or newer"]


def test_the_packages_are_those_of_the_virtual_environment():
    lines = (ROOT / "plots" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    asked = {line.split(">")[0] for line in lines if not line.startswith("#")}
    assert asked - {"pytest"} == set(packages.NEEDED)


def test_a_reader_that_has_gone_is_no_trouble(golden):
    reader, writer = os.pipe()
    os.close(reader)
    with subprocess.Popen([sys.executable, "-m", "plots", "table", golden], cwd=ROOT, stdout=writer,
                          stderr=subprocess.PIPE) as process:
        os.close(writer)
        assert process.stderr.read() == b""
    assert process.returncode == 1


def interrupt(process):
    """Ctrl-C: SIGINT for all of its processes. Returns (exit status, stderr)."""
    os.killpg(process.pid, signal.SIGINT)
    err = process.stderr.read()
    return process.wait(), err


def test_ctrl_c_ends_a_command_with_a_line(copy):
    (copy / "latency.csv").unlink()
    os.mkfifo(copy / "latency.csv")
    with subprocess.Popen([sys.executable, "-m", "plots", "explain", copy, "r1"],
                          cwd=ROOT, stderr=subprocess.PIPE,
                          start_new_session=True) as process:
        with open(copy / "latency.csv", "wb"):  # it waits for what comes
            assert interrupt(process) == (130, b"plots: interrupted\n")


def test_ctrl_c_ends_the_workers_without_a_word():
    with subprocess.Popen([sys.executable, "-c", STOPPED], cwd=ROOT, stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0,
                          start_new_session=True) as process:
        begun = process.stdout.read(1) + process.stdout.read(1)
        assert sorted(begun) == sorted(b"ab")
        assert interrupt(process) == (130, b"plots: interrupted\n")
