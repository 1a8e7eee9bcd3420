#!/usr/bin/env python3
"""Makes a file of any size to download: make_file.py 5GiB big.bin [--sparse] [--seed N]"""

import argparse
import random
import re
import sys
from pathlib import Path

UNITS = {"": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "kib": 2**10, "mib": 2**20, "gib": 2**30}
PIECE = 2**20


def size(text):
    match = re.fullmatch(r"(\d+)\s*([a-z]*)", text.lower())
    if not match or match[2] not in UNITS:
        raise argparse.ArgumentTypeError(f"{text}: not a size such as 1000, 50kB or 5GiB")
    return int(match[1]) * UNITS[match[2]]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split(":")[0], epilog="kB, MB, GB are"
        " powers of 1000, KiB, MiB, GiB of 1024. The same seed makes the same bytes.")  # fmt: skip
    parser.add_argument("size", type=size, metavar="SIZE", help="500, 50kB, 1GiB ...")
    parser.add_argument("name", type=Path, metavar="NAME")
    parser.add_argument("--sparse", action="store_true", help="all zeros, taking no disk space")
    parser.add_argument("--seed", type=int, default=1, help="of the random bytes (default 1)")
    options = parser.parse_args()
    source = random.Random(options.seed)
    options.name.parent.mkdir(parents=True, exist_ok=True)
    with options.name.open("wb") as file:
        if options.sparse:
            file.truncate(options.size)
            return 0
        for offset in range(0, options.size, PIECE):
            file.write(source.randbytes(min(PIECE, options.size - offset)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
