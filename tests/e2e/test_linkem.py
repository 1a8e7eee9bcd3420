"""linkem: programs on hosts of their own, joined by an emulated link."""

import contextlib
import json
import os
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path

import lab
import pytest
from test_terminal import Terminal

LINKEM = lab.BIN / "linkem"
HANG = ("tail", "-f", "/dev/null")
NAMES = """lan wan noisy lossy lossy50 longlossy bursty shallow longfat bloat cap busy
           mirror satellite""".split()

# Says where it listens, greets one client, and ends.
ONE_SHOT = """
import os, socket, sys
listener = socket.create_server(("0.0.0.0", int(sys.argv[1])))
print("listening on 0.0.0.0:%d" % listener.getsockname()[1], flush=True)
client, peer = listener.accept()
client.sendall(("hello " + peer[0]).encode())
"""
RECEIVE = """
import socket, sys
with socket.create_connection((sys.argv[1], int(sys.argv[2])), 20) as connection:
    sys.stdout.write(connection.makefile().read())
"""
# Tells how many segments the device takes at once (rtnetlink(7): RTM_GETLINK, IFLA_GSO_MAX_SEGS).
BURSTS = """
import socket, struct
index = socket.if_nametoindex("link0")
netlink = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
netlink.send(struct.pack("=IHHIIBxHiII", 32, 18, 1, 0, 0, 0, 0, index, 0, 0))
answer = netlink.recv(65536)[32:]
while answer:
    length, kind = struct.unpack_from("=HH", answer)
    if kind == 40:
        print(struct.unpack_from("=I", answer, 4)[0], flush=True)
    answer = answer[(length + 3) // 4 * 4:]
"""
# Tells which signal it got; its exit code is that signal's number. A line is one call: where Python
# does not buffer, print() makes two of it, and a signal may come between them.
LISTENER = """
import os, signal, sys
def say(line):
    os.write(1, (line + "\\n").encode())
def tell(number, frame):
    say(signal.Signals(number).name)
    sys.exit(number)
signal.signal(signal.SIGINT, tell)
signal.signal(signal.SIGTERM, tell)
say(sys.argv[1])
while True:
    signal.pause()
"""


def linkem(*arguments, **how):
    return lab.run(LINKEM, *arguments, **how)


@pytest.fixture(scope="module", autouse=True)
def no_leak_check():
    with lab.no_leak_check():
        yield


@pytest.fixture(scope="module")
def hosts(no_leak_check):
    """Skips what needs an emulated link where this machine does not allow one."""
    result = linkem("--quiet", "--", "true")
    if result.returncode == 125 and re.search("/dev/net/tun|TUN device|allows no", result.stderr):
        pytest.skip(result.stderr.strip())
    assert result.returncode == 0, result.stderr


needs_hosts = pytest.mark.usefixtures("hosts")


@pytest.fixture
def scripts(tmp_path):
    """The programs above as shell words: scripts["LISTENER"]."""
    words = {}
    for name in ("ONE_SHOT", "RECEIVE", "LISTENER", "BURSTS"):
        path = tmp_path / f"{name.lower()}.py"
        path.write_text(globals()[name])
        words[name] = f"{sys.executable} {path}"
    return words


def assert_own_failure(result, reason):
    """Exit code 125, and one line of linkem's says why."""
    assert result.returncode == 125, result.stderr
    lines = [line for line in result.stderr.splitlines() if line.startswith("linkem: ")]
    assert len(lines) == 1 and reason in lines[0], result.stderr


# What passes through


@needs_hosts
def test_the_clients_output_and_input_pass_through():
    result = subprocess.run([LINKEM, "--quiet", "--", "sh", "-c", "cat; echo bad >&2"],
                            input="hello\n", capture_output=True, text=True, timeout=60)
    assert (result.returncode, result.stdout, result.stderr) == (0, "hello\n", "bad\n")


@needs_hosts
@pytest.mark.parametrize("command, status", [
    ("exit 0", 0), ("exit 7", 7), ("exit 125", 125), ("kill -TERM $$", 143), ("kill -KILL $$", 137),
])  # fmt: skip
def test_the_clients_exit_status_passes_through(command, status):
    assert linkem("--quiet", "--", "sh", "-c", command).returncode == status


