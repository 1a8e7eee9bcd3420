"""The figures as images within the page, each with its caption and how to measure it again."""

import base64
import io
import shlex
from dataclasses import dataclass

from PIL import Image

from plots import cells, figures, output, parallel, reproduce, style, wanted, wording
from plots.report.parts import run_list
from plots.theory_report import figure as theory_figure

THEORY = "theory"
COLOURS = 128              # of a picture in the page: a third of the bytes


@dataclass(frozen=True)
class Picture:
    """`kind`: the figure's name, which several pictures may share. `uri`: the image. `experiments`:
    those it was drawn from. `command`: measures them again by way of the bench with its `options`,
    both "" where nothing tells the seed. `rows`: from which runs, in words."""

    name: str
    kind: str
    asks: str
    caption: str
    uri: str
    experiments: list
    command: str
    options: str
    rows: str


def draw(results, report, folder=None):
    """An iterator over a Picture of each figure that has rows, which are drawn meanwhile; `report`:
    the findings on the laws. With `folder` the figures are also saved there: drawing and layout
    take most of the time."""
    asked = figures.asked(wanted.sweeps(results))
    drawn = parallel.each(lambda name: _drawn_by(name, asked, results, report, folder),
                          [*asked, THEORY])
    return (picture for _, pictures in drawn for picture in pictures)


def _drawn_by(name, asked, results, report, folder):
    with style.settings():
        if name != THEORY:
            return [_picture(results, drawing, name, asked[name],
                             output.save(drawing, folder) if folder else None)
                    for drawing in figures.drawn(name, results)]
        drawing = theory_figure.draw(results, report)
        return [_picture(results, drawing, THEORY, theory_figure.TITLE)] if drawing else []


def _picture(results, drawing, kind, asks, png=None):
    names = reproduce.experiments(drawing.name, results, drawing.data)
    runs = _behind(results, drawing, names)
    options = reproduce.options(results, names, drawing.name)
    command = ["./run_bench.sh", "--reproduce", drawing.name, str(results.folder.resolve())]
    return Picture(drawing.name, kind, asks, drawing.caption, _uri(drawing, png), names,
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


def _uri(drawing, png):
    """The figure without its caption, which the page has as text; `png`: as it was saved, or None."""
    with Image.open(png or io.BytesIO(output.picture(drawing, "png"))) as image:
        kept = image.crop((0, 0, image.width, round(image.height * _above_caption(drawing))))
        small = io.BytesIO()
        kept.convert("RGB").quantize(COLOURS, Image.Quantize.FASTOCTREE,
                                     dither=Image.Dither.NONE).save(small, "png")
    return f"data:image/png;base64,{base64.b64encode(small.getvalue()).decode('ascii')}"


def _above_caption(drawing):
    """Which part of the figure's height lies above its caption."""
    words = drawing.caption.split()
    tops = [text.get_window_extent().y1 for text in drawing.figure.texts
            if text.get_text().split() == words]
    return 1 - max(tops, default=0) / drawing.figure.bbox.height
