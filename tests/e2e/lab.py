"""Runs the real programs against each other, and against trouble.

    with lab.part_server(1, root) as server:
        result = lab.part_client(1, server, "Data.jpg", "-o", target)
        assert result.returncode == 0, result.stderr

Nothing here sleeps to be right: what must become true is waited for, with a deadline.
"""

import contextlib
import os
import random
import re
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ.get("DLAB_BIN", ROOT / "build" / "bin"))
PYTHON_PAIR = ROOT / "bench" / "contestants" / "python_pair"
# Children of a process with threads are half known to ThreadSanitizer: with this they may start
# threads all the same, but they are never handed a signal.
os.environ["TSAN_OPTIONS"] = os.environ.get("TSAN_OPTIONS", "") + ":die_after_fork=0"
SANITIZER = re.compile(r"ERROR: \w+Sanitizer|WARNING: ThreadSanitizer|runtime error:")

running = set()  # servers and proxies not yet ended; conftest.py looks that none outlives its test


def wait_until(condition, what, seconds=20):
    """Waits for condition() to be true, and returns what it returned."""
    deadline = time.monotonic() + seconds
    while not (result := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"after {seconds} s still not: {what}")
        threading.Event().wait(0.005)
    return result


def no_sanitizer_report(text):
    assert not SANITIZER.search(text), f"a sanitizer reports:\n{text}"


@contextlib.contextmanager
def no_leak_check():
    """Programs are run without LeakSanitizer: it starts a process at the end, and none can start
    once a process namespace's first one has ended."""
    before = os.environ.get("ASAN_OPTIONS")
    os.environ["ASAN_OPTIONS"] = f"{before or ''}:detect_leaks=0"
    try:
        yield
    finally:
        if before is None:
            del os.environ["ASAN_OPTIONS"]
        else:
            os.environ["ASAN_OPTIONS"] = before


