"""Throughput against the packet's size (experiment `packets`): order, batch, Nagle, and part 1."""

from plots import sweep, wording

NAME = "packets"
ASKS = "What do numbering, batching and reassembly cost?"


def draw(results):
    """One panel for each order; one curve for each batch and Nagle; part 1 as a line across."""
    yield from sweep.draw_sweep(results, sweep.Sweep(
        name=NAME, title=ASKS, x="packet_bytes", x_label="payload of a packet",
        write=wording.size, panel_by=("packet_order",)))
