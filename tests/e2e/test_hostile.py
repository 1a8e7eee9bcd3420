"""Clients that no server deserves. After each the server serves a good one, and holds no more
descriptors and threads than before."""

import contextlib
import random
import struct

import frames
import lab
import pytest

SERVERS = lab.kinds()
MIB = 1 << 20
BIG = 64 * MIB  # more than any socket buffers hold
CONTENT = b"Hello, Download Lab!\n"


@contextlib.contextmanager
def besieged(part, served, *options):
    """A server that must be as well after the test's clients as before them."""
    (served / "good").write_bytes(CONTENT)
    lab.make_sparse(served / "big", BIG)
    with lab.part_server(part, served, "--backlog", 500, "--log", *options) as server:
        warm_up(server, part.workers or 1)
        lab.wait_until(lambda: len(connections(server)) == 0, "the first clients have gone")
        fds, threads = server.fds(), server.threads()
        yield server
        assert_serves(server)
        server.wait_until_idle(fds, threads)


def connections(server):
    """The server's ends of its connections: all it holds or has yet to accept."""
    rows = (line.split() for line in open("/proc/net/tcp").readlines()[1:])
    established = ("01", "08")
    return [row for row in rows
            if row[1].endswith(f":{server.port:04X}") and row[3] in established]  # fmt: skip


def warm_up(server, workers):
    """Has each worker serve a client; a process starts the thread that makes digests when it first
    needs it."""
    with contextlib.ExitStack() as clients:
        for _ in range(workers):
            assert_answers(clients.enter_context(lab.RawClient(server, seconds=30)))


def assert_serves(server):
    with lab.RawClient(server, seconds=30) as client:
        assert_answers(client)


def assert_answers(client):
    client.send(frames.get("good") + frames.digest("good"))
    assert frames.receive_file(client) == CONTENT
    assert frames.receive_frame(client)[0] == frames.FILE_DIGEST


def field(name, claimed):
    """A Get whose name claims to be of another length."""
    return struct.pack(">QQQHH", 0, 1, 0, 1, claimed) + name


NO_FRAME = {
    "garbage": (random.Random(1).randbytes(5000), "malformed"),
    "zeros": (bytes(100), "malformed"),
    "TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(32), "malformed"),
    "a body of 4 GiB": (frames.frame(frames.GET, length=0xFFFFFFFF), "malformed"),
    "a body one too long": (frames.frame(frames.GET, length=65_537), "malformed"),
    "version 0": (frames.frame(frames.LIST, version=0), "unsupported-version"),
    "version 2": (frames.frame(frames.LIST, version=2), "unsupported-version"),
    "version 255": (frames.frame(0x77, version=255), "unsupported-version"),
}


@SERVERS
@pytest.mark.parametrize("what", NO_FRAME)
def test_what_is_no_frame_is_answered_and_closed(served, part, what):
    data, reason = NO_FRAME[what]
    with besieged(part, served) as server, lab.RawClient(server) as client:
        client.send(data)
        assert frames.receive_error(client) == reason
        assert client.receive_all() == b""


