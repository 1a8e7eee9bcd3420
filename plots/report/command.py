"""The command line of the page."""

import argparse
import sys
from pathlib import Path

from plots import cli, results
from plots.report import page

EXAMPLES = """\
examples:
  ./plots.sh report results/latest                     writes results/latest/report.html
  ./plots.sh report results/latest --out /tmp/a.html   into another file
  ./plots.sh report results/latest --figures           and the figures as files
  ./plots.sh report results/latest --without-figures   quicker, tables and data only

exit status: 0 done; 2 wrong command line, or something in RESULTS could not be read (what could be
read is in the page all the same)
"""


def main(arguments):
    """Runs `./plots.sh report` with `arguments` (list of str); returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        found = results.load(options.results)
        path = options.out or found.folder / "report.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        folder = found.folder / "figures" if options.figures else None
        path.write_text(page.build(found, not options.without_figures, folder), encoding="utf-8")
    except (results.ResultsError, OSError) as error:
        print(f"plots: {error}", file=sys.stderr)
        return 2
    print(path)
    return cli.tell_problems(found)


def _parser():
    parser = argparse.ArgumentParser(
        prog="./plots.sh report", epilog=EXAMPLES,
        description="Writes one page with everything that a results folder tells.",
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", metavar="RESULTS", type=Path, help="a results folder")
    parser.add_argument("--out", metavar="FILE", type=Path, help="where to (RESULTS/report.html)")
    parser.add_argument("--figures", action="store_true",
                        help="also save the figures, in RESULTS/figures")
    parser.add_argument("--without-figures", action="store_true", help="draw none")
    return parser
