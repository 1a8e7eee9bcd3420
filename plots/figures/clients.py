"""Throughput against connections (experiment `clients`): threads, one loop, or processes."""

from plots import sweep

NAME = "clients"
ASKS = "Does it matter who waits for the connections?"


def draw(results):
    """One panel; one curve for each model of the client."""
    yield from sweep.draw_sweep(results, sweep.Sweep(
        name=NAME, title=ASKS, x="connections", x_label="connections at once, N",
        write="{:g}".format))
