"""Makes tests/plots/golden_grid/: SYNTHETIC runs of several links, algorithms and numbers of
connections, with what they cost the network, the neighbour and the machine.

Nothing in it was measured: rates, queues and costs come from the numbers and laws below and a fixed
seed. Run from the repository root:

    /usr/bin/python3 -m tests.plots.make_golden_grid
"""

import math
import random
import sys
from pathlib import Path

from plots import theory
from tests.plots.make_golden import PART1, PART3, write_results
from tests.plots.make_golden_links import certificate_of

GOLDEN = Path(__file__).parent / "golden_grid"
NAMES = ("rate_mbit_s", "rtt_ms", "loss_pct", "queue_packets")
LINKS = {"loopback": (), "wan": (100, 40, 0, 350), "noisy": (100, 20, 1, 170),
         "longlossy": (100, 100, 0.01, 850), "longfat": (500, 100, 0, 4200)}
NUMBERS = (1, 5, 10)
BLOCKS = 6
SECONDS_APART = 10


class Maker:
    """Collects the rows of runs.csv and samples.csv; `random` is the one source of chance."""

    def __init__(self):
        self.random = random.Random(20240315)
        self.runs, self.samples = [], []

    def run(self, block, cell, goodput, **more):
        """Adds a run of about `goodput` Mbit/s, 4 % more or less; timed where `planned_seconds` is
        set. A link cannot be exceeded."""
        link, size = cell["link"], cell.get("file_bytes", 10_000_000)
        cap = theory.PAYLOAD_SHARE * (LINKS[link] or [math.inf])[0]
        goodput = min(goodput * math.exp(self.random.gauss(0, 0.04)), 0.999 * cap)
        seconds = cell.get("planned_seconds") or size * 8e-6 / goodput
        row = {"schema": 1, "run_id": f"g{len(self.runs):04d}", "block": block, "order_in_block": 0,
               "seed": block, "file_bytes": size, **dict(zip(NAMES, LINKS[link])),
               "started_unix_ns": 1700000000 * 10**9 + len(self.runs) * SECONDS_APART * 10**9,
               "sink": "discard", "status": "ok", "bytes_received": int(goodput * seconds / 8e-6),
               "verified": "no", "duration_s": seconds, "setup_s": 0.1 * seconds,
               "ramp_s": 0.1 * seconds, "steady_s": 0.8 * seconds, "goodput_mbit_s": goodput,
               "steady_goodput_mbit_s": min(goodput * 1.02, cap), "wall_s": seconds + 0.02,
               "startup_s": 0.015, "warmup": "no", **cell}
        if link != "loopback":
            row.update(self._network(row))
        self.runs.append({**row, **self._machine(row), **more})
        return self.runs[-1]

    def _network(self, row):
        """What the link tells: the queue grows with the connections, losses are answered."""
        packets, number = row["bytes_received"] / theory.MSS_BYTES, row["connections"]
        lost = packets * row["loss_pct"] / 100 + self.random.randrange(3)
        queue = 30 * (1 - math.exp(-number / 4)) * math.exp(self.random.gauss(0, 0.1))
        return {"queue_p95_ms": queue, "lost_packets": int(lost), "dropped_packets": 0,
                "retransmitted_segments": int(lost) + self.random.randrange(4),
                "bystander_mbit_s": 0, "late_pct": 0.02, "late_max_ms": 0.8,
                "jain_index": 1 - self.random.random() * 0.2 if number > 1 else 1}

    def _machine(self, row):
        """What the processes cost: seconds by the byte, memory by the connection."""
        megabytes, number = row["bytes_received"] * 1e-6, row["connections"]
        return {"client_cpu_s": megabytes * 2e-4 * math.exp(self.random.gauss(0, 0.1)),
                "server_cpu_s": megabytes * 1e-4 * math.exp(self.random.gauss(0, 0.1)),
                "client_maxrss_kib": 6000 + 120 * number + self.random.randrange(200)}


def cell_of(experiment, link, algorithm, number, **more):
    return {**PART3, "experiment": experiment, "link": link, "connections": number,
            "congestion_requested": algorithm, "congestion_used": algorithm, **more}


def one_flow(link, algorithm):
    """Mbit/s of one flow: the law of the link where it has one."""
    rate, rtt, loss, _ = LINKS[link]
    cap = rate * theory.PAYLOAD_SHARE
    if not loss or algorithm == "bbr":
        return cap
    law = theory.mathis if algorithm == "reno" else theory.cubic
    return min(cap, law(loss / 100, rtt / 1e3))


