"""The protocol's packets in Python, and a server made of them that breaks the rules on demand.

    with FakeServer(lambda peer, request: peer.send(packets.file(size=3) + ...)) as server:
        result = lab.part_client(2, server, "file", "-o", target)
"""

import socket
import struct
import threading

import lab

GET_PACKETS, FILE, PACKET, MARK, ERROR = 0x02, 0x81, 0x82, 0x83, 0xFF
HEADER = struct.Struct(">4sBBHI")
GET_FIELDS = struct.Struct(">QQQQIIB")
MAGIC = b"\xd1LAB"
TO_THE_END = 2**64 - 1


def _table():
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
        yield value


TABLE = tuple(_table())


def crc32c(data):
    state = 0xFFFFFFFF
    for byte in data:
        state = state >> 8 ^ TABLE[(state ^ byte) & 0xFF]
    return state ^ 0xFFFFFFFF


def frame(kind, body):
    return HEADER.pack(MAGIC, 1, kind, 0, len(body)) + body


def text(value):
    return struct.pack(">H", len(value)) + value.encode()


def file(size, offset=0, length=None, version=1, name="file"):
    length = size - offset if length is None else length
    return frame(FILE, struct.pack(">5Q", size, version, offset, length, 0) + text(name))


def packet(sequence, payload, offset, length=None, sent_ns=0):
    length = len(payload) if length is None else length
    fields = struct.pack(">QQQI", sequence, offset, sent_ns, length)
    return frame(PACKET, fields + struct.pack(">I", crc32c(fields + payload)) + payload)


def mark(next_sequence):
    return frame(MARK, struct.pack(">Q", next_sequence))


def error(code, message):
    return frame(ERROR, struct.pack(">H", code) + text(message))


def get_packets(name, packet_bytes, offset=0, length=TO_THE_END, version=0, window=256, order=0,
                seed=0):  # fmt: skip
    fields = GET_FIELDS.pack(offset, length, version, seed, packet_bytes, window, order)
    return frame(GET_PACKETS, fields + text(name))


def read_frame(peer):
    """(kind, body) of the next frame that a RawClient or a fake server's peer receives."""
    header = peer.receive(HEADER.size)
    if len(header) < HEADER.size:
        return None, b""
    _, _, kind, _, length = HEADER.unpack(header)
    return kind, peer.receive(length)


class Request:
    """What a client asked for: offset, length, version, seed, packet_bytes, window, order."""

    def __init__(self, body):
        (self.offset, self.length, self.version, self.seed, self.packet_bytes, self.window,
         self.order) = GET_FIELDS.unpack_from(body)  # fmt: skip


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
                kind, body = read_frame(self)
                if kind != GET_PACKETS:
                    return
                self.requests.append(Request(body))
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
