"""How all figures look: colours, markers, axes, and the caption under the figure."""

import math
import re
import textwrap
from contextlib import contextmanager
from contextvars import ContextVar

from matplotlib import rc_context, rcdefaults, rcParams
from matplotlib.figure import Figure
from matplotlib.ticker import (FixedLocator, FuncFormatter, LogLocator, MaxNLocator,
                               NullFormatter, NullLocator)

from plots import wording

# Okabe & Ito 2008, "Color Universal Design", told apart by colour-blind readers; the yellow is left
# out, as it vanishes on white. Markers and line styles tell the curves apart in grey print.
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"]
MARKERS = ["o", "s", "^", "D", "v", "P", "X"]
LINES = ["-", (0, (6, 2)), (0, (2, 1.5)), (0, (6, 2, 1.5, 2)), (0, (1, 1)), (0, (9, 3)),
         (0, (3, 1, 1, 1, 1, 1))]
SETTINGS = {
    "font.family": "DejaVu Sans", "font.size": 9, "axes.titlesize": 9.5, "axes.labelsize": 9,
    "legend.fontsize": 8, "xtick.labelsize": 8, "ytick.labelsize": 8, "legend.frameon": False,
    "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True, "grid.alpha": 0.25,
    "grid.linewidth": 0.6, "lines.linewidth": 1.5, "lines.markersize": 5, "savefig.dpi": 160,
    "figure.dpi": 100,
    "axes.axisbelow": True, "legend.handlelength": 4.8, "text.usetex": False,
    # Else each panel is measured once more, for a title to make room for ticks above the panel.
    "axes.titley": 1.0,
}
CAPTION_SIZE = 7.5
PANEL = 4.4, 3.0           # inches of a panel, where its figure does not say
# For a column of a two-column paper, where title and caption are the text's.
COLUMN_INCHES = 3.35
COLUMN_SETTINGS = {"font.size": 7, "axes.titlesize": 6.5, "axes.labelsize": 7, "legend.fontsize": 6.5,
                   "xtick.labelsize": 6, "ytick.labelsize": 6.5, "lines.linewidth": 1.1,
                   "lines.markersize": 3.5, "savefig.dpi": 300, "legend.handlelength": 4.2}
COLUMN_HEIGHT = 0.66       # of a panel, of what it has on a page
_in_column = ContextVar("in_column", default=False)


@contextmanager
def settings(column=False):
    """The lab's matplotlib settings, whatever the user's own are, while figures are drawn and saved;
    with `column` the figures are as wide as a paper's column, without title and caption."""
    token = _in_column.set(column)
    try:
        with rc_context():
            rcdefaults()
            rcParams.update(SETTINGS | (COLUMN_SETTINGS if column else {}))
            yield
    finally:
        _in_column.reset(token)


def in_column():
    """Whether figures are now as wide as a paper's column."""
    return _in_column.get()


def note_size():
    """The size, in points, of numbers written beside what is drawn."""
    return rcParams["xtick.labelsize"]


def look(index):
    """Colour, marker and line style of the curve `index`, as keywords for `plot`."""
    turn = index // len(COLOURS)
    return {"color": COLOURS[index % len(COLOURS)], "marker": MARKERS[(index + turn) % len(MARKERS)],
            "linestyle": LINES[(index + 2 * turn) % len(LINES)]}


def sheet(rows=1, columns=1, panel=PANEL, **options):
    """A figure with `rows` x `columns` panels of `panel` inches; `options` go to `Figure.subplots`.

    Returns (figure, array of axes of shape (rows, columns)). `finish` adds what stands around them.
    """
    size = max(panel[0] * columns, 6.4), panel[1] * rows
    if in_column():
        size = COLUMN_INCHES, max(COLUMN_HEIGHT * size[1], 1.8)
    figure = Figure(figsize=size, layout="constrained")
    return figure, figure.subplots(rows, columns, squeeze=False, **options)


