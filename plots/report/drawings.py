"""The figures as images within the page, each with its caption and how to measure it again."""

import base64
import io
import shlex
from dataclasses import dataclass

from matplotlib import rc_context

from plots import cells, figures, output, parallel, reproduce, style, wording
from plots.report.parts import run_list
from plots.theory_report import figure as theory_figure

MOST_SVG = 60_000          # bytes; what is larger goes into the page as a PNG
THEORY = "theory"
DRAWERS = [*figures.ALL, THEORY]
DOTS = 130                 # of a PNG, per inch


@dataclass(frozen=True)
class Picture:
    """`uri`: the image. `experiments`: those it was drawn from. `command`: measures them again by
    way of the bench with its `options`, both "" where nothing tells the seed. `rows`: from which
    runs, in words."""

    name: str
    asks: str
    caption: str
    uri: str
    experiments: list
    command: str
    options: str
    rows: str


def draw(results, report, folder=None):
    """Yields a Picture of each figure that has rows; `report`: the findings on the laws. With
    `folder` the figures are also saved there: drawing and layout take most of the time."""
    for _, pictures in parallel.each(lambda name: _drawn_by(name, results, report, folder), DRAWERS):
        yield from pictures


def _drawn_by(name, results, report, folder):
    with style.settings(), rc_context({"svg.hashsalt": "dlab"}):
        if name != THEORY:
            module = figures.ALL[name]
            drawings = list(module.draw(results))
            for drawing in drawings if folder else ():
                output.save(drawing, folder)
            return [_picture(results, drawing, module.ASKS) for drawing in drawings]
        drawing = theory_figure.draw(results, report)
        return [_picture(results, drawing, theory_figure.TITLE)] if drawing else []


def _picture(results, drawing, asks):
    names = reproduce.experiments(drawing.name, results, drawing.data)
    runs = _behind(results, drawing, names)
    options = reproduce.options(results, names)
    command = ["./run_bench.sh", "--reproduce", drawing.name, str(results.folder.resolve())]
    return Picture(drawing.name, asks, drawing.caption, _uri(drawing), names,
                   shlex.join(command) if options else "", shlex.join(options or []),
                   f"{wording.count(len(runs), 'run')}: {run_list(runs['run_id'])}")


def _behind(results, drawing, names):
    """The runs that the figure shows; where its numbers name none, all that count of the
    experiments `names` (on its link, where its name ends with one)."""
    if "run_id" in drawing.data:
        return results.runs[results.runs["run_id"].isin(set(drawing.data["run_id"].dropna()))]
    good = cells.counted(cells.of_experiment(results.runs, *names))
    for link in good["link"].unique():
        if drawing.name.endswith(f"-{link}"):
            return good[good["link"] == link]
    return good


def _uri(drawing):
    """The figure without its caption, which the page has as text: as SVG, or PNG where that is
    large."""
    words = drawing.caption.split()
    for text in drawing.figure.texts:
        text.set_visible(text.get_text().split() != words)
    if drawing.figure.get_layout_engine():
        drawing.figure.draw_without_rendering()
        drawing.figure.set_layout_engine("none")
    kind, data = "svg+xml", _saved(drawing.figure, "svg", {"Date": None, "Creator": None})
    if len(data) > MOST_SVG:
        kind, data = "png", _saved(drawing.figure, "png", {"Software": None})
    return f"data:image/{kind};base64,{base64.b64encode(data).decode('ascii')}"


def _saved(figure, kind, metadata):
    file = io.BytesIO()
    figure.savefig(file, format=kind, dpi=DOTS, bbox_inches="tight", metadata=metadata)
    return file.getvalue()
