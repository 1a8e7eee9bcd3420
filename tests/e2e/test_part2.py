"""Part 2's server and client, against each other, against part 1's, and against trouble."""

import csv
import hashlib
import json
import os
import signal
import subprocess
from types import SimpleNamespace

import frames
import lab
import pytest
from fake_server import FakeServer
from proxy import Proxy

PREAMBLE = 44  # bytes of a packet's frame before its payload
FILE_FRAME = len(frames.file(0))
ORDERS = ("sequential", "reversed", "shuffled")


def download(server, home, *options, name="file"):
    """Runs part2_client; its result also tells what it saved and what it reported."""
    report = home.parent / "report.json"
    run = lab.part_client(2, server, name, "-o", f"{home}/", "--report", report, *options)
    target = home / name
    return SimpleNamespace(
        code=run.returncode, stderr=run.stderr,
        saved=target.read_bytes() if target.exists() else None,
        report=json.loads(report.read_text()) if report.exists() else None,
    )  # fmt: skip


def expect_failure(result, home, *words, code=1):
    """One line that says why, and nothing left behind."""
    assert result.code == code, result.stderr
    assert result.stderr.count("\n") == 1 and result.stderr.startswith("part2_client: ")
    for word in words:
        assert word in result.stderr
    assert list(home.iterdir()) == []


