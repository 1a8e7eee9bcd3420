"""Part 4 goes on where it was interrupted, and ends when its time is over."""

import json
import os
import signal

import frames
import lab
import pytest
from mirrors import FakeMirror, assert_whole, bring, client, mute, servers_file
from proxy import Proxy
from started import Client, assert_failed, names_in

MIB = 1 << 20
SIZE = 8 * MIB
LEFT = ["file.part", "file.part.dlab"]


@pytest.fixture
def pair(tmp_path, mirror):
    """Two mirrors, each of a folder of its own with the same file."""
    data = lab.make_file(tmp_path / "data", SIZE)
    return [mirror(data), mirror(data)]


def interrupted(home, first, second, *options, sent=signal.SIGINT, awaited="file.part",
                after=SIZE // 8):  # fmt: skip
    """Leaves a download of two chunks undone: what comes from `second` is held back, and the client
    is ended by a signal. Returns what the record says is there. A proxy's address is another one
    than its server's, so `second` is recorded under a name that no later run knows."""
    with Proxy(second, hold_after=after) as proxy:
        servers = servers_file(home, first, proxy)
        with Client(4, servers, 2, "file", "-o", home / "file", *options) as started:
            proxy.wait_until_holding()
            path = home / awaited
            lab.wait_until(lambda: path.exists() and path.stat().st_blocks > 0, f"{awaited}")
            started.signal(sent)
            assert started.wait() == (1 if sent == signal.SIGINT else -sent)
    return bytes_on_record(home)


def record(home):
    return json.loads((home / "file.part.dlab").read_text())


def bytes_on_record(home):
    return sum(end - begin for begin, end in record(home)["received"])


def resumed(home, servers, *options, chunks=5, **how):
    return bring(home, servers, chunks, "--resume", "--quiet", *options, **how)


def assert_copied(home, result, server, received):
    """The client has what the server has, and so many bytes of it came in this run."""
    return assert_whole(home, result, server.file.read_bytes(), received)


@pytest.mark.parametrize("writer", ["positional", "locked"])
def test_an_interrupted_download_goes_on_with_the_missing_bytes(home, pair, writer):
    there = interrupted(home, *pair, "--writer", writer)
    assert names_in(home) == [*LEFT, "servers.txt"]
    assert 0 < there < SIZE
    report = assert_copied(home, resumed(home, pair, "--writer", writer), pair[0], SIZE - there)
    assert report["fsync_s"] is not None


def test_the_record_tells_the_version_of_each_mirror(home, pair):
    interrupted(home, *pair)
    told = record(home)
    assert told["version"] == 0
    assert pair[0].address in told["mirrors"] and len(told["mirrors"]) == 2
    assert all(len(version) == 16 for version in told["mirrors"].values())


def test_a_killed_client_leaves_a_record_that_is_true(home, pair):
    """Records are written every 64 MiB; what came since the last one is brought again."""
    size = 144 * MIB
    for server in pair:
        lab.make_file(server.file, size)
    there = interrupted(home, *pair, sent=signal.SIGKILL, awaited="file.part.dlab", after=MIB)
    assert 64 * MIB <= there < size
    assert_copied(home, resumed(home, pair), pair[0], size - there)


def test_other_mirrors_and_another_number_of_chunks_may_go_on(home, pair):
    there = interrupted(home, *pair)
    for chunks in (1, 300):
        kept = {path: path.read_bytes() for path in home.iterdir()}
        assert_copied(home, resumed(home, pair[1:], chunks=chunks), pair[1], SIZE - there)
        os.remove(home / "file")
        for path, content in kept.items():
            path.write_bytes(content)


def test_a_download_may_be_interrupted_again_and_again(home, pair):
    there = interrupted(home, *pair)
    for _ in range(2):
        before = there
        there = interrupted(home, *pair, "--resume", after=SIZE // 64)
        assert there >= before
    assert_copied(home, resumed(home, pair), pair[0], SIZE - there)


def test_when_all_mirrors_die_what_has_come_is_kept_and_how_to_go_on_is_said(home, pair):
    cut = frames.header_bytes("file") + 1000
    with Proxy(pair[0], cut_after=cut) as one, Proxy(pair[1], cut_after=cut) as two:
        result = bring(home, [one, two], 2)
    assert result.returncode == 1
    assert result.stderr.startswith("part4_client: not all chunks are downloaded\n  chunk 0: ")
    there = bytes_on_record(home)
    assert result.stderr.endswith(
        f"\n  the other {there} bytes are kept: --resume goes on from them\n"
    )
    assert_copied(home, resumed(home, pair), pair[0], SIZE - there)


def test_a_resumption_that_reaches_nobody_keeps_what_it_has(home, pair):
    there = interrupted(home, *pair)
    kept = (home / "file.part").read_bytes()
    with lab.nobody() as address:
        result = resumed(home, [address])
    assert result.returncode == 1
    assert result.stderr.startswith("part4_client: Cannot transfer this file\n")
    assert (home / "file.part").read_bytes() == kept
    assert_copied(home, resumed(home, pair), pair[0], SIZE - there)


def test_a_resumption_of_what_is_all_here_only_verifies(home, pair):
    interrupted(home, *pair)
    (home / "file.part").write_bytes(pair[0].file.read_bytes())
    control = home / "file.part.dlab"
    control.write_text(json.dumps({**record(home), "received": [[0, SIZE]]}))
    assert_copied(home, resumed(home, pair), pair[0], 0)


def test_without_resume_leftovers_are_replaced(home, pair):
    interrupted(home, *pair)
    assert_copied(home, bring(home, pair, 3), pair[0], SIZE)


@pytest.mark.parametrize("size", [SIZE, SIZE - 5])
@pytest.mark.parametrize("order", [1, -1])
def test_a_file_that_changed_on_a_mirror_is_brought_anew_and_that_is_said(
    home, pair, size, order
):
    """Whoever is asked first, the one that has been asked before or the one that has not."""
    interrupted(home, *pair)
    for server in pair:
        lab.make_file(server.file, size, seed=2)
    result = resumed(home, pair[::order], "--threads", 1)
    if size == SIZE or order == 1:
        expected = f"the file has changed on {pair[0].address}"
    else:
        expected = "the file has another size now"
    assert result.stderr == f"part4_client: {expected}: starting over\n"
    assert_copied(home, result, pair[0], size)


def test_what_one_server_has_sent_to_part_3_is_brought_anew(home, pair):
    """Nobody can say which of the mirrors that server is."""
    with Proxy(pair[0], hold_after=MIB) as proxy:
        with Client(3, proxy, "file", "-o", home, "--connections", 1) as started:
            proxy.wait_until_holding()
            lab.wait_until(lambda: (home / "file.part").stat().st_blocks > 0, "bytes are here")
            started.signal(signal.SIGINT)
            assert started.wait() == 1
    result = resumed(home, pair)
    assert result.stderr == (
        "part4_client: what is here has come from one server: starting over\n"
    )
    assert_copied(home, result, pair[0], SIZE)


def test_what_mirrors_have_sent_is_brought_anew_by_part_3(home, pair):
    interrupted(home, *pair)
    with lab.part_server(3, pair[0].file.parent) as server:
        result = lab.part_client(3, server, "file", "-o", home, "--resume", "--quiet")
    assert result.returncode == 0, result.stderr
    assert "what is here has come from many servers: starting over" in result.stderr
    assert (home / "file").read_bytes() == pair[0].file.read_bytes()


def test_resuming_what_is_not_kept_is_a_wrong_command_line(home):
    servers = servers_file(home, "127.0.0.1 9")
    result = client(servers, 1, "file", "--resume", "--sink", "discard")
    assert_failed(4, result, "--resume needs a file", exit_code=2)


def test_a_deadline_ends_a_download_from_silent_mirrors(home, pair):
    """They tell the size, and nothing more."""

    def answer(peer, get):
        if get.length == 0:
            peer.sendall(frames.file(SIZE, 0, 0))
        else:
            mirror.dawdle(60)

    with FakeMirror(answer) as mirror:
        result = client(servers_file(home, mirror), 2, "file", "-o", home / "file", "--deadline",
                        "500ms", seconds=25)  # fmt: skip
    assert result.returncode == 1
    assert result.stderr == (
        "part4_client: deadline of 0.5 s has passed\n"
        f"  chunk 0: bytes 0 to {SIZE // 2} are missing\n"
        f"  chunk 1: bytes {SIZE // 2} to {SIZE} are missing\n"
    )
    assert names_in(home) == ["servers.txt"]


def test_what_came_before_the_deadline_is_kept(home, pair):
    with Proxy(pair[1], stall_after=MIB) as proxy:
        result = bring(home, [pair[0], proxy], 2, "--deadline", "2s", seconds=25)
    assert result.returncode == 1
    there = bytes_on_record(home)
    first, *_, last = result.stderr.splitlines()
    assert first == "part4_client: deadline of 2 s has passed"
    assert last == f"  the other {there} bytes are kept: --resume goes on from them"
    assert_copied(home, resumed(home, pair), pair[0], SIZE - there)


def test_a_deadline_reaches_who_is_connecting(home):
    with lab.silence() as address:
        result = bring(home, [address], 1, "--deadline", "300ms", seconds=9)
    assert_failed(4, result, "deadline of 0.3 s has passed")


def test_a_deadline_reaches_who_waits_for_a_digest(home, pair):
    """All bytes have come: they are kept, and a later run has only to verify them."""
    with mute() as address:
        result = bring(home, [pair[0], address], 1, "--trust", address, "--deadline", "300ms",
                       seconds=25)  # fmt: skip
    assert_failed(4, result, "deadline of 0.3 s has passed")


def test_a_deadline_that_is_far_off_changes_nothing(home, pair):
    assert_copied(home, bring(home, pair, 3, "--deadline", "60min"), pair[0], SIZE)
