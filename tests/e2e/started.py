"""Clients that a test watches while they run."""

import json
import signal
import subprocess
import tempfile
from pathlib import Path

import lab
import pytest

# Part 3's client in each of its models: options for its command line.
MODELS = {name: ["--client-model", name] for name in ("threads", "epoll", "processes")}
EACH_MODEL = pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
# Every client of one file: part 1's, which has no models, and part 3's in each.
EACH_CLIENT = pytest.mark.parametrize(
    "part, model", [(1, []), *((3, model) for model in MODELS.values())], ids=["part1", *MODELS]
)


class Client:
    """partN_client, started and not waited for; killed when its test forgets it."""

    def __init__(self, part, server, *arguments, cwd=None):
        self.stderr_file = tempfile.TemporaryFile()
        address = getattr(server, "address", server)
        command = [lab.BIN / f"part{part}_client", address, *arguments]
        self.process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", *map(str, command)], cwd=cwd,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self.stderr_file,
        )  # fmt: skip
        self.pid = self.process.pid
        self.orphans = []  # may outlive it for a moment, and hold what it held

    def children(self):
        """The processes that it has started and not waited for, zombies too."""
        listed = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text()
        return [int(child) for child in listed.split()]

    def signal(self, number):
        self.orphans = self.children()
        self.process.send_signal(number)

    def wait(self, seconds=30):
        """Its exit code, once it has ended by itself, and its children with it."""
        code = self.process.wait(seconds)
        await_end(self.orphans)
        lab.no_sanitizer_report(self.stderr())
        return code

    def stderr(self):
        self.stderr_file.seek(0)
        return self.stderr_file.read().decode(errors="replace")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.signal(signal.SIGKILL)
            self.process.wait()
            await_end(self.orphans)


def await_end(pids):
    lab.wait_until(lambda: all(lab.has_ended(pid) for pid in pids), "no orphan")


def read_report(path):
    return json.loads(path.read_text())


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


def assert_failed(part, result, reason, exit_code=1):
    """One line on stderr says who failed, on which object, and why."""
    assert result.returncode == exit_code, result.stderr
    assert result.stderr.startswith(f"part{part}_client: "), result.stderr
    assert result.stderr.count("\n") == 1, f"more than a line: {result.stderr}"
    assert reason in result.stderr
