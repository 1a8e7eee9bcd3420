"""Mirrors for part 4's client: lists of them, and some that break the rules on demand.

    with FakeMirror(lambda peer, get: peer.sendall(frames.file(3) + b"abc")) as mirror:
        assert_whole(home, bring(home, [mirror, good], 4), b"abc")
"""

import contextlib
import socket
import struct
import threading

import frames
import lab
from started import names_in, read_report

SIZE = 300_000  # of the file that most tests ask for; see the fixtures
NOT_VERIFIED = "part4_client: file: not verified: no mirror told a digest"


def servers_file(folder, *servers):
    """Writes a servers file; servers are such with an address, or lines as they are."""
    path = folder / "servers.txt"
    path.write_text("".join(f"{getattr(server, 'address', server)}\n" for server in servers))
    return path


def client(servers, chunks, *arguments, **how):
    return lab.part_client(4, servers, chunks, *arguments, **how)


def bring(home, servers, chunks=4, *options, **how):
    """Downloads "file" into home, with a report."""
    return client(servers_file(home, *servers), chunks, "file", "-o", home / "file", "--report",
                  home / "report", *options, **how)  # fmt: skip


def assert_whole(home, result, data, received=None, verified="yes"):
    """bring() has brought the file; returns the report. received: how many of its bytes came in
    this run; None: all."""
    assert result.returncode == 0, result.stderr
    assert names_in(home) == ["file", "report", "servers.txt"]
    assert (home / "file").read_bytes() == data
    report = read_report(home / "report")
    assert (report["status"], report["verified"], report["part"]) == ("ok", verified, 4)
    assert report["bytes_received"] == (len(data) if received is None else received)
    assert (NOT_VERIFIED in result.stderr) == (verified == "no")
    return report


def assert_nothing_left(home):
    """bring() has failed, and nothing is kept."""
    assert names_in(home) == ["report", "servers.txt"]


@contextlib.contextmanager
def starting():
    """start(root) starts a mirror; all of them end with the block."""
    with contextlib.ExitStack() as stack:
        yield lambda root: stack.enter_context(lab.part_server(4, root, "--log"))


@contextlib.contextmanager
def mute():
    """An address that accepts connections and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=100) as listener:
        yield "%s:%d" % listener.getsockname()


class Get:
    """What a client asked for."""

    def __init__(self, body):
        self.offset, self.length, self.version = struct.unpack_from(">QQQ", body)
        self.is_for_size = self.length == 0


def send_range(peer, data, get):
    """An honest answer."""
    length = min(get.length, len(data) - get.offset)
    peer.sendall(frames.file(len(data), get.offset, length))
    peer.sendall(data[get.offset : get.offset + length])


class FakeMirror:
    """Answers the request of each connection, on a thread of its own, with answer(peer, get). Then
    it closes. FakeWeb speaks HTTP."""

    def __init__(self, answer):
        self.answer = answer
        self.asked = 0  # for bytes; to ask for the size alone does not count
        self.ending = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.host, self.port = self.listener.getsockname()
        self.address = f"{self.host}:{self.port}"
        self.peers = []
        self.threads = [threading.Thread(target=self._accept, daemon=True)]
        lab.running.add(self)
        self.threads[0].start()

    def _accept(self):
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            peer.settimeout(60)
            self.peers.append(peer)
            thread = threading.Thread(target=self._serve, args=(peer,), daemon=True)
            self.threads.append(thread)
            thread.start()

    def _serve(self, peer):
        def receive(size):
            data = b""
            while len(data) < size and (piece := peer.recv(size - len(data))):
                data += piece
            return data

        try:
            with peer:
                asked = self.read_request(receive)
                if asked:
                    self.asked += not asked.is_for_size
                    self.answer(peer, asked)
                    peer.shutdown(socket.SHUT_WR)
                    receive(1)  # so that closing does not reset what is on its way
        except OSError:
            pass  # the client has left, or this mirror is closing

    @staticmethod
    def read_request(receive):
        """What the client asks for; None when it is something else. receive(n): its next bytes."""
        reader = type("Reader", (), {"receive": staticmethod(receive)})
        frame = frames.receive_frame(reader)
        return Get(frame[1]) if frame and frame[0] == frames.GET else None

    def dawdle(self, seconds):
        """Waits, or raises once the mirror is closing."""
        if self.ending.wait(seconds):
            raise OSError("closing")

    def close(self):
        self.ending.set()
        self.listener.shutdown(socket.SHUT_RDWR)
        self.threads[0].join(60)
        for peer in self.peers:
            try:
                peer.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        for thread in self.threads:
            thread.join(60)
        self.listener.close()
        lab.running.discard(self)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class WebGet:
    """What a client asked a web server for: bytes [begin, end) of target, or the whole (None)."""

    def __init__(self, head):
        line, *fields = head.decode("latin-1").split("\r\n")
        self.target = line.split()[1]
        self.fields = dict(field.lower().split(": ", 1) for field in fields if field)
        self.begin, self.end = 0, None
        if "range" in self.fields:
            first, last = self.fields["range"].removeprefix("bytes=").split("-")
            self.begin, self.end = int(first), int(last) + 1
        self.is_for_size = self.end == 1


def web_head(status, *fields):
    """The head of an answer, such as web_head(404, "Content-Length: 0")."""
    return "".join(f"{line}\r\n" for line in [f"HTTP/1.1 {status} -", *fields, ""]).encode()


def refusal(status, *fields):
    return web_head(status, "Content-Length: 3", *fields) + b"no."


def part_head(size, get, *fields):
    """The head of an honest answer to a request for bytes of a file of that size."""
    return web_head(206, f"Content-Range: bytes {get.begin}-{get.end - 1}/{size}",
                    f"Content-Length: {get.end - get.begin}", *fields)  # fmt: skip


def send_part(peer, data, get, *fields):
    """An honest answer."""
    peer.sendall(part_head(len(data), get, *fields) + data[get.begin : get.end])


class FakeWeb(FakeMirror):
    """Answers with answer(peer, get); get is a WebGet."""

    def __init__(self, answer):
        super().__init__(answer)
        self.url = f"http://{self.address}/"
        self.address = self.url + "file"

    @staticmethod
    def read_request(receive):
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            if not (piece := receive(1)):
                return None
            head += piece
        return WebGet(head)
