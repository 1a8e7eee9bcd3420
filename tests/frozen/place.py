"""A file, a server of each part that offers it, and a folder to save it to."""

import lab
from mirrors import servers_file
from running import path_of

PARTS = (1, 2, 3, 4)
SIZE = 300_000


class Place:
    """`folder` is an empty one. stop() ends the servers."""

    def __init__(self, folder):
        self.folder, self.served, self.home = folder, folder / "served", folder / "home"
        self.served.mkdir()
        self.home.mkdir()
        self.data = lab.make_file(self.served / "file", SIZE)
        self.started = {}

    def server(self, part):
        """That of a part; started when it is first asked for."""
        if part not in self.started:
            self.started[part] = lab.part_server(part, self.served)
        return self.started[part]

    def words(self, part, server, name="file", target=None):
        """What a part's client is told: of whom to ask for what, and where to save it."""
        words = [name, "-o", target or self.home / "saved"]
        if part == 4:
            return [servers_file(self.folder, server), 2, *words]
        return [getattr(server, "address", server), *words]

    def fetch(self, part, *options, server=None, **what):
        """The ended client of a part; server: another one than that of the place."""
        words = self.words(part, server or self.server(part), **what)
        return lab.run(path_of(f"part{part}_client"), *words, *options)

    def load(self, *options, server=None, name="file"):
        """The ended dlab_load that makes three requests."""
        address = server or self.server(3).address
        return lab.run(path_of("dlab_load"), address, name, "--requests", 3, *options)

    def stop(self):
        for server in self.started.values():
            server.stop()
