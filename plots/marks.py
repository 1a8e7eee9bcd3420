"""What several figures draw alike: every run as a point, each cell's mean with its interval."""

import math

import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.transforms import offset_copy

from plots import cells, stats, style


# How far the single runs stand beside their mean, typographic points.
BESIDE = 4.0


class Page:
    """What the panels of one figure have in common: looks by label, plotted numbers, counts."""

    def __init__(self):
        self.looks, self.records, self.per_point, self.outliers = {}, [], [], 0

    def look(self, label):
        """The look of the curve `label`, the same in every panel."""
        return self.looks.setdefault(label, style.look(len(self.looks)))

    def handles(self):
        """Legend entries for all curves."""
        return [Line2D([], [], label=label, **look) for label, look in self.looks.items()]

    def add_curve(self, axes, by_x, label, panel, unit, *how, **options):
        """Draws one curve (see `curve`) and keeps its numbers under the panel's title."""
        records, flagged = curve(axes, by_x, self.look(label), label, *how, **options)
        self.outliers += flagged
        self.per_point += [len(rows) for _, rows in by_x]
        self.records += [{"panel": panel, "unit": unit, **record} for record in records]


def measure(rows, quantity, factor=1.0):
    """(values of the runs, Estimate) of one cell: `quantity` is "goodput" (Mbit/s) or "time" (s),
    multiplied by `factor`."""
    if quantity == "time":
        return rows["time_s"] * factor, _scaled(stats.mean_interval(rows["time_s"]), factor)
    return rows["run_goodput_mbit_s"] * factor, _scaled(cells.goodput(rows), factor)


def _scaled(estimate, factor):
    return stats.Estimate(estimate.n, estimate.mean * factor, estimate.low * factor,
                          estimate.high * factor, estimate.median * factor)


def bar(axes, x, estimate, look, shift):
    """The interval of one mean, `shift` typographic points aside; nothing where there is none."""
    if math.isnan(estimate.low) or math.isnan(estimate.high):
        return
    axes.errorbar([x], [estimate.mean],
                  yerr=[[estimate.mean - estimate.low], [estimate.high - estimate.mean]],
                  color=look["color"], capsize=3, elinewidth=1.2, linestyle="none",
                  transform=_aside(axes, shift))


def line(axes, means, look, shift):
    """Joins the means, a list of (x, mean)."""
    axes.plot([x for x, _ in means], [mean for _, mean in means], transform=_aside(axes, shift),
              markeredgecolor="white", markeredgewidth=0.5, **look)


def _aside(axes, shift):
    return offset_copy(axes.transData, axes.figure, x=shift, units="points")


def points(axes, x, values, look, shift, ringed=None):
    """The runs of one cell as pale points beside `x`; outliers ringed."""
    place = _aside(axes, shift)
    axes.update_datalim([(x, value) for value in values])  # matplotlib skips what is set aside
    axes.plot([x] * len(values), values, linestyle="none", marker=look["marker"], markersize=3.2,
              color=look["color"], alpha=0.4, markeredgewidth=0, transform=place)
    flagged = values[ringed] if ringed is not None else []
    axes.plot([x] * len(flagged), flagged, linestyle="none", marker="o", markersize=7,
              markerfacecolor="none", markeredgecolor=look["color"], markeredgewidth=0.9,
              transform=place)


def curve(axes, by_x, look, label, quantity="goodput", factor=1.0, shift=0.0):
    """One curve: `by_x` is a list of (x, counted rows of that cell).

    Returns (the plotted numbers as a list of dicts, number of outliers).
    """
    records, means, flagged = [], [], 0
    for x, rows in by_x:
        values, estimate = measure(rows, quantity, factor)
        ringed = cells.flag_outliers(rows)
        flagged += int(ringed.sum())
        points(axes, x, values.to_numpy(), look, shift + BESIDE, ringed)
        bar(axes, x, estimate, look, shift)
        means.append((x, estimate.mean))
        records += _records(label, x, rows, values, ringed, estimate)
    line(axes, means, look, shift)
    return records, flagged


def _records(label, x, rows, values, ringed, estimate):
    found = [{"curve": label, "x": x, "kind": "run", "run_id": run_id, "value": value,
              "outlier": "yes" if odd else "no"}
             for run_id, value, odd in zip(rows["run_id"], values, ringed)]
    return found + [{"curve": label, "x": x, "kind": "mean", "n": estimate.n,
                     "value": estimate.mean, "low": estimate.low, "high": estimate.high}]


def by_value(rows, column):
    """[(value of `column`, its rows)] in rising order, rows with a blank left out."""
    return [(value, part) for (value,), part in cells.groups(rows[rows[column].notna()], [column])]


def shifts(number):
    """Sideways shifts, in typographic points, that keep `number` curves' points apart."""
    step = min(9.0, 24.0 / max(number, 1))
    return [step * (index - (number - 1) / 2) for index in range(number)]


def panels(good, extra=(), one_panel=()):
    """[(rows, title)]: counted rows split into panels by link, algorithm, size and sink, and by
    `extra` columns, but not by those of `one_panel`. A title names the link and what else differs."""
    columns = [name for name in cells.PANEL if name not in one_panel] + list(extra)
    named = ["link"] + [name for name in cells.varying(good, columns) if name != "link"]
    return [(rows, cells.label(rows.iloc[0], named).replace("loopback", "loopback (no network)"))
            for _, rows in cells.groups(good, columns)]


def table(records, x, value):
    """The plotted numbers as a frame, with the columns "x" and "value" renamed to what they are."""
    frame = pd.DataFrame(records)
    order = [name for name in ("panel", "curve", "x", "kind", "run_id", "n", "value", "unit", "low",
                               "high", "outlier") if name in frame]
    return frame[order].rename(columns={"x": x, "value": value})
