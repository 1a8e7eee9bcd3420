"""Clients that vanish, dawdle, or come in crowds."""

import select
from pathlib import Path

import frames
import lab
import pytest
from test_hostile import BIG, CONTENT, SERVERS, assert_serves, besieged, connections

HALF_A_REQUEST = frames.get("good")[:20]


@SERVERS
@pytest.mark.parametrize("cut_at", [0, 1, 11, 12, 20])
def test_a_request_cut_short_ends_the_connection(served, part, cut_at):
    with besieged(part, served) as server:
        with lab.RawClient(server) as client:
            client.send(frames.get("good")[:cut_at])
            client.end_of_input()
            assert client.receive_all() == b""
        with lab.RawClient(server) as client:
            client.send(frames.get("good")[:cut_at])
            client.reset()


@SERVERS
def test_after_a_half_close_what_was_asked_is_still_answered(served, part):
    with besieged(part, served) as server, lab.RawClient(server) as client:
        client.send(frames.get("good") + frames.get("good", offset=7))
        client.end_of_input()
        assert frames.receive_file(client) == CONTENT
        assert frames.receive_file(client) == CONTENT[7:]
        assert client.receive_all() == b""


@SERVERS
@pytest.mark.parametrize("leave", ["close", "reset"])
def test_a_client_that_vanishes_in_mid_body_is_forgotten(served, part, leave):
    with besieged(part, served) as server:
        for _ in range(3):
            with lab.RawClient(server, receive_buffer=4096) as client:
                client.send(frames.get("big"))
                assert frames.receive_header(client)[3] == BIG
                client.receive(1000)
                if leave == "reset":
                    client.reset()
        lab.wait_until(lambda: server.stderr().count("status=client-left") == 3, "all are missed")


@SERVERS
def test_a_request_that_trickles_in_has_one_deadline(served, part):
    """The bytes of the frame would last for ever; the server says so and closes in the middle."""
    with besieged(part, served, "--request-timeout", "200ms") as server:
        with lab.RawClient(server) as client:
            client.send(frames.frame(frames.GET, length=65_536))
            sent = 0
            while not is_answered_within(client, 0.02):
                client.send(b"x")
                sent += 1
                assert sent < 10_000, "the server waits for ever"
            assert frames.receive_error(client) == "timed-out"
            assert client.receive_all() == b""


def is_answered_within(client, seconds):
    return select.select([client.socket], [], [], seconds)[0] != []


@SERVERS
def test_a_client_that_never_ends_its_request_nor_leaves_holds_up_nobody(served, part):
    with besieged(part, served, "--request-timeout", "100ms") as server:
        with lab.RawClient(server) as client:
            client.send(HALF_A_REQUEST)
            assert_serves(server)
            assert frames.receive_error(client) == "timed-out"
            assert client.receive_all() == b""


@SERVERS
def test_a_client_that_says_nothing_is_closed_after_the_stall_timeout(served, part):
    with besieged(part, served, "--stall-timeout", "500ms") as server:
        with lab.RawClient(server) as client:
            assert client.receive_all() == b""


@SERVERS
def test_a_client_that_never_reads_is_closed_after_the_stall_timeout(served, part):
    with besieged(part, served, "--stall-timeout", "500ms", "--send-buffer", "64KiB") as server:
        with lab.RawClient(server, receive_buffer=4096) as client:
            client.send(frames.get("big"))
            server.wait_for_log("name=big .*status=stalled")
            assert_serves(server)


@SERVERS
def test_a_server_that_is_paused_again_and_again_keeps_its_deadlines(served, part):
    """One second of silence is one second, although no wait of the server's lasts that long."""
    with besieged(part, served, "--stall-timeout", "1s", "--send-buffer", "64KiB") as server:
        with lab.pauses(server.pid), lab.RawClient(server) as silent:
            assert silent.receive_all() == b""
        with lab.pauses(server.pid), lab.RawClient(server, receive_buffer=4096) as full:
            full.send(frames.get("big"))
            server.wait_for_log("name=big .*status=stalled")


@lab.kinds("threads", "pool", "processes", "prefork", "epoll", "io_uring")
def test_part3_serves_others_while_a_client_never_reads(served, part):
    with besieged(part, served) as server:
        with lab.RawClient(server, receive_buffer=4096) as client:
            client.send(frames.get("big"))
            frames.receive_header(client)
            assert_serves(server)
            assert "name=big" not in server.stderr(), "still being sent"


