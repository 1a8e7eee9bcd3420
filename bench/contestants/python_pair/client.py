#!/usr/bin/env python3
"""A first download client: client.py HOST PORT FILE OUTPUT"""

import socket
import sys

RECEIVE_BYTES = 8192
WRITE_BUFFER_BYTES = 30000


def receive_line(connection):
    line = b""
    while not line.endswith(b"\n"):
        byte = connection.recv(1)
        if not byte:
            raise ConnectionError("the server closed before it answered")
        line += byte
    return line[:-1].decode()


def download(host, port, name, output):
    with socket.create_connection((host, port)) as connection:
        connection.sendall(name.encode() + b"\n")
        answer = receive_line(connection)
        if not answer.startswith("OK "):
            raise FileNotFoundError(answer)
        missing = int(answer.split(" ", 2)[1])
        with open(output, "wb", buffering=WRITE_BUFFER_BYTES) as file:
            while missing:
                data = connection.recv(min(RECEIVE_BYTES, missing))
                if not data:
                    raise ConnectionError(f"{missing} bytes are missing")
                file.write(data)
                missing -= len(data)


def main():
    if len(sys.argv) != 5:
        print(__doc__, file=sys.stderr)
        return 2
    host, port, name, output = sys.argv[1:]
    try:
        download(host, int(port), name, output)
    except (OSError, ValueError) as error:
        print(f"client.py: {name}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
