"""What the tests of the figures share: the repository's root on the path, and results to draw."""

import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = Path(__file__).parent / "golden"
sys.path.insert(0, str(ROOT))


@pytest.fixture
def golden():
    """The folder of synthetic results; not to be written to."""
    return GOLDEN


@pytest.fixture
def copy(tmp_path):
    """A copy of the golden results that a test may break."""
    folder = tmp_path / "results"
    shutil.copytree(GOLDEN, folder)
    return folder


@pytest.fixture
def edit(copy):
    """edit(name, old, new): replaces the first `old` in a file of the copy; returns the folder."""
    def change(name, old, new):
        path = copy / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return copy
    return change
