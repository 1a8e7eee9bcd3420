import sys

import pytest

import lab

sys.path.insert(0, str(lab.ROOT))  # for what these tests share with others


@pytest.fixture(autouse=True)
def nothing_outlives_its_test():
    """Each test ends the servers and proxies that it starts."""
    yield
    left = set(lab.running)
    for thing in left:
        thing.kill() if isinstance(thing, lab.Server) else thing.close()
    assert not left, f"left running: {left}"


@pytest.fixture
def served(tmp_path):
    """The folder that a server offers."""
    folder = tmp_path / "served"
    folder.mkdir()
    return folder


@pytest.fixture
def home(tmp_path):
    """The folder that a client saves to."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder
