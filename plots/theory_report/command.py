"""The command line of the report."""

import argparse
import sys
from pathlib import Path

from plots import cli, results
from plots.theory_report import findings

EXAMPLES = """\
examples:
  ./plots.sh theory results/latest              the report here, and theory.json, theory.csv
                                                and the figure in results/latest/figures/
  ./plots.sh theory results/latest --out /tmp   into another folder

exit status: 0 done, whatever became of the laws; 2 wrong command line, no runs that a law speaks
of, or something in RESULTS could not be read (the rest is reported all the same)
"""


def main(arguments):
    """Runs `./plots.sh theory` with `arguments` (list of str); returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        found = results.load(options.results, only_runs=True)
        report = findings.find(found)
        if report.rows.empty and not found.problems:
            raise results.ResultsError(f"{found.folder}/runs.csv: no runs that a law speaks of "
                                       "(the experiment theory makes them)")
        if not report.rows.empty:
            _tell(found, report, options.out or found.folder / "figures")
    except (results.ResultsError, OSError) as error:
        print(f"plots: {error}", file=sys.stderr)
        return 2
    return cli.tell_problems(found)


def _tell(found, report, folder):
    """Prints the report and writes its files into `folder`."""
    from plots import output, style  # matplotlib takes a while; the help does without it
    from plots.theory_report import figure, text

    folder.mkdir(parents=True, exist_ok=True)
    print(text.terminal(report), end="\n\n", flush=True)
    with style.settings():
        drawing = figure.draw(found, report)
        if drawing:
            print(output.save(drawing, folder))
        else:
            text.frame(report).to_csv(folder / "theory.csv", index=False, lineterminator="\n")
    text.save_json(report, folder / "theory.json")


def _parser():
    parser = argparse.ArgumentParser(
        prog="./plots.sh theory", epilog=EXAMPLES,
        description="Holds what was measured to the laws of docs/theory.md.",
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", metavar="RESULTS", type=Path,
                        help="a results folder: runs.csv, and meta.json with the links' "
                             "certificates; samples.csv tells the windows that were there")
    parser.add_argument("--out", metavar="DIR", type=Path, help="where to (RESULTS/figures)")
    return parser