@needs_hosts
def test_a_client_that_is_no_program_is_told():
    result = linkem("--quiet", "--", "/nonexistent/program")
    assert result.returncode == 127
    assert result.stderr == "linkem: execute /nonexistent/program: No such file or directory\n"


@needs_hosts
def test_the_servers_output_goes_to_stderr():
    server = "echo out; echo err >&2; echo listening on 1.2.3.4:5678; exec tail -f /dev/null"
    result = linkem("--quiet", "--server", server, "--", "echo", "client")
    assert result.returncode == 0
    assert result.stdout == "client\n"
    assert sorted(result.stderr.splitlines()) == ["err", "listening on 1.2.3.4:5678", "out"]


@needs_hosts
def test_the_last_words_of_a_server_are_heard():
    server = "trap 'head -c 60000 /dev/zero; exit' TERM; echo listening on 1.2.3.4:5; " \
             "while :; do read x </dev/null; done"
    result = linkem("--quiet", "--server", server, "--", "true")
    assert result.stderr.count("\0") == 60000


@needs_hosts
def test_the_client_learns_where_the_server_is():
    server = "echo listening on 0.0.0.0:5678; exec tail -f /dev/null"
    result = linkem("--quiet", "--server", server, "--",
                    "echo", "{server}:{port}", "{port}{port}", "{other}")
    assert result.stdout == "10.77.0.1:5678 56785678 {other}\n"


@needs_hosts
def test_the_summary_tells_what_the_link_carried():
    result = linkem("--link", "wan", "--", "true")
    assert result.stderr.startswith("linkem: wan: 100 Mbit/s, RTT 40 ms, no loss, queue of 350 ")
    assert "the client ran for" in result.stderr


# Servers


@needs_hosts
def test_a_server_that_serves_once_serves_the_client(scripts):
    for options in (["--server", scripts["ONE_SHOT"] + " 0"],
                    ["--server", scripts["ONE_SHOT"] + " 7001", "--ready-port", "7001"]):
        result = linkem("--quiet", *options, "--", *scripts["RECEIVE"].split(), "{server}",
                        "{port}")  # fmt: skip
        assert (result.returncode, result.stdout) == (0, "hello 10.77.0.2"), result.stderr


@needs_hosts
def test_a_server_that_says_nothing_is_found_by_its_port(served):
    lab.make_file(served / "a.bin", 100_000)
    fetch = "import sys, urllib.request as r; sys.stdout.write(str(len(r.urlopen(sys.argv[1], " \
            "timeout=20).read())))"
    result = linkem("--quiet", "--link", "lan", "--ready-port", "8000", "--server",
                    f"{sys.executable} -m http.server -d {served} 8000 2>/dev/null", "--",
                    sys.executable, "-c", fetch, "http://{server}:{port}/a.bin")  # fmt: skip
    assert (result.returncode, result.stdout) == (0, "100000"), result.stderr


@needs_hosts
def test_a_server_that_ends_at_once_is_told():
    result = linkem("--server", "head -c 60000 /dev/zero; echo no licence; exit 3", "--", "true")
    assert_own_failure(result, "the server ended with exit code 3 before it was ready")
    assert "no licence" in result.stderr, "what it said comes first"


@needs_hosts
@pytest.mark.parametrize("options, reason", [
    ([], 'the server has not said "listening on"; give --ready-port'),
    (["--ready-port", "7001"], "the server does not listen on port 7001"),
])  # fmt: skip
def test_a_server_that_never_gets_ready_is_told(options, reason):
    result = linkem("--ready-timeout", "300ms", *options, "--server", " ".join(HANG), "--", "true")
    assert_own_failure(result, reason)


@needs_hosts
def test_part3_downloads_over_a_link(served, home):
    data = lab.make_file(served / "Data.bin", 3_000_000)
    server = f"{lab.BIN}/part3_server --host 0.0.0.0 --port 0 --root {served}"
    result = linkem("--link", "lan", "--server", server, "--", lab.BIN / "part3_client",
                    "{server}:{port}", "Data.bin", "-o", home / "Data.bin", "--quiet",
                    "--connections", "5")  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert (home / "Data.bin").read_bytes() == data


# Command lines


