"""Several mirrors: time over the best that those which remain could do."""

from plots import caption, links, marks, mirrors, pairs, stats, style, wording
from plots.output import Drawing

NAME = "mirrors"
ASKS = "What does a mirror that is slow, silent, dead or lying cost?"
HOW = ("Time over S / Σr, the best that the mirrors which remain could do together: their links' "
       "payload, nobody idle. Points: single runs. Marks: mean. Bars: its 95 % interval "
       "(Student's t). Dotted: the lab's own aim, for adaptive.")
AIMS = {"well": 1 / 0.93, "killed": 1.15, "slow": 1.15, "slowed": 1.15}
HALF_A_LINE = 0.3


def draw(results):
    """One panel for each link and size; a mark for each case and way to select."""
    good = mirrors.counted(results)
    shown = marks.panels(good) if len(good) else []
    if not shown:
        return
    width = 1.9 + 1.3 * max(rows["mirrors"].nunique() for rows, _ in shown)
    figure, axes, page = marks.draw_panels(shown, _draw_panel, panel=(width, 3.4))
    style.same_heights(axes, [NAME] * len(axes))
    for place in axes:
        style.ratio_ticks(place, "y")
    sentences = [HOW, *(sentence for rows, _ in shown for sentence in _gains(results.meta, rows))]
    text = caption.build(results, sentences, results.runs, page.per_point, page.outliers)
    handles = [*page.handles(line=False), marks.model_handle("S / Σr"),
               marks.capacity_handle("aim")]
    style.finish(figure, ASKS, text, handles)
    yield Drawing(NAME, figure, marks.table(page.records, "place", "time_over_ideal"), text)


def _draw_panel(axes, panel, title, page):
    cases = mirrors.by_case(panel)
    page.add_model(axes, [-0.5, len(cases) - 0.5], [1.0, 1.0], "S / Σr", title, "ratio")
    for place, (text, rows) in enumerate(cases):
        aim = AIMS.get(mirrors.name(text))
        if aim:
            axes.plot([place - HALF_A_LINE, place + HALF_A_LINE], [aim] * 2, zorder=1.6,
                      **marks.CAPACITY)
        ways = mirrors.by_schedule(rows)
        for shift, (schedule, runs) in zip(marks.shifts(len(ways)), ways):
            page.add_curve(axes, [(place, runs)], schedule, title, "ratio", "over_ideal", 1.0,
                           shift)
    axes.set_title(title)
    axes.set_xticks(range(len(cases)), [_label(text) for text, _ in cases])
    axes.set_xlim(-0.5, len(cases) - 0.5)
    axes.set_ylim(min(0.85, 0.95 * panel["over_ideal"].min()), 1.25 * panel["over_ideal"].max())
    axes.grid(axis="x", visible=False)
    axes.set_ylabel("time over S / Σr (logarithmic)")


def _label(text):
    """The case on two lines."""
    return mirrors.case(text).replace(" after", "\nafter").replace(" at ", "\nat ")


def _gains(meta, rows):
    """A sentence: how many times faster adaptive is than rotate, case by case; none where the link
    is not what it claims to be."""
    if not links.certificate(meta, rows["link"].iloc[0]).certified:
        return
    told = []
    for text, case in mirrors.by_case(rows):
        ways = dict(mirrors.by_schedule(case))
        if {"rotate", "adaptive"} <= ways.keys():
            one = stats.ratio_interval(pairs.ratios(ways["rotate"], ways["adaptive"], "time_s"))
            told += [f"{mirrors.case(text)} {_times(one)}"] * (one.n > 0)
    if told:
        yield f"Times as fast as rotate, adaptive is: {'; '.join(told)}."


def _times(one):
    words = wording.times(one.mean)
    return words if one.low != one.low else (f"{words} [{wording.times(one.low, one.mean)}, "
                                             f"{wording.times(one.high, one.mean)}]")
