"""Part 4's client with mirrors that do what they should, and with wrong command lines."""

import signal

import lab
import pytest
from mirrors import SIZE, assert_whole, bring, client, servers_file, starting
from proxy import Proxy
from started import Client, assert_failed, names_in

MIB = 1 << 20
RULES = [[], ["--select", "fastest"], ["--select", "adaptive"],
         ["--select", "adaptive", "--steal", "--endgame", "--replace"],
         ["--writer", "locked"], ["--threads", "1"]]  # fmt: skip


@pytest.fixture
def three(served):
    """Three mirrors of one folder."""
    with starting() as start:
        yield [start(served) for _ in range(3)]


def ranges_asked(server):
    """How many requests for bytes the server has answered."""
    lines = server.stderr().splitlines()
    return sum("request=GET" in line and " length=0 " not in line for line in lines)


@pytest.mark.parametrize("options", RULES, ids=" ".join)
def test_a_file_comes_from_three_mirrors(served, home, three, options):
    data = lab.make_file(served / "file", SIZE)
    report = assert_whole(home, bring(home, three, 7, *options), data)
    assert report["schedule"] == (options[1] if "--select" in options else "rotate")
    assert report["retries"] == 0
    assert sum(one["bytes"] for one in report["per_connection"]) == SIZE


def test_each_chunk_begins_at_its_mirror(served, home, three):
    data = lab.make_file(served / "file", SIZE)
    assert_whole(home, bring(home, three, 7), data)
    assert [ranges_asked(server) for server in three] == [3, 2, 2]


@pytest.mark.parametrize("size, chunks", [
    (SIZE, 1), (SIZE, 10_000), (100, 10_000), (1, 2), (0, 1), (0, 5), (2 * MIB + 1, 64),
])  # fmt: skip
def test_any_number_of_chunks_will_do(served, home, three, size, chunks):
    data = lab.make_file(served / "file", size)
    assert_whole(home, bring(home, three, chunks), data)


def test_more_threads_than_one_mirror_lets_wait_are_no_failures(served, home, three):
    """A full queue drops what comes, and the client tries again while the others are served."""
    data = lab.make_file(served / "file", SIZE)
    report = assert_whole(home, bring(home, three[:1], 100, "--threads", 64), data)
    assert report["retries"] == 0


def test_to_wait_for_ones_turn_is_no_stall(served, home):
    """Each chunk takes 2.5 s, and the third waits for more than twice as long as a stall may last."""
    data = lab.make_file(served / "file", 375_000)
    with lab.part_server(4, served, "--limit-rate", "400kbit") as server:
        result = bring(home, [server], 3, "--stall-timeout", "2s")
    assert assert_whole(home, result, data)["retries"] == 0


def test_other_parts_servers_are_mirrors_too(served, home):
    data = lab.make_file(served / "file", SIZE)
    with lab.part_server(1, served) as one, lab.part_server(3, served) as three:
        assert_whole(home, bring(home, [one, three], 6), data)


def test_nothing_is_kept_when_nothing_is_to_be(served, home, three):
    lab.make_file(served / "file", SIZE)
    result = client(servers_file(home, *three), 7, "file", "--sink", "discard", cwd=home)
    assert result.returncode == 0, result.stderr
    assert names_in(home) == ["servers.txt"]


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_download_leaves_what_it_has(served, home, sent):
    lab.make_sparse(served / "file", 64 * MIB)
    with lab.part_server(4, served) as server, Proxy(server, hold_after=MIB) as proxy:
        with Client(4, servers_file(home, proxy), 2, "file", "-o", home / "file") as started:
            proxy.wait_until_holding()
            lab.wait_until((home / "file.part").exists, "the client has begun to write")
            lab.wait_until(lambda: (home / "file.part").stat().st_blocks > 0, "bytes are kept")
            started.signal(sent)
            assert started.wait() == 1
            assert started.stderr() == "part4_client: interrupted\n"
    assert names_in(home) == ["file.part", "file.part.dlab", "servers.txt"]


@pytest.mark.parametrize("arguments, reason", [
    (["0", "file"], "CHUNKS"), (["x", "file"], "CHUNKS"), ([], "CHUNKS"),
    (["1", "file", "--threads", "0"], "--threads"), (["1", "file", "--writer", "x"], "--writer"),
    (["1", "file", "--select", "best"], "--select"), (["1"], "FILE is missing"),
    (["1", "file", "--sink", "discard", "--verify"], "--verify needs a file"),
    (["1", "file", "--cacert", "nowhere.pem"], "--cacert"),
])  # fmt: skip
def test_a_wrong_command_line_is_refused(home, arguments, reason):
    servers = servers_file(home, "127.0.0.1 9")
    result = lab.part_client(4, servers, *arguments, cwd=home)
    assert_failed(4, result, reason, exit_code=2)
    assert names_in(home) == ["servers.txt"]


@pytest.mark.parametrize("lines, reason", [
    (["127.0.0.1 9", "", "nonsense"], 'servers.txt:3: "nonsense" is no HOST PORT'),
    (["# none"], "servers.txt: names no server"),
    (["127.0.0.1 9", "ftp://127.0.0.1/"], 'servers.txt:2: "ftp://127.0.0.1/" is no HOST PORT'),
])  # fmt: skip
def test_a_servers_file_that_makes_no_sense_is_refused(home, lines, reason):
    result = client(servers_file(home, *lines), 1, "file", "-o", home / "file")
    assert_failed(4, result, reason, exit_code=2)


def test_a_servers_file_that_is_not_there_is_said(home):
    result = client(home / "nowhere", 1, "file", "-o", home / "file")
    assert_failed(4, result, "nowhere: No such file or directory")
