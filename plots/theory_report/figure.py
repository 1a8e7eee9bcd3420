"""The figure: measured over the law's value for each cell, beside the band that the law accepts."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from plots import caption, stats, style, wording
from plots.output import Drawing
from plots.theory_report import text

TITLE = "Does the lab meet theory?"
HOW = ("Each row: a cell's mean over the law's value there (1, the line); pale points: single "
       "blocks; bars: Student's 95 % interval of the mean. Shaded: the band that the law accepts. "
       "Crosses are negative controls, made under a condition under which the law must fail: they "
       "must lie outside; where they lie far outside, an arrow and the ratio stand at the edge. "
       "Grey: not judged. Round trips of the laws of loss: as the senders saw them; else of the "
       "empty queue.")
OWN, CONTROL, BAND, UNJUDGED = style.COLOURS[0], style.COLOURS[1], style.COLOURS[2], "#888888"
REACH = 2.5                 # what lies further from the law, either way, stands at the edge
ROW, HEAD = 0.18, 0.66     # inches: one cell, and what a panel takes besides


def draw(results, report):
    """The Drawing of `report`, or None where nothing was measured."""
    if not any(finding.points or finding.controls for finding in report.findings):
        return None
    columns = _columns(report.findings)
    height = max(sum(_height(finding) for finding in column) for column in columns)
    figure = Figure(figsize=(11.0, height), layout="constrained")
    outer = figure.add_gridspec(1, len(columns))
    for place, column in enumerate(columns):
        inner = outer[place].subgridspec(len(column), 1,
                                         height_ratios=[_height(finding) for finding in column])
        for row, finding in enumerate(column):
            _panel(figure.add_subplot(inner[row]), finding)
    numbers = [point.mean.n for finding in report.findings
               for point in finding.points + finding.controls]
    words = caption.build(results, [HOW], report.rows, numbers, of="blocks")
    style.finish(figure, TITLE, words, _handles())
    return Drawing("theory", figure, text.frame(report), words)


def _height(finding):
    return HEAD + ROW * max(2, len(finding.points) + len(finding.controls))


def _columns(found):
    """The findings in two columns of about the same height, their order kept."""
    heights = [_height(finding) for finding in found]
    splits = range(1, len(found))
    best = min(splits, key=lambda at: max(sum(heights[:at]), sum(heights[at:])))
    return [found[:best], found[best:]]


def _panel(axes, finding):
    axes.set_title(f"{finding.law.name}: {finding.outcome}", loc="left")
    points = finding.points + finding.controls
    if not points:
        axes.text(0.5, 0.5, "not measured", ha="center", va="center", transform=axes.transAxes,
                  color=UNJUDGED)
        axes.set_xticks([])
        axes.set_yticks([])
        return
    for row, point in enumerate(points):
        _point(axes, row, point)
    axes.axvline(1.0, color="#444444", linewidth=0.8)
    axes.set_ylim(len(points) - 0.4, -0.6)
    axes.set_yticks(range(len(points)), [_name(point) for point in points], fontsize=6.5)
    axes.tick_params(axis="y", length=0)
    axes.grid(False, axis="y")
    axes.margins(x=0.06)
    style.ratio_ticks(axes, "x")
    axes.set_xlabel(f"measured / law: {finding.law.quantity}", fontsize=7.5, labelpad=2)
    axes.tick_params(axis="x", labelsize=7)


def _name(point):
    return f"× {point.control}: {point.label}" if point.control else point.label


def _point(axes, row, point):
    mean, colour = point.mean, CONTROL if point.control else OWN
    colour = UNJUDGED if point.reason else colour
    if point.band:
        low, high = (point.ratio(end) for end in point.band)
        axes.add_patch(Rectangle((low, row - 0.42), high - low, 0.84, facecolor=BAND, alpha=0.22,
                                 linewidth=0))
        axes.update_datalim([(low, row), (high, row)])
    middle = point.ratio(mean.value)
    axes.plot([min(max(middle, 1 / REACH), REACH)], [row], linestyle="none", color=colour,
              markersize=4.5, zorder=4, marker="X" if point.control else "o",
              markeredgecolor="white", markeredgewidth=0.5)
    if not 1 / REACH <= middle <= REACH:
        _at_the_edge(axes, row, middle, colour)
        return
    values = point.ratio(np.asarray(mean.values))
    axes.plot(values, np.full(len(values), row + 0.22), linestyle="none", marker=".",
              markersize=3.5, color=colour, alpha=0.4, markeredgewidth=0)
    if mean.n >= stats.FEWEST:
        ends = [[middle - point.ratio(mean.low)], [point.ratio(mean.high) - middle]]
        axes.errorbar([middle], [row], xerr=ends, linestyle="none", color=colour, capsize=2,
                      elinewidth=1.1, zorder=3)


def _at_the_edge(axes, row, ratio, colour):
    words, edge, side = wording.number(ratio), REACH, -1
    words = f"{words} →" if ratio > 1 else f"← {words}"
    if ratio < 1:
        edge, side = 1 / REACH, 1
    axes.annotate(words, (edge, row), (6 * side, 0), textcoords="offset points", fontsize=6.5,
                  color=colour, ha="right" if side < 0 else "left", va="center")


def _handles():
    return [Line2D([], [], linestyle="none", marker="o", color=OWN, label="the law's own cells"),
            Line2D([], [], linestyle="none", marker="X", color=CONTROL,
                   label="negative controls"),
            Patch(facecolor=BAND, alpha=0.22, label="the law's band"),
            Line2D([], [], color="#444444", linewidth=0.8, label="the law's value")]
