"""The figures, in the order in which they are drawn.

Each module has NAME, ASKS (the question the figure answers, its title) and `draw(results)`, which
yields `output.Drawing`s: none where there are no rows for it. Those of `wanted.OF_SESSIONS` are
given all runs, the others those of one experiment that wants them. A figure that is one sweep is
described in the experiment's own file.
"""

from dataclasses import replace

from plots import style, sweep, wanted
from plots.figures import (backlog, bystander, collapse, congestion, connections, cost, drift,
                           failover, fairness, gantt, heatmap, idle, knee, latency, mirrors, models,
                           objects, peers, phases, pipeline, prefix, price, queue, sequence, short,
                           speedup, stages, stragglers, strip, timeline, window)
from plots.output import save

ALL = {module.NAME: module for module in (
    stages, connections, speedup, strip, collapse, heatmap, price, fairness, bystander, congestion,
    window, short, stragglers, mirrors, failover, phases, timeline, latency, gantt, sequence,
    prefix, pipeline, peers, cost, models, knee, idle, queue, backlog, objects, drift)}


def asked(sweeps):
    """{name: the question} of all figures, those of `sweeps` (`wanted.sweeps`) last."""
    return {name: module.ASKS for name, module in ALL.items()} | sweeps


def drawn(name, results):
    """Yields the Drawings of the figure `name`, none where a column is missing that it needs."""
    if name in results.left_out:
        return
    if name in wanted.OF_SESSIONS:
        yield from ALL[name].draw(results)
        return
    for one in wanted.of_figure(results, name):
        experiment = one.runs["experiment"].iloc[0]
        for drawing in _of_experiment(name, one, experiment):
            called = wanted.drawn_as(drawing.name, name, experiment, results)
            yield replace(drawing, name=called)


def _of_experiment(name, results, experiment):
    """The Drawings of the figure `name`, of one experiment."""
    described = wanted.figures(results.meta, experiment)[name]
    return sweep.draw_sweep(results, described) if described else ALL[name].draw(results)


def draw_and_save(name, results, folder):
    """Draws the figure `name` into `folder`; returns the PNGs' paths, none where no rows are for it."""
    with style.settings():
        return [save(drawing, folder) for drawing in drawn(name, results)]