# pool and prefork serve no more at once than they have workers.
@lab.kinds("threads", "processes", "epoll", "io_uring")
def test_part3_serves_others_while_200_clients_say_nothing(served, home, part):
    with besieged(part, served) as server:
        clients = [lab.RawClient(server) for _ in range(200)]
        lab.wait_until(lambda: server.fds() > 200, "200 connections are listened to")
        assert_serves(server)
        result = lab.part_client(3, server, "good", "-o", home)
        assert result.returncode == 0, result.stderr
        for client in clients:
            client.socket.close()


@SERVERS
@pytest.mark.parametrize("said", [b"", HALF_A_REQUEST])
def test_200_clients_that_come_and_go_leave_nothing_behind(served, part, said):
    with besieged(part, served) as server:
        clients = [lab.RawClient(server) for _ in range(200)]
        for client in clients:
            client.send(said)
        for client in clients:
            client.socket.close()


def cpu_seconds(server):
    """Processor time of all the server's threads."""
    stats = Path(f"/proc/{server.pid}/task").glob("*/schedstat")
    return sum(int(stat.read_text().split()[0]) for stat in stats) * 1e-9


@lab.kinds("threads", "pool", "epoll", "io_uring")
def test_part3_without_descriptors_says_so_without_spinning_and_serves_again(served, home, part):
    """To whoever asks, at once: the others may be silent for longer than any test takes."""
    (served / "good").write_bytes(CONTENT)
    if part.model == "pool":
        part = lab.Kind(3, "pool", 20)  # who could hold more connections than there may be
    few = ("prlimit", "--nofile=24")
    patient = ("--stall-timeout", "1000min", "--refusal-timeout", "1000min")
    with lab.part_server(part, served, "--backlog", 500, *patient, prefix=few) as server:
        idle = idle_fds(server)
        clients = [lab.RawClient(server) for _ in range(60)]
        with lab.RawClient(server) as one_too_many:
            one_too_many.send(frames.get("good"))
            assert frames.receive_error(one_too_many) == "busy"
        assert share_of_a_cpu(server) < 0.05
        for client in clients:
            client.socket.close()
        # Until the last of them is seen off there may be no descriptor left for the file.
        lab.wait_until(lambda: len(connections(server)) == 0, "all have gone")
        server.wait_until_idle(idle, 1000)
        result = lab.part_client(1, server, "good", "-o", home)
        assert result.returncode == 0, result.stderr
        server.wait_until_idle(idle, 1000)


def idle_fds(server):
    """What it holds between two clients: all that it wants to have before the first is there then."""
    assert_serves(server)
    lab.wait_until(lambda: len(connections(server)) == 0, "the first client has gone")
    return server.fds()


def share_of_a_cpu(server):
    """What the server takes of one processor, over 200 looks at it. A loop takes all that it gets."""
    looks = iter(range(200))
    started, used = lab.time.monotonic(), cpu_seconds(server)
    lab.wait_until(lambda: next(looks) == 199, "200 looks at the server", seconds=60)
    return (cpu_seconds(server) - used) / (lab.time.monotonic() - started)


@lab.kinds("threads", "epoll", "io_uring")
def test_part3_without_descriptors_for_files_answers_with_an_error(served, part):
    (served / "good").write_bytes(CONTENT)
    with lab.part_server(part, served, prefix=("prlimit", "--nofile=20")) as server:
        clients = [lab.RawClient(server) for _ in range(20 - idle_fds(server))]
        for client in clients:  # each has been let in
            client.send(frames.frame(0x7F))
            assert frames.receive_error(client) == "unknown-type"
        lab.wait_until(lambda: server.fds() == 20, "all descriptors are taken")
        clients[0].send(frames.get("good"))
        assert frames.receive_error(clients[0]) == "internal"
        for client in clients[1:3]:
            client.socket.close()
        lab.wait_until(lambda: server.fds() <= 18, "a descriptor is free")
        clients[0].send(frames.get("good"))
        assert frames.receive_file(clients[0]) == CONTENT
        for client in clients:
            client.socket.close()


@SERVERS
def test_offsets_beyond_4_GiB_are_served(served, part):
    end = b"the end of a large file"
    size = 5 << 30
    lab.make_sparse(served / "large", size)
    with open(served / "large", "r+b") as file:
        file.seek(size - len(end))
        file.write(end)
    for io in [()] if part == 2 else [("--io", path) for path in ("copy", "sendfile", "mmap")]:
        with lab.part_server(part, served, *io) as server, lab.RawClient(server) as client:
            client.send(frames.get("large", offset=size - len(end)))
            assert frames.receive_file(client) == end