@pytest.mark.parametrize("options, reason", [
    (["--link", "nosuch"], "there is no link nosuch; linkem --list names them"),
    (["--loss", "200"], "--loss 200: must be percent, from 0 to 100"),
    (["--loss", "-1"], "--loss -1: must be percent, from 0 to 100"),
    (["--loss", "nan"], "--loss nan: must be percent, from 0 to 100"),
    (["--loss", ""], "must be percent, from 0 to 100"),
    (["--loss-burst", "0.5"], "--loss-burst"),
    (["--rate", "-5"], "--rate -5: is no rate"),
    (["--rate", "0"], "--rate 0: is no rate"),
    (["--rtt", "soon"], "--rtt soon"),
    (["--rtt", "40"], "--rtt 40: is no time from 0 to 24 hours with its unit"),
    (["--jitter", "5"], "--jitter 5: is no time"),
    (["--queue", "0"], "--queue: Value 0 not in range 1 to 1000000"),
    (["--queue-policy", "red"], "--queue-policy"),
    (["--ready-port", "70000"], "--ready-port"),
    (["--timeout", "-1s"], "--timeout -1s"),
    (["--nosuch"], "--nosuch"),
])  # fmt: skip
def test_a_wrong_command_line_is_refused(options, reason):
    result = linkem(*options, "--", "echo", "ran")
    assert_own_failure(result, reason)
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


@pytest.mark.parametrize("arguments", [[], ["--link", "wan"], ["--link", "wan", "--"]])
def test_without_a_client_it_asks_for_one(arguments):
    assert_own_failure(linkem(*arguments), "which client?")


@needs_hosts
@pytest.mark.parametrize("option", ["--log", "--pcap"])
def test_a_file_that_cannot_be_written_is_told_before_the_client_starts(option):
    result = linkem(option, "/nonexistent/file", "--", "echo", "ran")
    assert_own_failure(result, "open /nonexistent/file: No such file or directory")
    assert result.stdout == ""


def test_the_list_names_every_link_of_the_design():
    result = linkem("--list")
    assert result.returncode == 0
    listed = [line.split()[0] for line in result.stdout.splitlines()[1:]]
    assert set(NAMES) <= set(listed)
    assert len(listed) == len(set(listed))


def test_help_is_no_failure():
    result = linkem("--help")
    assert result.returncode == 0
    assert "--queue-policy" in result.stdout


# What is left behind


class Marked:
    """A linkem under way whose processes can be told from all others."""

    def __init__(self, *arguments):
        self.mark = f"LINKEM_TEST_MARK={uuid.uuid4()}".encode()
        self.devices, self.mounts, self.handles = host_devices(), namespace_mounts(), netns_files()
        self.output, self.errors = tempfile.TemporaryFile(), tempfile.TemporaryFile()
        name, _, value = self.mark.decode().partition("=")
        self.process = subprocess.Popen(
            list(map(str, (LINKEM, "--quiet", *arguments))), stdin=subprocess.DEVNULL,
            stdout=self.output, stderr=self.errors, env={**os.environ, name: value},
        )  # fmt: skip

    def pids(self):
        return [pid for pid in processes() if self.mark in of_process(pid, "environ")]

    def hub(self):
        found = [pid for pid in self.pids() if of_process(pid, "comm") == b"linkem-hub\n"]
        return found[0] if found else None

    def stdout(self):
        return os.pread(self.output.fileno(), 100_000, 0).decode()

    def stderr(self):
        return os.pread(self.errors.fileno(), 100_000, 0).decode()

    def wait_for(self, text):
        lab.wait_until(lambda: text in self.stdout() + self.stderr(), f"it says {text!r}")

    def wait(self):
        code = self.process.wait(60)
        lab.no_sanitizer_report(self.stderr())
        return code

    def expect_nothing_left(self, networks=()):
        lab.wait_until(lambda: not self.pids(), "all of its processes have ended", 60)
        lab.wait_until(lambda: not set(networks) & set(map(network_of, processes())),
                       "nobody is in its networks")  # fmt: skip
        assert host_devices() == self.devices
        assert namespace_mounts() == self.mounts
        assert netns_files() == self.handles

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        for pid in self.pids():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def processes():
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def of_process(pid, name):
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:
        return b""