def grid(number, panel=PANEL):
    """A sheet with `number` panels in reading order; returns (figure, list of axes)."""
    columns = 1 if number == 1 or in_column() else 3 if number % 3 == 0 and number < 10 else 2
    figure, axes = sheet(math.ceil(number / columns), columns, panel)
    axes = list(axes.flat)
    for spare in axes[number:]:
        spare.remove()
    return figure, axes[:number]


def finish(figure, title, caption, handles=()):
    """Puts the title above the panels, and the legend of `handles` and the caption below them.

    The figure grows by the room that they take, so that nothing lies on anything else.
    """
    width, height = figure.get_size_inches()
    columns = _legend_columns(handles, width)
    legend = 0.19 * math.ceil(len(handles) / columns) + 0.08 if handles else 0.0
    if in_column():
        title, lines, above, below = "", [], 0.0, 0.0
    else:
        lines = textwrap.wrap(_keep_together(caption), int((width - 0.2) * 18))
        above, below = 0.38, 0.137 * len(lines) + 0.16
    total = height + above + below + legend
    figure.set_size_inches(width, total)
    figure.get_layout_engine().set(rect=(0.0, (below + legend) / total, 1.0, height / total),
                                   w_pad=0.08, h_pad=0.06)
    figure.text(0.5, 1 - 0.1 / total, title, ha="center", va="top", fontsize=11, weight="bold")
    figure.text(0.1 / width, 0.08 / total, "\n".join(lines), ha="left", va="bottom",
                fontsize=CAPTION_SIZE, color="#333333", linespacing=1.25)
    if handles:
        figure.legend(handles=handles, loc="lower center", ncol=columns, borderaxespad=0.0,
                      bbox_to_anchor=(0.5, below / total))


def _keep_together(text):
    """Numbers and their units, and "n = 5", are not parted by a line's end."""
    parts = r"(?<=\d) (?=[%A-Za-zµ/]{1,6}\b)|(?<=\bn) (?=[=<])|(?<=[=<]) (?=\d)"
    return re.sub(parts, "\u00a0", text)


def _legend_columns(handles, width):
    longest = max((len(handle.get_label()) for handle in handles), default=1)
    return max(1, min(len(handles), 4, int((width - 0.2) / (0.075 * longest + 0.75))))


def values_as_ticks(axis, values, write):
    """Ticks exactly at `values`, labelled by `write(value)`."""
    axis.set_major_locator(FixedLocator(sorted(values)))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda value, _: write(value)))


def time_ticks(axis):
    """Labels a logarithmic axis of seconds as people say it: 5 ms, 200 ms, 3 s; call it last."""
    low, high = axis.get_view_interval()
    decades = LogLocator(subs=(1, 2, 5) if high < 200 * low else (1,))
    axis.set_major_locator(MaxNLocator(4) if high < 4 * low else decades)
    axis.set_major_formatter(FuncFormatter(lambda value, _: wording.round_seconds(value)))
    axis.set_minor_formatter(NullFormatter())


def same_heights(axes, groups):
    """Gives the panels of one group (`groups`: one name for each of `axes`) the same y axis."""
    for group in set(groups):
        members = [place for place, name in zip(axes, groups) if name == group]
        limits = [place.get_ylim() for place in members]
        for place in members:
            place.set_ylim(min(low for low, _ in limits), max(high for _, high in limits))


def ratio_ticks(axes, which):
    """Makes the axis "x" or "y" logarithmic, with ticks at round ratios around 1."""
    axis = axes.xaxis if which == "x" else axes.yaxis
    (axes.set_xscale if which == "x" else axes.set_yscale)("log")
    low, high = axis.get_view_interval()
    steps = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.4, 2, 3, 5, 10, 20, 50, 100]
    if high / low < 3:
        steps = [0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.3, 1.4, 1.6, 1.8, 2, 2.5]
    values_as_ticks(axis, steps, "{:g}".format)
    axis.set_view_interval(low, high, ignore=True)


def rate_axis(axes, link):
    """Labels the y axis with the link's rate unit and starts it at zero."""
    unit, _ = wording.rate_unit(link)
    axes.set_ylabel(f"throughput, {unit}")
    axes.set_ylim(0, axes.get_ylim()[1] * 1.05)
