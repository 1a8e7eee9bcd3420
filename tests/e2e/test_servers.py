"""How servers begin and end."""

import csv
import os
import signal
import socket

import frames
import lab
import pytest
from proxy import Proxy

SERVERS = lab.kinds()
ONE_PROCESS = lab.kinds(but=("processes", "prefork"))
FORKING = lab.kinds("processes", "prefork")
SIGNALS = pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
BIG = 64 << 20


def refused(part, *options):
    """What a server that cannot start says, with its exit code in front."""
    with pytest.raises(ChildProcessError) as failure:
        lab.Server(lab.BIN / f"part{part}_server", *part.options, *options)
    return str(failure.value).removeprefix("exited with ")


@SERVERS
def test_a_port_in_use_is_said(served, part):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        text = refused(part, "--root", served, "--port", port)
    assert text == f"1: part{part}_server: bind 127.0.0.1:{port}: Address already in use\n"


@SERVERS
def test_a_folder_that_cannot_be_served_is_said(served, part):
    lab.make_file(served / "file", 1)
    for folder, reason in (("nowhere", "No such file or directory"), ("file", "Not a directory")):
        text = refused(part, "--root", served / folder, "--port", 0)
        assert text == f"1: part{part}_server: open folder {served / folder}: {reason}\n"


@SERVERS
@pytest.mark.parametrize("options, code", [
    (["--port", "65536"], 2), (["--port", "x"], 2), (["--buffer", "0"], 2),
    (["--backlog", "0"], 2), (["--no-such-option"], 2), (["--request-timeout", "0"], 2),
    (["--host", "no-such-host.invalid"], 1), (["--congestion", "none-such", "--port", "0"], 1),
])  # fmt: skip
def test_a_wrong_command_line_and_a_wish_refused_by_the_system_are_told_apart(part, options, code):
    text = refused(part, *options)
    assert text.startswith(f"{code}: part{part}_server: ")
    assert text.count("\n") == 1


@ONE_PROCESS
def test_samples_that_cannot_be_written_are_said(part):
    text = refused(part, "--samples", "/nowhere/samples.csv", "--port", "0")
    assert text.startswith(f"1: part{part}_server: ") and "/nowhere/samples.csv" in text


@FORKING
def test_samples_of_many_processes_are_refused(part, tmp_path):
    """The sampler looks at sockets of its own process."""
    text = refused(part, "--samples", tmp_path / "samples.csv", "--port", "0")
    assert text.startswith("2: part3_server: ") and f"not with --model {part.model}" in text


@SERVERS
def test_a_server_prints_one_line_when_it_is_ready(served, part):
    with lab.part_server(part, served) as server:
        assert server.stdout() == f"listening on {server.address}\n"
        assert server.port != 0


@SERVERS
def test_the_port_is_free_again_at_once(served, home, part):
    lab.make_file(served / "file", 10)
    command = (lab.BIN / f"part{part}_server", *part.options, "--root", served)
    with lab.Server(*command, "--port", 0) as first:
        assert lab.part_client(1, first, "file", "-o", home).returncode == 0
    with lab.Server(*command, "--port", first.port) as again:
        assert lab.part_client(1, again, "file", "-o", home).returncode == 0


@SERVERS
@SIGNALS
def test_an_idle_server_ends_well(served, part, sent):
    with lab.part_server(part, served) as server:
        assert server.stop(sent) == 0
        assert server.stderr() == ""


@SERVERS
@SIGNALS
def test_a_server_that_is_sending_ends_well(served, part, sent):
    lab.make_sparse(served / "file", BIG)
    with lab.part_server(part, served) as server:
        with lab.RawClient(server, receive_buffer=4096) as client:
            client.send(frames.get("file"))
            assert frames.receive_header(client)[0] == BIG
            assert server.stop(sent) == 0


@SERVERS
@SIGNALS
def test_a_server_with_silent_connections_and_a_queue_ends_well(served, part, sent):
    with lab.part_server(part, served, "--backlog", 200) as server:
        clients = [lab.RawClient(server) for _ in range(100)]
        assert server.stop(sent) == 0
        for client in clients:
            client.socket.close()


# pool and prefork serve no more at once than they have workers.
@lab.kinds("threads", "processes", "epoll", "io_uring")
def test_part3_ends_well_while_a_hundred_connections_receive(served, part):
    lab.make_sparse(served / "file", BIG)
    with lab.part_server(part, served, "--backlog", 200) as server:
        clients = [lab.RawClient(server, receive_buffer=4096) for _ in range(100)]
        for client in clients:
            client.send(frames.get("file"))
        for client in clients:
            frames.receive_header(client)
        assert server.stop() == 0
        for client in clients:
            client.socket.close()


@lab.kinds(*(kind.model for kind in lab.MODELS))
def test_a_server_that_waits_for_a_slow_limit_ends_at_once(served, part):
    lab.make_sparse(served / "file", BIG)
    with lab.part_server(part, served, "--limit-rate", "1kbit") as server:
        with lab.RawClient(server) as client:
            client.send(frames.get("file"))
            client.receive(frames.header_bytes("file") + 1024)
            assert server.stop(seconds=5) == 0


@SERVERS
def test_a_server_that_pretends_to_work_ends_at_once(served, part):
    lab.make_file(served / "file", 10)
    with lab.part_server(part, served, "--service-time", "10min") as server:
        with lab.RawClient(server) as client:
            client.send(frames.get("file"))
            lab.wait_until(lambda: unread_by(server) == 0, "the request has been taken up")
            assert server.stop(seconds=5) == 0


def unread_by(server):
    """Bytes that lie in the receive queues of the server's connections."""
    rows = [line.split() for line in open("/proc/net/tcp").readlines()[1:]]
    port = f":{server.port:04X}"
    queues = [row[4] for row in rows if row[1].endswith(port) and row[3] == "01"]
    return sum(int(queue.partition(":")[2], 16) for queue in queues) if queues else -1


@ONE_PROCESS
def test_the_last_samples_are_written_at_the_end(served, tmp_path, part):
    lab.make_sparse(served / "file", BIG)
    with lab.part_server(part, served, "--samples", tmp_path / "samples") as server:
        with lab.RawClient(server, receive_buffer=4096) as client:
            client.send(frames.get("file"))
            frames.receive_header(client)
            port = client.socket.getsockname()[1]
            assert server.stop() == 0
    rows = list(csv.DictReader((tmp_path / "samples").open()))
    assert str(port) in {row["peer_port"] for row in rows}


@SERVERS
def test_a_client_learns_that_the_server_was_stopped(served, home, part):
    lab.make_sparse(served / "file", BIG)
    with lab.part_server(part, served) as server, Proxy(server, hold_after=100_000) as proxy:
        with lab.RawClient(proxy) as client:
            client.send(frames.get("file"))
            proxy.wait_until_holding()
            assert server.stop() == 0
            proxy.release()
            assert len(client.receive_all()) < BIG


@SERVERS
def test_a_server_serves_a_folder_that_was_renamed_under_it(served, home, part):
    lab.make_file(served / "file", 10)
    with lab.part_server(part, served) as server:
        os.rename(served, served.parent / "renamed")
        assert lab.part_client(1, server, "file", "-o", home).returncode == 0
