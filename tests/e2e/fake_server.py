"""A server of packets that breaks the rules on demand.

    with FakeServer(lambda peer, request: peer.send(frames.file(size=3) + ...)) as server:
        result = lab.part_client(2, server, "file", "-o", target)
"""

import socket
import threading

import frames
import lab


class Request:
    """What a client asked for: offset, length, version, seed, packet_bytes, window, order."""

    def __init__(self, body):
        (self.offset, self.length, self.version, self.seed, self.packet_bytes, self.window,
         self.order) = frames.GET_PACKETS_FIELDS.unpack_from(body)  # fmt: skip


class FakeServer:
    """Answers every request for packets of one connection with answer(peer, request)."""

    def __init__(self, answer):
        self.answer = answer
        self.requests = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(60)
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
        try:
            self.connection, _ = self.listener.accept()
            self.connection.settimeout(60)
            while True:
                frame = frames.receive_frame(self)
                if not frame or frame[0] != frames.GET_PACKETS:
                    return
                self.requests.append(Request(frame[1]))
                self.answer(self, self.requests[-1])
        except OSError:
            pass  # the client has left

    def close(self):
        try:
            self.listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        if self.connection:
            self.connection.close()
        self.thread.join(60)
        self.listener.close()
        lab.running.discard(self)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
