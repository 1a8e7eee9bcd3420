"""Messages as bytes, for clients and servers that the real ones would not be (docs/protocol.md)."""

import struct

GET, GET_PACKETS, DIGEST, LIST = 1, 2, 3, 4
FILE, PACKET, MARK, FILE_DIGEST, LISTING, ERROR = 0x81, 0x82, 0x83, 0x84, 0x86, 0xFF
GET_PACKETS_FIELDS = struct.Struct(">QQQQIIB")
TO_THE_END = 2**64 - 1
CODES = ("", "not-found", "not-a-file", "forbidden", "bad-name", "bad-range", "version-changed",
         "malformed", "unknown-type", "unsupported-version", "busy", "timed-out",
         "internal")  # fmt: skip


def frame(kind, body=b"", version=1, length=None):
    """length: what the header claims, if it is not the truth."""
    return struct.pack(">4sBBHI", b"\xd1LAB", version, kind, 0,
                       len(body) if length is None else length) + body  # fmt: skip


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


def get(name, offset=0, length=TO_THE_END, version=0, share=1):
    name = name if isinstance(name, bytes) else name.encode()
    return frame(GET, struct.pack(">QQQHH", offset, length, version, share, len(name)) + name)


def digest(name, version=0):
    return frame(DIGEST, struct.pack(">QH", version, len(name)) + name.encode())


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


def file_digest(size, sha256, version=1):
    return frame(FILE_DIGEST, struct.pack(">QQ", version, size) + sha256.digest())


def error(code, message):
    return frame(ERROR, struct.pack(">H", code) + text(message))


def get_packets(name, packet_bytes, offset=0, length=TO_THE_END, version=0, window=256, order=0,
                seed=0):  # fmt: skip
    fields = GET_PACKETS_FIELDS.pack(offset, length, version, seed, packet_bytes, window, order)
    return frame(GET_PACKETS, fields + text(name))


def header_bytes(name):
    """The length of the frame before the raw bytes of the file `name`."""
    return 12 + 40 + 2 + len(name)


def receive_frame(client):
    """(type, body) of the next frame; None at the end."""
    header = client.receive(12)
    if not header:
        return None
    magic, version, kind, _, length = struct.unpack(">4sBBHI", header)
    assert (magic, version) == (b"\xd1LAB", 1)
    return kind, client.receive(length)


def receive_error(client):
    """The name of the error that the next frame must be."""
    kind, body = receive_frame(client)
    assert kind == ERROR, f"type {kind:#x} in place of an error"
    code, length = struct.unpack(">HH", body[:4])
    assert len(body) == 4 + length
    return CODES[code]


def receive_header(client):
    """(size, version, offset, length) of the file whose raw bytes come next."""
    kind, body = receive_frame(client)
    assert kind == FILE, f"type {kind:#x} in place of a file"
    return struct.unpack(">QQQQ", body[:32])


def receive_file(client):
    """The raw bytes of the next answer."""
    length = receive_header(client)[3]
    return client.receive(length)
