"""A target that is no plain file is written to, in order, and never replaced."""

import array
import contextlib
import fcntl
import os
import re
import signal
import stat
import subprocess
import termios
import threading
from pathlib import Path

import lab
import pytest
from mirrors import servers_file
from proxy import Proxy
from started import Client, assert_failed, names_in

SIZE = 3_000_000
PIPE = 65536  # bytes that one holds
HEADERS = 30_000  # of answers and packets, at most
PARTS = pytest.mark.parametrize("part", [1, 2, 3, 4])
EACH_WAY = pytest.mark.parametrize("part, options", [
    (1, []), (1, ["--pipeline"]), (2, []), (2, ["--order", "shuffled", "--window", "100kB"]),
    (3, ["--connections", 1]), (3, ["--connections", 5, "--window", "256KiB"]),
    (3, ["--connections", 5, "--window", "256KiB", "--client-model", "epoll"]),
    (3, ["--connections", 5, "--window", "256KiB", "--schedule", "static"]),
    (4, ["--window", "256KiB"]), (4, ["--window", "256KiB", "--steal", "--endgame"]),
], ids=lambda value: "-".join(map(str, value)) if isinstance(value, list) else None)  # fmt: skip


@pytest.fixture
def ask(served, home):
    """ask(part, ...) gives the words behind a client's name that ask a server for "file"."""
    lab.make_file(served / "file", SIZE)
    with contextlib.ExitStack() as stack:

        def words(part, *options, through=None):
            server = stack.enter_context(lab.part_server(part, served, *options))
            if through is not None:
                server = stack.enter_context(Proxy(server, **through))
            words.server = server
            return [servers_file(home.parent, server), 5, "file"] if part == 4 else [
                server.address, "file"]  # fmt: skip

        yield words


class Fifo:
    """A FIFO, and what a reader got out of it."""

    def __init__(self, path):
        self.path = path
        os.mkfifo(path)
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self):
        self.got = self.path.read_bytes()

    def read(self):
        self.thread.join(60)
        return self.got


@EACH_WAY
def test_a_fifo_gets_the_file_in_order_and_stays_one(served, home, ask, part, options):
    words = ask(part)
    fifo = Fifo(home / "fifo")
    result = lab.part_client(part, words[0], *words[1:], "-o", fifo.path, "--quiet", *options)
    assert result.returncode == 0, result.stderr
    assert fifo.read() == (served / "file").read_bytes()
    assert stat.S_ISFIFO(os.lstat(fifo.path).st_mode)
    assert names_in(home) == ["fifo"]


@PARTS
@pytest.mark.parametrize("output", ["-", "/dev/stdout", "/dev/fd/1"])
def test_standard_output_gets_the_file_and_nothing_else(served, home, ask, part, output):
    command = [lab.BIN / f"part{part}_client", *ask(part), "-o", output]
    result = subprocess.run(list(map(str, command)), capture_output=True, cwd=home, timeout=60)
    assert result.returncode == 0, result.stderr
    assert result.stdout == (served / "file").read_bytes()
    assert names_in(home) == []


@PARTS
def test_a_file_that_a_shell_has_opened_is_written_to_behind_what_it_holds(
    served, home, ask, part
):
    command = [lab.BIN / f"part{part}_client", *ask(part), "-o", "/dev/stdout", "--quiet"]
    (home / "log").write_bytes(b"before ")
    with open(home / "log", "ab") as log:
        assert subprocess.run(list(map(str, command)), stdout=log, timeout=60).returncode == 0
    assert (home / "log").read_bytes() == b"before " + (served / "file").read_bytes()


@PARTS
def test_a_device_stays_one(home, ask, part):
    device = home / "null"
    try:
        os.mknod(device, 0o666 | stat.S_IFCHR, os.makedev(1, 3))
        device.write_bytes(b"")
    except OSError:
        pytest.skip("a device cannot be made, or not be opened here")
    result = lab.part_client(part, *ask(part), "-o", device)
    assert result.returncode == 0, result.stderr
    assert stat.S_ISCHR(os.lstat(device).st_mode)
    assert names_in(home) == ["null"]