@pytest.mark.parametrize("order", ORDERS)
def test_files_of_every_awkward_size_arrive_whole(served, home, order):
    sizes = (0, 1, 99, 100, 101, 1599, 1600, 1601, 3200, 5050)  # packets of 100, windows of 16
    for size in sizes:
        lab.make_file(served / str(size), size, seed=size)
    with lab.part_server(2, served) as server:
        for size in sizes:
            result = download(server, home, "--packet-size", 100, "--order-window", 16, "--order",
                              order, name=str(size))  # fmt: skip
            assert result.code == 0, result.stderr
            assert result.saved == (served / str(size)).read_bytes()
            assert result.report["verified"] == "yes"
            assert result.report["bytes_received"] == size
            assert result.report["packets"]["received"] == -(-size // 100)


@pytest.mark.parametrize("packet_size", ["1", "1400", "65536", "1MiB"])
@pytest.mark.parametrize("batch", ["1", "512"])
def test_every_packet_size_and_batch_brings_the_same_bytes(served, home, packet_size, batch):
    data = lab.make_file(served / "file", 20_000 if packet_size == "1" else 3_000_000)
    with lab.part_server(2, served, "--batch", batch, "--nagle", "on") as server:
        result = download(server, home, "--packet-size", packet_size, "--order", "shuffled")
    assert result.code == 0, result.stderr
    assert result.saved == data


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("fault", [
    "drop=0.2", "corrupt=0.2", "duplicate=0.2", "duplicate=1", "drop=20%,corrupt=10%,duplicate=30%",
])  # fmt: skip
def test_faults_are_repaired(served, home, order, fault):
    data = lab.make_file(served / "file", 300_000)
    with lab.part_server(2, served, "--fault", fault, "--seed", 7) as server:
        result = download(server, home, "--order", order, "--order-window", 50)
    assert result.code == 0, result.stderr
    assert result.saved == data
    counts = result.report["packets"]
    needed = -(-300_000 // 1400)
    assert counts["received"] == needed + counts["duplicates"] + counts["corrupted"]
    assert (result.report["duplicate_bytes"] > 0) == (counts["duplicates"] > 0)
    assert (counts["repeated"] > 0) == ("drop" in fault or "corrupt" in fault)
    assert (counts["corrupted"] > 0) == ("corrupt" in fault)
    assert (counts["duplicates"] > 0) == ("duplicate" in fault)
    assert counts["max_buffered_packets"] < 50 and counts["max_displacement_packets"] < 50


def test_the_seed_decides_the_faults(served, home):
    lab.make_file(served / "file", 300_000)
    counts = []
    for seed in (7, 7, 8):
        with lab.part_server(2, served, "--fault", "drop=0.3,corrupt=0.1", "--seed", seed) as server:
            counts.append(download(server, home).report["packets"])
    assert counts[0] == counts[1] != counts[2]


def test_a_server_that_drops_everything_ends_the_patience(served, home):
    lab.make_file(served / "file", 14_000)
    with lab.part_server(2, served, "--fault", "drop=1") as server:
        result = download(server, home)
    expect_failure(result, home, 'get "file" from 127.0.0.1', "10 packets are still missing")


def test_the_disorder_asked_for_is_the_disorder_reported(served, home):
    lab.make_file(served / "file", 10_000)
    with lab.part_server(2, served) as server:
        options = ("--packet-size", 100, "--order-window", 20, "--order")
        in_order = download(server, home, *options, "sequential").report["packets"]
        backwards = download(server, home, *options, "reversed").report["packets"]
    assert (in_order["max_displacement_packets"], in_order["max_buffered_packets"]) == (0, 0)
    assert (backwards["max_displacement_packets"], backwards["max_buffered_packets"]) == (19, 19)


def test_rows_tell_when_each_packet_was_sent_came_and_went_out(served, home):
    lab.make_file(served / "file", 10_050)
    with lab.part_server(2, served, "--fault", "drop=0.3") as server:
        rows_file = home.parent / "rows.csv"
        result = download(server, home, "--packet-size", 100, "--rows", rows_file, "--order",
                          "shuffled", "--order-window", 10)  # fmt: skip
    assert result.code == 0, result.stderr
    with open(rows_file) as file:
        rows = sorted(csv.DictReader(file), key=lambda row: int(row["index"]))
    assert [int(row["offset_bytes"]) for row in rows] == list(range(0, 10_050, 100))
    assert [int(row["bytes"]) for row in rows] == [100] * 100 + [50]
    for row in rows:
        assert 0 <= float(row["sent_s"]) <= float(row["first_byte_s"]) <= float(row["done_s"])


def test_a_packet_that_comes_twice_has_a_row_each_time_and_goes_out_once(served, home):
    lab.make_file(served / "file", 10_050)
    with lab.part_server(2, served, "--fault", "duplicate=0.3", "--seed", 7) as server:
        rows_file = home.parent / "rows.csv"
        result = download(server, home, "--packet-size", 100, "--rows", rows_file)
    assert result.code == 0, result.stderr
    with open(rows_file) as file:
        rows = list(csv.DictReader(file))
    twice = [row for row in rows if row["done_s"] == ""]
    assert len(twice) == result.report["packets"]["duplicates"] > 0
    assert sum(int(row["bytes"]) for row in twice) == result.report["duplicate_bytes"]
    done = sorted(int(row["index"]) for row in rows if row["done_s"])
    assert done == list(range(101)), "each went out once"
    assert {row["index"] for row in twice} <= {row["index"] for row in rows if row["done_s"]}


def test_the_server_logs_requests_for_packets(served, home):
    lab.make_file(served / "file", 5000)
    with lab.part_server(2, served, "--log") as server:
        download(server, home)
        download(server, home, name="missing")
        server.wait_for_log(r"request=PACKETS client=127.0.0.1:\d+ name=file offset=0 length=5000 "
                            r"sent=5000 first_ns=\d+ last_ns=\d+ congestion=\w+ status=ok\n")  # fmt: skip
        server.wait_for_log(r"request=DIGEST .*status=ok\n")
        server.wait_for_log(r"request=PACKETS .* name=missing .* status=not-found\n")


def test_a_discarded_file_is_not_verified_and_leaves_nothing(served, home):
    lab.make_file(served / "file", 100_000)
    with lab.part_server(2, served, "--fault", "drop=0.2") as server:
        result = download(server, home, "--sink", "discard")
    assert result.code == 0
    assert result.report["bytes_received"] == 100_000
    assert result.report["verified"] == "no"
    assert list(home.iterdir()) == []


# Neighbouring parts.


def test_part1s_client_understands_part2s_server(served, home):
    data = lab.make_file(served / "file", 100_000)
    with lab.part_server(2, served) as server:
        assert lab.part_client(1, server, "file", "-o", home / "file").returncode == 0
    assert (home / "file").read_bytes() == data


def test_part1s_server_politely_refuses_packets(served, home):
    lab.make_file(served / "file", 1000)
    with lab.part_server(1, served) as server:
        expect_failure(download(server, home), home, "unknown-type")


# Command lines.


@pytest.mark.parametrize("options, word", [
    (["--order", "odd"], "--order"),
    (["--packet-size", "0"], "--packet-size"),
    (["--packet-size", "1048577"], "1.0 MiB"),
    (["--order-window", "0"], "--order-window"),
    (["--order-window", "65537"], "--order-window"),
    (["--sink", "discard", "--verify"], "only the finished file can be hashed"),
    (["--packet-size", "1MiB", "--order-window", "257"], "256.0 MiB"),
])  # fmt: skip
def test_a_client_refuses_nonsense(home, options, word):
    result = download("127.0.0.1:1", home, *options)
    expect_failure(result, home, word, code=2)


@pytest.mark.parametrize("options", [
    ["--batch", "0"], ["--batch", "513"], ["--nagle", "maybe"], ["--fault", "drop=2"],
    ["--fault", "lose=0.1"],
])  # fmt: skip
def test_a_server_refuses_nonsense(options):
    result = lab.run(lab.BIN / "part2_server", *options)
    assert result.returncode == 2
    assert options[0] in result.stderr and result.stderr.count("\n") == 1


# Trouble on the way.


def test_a_byte_spoilt_on_the_way_is_noticed_and_asked_for_again(served, home):
    data = lab.make_file(served / "file", 100_000)
    at = FILE_FRAME + 10 * (PREAMBLE + 1400) + PREAMBLE + 700
    with lab.part_server(2, served) as server, Proxy(server, corrupt_at=at) as proxy:
        result = download(proxy, home)
    assert result.code == 0, result.stderr
    assert result.saved == data
    assert result.report["packets"]["corrupted"] == result.report["packets"]["repeated"] == 1


def test_a_frame_spoilt_on_the_way_ends_the_transfer(served, home):
    lab.make_file(served / "file", 100_000)
    at = FILE_FRAME + 10 * (PREAMBLE + 1400)
    with lab.part_server(2, served) as server, Proxy(server, corrupt_at=at) as proxy:
        expect_failure(download(proxy, home), home, "this is not the dlab protocol")


def test_content_that_is_not_what_the_server_vouches_for_is_exit_3(home):
    def answer(peer, request):
        peer.send(frames.file(3) + frames.packet(0, b"abc", 0) + frames.mark(1))

    with FakeServer(answer, digest=frames.file_digest(3, hashlib.sha256(b"ABC"))) as server:
        expect_failure(download(server, home), home, "not the bytes that were sent", code=3)


@pytest.mark.parametrize("reset", [False, True])
def test_a_connection_cut_in_mid_body_leaves_no_file(served, home, reset):
    lab.make_file(served / "file", 1_000_000)
    with lab.part_server(2, served) as server:
        with Proxy(server, cut_after=500_000, reset=reset) as proxy:
            expect_failure(download(proxy, home), home, "from 127.0.0.1")


def test_a_connection_that_stands_still_is_given_up(served, home):
    lab.make_file(served / "file", 1_000_000)
    with lab.part_server(2, served) as server, Proxy(server, stall_after=500_000) as proxy:
        result = download(proxy, home, "--stall-timeout", "200ms")
    expect_failure(result, home, "timed out")


class Endless:
    """A download of a terabyte: always in mid-body."""

    def __init__(self, served, home, *server_options):
        lab.make_sparse(served / "file", 2**40)
        self.server = lab.part_server(2, served, "--log", *server_options)
        idle = self.server.fds()
        command = [lab.BIN / "part2_client", self.server.address, "file", "-o", f"{home}/"]
        self.client = subprocess.Popen(list(map(str, command)), stderr=subprocess.PIPE, text=True)
        lab.wait_until(lambda: self.server.fds() == idle + 2, "the server has the file open")
        lab.wait_until((home / "file.part").exists, "the client has its file open")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.client.kill()
        self.client.wait()
        self.server.kill()
        lab.no_sanitizer_report(self.server.stderr())

    def result(self):
        _, stderr = self.client.communicate(timeout=60)
        lab.no_sanitizer_report(stderr)
        return SimpleNamespace(code=self.client.returncode, stderr=stderr)


def test_a_server_killed_in_mid_body_leaves_no_file(served, home):
    with Endless(served, home) as endless:
        endless.server.kill()
        expect_failure(endless.result(), home, "127.0.0.1")


def test_a_server_that_is_asked_to_end_in_mid_body_does(served, home):
    with Endless(served, home) as endless:
        assert endless.server.stop() == 0
        expect_failure(endless.result(), home, "127.0.0.1")


def test_a_client_that_is_interrupted_leaves_no_file(served, home):
    with Endless(served, home) as endless:
        endless.client.send_signal(signal.SIGINT)
        expect_failure(endless.result(), home, "interrupted")
        endless.server.wait_for_log("status=client-left")


def test_a_file_cut_short_in_mid_body_ends_the_transfer(served, home):
    with Endless(served, home) as endless:
        os.truncate(served / "file", 0)
        endless.server.wait_for_log("status=file-truncated")
        expect_failure(endless.result(), home, "closed before the last packet")


# Clients that misbehave.


@pytest.mark.parametrize("code, name, packet_bytes, more", [
    (7, "file", 0, {}),
    (7, "file", 2**20 + 1, {}),
    (7, "file", 100, {"window": 0}),
    (7, "file", 100, {"window": 2**16 + 1}),
    (7, "file", 100, {"window": 2**32 - 1}),
    (7, "file", 100, {"order": 3}),
    (7, "file", 100, {"offset": 50}),
    (5, "file", 100, {"offset": 300}),
    (7, "file", 100, {"offset": 2**64 - 15}),
    (5, "file", 100, {"offset": 2**64 - 16}),
    (6, "file", 100, {"version": 1}),
    (3, "../file", 100, {}),
])  # fmt: skip
def test_a_request_that_makes_no_sense_is_refused_and_the_next_one_answered(
        served, code, name, packet_bytes, more):  # fmt: skip
    data = lab.make_file(served / "file", 250)
    with lab.part_server(2, served) as server, lab.RawClient(server) as client:
        client.send(frames.get_packets(name, packet_bytes, **more)
                    + frames.get_packets("file", 100))  # fmt: skip
        kind, body = frames.receive_frame(client)
        assert kind == frames.ERROR and int.from_bytes(body[:2], "big") == code
        assert b"".join(payloads(client)) == data


def payloads(client):
    """The payloads of an answer, packet by packet, up to its mark."""
    assert frames.receive_frame(client)[0] == frames.FILE
    while (answer := frames.receive_frame(client))[0] == frames.PACKET:
        yield answer[1][32:]
    assert answer[0] == frames.MARK


@pytest.mark.parametrize("offset, length, expected", [
    (0, 100, [100]), (100, 150, [100, 50]), (200, 2**64 - 1, [50]), (200, 10, [10]), (100, 0, []),
])  # fmt: skip
def test_a_range_brings_its_packets_and_no_more(served, offset, length, expected):
    data = lab.make_file(served / "file", 250)
    with lab.part_server(2, served) as server, lab.RawClient(server) as client:
        client.send(frames.get_packets("file", 100, offset=offset, length=length))
        pieces = list(payloads(client))
    assert [len(piece) for piece in pieces] == expected
    assert b"".join(pieces) == data[offset : min(offset + length, 250)]


def test_a_client_that_vanishes_leaves_the_server_serving(served, home):
    data = lab.make_file(served / "file", 10_000_000)
    with lab.part_server(2, served, "--log") as server:
        assert download(server, home).saved == data  # the first digest starts a thread
        fds, threads = server.fds(), server.threads()
        client = lab.RawClient(server, receive_buffer=4096)
        client.send(frames.get_packets("file", 1400))
        client.receive(100)
        client.reset()
        server.wait_for_log("status=client-left")
        assert download(server, home).saved == data
        server.wait_until_idle(fds, threads)


def test_a_client_that_never_reads_is_left_after_the_stall_timeout(served, home):
    lab.make_file(served / "file", 10_000_000)
    data = lab.make_file(served / "small", 1000)  # as 200 ms are the other client's time, too
    with lab.part_server(2, served, "--log", "--stall-timeout", "200ms") as server:
        with lab.RawClient(server, receive_buffer=4096) as client:
            client.send(frames.get_packets("file", 1400))
            server.wait_for_log("status=stalled")
            assert download(server, home, name="small").saved == data


# Servers that misbehave. The file is "abcdefghij", one packet a letter, windows of four.

DATA = b"abcdefghij"
LETTERS = ("--packet-size", 1, "--order-window", 4)


def letter(sequence):
    return frames.packet(sequence, DATA[sequence : sequence + 1], sequence)


def expect_refusal(home, answer, *words, options=()):
    with FakeServer(answer) as server:
        expect_failure(download(server, home, *LETTERS, *options), home, *words)


def first_answer(*messages):
    """A server that says this, and then waits for the client to leave."""
    return lambda peer, _: peer.send(frames.file(len(DATA)) + b"".join(messages))


@pytest.mark.parametrize("messages, words", [
    ([letter(4)], "packet 4 lies outside the window"),
    ([letter(0), frames.packet(2**64 - 1, b"x", 2**64 - 1)], "outside the window"),
    ([frames.mark(4), frames.mark(4)], "mark that does not fit"),
    ([frames.mark(0)], "mark that does not fit"),
    ([frames.mark(5)], "mark that does not fit"),
    ([frames.mark(2**64 - 1)], "mark that does not fit"),
    ([frames.frame(frames.MARK, b"short")], "mark that does not fit"),
    ([frames.file(len(DATA))], "neither packet nor mark"),
    ([b"HTTP/1.1 200 OK\r\n"], "this is not the dlab protocol"),
    ([frames.frame(frames.PACKET, length=2**32 - 1)], "longer than its type"),
])  # fmt: skip
def test_a_server_that_breaks_the_rules_is_left_with_a_clear_error(home, messages, words):
    expect_refusal(home, first_answer(*messages), words)


def test_a_server_that_offers_a_part_for_the_whole_is_left(home):
    expect_refusal(home, lambda peer, _: peer.send(frames.file(10, length=5)), "only a part")


def test_endless_duplicates_are_not_listened_to_forever(home):
    def answer(peer, _):
        peer.send(frames.file(len(DATA)))
        while True:
            peer.send(letter(0))

    expect_refusal(home, answer, "packet after packet and no mark")


def test_endless_damaged_packets_are_not_listened_to_forever(home):
    def answer(peer, _):
        peer.send(frames.file(len(DATA)))
        while True:
            peer.send(frames.packet(0, b"a", 0)[:-1] + b"b")

    expect_refusal(home, answer, "packet after packet and no mark")


def test_a_last_mark_that_never_comes_is_a_stall(home):
    answer = first_answer(*map(letter, range(4)), frames.mark(4), letter(4))
    expect_refusal(home, answer, "timed out", options=("--stall-timeout", "200ms"))


def one_window_each(make_packet):
    """A server that keeps to the rules, but for its packets."""

    def answer(peer, request):
        begin, end = request.offset, min(request.offset + request.length, len(DATA))
        peer.send(frames.file(len(DATA), begin, end - begin))
        for window in range(begin, end, request.window):
            last = min(window + request.window, end)
            peer.send(b"".join(make_packet(sequence) for sequence in range(window, last)))
            peer.send(frames.mark(last))

    return answer


@pytest.mark.parametrize("make_packet", [
    lambda k: frames.packet(k, b"xy", k),  # too long
    lambda k: frames.packet(k, b"", k),  # empty
    lambda k: frames.packet(k, DATA[k : k + 1], k + 1),  # in another place
    lambda k: frames.packet(k, DATA[k : k + 1], k, length=2),  # two lengths
    lambda k: frames.frame(frames.PACKET, b"short"),
])  # fmt: skip
def test_packets_of_the_wrong_size_or_place_are_asked_for_again_and_given_up(home, make_packet):
    with FakeServer(one_window_each(make_packet)) as server:
        result = download(server, home, *LETTERS)
    expect_failure(result, home, "10 packets are still missing")
    assert result.report["packets"]["corrupted"] == result.report["packets"]["received"] > 0


def test_holes_are_asked_for_exactly_and_in_the_version_of_the_first_answer(home):
    asked = []

    def make_packet(sequence):
        asked.append(sequence)
        return letter(sequence) if sequence not in (2, 3, 7) or len(asked) > 10 else b""

    with FakeServer(one_window_each(make_packet)) as server:
        result = download(server, home, *LETTERS, "--no-verify")
    assert result.saved == DATA, result.stderr
    assert [(r.offset, r.length, r.version) for r in server.requests] == [
        (0, frames.TO_THE_END, 0), (2, 2, 1), (7, 1, 1)]  # fmt: skip


@pytest.mark.parametrize("sent_ns", [0, 2**63 - 1, 2**63, 2**64 - 1])
def test_a_server_may_lie_about_the_time(home, sent_ns):
    server = FakeServer(one_window_each(
        lambda k: frames.packet(k, DATA[k : k + 1], k, sent_ns=sent_ns)))  # fmt: skip
    with server:
        rows = home.parent / "rows.csv"
        result = download(server, home, *LETTERS, "--no-verify", "--rows", rows)
    assert result.saved == DATA, result.stderr


@pytest.mark.parametrize("header, words", [
    (frames.file(10, 0, 10, version=2), "another range or version"),
    (frames.file(10, 4, 4), "another range or version"),
    (frames.file(10, 0, 5), "other packets"),
    (frames.file(11, 0, 10), "other packets"),
    (frames.error(6, "the file has changed since"), "version-changed"),
], ids=["version", "place", "length", "size", "refusal"])  # fmt: skip
def test_a_repeat_from_another_file_is_refused(home, header, words):
    def answer(peer, request):
        if request.version:
            peer.send(header)
        else:
            peer.send(frames.file(10) + frames.mark(4) + frames.mark(8) + frames.mark(10))

    expect_refusal(home, answer, words)


def test_many_small_holes_on_a_slow_reader_do_not_block_both_sides(served, home):
    data = lab.make_file(served / "file", 200_000)
    with lab.part_server(2, served, "--fault", "drop=0.5", "--send-buffer", 4096) as server:
        result = download(server, home, "--packet-size", 20, "--receive-buffer", 4096)
    assert result.code == 0, result.stderr
    assert result.saved == data