def count_fds(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def count_threads(pid):
    return len(os.listdir(f"/proc/{pid}/task"))


def family(pid):
    """The process and all that it has started and not yet seen the end of."""
    pids = [pid]
    for parent in pids:
        with contextlib.suppress(OSError):
            for task in os.listdir(f"/proc/{parent}/task"):
                children = Path(f"/proc/{parent}/task/{task}/children").read_text()
                pids.extend(map(int, children.split()))
    return pids


def sum_over_family(count, pid):
    """count(pid) of all the family; one that has just ended has nothing to be counted."""
    total = 0
    for member in family(pid):
        with contextlib.suppress(OSError):
            total += count(member)
    return total


@contextlib.contextmanager
def pauses(pid):
    """Meanwhile the process, and all that it has started, is stopped and continued again and again:
    each time, a call that waits on a socket with a timeout ends early (signal(7))."""
    over = threading.Event()

    def pause():
        while not over.wait(0.01):
            members = family(pid)
            for told in (signal.SIGSTOP, signal.SIGCONT):
                for member in members:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(member, told)

    pausing = threading.Thread(target=pause)
    pausing.start()
    try:
        yield
    finally:
        over.set()
        pausing.join()


def has_ended(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state == "Z"


class Server:
    """A server process, from its line "listening on HOST:PORT" to its end on SIGTERM."""

    def __init__(self, *command, cwd=None):
        self.stdout_file = tempfile.TemporaryFile()
        self.stderr_file = tempfile.TemporaryFile()
        # setpriv: the server dies with the thread that starts it, however that dies.
        self.process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", *map(str, command)],
            stdin=subprocess.DEVNULL, stdout=self.stdout_file, stderr=self.stderr_file, cwd=cwd,
        )  # fmt: skip
        self.pid = self.process.pid
        running.add(self)
        try:
            ready = wait_until(self._ready, f"{command[0]} is listening")
        except BaseException:
            self.kill()
            raise
        self.host, self.port = ready[1].strip("[]"), int(ready[2])
        self.address = f"{ready[1]}:{ready[2]}"

    def _ready(self):
        if self.process.poll() is not None:
            raise ChildProcessError(f"exited with {self.process.returncode}: {self.stderr()}")
        return re.search(r"^listening on (\S+):(\d+)$", self.stdout(), re.MULTILINE)

    def stdout(self):
        return _contents(self.stdout_file)

    def stderr(self):
        return _contents(self.stderr_file)

    def fds(self):
        return sum_over_family(count_fds, self.pid)

    def threads(self):
        """With those of its child processes, of which each has one at least."""
        return sum_over_family(count_threads, self.pid)

    def wait_for_log(self, pattern, seconds=20):
        """Waits for a match in what the server wrote to stderr."""
        return wait_until(lambda: re.search(pattern, self.stderr()), f"log: {pattern}", seconds)

    def wait_until_idle(self, fds, threads):
        """Waits until the server holds no more than it held before its clients came."""
        wait_until(
            lambda: self.fds() <= fds and self.threads() <= threads,
            f"back to {fds} fds and {threads} threads",
        )

    def stop(self, sent=signal.SIGTERM, seconds=20):
        """Asks the server to end and returns its exit code."""
        self.process.send_signal(sent)
        try:
            return self.process.wait(seconds)
        finally:
            self.kill()

    def kill(self):
        """Ends the server without asking; as a crash would."""
        self.process.kill()
        self.process.wait()
        running.discard(self)

    def __enter__(self):
        return self

    def __exit__(self, failure, *_):
        if failure is None and self.process.poll() is None:
            self.stop()
        self.kill()
        if failure is None:
            no_sanitizer_report(self.stderr())


def _contents(file):
    return os.pread(file.fileno(), 10_000_000, 0).decode(errors="replace")


def is_built_for_threads():
    """Is the server built with ThreadSanitizer?"""
    return b"__tsan_init" in (BIN / "part3_server").read_bytes()


class Kind(int):
    """A part's server in one of its models: the part's number, and what else is to be said to start
    it. workers: how many clients it serves at once; None: any number."""

    def __new__(cls, part, model=None, workers=None):
        kind = super().__new__(cls, part)
        kind.model, kind.workers = model, workers
        fixed = ("--workers", workers) if model in ("pool", "prefork") else ()
        kind.options = ("--model", model, *fixed) if model else ()
        return kind

    def __repr__(self):
        return f"{int(self)}-{self.model}" if self.model else str(int(self))

    def __format__(self, spec):
        return format(int(self), spec)


MODELS = [
    Kind(3, "iterative", 1), Kind(3, "threads"), Kind(3, "pool", 3), Kind(3, "processes"),
    Kind(3, "prefork", 3), Kind(3, "epoll"), Kind(3, "io_uring"),
]  # fmt: skip
KINDS = [kind for kind in (Kind(1, workers=1), Kind(2, workers=1), *MODELS)
         if (BIN / f"part{kind}_server").exists()]  # fmt: skip


def kinds(*models, but=()):
    """A table of a test's `part`: all kinds of servers, or part 3 in the models named, or with None
    the parts that have no models."""
    chosen = [kind for kind in KINDS if kind.model in models] if models else KINDS
    chosen = [kind for kind in chosen if kind.model not in but]
    return pytest.mark.parametrize("part", chosen, ids=repr)


def part_server(part, root, *options, prefix=()):
    """partN_server on a free port, part a number or a Kind. prefix: words to put before it, as
    without_root() gives."""
    return Server(*prefix, BIN / f"part{part}_server", "--root", root, "--port", "0",
                  *getattr(part, "options", ()), *options)  # fmt: skip


def python_server(root):
    return Server(sys.executable, PYTHON_PAIR / "server.py", "--port", "0", "--root", root)


def run(*command, seconds=60, cwd=None):
    """Runs a program to its end; returns its returncode, stdout and stderr."""
    result = subprocess.run(
        list(map(str, command)), stdin=subprocess.DEVNULL, capture_output=True, text=True,
        errors="replace", timeout=seconds, cwd=cwd,
    )  # fmt: skip
    no_sanitizer_report(result.stderr)
    return result


def part_client(part, server, *arguments, prefix=(), **how):
    """partN_client; server is a Server, a Proxy or "HOST:PORT"."""
    address = getattr(server, "address", server)
    return run(*prefix, BIN / f"part{part}_client", address, *arguments, **how)


def python_client(server, name, output, **how):
    return run(sys.executable, PYTHON_PAIR / "client.py", server.host, server.port, name, output,
               **how)  # fmt: skip


def make_file(path, size, seed=1):
    """Writes seeded random bytes and returns them."""
    data = random.Random(seed).randbytes(size)
    Path(path).write_bytes(data)
    return data


def let_settle(path):
    """Waits until the clock that dates the file has gone on, so that a server's tag of it is strong."""
    dated = os.stat(path).st_ctime_ns
    tick = 2 if dated % 10**9 == 0 else 0.01
    wait_until(lambda: time.time_ns() > dated + (tick + 0.001) * 10**9, f"{path} is settled")


def make_sparse(path, size):
    with open(path, "wb") as file:
        file.truncate(size)


def without_root():
    """Words to put before a command so that file modes bind it even when root runs the tests."""
    if os.geteuid() != 0:
        return ()
    return ("setpriv", "--bounding-set=-dac_override,-dac_read_search")


def refusing(**calls):
    """Words to put before a command to which the kernel is to refuse system calls:
    refusing(openat2="ENOSYS")."""
    words = ",".join(f"{call}={error}" for call, error in calls.items())
    return (sys.executable, Path(__file__).with_name("refusing_calls.py"), words)


@contextlib.contextmanager
def nobody():
    """An address that refuses connections: bound, so that no other program can take it meanwhile,
    but nobody listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield "%s:%d" % bound.getsockname()


@contextlib.contextmanager
def silence():
    """An address where nobody answers: a listener whose queue is full drops what comes, as a silent
    host would. One connection fills the queue."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        with socket.create_connection(listener.getsockname(), 20):
            assert select.select([listener], [], [], 20)[0], "the queue is not full"
            yield "%s:%d" % listener.getsockname()


def is_connecting_to(address):
    """Has somebody's SYN to address had no answer yet? (proc_pid_net(5): state 02 is SYN_SENT)"""
    port = int(address.rpartition(":")[2])
    return f":{port:04X} 02 " in Path("/proc/net/tcp").read_text()


class RawClient:
    """A socket for hostile input. Every receive has a deadline."""

    def __init__(self, server, seconds=20, receive_buffer=None):
        self.socket = socket.socket(socket.AF_INET6 if ":" in server.host else socket.AF_INET)
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(seconds)
        self.socket.connect((server.host, server.port))

    def send(self, data):
        self.socket.sendall(data)

    def receive(self, size):
        """Exactly size bytes, or fewer when the server closed first."""
        data = b""
        while len(data) < size and (piece := self.socket.recv(size - len(data))):
            data += piece
        return data

    def receive_all(self):
        """All that comes until the server closes. A reset raises ConnectionResetError."""
        return b"".join(iter(lambda: self.socket.recv(65536), b""))

    def end_of_input(self):
        """Says that nothing more will be sent; can still receive."""
        self.socket.shutdown(socket.SHUT_WR)

    def reset(self):
        """Vanishes with a TCP reset."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()