def network_of(pid):
    try:
        return os.readlink(f"/proc/{pid}/ns/net")
    except OSError:
        return None


def host_devices():
    return re.findall(r"^\s*(\S+):", Path("/proc/self/net/dev").read_text(), re.MULTILINE)


def namespace_mounts():
    return [line for line in Path("/proc/self/mountinfo").read_text().splitlines()
            if " nsfs " in line]  # fmt: skip


def netns_files():
    folder = Path("/run/netns")
    return sorted(folder.iterdir()) if folder.is_dir() else []


# Both leave a child in a session of its own behind.
SERVER_WITH_CHILD = "setsid tail -f /dev/null & echo listening on 0.0.0.0:1; exec tail -f /dev/null"
CLIENT_WITH_CHILD = ("sh", "-c", "setsid tail -f /dev/null & echo up; exec tail -f /dev/null")


@needs_hosts
def test_nothing_outlives_a_linkem_that_is_killed():
    with Marked("--link", "lan", "--server", SERVER_WITH_CHILD, "--", *CLIENT_WITH_CHILD) as run:
        run.wait_for("up")
        lab.wait_until(lambda: len(run.pids()) >= 7, "linkem, hub, init, and two of each command")
        networks = set(map(network_of, run.pids())) - {network_of("self")}
        assert len(networks) >= 3, "one for each host, and linkem's own"
        assert host_devices() == run.devices, "the devices are the hosts'"
        run.process.kill()
        run.wait()
        run.expect_nothing_left(networks)


@needs_hosts
def test_nothing_outlives_the_client():
    with Marked("--server", SERVER_WITH_CHILD, "--", "sh", "-c",
                "setsid tail -f /dev/null & echo up") as run:  # fmt: skip
        assert run.wait() == 0
        assert run.stdout() == "up\n"
        run.expect_nothing_left()


@needs_hosts
def test_a_client_that_hangs_is_ended():
    with Marked("--timeout", "300ms", "--server", SERVER_WITH_CHILD, "--", *HANG) as run:
        assert run.wait() == 125
        assert run.stderr().endswith("linkem: the client did not end within its --timeout\n")
        run.expect_nothing_left()


@needs_hosts
def test_a_client_out_of_time_may_leave_its_files_in_order(scripts):
    result = linkem("--timeout", "1s", "--", "sh", "-c",
                    f"trap 'echo in order; exit' TERM; {' '.join(HANG)} & wait")
    assert_own_failure(result, "did not end within its --timeout")
    assert result.stdout == "in order\n"


@needs_hosts
def test_a_server_that_will_not_end_is_ended():
    server = "trap '' TERM; echo listening on 0.0.0.0:1; while :; do tail -f /dev/null; done"
    with Marked("--server", server, "--", "true") as run:
        assert run.wait() == 0
        run.expect_nothing_left()


@needs_hosts
def test_a_client_notices_that_the_link_broke():
    with Marked("--", *CLIENT_WITH_CHILD) as run:
        run.wait_for("up")
        os.kill(lab.wait_until(run.hub, "there is a hub"), signal.SIGKILL)
        assert run.wait() == 125
        assert run.stderr() == "linkem: the emulator's process has ended\n"
        run.expect_nothing_left()


@needs_hosts
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_is_passed_on_to_the_client(scripts, number):
    server = "trap 'echo ended; exit' TERM; echo listening on 0.0.0.0:1; " \
             "while :; do read x </dev/null; done"
    with Marked("--server", server, "--", "sh", "-c", "echo up; exec tail -f /dev/null") as run:
        run.wait_for("up")
        run.process.send_signal(number)
        assert run.wait() == 128 + number
        assert "ended" in run.stderr(), "the server is asked to end"
        run.expect_nothing_left()


@needs_hosts
def test_a_client_may_answer_a_signal(scripts):
    with Marked("--", *scripts["LISTENER"].split(), "up") as run:
        run.wait_for("up")
        run.process.send_signal(signal.SIGTERM)
        assert run.wait() == signal.SIGTERM
        assert run.stdout() == "up\nSIGTERM\n"


