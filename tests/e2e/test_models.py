"""Part 3's server in its seven models: what all of them promise, and what only some do."""

import contextlib
import os
import select
import signal
import socket
import threading

import frames
import lab
import pytest
from test_hostile import CONTENT, assert_serves

SIZE = 16 << 20  # more than any socket buffers hold
ALL = lab.kinds(*(kind.model for kind in lab.MODELS))
# The parent tells its processes by signals, which ThreadSanitizer keeps from them.
GENTLE = lab.kinds(*(kind.model for kind in lab.MODELS if not lab.is_built_for_threads()
                     or kind.model not in ("processes", "prefork")))  # fmt: skip
SEVERAL = lab.kinds("threads", "pool", "processes", "prefork", "epoll", "io_uring")
FORKING = lab.kinds("processes", "prefork")


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """One folder for all, which no test changes."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "good").write_bytes(CONTENT)
    lab.make_file(folder / "big", SIZE)
    return folder


@pytest.fixture
def big(served):
    return (served / "big").read_bytes()


def in_mid_body(server, clients=1):
    """Clients that were sent the header of "big" and read no further."""
    reading = [lab.RawClient(server, receive_buffer=65536) for _ in range(clients)]
    for client in reading:
        client.send(frames.get("big"))
        assert frames.receive_header(client)[3] == SIZE
    return reading


@ALL
def test_a_picture_arrives_over_five_connections(served, home, part, big):
    with lab.part_server(part, served) as server:
        result = lab.part_client(3, server, "big", "-o", home, "--connections", 5)
        assert result.returncode == 0, result.stderr
    assert (home / "big").read_bytes() == big


@lab.kinds("epoll", "io_uring")
def test_several_loops_serve_on_one_port(served, part):
    with lab.part_server(part, served, "--workers", 3) as server:
        clients = [lab.RawClient(server) for _ in range(30)]
        for client in clients:
            client.send(frames.get("good"))
        for client in clients:
            assert frames.receive_file(client) == CONTENT
            client.socket.close()
        assert server.stop() == 0


@lab.kinds("threads", "pool", "processes", "epoll", "io_uring")
def test_one_too_many_is_told_so_and_served_once_another_has_left(served, part):
    with lab.part_server(part, served, "--max-connections", 2) as server:
        with lab.RawClient(server) as first:
            with lab.RawClient(server) as second:
                assert answer_to(first) == answer_to(second) == "served"
                with lab.RawClient(server) as third:
                    assert answer_to(third) == "busy"
                    assert third.receive_all() == b""
                assert http_status(server) == b"503"
                assert answer_to(first) == "served"
            lab.wait_until(lambda: is_served(server), "there is room for another")
            assert answer_to(first) == "served"


@lab.kinds("threads", "pool", "processes", "epoll", "io_uring")
def test_refused_clients_that_say_nothing_hold_up_nobody(served, part):
    limits = ("--max-connections", 1, "--refusal-timeout", "1000min")
    with contextlib.ExitStack() as ends:
        server = ends.enter_context(lab.part_server(part, served, *limits))
        with lab.RawClient(server) as first:
            assert answer_to(first) == "served"
            for _ in range(30):
                ends.enter_context(lab.RawClient(server))
            with lab.RawClient(server) as another:
                assert answer_to(another) == "busy"
        lab.wait_until(lambda: is_served(server), "there is room, though they stay")
        assert server.stop() == 0


def answer_to(client):
    client.send(frames.get("good"))
    kind, body = frames.receive_frame(client)
    if kind == frames.ERROR:
        return frames.CODES[body[1]]
    assert client.receive(len(CONTENT)) == CONTENT
    return "served"


def is_served(server):
    with lab.RawClient(server) as client:
        return answer_to(client) == "served"


def http_status(server):
    with lab.RawClient(server) as client:
        client.send(b"GET /good HTTP/1.1\r\nHost: here\r\n\r\n")
        return client.receive_all().split()[1]


def is_refused(server):
    try:
        socket.create_connection((server.host, server.port), 20).close()
    except ConnectionError:  # a reset: the listener went while it shook hands
        return True
    return False


@GENTLE
def test_within_the_grace_what_was_asked_is_answered_to_the_end(served, part, big):
    with lab.part_server(part, served, "--grace", "60s") as server:
        (client,) = in_mid_body(server)
        with client:
            server.process.send_signal(signal.SIGTERM)
            lab.wait_until(lambda: is_refused(server), "nobody is accepted any more")
            assert client.receive_all() == big
        assert server.process.wait(20) == 0


@GENTLE
def test_a_connection_that_asks_nothing_is_given_no_grace(served, part):
    with lab.part_server(part, served, "--grace", "60s") as server:
        with lab.RawClient(server) as client:
            assert answer_to(client) == "served"
            assert server.stop() == 0
            assert client.receive_all() == b""


@ALL
def test_after_the_grace_a_client_that_never_reads_is_cut_off(served, part):
    with lab.part_server(part, served, "--grace", "300ms") as server:
        (client,) = in_mid_body(server)
        with client:
            before = lab.time.monotonic()
            assert server.stop() == 0
            assert lab.time.monotonic() - before >= 0.3
            assert received_by(client) < SIZE


def received_by(client):
    """How many bytes come before the connection ends, in whatever way."""
    count = 0
    with contextlib.suppress(ConnectionResetError):
        while piece := client.socket.recv(1 << 20):
            count += len(piece)
    return count


@lab.kinds("iterative", "pool", "prefork")
def test_as_many_slow_readers_as_workers_hold_the_others_up(served, part):
    with lab.part_server(part, served) as server:
        slow = in_mid_body(server, part.workers)
        with lab.RawClient(server) as client:
            client.send(frames.get("good"))
            assert not select.select([client.socket], [], [], 0.3)[0]
            slow[0].reset()
            assert frames.receive_file(client) == CONTENT
        for reader in slow:
            reader.socket.close()


def naive_server(listener):
    """Answers each byte with a hundred, and reads on when they have left."""
    connection, _ = listener.accept()
    with connection:
        while asked := connection.recv(1000):
            connection.sendall(asked * 100)


def push(client, request):
    """Sends requests, and never reads, until the socket has taken none for a while."""
    sent = 0
    while select.select([], [client], [], 0.3)[1]:
        sent += client.send(request, socket.MSG_DONTWAIT)
    return sent


def test_naively_both_sides_send_and_wait_for_each_other_for_ever():
    """Nobody reads until it has sent: both socket buffers fill up, and only a third party ends it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = threading.Thread(target=naive_server, args=(listener,), daemon=True)
        server.start()
        with socket.create_connection(listener.getsockname(), 20) as client:
            sent = 0
            while pushed := push(client, b"x" * 1000):
                sent += pushed
            assert server.is_alive()
            client.shutdown(socket.SHUT_WR)
            received = sum(map(len, iter(lambda: client.recv(1 << 20), b"")))
            assert received == 100 * sent
        server.join(20)
        assert not server.is_alive()


