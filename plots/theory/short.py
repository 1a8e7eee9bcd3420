"""Transfers that end before TCP has found its rate: rounds of slow start, and what loss adds."""

import math

import numpy as np

from plots.theory.check import count, number, plain, positive, probability, rate_cap
from plots.theory.loss import MSS_BYTES


def segments(file_bytes, mss_bytes=MSS_BYTES):
    """Segments that a file fills, the last one perhaps in part."""
    return plain(np.ceil(positive("file_bytes", file_bytes) / positive("mss_bytes", mss_bytes)))


def slow_start_rounds(segment_count, connections=1, initial_window=10):
    """Rounds k in which N flows send n segments, the window doubling from `initial_window` each.

    k = ceil(log2(n / (N IW) + 1)). Without loss and below the link's rate; log2 N rounds are saved.
    """
    first = count("connections", connections) * count("initial_window", initial_window)
    return plain(np.ceil(np.log2(count("segment_count", segment_count) / first + 1)))


def short_transfer_s(file_bytes, rtt_s, connections=1, rate_mbit_s=math.inf, setup_rtts=1,
                     initial_window=10, mss_bytes=MSS_BYTES):
    """Seconds until a file has come over N connections opened at once; plain numbers only.

    `setup_rtts` for handshakes (3 where the size is asked for first, on a connection of its own),
    one round trip for each round, and the transmission of what the last round carries. From the
    round on that keeps the link busy for a whole round trip, the rest goes at `rate_mbit_s` of
    payload. No loss, no think time at the server.
    """
    n, rtt = segments(file_bytes, mss_bytes), float(positive("rtt_s", rtt_s))
    wire_s = mss_bytes * 8 / (float(rate_cap("rate_mbit_s", rate_mbit_s)) * 1e6)
    first = float(count("connections", connections)) * initial_window
    rounds = int(slow_start_rounds(n, connections, initial_window))
    last = next((i for i in range(rounds) if first * 2**i * wire_s >= rtt), rounds - 1)
    rest = n - first * (2**last - 1)
    return (float(number("setup_rtts", setup_rtts, least=0.0)) + last + 1) * rtt + rest * wire_s


def cardwell_slow_start_segments(segment_count, loss):
    """Segments sent before the first loss or the end: (1-(1-p)^d)(1-p)/p + 1, at most d.

    Cardwell, Savage, Anderson 2000, from memory and unchecked. 0 <= loss < 1; d at loss 0.
    """
    d, p = count("segment_count", segment_count), probability("loss", loss)
    some = np.where(p > 0, p, 0.5)  # any number where p is 0: that branch is not taken
    before = -np.expm1(d * np.log1p(-some)) * (1 - some) / some + 1
    return plain(np.where(p > 0, np.minimum(before, d), d))


def cardwell_slow_start_s(segment_count, loss, rtt_s, initial_window=10, growth=2.0):
    """Seconds of slow start: RTT log_g(d_ss (g-1) / w1 + 1), g the growth in a round.

    g is 1 + 1/b with an ACK every b segments: 2 on Linux, 1.5 with classical delayed ACKs. From
    memory and unchecked, as `cardwell_slow_start_segments`.
    """
    g = number("growth", growth, above=1.0, most=2.0)
    sent = cardwell_slow_start_segments(segment_count, loss)
    return plain(positive("rtt_s", rtt_s) / np.log(g)
                 * np.log(sent * (g - 1) / count("initial_window", initial_window) + 1))


def cardwell_handshake_s(rtt_s, loss_there=0.0, loss_back=0.0, timeout_s=1.0):
    """Seconds of a TCP handshake: RTT + T ((1-p)/(1-2p) + (1-q)/(1-2q) - 2), p, q < 0.5.

    Doubling timeouts from `timeout_s` on. From memory and unchecked (Cardwell 2000).
    """
    tries = [(1 - p) / (1 - 2 * p) - 1
             for p in (number("loss_there", loss_there, least=0.0, below=0.5),
                       number("loss_back", loss_back, least=0.0, below=0.5))]
    return plain(positive("rtt_s", rtt_s) + positive("timeout_s", timeout_s) * sum(tries))
