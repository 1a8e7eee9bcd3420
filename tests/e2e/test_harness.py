"""The harness proves itself on the plain Python pair, which needs no build."""

import subprocess
import sys

import lab
import pytest
from proxy import Proxy

SIZE = 300_000


def script(tmp_path, text):
    path = tmp_path / "script.py"
    path.write_text(text)
    return path


def download(server, home):
    return lab.python_client(server, "file", home / "file")


def test_a_file_arrives_whole(served, home):
    data = lab.make_file(served / "file", SIZE)
    with lab.python_server(served) as server:
        assert download(server, home).returncode == 0
    assert (home / "file").read_bytes() == data


@pytest.mark.parametrize("name", ["missing", "../outside", "/etc/passwd", ""])
def test_the_pair_refuses_what_is_not_there_to_serve(served, home, name):
    (served.parent / "outside").write_text("secret")
    with lab.python_server(served) as server:
        result = lab.python_client(server, name, home / "file")
    assert result.returncode == 1
    assert "ERROR" in result.stderr
    assert not (home / "file").exists()


def test_an_empty_file_and_a_sparse_one_arrive(served, home):
    lab.make_file(served / "file", 0)
    lab.make_sparse(served / "sparse", SIZE)
    with lab.python_server(served) as server:
        assert download(server, home).returncode == 0
        assert lab.python_client(server, "sparse", home / "sparse").returncode == 0
    assert (home / "file").read_bytes() == b""
    assert (home / "sparse").read_bytes() == bytes(SIZE)


def test_a_server_that_cannot_start_says_why(tmp_path):
    with pytest.raises(ChildProcessError, match="exited with 3: out of order"):
        lab.Server(sys.executable, script(tmp_path, "import sys\nprint('out of order', "
                                                    "file=sys.stderr)\nsys.exit(3)"))  # fmt: skip


def test_a_server_ends_on_sigterm_and_tells_its_exit_code(tmp_path):
    text = (
        "import signal, sys\n"
        "signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))\n"
        "print('listening on 127.0.0.1:1', flush=True)\n"
        "while True: signal.pause()\n"
    )
    with lab.Server(sys.executable, script(tmp_path, text)) as server:
        assert server.stop() == 7


REPORT = "import sys\nprint('==1==ERROR: AddressSanitizer: boom', file=sys.stderr, flush=True)\n"


def test_what_a_sanitizer_reports_of_a_server_fails_the_test(tmp_path):
    text = REPORT + "import signal\nprint('listening on 127.0.0.1:1', flush=True)\nsignal.pause()\n"
    with pytest.raises(AssertionError, match="a sanitizer reports"):
        with lab.Server(sys.executable, script(tmp_path, text)):
            pass


def test_what_a_sanitizer_reports_of_a_client_fails_the_test(tmp_path):
    with pytest.raises(AssertionError, match="a sanitizer reports"):
        lab.run(sys.executable, script(tmp_path, REPORT))


def test_a_server_dies_with_the_test_that_started_it(tmp_path, served):
    text = (
        f"import os, sys\nsys.path.insert(0, {str(lab.ROOT / 'tests' / 'e2e')!r})\nimport lab\n"
        f"print(lab.python_server({str(served)!r}).pid, flush=True)\nos._exit(0)\n"
    )
    pid = int(lab.run(sys.executable, script(tmp_path, text)).stdout)
    lab.wait_until(lambda: lab.has_ended(pid), f"the end of process {pid}")


def test_a_wait_has_a_deadline_and_says_what_for():
    with pytest.raises(TimeoutError, match="still not: the moon is blue"):
        lab.wait_until(lambda: False, "the moon is blue", seconds=0.02)


def test_fds_and_threads_of_a_server_are_counted(served):
    lab.make_file(served / "file", 10_000_000)
    with lab.python_server(served) as server:
        fds, threads = server.fds(), server.threads()
        assert fds >= 4 and threads == 1
        with lab.RawClient(server) as client:
            client.send(b"file\n")
            assert client.receive(11) == b"OK 10000000"
            assert server.fds() == fds + 2  # its connection and its file
        server.wait_until_idle(fds, threads)


def test_a_client_that_vanishes_leaves_the_server_serving(served, home):
    data = lab.make_file(served / "file", 10_000_000)
    with lab.python_server(served) as server:
        client = lab.RawClient(server, receive_buffer=4096)
        client.send(b"file\n")
        client.receive(100)
        client.reset()
        server.wait_for_log("lost a client")
        assert download(server, home).returncode == 0
    assert (home / "file").read_bytes() == data


def test_a_raw_client_sees_the_end_of_the_answer(served):
    lab.make_file(served / "file", 0)
    with lab.python_server(served) as server, lab.RawClient(server) as client:
        client.send(b"file\n")
        client.end_of_input()
        assert client.receive_all() == b"OK 0 file\n"


def test_the_proxy_passes_everything_on(served, home):
    data = lab.make_file(served / "file", SIZE)
    with lab.python_server(served) as server, Proxy(server) as proxy:
        assert download(proxy, home).returncode == 0
        assert proxy.passed == {"up": 5, "down": SIZE + len(b"OK 300000 file\n")}
    assert (home / "file").read_bytes() == data


def test_the_proxy_cuts(served, home):
    lab.make_file(served / "file", SIZE)
    header = len(b"OK 300000 file\n")
    with lab.python_server(served) as server, Proxy(server, cut_after=header + 1000) as proxy:
        result = download(proxy, home)
    assert result.returncode == 1
    assert "299000 bytes are missing" in result.stderr


def test_the_proxy_cuts_with_a_reset(served, home):
    lab.make_file(served / "file", SIZE)
    with lab.python_server(served) as server:
        with Proxy(server, cut_after=1000, reset=True) as proxy:
            result = download(proxy, home)
    assert result.returncode == 1
    assert "reset" in result.stderr


def test_the_proxy_corrupts_one_byte(served, home):
    data = lab.make_file(served / "file", SIZE)
    header = len(b"OK 300000 file\n")
    with lab.python_server(served) as server, Proxy(server, corrupt_at=header + 200_000) as proxy:
        assert download(proxy, home).returncode == 0
    arrived = (home / "file").read_bytes()
    assert [i for i in range(SIZE) if arrived[i] != data[i]] == [200_000]


def test_the_proxy_stalls_until_it_is_closed(served, home):
    lab.make_file(served / "file", SIZE)
    with lab.python_server(served) as server, Proxy(server, stall_after=1000) as proxy:
        with lab.RawClient(proxy) as client:
            client.send(b"file\n")
            assert len(client.receive(1000)) == 1000
            client.socket.settimeout(0.05)
            with pytest.raises(TimeoutError):
                client.receive(1)


def test_only_the_first_connections_suffer(served, home):
    lab.make_file(served / "file", SIZE)
    with lab.python_server(served) as server, Proxy(server, cut_after=9, connections=1) as proxy:
        assert download(proxy, home).returncode == 1
        assert download(proxy, home).returncode == 0
        assert proxy.accepted == 2


def test_file_modes_bind_even_root(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("secret")
    secret.chmod(0)
    result = lab.run(*lab.without_root(), "cat", secret)
    assert result.returncode == 1
    assert "Permission denied" in result.stderr


def test_a_program_that_hangs_is_ended():
    with pytest.raises(subprocess.TimeoutExpired):
        lab.run("tail", "-f", "/dev/null", seconds=0.05)
