"""A finished figure and its way to disk: PNG, PDF, SVG, the plotted numbers, and the caption."""

import io
import re
from dataclasses import dataclass

import pandas as pd
from matplotlib import rcParams
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from plots import style

# Without a date, a program's version and random names, the same input gives the same bytes.
_PNG = {"Software": None}
_PNG_LEVEL = {"compress_level": 3}  # of lines and letters as small as higher ones, and sooner made
_PDF = {"CreationDate": None, "ModDate": None, "Producer": None, "Creator": None}
_SVG = {"Date": None, "Creator": None}
_SVG_NAME = re.compile(r'(?<=["#])(\w*?)[0-9a-f]{10}(?=[")])')


@dataclass
class Drawing:
    """`name`: of its files. `data`: the plotted numbers, one row per point or mean."""

    name: str
    figure: Figure
    data: pd.DataFrame
    caption: str

    def _repr_png_(self):
        """The picture's bytes: what Jupyter shows for a Drawing that ends a cell."""
        with style.settings():
            return picture(self, "png")


def picture(drawing, kind):
    """The bytes of the figure as "png", "pdf" or "svg"."""
    file = io.BytesIO()
    _print(drawing.figure, kind, file)
    return file.getvalue()


def save(drawing, folder):
    """Writes NAME.png, .pdf, .svg, .csv and .txt into `folder`, and nowhere else, whatever the names
    of links and experiments are; returns the path of the PNG."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{drawing.name.replace('/', '_')}.png"
    path.with_suffix(".svg").write_text(_svg(picture(drawing, "svg")), encoding="utf-8")
    for kind in ("pdf", "png"):
        path.with_suffix(f".{kind}").write_bytes(picture(drawing, kind))
    drawing.data.to_csv(path.with_suffix(".csv"), index=False, float_format="%.9g",
                        lineterminator="\n")
    path.with_suffix(".txt").write_text(drawing.caption + "\n", encoding="utf-8")
    return path


def _print(figure, kind, file):
    """What `Figure.savefig` does within `style.settings`, but laid out once for all formats, and
    not drawn once more for the layout before each."""
    engine = figure.get_layout_engine()
    if engine:
        engine.execute(figure)
        figure.set_layout_engine(None)
    figure.set_dpi(rcParams["savefig.dpi"])  # the printers of PDF and SVG leave their own behind
    if kind == "png":
        FigureCanvasAgg(figure).print_png(file, metadata=_PNG, pil_kwargs=_PNG_LEVEL)
    elif kind == "pdf":
        FigureCanvasPdf(figure).print_pdf(file, metadata=_PDF)
    else:
        FigureCanvasSVG(figure).print_svg(file, metadata=_SVG)


def _svg(data):
    """The SVG's text. Matplotlib names its parts by chance, or by the last digits of where they
    stand, which the layout leaves to chance; here they are numbered in the order of the file."""
    names = {}
    return _SVG_NAME.sub(lambda name: names.setdefault(name[0], f"{name[1]}{len(names)}"),
                         data.decode("utf-8"))
