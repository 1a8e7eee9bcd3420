"""Listens on the port it is given, without a word; serves nobody."""

import signal
import socket
import sys

with socket.create_server(("127.0.0.1", int(sys.argv[1]))):
    signal.pause()
