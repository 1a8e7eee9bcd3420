"""The command line of `explain`."""

import argparse
import sys
from pathlib import Path

from plots import cli, results, wording
from plots.explain import story, words

EXAMPLES = """\
examples:
  ./plots.sh explain r35                  run r35 of results/latest, here, and as
                                          explain-r35.png, .pdf, .csv, .txt in its figures/
  ./plots.sh explain results/latest r35   the same
  ./plots.sh explain r35 --out /tmp       into another folder

exit status: 0 done; 2 wrong command line, no such run, or something in RESULTS could not be read
"""


def main(arguments):
    """Runs `./plots.sh explain` with `arguments` (list of str); returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        found = results.load(options.results)
        _tell(found, story.find(found, options.run_id), options.out or found.folder / "figures")
    except (results.ResultsError, story.UnknownRun, OSError) as error:
        print(f"plots: {error}", file=sys.stderr)
        return 2
    return cli.tell_problems(found)


def _tell(found, one, folder):
    """Prints the story and writes its files into `folder`."""
    from plots import output, style  # matplotlib takes a while; the help does without it
    from plots.explain import picture

    told = words.tell(one)
    print("\n".join([*told, f"Link: {wording.link(one.run)}."]), end="\n\n", flush=True)
    folder.mkdir(parents=True, exist_ok=True)
    with style.settings():
        drawing = picture.draw(found, one)
        path = output.save(drawing, folder) if drawing else folder / f"{picture.name_of(one)}.txt"
    if not drawing:
        path.write_text(" ".join(told) + "\n", encoding="utf-8")
    print(path)


def _parser():
    parser = argparse.ArgumentParser(
        prog="./plots.sh explain", description="Tells what happened in one run.",
        epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", metavar="RESULTS", type=Path, nargs="?",
                        default=Path("results/latest"),
                        help="a results folder (results/latest)")
    parser.add_argument("run_id", metavar="RUN_ID", help="as in the column run_id of runs.csv")
    parser.add_argument("--out", metavar="DIR", type=Path, help="where to (RESULTS/figures)")
    return parser
