"""The command line: `./plots.sh RESULTS` draws; `report` writes a page and
`coursework` a zip; `table`, `verdicts`, `explain`, `theory`, `self-test` and `reproduce` print."""

import argparse
import importlib
import sys
from pathlib import Path

from plots import answers, gaps, parallel, results, self_test, terminal, verdicts, wanted

EXAMPLES = """\
examples:
  ./plots.sh results/latest                     every figure, into results/latest/figures/
  ./plots.sh results/latest --only connections  one figure (may be repeated)
  ./plots.sh results/latest --out /tmp/figures  into another folder
  ./plots.sh --list                             which figures there are, and what they ask
  ./plots.sh table results/latest               the results as a table, here
  ./plots.sh verdicts results/latest            do N connections help? also verdicts.json
  ./plots.sh explain results/latest RUN_ID      what happened in one run?
  ./plots.sh theory results/latest              do the published laws hold?
  ./plots.sh self-test results/latest           does the bench find what is there?
  ./plots.sh report results/latest              everything on one page, report.html
  ./plots.sh coursework results/latest          a zip to hand in
  ./plots.sh reproduce --help                   measure a figure again, and compare

exit status: 0 done; 1 a check of self-test failed; 2 wrong command line, or something in RESULTS
could not be read (what could be read is drawn all the same)
"""
MOST_PROBLEMS = 10


def main(arguments):
    """Runs the command `arguments` (list of str); returns the exit status."""
    command = COMMANDS.get(arguments[0]) if arguments else None
    return command(arguments[1:]) if command else _draw(arguments)


def _parser(program, description):
    parser = argparse.ArgumentParser(prog=program, description=description, epilog=EXAMPLES,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", metavar="RESULTS", nargs="?",
                        help="a results folder: runs.csv and, where they exist, latency.csv, "
                             "samples.csv, meta.json")
    return parser


def _table(arguments):
    parser = _parser("./plots.sh table", "Prints the table of a results folder.")
    found = _load(parser, parser.parse_args(arguments), only_runs=True)
    print(terminal.table(found))
    return tell_problems(found)


def _verdicts(arguments):
    parser = _parser("./plots.sh verdicts",
                     "Says for each link whether parallel connections help, and why; of other "
                     "experiments what their ratios say.")
    parser.add_argument("--out", metavar="DIR", type=Path,
                        help="where verdicts.json goes (RESULTS)")
    options = parser.parse_args(arguments)
    found = _load(parser, options, only_runs=True)
    judged = verdicts.find(found)
    print(answers.text(found, judged))
    folder = options.out or found.folder
    folder.mkdir(parents=True, exist_ok=True)
    verdicts.save(judged, found, folder / "verdicts.json")
    return tell_problems(found)


def _self_test(arguments):
    parser = _parser("./plots.sh self-test",
                     "Says whether the bench finds what is there, and nothing else.")
    parser.add_argument("--requests", metavar="CSV", type=Path,
                        help="rows of requests that were held up now and then")
    options = parser.parse_args(arguments)
    found = _load(parser, options, only_runs=True)
    asking = wanted.of_verdict(found, "self-test")
    checks = self_test.check_trials(asking[0].runs if asking else found.runs.iloc[:0])
    if options.requests:
        try:
            checks.append(self_test.check_stall(self_test.read_requests(options.requests)))
        except (OSError, ValueError) as error:
            parser.exit(2, f"plots: {error}\n")
    print(self_test.text(checks))
    self_test.save(checks, found.folder / "self_test.json")
    return tell_problems(found) or int(not all(one.holds for one in checks))


def _coursework(arguments):
    from plots import handin  # matplotlib takes a while
    parser = _parser("./plots.sh coursework",
                     "Packs what is handed in: figures as wide as a column, a LaTeX table, a "
                     "summary, the conditions.")
    parser.add_argument("--out", metavar="ZIP", type=Path, help="(RESULTS/coursework.zip)")
    options = parser.parse_args(arguments)
    found = _load(parser, options)
    path = options.out or found.folder / "coursework.zip"
    try:
        handin.pack(found, path)
    except OSError as error:
        parser.exit(2, f"plots: {error}\n")
    print(path)
    return tell_problems(found)


def _draw(arguments):
    from plots import figures  # matplotlib takes a while; the table does without it

    parser = _parser("./plots.sh", "Draws the figures of a results folder.")
    parser.add_argument("--out", metavar="DIR", type=Path, help="where to (RESULTS/figures)")
    parser.add_argument("--only", metavar="FIGURE", action="append",
                        help="draw only this one; may be repeated")
    parser.add_argument("--list", action="store_true", help="list the figures and end")
    options = parser.parse_args(arguments)
    if options.list:
        asked = figures.asked(wanted.shipped_sweeps())
        print("\n".join(f"{name:<12} {question}" for name, question in asked.items()))
        return 0
    found = _load(parser, options)
    known = figures.asked(wanted.sweeps(found))
    _refuse_strange(parser, options.only or [], {**known, **wanted.shipped_sweeps()})
    folder, skipped = options.out or found.folder / "figures", []
    for name, paths in parallel.each(lambda name: figures.draw_and_save(name, found, folder),
                                     options.only or known):
        for path in paths:
            print(f"{name:<12} {path}", flush=True)
        skipped += [] if paths or name in found.left_out else [name]
    if skipped:
        print(f"no rows for: {', '.join(skipped)}")
    for line in gaps.empty_experiments(found):
        print(f"experiment {line}")
    return tell_problems(found)


def _refuse_strange(parser, names, known):
    """Ends the program where one of `names` is no figure."""
    for name in names:
        if name not in known:
            parser.error(f"--only: no figure is called {name!r} (there are {', '.join(known)})")


def _load(parser, options, **how):
    if not options.results:
        parser.error("RESULTS is missing")
    try:
        return results.load(options.results, **how)
    except results.ResultsError as error:
        parser.exit(2, f"plots: {error}\n")


def tell_problems(found):
    """Prints what in the results could not be read; returns the exit status, 2 if anything."""
    for line in found.problems[:MOST_PROBLEMS]:
        print(f"plots: {found.folder}/{line}", file=sys.stderr)
    more = len(found.problems) - MOST_PROBLEMS
    if more > 0:
        print(f"plots: and {more} more of the kind", file=sys.stderr)
    return 2 if found.problems else 0


def _main_of(module):
    """The `main` of `module`, which is imported when it is called, as it may use this one."""
    return lambda arguments: importlib.import_module(module).main(arguments)


# What may stand in the place of RESULTS, and who answers it with what follows.
COMMANDS = {"table": _table, "verdicts": _verdicts, "self-test": _self_test,
            "coursework": _coursework, "explain": _main_of("plots.explain.command"),
            "theory": _main_of("plots.theory_report.command"),
            "report": _main_of("plots.report.command"), "reproduce": _main_of("plots.reproduce")}