@needs_hosts
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_wait_for_a_server(number):
    server = "echo starting; exec tail -f /dev/null"
    with Marked("--ready-timeout", "10min", "--server", server, "--", "true") as run:
        run.wait_for("starting")
        run.process.send_signal(number)
        assert run.wait() == 125
        assert run.stderr() == "starting\nlinkem: interrupted\n"
        run.expect_nothing_left()


@needs_hosts
def test_ctrl_c_is_for_the_client(scripts, tmp_path):
    server = scripts["LISTENER"] + " 'listening on 0.0.0.0:1'"
    with Terminal("setsid", "--ctty", LINKEM, "--server", server, "--",
                  *scripts["LISTENER"].split(), "up", cwd=tmp_path) as terminal:  # fmt: skip
        terminal.read_until("up\r\n")
        terminal.type("\x03")
        assert terminal.wait() == signal.SIGINT, terminal.text
    assert terminal.text.count("SIGINT") == 1, terminal.text
    assert terminal.text.count("SIGTERM") == 1, "the server is asked to end, and not by Ctrl-C"
    assert "the client ran for" in terminal.text


@needs_hosts
def test_programs_find_no_descriptors_of_linkems():
    listing = "ls /proc/self/fd"
    result = linkem("--quiet", "--server",
                    f"{listing} >&2; echo listening on 0.0.0.0:1; exec tail -f /dev/null", "--",
                    *listing.split())  # fmt: skip
    assert result.stdout.split() == ["0", "1", "2", "3"], "the fourth is the folder"
    assert result.stderr.split()[:4] == ["0", "1", "2", "3"]


@needs_hosts
def test_the_hub_holds_what_it_needs():
    with Marked("--server", SERVER_WITH_CHILD, "--", *CLIENT_WITH_CHILD) as run:
        run.wait_for("up")
        hub = lab.wait_until(run.hub, "there is a hub")
        # The usual three, the control channel, what keeps the processors awake where that is
        # allowed, epoll, and for each host its device and statistics.
        awake = 1 if os.access("/dev/cpu_dma_latency", os.W_OK) else 0
        assert lab.count_fds(hub) == 3 + 1 + awake + 1 + 2 * 2
        assert lab.count_threads(hub) == 1


# Files


@needs_hosts
@pytest.mark.parametrize("option, beginning",
                         [("--log", b"t_s,host,"), ("--pcap", b"\x4d\x3c\xb2")])  # fmt: skip
@pytest.mark.parametrize("output", ["/dev/fd/{}", "/dev/stdout"])
def test_a_file_may_be_a_pipe(option, beginning, output):
    """As bash's >(...) makes one."""
    read_end, write_end = os.pipe()
    with os.fdopen(read_end, "rb") as pipe:
        result = subprocess.run(
            [LINKEM, "--quiet", option, output.format(write_end), "--", "true"],
            stdin=subprocess.DEVNULL, stdout=write_end, stderr=subprocess.PIPE, timeout=60,
            pass_fds=[write_end])  # fmt: skip
        os.close(write_end)
        assert (result.returncode, result.stderr) == (0, b"")
        assert pipe.read().startswith(beginning)


@needs_hosts
def test_a_pipe_that_nobody_reads_is_told():
    read_end, write_end = os.pipe()
    os.close(read_end)
    with os.fdopen(write_end, "wb"):
        result = subprocess.run([LINKEM, "--quiet", "--log", f"/dev/fd/{write_end}", "--", "true"],
                                capture_output=True, text=True, timeout=60, pass_fds=[write_end],
                                stdin=subprocess.DEVNULL)  # fmt: skip
    assert_own_failure(result, f"write /dev/fd/{write_end}: Broken pipe; the file is cut short")


@needs_hosts
def test_the_log_is_whole_even_when_the_client_hangs(tmp_path):
    result = linkem("--timeout", "300ms", "--log", tmp_path / "a.csv", "--", *HANG)
    assert result.returncode == 125
    header, *rows = (tmp_path / "a.csv").read_text().splitlines()
    assert header.startswith("t_s,host,direction,offered_packets,carried_packets,carried_bytes,")
    assert rows and all(row.count(",") == header.count(",") for row in rows)
    assert {tuple(row.split(",")[1:3]) for row in rows} == {
        ("server", "up"), ("server", "down"), ("client", "up"), ("client", "down")}  # fmt: skip


