"""What only part 3 has: connections that share the work, and a server that shapes them."""

import select
import socket
from pathlib import Path

import frames
import lab
import pytest
from proxy import Proxy
from started import EACH_MODEL, MODELS, Client, assert_failed, names_in, read_report

SCHEDULES = pytest.mark.parametrize("schedule", ["static", "dynamic"])
MIB = 1 << 20


@EACH_MODEL
@SCHEDULES
@pytest.mark.parametrize("connections", [5, 50])
def test_many_connections_to_a_server_that_takes_one_at_a_time_end_well(
    served, home, schedule, connections, model
):
    data = lab.make_file(served / "file", 4 * MIB)
    with lab.part_server(1, served) as server:
        fds = server.fds()
        result = lab.part_client(3, server, "file", "-o", home, "--connections", connections,
                                 "--schedule", schedule, "--quiet", *model)  # fmt: skip
        assert result.returncode == 0, result.stderr
        assert (home / "file").read_bytes() == data
        assert lab.part_client(1, server, "file", "-o", home).returncode == 0
        server.wait_until_idle(fds, 1000)


@EACH_MODEL
def test_the_connection_that_asks_first_stands_first_in_the_queue(home, model):
    """Any other one has nothing to say before its answer: a one-at-a-time server would wait."""
    for attempt in range(10):
        target = home / str(attempt)  # a killed client's processes may hold the last one's a little
        with socket.create_server(("127.0.0.1", 0), backlog=100) as listener:
            listener.settimeout(20)
            address = "%s:%d" % listener.getsockname()
            with Client(3, address, "file", "-o", target, "--connections", 50, *model):
                first, _ = listener.accept()
                first.settimeout(5)
                assert first.recv(4) == b"\xd1LAB"
                first.close()


@EACH_MODEL
@SCHEDULES
def test_every_connection_of_the_static_schedule_brings_an_equal_share(
    served, home, schedule, model
):
    lab.make_file(served / "file", 100_003)
    with lab.part_server(3, served) as server:
        lab.part_client(3, server, "file", "-o", home, "--report", home / "report",
                        "--connections", 10, "--schedule", schedule, *model)  # fmt: skip
    report = read_report(home / "report")
    shares = [one["bytes"] for one in report["per_connection"]]
    assert sum(shares) - report["duplicate_bytes"] == 100_003
    if schedule == "static":
        assert sorted(set(shares)) == [10_000, 10_001]


@EACH_MODEL
def test_a_fast_connection_takes_over_what_a_slow_one_would_be_late_with(served, home, model):
    """One of two connections is all but stopped; with the dynamic schedule that costs little."""
    data = lab.make_file(served / "file", MIB)
    with lab.part_server(3, served, "--limit-rate", "800Mbit,400kbit") as server:
        result = lab.part_client(3, server, "file", "-o", home, "--connections", 2,
                                 "--report", home / "report", *model, seconds=60)  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert (home / "file").read_bytes() == data
    fast, slow = read_report(home / "report")["per_connection"]
    assert fast["bytes"] > 4 * slow["bytes"]


@EACH_MODEL
def test_a_timed_run_goes_round_until_its_time_is_up(served, home, model):
    lab.make_file(served / "file", 300_000)
    with lab.part_server(3, served) as server:
        for seconds in (0.2, 2, 20):  # on a busy machine no byte may come in the first of them
            result = lab.part_client(3, server, "file", "--sink", "discard", "--seconds",
                                     f"{seconds}s", "--connections", 3, "--report",
                                     home / "report", *model)  # fmt: skip
            assert result.returncode == 0, result.stderr
            report = read_report(home / "report")
            if report["tail_s"] is not None:
                break
    assert (report["status"], report["error"]) == ("ok", None)
    assert report["planned_seconds"] == seconds
    assert report["tail_s"] == 0
    assert report["bytes_received"] == sum(one["bytes"] for one in report["per_connection"]) > 0


@EACH_MODEL
def test_a_timed_run_goes_on_over_connections_that_break(served, home, model):
    lab.make_file(served / "file", 300_000)
    with lab.part_server(3, served) as server:
        with Proxy(server, cut_after=400_000) as proxy:
            result = lab.part_client(3, proxy, "file", "--sink", "discard", "--seconds", "500ms",
                                     "--connections", 2, "--report", home / "report",
                                     *model)  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert read_report(home / "report")["status"] == "ok"




