"""What a server does not give out, and what a client cannot reach: a clear line, in bounded time."""

import json
import os
import shutil
import signal
import socket
import subprocess

import lab
import pytest
from mirrors import servers_file
from started import EACH_CLIENT, Client, assert_failed, names_in

PARTS = pytest.mark.parametrize("part", [1, 3])

REFUSED = {
    "missing": "not-found: no such file",
    "folder": "not-a-file: this is a folder",
    "folder/": "not-a-file: this is a folder",
    ".": "not-a-file",
    "file/": "not-found",
    "pipe": "not-a-file",
    "secret": "forbidden: the server may not read this file",
    "../outside": "forbidden: the path leads out",
    "folder/../../outside": "forbidden: the path leads out",
    "link_out": "forbidden: the path leads out",
    "link_to_itself": "forbidden",
    "/etc/passwd": "bad-name",
    "x" * 300: "bad-name: a part of the file name is too long",
    "x/" * 2500: "bad-name: the file name has more than 4096 bytes",
    "x" * 70_000: "malformed: the message is longer than its type allows",
}


@pytest.fixture
def traps(served):
    (served.parent / "outside").write_text("secret")
    (served / "file").write_text("content")
    (served / "folder").mkdir()
    (served / "secret").write_text("secret")
    (served / "secret").chmod(0)
    (served / "link_out").symlink_to("../outside")
    (served / "link_to_itself").symlink_to("link_to_itself")
    (served / "link_in").symlink_to("file")
    os.mkfifo(served / "pipe")
    return served


@EACH_CLIENT
def test_each_kind_of_refusal_is_named(traps, home, part, model):
    with lab.part_server(part, traps, prefix=lab.without_root()) as server:
        fds = server.fds()
        for name, reason in REFUSED.items():
            result = lab.part_client(part, server, name, "-o", home / "x", *model)
            assert_failed(part, result, reason)
            assert names_in(home) == [], name
        assert lab.part_client(part, server, "link_in", "-o", home, *model).returncode == 0
        assert (home / "link_in").read_text() == "content"
        server.wait_until_idle(fds, 1000)


@PARTS
def test_a_name_too_long_to_save_is_the_clients_own_trouble(traps, home, part):
    with lab.part_server(part, traps) as server:
        result = lab.part_client(part, server, "x" * 300, "-o", home)
    assert_failed(part, result, "File name too long")


@PARTS
def test_a_name_without_a_last_part_cannot_be_saved_in_a_folder(traps, home, part):
    with lab.part_server(part, traps) as server:
        for name in ("folder/", "folder/..", "."):
            assert_failed(part, lab.part_client(part, server, name, "-o", home), "save")
    assert names_in(home) == []


@PARTS
def test_a_full_list_of_descriptors_is_said_and_survived(traps, home, part):
    """One descriptor is left for the connection and none for the file."""
    with lab.part_server(part, traps) as server:
        held_back = 4 if part == 3 else 0  # to turn clients away with; of so few none is
        idle = server.fds() - held_back
    few = ("prlimit", f"--nofile={idle + 1}", *lab.without_root())
    with lab.part_server(part, traps, prefix=few) as server:
        result = lab.part_client(part, server, "file", "-o", home)
        assert_failed(part, result, "internal: open file: Too many open files")
        assert lab.part_client(part, server, "missing", "-o", home).returncode == 1
        server.wait_until_idle(idle, 1000)


@EACH_CLIENT
def test_nobody_listening_is_a_refused_connection(home, part, model):
    with lab.nobody() as address:
        result = lab.part_client(part, address, "file", "-o", home, *model, seconds=20)
    assert_failed(part, result, f"connect {address}: Connection refused")
    assert names_in(home) == []


@PARTS
def test_a_name_that_does_not_resolve_is_said(home, part):
    result = lab.part_client(part, "no-such-host.invalid:9001", "file", "-o", home)
    assert_failed(part, result, "no-such-host.invalid")
    assert names_in(home) == []


@PARTS
@pytest.mark.parametrize("server", ["127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1", "127.0.0.1:",
                                    ":9001", "", "127.0.0.1:80x", "::1:9001",
                                    "127.0.0.1:-1"])  # fmt: skip
def test_a_server_that_is_no_address_is_a_wrong_command_line(home, part, server):
    result = lab.part_client(part, server, "file", "-o", home)
    assert_failed(part, result, "is no HOST:PORT", exit_code=2)


@EACH_CLIENT
def test_a_host_that_does_not_answer_is_given_up(home, part, model):
    with lab.silence() as address:
        result = lab.part_client(part, address, "file", "-o", home, "--connect-timeout", "200ms",
                                 *model, seconds=20)  # fmt: skip
    assert_failed(part, result, "Connection timed out")
    assert names_in(home) == []


