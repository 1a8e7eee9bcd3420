"""A man in the middle: passes bytes on between client and server, until it makes trouble.

    with Proxy(server, cut_after=100_000) as proxy:
        result = lab.part_client(1, proxy, "Data.jpg", "-o", target)
"""

import socket
import struct
import threading

import lab

PIECE = 16384


class Proxy:
    """Listens on a free port and joins each client to the server.

    Trouble strikes the bytes from the server to the client (direction="up": the other way round):
    cut_after=N    passes N bytes on, then closes both connections (reset=True: with a reset)
    stall_after=N  passes N bytes on, then no more, and keeps the connections open
    hold_after=N   passes N bytes on or a few more, then waits for release() to go on; `holding`
                   is set while it does
    corrupt_at=N   turns over the bits of the byte at offset N
    connections=K  only the first K connections suffer (default: all)
    """

    def __init__(self, server, *, cut_after=None, stall_after=None, hold_after=None,
                 corrupt_at=None, direction="down", reset=False, connections=None):  # fmt: skip
        self.server = server
        self.cut_after, self.stall_after, self.corrupt_at = cut_after, stall_after, corrupt_at
        self.hold_after = hold_after
        self.direction, self.reset = direction, reset
        self.connections = connections
        self.accepted = 0  # connections so far
        self.passed = {"up": 0, "down": 0}  # bytes so far, of all connections
        self.lock = threading.Lock()  # guards passed and sockets
        self.sockets = []
        self.threads = []
        self.ending = threading.Event()
        self.holding = threading.Event()
        self.released = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.host, self.port = self.listener.getsockname()
        self.address = f"{self.host}:{self.port}"
        lab.running.add(self)
        self._start(self._accept)

    def _start(self, work, *arguments):
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self.threads.append(thread)
        thread.start()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            suffers = self.connections is None or self.accepted < self.connections
            self.accepted += 1
            try:
                server = socket.create_connection((self.server.host, self.server.port), 20)
            except OSError:
                client.close()
                continue
            server.settimeout(None)
            with self.lock:
                self.sockets += [client, server]
            self._start(self._pump, client, server, "up", suffers)
            self._start(self._pump, server, client, "down", suffers)

    def _pump(self, source, target, direction, suffers):
        suffers = suffers and direction == self.direction
        offset = 0
        try:
            while data := source.recv(PIECE):
                data, trouble = self._spoil(data, offset) if suffers else (data, None)
                target.sendall(data)
                offset += len(data)
                with self.lock:
                    self.passed[direction] += len(data)
                if suffers and self.hold_after is not None and offset >= self.hold_after:
                    self.holding.set()
                    self.released.wait()
                if trouble == "cut":
                    return self._cut(source, target)
                if trouble == "stall":
                    self.ending.wait()
                    return None
            target.shutdown(socket.SHUT_WR)
        except OSError:
            self._close(source, target)
        return None

    def _spoil(self, data, offset):
        """What to pass on of data, which begins at offset, and what to do then."""
        if self.corrupt_at is not None and offset <= self.corrupt_at < offset + len(data):
            data = bytearray(data)
            data[self.corrupt_at - offset] ^= 0xFF
        for trouble, limit in (("cut", self.cut_after), ("stall", self.stall_after)):
            if limit is not None and offset + len(data) >= limit:
                return bytes(data[: limit - offset]), trouble
        return bytes(data), None

    def _cut(self, *pair):
        if self.reset:
            for end in pair:
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._close(*pair)

    def _close(self, *pair):
        # shutdown wakes the other thread, which may be in recv on the same socket: only then does
        # close take effect. SHUT_RD sends nothing, so that a reset stays a reset.
        for end in pair:
            try:
                end.shutdown(socket.SHUT_RD if self.reset else socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()

    def wait_until_holding(self):
        lab.wait_until(self.holding.is_set, "the proxy holds bytes back")

    def release(self):
        """Passes on what was held back, and all that comes."""
        self.released.set()

    def close(self):
        self.ending.set()
        self.release()
        self.reset = False
        self.listener.shutdown(socket.SHUT_RDWR)
        self.threads[0].join()
        self.listener.close()
        self._close(*self.sockets)
        for thread in self.threads:
            thread.join()
        lab.running.discard(self)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
