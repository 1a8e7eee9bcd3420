"""What several figures draw alike: every run as a point, each cell's mean with its interval, panels
side by side, the entries of the legend."""

import math

import numpy as np
import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.transforms import offset_copy

from plots import bounds, cells, pairs, stats, style


# How what theory expects looks: a pale band under the curves.
MODEL = {"color": "#666666", "linestyle": "-", "linewidth": 3.2, "alpha": 0.45}
# How what a link allows looks, its capacity or its round trip: a dotted line.
CAPACITY = {"color": "black", "linestyle": (0, (1, 2)), "linewidth": 1.1}
# How far the single runs stand beside their mean, typographic points.
BESIDE = 4.0


class Page:
    """What the panels of one figure have in common: looks by label, plotted numbers, counts."""

    def __init__(self):
        self.looks, self.records, self.per_point, self.outliers = {}, [], [], 0

    def look(self, label):
        """The look of the curve `label`, the same in every panel."""
        return self.looks.setdefault(label, style.look(len(self.looks)))

    def handles(self, line=True):
        """Legend entries for all curves; without `line`, their marks alone."""
        return [Line2D([], [], label=label, **(look if line else {**look, "linestyle": "none"}))
                for label, look in self.looks.items()]

    def add_curve(self, axes, by_x, label, panel, unit, *how, **options):
        """Draws one curve (see `curve`) and keeps its numbers under the panel's title."""
        records, flagged = curve(axes, by_x, self.look(label), label, *how, **options)
        self.outliers += flagged
        self.per_point += [len(rows) for _, rows in by_x]
        self.records += [{"panel": panel, "unit": unit, **record} for record in records]

    def has_model(self):
        """Whether theory was drawn anywhere."""
        return any(record["kind"] == "model" for record in self.records)

    def add_model(self, axes, x, values, label, panel, unit):
        """Draws what theory expects at `x` (n,) under the curves and keeps its numbers."""
        axes.plot(x, values, zorder=1.5, **MODEL)
        self.records += [{"panel": panel, "unit": unit, "curve": label, "x": at, "kind": "model",
                          "value": value} for at, value in zip(x, values)]

    def add_ratios(self, axes, by_x, label, panel, shift=0.0):
        """Draws one curve of comparisons and keeps its numbers under the panel's title.

        `by_x` is a list of (x, ratios of the blocks' pairs, columns of the table that tell this
        comparison from the curve's others, as a dict).
        """
        found = [(x, ratio.to_numpy(), stats.ratio_interval(ratio)) for x, ratio, _ in by_x]
        joined(axes, found, self.look(label), shift)
        for (_, ratio, about), (*_, estimate) in zip(by_x, found):
            self.per_point.append(estimate.n)
            self.records += pairs.records(ratio, estimate, panel=panel, curve=label, **about)


def measure(rows, quantity, factor=1.0):
    """(values of the runs, Estimate) of one cell, multiplied by `factor`: `quantity` is "goodput"
    (Mbit/s), "time" (s) or a column, of which no value may be blank."""
    if quantity == "goodput":
        return rows["run_goodput_mbit_s"] * factor, _scaled(cells.goodput(rows), factor)
    values = rows["time_s" if quantity == "time" else quantity]
    return values * factor, _scaled(stats.mean_interval(values, bounds=bounds.of(quantity)), factor)


def _outliers(rows, quantity):
    """Mask (n,) of the runs of one cell that lie far out: in the column drawn, if it is one."""
    if quantity in ("goodput", "time"):
        return cells.flag_outliers(rows)
    return np.asarray(stats.outliers(rows[quantity]))


def _scaled(estimate, factor):
    return stats.Estimate(estimate.n, estimate.mean * factor, estimate.low * factor,
                          estimate.high * factor, estimate.median * factor)


def bars(axes, means, look, shift):
    """The intervals of `means`, a list of (x, Estimate), `shift` typographic points aside; nothing
    for those that have none."""
    known = [(x, one.mean, one.mean - one.low, one.high - one.mean) for x, one in means
             if not math.isnan(one.low) and not math.isnan(one.high)]
    if known:
        x, middle, below, above = zip(*known)
        axes.errorbar(x, middle, yerr=[below, above], color=look["color"], capsize=3,
                      elinewidth=1.2, linestyle="none", transform=_aside(axes, shift))


def lying(axes, values, estimate, height, look):
    """One line of a forest plot: mean and interval at `height`, the single values just below."""
    axes.plot(values, [height + 0.24] * len(values), "o", color=look["color"], alpha=0.35,
              markersize=3.2, markeredgewidth=0)
    axes.plot([estimate.low, estimate.high], [height, height], color=look["color"], linewidth=2)
    axes.plot([estimate.mean], [height], "D", color=look["color"], markersize=5.5)


def line(axes, means, look, shift):
    """Joins the means, a list of (x, mean)."""
    axes.plot([x for x, _ in means], [mean for _, mean in means], transform=_aside(axes, shift),
              markeredgecolor="white", markeredgewidth=0.5, **look)


def _aside(axes, shift):
    return offset_copy(axes.transData, axes.figure, x=shift, units="points")


