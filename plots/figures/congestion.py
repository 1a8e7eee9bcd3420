"""Goodput against random loss, by congestion control."""

import numpy as np

from plots import caption, cells, links, marks, style, theory, wording
from plots.output import Drawing

NAME = "congestion"
ASKS = "Is it the algorithm?"
LAW = "Mathis' law for Reno"
HOW = ("Points: single runs, their steady phase. Joined marks: mean. Bars: its 95 % interval "
       "(Student's t). Grey: what Mathis' law promises N Reno flows at losses about that of each "
       "link and with its round trip, at most the capacity. The links differ in their round trips "
       "too. A loss of 0 stands at the left end of the axis, which has no zero.")
REACH = 3.0  # the law is drawn from a third of a link's loss to three times as much


def draw(results):
    """One panel for each N; one curve for each algorithm, a mark for each link at its loss."""
    rows = cells.by_algorithm(results.runs)
    good = cells.counted(rows)
    good = good[(good["rtt_ms"] > 0) & good["loss_pct"].notna()
                & good["steady_goodput_mbit_s"].notna()]
    if good["loss_pct"].nunique() < 2:
        return
    shown = marks.by_value(good, "connections")
    figure, axes = style.grid(len(shown), panel=(5.0, 3.4))
    page, zero = marks.Page(), good.loc[good["loss_pct"] > 0, "loss_pct"].min() / 10
    for place, (number, panel) in zip(axes, shown):
        _draw_panel(place, panel.assign(loss=panel["loss_pct"].clip(lower=zero)), number, page)
    style.same_heights(axes, [NAME] * len(axes))
    for record in page.records:
        record["x"] = 0.0 if record["x"] == zero else record["x"]
    text = caption.build(results, [HOW], rows, page.per_point, page.outliers)
    style.finish(figure, ASKS, text, [*page.handles(), marks.model_handle(LAW)])
    yield Drawing(NAME, figure, marks.table(page.records, "loss_pct", "goodput_mbit_s"), text)


def _draw_panel(axes, panel, number, page):
    """`panel` has the column `loss`: where each loss_pct stands on the axis."""
    title = wording.setting("connections", number)
    algorithms = marks.by_value(panel, "congestion_requested")
    for label, rows in algorithms:
        if label == "reno":
            _draw_law(axes, rows, number, title, page)
    for shift, (label, rows) in zip(marks.shifts(len(algorithms)), algorithms):
        by_link = [(loss, cell) for (loss, _), cell in cells.groups(rows, ["loss", "link"])]
        page.add_curve(axes, by_link, label, title, "Mbit/s", "steady_goodput_mbit_s", shift=shift)
    axes.set_title(title)
    axes.set_xscale("log")
    names = {loss: _name(rows) for loss, rows in marks.by_value(panel, "loss")}
    style.values_as_ticks(axes.xaxis, names, names.get)
    axes.set_xlabel("random loss (logarithmic)")
    axes.margins(x=0.1)
    axes.set_ylim(0, axes.get_ylim()[1] * 1.05)
    axes.set_ylabel("steady goodput, Mbit/s")


def _name(rows):
    """'0.1 %', and below it the links with that loss and their round trips."""
    found = rows[["link", "rtt_ms"]].drop_duplicates().sort_values("link")
    return "\n".join([f"{rows['loss_pct'].iloc[0]:g} %",
                      *(f"{link}\n{rtt:g} ms" for link, rtt in found.to_numpy())])


def _draw_law(axes, rows, number, title, page):
    """Mathis' law about the loss of each link that has one, with that link's round trip."""
    for (_, loss, rtt), link in cells.groups(rows[rows["loss_pct"] > 0],
                                             ["link", "loss_pct", "rtt_ms"]):
        losses = np.geomspace(loss / REACH, loss * REACH, 40)
        capacity = links.capacity(link.iloc[0])
        expected = [theory.hacker_equal(number, one / 100, rtt / 1e3, capacity) for one in losses]
        page.add_model(axes, losses, expected, f"{LAW}, {rtt:g} ms", title, "Mbit/s")
