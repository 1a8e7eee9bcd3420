"""Many small files: time in round trips by the way they are asked for."""

import numpy as np

from plots import caption, cells, links, load, marks, pairs, stats, style, theory, wording
from plots.output import Drawing

NAME = "objects"
ASKS = "Many small files: how should they travel?"
PROTOCOLS = {"dlab": "our protocol", "http": "HTTP/1.1"}
HOW = ("Points: single runs. Marks: mean time. Bars: its 95 % interval (Student's t). Grey: round "
       "trips counted by the book, and the transmission of all files at the link's rate. Dotted: "
       "pipelined, with the rounds of slow start that so many bytes take.")
SLOW_START = "pipelined, with slow start"


def draw(results):
    """One panel for each link and protocol; one curve for each way."""
    rows = results.runs
    rows = rows[rows["rtt_ms"] > 0]
    good = cells.counted(rows)
    if good.empty:
        return
    shown = [(part, f"{link}, {PROTOCOLS.get(protocol, protocol)}")
             for (link, protocol), part in cells.groups(good, ["link", "protocol"])]
    figure, axes, page = marks.draw_panels(shown, _draw_panel, panel=(4.6, 4.0))
    style.same_heights(axes, [""] * len(axes))
    for place in axes:
        style.values_as_ticks(place.yaxis, (2, 5, 10, 20, 40, 80), "{:g}".format)
    text = caption.build(results, [HOW, *_gains(shown)], rows, page.per_point, page.outliers)
    style.finish(figure, ASKS, text, [*page.handles(), marks.model_handle("by the book"),
                                 marks.capacity_handle(SLOW_START)])
    yield Drawing(NAME, figure, marks.table(page.records, "files", "round_trips"), text)


def _draw_panel(axes, panel, title, page):
    first, ways = panel.iloc[0], load.ways(panel)
    rtt_s, numbers = first["rtt_ms"] / 1e3, np.sort(panel["planned_requests"].unique())
    for words, arguments, rows in ways:
        expected = theory.objects_s(numbers, rtt_s, first["file_bytes"], links.capacity(first),
                                    **arguments) / rtt_s
        page.add_model(axes, numbers, expected, words, title, "RTT")
        if arguments["pipelined"]:
            _draw_slow_start(axes, first, numbers, title, page)
        page.add_curve(axes, marks.by_value(rows, "planned_requests"), words, title, "RTT", "time",
                       1 / rtt_s)
    axes.set_xscale("log")
    axes.set_yscale("log")
    style.values_as_ticks(axes.xaxis, numbers, "{:g}".format)
    axes.margins(x=0.12, y=0.08)
    axes.set_xlabel(f"files of {wording.size(first['file_bytes'])}")
    axes.set_ylabel(f"time, round trips of {wording.round_seconds(rtt_s)} (logarithmic)")
    axes.set_title(title)


def _draw_slow_start(axes, first, numbers, title, page):
    """All answers in a row are one transfer, which needs its rounds."""
    rtt_s = first["rtt_ms"] / 1e3
    values = [theory.short_transfer_s(number * first["file_bytes"], rtt_s, 1, links.capacity(first))
              / rtt_s for number in numbers]
    axes.plot(numbers, values, zorder=1.6, **marks.CAPACITY)
    page.records += [{"panel": title, "unit": "RTT", "curve": SLOW_START, "x": at, "kind": "model",
                      "value": value} for at, value in zip(numbers, values)]


def _gains(shown):
    """A sentence for each panel: how many times faster than a connection each, at most files."""
    for panel, title in shown:
        most = panel[panel["planned_requests"] == panel["planned_requests"].max()]
        ways = {words: rows for words, _, rows in load.ways(most)}
        slow = ways.pop("a connection each", None)
        ratios = {words: pairs.ratios(slow, rows, "time_s") for words, rows in ways.items()
                  } if slow is not None else {}
        told = ", ".join(f"{words} {_times(ratio)}" for words, ratio in ratios.items() if len(ratio))
        if told:
            yield (f"{title}, {most['planned_requests'].iloc[0]:g} files, times as fast as a "
                   f"connection each: {told}.")


def _times(ratio):
    one = stats.ratio_interval(ratio)
    words = wording.times(one.mean)
    return words if one.low != one.low else (f"{words} [{wording.times(one.low, one.mean)}, "
                                             f"{wording.times(one.high, one.mean)}]")
