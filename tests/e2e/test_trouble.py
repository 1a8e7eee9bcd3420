"""Trouble in the middle of a body: an honest end within the deadline, never a wrong file."""

import os
import re

import frames
import lab
import pytest
from proxy import Proxy
from started import (
    EACH_CLIENT,
    EACH_MODEL,
    Client,
    assert_failed,
    names_in,
    read_report,
)

IO_PATHS = pytest.mark.parametrize("io", ["copy", "sendfile", "mmap"])
MIB = 1 << 20
BIG = 64 * MIB  # more than any socket buffers hold
HEADER = frames.header_bytes("file")


def started_and_held(part, proxy, home, *options):
    client = Client(part, proxy, "file", "-o", home, *options)
    proxy.wait_until_holding()
    return client


@EACH_CLIENT
def test_a_server_that_is_killed_ends_the_download(served, home, part, model):
    lab.make_sparse(served / "file", BIG)
    with lab.part_server(part, served) as server, Proxy(server, hold_after=MIB) as proxy:
        with started_and_held(part, proxy, home, *model) as client:
            server.kill()
            proxy.release()
            assert client.wait() == 1
            assert client.stderr().startswith(f"part{part}_client: ")
    assert not (home / "file").exists()


@EACH_CLIENT
@IO_PATHS
def test_a_file_that_is_truncated_while_it_is_sent_ends_the_download(served, home, part, model, io):
    lab.make_sparse(served / "file", BIG)
    with lab.part_server(part, served, "--io", io, "--log") as server:
        with Proxy(server, hold_after=MIB) as proxy:
            one = ["--connections", 1] if part == 3 else []  # one range that fills the buffers
            with started_and_held(part, proxy, home, *one, *model) as client:
                os.truncate(served / "file", 4097)
                proxy.release()
                assert client.wait() == 1
                reason = {1: "bytes still to come", 3: "version-changed"}
                assert reason[part] in client.stderr()
        server.wait_for_log("status=file-truncated")
        assert lab.part_client(part, server, "file", "-o", home / "again", *model).returncode == 0
    assert not (home / "file").exists()


@EACH_CLIENT
@IO_PATHS
def test_a_file_that_loses_its_last_bytes_is_not_taken_for_whole(served, home, part, model, io):
    """Within a page, mmap would go on to send zeros."""
    lab.make_file(served / "file", 300_000)
    with lab.part_server(part, served, "--io", io) as server:
        with Proxy(server, hold_after=100) as proxy:
            with started_and_held(part, proxy, home, *model) as client:
                os.truncate(served / "file", 299_999)
                proxy.release()
                assert client.wait() == 1
                assert re.search("version-changed|still to come", client.stderr())
    assert not (home / "file").exists()


@EACH_CLIENT
def test_a_file_that_is_replaced_while_it_is_sent_is_not_taken_for_right(
    served, home, part, model
):
    lab.make_file(served / "file", 300_000)
    lab.make_file(served / "other", 300_000, seed=2)
    with lab.part_server(part, served) as server:
        with Proxy(server, hold_after=10_000) as proxy:
            with started_and_held(part, proxy, home, *model) as client:
                os.replace(served / "other", served / "file")
                proxy.release()
                assert client.wait() == 1
                assert "version-changed: the file has changed since" in client.stderr()
    assert not (home / "file").exists()


@EACH_CLIENT
def test_a_file_that_is_written_to_while_it_is_sent_is_not_taken_for_right(
    served, home, part, model
):
    lab.make_sparse(served / "file", BIG)
    with lab.part_server(part, served) as server:
        with Proxy(server, hold_after=MIB) as proxy:
            with started_and_held(part, proxy, home, *model) as client:
                with open(served / "file", "r+b") as file:
                    file.seek(BIG - 1)
                    file.write(b"x")
                proxy.release()
                assert client.wait() == 1
                assert "version-changed" in client.stderr()
    assert not (home / "file").exists()


@pytest.mark.parametrize("part, options", [
    (1, []), (1, ["--pipeline"]), (3, ["--connections", 1]), (3, ["--connections", 5]),
    (3, ["--connections", 5, "--schedule", "static", "--writer", "locked"]),
    (3, ["--connections", 5, "--client-model", "epoll"]),
    (3, ["--connections", 5, "--client-model", "processes"]),
])  # fmt: skip
def test_a_byte_that_changed_on_the_way_is_found_and_the_file_is_thrown_away(
    served, home, part, options
):
    lab.make_file(served / "file", 3_000_000)
    with lab.part_server(part, served) as server:
        with Proxy(server, corrupt_at=HEADER + 1000) as proxy:
            result = lab.part_client(part, proxy, "file", "-o", home, *options)
    assert_failed(part, result, "not the bytes that were sent", exit_code=3)
    assert names_in(home) == []


