"""The figures, in the order in which they are drawn.

Each module has NAME, ASKS (the question the figure answers, its title) and `draw(results)`, which
yields `output.Drawing`s: none where there are no rows for it.
"""

from plots import style
from plots.figures import (backlog, buffers, bystander, clients, collapse, congestion, connections,
                           cost, drift, failover, fairness, gantt, heatmap, idle, knee, latency,
                           mirrors, models, objects, packets, peers, phases, pipeline, prefix,
                           price, queue, sequence, short, sizes, speedup, stages, stragglers, strip,
                           timeline, window)
from plots.output import save

ALL = {module.NAME: module for module in (
    stages, connections, speedup, strip, collapse, heatmap, price, fairness, bystander, congestion,
    window, short, stragglers, mirrors, failover, sizes, phases, timeline, latency, gantt, sequence,
    prefix, buffers, packets, pipeline, clients, peers, cost, models, knee, idle, queue, backlog,
    objects, drift)}


def drawn(name, results):
    """Yields the Drawings of the figure `name`, none where a column is missing that it needs."""
    if name not in results.left_out:
        yield from ALL[name].draw(results)


def draw_and_save(name, results, folder):
    """Draws the figure `name` into `folder`; returns the PNGs' paths, none where no rows are for it."""
    with style.settings():
        return [save(drawing, folder) for drawing in drawn(name, results)]
