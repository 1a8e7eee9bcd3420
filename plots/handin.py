"""What a student hands in: column-wide figures, a LaTeX table, a summary and the conditions, in a
zip that is the same for the same results."""

import csv
import io
import zipfile

from plots import (answers, caption, cells, figures, links, marks, output, parallel, style, terminal,
                   verdicts, wanted, wording)
from plots.report import opening

EPOCH = (1980, 1, 1, 0, 0, 0)       # the earliest date a zip can hold: no clock in it
READABLE = 0o644 << 16
# Figures that stay legible in a column, beside the sweeps.
FIGURES = ("stages", "connections", "speedup", "strip", "price", "phases", "sequence", "prefix",
           "pipeline")
SUMMARY = ["experiment", "link", "congestion", "what", "n", "mean_time_s", "goodput_mbit_s", "low",
           "high"]
LATEX = {"\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
         "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
         "<": "$<$", ">": "$>$", "–": "--", "×": r"$\times$", "µ": r"$\mu$"}
README = """\
figures/      as wide as a column (85 mm), PDF and PNG; captions.txt has a caption for each
table.tex     \\input{table.tex}: a table for each experiment, as wide as a column; needs
              \\usepackage{booktabs}
summary.csv   one row for each cell: mean time, goodput in Mbit/s with its 95 % interval (n >= 5)
conditions.txt  machine, kernel, commit, seed, command; what failed
verdicts.txt  do parallel connections help, on which link, and why; what the other ratios say
"""


def pack(results, path):
    """Writes the zip at `path`; returns the names in it."""
    files = {"README.txt": README, "table.tex": table(results), "summary.csv": summary(results),
             "conditions.txt": conditions(results),
             "verdicts.txt": answers.text(results, verdicts.find(results)) + "\n"}
    captions = []
    names = [*FIGURES, *wanted.sweeps(results)]
    for _, drawn in parallel.each(lambda name: _draw(name, results), names):
        for name, text, pictures in drawn:
            captions.append(f"{name}: {text}\n")
            files.update({f"figures/{name}{kind}": data for kind, data in pictures.items()})
    files["captions.txt"] = "\n".join(captions)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.external_attr = READABLE
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return sorted(files)


def _draw(name, results):
    with style.settings(column=True):
        return [(drawing.name, drawing.caption,
                 {kind: output.picture(drawing, kind[1:]) for kind in (".pdf", ".png")})
                for drawing in figures.drawn(name, results)]


def table(results):
    """LaTeX (booktabs): a tabular for each experiment, so that none is longer than a page, in it a
    block for each link, algorithm and size."""
    tables = [_tabular(name, good) for name in results.runs["experiment"].unique()
              if len(good := cells.by_algorithm(
                  cells.counted(cells.of_experiment(results.runs, name))))]
    return "\n".join(tables)


def _tabular(name, good):
    """One experiment's counted rows; the first column breaks its lines, the others are narrow."""
    lines = [r"{\scriptsize\setlength{\tabcolsep}{2.5pt}\noindent",
             r"\begin{tabular}{@{}p{0.3\columnwidth}rrrrl@{}}", r"\toprule",
             " & ".join(map(_latex, terminal.HEADINGS)) + r" \\"]
    for rows, where in marks.panels(good):
        title = _latex(f"{name}: {where}")
        lines += [r"\midrule",
                  rf"\multicolumn{{6}}{{@{{}}p{{\columnwidth}}@{{}}}}{{\emph{{{title}}}}} \\"]
        lines += [" & ".join(map(_latex, line)) + r" \\" for line in terminal.numbers(rows)]
    return "\n".join([*lines, r"\bottomrule", r"\end{tabular}\par}\medskip", ""])


def _latex(text):
    return "".join(LATEX.get(letter, letter) for letter in text)


def summary(results):
    """CSV text: one row for each cell."""
    file = io.StringIO()
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(SUMMARY)
    for name in results.runs["experiment"].unique():
        good = cells.by_algorithm(cells.counted(cells.of_experiment(results.runs, name)))
        for label, cell in cells.curves(good, []) if len(good) else ():
            rate, first = cells.goodput(cell), cell.iloc[0]
            rows.writerow([name, first["link"], first["congestion_requested"], label, rate.n,
                           *map(_number, (cell["time_s"].mean(), rate.mean, rate.low, rate.high))])
    return file.getvalue()


def _number(value):
    return f"{value:.6g}" if value == value else ""


def _blocks(runs):
    """[(experiment, how often its cells were run)] in the order of runs.csv."""
    runs = runs[cells.tried(runs)]
    return [(name, cells.of_experiment(runs, name)["block"].nunique())
            for name in runs["experiment"].unique()]


def conditions(results):
    """Text: under what conditions everything was measured, and what failed."""
    lines = [f"{name}: {value}" for name, value in opening.conditions(results.meta)]
    lines += [f"experiment {name}: {wording.count(number, 'block')}" for name, number in
              _blocks(results.runs)]
    for link, rows in cells.groups(results.runs, ["link"]):
        words = wording.LOOPBACK if link[0] == "loopback" else (
            f"link {wording.link(rows.iloc[0])}; {links.certificate(results.meta, link[0]).words}")
        failed = caption.failures(rows)
        lines.append(f"{words}: {failed or 'every run counts'}")
    return "\n".join(lines) + "\n"