@pytest.mark.parametrize("size, options, reason", [
    (10, ["--seconds", "1s"], "--seconds needs --sink discard"),
    (0, ["--seconds", "1s", "--sink", "discard"], "not empty"),
    (0, ["--seconds", "1s", "--sink", "discard", *MODELS["epoll"]], "not empty"),
    (10, ["--sink", "discard", "--verify"], "--verify needs a file"),
    (10, ["--connections", "0"], "connections"),
    (10, ["--connections", "1001"], "connections"),
    (10, ["--schedule", "chaotic"], "schedule"),
    (10, ["--writer", "nobody"], "writer"),
    (10, ["--writer", "locked", *MODELS["processes"]], "--writer locked needs one process"),
    (10, ["--client-model", "nobody"], "client-model"),
    (10, ["--chunk-size", "1"], "chunk-size"),
])  # fmt: skip
def test_wishes_that_make_no_sense_are_refused(served, home, size, options, reason):
    lab.make_file(served / "file", size)
    with lab.part_server(3, served) as server:
        result = lab.part_client(3, server, "file", *options, cwd=home)
    assert_failed(3, result, reason, exit_code=2)
    assert names_in(home) == []


def test_rate_limits_are_dealt_out_in_order_of_arrival_over_and_over(served):
    """Of any two connections that run side by side the one with the higher limit is ahead."""
    lab.make_sparse(served / "file", 64 * MIB)
    rates = [80, 8, 1]  # Mbit/s
    with lab.part_server(3, served, "--limit-rate", "80Mbit,8Mbit,1Mbit") as server:
        clients = [lab.RawClient(server) for _ in range(2 * len(rates))]
        try:
            for client in clients:
                client.send(frames.get("file"))
            received = receive_until(clients, fastest=2 * MIB)
        finally:
            for client in clients:
                client.socket.close()
    for turn in (received[:3], received[3:]):
        assert turn[0] > 2 * turn[1] > 4 * turn[2] > 0


def receive_until(clients, fastest):
    """Receives from all at once until each of the fastest has so many bytes; how many each has."""
    counts = dict.fromkeys((client.socket for client in clients), 0)
    while min(counts[clients[0].socket], counts[clients[3].socket]) < fastest:
        ready, _, _ = select.select(counts, [], [], 20)
        assert ready, "no byte for 20 s"
        for one in ready:
            counts[one] += len(one.recv(65536))
    return list(counts.values())


@pytest.mark.parametrize("rates", ["", ",", "10", "0Mbit", "10Mbit,", "10Mbit;1Mbit", "-1Mbit"])
def test_a_list_of_rates_that_is_none_is_refused(served, rates):
    with pytest.raises(ChildProcessError, match="exited with 2: part3_server: "):
        lab.part_server(3, served, "--limit-rate", rates)


def refused_connections():
    """How many attempts to connect have failed on this machine (proc_pid_net(5), snmp)."""
    names, values = (line.split() for line in Path("/proc/net/snmp").read_text().splitlines()
                     if line.startswith("Tcp:"))  # fmt: skip
    return int(values[names.index("AttemptFails")])


@EACH_MODEL
@SCHEDULES
def test_a_server_that_is_away_for_a_while_loses_nothing(served, home, schedule, model):
    """Work that a connection claimed and then could not connect for was lost once."""
    data = lab.make_file(served / "file", 2 * MIB)
    options = ["--retries", 100, "--schedule", schedule, "--connections", 4, *model]
    with lab.part_server(3, served, "--limit-rate", "4Mbit") as server:
        client = Client(3, server, "file", "-o", home, "--report", home / "report", *options)
        with client:
            part = home / "file.part"
            lab.wait_until(lambda: part.exists() and part.stat().st_blocks > 0, "bytes come")
            server.kill()
            before = refused_connections()
            lab.wait_until(lambda: refused_connections() >= before + 8, "all are refused")
            with lab.Server(lab.BIN / "part3_server", "--root", served, "--port", server.port):
                assert client.wait(60) == 0, client.stderr()
    assert (home / "file").read_bytes() == data
    assert read_report(home / "report")["retries"] >= 4
