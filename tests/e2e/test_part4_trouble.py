"""Part 4's client with mirrors that are down, die, dawdle or lie."""

import itertools
import socket
import threading

import frames
import lab
import pytest
from mirrors import (
    SIZE, FakeMirror, assert_nothing_left, assert_whole, bring, mute, send_range, servers_file,
)  # fmt: skip
from proxy import Proxy
from started import Client, read_report

MIB = 1 << 20


def test_when_all_are_down_each_says_why(home):
    with lab.nobody() as first, lab.nobody() as second:
        result = bring(home, [first, second])
    assert result.returncode == 1
    assert result.stderr == (
        "part4_client: Cannot transfer this file\n"
        f"  {first}: connect {first}: Connection refused\n"
        f"  {second}: connect {second}: Connection refused\n"
    )
    assert_nothing_left(home)
    assert read_report(home / "report")["status"] == "failed"


def test_a_file_that_nobody_has_cannot_be_transferred(served, home):
    with lab.part_server(4, served) as server:
        result = bring(home, [server])
    assert result.returncode == 1
    assert result.stderr.startswith("part4_client: Cannot transfer this file\n")
    assert "not-found: no such file" in result.stderr
    assert_nothing_left(home)


def test_one_that_is_up_is_enough(home, good, data):
    with lab.nobody() as first, lab.nobody() as second:
        report = assert_whole(home, bring(home, [first, good, second], 8), data)
    assert report["retries"] >= 2, "both were tried"


def test_a_mirror_that_accepts_and_never_answers_is_passed_over(home, good, data):
    with mute() as address:
        result = bring(home, [address, good], 4, "--stall-timeout", "300ms")
    assert assert_whole(home, result, data)["retries"] >= 1


def test_a_host_that_does_not_answer_is_passed_over(home, good, data):
    with lab.silence() as address:
        result = bring(home, [address, good], 4, "--connect-timeout", "300ms")
    assert_whole(home, result, data)


@pytest.mark.parametrize("reset", [False, True])
def test_a_mirror_that_breaks_off_in_mid_body_is_replaced_for_the_missing_bytes(
    served, home, good, data, reset
):
    cut = frames.header_bytes("file") + 1000
    with lab.part_server(4, served) as server:
        with Proxy(server, cut_after=cut, reset=reset) as proxy:
            report = assert_whole(home, bring(home, [good, proxy], 4), data)
    assert report["retries"] >= 1
    assert report["duplicate_bytes"] == 0


def test_a_mirror_that_is_killed_in_the_middle_is_replaced(served, home):
    data = lab.make_file(served / "file", 16 * MIB)
    with lab.part_server(4, served) as good, lab.part_server(4, served) as dying:
        with Proxy(dying, hold_after=MIB) as proxy:
            servers = servers_file(home, good, proxy)
            with Client(4, servers, 2, "file", "-o", home / "file") as started:
                proxy.wait_until_holding()
                dying.kill()
                proxy.release()
                assert started.wait() == 0, started.stderr()
    assert (home / "file").read_bytes() == data


def test_a_mirror_that_trickles_is_relieved_by_who_is_done(home, good, data):
    def answer(peer, get):
        if get.length == 0:
            return send_range(peer, data, get)
        peer.sendall(frames.file(SIZE, get.offset, get.length))
        for offset in range(get.offset, get.offset + get.length):
            peer.sendall(data[offset : offset + 1])
            mirror.dawdle(0.3)
        return None

    with FakeMirror(answer) as mirror:
        result = bring(home, [good, mirror], 2, "--steal", "--endgame")
        assert_whole(home, result, data)
        assert mirror.asked == 1


def test_a_mirror_that_trickles_is_replaced(home, good, data):
    def answer(peer, get):
        peer.sendall(frames.file(SIZE, get.offset, get.length))
        for offset in range(get.offset, get.offset + get.length):
            peer.sendall(data[offset : offset + 1])
            mirror.dawdle(0.3)

    with FakeMirror(answer) as mirror:
        report = assert_whole(home, bring(home, [good, mirror], 2, "--replace"), data)
    assert report["retries"] == 1


def test_a_mirror_that_sends_too_much_is_read_as_far_as_was_asked(home, good, data):
    def answer(peer, get):
        peer.sendall(frames.file(SIZE, get.offset, get.length))
        peer.sendall(data[get.offset : get.offset + get.length] + bytes(100_000))

    with FakeMirror(answer) as mirror:
        report = assert_whole(home, bring(home, [good, mirror], 2), data)
        assert mirror.asked == 1
    assert report["bytes_received"] == SIZE


