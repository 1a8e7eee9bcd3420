#!/usr/bin/env python3
"""A first file server: one client after another, the file read and sent 8192 bytes at a time.

The client sends a file's name and a newline. The answer is one line, "OK SIZE NAME" or
"ERROR REASON", and after OK the file's bytes.
"""

import argparse
import os
import socket
import sys

SEND_BYTES = 8192
LONGEST_NAME = 4096


def receive_line(connection):
    line = b""
    while not line.endswith(b"\n"):
        byte = connection.recv(1)
        if not byte or len(line) > LONGEST_NAME:
            raise ValueError("no file name")
        line += byte
    return line[:-1].decode()


def find(root, name):
    path = os.path.realpath(os.path.join(root, name))
    if not path.startswith(os.path.join(root, "")):
        raise ValueError("outside the folder")
    return path


def answer(connection, root):
    try:
        name = receive_line(connection)
        file = open(find(root, name), "rb")
    except (OSError, ValueError) as error:
        connection.sendall(f"ERROR {error}\n".encode())
        return
    with file:
        size = os.fstat(file.fileno()).st_size
        connection.sendall(f"OK {size} {name}\n".encode())
        while data := file.read(SEND_BYTES):
            connection.sendall(data)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=9009)
    parser.add_argument("--root", default=".")
    options = parser.parse_args()
    root = os.path.realpath(options.root)
    with socket.create_server(("127.0.0.1", options.port)) as listener:
        print(f"listening on 127.0.0.1:{listener.getsockname()[1]}", flush=True)
        while True:
            connection, _ = listener.accept()
            with connection:
                try:
                    answer(connection, root)
                except OSError as error:  # this client left; there will be others
                    print(f"server.py: lost a client: {error}", file=sys.stderr)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        pass
