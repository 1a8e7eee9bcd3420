"""Throughput against the size of the read and write buffer (experiment `buffers`)."""

from plots import sweep, wording

NAME = "buffers"
ASKS = "What does the size of the read and write buffer cost?"


def draw(results):
    """One panel for each link, algorithm and size; one curve for each way to move the bytes."""
    yield from sweep.draw_sweep(results, sweep.Sweep(
        name=NAME, title=ASKS, x="buffer_bytes", x_label="buffer of server and client, bytes per call",
        write=wording.size))