@ALL
def test_a_client_that_asks_and_never_reads_is_given_up(served, part):
    """The same client as above, whose requests fill one direction and our answers the other."""
    options = ("--log", "--stall-timeout", "500ms", "--send-buffer", "64KiB")
    with lab.part_server(part, served, *options) as server:
        with lab.RawClient(server, receive_buffer=65536) as client:
            with contextlib.suppress(ConnectionError):  # given up while it still pushes
                push(client.socket, frames.get("big") * 10)
            server.wait_for_log("name=big .*status=stalled")
            assert received_by(client) < SIZE
        assert_serves(server)


@SEVERAL
def test_a_client_that_asks_and_never_reads_does_not_hold_up_others(served, home, part):
    with lab.part_server(part, served, "--log") as server:
        with lab.RawClient(server, receive_buffer=65536) as client:
            push(client.socket, frames.get("big") * 10)
            result = lab.part_client(3, server, "big", "-o", home, "--connections", 2)
            assert result.returncode == 0, result.stderr
            assert "status=stalled" not in server.stderr(), "no longer in the way"


def worker_of(server, client):
    """The process that holds the server's end of the client's connection."""
    port = client.socket.getsockname()[1]
    rows = (line.split() for line in open("/proc/net/tcp").readlines()[1:])
    inode = next(row[9] for row in rows
                 if row[1].endswith(f":{server.port:04X}") and row[2].endswith(f":{port:04X}"))
    return next(pid for pid in lab.family(server.pid) if holds(pid, f"socket:[{inode}]"))


def holds(pid, what):
    folder = f"/proc/{pid}/fd"
    with contextlib.suppress(OSError):
        return any(os.readlink(f"{folder}/{fd}") == what for fd in os.listdir(folder))
    return False


@FORKING
def test_a_worker_that_is_killed_takes_its_own_client_along_and_no_other(served, part, big):
    with lab.part_server(part, served) as server:
        victim, other = in_mid_body(server, 2)
        ready = 1 + (part.workers or 2)  # workers and their parent
        lab.wait_until(lambda: len(lab.family(server.pid)) == ready, "all have begun")
        killed = worker_of(server, victim)
        assert killed != server.pid
        os.kill(killed, signal.SIGKILL)
        assert received_by(victim) < SIZE
        lab.wait_until(lambda: killed not in lab.family(server.pid), "no zombie is left")
        if part.model == "prefork":
            lab.wait_until(lambda: len(lab.family(server.pid)) == ready, "it is replaced")
        for _ in range(5):
            assert_serves(server)
        other.end_of_input()
        assert other.receive_all() == big
        for client in (victim, other):
            client.socket.close()


@FORKING
def test_what_a_server_holds_is_counted_with_its_processes(served, part):
    with lab.part_server(part, served) as server:
        clients = in_mid_body(server, 2)
        lab.wait_until(lambda: server.threads() >= lab.count_threads(server.pid) + 2, "counted")
        assert server.fds() > lab.count_fds(server.pid)
        for client in clients:
            client.socket.close()


@FORKING
def test_a_server_that_is_killed_leaves_no_process_behind(served, part):
    with lab.part_server(part, served) as server:
        clients = in_mid_body(server, 2)
        children = lab.family(server.pid)[1:]
        assert len(children) >= 2
        server.kill()
        lab.wait_until(lambda: all(map(lab.has_ended, children)), "they have died with it")
        for client in clients:
            assert received_by(client) < SIZE
            client.socket.close()


@lab.kinds("io_uring")
def test_without_io_uring_it_serves_by_epoll_and_says_so(served, part):
    with lab.part_server(part, served, prefix=lab.refusing(io_uring_setup="ENOSYS")) as server:
        assert_serves(server)
        assert server.stop() == 0
        assert server.stderr() == (
            "part3_server: this kernel offers no io_uring: serving by epoll\n"
        )
