"""Throughput by stage: part 1, part 2, part 3 with the same file on the same link."""

from plots import caption, cells, marks, style, wording
from plots.output import Drawing

NAME = "stages"
ASKS = "How fast is each stage of the program?"
HOW = ("Points: single runs. Bars and numbers: bytes over mean time. Whiskers: 95 % interval of the "
       "mean time, turned into a rate.")


def draw(results):
    """One panel for each link, algorithm and size; one bar for each stage."""
    rows = results.runs
    good = cells.counted(rows)
    if good.empty:
        return
    shown = marks.panels(good)
    figure, axes, page = marks.draw_panels(shown, _draw_panel)
    style.same_heights(axes, [panel["link"].iloc[0] for panel, _ in shown])
    text = caption.build(results, [HOW], rows, page.per_point, page.outliers)
    style.finish(figure, ASKS, text)
    yield Drawing(NAME, figure, marks.table(page.records, "place", "throughput"), text)


def _draw_panel(axes, panel, title, page):
    unit, factor = wording.rate_unit(panel["link"].iloc[0])
    stages = list(cells.curves(panel, []))
    for place, (label, rows) in enumerate(stages):
        look = page.look(label)
        mean = marks.measure(rows, "goodput", factor)[1].mean
        axes.bar(place, mean, width=0.62, facecolor=look["color"] + "40", edgecolor=look["color"])
        axes.text(place - 0.28, 0.02, wording.number(mean), va="bottom",
                  fontsize=style.note_size(), transform=axes.get_xaxis_transform())
        page.add_curve(axes, [(place, rows)], label, title, unit, factor=factor)
    space = "\n" if style.in_column() else " "
    names = [label.replace(", ", "\n").replace(" connection", f"{space}connection")
             for label, _ in stages]
    axes.set_xticks(range(len(stages)), names)
    axes.set_xlim(-0.6, len(stages) - 0.4)
    axes.grid(axis="x", visible=False)
    axes.set_title(title)
    style.rate_axis(axes, panel["link"].iloc[0])
