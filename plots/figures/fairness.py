"""What N connections take from a neighbour: our share of the bottleneck,
and Jain's index of those who share it."""

import numpy as np

from plots import caption, cells, links, marks, style, theory
from plots.output import Drawing

NAME = "fairness"
ASKS = "What does it cost the neighbour?"
HOW = ("Points: single runs. Joined marks: mean. Bars: its 95 % interval (Student's t). Left: our "
       "steady goodput over ours and the others' together. Grey: an even share for each flow, "
       "N / (N + others). Right: Jain's index, 1 where all get the same; of two users it is 0.5 "
       "where one gets everything.")
SHARE = "our share of the bottleneck"
JAIN = "Jain's index"
USERS, OURS = "we and the others, as two users", "our connections among themselves"


def draw(results):
    """A row of two panels for each link and algorithm with flows of others beside ours."""
    rows = cells.by_algorithm(results.runs)
    good = cells.counted(rows[rows["background_flows"] > 0])
    good = good.assign(share=100 * links.share_of_user(good))
    shown = marks.panels(good[good["share"].notna()], ["background_flows"])
    if not shown:
        return
    figure, axes = style.sheet(len(shown), 2)
    page = marks.Page()
    for (left, right), (panel, title) in zip(axes, shown):
        _draw_share(left, panel, title, page)
        _draw_jain(right, panel.assign(users=_two_users(panel["share"] / 100)), title, page)
    text = caption.build(results, [HOW], rows, page.per_point, page.outliers)
    law = marks.model_handle("theory: an even share for each flow")
    style.finish(figure, ASKS, text, [*page.handles(), law])
    yield Drawing(NAME, figure, marks.table(page.records, "connections", "value"), text)


def _two_users(share):
    """Jain's index of two users, one with `share` (n,) and one with the rest."""
    return [theory.jain([mine, 1 - mine]) for mine in share]


def _draw_share(axes, panel, title, page):
    numbers, others = _numbers(panel)
    page.add_model(axes, numbers, 100 * theory.fair_share(numbers, others), SHARE, title, "%")
    page.add_curve(axes, marks.by_value(panel, "connections"), SHARE, title, "%", "share")
    _dress(axes, panel, f"{title}: {SHARE}", f"{SHARE}, %", 100)


def _draw_jain(axes, panel, title, page):
    numbers, others = _numbers(panel)
    law = _two_users(theory.fair_share(numbers, others))
    page.add_model(axes, numbers, law, USERS, title, "1")
    for label, column in ((USERS, "users"), (OURS, "jain_index")):
        known = panel[panel[column].notna()]
        if len(known):
            page.add_curve(axes, marks.by_value(known, "connections"), label, title, "1", column)
    _dress(axes, panel, f"{title}: {JAIN}", JAIN, 1)


def _numbers(panel):
    """(every N of the panel's span, (n,), and how many flows the others have)."""
    numbers = panel["connections"]
    return np.arange(numbers.min(), numbers.max() + 1), panel["background_flows"].iloc[0]


def _dress(axes, panel, title, label, most):
    axes.set_title(title)
    marks.connections_axis(axes, panel["connections"].unique())
    axes.set_ylim(0, most * 1.06)
    axes.set_ylabel(label)