@needs_hosts
@pytest.mark.parametrize("option", ["--pcap", "--log"])
def test_a_full_disk_is_told(scripts, option):
    result = linkem("--quiet", option, "/dev/full", "--server", scripts["ONE_SHOT"] + " 0", "--",
                    "sh", "-c", scripts["RECEIVE"] + " {server} {port}")
    assert result.stdout == "hello 10.77.0.2", "the client is not to suffer"
    assert_own_failure(result, "write /dev/full: No space left on device")


def packets_in(pcap):
    """The packets of a capture, with its global header and its last record checked."""
    magic, version, _, _, length, kind = struct.unpack_from("=IIIIII", pcap)
    assert (magic, version, length, kind) == (0xA1B23C4D, 2 | 4 << 16, 1500, 101)
    at, packets = 24, []
    while at < len(pcap):
        captured, original = struct.unpack_from("=II", pcap, at + 8)
        assert captured == original
        packets.append(pcap[at + 16 : at + 16 + captured])
        at += 16 + captured
    assert at == len(pcap), "the last packet is cut short"
    return packets


def capture(path, scripts, client, *options):
    return linkem("--pcap", path, *options, "--server", scripts["ONE_SHOT"] + " 0", "--", "sh",
                  "-c", scripts["RECEIVE"] + " {server} {port}" + client)  # fmt: skip


def capture_of_a_client_that_hangs(path, scripts):
    """However slow the machine is: once it has received something."""
    for timeout in ("1s", "5s", "25s"):
        result = capture(path, scripts, f"; exec {' '.join(HANG)}", "--timeout", timeout)
        if result.stdout:
            break
    return result


@needs_hosts
@pytest.mark.parametrize("hang", [False, True])
def test_the_capture_is_whole_even_when_the_client_hangs(tmp_path, scripts, hang):
    path = tmp_path / "a.pcap"
    how = capture_of_a_client_that_hangs if hang else lambda *where: capture(*where, "")
    result = how(path, scripts)
    assert result.returncode == (125 if hang else 0), result.stderr
    assert result.stdout == "hello 10.77.0.2"
    packets = packets_in(path.read_bytes())
    assert len(packets) >= 6, "a handshake, a greeting, a farewell"
    syn = packets[0]
    assert syn[0] == 0x45 and syn[9] == 6
    assert (syn[12:16], syn[16:20]) == (bytes([10, 77, 0, 2]), bytes([10, 77, 0, 1]))
    assert syn[33] & 0x3F == 2, "only SYN is set"
    assert sum(b"hello 10.77.0.2" in packet for packet in packets) == 1


@needs_hosts
@pytest.mark.skipif(not shutil.which("tshark"), reason="tshark is not installed")
def test_tshark_reads_the_capture(tmp_path, scripts):
    path = tmp_path / "a.pcap"
    capture(path, scripts, "")
    shown = lab.run("tshark", "-r", path, "-T", "fields", "-e", "ip.src", "-e", "tcp.flags.syn")
    assert shown.returncode == 0, shown.stderr
    assert len(shown.stdout.splitlines()) == len(packets_in(path.read_bytes()))


@needs_hosts
@pytest.mark.parametrize("options, segments", [
    (["--link", "wan"], None), (["--link", "wan", "--gso-max-segs", "2"], "2"),
    (["--link", "shallow"], "1"), (["--link", "shallow", "--gso-max-segs", "0"], None)])
def test_the_server_sends_no_longer_bursts_than_it_may(scripts, options, segments):
    server = f"{scripts['BURSTS']}; echo listening on 0.0.0.0:1; exec {' '.join(HANG)}"
    result = linkem("--quiet", *options, "--server", server, "--", *scripts["BURSTS"].split())
    assert result.returncode == 0, result.stderr
    kernels_own = result.stdout.strip()  # the client's host is left as it is
    assert int(kernels_own) > 2
    assert result.stderr.split()[0] == (segments or kernels_own)