BROKEN = {
    "more than was asked": lambda peer, get: peer.sendall(
        frames.file(SIZE, get.offset, get.length + 1)
    ),
    "less than was asked": lambda peer, get: peer.sendall(
        frames.file(SIZE, get.offset, get.length - 1)
    ),
    "another place": lambda peer, get: peer.sendall(
        frames.file(SIZE, get.offset + 1, get.length)
    ),
    "another name for it": lambda peer, get: peer.sendall(frames.error(1, "no such file")),
    "another version": lambda peer, get: peer.sendall(frames.error(6, "it has changed")),
    "no protocol": lambda peer, get: peer.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
    "nothing": lambda peer, get: None,
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_mirror_that_offers_something_else_is_not_asked_again(home, good, data, what):
    with FakeMirror(BROKEN[what]) as mirror:
        report = assert_whole(home, bring(home, [good, mirror], 8, "--threads", 1), data)
        assert mirror.asked <= (5 if what == "nothing" else 1)
    assert report["retries"] >= 1


def test_a_mirror_that_sends_another_files_bytes_is_found_out(home, good, data, other):
    with FakeMirror(lambda peer, get: send_range(peer, other, get)) as mirror:
        result = bring(home, [good, mirror], 2)
    assert result.returncode == 3
    assert "not the bytes that were sent" in result.stderr
    assert_nothing_left(home)


def test_a_file_replaced_between_two_first_answers_is_not_mixed_with_the_old_one(
    home, good, data, other
):
    """Two connections have asked for any version; the file is another one when the second is
    answered."""
    numbers = itertools.count()
    second_asks, first_is_done = threading.Event(), threading.Event()

    def answer(peer, get):
        if next(numbers) == 0:
            second_asks.wait(60)
            send_range(peer, data, get)
            peer.shutdown(socket.SHUT_WR)
            peer.recv(1)  # the client has it all and closes
            first_is_done.set()
        else:
            second_asks.set()
            first_is_done.wait(60)
            peer.sendall(frames.file(SIZE, get.offset, get.length, version=2))
            peer.sendall(other[get.offset : get.offset + get.length])

    with FakeMirror(answer) as mirror:
        result = bring(home, [good, mirror], 8, "--select", "rotate", "--threads", 4,
                       "--no-verify")  # fmt: skip
        assert mirror.asked >= 2
    assert (home / "file").read_bytes() == data, result.stderr


def test_a_file_that_is_truncated_everywhere_is_not_taken_for_whole(served, home):
    """Between the size and the chunks: the mirror that told the size has another file now."""
    lab.make_file(served / "file", SIZE // 2)

    def answer(peer, get):
        if get.length == 0:
            peer.sendall(frames.file(SIZE, 0, 0))
        else:
            peer.sendall(frames.error(6, "the file has changed since"))

    with FakeMirror(answer) as teller, lab.part_server(4, served) as short:
        result = bring(home, [teller, short], 2)
    assert result.returncode == 1
    lines = result.stderr.splitlines()
    assert lines[0] == "part4_client: the mirrors have different files under this name"
    assert lines[1] == f"  {SIZE} bytes, no digest: {teller.address}"
    assert lines[2].startswith(f"  {SIZE // 2} bytes, sha256 ") and short.address in lines[2]
    assert_nothing_left(home)


def test_chunks_that_nobody_brings_are_named_with_their_trail(home, data):
    """Both tell the size and then break off: what came is not asked for again, the rest is."""

    def answer(peer, get):
        if get.length == 0:
            return send_range(peer, data, get)
        return peer.sendall(frames.error(12, "out of order"))

    with FakeMirror(answer) as first, FakeMirror(answer) as second:
        result = bring(home, [first, second], 1, seconds=60)
    assert result.returncode == 1
    head, chunk, *trail = result.stderr.splitlines()
    assert head == "part4_client: not all chunks are downloaded"
    assert chunk == f"  chunk 0: bytes 0 to {SIZE} are missing"
    assert [line.partition(": get")[0].strip() for line in trail] == [
        first.address, second.address,
    ]  # fmt: skip
    assert_nothing_left(home)
