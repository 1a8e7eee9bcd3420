"""A download that takes too long ends, and says which of its user's limits it has met."""

import contextlib
import json

import lab
import pytest
from mirrors import servers_file
from proxy import Proxy
from started import EACH_MODEL, assert_failed, names_in, read_report

PARTS = pytest.mark.parametrize("part", [1, 2, 3, 4])
SIZE = 3_000_000
LEFT = {1: [], 2: [], 3: ["file.part", "file.part.dlab"], 4: ["file.part", "file.part.dlab"]}


@contextlib.contextmanager
def stalled(part, served):
    """Words that ask for "file", of which 300 kB come, and then no more."""
    lab.make_file(served / "file", SIZE)
    with lab.part_server(part, served) as server, Proxy(server, stall_after=300_000) as proxy:
        if part == 4:
            yield [servers_file(served.parent, proxy), 1, "file"]
        else:
            yield [proxy.address, "file", *(["--connections", 1] if part == 3 else [])]


@PARTS
def test_a_deadline_ends_the_download(served, home, part):
    with stalled(part, served) as words:
        result = lab.part_client(part, *words, "-o", home, "--deadline", "500ms", seconds=25)
    assert result.returncode == 1
    assert result.stderr.startswith(f"part{part}_client: deadline of 0.5 s has passed\n")
    assert names_in(home) in ([], LEFT[part])


@PARTS
def test_what_comes_slower_than_it_may_is_given_up(served, home, part):
    lab.make_sparse(served / "file", 100_000_000)
    with lab.part_server(part, served, "--max-pacing-rate", "4Mbit") as server:
        words = [servers_file(served.parent, server), 1] if part == 4 else [server.address]
        alone = ["--connections", 1] if part == 3 else []
        result = lab.part_client(part, *words, "file", "-o", home, "--lowest-speed", "50MB/s",
                                 "--stall-timeout", "2s", *alone)  # fmt: skip
    assert result.returncode == 1
    assert result.stderr.startswith(f"part{part}_client: slower than 47.7 MiB/s over 2 s\n")
    assert names_in(home) in ([], LEFT[part])


@EACH_MODEL
def test_what_came_before_the_deadline_is_gone_on_from(served, home, model):
    with stalled(3, served) as words:
        first = lab.part_client(3, *words, "-o", home, "--deadline", "1s", *model, seconds=25)
    assert_failed(3, first, "deadline of 1 s has passed")
    there = bytes_on_record(home)
    with lab.part_server(3, served) as server:
        result = lab.part_client(3, server, "file", "-o", home, "--resume", "--report",
                                 home / "report", *model)  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert read_report(home / "report")["bytes_received"] == SIZE - there


def bytes_on_record(home):
    """How many are kept: none, if none came in time."""
    control = home / "file.part.dlab"
    record = json.loads(control.read_text()) if control.exists() else {"received": []}
    return sum(end - begin for begin, end in record["received"])


@PARTS
def test_a_limit_that_is_kept_changes_nothing(served, home, part):
    data = lab.make_file(served / "file", SIZE)
    with lab.part_server(part, served) as server:
        words = [servers_file(served.parent, server), 4] if part == 4 else [server.address]
        result = lab.part_client(part, *words, "file", "-o", home, "--deadline", "60min",
                                 "--lowest-speed", "8kbit")  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert (home / "file").read_bytes() == data
