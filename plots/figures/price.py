"""What network and others pay for N connections: packets sent again, the queue, a share lost."""

from plots import caption, cells, links, marks, style, theory
from plots.output import Drawing

NAME = "price"
ASKS = "What do the others pay for N connections?"
ROOM = 10.0      # typographic points that the curves' marks for one N may take
HOW = "Points: single runs. Joined marks: mean. Bars: its 95 % interval (Student's t)."
# (column, unit, what the axis says, what the caption says)
PANELS = (
    ("resent", "%", "sent again, %",
     "Sent again: segments retransmitted, of all that left the server, others' included."),
    ("queue_p95_ms", "ms", "wait in the queue,\np95, ms",
     "Wait in the queue: at most that long for 95 % of the packets."),
    ("others", "%", "others' share, %",
     "Others' share: of everybody's goodput, where somebody else downloaded meanwhile."))


def draw(results):
    """`price-EXPERIMENT` where it ran over a link; a curve for each link, algorithm and schedule."""
    rows = cells.by_algorithm(results.runs)
    rows = rows[rows["link"] != "loopback"]
    good = _with_prices(cells.counted(rows))
    shown = [panel for panel in PANELS if good[panel[0]].notna().any()]
    curves = list(cells.subjects(good))
    if curves and shown:
        yield _figure(results, f"{NAME}-{rows['experiment'].iloc[0]}", rows, curves, shown)


def _with_prices(good):
    """The counted runs with the columns `resent` and `others`, both per cent."""
    others = good["bystander_mbit_s"].fillna(0) * theory.PAYLOAD_SHARE * good["time_s"] / 8e-6
    first = (good["bytes_received"] + others) / theory.MSS_BYTES
    again = good["retransmitted_segments"]
    share = 100 * (1 - links.share_of_user(good))
    return good.assign(resent=100 * again / (first + again),
                       others=share.where(good["background_flows"] > 0))


def _figure(results, name, rows, curves, shown):
    figure, axes = style.sheet(len(shown), 1, panel=(6.4, 1.75), sharex=True)
    page = marks.Page()
    for place, (column, unit, title, _) in zip(axes[:, 0], shown):
        for shift, (label, cell) in zip(marks.shifts(len(curves), ROOM), curves):
            known = cell[cell[column].notna()]
            if len(known):
                page.add_curve(place, marks.by_value(known, "connections"), label, column, unit,
                               column, shift=shift)
        place.set_ylabel(title)
        place.set_ylim(-0.04 * place.get_ylim()[1], place.get_ylim()[1] * 1.05)
        place.margins(x=0.1)
    numbers = {number for _, cell in curves for number in cell["connections"]}
    marks.connections_axis(axes[-1, 0], numbers)
    text = caption.build(results, [HOW, *(panel[-1] for panel in shown)], rows, page.per_point,
                         page.outliers)
    style.finish(figure, ASKS, text, page.handles())
    return Drawing(name, figure, marks.table(page.records, "connections", "value"), text)
