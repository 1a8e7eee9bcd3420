import itertools
import sys

import pytest

import lab

pytest.register_assert_rewrite("mirrors")  # so that what it asserts is told with its values
import mirrors  # noqa: E402

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


# For part 4:


@pytest.fixture
def data(served):
    return lab.make_file(served / "file", mirrors.SIZE)


@pytest.fixture
def other(tmp_path):
    """Of the same size as data: only the digest tells."""
    return lab.make_file(tmp_path / "other", mirrors.SIZE, seed=2)


@pytest.fixture
def good(served, data):
    """A mirror that does what it should."""
    with lab.part_server(4, served) as server:
        yield server


@pytest.fixture
def mirror(tmp_path):
    """mirror(data) starts a mirror that has a folder, and in it a file, of its own."""
    with mirrors.starting() as start:

        def start_with(data):
            root = tmp_path / f"root{next(numbers)}"
            root.mkdir()
            (root / "file").write_bytes(data)
            server = start(root)
            server.file = root / "file"
            return server

        numbers = itertools.count()
        yield start_with
