"""Throughput against the number of connections (experiment `connections`)."""

from plots import sweep

NAME = "connections"
ASKS = "Do more connections make the download faster?"


def draw(results):
    """One panel for each link, algorithm and size; one curve for each contestant and schedule."""
    yield from sweep.draw_sweep(results, sweep.Sweep(
        name=NAME, title=ASKS, x="connections", x_label="connections at once", write="{:g}".format))
