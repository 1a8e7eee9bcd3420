"""Makes tests/plots/golden_links/: SYNTHETIC runs of `connections` on links and on loopback.

Nothing in it was measured. The goodput of every cell is a number written below, so that the ratios
are known, and with them the verdicts. Run from the repository root:

    /usr/bin/python3 -m tests.plots.make_golden_links
"""

import math
import random
import sys
from pathlib import Path

from tests.plots.make_golden import PART1, PART3, write_results

GOLDEN = Path(__file__).parent / "golden_links"
NAMES = ("rate_mbit_s", "rtt_ms", "loss_pct", "queue_packets")
LINKS = {"loopback": (), "noisy": (100, 20, 1, 170), "wan": (100, 40, 0, 350),
         "cap": (100, 40, 0, 350), "busy": (100, 40, 0, 350), "lossy": (100, 40, 0.1, 350),
         "lossy50": (50, 50, 0.1, 210)}
# (link, algorithm, schedule): blocks, scatter of the runs' logarithms, Mbit/s at each N, and what
# limits one and more connections.
CELLS = {
    ("noisy", "reno", "dynamic"): (9, 0.05, {1: 7.4, 5: 34.2, 10: 66.0, 20: 94.0, 50: 94.5},
                                   "loss"),
    ("noisy", "reno", "static"): (9, 0.05, {1: 7.4, 5: 31.0, 10: 55.0, 20: 77.0, 50: 84.0}, "loss"),
    ("noisy", "cubic", "dynamic"): (9, 0.05, {1: 8.1, 5: 37.0, 10: 70.0, 20: 94.2, 50: 94.6},
                                    "loss"),
    ("wan", "cubic", "dynamic"): (8, 0.004, {1: 94.0, 5: 94.2, 10: 94.0, 20: 93.8, 50: 93.1},
                                  "link full"),
    ("cap", "cubic", "dynamic"): (8, 0.01, {1: 9.7, 5: 47.5, 10: 90.0, 20: 93.0, 50: 93.0},
                                  "server cap"),
    ("busy", "cubic", "dynamic"): (8, 0.09, {1: 18.0, 5: 51.0, 10: 66.0, 20: 78.0, 50: 87.0},
                                   "cross traffic"),
    ("lossy", "cubic", "dynamic"): (8, 0.06, {1: 13.0, 5: 62.0, 10: 92.0}, "loss"),
    ("lossy50", "reno", "dynamic"): (6, 0.12, {1: 40.0, 2: 41.0, 4: 45.0}, "loss"),
    ("loopback", "cubic", "dynamic"): (8, 0.03, {1: 20000.0, 5: 29000.0, 10: 24000.0, 50: 15000.0},
                                       "CPU"),
}
SIZE = 50_000_000
MOST_PAYLOAD = 0.964  # of a link's rate


class Maker:
    """Collects the rows of runs.csv; `random` is the one source of chance."""

    def __init__(self):
        self.random = random.Random(20240301)
        self.runs = []

    def run(self, block, cell, goodput, **more):
        """Adds a run of about `goodput` Mbit/s."""
        number, link = len(self.runs), cell["link"]
        seconds = SIZE * 8e-6 / goodput
        row = {"schema": 1, "run_id": f"k{number:04d}", "experiment": "connections", "block": block,
               "order_in_block": 0, "seed": block, "started_unix_ns": 1700000000000000000 + number,
               "file_bytes": SIZE, **dict(zip(NAMES, LINKS[link])), "sink": "discard",
               "status": "ok", "bytes_received": SIZE, "verified": "no", "duration_s": seconds,
               "goodput_mbit_s": goodput, "wall_s": seconds + 0.02, "startup_s": 0.015,
               "warmup": "no", **cell, **more}
        if link != "loopback":
            row.update(late_pct=0.02, late_max_ms=0.8,
                       utilisation_pct=goodput / row["rate_mbit_s"] * 100)
        self.runs.append({**row, **more})

    def lose(self, block, cell, status, error):
        """Adds a run that must not count, with figures that would spoil every mean."""
        self.run(block, cell, 1.0, status=status, error=error,
                 limited_by="", late_pct=7.5 if status == "void" else "")


def cell_of(link, algorithm, schedule, number):
    return {**PART3, "connections": number, "link": link, "schedule": schedule,
            "congestion_requested": algorithm, "congestion_used": algorithm}


def measured(maker):
    """The runs that count; in each block all cells share that block's luck."""
    for (link, algorithm, schedule), (blocks, scatter, rates, cause) in CELLS.items():
        for block in range(blocks):
            luck = math.exp(maker.random.gauss(0, 0.02))
            for number, rate in rates.items():
                many = "link full" if number >= 20 and link != "loopback" else cause
                # One run in a while is told otherwise; the most frequent cause counts.
                told = "start-up" if block == 3 else many
                goodput = rate * luck * math.exp(maker.random.gauss(0, scatter))
                goodput = min(goodput, MOST_PAYLOAD * (LINKS[link] or [math.inf])[0])
                cell = cell_of(link, algorithm, schedule, number)
                maker.run(block, cell, goodput, limited_by=told)
    for block in range(8):
        part1 = {**cell_of("wan", "cubic", "", 1), **PART1}
        goodput = 94.1 * math.exp(maker.random.gauss(0, 0.004))
        maker.run(block, part1, goodput, limited_by="link full")


def lost(maker):
    """Runs that are left out and counted: void, failed, timed out, unavailable, warm-up."""
    late = "void: 7.5 % of the packets left over 1 ms late"
    maker.lose(9, cell_of("noisy", "reno", "dynamic", 20), "void", late)
    maker.lose(10, cell_of("noisy", "reno", "dynamic", 1), "void", late)
    maker.lose(10, cell_of("noisy", "reno", "dynamic", 20), "failed", "part3_client: no progress")
    maker.lose(0, cell_of("wan", "cubic", "dynamic", 50), "timeout",
               "no progress for 30 s, gave up")
    for number in (1, 5, 10, 20, 50):
        cell = {**cell_of("noisy", "bbr", "dynamic", number), "congestion_used": ""}
        maker.lose(0, cell, "unavailable", "the kernel has no bbr: modprobe tcp_bbr")
    maker.run(0, cell_of("noisy", "reno", "dynamic", 1), 1.0, warmup="yes")


def certificate_of(link, rate, rtt, loss, asked, queue=None):
    """What the runner writes of a link; with `queue`, one whose queue turned out otherwise."""
    rows = [("rate to the client", "Mbit/s", rate, rate * 0.999, rate * 0.02),
            ("median RTT", "ms", rtt, rtt + 0.1, 0.4),
            ("loss to the client", "%", loss, loss * 1.03, loss * 0.2),
            ("queue", "packets", asked, asked if queue is None else queue, 4)]
    names = ("quantity", "unit", "asked", "measured", "tolerance")
    return {"link": link, "certified": queue is None,
            "findings": [{**dict(zip(names, row)), "holds": abs(row[2] - row[3]) <= row[4]}
                         for row in rows],
            "realtime": False, "awake": False, "attempts": 1, "late_pct": 0.01, "late_max_ms": 0.6, "duration_s": 6.5}


def write(folder):
    """Writes the whole results folder; the same bytes each time."""
    maker = Maker()
    measured(maker)
    lost(maker)
    certificates = {link: certificate_of(link, *LINKS[link], 120 if link == "lossy" else None)
                    for link in LINKS if link != "loopback"}
    write_results(folder, __file__, {"runs": maker.runs}, certificates)


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else GOLDEN)
