"""Types what a page shows, in a copy of the project's folder, with a /tmp and ports of its own.

    with Reader(folder) as reader:
        printed = reader.type(fence)

A server gets a terminal of its own, until another one wants its port or the page ends.
"""

import os
import re
import shutil
import socket

from commands import BIN, PORT, ROOT, look_for_what_it_needs, server_port
from jobs import Job, TypedJob

TMP = re.compile(r"(?<![\w./-])/tmp\b")


class WentWrong(Exception):
    """What became of a command that should have worked."""


class Reader:
    def __init__(self, folder):
        self.folder, self.tmp, self.home = folder / "project", folder / "tmp", folder / "home"
        for made in (self.folder, self.tmp, self.home):
            made.mkdir()
        copy_project(self.folder)
        self.environment = {**os.environ, "HOME": str(self.home), "LC_ALL": "C.UTF-8"}
        self.ports = {}  # of the page: a bound socket whose port stands for it
        self.servers = {}  # by the page's port
        self.scripts = 0

    def save(self, fence):
        """Writes the file that the fence shows."""
        path = self.folder / self._here(fence.notes["saved as"])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self._here(fence.text))

    def type(self, fence):
        """What the fence's commands print. Raises Lacking or WentWrong."""
        printed = ""
        for command in fence.commands():
            look_for_what_it_needs(command)
            if port := server_port(command):
                self._start_server(command, port)
            else:
                status = int(fence.notes.get("exits with", 0))
                printed += self._run(command, status, fence.notes.get("typed"))
        return printed.replace(str(self.tmp), "/tmp")

    def _start_server(self, command, port):
        if port in self.servers:
            self.servers.pop(port).end()
        server = self.servers[port] = self._start("exec " + command)
        if not server.listens():
            raise WentWrong(f"{command}\ndoes not listen: {server.printed()}")

    def _run(self, command, expected, typed):
        with self._start(command, typed) as job:
            status, printed = job.wait(), job.printed()
        if status != expected:
            raise WentWrong(f"{command}\nended with {status}: {printed}")
        return printed

    def _start(self, command, typed=None):
        self.scripts += 1
        script = self.home / f"{self.scripts}.sh"
        script.write_text(self._here(command) + "\n")
        how = (script, self.folder, self.environment)
        return TypedJob(typed, *how) if typed else Job(*how)

    def _here(self, text):
        """The text with this reader's own ports and /tmp."""
        return TMP.sub(str(self.tmp), PORT.sub(lambda match: str(self._port(match[0])), text))

    def _port(self, number):
        """A free port in place of the page's. Bound without listening, it is nobody else's, and yet
        a server may have it (socket(7), SO_REUSEADDR)."""
        if number not in self.ports:
            bound = self.ports[number] = socket.socket()
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.bind(("127.0.0.1", 0))
        return self.ports[number].getsockname()[1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for server in self.servers.values():
            server.end()
        for bound in self.ports.values():
            bound.close()


def copy_project(folder):
    """What commands only read is linked, data/ copied; results/latest is the notebooks' sample."""
    for path in ROOT.iterdir():
        if not re.fullmatch(r"\..*|build.*|results|data", path.name):
            (folder / path.name).symlink_to(path)
    shutil.copytree(ROOT / "data", folder / "data", ignore=shutil.ignore_patterns("generated"))
    (folder / "build").mkdir()
    (folder / "build" / "bin").symlink_to(BIN)
    shutil.copytree(ROOT / "notebooks" / "sample", folder / "results" / "latest")
