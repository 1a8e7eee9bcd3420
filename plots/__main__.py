import sys

from plots import console, packages

ADVICE = """\
plots: {python} lacks {packages}. Either
  type ./plots.sh for `python3 -m plots`: it looks for a Python that has them, and tells how to
  make one; or install them: ./setup.sh"""


def main(arguments):
    """Runs the command `arguments` (list of str); returns the exit status."""
    console.write_plainly()
    lacking = packages.lacking()
    if lacking:
        print(ADVICE.format(python=sys.executable, packages=", ".join(lacking)), file=sys.stderr)
        return 2
    try:
        from plots import cli
    except ImportError as error:  # as where those of pip and of the distribution are mixed
        print(f"plots: {sys.executable} has packages that do not fit together ({error}). Leave your "
              "own out with PYTHONNOUSERSITE=1, or name another Python in DLAB_PYTHON",
              file=sys.stderr)
        return 2
    return console.run(cli.main, arguments)


if __name__ == "__main__":  # not in the processes that plots.parallel starts
    sys.exit(main(sys.argv[1:]))
