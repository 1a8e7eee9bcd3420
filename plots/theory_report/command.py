"""The command line of the report."""

import argparse
import sys
from pathlib import Path

from plots.results import ResultsError

EXAMPLES = """\
examples:
  python3 -m plots theory results/latest              the report here, and theory.json, theory.csv
                                                      and the figure in results/latest/figures/
  python3 -m plots theory results/latest --out /tmp   into another folder

exit status: 0 done, whatever became of the laws; 2 wrong command line, or something in RESULTS
could not be read
"""
MOST_PROBLEMS = 10


def main(arguments):
    """Runs `python3 -m plots theory` with `arguments` (list of str); returns the exit status."""
    from plots import output, style  # matplotlib takes a while; the help does without it
    from plots.theory_report import figure, findings, rows, text

    options = _parser().parse_args(arguments)
    try:
        found = rows.load(options.results)
    except ResultsError as error:
        print(f"plots: {error}", file=sys.stderr)
        return 2
    report = findings.find(found)
    folder = options.out or found.folder / "figures"
    folder.mkdir(parents=True, exist_ok=True)
    print(text.terminal(report), end="\n\n", flush=True)
    with style.settings():
        drawing = figure.draw(found, report)
        if drawing:
            print(output.save(drawing, folder))
        else:
            text.frame(report).to_csv(folder / "theory.csv", index=False, lineterminator="\n")
    text.save_json(report, folder / "theory.json")
    for line in found.problems[:MOST_PROBLEMS]:
        print(f"plots: {found.folder}/{line}", file=sys.stderr)
    return 2 if found.problems else 0


def _parser():
    parser = argparse.ArgumentParser(
        prog="python3 -m plots theory", epilog=EXAMPLES,
        description="Holds what was measured to the laws of docs/theory.md.",
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", metavar="RESULTS", type=Path,
                        help="a results folder: runs.csv, and meta.json with the links' "
                             "certificates; samples.csv tells the windows that were there")
    parser.add_argument("--out", metavar="DIR", type=Path, help="where to (RESULTS/figures)")
    return parser
