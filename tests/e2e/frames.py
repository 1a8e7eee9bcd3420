"""Messages as bytes, for clients that the real ones would not be (docs/protocol.md)."""

import struct

GET, GET_PACKETS, DIGEST, LIST = 1, 2, 3, 4
FILE, FILE_DIGEST, LISTING, ERROR = 0x81, 0x84, 0x86, 0xFF
TO_THE_END = 2**64 - 1
CODES = ("", "not-found", "not-a-file", "forbidden", "bad-name", "bad-range", "version-changed",
         "malformed", "unknown-type", "unsupported-version", "busy", "timed-out",
         "internal")  # fmt: skip


def frame(kind, body=b"", version=1, length=None):
    """length: what the header claims, if it is not the truth."""
    return struct.pack(">4sBBHI", b"\xd1LAB", version, kind, 0,
                       len(body) if length is None else length) + body  # fmt: skip


def get(name, offset=0, length=TO_THE_END, version=0, share=1):
    name = name if isinstance(name, bytes) else name.encode()
    return frame(GET, struct.pack(">QQQHH", offset, length, version, share, len(name)) + name)


def digest(name, version=0):
    return frame(DIGEST, struct.pack(">QH", version, len(name)) + name.encode())


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