@EACH_CLIENT
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_client_that_waits_for_a_connection_can_be_interrupted(home, part, model, sent):
    with lab.silence() as address:
        with Client(part, address, "file", "-o", home, "--connect-timeout", "600s",
                    *model) as client:
            lab.wait_until(lambda: lab.is_connecting_to(address), "the client connects")
            client.signal(sent)
            assert client.wait(20) == 1
            assert client.stderr() == f"part{part}_client: interrupted\n"
    assert names_in(home) == []


@EACH_CLIENT
def test_a_server_that_accepts_and_says_nothing_is_given_up(home, part, model):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        result = lab.part_client(part, "%s:%d" % listener.getsockname(), "file", "-o", home,
                                 "--stall-timeout", "200ms", *model, seconds=20)  # fmt: skip
    assert_failed(part, result, "Connection timed out")


@EACH_CLIENT
def test_a_server_of_another_protocol_is_told_apart(home, part, model):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(20)
        address = "%s:%d" % listener.getsockname()
        with Client(part, address, "file", "-o", home, *model) as client:
            peer, _ = listener.accept()
            peer.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            assert client.wait() == 1
            assert "this is not the dlab protocol" in client.stderr()
            peer.close()


@PARTS
@pytest.mark.parametrize("options", [["--buffer", "0"], ["--buffer", "2GiB"], ["--buffer", "x"],
                                     ["--sink", "hole"], ["--stall-timeout", "0"],
                                     ["--connect-timeout", "25h"], ["--no-such-option"],
                                     ["one", "two"]])  # fmt: skip
def test_a_wrong_option_is_refused_with_what_would_be_right(part, options):
    result = lab.part_client(part, "127.0.0.1:9001", "file", *options)
    assert_failed(part, result, "", exit_code=2)


@PARTS
def test_a_missing_name_without_a_terminal_is_a_wrong_command_line(part):
    for arguments in ([], [""]):
        result = lab.part_client(part, "127.0.0.1:9001", *arguments)
        assert_failed(part, result, "FILE is missing", exit_code=2)


def needs_mounts():
    probe = ["unshare", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"]
    if not shutil.which("unshare") or lab.run(*probe).returncode != 0:
        pytest.skip("mounting a small file system is not allowed here")


@EACH_CLIENT
def test_a_full_disk_is_said_and_leaves_no_final_name(served, home, part, model):
    needs_mounts()
    lab.make_file(served / "file", 3_000_000)
    script = 'mount -t tmpfs -o size=256k none "$1" && shift && "$@"; code=$?; ls -A "$0"; exit $code'
    with lab.part_server(part, served) as server:
        result = lab.run("unshare", "--mount", "sh", "-c", script, home, home,
                         lab.BIN / f"part{part}_client", server.address, "file", "-o",
                         home, *model)  # fmt: skip
    assert_failed(part, result, f"write {home}/file.part: No space left on device")
    assert result.stdout.split() in ([], ["file.part", "file.part.dlab"])


@pytest.mark.parametrize("part", [3, 4])
def test_what_came_before_the_disk_was_full_is_gone_on_from(served, home, part):
    needs_mounts()
    size = 3_000_000
    data = lab.make_file(served / "file", size)
    script = """mount -t tmpfs -o size=1m none "$1"; shift
                "$@"; ls -A "$0"; mount -o remount,size=8m "$0"
                "$@" --resume --report "$0/report" && cat "$0/report" && cat "$0/file" >&2"""
    with lab.part_server(part, served) as server:
        words = [servers_file(served.parent, server), 4] if part == 4 else [server.address]
        result = subprocess.run(
            list(map(str, ["unshare", "--mount", "sh", "-c", script, home, home,
                           lab.BIN / f"part{part}_client", *words, "file", "-o", home, "--quiet"])),
            capture_output=True, timeout=60)  # fmt: skip
    assert result.returncode == 0, result.stderr[:1000]
    assert b"No space left on device" in result.stderr
    left, _, report = result.stdout.decode().partition("{")
    assert left.split() == ["file.part", "file.part.dlab"]
    assert json.loads("{" + report)["bytes_received"] < size - 500_000
    assert result.stderr.endswith(data)


@EACH_CLIENT
def test_a_limit_on_the_size_of_files_is_said_and_leaves_nothing(served, home, part, model):
    lab.make_file(served / "file", 3_000_000)
    limited = ("import os, resource as r, signal as s, sys\ns.signal(s.SIGXFSZ, s.SIG_DFL)\n"
               "r.setrlimit(r.RLIMIT_FSIZE, (100000, 100000))\nos.execv(sys.argv[1], sys.argv[1:])")
    with lab.part_server(part, served) as server:
        result = lab.part_client(part, server, "file", "-o", home, *model,
                                 prefix=(lab.sys.executable, "-c", limited))  # fmt: skip
    assert_failed(part, result, f"{home}/file.part: File too large")
    assert names_in(home) == []