@needs_hosts
def test_a_certificate_tells_what_was_asked_and_what_was_measured(tmp_path):
    path = tmp_path / "shallow.json"
    result = linkem("certify", "shallow", "--json", path, seconds=300)
    certificate = json.loads(path.read_text())
    findings = {finding["quantity"]: finding for finding in certificate["findings"]}
    assert certificate["link"] == "shallow"
    assert {name: finding["asked"] for name, finding in findings.items()} == {
        "median RTT": 12, "99th percentile of RTT": 12, "rate to the client": 200,
        "rate to the server": 200, "queue": 10, "loss to the client": 0, "TUN drops": 0,
        "largest IP packet": 1500,
    }  # fmt: skip
    assert findings["largest IP packet"]["measured"] == 1500
    # Whether a busy machine keeps time is not for a test to say; that the answers agree is. Where it
    # does not, something may not have been measurable.
    assert all(finding["measured"] is not None
               for finding in findings.values() if finding["holds"])  # fmt: skip
    holds = all(finding["holds"] for finding in findings.values())
    assert certificate["certified"] == holds
    assert result.returncode == (0 if holds else 1), result.stderr
    assert ("\ncertified\n" in result.stdout) == holds
    assert re.search(r"rate to the client +200 ", result.stdout)


@needs_hosts
def test_a_certificate_that_cannot_be_stored_is_told():
    result = linkem("certify", "--json", "/nonexistent/file", seconds=300)
    assert_own_failure(result, "open /nonexistent/file: No such file or directory")


# Shells


def with_shell(shell, *arguments):
    return subprocess.run(list(map(str, (LINKEM, "--quiet", *arguments))), capture_output=True,
                          text=True, timeout=60, stdin=subprocess.DEVNULL,
                          env={**os.environ, "SHELL": str(shell)})  # fmt: skip


def script(path, text):
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(0o755)
    return path


@needs_hosts
@pytest.mark.parametrize("host, address", [("server", "10.77.0.1"), ("client", "10.77.0.2")])
def test_a_shell_can_be_had_on_either_host(tmp_path, host, address):
    bind = f"{sys.executable} -c 'import socket; socket.create_server((\"{address}\", 0))'"
    further = script(tmp_path / "further", f"{bind} && echo I am {address}; exit 6\n")
    first = script(tmp_path / "first", "echo up; exec tail -f /dev/null\n")
    with subprocess.Popen([LINKEM, "--link", "lan", "shell"], stdin=subprocess.DEVNULL, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          env={**os.environ, "SHELL": str(first)}) as star:  # fmt: skip
        try:
            assert star.stdout.readline() == "up\n"
            joined = with_shell(further, "join", star.pid, host)
        finally:
            star.terminate()
        told = star.communicate(timeout=60)[1]
    assert (joined.returncode, joined.stdout) == (6, f"I am {address}\n"), joined.stderr
    assert f"  '{LINKEM.resolve()}' join {star.pid} server\n" in told
    assert star.returncode == 128 + signal.SIGTERM


@needs_hosts
def test_a_shell_may_have_a_server_to_talk_to(tmp_path, scripts):
    """The shell is told where the server listens, and reaches it there."""
    shell = script(tmp_path / "shell", f"{scripts['RECEIVE']} 10.77.0.1 5678\n")
    result = subprocess.run(
        [LINKEM, "--link", "lan", "--server", scripts["ONE_SHOT"] + " 5678", "shell"],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
        env={**os.environ, "SHELL": str(shell)})  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert result.stdout == "hello 10.77.0.2"
    assert "the server is 10.77.0.1:5678" in result.stderr


@needs_hosts
@pytest.mark.parametrize("shell", ["/bin/sh", "/bin/bash"])
def test_a_shell_at_a_terminal_has_jobs_of_its_own(tmp_path, shell):
    """A shell ends with 2 where it cannot give back the terminal that it was given."""
    with Terminal("setsid", "--ctty", "env", f"SHELL={shell}", "ENV=", LINKEM, "--quiet",
                  "--link", "lan", "shell", cwd=tmp_path) as star:  # fmt: skip
        star.type("sleep 0.01 & wait; exit 7\n")
        assert star.wait() == 7, star.text
    assert "tty" not in star.text and "job control" not in star.text


@pytest.mark.parametrize("arguments, reason", [
    (["join", "1", "router"], "a star has no host router: server or client"),
    (["join", "999999999", "server"], "/proc/999999999"),
])  # fmt: skip
def test_a_shell_on_what_is_no_host_is_refused(arguments, reason):
    assert_own_failure(linkem(*arguments), reason)
