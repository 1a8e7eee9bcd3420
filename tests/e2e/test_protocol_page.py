"""A client written from docs/protocol.md alone: the page is enough, whatever the language."""

import hashlib
import socket
import struct

import lab
import pytest

# --- the client: plain Python, nothing of the project ---------------------------------------------


def receive(connection, size):
    data = b""
    while len(data) < size:
        piece = connection.recv(size - len(data))
        if not piece:
            raise ConnectionError(f"closed with {size - len(data)} bytes still to come")
        data += piece
    return data


def ask(connection, kind, body):
    connection.sendall(b"\xd1LAB" + struct.pack(">BBHI", 1, kind, 0, len(body)) + body)


def answer(connection):
    magic, version, kind, _, length = struct.unpack(">4sBBHI", receive(connection, 12))
    assert magic == b"\xd1LAB" and version == 1 and length <= 65536
    body = receive(connection, length)
    if kind == 0xFF:
        raise OSError(struct.unpack(">H", body[:2])[0], body[4:].decode())
    return kind, body


def get(connection, name, offset, length, version=0):
    ask(connection, 0x01, struct.pack(">QQQHH", offset, length, version, 1, len(name)) + name)
    kind, body = answer(connection)
    size, version, begin, length = struct.unpack(">QQQQ", body[:32])
    assert kind == 0x81 and begin == offset
    return size, version, receive(connection, length)


def digest(connection, name, version):
    ask(connection, 0x03, struct.pack(">QH", version, len(name)) + name)
    while (reply := answer(connection))[0] == 0x85:  # Working: it lives
        pass
    assert reply[0] == 0x84 and struct.unpack(">Q", reply[1][:8])[0] == version
    return reply[1][16:48]


def download(host, port, name):
    """Fetches the file in two ranges over one connection, and checks it."""
    with socket.create_connection((host, port), timeout=30) as connection:
        size, version, front = get(connection, name, 0, 100_000)
        _, _, rest = get(connection, name, len(front), 2**64 - 1, version)
        assert len(front + rest) == size
        assert hashlib.sha256(front + rest).digest() == digest(connection, name, version)
        return front + rest


# --- the proof ------------------------------------------------------------------------------------

every_server = pytest.mark.parametrize("part", [1, 2, 3])


@every_server
@pytest.mark.parametrize("size", [0, 1, 100_000, 3_000_001])
def test_a_client_made_from_the_page_downloads_a_file(served, part, size):
    data = lab.make_file(served / "Data.jpg", size)
    with lab.part_server(part, served) as server:
        assert download(server.host, server.port, b"Data.jpg") == data


@every_server
def test_it_understands_a_refusal_and_goes_on(served, part):
    lab.make_file(served / "Data.jpg", 10)
    with lab.part_server(part, served) as server:
        with socket.create_connection((server.host, server.port), timeout=30) as connection:
            with pytest.raises(OSError, match="no such file") as refusal:
                get(connection, b"no-such", 0, 1)
            assert refusal.value.errno == 1
            size, version, _ = get(connection, b"Data.jpg", 0, 1)
            assert size == 10
            with pytest.raises(OSError) as refusal:
                get(connection, b"Data.jpg", 0, 1, version ^ 1)
            assert refusal.value.errno == 6