@lab.kinds(None)  # part 3 speaks it
def test_http_is_no_frame_to_parts_1_and_2(served, part):
    with besieged(part, served) as server, lab.RawClient(server) as client:
        client.send(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert frames.receive_error(client) == "malformed"
        assert client.receive_all() == b""


@SERVERS
@pytest.mark.parametrize("error", ["EPERM", "ENOSYS"])
def test_a_sandbox_that_refuses_openat2_is_no_reason_to_refuse_everybody(served, part, error):
    (served / "good").write_bytes(CONTENT)
    (served / "sub").mkdir()
    (served / "sub" / "inside").symlink_to("../good")
    (served / "outside").symlink_to("/etc/passwd")
    with lab.part_server(part, served, prefix=lab.refusing(openat2=error)) as server:
        with lab.RawClient(server) as client:
            for name in ("good", "sub/inside", "sub/../good"):
                client.send(frames.get(name))
                assert frames.receive_file(client) == CONTENT
            for name in ("outside", "../good", "sub/../../good"):
                client.send(frames.get(name))
                assert frames.receive_error(client) == "forbidden"


@SERVERS
def test_an_answer_is_not_lost_to_what_the_client_still_sends(served, part):
    """A server that closed with unread input would reset the connection and its own answer."""
    with besieged(part, served) as server, lab.RawClient(server) as client:
        client.send(b"\x16 is no beginning of ours" + b"x" * MIB)
        assert frames.receive_error(client) == "malformed"


REFUSED = {
    "an offset of 2^63": (frames.get("good", offset=2**63), "bad-range"),
    "an offset behind the end": (frames.get("good", offset=len(CONTENT) + 1), "bad-range"),
    "an empty name": (frames.get(""), "bad-name"),
    "a NUL in the name": (frames.get("good\0"), "bad-name"),
    "only a NUL": (frames.get("\0"), "bad-name"),
    "5,000 bytes of name": (frames.get("x" * 5000), "bad-name"),
    "an absolute name": (frames.get("/etc/passwd"), "bad-name"),
    "a name above the root": (frames.get("../good"), "forbidden"),
    "a name far above": (frames.get("../" * 1000 + "etc/passwd"), "forbidden"),
    "the root": (frames.get("."), "not-a-file"),
    "a name that is no UTF-8": (frames.get(b"\xff\xfe\x1b[2J"), "not-found"),
    "another version": (frames.get("good", version=1), "version-changed"),
    "another version's digest": (frames.digest("good", version=1), "version-changed"),
    "a digest of nothing": (frames.digest("missing"), "not-found"),
    "a share of 0": (frames.get("good", share=0), "malformed"),
    "a name beyond the body": (frames.frame(frames.GET, field(b"good", 5)), "malformed"),
    "a name far beyond the body": (frames.frame(frames.GET, field(b"good", 65535)), "malformed"),
    "a body beyond the name": (frames.frame(frames.GET, field(b"good", 3)), "malformed"),
    "an empty body": (frames.frame(frames.GET), "malformed"),
    "a list with a body": (frames.frame(frames.LIST, b"x"), "malformed"),
    "a body as long as allowed": (frames.frame(frames.GET, bytes(65_536)), "malformed"),
    "an unknown request": (frames.frame(0x7F, b"whatever"), "unknown-type"),
    "type 0": (frames.frame(0), "unknown-type"),
    "an answer for a request": (frames.frame(frames.FILE, bytes(51)), "unknown-type"),
    "an error for a request": (frames.frame(frames.ERROR, bytes(4)), "unknown-type"),
}


@SERVERS
def test_a_request_that_makes_no_sense_is_refused_and_the_connection_goes_on(served, part):
    with besieged(part, served) as server, lab.RawClient(server) as client:
        for what, (request, reason) in REFUSED.items():
            client.send(request)
            assert frames.receive_error(client) == reason, what
            client.send(frames.get("good"))
            assert frames.receive_file(client) == CONTENT, f"after {what}"


@SERVERS
def test_lengths_beyond_the_end_mean_to_the_end(served, part):
    with besieged(part, served) as server, lab.RawClient(server) as client:
        for length in (2**63, 2**63 - 1, 2**64 - 1, 22):
            client.send(frames.get("good", offset=7, length=length))
            assert frames.receive_file(client) == CONTENT[7:]
        client.send(frames.get("good", offset=len(CONTENT)))
        assert frames.receive_file(client) == b""


@SERVERS
def test_requests_in_one_piece_are_answered_in_turn(served, part):
    with besieged(part, served) as server, lab.RawClient(server) as client:
        client.send(frames.get("good") + frames.get("missing") + frames.frame(0x7F)
                    + frames.get("good", offset=1))  # fmt: skip
        assert frames.receive_file(client) == CONTENT
        assert frames.receive_error(client) == "not-found"
        assert frames.receive_error(client) == "unknown-type"
        assert frames.receive_file(client) == CONTENT[1:]


@SERVERS
def test_a_request_may_come_byte_by_byte(served, part):
    with besieged(part, served) as server, lab.RawClient(server) as client:
        for byte in frames.get("good"):
            client.send(bytes([byte]))
        assert frames.receive_file(client) == CONTENT


@SERVERS
def test_frames_of_dice_are_answered_each(served, part):
    dice = random.Random(part)
    with besieged(part, served) as server, lab.RawClient(server) as client:
        for _ in range(300):
            kind = dice.choice([*range(1, 5), dice.randrange(256)])
            client.send(frames.frame(kind, dice.randbytes(dice.randrange(80))))
            assert frames.receive_frame(client)[0] in (frames.ERROR, frames.LISTING)
