"""Makes tests/plots/golden_mirrors/: SYNTHETIC runs of part 4 with four mirrors, one of them ill.

Nothing in it was measured. How many times S / Σr each case takes is written below, so that the
figures can be held to it. Run from the repository root:

    /usr/bin/python3 -m tests.plots.make_golden_mirrors
"""

import sys
from pathlib import Path

from tests.plots.make_golden import Maker, certified, write_results

GOLDEN = Path(__file__).parent / "golden_mirrors"
PART4 = {"contestant": "part4", "part": 4, "connections": 8, "client_model": "threads",
         "server_model": "iterative", "link": "loopback", "sink": "file"}
LINK = {"link": "mirror", "rate_mbit_s": 25, "rtt_ms": 10, "loss_pct": 0, "queue_packets": 50}
SIZE, CHUNKS, BLOCKS = 16_000_000, 16, 6
PAYLOAD_MBYTE_S = 25 * 1448 / 1500 / 8
# What becomes of the fourth: the sum of the rates, over one, and the times over S / Σr.
CASES = {"well": (4, {"rotate": 1.07, "adaptive": 1.06}),
         "killed@500ms": (3, {"rotate": 1.3, "adaptive": 1.02}),
         "stalled@0.5s": (3, {"rotate": 1.8, "adaptive": 1.35}),
         "lying@500ms": (3, {"rotate": 1.2, "adaptive": 1.01}),
         "slow": (3.1, {"rotate": 7.8, "adaptive": 1.1}),
         "slowed@500ms": (3.1, {"rotate": 4.6, "adaptive": 1.05})}


def mirrors(maker, block):
    for fate, (rates, times) in CASES.items():
        ideal_s = SIZE / 1e6 / PAYLOAD_MBYTE_S / rates
        for schedule, ratio in times.items():
            row = maker.run("mirrors", block, {**PART4, "file_bytes": SIZE, "schedule": schedule},
                            ideal_s * ratio, mirrors=f"well,well,well,{fate}", **LINK)
            if block < 2:
                ranges(maker, row, fate)


def ranges(maker, run, fate):
    """Rows of latency.csv: each chunk by whichever mirror is free first; the fourth, where it fails,
    brings its first one, half of its second, and the first mirror brings the rest in the end."""
    fails = "@" in fate and not fate.startswith("slowed")
    mirrors_left, size = 3 if fails else 4, SIZE // CHUNKS
    each = 0.9 * run["duration_s"] * mirrors_left / CHUNKS
    free, began = [0.03] * 4, [0] * 4
    for index in range(CHUNKS):
        able = 4 if not fails or began[3] < 2 else 3
        mirror = min(range(able), key=free.__getitem__)
        began[mirror] += 1
        half = fails and mirror == 3 and began[3] == 2
        told(maker, run, (index, index * size, size // 2 if half else size), mirror, free, each)
        if half:
            rest = index * size + size // 2
    if fails:
        told(maker, run, (CHUNKS, rest, size // 2), 0, free, each)


def told(maker, run, what, mirror, free, each):
    """One row: `what` is index, offset and bytes; the mirror is free again when it is done."""
    index, offset, length = what
    begin = free[mirror]
    free[mirror] = begin + each * length / (SIZE // CHUNKS)
    maker.latency.append([run["run_id"], index % 8, index, offset, length, "", begin - 0.01,
                          begin + 0.01, free[mirror], mirror])


def write(folder):
    """Writes the whole results folder; the same bytes each time."""
    maker = Maker()
    for block in range(BLOCKS):
        mirrors(maker, block)
    maker.fail("mirrors", BLOCKS, {**PART4, "schedule": "rotate", "file_bytes": SIZE}, "void",
               "the client was done before a mirror met its fate")
    maker.runs[-1].update(mirrors="well,well,well,killed@500ms", **LINK)
    write_results(folder, __file__, {"runs": maker.runs, "latency": maker.latency},
                  certified("mirror"))


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else GOLDEN)
