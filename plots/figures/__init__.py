"""The figures, in the order in which they are drawn.

Each module has NAME, ASKS (the question the figure answers, its title) and `draw(results)`, which
yields `output.Drawing`s: none where there are no rows for it.
"""

from plots import style
from plots.figures import (buffers, bystander, connections, gantt, latency, packets, peers, phases,
                           pipeline, prefix, sequence, sizes, stages, timeline)
from plots.output import save

ALL = {module.NAME: module for module in (
    stages, connections, sizes, latency, gantt, buffers, packets, pipeline, peers, timeline,
    phases, bystander, sequence, prefix)}


def draw_and_save(name, results, folder):
    """Draws the figure `name` into `folder`; returns the PNGs' paths, none where no rows are for it."""
    with style.settings():
        return [save(drawing, folder) for drawing in ALL[name].draw(results)]
