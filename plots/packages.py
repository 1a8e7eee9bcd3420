"""What the figures need of a Python. `python3 plots/packages.py` exits 0 where this one has it."""

import sys
from importlib.util import find_spec

OLDEST = (3, 10)
NEEDED = ("matplotlib", "numpy", "pandas", "jinja2")


def lacking():
    """[str]: what this Python lacks, in words. Nothing is imported, which would take a second."""
    old = [] if sys.version_info >= OLDEST else ["Python %d.%d or newer" % OLDEST]
    return old + [name for name in NEEDED if find_spec(name) is None]


if __name__ == "__main__":
    sys.exit(len(lacking()))
