"""dlab_load: many connections, and what becomes of their requests."""

import csv
import json
import select
import signal
import subprocess
import threading
import time

import frames
import lab
import pytest
from answering import Answering, Conversing, HttpServer


@pytest.fixture
def load(home):
    """Runs dlab_load with a report; returns how it ended and the report."""

    def run(server, *arguments, prefix=()):
        address = getattr(server, "address", server)
        path = home / "report.json"
        result = lab.run(*prefix, lab.BIN / "dlab_load", address, *arguments, "--report", path)
        return result, json.loads(path.read_text()) if path.exists() else None

    return run


def rows_of(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def answer_of(body):
    return frames.file(len(body), name="a") + body


def test_a_number_of_requests_is_made_and_no_more(served, load):
    lab.make_file(served / "file", 5000)
    with lab.part_server(3, served, "--log") as server:
        run, report = load(server, "file", "--requests", 50, "--connections", 5)
        assert run.returncode == 0, run.stderr
        # A line is written when its answer has left: the last one maybe after the client's end.
        lab.wait_until(lambda: server.stderr().count("request=GET") >= 50, "50 answers")
    assert server.stderr().count("request=GET") == 50
    assert report["requests"] == report["requests_in_all"] == 50
    assert report["bytes_received"] == 50 * 5000
    assert report["failed_requests"] == 0 and report["error_kinds"] == {}
    assert report["status"] == "ok" and report["error"] is None
    assert report["connections_opened"] == 5
    assert 0 < report["latency_p50_s"] <= report["latency_p99_s"] <= report["latency_max_s"]
    assert report["latency_max_s"] <= report["duration_s"]
    assert "50 requests" in run.stderr


@pytest.mark.parametrize("each, opened", [(1, 12), (3, 4), (0, 1)])
def test_connections_live_as_long_as_they_are_told(served, load, each, opened):
    lab.make_file(served / "file", 100)
    with lab.part_server(3, served) as server:
        run, report = load(server, "file", "--requests", 12, "--requests-per-connection", each)
    assert run.returncode == 0, run.stderr
    assert report["requests"] == 12
    assert report["connections_opened"] == opened


def test_requests_travel_in_a_pipeline(served, load, home):
    lab.make_file(served / "file", 100)
    with lab.part_server(3, served) as server:
        run, report = load(server, "file", "--requests", 8, "--pipeline", 8,
                           "--rows", home / "rows")  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert report["connections_opened"] == 1
    rows = rows_of(home / "rows")
    assert len(rows) == 8
    assert max(float(row["sent_s"]) for row in rows) < min(float(row["done_s"]) for row in rows)


def test_names_are_drawn_by_their_weights(served, load):
    lab.make_file(served / "small", 10)
    lab.make_file(served / "large", 1000)
    with lab.part_server(3, served) as server:
        run, report = load(server, "small=3", "large=1", "--requests", 1000, "--pipeline", 10)
    assert run.returncode == 0, run.stderr
    large = (report["bytes_received"] - 10 * 1000) / 990
    assert large == pytest.approx(250, abs=4 * (1000 * 0.25 * 0.75) ** 0.5)


@pytest.mark.parametrize("version, opened", [("HTTP/1.1", 3), ("HTTP/1.0", 20)])
def test_http_is_spoken(served, load, version, opened):
    lab.make_file(served / "a file", 70_000)
    with HttpServer(served, version) as server:
        run, report = load(server, "a file", "--protocol", "http", "--requests", 20,
                           "--connections", 3)  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert report["requests"] == 20
    assert report["bytes_received"] == 20 * 70_000
    assert report["connections_opened"] == opened


def test_an_open_loop_keeps_to_its_schedule(served, load, home):
    lab.make_file(served / "file", 100)
    with lab.part_server(3, served) as server:
        run, report = load(
            server, "file", "--mode", "open", "--rate", 200, "--arrivals", "constant", "--duration",
            "500ms", "--warmup", "200ms", "--connections", 4, "--rows", home / "rows",
        )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert report["requests"] + report["failed_requests"] == 100
    assert report["requests_in_all"] == 140
    rows = rows_of(home / "rows")
    assert sorted(int(row["index"]) for row in rows) == list(range(40, 140))
    for row in rows:
        assert float(row["intended_s"]) == pytest.approx(int(row["index"]) / 200, abs=1e-8)
        times = [float(row[name]) for name in ("intended_s", "sent_s", "first_byte_s", "done_s")]
        assert times == sorted(times)
    assert 0 <= report["lateness_p99_s"] <= report["lateness_max_s"]


def test_the_seed_decides_when_requests_are_due(served, load, home):
    lab.make_file(served / "file", 100)

    def schedule(seed):
        run, _ = load(server, "file", "--mode", "open", "--rate", 500, "--requests", 50, "--seed",
                      seed, "--rows", home / "rows")  # fmt: skip
        assert run.returncode == 0, run.stderr
        return sorted(row["intended_s"] for row in rows_of(home / "rows"))

    with lab.part_server(3, served) as server:
        assert schedule(1) == schedule(1) != schedule(2)


class Stall:
    """Answers at once, but for half a second in which it does nothing."""

    SECONDS = 0.5

    def __init__(self, at):
        self.at = at

    def __call__(self, connection, number):
        if number == self.at:
            threading.Event().wait(self.SECONDS)
        connection.sendall(answer_of(b"abc"))


def slow_ones(report_rows, seconds, since):
    return sum(float(row["done_s"]) - float(row[since]) >= seconds for row in report_rows)


def test_a_stall_cannot_hide_from_an_open_loop(load, home):
    """200 requests a second, of which half a second's fall into the stall; those of its first half
    wait for over a quarter of a second."""
    with Answering(Stall(at=60)) as server:
        run, report = load(server, "a", "--mode", "open", "--rate", 200, "--arrivals", "constant",
                           "--requests", 200, "--rows", home / "rows")  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert report["requests"] == 200
    assert report["latency_p90_s"] > Stall.SECONDS / 2
    assert report["latency_p99_s"] > Stall.SECONDS * 0.9
    assert slow_ones(rows_of(home / "rows"), Stall.SECONDS / 2, "intended_s") >= 50


def test_it_does_hide_from_a_closed_one(load, home):
    """One connection has one request in the stall, however long that is."""
    with Answering(Stall(at=60)) as server:
        run, report = load(server, "a", "--requests", 200, "--rows", home / "rows")
    assert run.returncode == 0, run.stderr
    assert report["latency_max_s"] >= Stall.SECONDS
    assert report["lateness_p99_s"] is None
    assert slow_ones(rows_of(home / "rows"), Stall.SECONDS / 2, "sent_s") < 50


def test_a_server_too_slow_for_the_rate_is_told_by_what_waits(load):
    """At the end of an open loop most requests have no answer: they count as errors, and with the
    time they have waited."""

    def answer(connection, number):
        threading.Event().wait(0.05)
        connection.sendall(answer_of(b"abc"))

    with Answering(answer) as server:
        run, report = load(server, "a", "--mode", "open", "--rate", 200, "--arrivals", "constant",
                           "--duration", "500ms")  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert report["requests"] + report["failed_requests"] == 100
    assert report["error_kinds"] == {"unanswered": report["failed_requests"]}
    assert report["failed_requests"] >= 70  # 20 answers a second, for a second and a half
    assert report["latency_p99_s"] > 1


def test_a_server_that_starves_everybody_has_been_measured(load):
    with Answering(lambda connection, number: None) as server:
        run, report = load(server, "a", "--duration", "300ms", "--connections", 3)
    assert run.returncode == 0, run.stderr
    assert report["requests"] == 0 and report["error_kinds"] == {"unanswered": 3}
    assert report["latency_p50_s"] >= 1.3


def test_errors_are_counted_by_kind_and_the_load_goes_on(load):
    def answer(connection, number):
        if number % 4 == 1:
            connection.sendall(frames.error(1, "no such file"))
        elif number % 4 == 2:
            return False
        elif number % 4 == 3:
            connection.sendall(frames.error(10, "too many"))
            return False
        else:
            connection.sendall(answer_of(b"abc"))

    with Answering(answer) as server:
        run, report = load(server, "a", "--requests", 40)
    assert run.returncode == 0, run.stderr
    assert report["requests"] == 10
    assert report["failed_requests"] == 30
    assert report["error_kinds"] == {"not-found": 10, "cut": 10, "busy": 10}


def test_an_answer_that_stops_coming_is_given_up(load):
    def answer(connection, number):
        if number == 1:
            connection.sendall(answer_of(b"abc")[:-1])
        else:
            connection.sendall(answer_of(b"abc"))

    with Answering(answer) as server:
        run, report = load(server, "a", "--requests", 3, "--stall-timeout", "2s")
    assert run.returncode == 0, run.stderr
    assert report["error_kinds"] == {"timeout": 1}
    assert report["latency_max_s"] >= 2


def test_idle_connections_stay_open_beside_the_load(served, load):
    lab.make_file(served / "file", 100)
    with lab.part_server(3, served) as server:
        run, report = load(server, "file", "--requests", 5, "--idle", 150)
    assert run.returncode == 0, run.stderr
    assert report["idle_opened"] == report["idle_still_open"] == 150
    assert report["connections_opened"] == 1
    assert report["requests"] == 5


class EndingIdle(Conversing):
    """Ends those of so many connections that say nothing, and then answers the one that asks."""

    def __init__(self, connections):
        self.connections = connections
        super().__init__()

    def converse(self):
        others = (self.listener.accept()[0] for _ in range(self.connections - 1))
        peers = [self.connection, *others]
        [self.connection], _, _ = select.select(peers, [], [])
        for peer in peers:
            if peer is not self.connection:
                peer.close()
        while frames.receive_frame(self):
            self.send(answer_of(b"abc"))


def test_idle_connections_that_the_server_ends_are_told(load):
    with EndingIdle(8) as server:
        run, report = load(server, "a", "--requests", 2, "--idle", 7)
    assert run.returncode == 0, run.stderr
    assert report["idle_opened"] == 7
    assert report["idle_still_open"] == 0


def test_slow_readers_read_slowly(served, load):
    lab.make_file(served / "file", 10_000_000)
    with lab.part_server(3, served) as server:
        began = time.monotonic()
        run, report = load(server, "file", "--requests", 30, "--slow", 3, "--slow-rate", "50kB/s")
        took = time.monotonic() - began
    assert run.returncode == 0, run.stderr
    assert report["requests"] == 30
    assert report["bytes_received"] == 300_000_000
    assert 0 < report["slow_bytes"] <= 3 * 50_000 * took


def test_a_server_that_is_not_there_is_told_soon(load):
    with lab.nobody() as address:
        run, report = load(address, "file", "--duration", "10min", "--connections", 10)
    assert run.returncode == 1
    assert run.stderr.startswith("dlab_load: ") and run.stderr.count("\n") == 1
    assert "nothing was answered: refused" in run.stderr and address in run.stderr
    assert report["status"] == "failed" and "refused" in report["error"]
    assert report["requests"] == 0 and report["latency_p50_s"] is None


def test_a_file_that_is_not_there_is_told_soon(served, load):
    with lab.part_server(3, served) as server:
        run, report = load(server, "file", "--duration", "10min")
        assert run.returncode == 1
        assert "not-found" in run.stderr
        run, report = load(server, "file", "--requests", 3)
        assert run.returncode == 1
        assert report["error_kinds"] == {"not-found": 3}


def test_a_silent_address_is_given_up(load):
    with lab.silence() as address:
        run, report = load(address, "a", "--requests", 1, "--connect-timeout", "300ms")
    assert run.returncode == 1
    assert report["error_kinds"] == {"timeout": 1}


def test_ctrl_c_ends_it_and_what_was_measured_is_kept(served, home):
    lab.make_file(served / "file", 100)
    with lab.part_server(3, served, "--log") as server:
        process = subprocess.Popen(
            [lab.BIN / "dlab_load", server.address, "file", "--duration", "10min", "--report",
             home / "report.json"], stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        lab.wait_until(lambda: server.stderr().count("request=GET") >= 5, "five answers")
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
    assert process.returncode == 1
    assert errors == "dlab_load: interrupted\n"
    report = json.loads((home / "report.json").read_text())
    assert report["status"] == "failed" and report["error"] == "interrupted"
    assert report["requests_in_all"] >= 1


def test_too_many_connections_for_the_limit_are_refused_with_its_name(load):
    with lab.nobody() as address:
        run, _ = load(address, "a", "--connections", 50, "--idle", 50,
                      prefix=("prlimit", "--nofile=100:100"))  # fmt: skip
    assert run.returncode == 1
    assert "open files: 132 are needed, 100 allowed" in run.stderr


WRONG = [
    (("--mode", "open"), "needs a --rate"),
    (("--rate", "5"), "needs --mode open"),
    (("--requests", "5", "--warmup", "1s"), "needs a --duration"),
    (("--requests", "5", "--duration", "1s"), "excludes"),
    (("--duration", "0"), "at least 1ms"),
    (("--connections", "0"), "--connections"),
    (("--protocol", "gopher"), "--protocol"),
    (("--slow-rate", "fast"), "--slow-rate"),
    (("=3",), "is no name"),
]


@pytest.mark.parametrize("options, complaint", WRONG)
def test_a_wrong_command_line_is_refused(load, options, complaint):
    run, report = load("127.0.0.1:9", "a", *options)
    assert run.returncode == 2
    assert run.stderr.count("\n") == 1 and complaint in run.stderr
    assert report is None
