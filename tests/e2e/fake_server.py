"""A server of packets that breaks the rules on demand.

    with FakeServer(lambda peer, request: peer.send(frames.file(size=3) + ...)) as server:
        result = lab.part_client(2, server, "file", "-o", target)
"""

import frames
from answering import Conversing


class Request:
    """What a client asked for: offset, length, version, seed, packet_bytes, window, order."""

    def __init__(self, body):
        (self.offset, self.length, self.version, self.seed, self.packet_bytes, self.window,
         self.order) = frames.GET_PACKETS_FIELDS.unpack_from(body)  # fmt: skip


class FakeServer(Conversing):
    """Answers every request for packets with answer(peer, request), and one for a digest with the
    bytes `digest`, when there are any."""

    def __init__(self, answer, digest=b""):
        self.answer = answer
        self.digest = digest
        self.requests = []
        super().__init__()

    def converse(self):
        while (frame := frames.receive_frame(self)) and frame[0] == frames.GET_PACKETS:
            self.requests.append(Request(frame[1]))
            self.answer(self, self.requests[-1])
        self.send(self.digest)
