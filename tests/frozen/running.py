"""What runs programs to their end, and plots in this process."""

import contextlib
import io
import os
import subprocess
from typing import NamedTuple

import lab

from plots import cli


class Ended(NamedTuple):
    """The exit code of a program, what it printed, and what it said to stderr."""

    returncode: int
    stdout: str = ""
    stderr: str = ""


def path_of(program):
    """Where a program lies that people run, as "part1_client" or "data/make_file.py"."""
    return (lab.ROOT if program.endswith((".sh", ".py")) else lab.BIN) / program


def plots(*words):
    """`./plots.sh words`; in this process, as it takes a second to start another."""
    with contextlib.redirect_stdout(io.StringIO()) as out:
        with contextlib.redirect_stderr(io.StringIO()) as error:
            try:
                status = cli.main([str(word) for word in words])
            except SystemExit as end:
                status = end.code or 0
    return Ended(status, out.getvalue(), error.getvalue())


def output(program, *words):
    """What a program prints that ends with 0. A help's lines are not broken to a width."""
    done = subprocess.run([path_of(program), *map(str, words)], capture_output=True, text=True,
                          env={**os.environ, "COLUMNS": "1000", "NO_COLOR": "1"}, timeout=60,
                          check=False)  # fmt: skip
    assert done.returncode == 0, f"{program} {words}: {done.stderr}"
    return done.stdout
