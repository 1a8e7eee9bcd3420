"""Who fetches which part of a file: equal ranges fixed beforehand, or chunks from a work queue."""

import numpy as np

from plots.theory.check import count, number, plain, positive


def _rates(rates_mbit_s):
    rates = positive("rates_mbit_s", rates_mbit_s)
    if rates.ndim == 0:
        raise ValueError("rates_mbit_s must be one rate a connection, (..., n)")
    return rates


def ideal_s(file_bytes, rates_mbit_s):
    """Seconds when all connections, of `rates_mbit_s` (..., n), end together: S / sum of rates."""
    return plain(positive("file_bytes", file_bytes) * 8e-6 / np.sum(_rates(rates_mbit_s), axis=-1))


def static_s(file_bytes, rates_mbit_s):
    """Seconds when each connection of `rates_mbit_s` (..., n) has an nth: the slowest decides."""
    return plain(ideal_s(file_bytes, rates_mbit_s) * static_ratio(rates_mbit_s))


def static_ratio(rates_mbit_s):
    """Static over ideal time: mean rate over least rate, of `rates_mbit_s` (..., n) as measured."""
    rates = _rates(rates_mbit_s)
    return plain(np.mean(rates, axis=-1) / np.min(rates, axis=-1))


def dynamic_bound_s(file_bytes, rates_mbit_s, chunk_bytes):
    """Seconds a pipelined work queue does not exceed: S / sum of rates + chunk / least rate."""
    tail = positive("chunk_bytes", chunk_bytes) * 8e-6 / np.min(_rates(rates_mbit_s), axis=-1)
    return plain(ideal_s(file_bytes, rates_mbit_s) + tail)


def dynamic_s(file_bytes, chunk_bytes, connections, rate_mbit_s, rtt_s):
    """Seconds of a work queue that idles one round trip a chunk, with N connections of one rate.

    S/(N r) (1 + r RTT / b) + b/(2r), b the chunk: an approximation (our derivation).
    """
    r, b = positive("rate_mbit_s", rate_mbit_s) * 1e6 / 8, positive("chunk_bytes", chunk_bytes)
    idle = 1 + r * number("rtt_s", rtt_s, least=0.0) / b
    load = positive("file_bytes", file_bytes) / (count("connections", connections) * r)
    return plain(load * idle + b / (2 * r))


def best_chunk_bytes(file_bytes, connections, rate_mbit_s, rtt_s):
    """The chunk for which `dynamic_s` is least: sqrt(2 S RTT r / N) bytes."""
    r = positive("rate_mbit_s", rate_mbit_s) * 1e6 / 8
    return plain(np.sqrt(2 * positive("file_bytes", file_bytes) * positive("rtt_s", rtt_s) * r
                         / count("connections", connections)))
