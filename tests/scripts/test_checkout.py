"""A checkout has the lines' ends that the scripts need, whatever git does elsewhere."""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# A clone may belong to somebody else than who runs the tests.
TRUSTING = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*"}


def git(*arguments):
    done = subprocess.run(["git", *map(str, arguments)], capture_output=True, text=True,
                          env=os.environ | TRUSTING, check=False)
    if done.returncode != 0:
        pytest.skip(f"no clone of {ROOT} can be made: {done.stderr.strip()}")
    return done.stdout


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="this is no clone")
def test_the_ends_of_lines_are_the_same_in_a_clone_for_windows(tmp_path):
    git("clone", "-q", "-c", "core.autocrlf=true", ROOT, tmp_path / "clone")
    told = git("-C", tmp_path / "clone", "ls-files", "--eol")
    changed = [line for line in told.splitlines() if not re.match(r"i/(\S*) +w/\1 ", line)]
    assert told and changed == []
    assert git("-C", tmp_path / "clone", "status", "--porcelain") == ""


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="this is no clone")
def test_a_checkout_needs_no_symbolic_links():
    """File systems of Windows and of shared folders have none: git writes text files instead."""
    told = git("-C", ROOT, "ls-files", "--stage").splitlines()
    assert told and [line for line in told if line.startswith("120000")] == []
