"""Servers in this process, for clients that ask for whole files.

    with Answering(lambda peer, number: peer.sendall(frames.file(3, name="a") + b"abc")) as server:
        run, report = load(server, "a", "--requests", 10)
"""

import http.server
import socket
import threading

import frames
import lab


class Conversing:
    """Takes one connection after another and holds a conversation on each: converse() is for those
    who derive from it, and receives and sends by the methods here. It may throw OSError."""

    def __init__(self):
        self.ending = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.host, self.port = self.listener.getsockname()
        self.address = f"{self.host}:{self.port}"
        self.connection = None
        lab.running.add(self)
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def send(self, data):
        self.connection.sendall(data)

    def receive(self, size):
        data = b""
        while len(data) < size and (piece := self.connection.recv(size - len(data))):
            data += piece
        return data

    def _serve(self):
        while not self.ending.is_set():
            try:
                self.connection, _ = self.listener.accept()
                with self.connection:
                    self.connection.settimeout(60)
                    self.converse()
            except OSError:
                pass  # the client has left, or this server is closing

    def close(self):
        self.ending.set()
        self.listener.shutdown(socket.SHUT_RDWR)
        if self.connection:
            self.connection.close()
        self.thread.join(60)
        self.listener.close()
        lab.running.discard(self)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Answering(Conversing):
    """Reads requests of our protocol and calls answer(connection, number) for each; number counts
    all requests from 0. An answer that returns False closes its connection."""

    def __init__(self, answer):
        self.answer = answer
        self.asked = 0
        super().__init__()

    def converse(self):
        while frames.receive_frame(self):
            self.asked += 1
            if self.answer(self.connection, self.asked - 1) is False:
                return


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


class HttpServer:
    """Python's own, serving a folder. version: HTTP/1.0 closes after each answer."""

    def __init__(self, folder, version="HTTP/1.1"):
        handler = type("Handler", (QuietHandler,), {"protocol_version": version})
        self.server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), lambda *arguments: handler(*arguments, directory=folder)
        )
        self.address = "127.0.0.1:%d" % self.server.server_port
        lab.running.add(self)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(60)
        lab.running.discard(self)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
