"""What sets the three models of part 3's client apart: threads, processes, and how they end."""

import contextlib
import os
import signal

import lab
import pytest
from proxy import Proxy
from started import EACH_MODEL, MODELS, Client, names_in, read_report

MIB = 1 << 20
SIZE = 8 * MIB
CONNECTIONS = 12
PROCESSES = MODELS["processes"]


@contextlib.contextmanager
def held(served, home, model, *options, connections=CONNECTIONS):
    """A download in the middle: every connection stands, and bytes have come."""
    lab.make_file(served / "file", SIZE)
    part = home / "file.part"
    with lab.part_server(3, served) as server:
        with Proxy(server, hold_after=SIZE // connections // 8) as proxy:
            with Client(3, proxy, "file", "-o", home, "--connections", connections, "--report",
                        home / "report", *model, *options) as client:  # fmt: skip
                proxy.wait_until_holding()
                lab.wait_until(lambda: proxy.accepted == connections, "all are connected")
                lab.wait_until(lambda: part.stat().st_blocks > 0, "bytes are in the file")
                yield client, proxy


def assert_whole(served, home, client, proxy):
    proxy.release()
    assert client.wait() == 0, client.stderr()
    assert (home / "file").read_bytes() == (served / "file").read_bytes()
    return read_report(home / "report")


@EACH_MODEL
@pytest.mark.parametrize("schedule", ["static", "dynamic"])
def test_a_server_that_lets_in_two_of_eight_is_asked_by_two(served, home, schedule, model):
    data = lab.make_file(served / "file", MIB)
    limits = ("--max-connections", 2, "--limit-rate", "16Mbit")
    with lab.part_server(3, served, *limits) as server:
        result = lab.part_client(3, server, "file", "-o", home, "--connections", 8, "--schedule",
                                 schedule, "--report", home / "report", *model)  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert (home / "file").read_bytes() == data
    assert read_report(home / "report")["verified"] == "yes"


@pytest.mark.parametrize("model, each", [
    ("threads", (1, 0)), ("epoll", (0, 0)), ("processes", (0, 1)),
])  # fmt: skip
def test_a_connection_more_is_a_thread_or_a_process_or_neither(served, tmp_path, model, each):
    """Beside one of a single connection, so that threads of other kinds do not count."""
    one, many = tmp_path / "one", tmp_path / "many"
    one.mkdir()
    many.mkdir()

    def more():
        return tuple(count(clients[1]) - count(clients[0])
                     for count in (lambda client: lab.count_threads(client.pid),
                                   lambda client: len(client.children())))  # fmt: skip

    with held(served, one, MODELS[model], connections=1) as (first, _):
        with held(served, many, MODELS[model]) as (second, proxy):
            clients = (first, second)
            expected = tuple(count * (CONNECTIONS - 1) for count in each)
            lab.wait_until(lambda: more() == expected, f"(threads, processes) == {expected}")
            assert assert_whole(served, many, second, proxy)["client_model"] == model


@EACH_MODEL
def test_an_interruption_ends_everything_and_keeps_what_has_come(served, home, model):
    with held(served, home, model) as (client, _):
        started = client.children()
        client.signal(signal.SIGINT)
        assert client.wait() == 1
        assert client.stderr() == "part3_client: interrupted\n"
        assert all(lab.has_ended(pid) for pid in started)
    assert names_in(home) == ["file.part", "file.part.dlab", "report"]


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGABRT])
def test_what_a_crashed_process_leaves_undone_is_brought_by_another(served, home, sent):
    with held(served, home, PROCESSES) as (client, proxy):
        victim = client.children()[CONNECTIONS // 2]
        os.kill(victim, sent)
        lab.wait_until(lambda: victim not in client.children(), "nobody's zombie")
        report = assert_whole(served, home, client, proxy)
    assert report["retries"] >= 1
    assert report["bytes_received"] == SIZE
    assert names_in(home) == ["file", "report"]


def test_processes_that_crash_again_and_again_fail_the_download(served, home):
    with held(served, home, PROCESSES, "--retries", "0") as (client, _):
        os.kill(client.children()[1], signal.SIGKILL)
        assert client.wait() == 1
        assert "was ended by signal 9" in client.stderr()
    assert names_in(home) == ["file.part", "file.part.dlab", "report"]
    with lab.part_server(3, served) as server:
        result = lab.part_client(3, server, "file", "-o", home, "--resume", *PROCESSES)
    assert result.returncode == 0, result.stderr
    assert (home / "file").read_bytes() == (served / "file").read_bytes()


def test_no_process_outlives_a_parent_that_is_killed(served, home):
    with held(served, home, PROCESSES) as (client, _):
        started = client.children()
        assert len(started) == CONNECTIONS
        client.signal(signal.SIGKILL)
        client.process.wait()
        lab.wait_until(lambda: all(lab.has_ended(pid) for pid in started), "no orphan")


def test_a_terminals_ctrl_c_reaches_the_processes_and_is_the_parents_to_answer(served, home):
    with held(served, home, PROCESSES) as (client, proxy):
        for pid in client.children():
            os.kill(pid, signal.SIGINT)
        assert len(client.children()) == CONNECTIONS
        assert assert_whole(served, home, client, proxy)["retries"] == 0
