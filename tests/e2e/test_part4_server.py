"""Part 4's server: one client at a time, one request a connection."""

import re
import socket

import frames
import lab
import pytest
from started import names_in

MIB = 1 << 20
BIG = 64 * MIB  # more than any socket buffers hold


def mirror(served, *options, **how):
    return lab.part_server(4, served, *options, **how)


def answer_to(server, request):
    """All that comes on a connection of its own."""
    with lab.RawClient(server) as client:
        client.send(request)
        return client.receive_all()


def assert_serves(server, name="file"):
    with lab.RawClient(server) as client:
        client.send(frames.get(name))
        assert frames.receive_file(client)
        assert client.receive(1) == b""


@pytest.fixture
def file(served):
    return lab.make_file(served / "file", 300_000)


def test_the_port_is_an_argument(served, file):
    with lab.Server(lab.BIN / "part4_server", 0, "--root", served) as server:
        assert server.port != 0
        assert_serves(server)


@pytest.mark.parametrize("arguments", [
    ["65536"], ["-1"], ["x"], ["0", "1"], ["0", "--port", "0"], ["0", "--limit-rate", "0Mbit"],
])  # fmt: skip
def test_a_wrong_command_line_is_refused_in_a_line(arguments):
    with pytest.raises(ChildProcessError, match="^exited with 2: part4_server: .*\n$"):
        lab.Server(lab.BIN / "part4_server", *arguments)


def test_an_answer_ends_its_connection(served, file):
    with mirror(served) as server:
        answers = answer_to(server, frames.get("file", 100, 1000) + frames.get("file"))
        assert answers[frames.header_bytes("file") :] == file[100:1100]
        assert_serves(server)


def test_any_client_that_asks_once_is_served(served, home, file):
    with mirror(served) as server:
        result = lab.part_client(1, server, "file", "-o", home, "--no-verify")
        assert result.returncode == 0, result.stderr
    assert (home / "file").read_bytes() == file
    assert names_in(home) == ["file"]


@pytest.mark.parametrize("request_, reason", [
    (frames.get("missing"), "not-found"),
    (frames.get("secret"), "forbidden"),
    (frames.get("folder"), "not-a-file"),
    (frames.get("file", 300_001), "bad-range"),
    (frames.get("file", version=7), "version-changed"),
    (frames.frame(0x7F), "unknown-type"),
    (b"\x16\x03\x01" + bytes(20), "malformed"),
])  # fmt: skip
def test_a_refusal_has_a_type_and_ends_its_connection(served, file, request_, reason):
    (served / "folder").mkdir()
    (served / "secret").write_text("secret")
    (served / "secret").chmod(0)
    with mirror(served, prefix=lab.without_root()) as server:
        with lab.RawClient(server) as client:
            client.send(request_)
            assert frames.receive_error(client) == reason
            assert client.receive(1) == b""
        assert_serves(server)


def test_a_digest_is_an_answer_like_any(served, file):
    with mirror(served) as server, lab.RawClient(server) as client:
        client.send(frames.digest("file"))
        assert frames.receive_frame(client)[0] == frames.FILE_DIGEST
        assert client.receive(1) == b""


def test_a_client_that_vanishes_leaves_the_server_serving(served, file):
    lab.make_sparse(served / "big", BIG)
    with mirror(served, "--log") as server:
        fds, threads = server.fds(), server.threads()
        for _ in range(3):
            client = lab.RawClient(server, receive_buffer=4096)
            client.send(frames.get("big"))
            frames.receive_header(client)
            client.reset()
        client = lab.RawClient(server)
        client.send(frames.get("file")[:20])
        client.reset()
        assert_serves(server)
        server.wait_until_idle(fds, threads)
        assert server.stderr().count("status=client-left") == 3


def test_a_request_is_a_line_of_the_log(served, file):
    with mirror(served, "--log") as server:
        answer_to(server, frames.get("file", 10, 20))
        answer_to(server, frames.get("missing"))
        answer_to(server, frames.frame(frames.LIST))
        server.wait_for_log("request=LIST")
        lines = server.stderr().splitlines()
    assert [re.match(r"request=(\w+)", line)[1] for line in lines] == ["GET", "GET", "LIST"]
    assert "name=file offset=10 length=20 sent=20" in lines[0]
    assert "status=not-found" in lines[1]


def test_whoever_waits_is_served_in_turn(served, file):
    lab.make_sparse(served / "big", BIG)
    with mirror(served, "--log") as server:
        with lab.RawClient(server, receive_buffer=4096) as first, lab.RawClient(server) as second:
            first.send(frames.get("big"))
            frames.receive_header(first)
            second.send(frames.get("file"))
            first.reset()
            assert frames.receive_file(second) == file
        server.wait_for_log("name=file")
        assert server.stderr().index("name=big") < server.stderr().index("name=file")


def test_a_client_that_keeps_its_connection_does_not_keep_the_server(served, file):
    with mirror(served) as server, lab.RawClient(server) as first:
        first.send(frames.get("file"))
        assert frames.receive_file(first) == file
        assert_serves(server)


def test_twenty_may_wait(served):
    """One more fits into a queue of n on Linux (listen(2)); the next one's SYN has no answer."""
    lab.make_sparse(served / "big", BIG)
    with mirror(served) as server:
        clients = [lab.RawClient(server, receive_buffer=4096)]
        clients[0].send(frames.get("big"))
        frames.receive_header(clients[0])
        clients += [lab.RawClient(server) for _ in range(21)]
        assert not lab.is_connecting_to(server.address)
        with socket.socket() as last:
            last.setblocking(False)
            assert last.connect_ex((server.host, server.port))
            lab.wait_until(lambda: lab.is_connecting_to(server.address), "one has no answer")
        for client in clients:
            client.socket.close()


def test_a_limit_holds_for_each_connection_and_does_not_delay_the_end(served):
    lab.make_sparse(served / "big", BIG)
    with mirror(served, "--limit-rate", "1kbit") as server, lab.RawClient(server) as client:
        client.send(frames.get("big"))
        client.receive(frames.header_bytes("big") + 1)
        assert server.stop(seconds=5) == 0