def connections(maker, block):
    for link, algorithm in (("noisy", "reno"), ("noisy", "cubic"), ("wan", "cubic"),
                            ("longlossy", "reno")):
        for number in NUMBERS:
            cell = cell_of("connections", link, algorithm, number)
            maker.run(block, cell, number * one_flow(link, algorithm))
            if (link, algorithm) == ("noisy", "reno") and number > 1:
                maker.run(block, {**cell, "schedule": "static"}, 0.8 * number * 7.4)
    for number, rate in zip(NUMBERS, (16000, 22000, 19000)):
        maker.run(block, cell_of("connections", "loopback", "cubic", number), rate)


def stages(maker, block):
    for part, rate in ((PART1, 14000), (PART3, 20000)):
        maker.run(block, {**part, "experiment": "stages", "link": "loopback", "sink": "file",
                          "congestion_requested": "cubic", "congestion_used": "cubic"}, rate)


def fairness(maker, block):
    """N flows beside one of somebody else's, who gets the rest of the link."""
    for number in (1, 2, 4, 8):
        cell = cell_of("fairness", "wan", "reno", number, planned_seconds=15, background_flows=1)
        cap = 100 * theory.PAYLOAD_SHARE
        row = maker.run(block, cell, theory.fair_share(number) * cap)
        row["bystander_mbit_s"] = 100 - row["steady_goodput_mbit_s"] / theory.PAYLOAD_SHARE


def congestion(maker, block):
    for link in ("wan", "noisy", "longlossy"):
        for algorithm in ("reno", "cubic", "bbr"):
            for number in (1, 10):
                cell = cell_of("congestion", link, algorithm, number, planned_seconds=8)
                maker.run(block, cell, number * one_flow(link, algorithm))


def window(maker, block):
    for buffer, flight in ((65536, 47_000), ("", 6_000_000)):
        for number in (1, 4, 16):
            cell = cell_of("window", "longfat", "cubic", number, planned_seconds=5,
                           receive_buffer_bytes=buffer)
            row = maker.run(block, cell, theory.window_limited(number, flight, 0.1))
            samples(maker, row, flight)


def samples(maker, row, flight):
    """Rows of samples.csv: the server's view of connection 0, twice in the steady phase."""
    for share in (0.4, 0.8):
        about = {"run_id": row["run_id"], "t_s": share * row["duration_s"], "side": "server",
                 "connection": 0, "mss_bytes": theory.MSS_BYTES,
                 "unacked_segments": flight // theory.MSS_BYTES}
        maker.samples.append(about)


def short(maker, block):
    for size in (15_000, 100_000, 1_000_000):
        for number in (1, 4, 16):
            cell = cell_of("short", "longfat", "cubic", number, file_bytes=size, schedule="static")
            seconds = theory.short_transfer_s(size, 0.1, number, 500 * theory.PAYLOAD_SHARE,
                                              1 if number == 1 else 2)
            maker.run(block, cell, size * 8e-6 / seconds)


def stragglers(maker, block):
    for rates in ((10, 10, 10, 10), (10, 10, 10, 2)):
        for schedule, law in (("static", theory.static_s), ("dynamic", theory.ideal_s)):
            cell = cell_of("stragglers", "wan", "cubic", 4, schedule=schedule, file_bytes=8_000_000,
                           limit_rates=",".join(f"{rate}Mbit" for rate in rates))
            maker.run(block, cell, 64 / (law(8_000_000, rates) + 0.15))


def lost(maker):
    """Runs that must not count, with figures that would spoil every mean."""
    for status, error in (("void", "void: 7.5 % of the packets left over 1 ms late"),
                          ("failed", "part3_client: no progress")):
        maker.run(BLOCKS, cell_of("connections", "noisy", "reno", 10), 1.0, status=status,
                  error=error)
    maker.run(0, cell_of("connections", "noisy", "reno", 1), 1.0, warmup="yes")


def write(folder):
    """Writes the whole results folder; the same bytes each time."""
    maker = Maker()
    for block in range(BLOCKS):
        for experiment in (stages, connections, fairness, congestion, window, short, stragglers):
            experiment(maker, block)
    lost(maker)
    certificates = {link: certificate_of(link, *LINKS[link]) for link in LINKS
                    if link != "loopback"}
    write_results(folder, __file__, {"runs": maker.runs, "samples": maker.samples}, certificates)


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else GOLDEN)
