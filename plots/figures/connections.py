"""Goodput against the number of connections: loopback apart, and a figure for each link with its
capacity, what theory expects, and the verdict."""

from dataclasses import replace

import numpy as np

from plots import caption, cells, links, marks, style, sweep, verdicts, wording
from plots.output import Drawing
from plots.wanted import Sweep

NAME = "connections"
ASKS = "Do more connections make the download faster?"
HOW = ("Points: single runs. Joined marks: bytes over mean time. Bars: 95 % interval of the mean "
       "time, turned into a rate. Dotted: what the link can carry of payload, 1448/1500 of its "
       "rate. Grey: what theory expects of the steady state; a file pays for its start as well.")
APART = 4.0  # typographic points between the means of neighbouring curves


def draw(results):
    """`connections` for loopback, `connections-LINK` for each link."""
    runs = results.runs
    loopback = replace(results, runs=runs[runs["link"] == "loopback"])
    yield from sweep.draw_sweep(loopback, Sweep(NAME, ASKS, "connections", "connections at once"))
    judged = verdicts.find(results)
    for link in sorted(set(runs["link"]) - {"loopback"}):
        rows = cells.by_algorithm(runs[runs["link"] == link])
        if len(cells.counted(rows)):
            yield _figure(results, link, rows, [one for one in judged if one.link == link])


def _figure(results, link, rows, judged):
    """One panel for each algorithm and size; one curve for each contestant and schedule."""
    good = cells.counted(rows)
    shown, curves = marks.panels(good), list(_curves(good))
    figure, axes = style.grid(len(shown), panel=(5.2, 3.4))
    page = marks.Page()
    for place, (panel, _) in zip(axes, shown):
        here = [(label, panel[panel["run_id"].isin(names)]) for label, names in curves]
        _draw_panel(place, panel, cells.label(panel.iloc[0], _named(shown)),
                    [(label, part) for label, part in here if len(part)], page)
    style.same_heights(axes, [link] * len(shown))
    certificate = links.certificate(results.meta, link)
    told = ". ".join(verdicts.headline(one) for one in judged if certificate.certified)
    text = caption.build(results, [HOW] + [f"Verdict: {told}."] * bool(told), rows, page.per_point,
                         page.outliers)
    title = f"Do more connections help? Link {link}"
    title += "" if certificate.certified else " (not certified)"
    style.finish(figure, title, text, page.handles() + _handles(page.records))
    data = marks.table(page.records, "connections", "goodput_mbit_s").drop(columns="unit")
    data.insert(0, "certified", "yes" if certificate.certified else "no")
    data.insert(0, "link", link)
    return Drawing(f"{NAME}-{link}", figure, data, text)


def _curves(good):
    """Yields (label, run_ids) of each curve, labels the same in every panel, with the schedule."""
    for label, rows in cells.scheduled(cells.curves(good, ["connections", *cells.PANEL])):
        yield label, rows["run_id"]


def _named(shown):
    """The columns that a panel's title tells: the algorithm, and what sets the panels apart."""
    firsts = [panel.iloc[0] for panel, _ in shown]
    return ["congestion_requested"] + [
        name for name in cells.PANEL if name not in ("link", "congestion_requested")
        and len({wording.setting(name, first[name]) for first in firsts}) > 1]


def _draw_panel(axes, panel, title, lines, page):
    expected = _draw_theory(axes, panel, title, page)
    for place, (label, rows) in enumerate(lines):
        page.add_curve(axes, marks.by_value(rows, "connections"), label, title, "Mbit/s",
                       shift=APART * (place - (len(lines) - 1) / 2))
    numbers = panel["connections"].unique()
    axes.set_title(f"{title}\ntheory: {expected.formula if expected else 'no single formula'}")
    style.values_as_ticks(axes.xaxis, numbers, "{:g}".format)
    axes.set_xlim(0, numbers.max() * 1.06)
    axes.set_xlabel("connections at once, N")
    axes.set_ylim(0, axes.get_ylim()[1] * 1.05)
    axes.set_ylabel("goodput, Mbit/s")


def _draw_theory(axes, panel, title, page):
    """Draws capacity and model under the curves and keeps their numbers; returns the Model."""
    first = panel.iloc[0]
    numbers = np.arange(1, int(panel["connections"].max()) + 1)
    limit = links.capacity(first)
    expected = links.model(first, first["congestion_requested"], numbers)
    if expected:
        page.add_model(axes, *_bent(numbers, expected, limit), expected.formula, title, "Mbit/s")
    if limit == limit:
        axes.axhline(limit, zorder=1.6, **marks.CAPACITY)
        axes.text(1.0, limit, wording.number(limit), transform=axes.get_yaxis_transform(),
                  ha="right", va="bottom", fontsize=style.note_size())
        page.records.append({"panel": title, "unit": "Mbit/s", "curve": "capacity",
                             "kind": "capacity", "value": limit})
    return expected


def _bent(numbers, expected, limit):
    """(N, goodput) of the model, with the point between two N at which it meets the capacity."""
    if not numbers[0] < expected.bend < numbers[-1]:
        return numbers, expected.goodput
    at = np.searchsorted(numbers, expected.bend)
    return (np.insert(numbers.astype(float), at, expected.bend),
            np.insert(expected.goodput, at, limit))


def _handles(records):
    kinds = {record["kind"] for record in records}
    entries = {"model": marks.model_handle("theory"),
               "capacity": marks.capacity_handle("the link's capacity for payload")}
    return [entry for kind, entry in entries.items() if kind in kinds]
