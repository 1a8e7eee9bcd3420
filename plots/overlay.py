"""Forecast, model and measurement in one figure: what the notebooks of the course draw."""

import math
from dataclasses import dataclass, field

import pandas as pd
from matplotlib.lines import Line2D

from plots import bounds, caption, marks, stats, style, wording
from plots.output import Drawing

MEASURED = {"color": style.COLOURS[0], "marker": "o", "linestyle": "none", "clip_on": False}
FORECAST = {"color": style.COLOURS[1], "marker": "D", "linestyle": "none", "markersize": 7,
            "markerfacecolor": "none", "markeredgewidth": 1.6, "clip_on": False}
MODEL = {"color": "#888888", "marker": "_", "linestyle": "none", "markersize": 26,
         "markeredgewidth": 3.5, "alpha": 0.6, "clip_on": False}
HOW = ("Diamonds: the forecast. Grey bars: the model. Pale points: single runs; dark circles: "
       "their mean (goodput: bytes over mean time), with its 95 % interval.")
Y_LABELS = {"s": "time", "1": "index"}
ASIDE = 0.16   # the forecast stands so far to the left of its tick; ticks are 1 apart


@dataclass
class Panel:
    """One panel. `measured`: {x: (values of the runs (n,), Estimate)}, from `goodput` or `values`.
    `forecast` and `model`: {x: number}; where it is missing, or None, nothing is drawn. x are
    numbers or words, at equal distances. `limit`: a level to mark, in the same unit, or None.
    `of_runs`: whether the values are runs, which the caption counts."""

    title: str
    unit: str
    measured: dict
    forecast: dict
    model: dict = field(default_factory=dict)
    limit: float = None
    log: bool = False
    x_label: str = ""
    of_runs: bool = True

    @property
    def places(self):
        """All x, numbers in rising order, words in the order given."""
        found = list(dict.fromkeys([*self.measured, *self.forecast]))
        return found if any(isinstance(x, str) for x in found) else sorted(found)


def goodput(rows, factor=1.0):
    """(goodputs of the runs, Estimate) of one cell's counted rows, Mbit/s times `factor`."""
    values, estimate = marks.measure(rows, "goodput", factor)
    return values.to_numpy(), estimate


def values(numbers, within=bounds.NOT_NEGATIVE):
    """(numbers, Estimate of their mean); blank ones left out. `within`: see `plots/bounds.py`."""
    numbers = numbers.dropna().to_numpy()
    return numbers, stats.mean_interval(numbers, bounds=within)


def draw(results, panels, title, rows, sentences=()):
    """A Drawing of `panels`. `rows`: all runs behind it, for the caption; its `data` has a row for
    each x of each panel."""
    shown = [panel for panel in panels if panel.places]
    with style.settings():
        figure, axes = style.grid(len(shown))
        for place, panel in zip(axes, shown):
            _draw_panel(place, panel)
        data = pd.DataFrame([record for panel in shown for record in _records(panel)])
        runs = [estimate.n for panel in shown if panel.of_runs
                for _, estimate in panel.measured.values() if estimate.n]
        text = caption.build(results, [HOW, *sentences], rows, runs or None)
        style.finish(figure, title, text, _handles(shown))
    return Drawing("forecast", figure, data, text)


def _draw_panel(axes, panel):
    for at, x in enumerate(panel.places):
        if x in panel.model:
            axes.plot([at], [panel.model[x]], zorder=1.5, **MODEL)
        if panel.forecast.get(x) is not None:
            axes.plot([at - ASIDE], [panel.forecast[x]], zorder=3, **FORECAST)
        runs, estimate = panel.measured.get(x, ((), None))
        if len(runs):
            marks.points(axes, at, runs, MEASURED, marks.BESIDE + 6)
            marks.bars(axes, [(at, estimate)], MEASURED, 0)
            marks.line(axes, [(at, estimate.mean)], MEASURED, 0)
    if panel.limit is not None:
        axes.axhline(panel.limit, zorder=1.4, **marks.CAPACITY)
    axes.set_xticks(range(len(panel.places)), [_tick(x) for x in panel.places])
    axes.set_xlim(-0.6, len(panel.places) - 0.4)
    axes.set(title=panel.title, xlabel=panel.x_label, ylabel=Y_LABELS.get(panel.unit, panel.unit))
    if not panel.log:
        axes.set_ylim(0, axes.get_ylim()[1] * 1.08)
        return
    axes.set_yscale("log")
    axes.margins(y=0.15)
    if panel.unit == "s":
        style.time_ticks(axes.yaxis)


def _tick(x):
    return x if isinstance(x, str) else f"{x:g}"


def _records(panel):
    for x in panel.places:
        estimate = panel.measured.get(x, ((), stats.mean_interval([])))[1]
        known = panel.forecast.get(x)
        forecast = math.nan if known is None else known
        yield {"panel": panel.title.partition("\n")[0], "x": x, "unit": panel.unit,
               "forecast": forecast, "model": panel.model.get(x, math.nan),
               "measured": estimate.mean, "n": estimate.n, "low": estimate.low,
               "high": estimate.high,
               "measured_over_forecast": estimate.mean / forecast if forecast else math.nan}


def _handles(panels):
    kinds = [("forecast", FORECAST, any(value is not None for panel in panels
                                        for value in panel.forecast.values())),
             ("model", {**MODEL, "markersize": 16}, any(panel.model for panel in panels)),
             ("measured", MEASURED, any(panel.measured for panel in panels)),
             (_limit(panels), marks.CAPACITY, any(panel.limit is not None for panel in panels))]
    return [Line2D([], [], label=label, **look) for label, look, used in kinds if used]


def _limit(panels):
    levels = {wording.number(panel.limit) for panel in panels if panel.limit is not None}
    return f"capacity for payload, {' or '.join(sorted(levels))} Mbit/s"
