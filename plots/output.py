"""A finished figure and its way to disk: PNG, PDF, SVG, the plotted numbers, and the caption."""

import io
import re
from dataclasses import dataclass

import pandas as pd
from matplotlib.figure import Figure

from plots import style

# Without a date, a program's version and random names, the same input gives the same bytes.
_PNG = {"Software": None}
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
    """The bytes of the figure as "png" or "pdf"."""
    file = io.BytesIO()
    drawing.figure.savefig(file, format=kind, metadata=_PNG if kind == "png" else _PDF)
    return file.getvalue()


def save(drawing, folder):
    """Writes NAME.png, .pdf, .svg, .csv and .txt into `folder`; returns the path of the PNG."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{drawing.name}.png"
    drawing.figure.draw_without_rendering()
    # Laid out once, the same for all formats. ("none" would have each of them drawn twice.)
    drawing.figure.set_layout_engine(None)
    for kind in ("png", "pdf"):
        path.with_suffix(f".{kind}").write_bytes(picture(drawing, kind))
    path.with_suffix(".svg").write_text(_svg(drawing.figure), encoding="utf-8")
    drawing.data.to_csv(path.with_suffix(".csv"), index=False, float_format="%.9g",
                        lineterminator="\n")
    path.with_suffix(".txt").write_text(drawing.caption + "\n", encoding="utf-8")
    return path


def _svg(figure):
    """The figure as SVG. Matplotlib names its parts by chance, or by the last digits of where they
    stand, which the layout leaves to chance; here they are numbered in the order of the file."""
    text, names = io.StringIO(), {}
    figure.savefig(text, format="svg", metadata=_SVG)
    return _SVG_NAME.sub(lambda name: names.setdefault(name[0], f"{name[1]}{len(names)}"),
                         text.getvalue())
