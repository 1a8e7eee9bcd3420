"""Files of every awkward size, by every path through part 1 and part 3, arrive byte for byte."""

import lab
import pytest
from started import EACH_CLIENT, EACH_MODEL, MODELS, names_in

MIB = 1 << 20
SMALL = [0, 1, 2, 4095, 4096, 4097]
SIZES = [*SMALL, MIB - 1, MIB, MIB + 1]
IO_PATHS = ["copy", "sendfile", "mmap"]


def check(part, server, home, sizes, *options):
    """Downloads the files of these sizes; each must be whole and alone in the folder."""
    for size in sizes:
        result = lab.part_client(part, server, f"file{size}", "-o", home, "--quiet", *options)
        assert result.returncode == 0, f"{size} bytes, {options}: {result.stderr}"
        assert names_in(home) == [f"file{size}"]
        arrived = home / f"file{size}"
        assert arrived.read_bytes() == (server.files / arrived.name).read_bytes()
        arrived.unlink()


def serve(part, folder, *options):
    for size in SIZES:
        lab.make_file(folder / f"file{size}", size, seed=size)
    server = lab.part_server(part, folder, *options)
    server.files = folder
    return server


@pytest.mark.parametrize("io", IO_PATHS)
def test_part1_brings_every_size_by_every_io_path(served, home, io):
    with serve(1, served, "--io", io) as server:
        check(1, server, home, SIZES)
        check(1, server, home, SIZES, "--pipeline")


@pytest.mark.parametrize("io", IO_PATHS)
def test_part3_serves_every_size_by_every_io_path(served, home, io):
    with serve(3, served, "--io", io) as server:
        check(3, server, home, SIZES, "--connections", 7)
        check(1, server, home, [MIB + 1])


@pytest.mark.parametrize("io", IO_PATHS)
def test_a_rate_limit_loses_nothing_on_any_io_path(served, home, io):
    with serve(3, served, "--io", io, "--limit-rate", "400Mbit") as server:
        check(3, server, home, [4097, MIB + 1], "--connections", 3)


@EACH_MODEL
@pytest.mark.parametrize("schedule", ["static", "dynamic"])
@pytest.mark.parametrize("connections", [1, 7, 50])
def test_part3_divides_every_size_among_the_connections(served, home, connections, schedule, model):
    with serve(3, served) as server:
        check(3, server, home, SIZES, "--connections", connections, "--schedule", schedule,
              *model)  # fmt: skip


@pytest.mark.parametrize("schedule", ["static", "dynamic"])
@pytest.mark.parametrize("model", ["threads", "epoll"])
def test_a_thousand_connections_are_one_download(served, home, schedule, model):
    with serve(3, served, "--backlog", 1000) as server:
        check(3, server, home, [1])  # the first digest starts a thread
        fds, threads = server.fds(), server.threads()
        check(3, server, home, [MIB + 1], "--connections", 1000, "--schedule", schedule,
              *MODELS[model])  # fmt: skip
        server.wait_until_idle(fds, threads)


def test_two_hundred_processes_are_one_download(served, home):
    with serve(3, served, "--backlog", 200) as server:
        check(3, server, home, [0, 4097, MIB + 1], "--connections", 200,
              *MODELS["processes"])  # fmt: skip


@pytest.mark.parametrize("writer", ["positional", "locked"])
def test_either_writer_puts_every_byte_in_its_place(served, home, writer):
    with serve(3, served) as server:
        check(3, server, home, SIZES, "--connections", 7, "--writer", writer)


def test_chunks_may_be_small_or_larger_than_the_file(served, home):
    with serve(3, served) as server:
        check(3, server, home, [4097, MIB + 1], "--connections", 7, "--chunk-size", 1024)
        check(3, server, home, [0, 4097], "--connections", 7, "--chunk-size", "1GiB")


@EACH_CLIENT
@pytest.mark.parametrize("buffer, sizes", [(1, SMALL), (30000, SIZES), (MIB, SIZES)])
def test_buffers_of_any_size_do(served, home, part, model, buffer, sizes):
    with serve(part, served, "--io", "copy", "--buffer", buffer) as server:
        check(part, server, home, sizes, "--buffer", buffer, *model)


def test_a_pipeline_with_buffers_of_a_byte_brings_every_byte(served, home):
    with serve(1, served) as server:
        check(1, server, home, SMALL, "--pipeline", "--buffer", 1)


def test_socket_buffers_of_a_few_bytes_only_slow_it_down(served, home):
    for part in (1, 3):
        with serve(part, served, "--send-buffer", 1) as server:
            check(part, server, home, [4097], "--receive-buffer", 1)


@pytest.mark.parametrize("part", [1, 3])
def test_the_part_clients_and_servers_understand_each_other(served, home, part):
    """One protocol for all parts."""
    with serve(4 - part, served) as server:
        check(part, server, home, [0, 1, MIB + 1])


def test_a_server_may_listen_on_ipv6(served, home):
    if not has_ipv6():
        pytest.skip("this machine has no IPv6 loopback")
    for part in (1, 3):
        with serve(part, served, "--host", "::1") as server:
            assert server.address.startswith("[::1]:")
            check(part, server, home, [4097])


# A network of its own, whose loopback has a link-local address.
LINK_LOCAL = ("unshare", "--net", "sh", "-c",
              'ip link set lo up && ip address add fe80::1/64 dev lo && exec "$@"', "sh")  # fmt: skip


def test_a_link_local_address_is_told_with_its_zone(served, home):
    """Without it nobody could connect to the address that the server prints."""
    if lab.run(*LINK_LOCAL, "true").returncode != 0:
        pytest.skip("no network can be made here, or none with IPv6")
    data = lab.make_file(served / "file", 4097)
    for part in (1, 3):
        with lab.part_server(part, served, "--host", "fe80::1%lo", prefix=LINK_LOCAL) as server:
            assert server.address.startswith("[fe80::1%lo]:")
            beside = ("nsenter", f"--net=/proc/{server.pid}/ns/net")
            result = lab.part_client(part, server, "file", "-o", home, prefix=beside)
            assert result.returncode == 0, result.stderr
            assert (home / "file").read_bytes() == data


def has_ipv6():
    try:
        lab.socket.create_server(("::1", 0), family=lab.socket.AF_INET6).close()
    except OSError:
        return False
    return True