@PARTS
def test_a_full_device_is_told(ask, part):
    result = lab.part_client(part, *ask(part), "-o", "/dev/full", "--quiet")
    assert_failed(part, result, "write /dev/full: No space left on device")
    assert stat.S_ISCHR(os.stat("/dev/full").st_mode)


@PARTS
def test_a_reader_that_leaves_is_an_error_like_any_other(ask, part):
    command = [lab.BIN / f"part{part}_client", *ask(part), "-o", "-", "--quiet"]
    with subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE) as client:  # fmt: skip
        client.stdout.read(10)
        client.stdout.close()
        assert client.stderr.read().decode().endswith("write standard output: Broken pipe\n")
        assert client.wait(60) == 1


@PARTS
@pytest.mark.parametrize("end", ["signal", "deadline"])
def test_the_wait_for_a_fifos_reader_can_be_ended(home, ask, part, end):
    os.mkfifo(home / "fifo")
    options = ["--deadline", "300ms"] if end == "deadline" else []
    words = ask(part)
    with Client(part, words[0], *words[1:], "-o", home / "fifo", *options) as client:
        if end == "signal":
            lab.wait_until(lambda: holds_back(client.pid, signal.SIGINT), "it is ready for Ctrl-C")
            client.signal(signal.SIGINT)
        assert client.wait() == 1
        reason = "interrupted" if end == "signal" else "deadline of 0.3 s has passed"
        assert client.stderr() == f"part{part}_client: {reason}\n"
    assert names_in(home) == ["fifo"]


@pytest.mark.parametrize("part, options", [(1, []), (3, ["--connections", 1])])
def test_bytes_that_are_wrong_are_told_behind_them(ask, part, options):
    words = ask(part, through={"corrupt_at": 2_000_000})
    command = [lab.BIN / f"part{part}_client", *words, "-o", "-", "--quiet", *options]
    result = subprocess.run(list(map(str, command)), capture_output=True, timeout=60)
    assert result.returncode == 3
    assert b"not the bytes that were sent" in result.stderr
    assert len(result.stdout) == SIZE


@pytest.mark.parametrize("part", [3, 4])
def test_what_goes_to_a_stream_cannot_be_resumed(ask, part):
    result = lab.part_client(part, *ask(part), "-o", "-", "--resume")
    assert_failed(part, result, "--resume needs a file", exit_code=2)


def test_processes_of_their_own_cannot_write_in_order(ask):
    result = lab.part_client(3, *ask(3), "-o", "-", "--client-model", "processes")
    assert_failed(3, result, "by one writer", exit_code=2)


@pytest.mark.parametrize("part, options", [
    (2, []), (3, ["--connections", 4]), (3, ["--connections", 4, "--client-model", "epoll"]),
    (3, ["--connections", 1]), (3, ["--connections", 4, "--schedule", "static"]), (4, []),
], ids=str)  # fmt: skip
def test_while_nobody_reads_no_more_comes_than_the_window(served, ask, part, options):
    window = 200_000
    words = ask(part, through={})
    read, write = os.pipe()
    command = [lab.BIN / f"part{part}_client", *words, "-o", "-", "--window", window, "--quiet",
               *options]  # fmt: skip
    with subprocess.Popen(list(map(str, command)), stdout=write) as client:
        os.close(write)
        with open(read, "rb") as pipe:
            lab.wait_until(lambda: unread(pipe) > PIPE // 2, "the pipe fills up")
            assert ask.server.passed["down"] < window + PIPE + HEADERS
            assert pipe.read() == (served / "file").read_bytes()
        assert client.wait(60) == 0


def unread(pipe):
    count = array.array("i", [0])
    fcntl.ioctl(pipe, termios.FIONREAD, count)
    return count[0]


def holds_back(pid, number):
    """Does the process block this signal? (proc_pid_status(5))"""
    status = Path(f"/proc/{pid}/status").read_text()
    mask = int(re.search(r"^SigBlk:\s*(\w+)", status, re.MULTILINE)[1], 16)
    return bool(mask >> (number - 1) & 1)