def points(axes, x, values, look, shift, ringed=None):
    """The runs of one cell as pale points beside `x`, one place or one of each; outliers ringed."""
    place, x = _aside(axes, shift), np.broadcast_to(x, len(values))
    axes.update_datalim(np.column_stack([x, values]))  # matplotlib skips what is set aside
    axes.plot(x, values, linestyle="none", marker=look["marker"], markersize=3.2,
              color=look["color"], alpha=0.4, markeredgewidth=0, transform=place)
    if ringed is not None and ringed.any():
        axes.plot(x[ringed], values[ringed], linestyle="none", marker="o", markersize=7,
                  markerfacecolor="none", markeredgecolor=look["color"], markeredgewidth=0.9,
                  transform=place)


def ring(axes, x, y, look, shift):
    """A ring around one mean of a curve, to point at it."""
    axes.plot([x], [y], linestyle="none", marker="o", markersize=12, markerfacecolor="none",
              markeredgecolor=look["color"], markeredgewidth=1.4, transform=_aside(axes, shift))


def on_measured(axes, found, look, ringed):
    """As `joined`, where x was measured as well: nothing stands aside, and no line joins means
    between which nothing is known."""
    places = [x for x, values, _ in found for _ in values]
    points(axes, places, np.concatenate([values for _, values, _ in found]), look, 0.0, ringed)
    means = [(x, estimate) for x, _, estimate in found]
    bars(axes, means, look, 0.0)
    line(axes, [(x, one.mean) for x, one in means], {**look, "linestyle": "none"}, 0.0)


def joined(axes, found, look, shift, ringed=None):
    """One curve of `found`, a list of (x, values of the cell's runs (n,), Estimate): the runs
    beside their mean, those of the mask `ringed` (of all runs) ringed, the intervals, the means
    joined."""
    places = [x for x, values, _ in found for _ in values]
    heights = np.array([value for _, values, _ in found for value in values])
    points(axes, places, heights, look, shift + BESIDE, ringed)
    bars(axes, [(x, estimate) for x, _, estimate in found], look, shift)
    line(axes, [(x, estimate.mean) for x, _, estimate in found], look, shift)


def curve(axes, by_x, look, label, quantity="goodput", factor=1.0, shift=0.0):
    """One curve: `by_x` is a list of (x, counted rows of that cell). A `shift` of None: x was
    measured (see `on_measured`).

    Returns (the plotted numbers as a list of dicts, number of outliers).
    """
    records, found, ringed = [], [], []
    for x, rows in by_x:
        values, estimate = measure(rows, quantity, factor)
        odd = _outliers(rows, quantity)
        found.append((x, values.to_numpy(), estimate))
        ringed.extend(odd)
        records += _records(label, x, rows, values, odd, estimate)
    ringed = np.array(ringed, dtype=bool)
    if shift is None:
        on_measured(axes, found, look, ringed)
    else:
        joined(axes, found, look, shift, ringed)
    return records, int(sum(ringed))


def _records(label, x, rows, values, ringed, estimate):
    found = [{"curve": label, "x": x, "kind": "run", "run_id": run_id, "value": value,
              "outlier": "yes" if odd else "no"}
             for run_id, value, odd in zip(rows["run_id"], values, ringed)]
    return found + [{"curve": label, "x": x, "kind": "mean", "n": estimate.n,
                     "value": estimate.mean, "low": estimate.low, "high": estimate.high}]


def by_value(rows, column):
    """[(value of `column`, its rows)] in rising order, rows with a blank left out."""
    return [(value, part) for (value,), part in cells.groups(rows[rows[column].notna()], [column])]


def shifts(number, room=24.0):
    """Sideways shifts, in typographic points, that keep `number` curves' points apart, all of them
    within about `room`."""
    step = min(9.0, room / max(number, 1))
    return [step * (index - (number - 1) / 2) for index in range(number)]


def panels(good, extra=(), one_panel=()):
    """[(rows, title)]: counted rows split into panels by link, algorithm, size and sink, and by
    `extra` columns, but not by those of `one_panel`. A title names the link and what else differs."""
    columns = [name for name in cells.PANEL if name not in one_panel] + list(extra)
    named = ["link"] + [name for name in cells.varying(good, columns) if name != "link"]
    return [(rows, cells.label(rows.iloc[0], named).replace("loopback", "loopback (no network)"))
            for _, rows in cells.groups(good, columns)]


def model_handle(label):
    """The legend's entry for what theory expects."""
    return Line2D([], [], label=label, **MODEL)


def capacity_handle(label):
    """The legend's entry for what the link allows."""
    return Line2D([], [], label=label, **CAPACITY)


def draw_panels(shown, draw_panel, panel=style.PANEL):
    """Draws each (content, title) of `shown` by `draw_panel(axes, content, title, page)`, in panels
    of `panel` inches. Returns (figure, list of axes, the Page that they have in common)."""
    figure, axes = style.grid(len(shown), panel)
    page = Page()
    for place, (content, title) in zip(axes, shown):
        draw_panel(place, content, title, page)
    return figure, axes, page


def table(records, x, value):
    """The plotted numbers as a frame, with the columns "x" and "value" renamed to what they are."""
    frame = pd.DataFrame(records)
    order = [name for name in ("panel", "curve", "x", "kind", "run_id", "n", "value", "unit", "low",
                               "high", "outlier") if name in frame]
    return frame[order].rename(columns={"x": x, "value": value})


def connections_axis(axes, numbers):
    """Makes the x axis that of N connections: logarithmic, with a tick at each of `numbers`."""
    axes.set_xscale("log")
    style.values_as_ticks(axes.xaxis, numbers, "{:g}".format)
    axes.set_xlabel("connections at once, N")
