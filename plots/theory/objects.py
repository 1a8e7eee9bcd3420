"""Many small files over one path: round trips by the way in which they are asked for."""

import math

import numpy as np

from plots.theory.check import count, number, plain, positive, rate_cap


def objects_rtts(objects, connections=1, persistent=True, pipelined=False):
    """Round trips until `objects` small files have come, handshakes included.

    A connection each: two a file, handshake and request. Persistent: one handshake, then one a
    file; pipelined, one for all of them. Several connections share the files evenly and work at the
    same time. No file needs a second flight, and the server does not think. Pipelining needs
    connections that persist.
    """
    if pipelined and not persistent:
        raise ValueError("pipelined needs persistent connections")
    each = np.ceil(count("objects", objects) / count("connections", connections))
    if not persistent:
        return plain(2 * each)
    return plain(1 + (np.minimum(each, 1) if pipelined else each))


def objects_s(objects, rtt_s, object_bytes, rate_mbit_s=math.inf, **way):
    """Seconds of the same: the round trips of `objects_rtts` with the arguments `way`, and the
    transmission of all files, one after another, at `rate_mbit_s` of payload."""
    sent_bits = 8 * count("objects", objects) * number("object_bytes", object_bytes, least=0.0)
    return plain(objects_rtts(objects, **way) * positive("rtt_s", rtt_s)
                 + sent_bits / (rate_cap("rate_mbit_s", rate_mbit_s) * 1e6))