@EACH_CLIENT
def test_a_header_that_changed_on_the_way_is_no_protocol(served, home, part, model):
    lab.make_file(served / "file", 3_000_000)
    with lab.part_server(part, served) as server, Proxy(server, corrupt_at=0) as proxy:
        result = lab.part_client(part, proxy, "file", "-o", home, *model)
    assert_failed(part, result, "not the dlab protocol")
    assert names_in(home) == []


@pytest.mark.parametrize("reset", [False, True])
@pytest.mark.parametrize("cut_after", [5, HEADER, HEADER + 1, HEADER + 100_000])
def test_part1_says_that_its_connection_was_cut(served, home, cut_after, reset):
    lab.make_file(served / "file", 300_000)
    with lab.part_server(1, served) as server:
        with Proxy(server, cut_after=cut_after, reset=reset) as proxy:
            result = lab.part_client(1, proxy, "file", "-o", home)
    assert_failed(1, result, "127.0.0.1")
    assert names_in(home) == []


@EACH_CLIENT
def test_a_stalled_connection_is_given_up(served, home, part, model):
    lab.make_file(served / "file", 3_000_000)
    options = ["--retries", 0] if part == 3 else []
    with lab.part_server(part, served) as server:
        with Proxy(server, stall_after=HEADER + 1000) as proxy:
            result = lab.part_client(part, proxy, "file", "-o", home, "--stall-timeout", "200ms",
                                     *options, *model, seconds=20)  # fmt: skip
    assert_failed(part, result, "Connection timed out")
    assert not (home / "file").exists()


@EACH_CLIENT
def test_a_client_that_is_paused_again_and_again_gives_a_stalled_connection_up(
    served, home, part, model
):
    lab.make_file(served / "file", 3_000_000)
    options = ["--retries", 0] if part == 3 else []
    with lab.part_server(part, served) as server:
        with Proxy(server, stall_after=HEADER + 1000) as proxy:
            with Client(part, proxy, "file", "-o", home, "--stall-timeout", "500ms",
                        *options, *model) as client, lab.pauses(client.pid):  # fmt: skip
                assert client.wait() == 1
                assert "Connection timed out" in client.stderr()


@EACH_MODEL
@pytest.mark.parametrize("schedule", ["static", "dynamic"])
def test_part3_asks_again_for_the_missing_bytes_of_a_cut_connection_only(
    served, home, schedule, model
):
    data = lab.make_file(served / "file", 4 * MIB)
    with lab.part_server(3, served) as server:
        with Proxy(server, cut_after=HEADER + 40_000, connections=1) as proxy:
            result = lab.part_client(3, proxy, "file", "-o", home, "--connections", 4,
                                     "--schedule", schedule, *model, "--report",
                                     home / "report")  # fmt: skip
            passed = proxy.passed["down"]
    assert result.returncode == 0, result.stderr
    assert (home / "file").read_bytes() == data
    report = read_report(home / "report")
    assert report["retries"] > 0
    assert report["bytes_received"] == len(data)
    if schedule == "static":
        assert report["duplicate_bytes"] == 0
        assert 0 < passed - len(data) < 2000, "headers and a digest, and no byte twice"


@EACH_MODEL
@pytest.mark.parametrize("schedule", ["static", "dynamic"])
def test_part3_gets_there_though_every_connection_is_cut_again_and_again(
    served, home, schedule, model
):
    data = lab.make_file(served / "file", 2 * MIB)
    with lab.part_server(3, served) as server:
        with Proxy(server, cut_after=200_000) as proxy:
            result = lab.part_client(3, proxy, "file", "-o", home, "--connections", 3,
                                     "--schedule", schedule, *model)  # fmt: skip
            assert proxy.accepted > 10
    assert result.returncode == 0, result.stderr
    assert (home / "file").read_bytes() == data


@EACH_MODEL
def test_part3_comes_back_for_a_connection_that_stalls(served, home, model):
    data = lab.make_file(served / "file", 4 * MIB)
    with lab.part_server(3, served) as server:
        with Proxy(server, stall_after=HEADER + 1000, connections=1) as proxy:
            result = lab.part_client(3, proxy, "file", "-o", home, "--connections", 4,
                                     "--schedule", "static", "--stall-timeout", "500ms",
                                     *model, "--report", home / "report")  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert (home / "file").read_bytes() == data
    assert read_report(home / "report")["retries"] > 0


@EACH_MODEL
def test_part3_gives_up_when_nothing_comes_any_more(served, home, model):
    lab.make_file(served / "file", 4 * MIB)
    with lab.part_server(3, served) as server:
        with Proxy(server, cut_after=HEADER, connections=None) as proxy:
            result = lab.part_client(3, proxy, "file", "-o", home, "--connections", 2,
                                     "--retries", 2, *model)  # fmt: skip
    assert_failed(3, result, "closed")
    assert names_in(home) == []
