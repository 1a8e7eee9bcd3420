"""Makes tests/plots/golden/: SYNTHETIC test data, drawn from formulas and a fixed seed.

Nothing in it was measured. It has every experiment, so that every figure can be drawn from it, a
few failed, unavailable and warm-up runs, and outliers. Run from the repository root:

    /usr/bin/python3 -m tests.plots.make_golden
"""

import csv
import json
import math
import random
import sys
from pathlib import Path

from plots import tables

GOLDEN = Path(__file__).parent / "golden"
LINKS = {"loopback": {}, "wan": {"rate_mbit_s": 100, "rtt_ms": 40, "loss_pct": 0, "queue_packets": 350}}
PART1 = {"contestant": "part1", "part": 1, "connections": 1, "client_model": "single",
         "server_model": "iterative", "io_path": "sendfile"}
PART2 = {"contestant": "part2", "part": 2, "connections": 1, "client_model": "single",
         "server_model": "iterative", "io_path": "packets", "packet_bytes": 16384,
         "packet_order": "sequential", "batch_packets": 16, "nagle": "off"}
PART3 = {"contestant": "part3", "part": 3, "connections": 10, "client_model": "threads",
         "server_model": "threads", "io_path": "sendfile", "schedule": "dynamic"}
BLOCKS = 6
MIB = 1 << 20
PHASES = ("setup_s", "ramp_s", "steady_s", "tail_s", "ttfb_s")


def blank(row, *names):
    """Takes the values of the columns `names` out of a run."""
    row.update(dict.fromkeys(names, ""))


class Maker:
    """Collects rows; `random` is the one source of chance."""

    def __init__(self):
        self.random = random.Random(20240229)
        self.runs, self.latency, self.samples = [], [], []

    def tables(self):
        """{table: rows}, as write_results() wants it."""
        return {"runs": self.runs, "latency": self.latency, "samples": self.samples}

    def run(self, experiment, block, cell, seconds, **more):
        """Adds a run of about `seconds`; one in forty takes half as long again (an outlier)."""
        slow = 1.5 if self.random.random() < 0.025 else 1.0
        duration = seconds * slow * math.exp(self.random.gauss(0, 0.04))
        link = cell.get("link", "loopback")
        size = cell.get("file_bytes", 50_000_000)
        ttfb = (0.08 if link == "wan" else 0.0002) * math.exp(self.random.gauss(0, 0.1))
        row = {"schema": 1, "run_id": f"r{len(self.runs):04d}", "experiment": experiment,
               "block": block, "order_in_block": 0, "seed": block,
               "started_unix_ns": 1700000000000000000 + len(self.runs), "file_bytes": size,
               "link": link, **LINKS[link], "congestion_requested": "cubic",
               "congestion_used": "cubic", "sink": "discard", "status": "ok",
               "bytes_received": size, "verified": "no", "duration_s": duration,
               "setup_s": ttfb, "ramp_s": duration * 0.1, "steady_s": duration * 0.85,
               "tail_s": duration * 0.05, "ttfb_s": ttfb,
               "goodput_mbit_s": size * 8e-6 / duration, "wall_s": duration + 0.02,
               "startup_s": 0.015, "warmup": "no", **cell, **more}
        self.runs.append(row)
        return row

    def fail(self, experiment, block, cell, status, error):
        """Adds a run that gave no figures."""
        row = self.run(experiment, block, cell, 1.0, status=status, error=error)
        blank(row, *PHASES, "duration_s", "wall_s", "goodput_mbit_s", "bytes_received", "verified",
              "startup_s")


def stages(maker):
    for link, times in (("loopback", (0.020, 0.032, 0.012)), ("wan", (4.4, 4.6, 4.25))):
        maker.run("stages", 0, {**PART1, "link": link}, 1.0, warmup="yes")
        for block in range(BLOCKS):
            for part, seconds in zip((PART1, PART2, PART3), times):
                row = maker.run("stages", block, {**part, "link": link}, seconds)
                if block == 0 and part is PART2:
                    packets(maker, row, 300)


def connections(maker):
    for link, factor in (("loopback", 1.0), ("wan", 220.0)):
        for number in (1, 5, 10, 20, 50):
            for schedule, cost in (("dynamic", 1.0), ("static", 1.12)):
                cell = {**PART3, "connections": number, "schedule": schedule, "link": link}
                ideal = 0.02 / min(number, 3) ** 0.6 if link == "loopback" else 0.02
                for block in range(BLOCKS):
                    row = maker.run("connections", block, cell, factor * ideal * cost)
                    if link == "loopback" and number in (10, 50) and block < 2:
                        chunks(maker, row, max(number * 2, 40))
    maker.fail("connections", 0, {**PART3, "connections": 50}, "failed",
               "connect 127.0.0.1:9003: Connection refused")
    maker.fail("connections", 1, {**PART3, "connections": 50}, "timeout",
               "no progress for 30 s, gave up")


def sizes(maker):
    for link, rate, start in (("loopback", 2.5e9, 0.0005), ("wan", 1.15e7, 0.085)):
        for size in (50_000, 500_000, 5_000_000, 50_000_000):
            for part, cost in ((PART1, 1.0), (PART2, 1.5), (PART3, 0.8)):
                for block in range(BLOCKS):
                    maker.run("sizes", block, {**part, "link": link, "file_bytes": size},
                              start * (2 if part is PART3 else 1)
                              + (cost if link == "loopback" else 1) * size / rate)


def buffers(maker):
    for size in (1024, 4096, 8192, 30000, 65536, 262144, MIB):
        for path, call in (("copy", 9e-7), ("sendfile", 6e-7), ("mmap", 8e-7)):
            for block in range(BLOCKS):
                maker.run("buffers", block, {**PART1, "io_path": path, "buffer_bytes": size},
                          0.016 + 50e6 / size * call)


def pipeline(maker):
    for work in ("", 50, 200, 1000):
        for cpus in (1, 2):
            for block in range(BLOCKS):
                for model in ("single", "pipeline"):
                    receive, process = 0.02, 50 / work if work else 0.001
                    seconds = receive + process
                    if model == "pipeline":
                        seconds = (max(receive, process) if cpus == 2 else seconds) * 1.03
                    cell = {**PART1, "client_model": model, "work_mbyte_s": work, "client_cpus": cpus}
                    maker.run("pipeline", block, cell, seconds)


def packet_sweep(maker):
    for block in range(BLOCKS):
        maker.run("packets", block, PART1, 0.020)
    for size in (512, 1400, 16384, 65536):
        for order, cost in (("sequential", 1.0), ("reversed", 1.2), ("shuffled", 1.35)):
            for batch in (1, 16):
                for nagle in ("off", "on"):
                    cell = {**PART2, "packet_bytes": size, "packet_order": order,
                            "batch_packets": batch, "nagle": nagle}
                    seconds = 0.021 * cost + 50e6 / size * (2e-6 / batch**0.5)
                    for block in range(5 if nagle == "off" else 3):
                        row = maker.run("packets", block, cell, seconds * (1.1 if nagle == "on" else 1))
                        if block == 0 and size == 16384 and batch == 16 and nagle == "off":
                            packets(maker, row, 200)


def clients(maker):
    for model, cost in (("threads", 1.0), ("epoll", 1.1), ("processes", 1.3)):
        for number in (1, 10, 200):
            for block in range(BLOCKS):
                maker.run("clients", block,
                          {**PART3, "connections": number, "client_model": model}, 0.02 * cost,
                          client_cpu_s=0.03 * cost, server_cpu_s=0.02,
                          client_maxrss_kib=int(6000 * cost))


def peers(maker):
    theirs = {"iperf3-zerocopy": ("discard", 0.17), "nginx-curl": ("discard", 0.24),
              "aria2c": ("file", 0.75), "axel": ("file", 0.62)}
    for algorithm in ("cubic", "bbr"):
        for number in (1, 10):
            ours = PART1 if number == 1 else PART3
            base = {"file_bytes": 1 << 30, "connections": number, "congestion_requested": algorithm,
                    "congestion_used": algorithm}
            for block in range(9):
                for sink, seconds in (("discard", 0.18), ("file", 0.5)):
                    maker.run("peers", block, {**ours, **base, "sink": sink}, seconds)
                for name, (sink, seconds) in theirs.items():
                    cell = {"contestant": name, "server_model": name, "client_model": name, **base,
                            "sink": sink, "duration_s": ""}
                    if (name, number, algorithm) == ("axel", 10, "cubic"):
                        if block < 2:
                            maker.fail("peers", block, cell, "unavailable", "axel: not installed")
                        continue
                    foreign(maker, block, cell, seconds)


def foreign(maker, block, cell, seconds):
    """A run of a foreign program, which reports no phases; only to discard has it a goodput."""
    row = maker.run("peers", block, {**cell, "duration_s": ""}, seconds)
    took = (1 << 30) * 8e-6 / row["goodput_mbit_s"]
    row["wall_s"] = took + 0.03
    row["startup_s"] = 0.03
    blank(row, *PHASES)
    if cell["sink"] == "file":
        row["goodput_mbit_s"] = ""


def packets(maker, run, number):
    """Rows of latency.csv: `number` packets; out of order they wait for their window's release."""
    size = run["packet_bytes"]
    window = 1 if run["packet_order"] == "sequential" else 32
    for index in range(number):
        sent = run["duration_s"] * index / number
        way = 0.02 if run["link"] == "wan" else 0
        arrived = sent + way + 5e-5 * math.exp(maker.random.gauss(0, 0.5))
        wait = maker.random.random() * window / number * run["duration_s"]
        maker.latency.append([run["run_id"], 0, index, index * size, size, "", sent, arrived,
                              arrived + wait * (window > 1)])


def chunks(maker, run, number):
    """Rows of latency.csv: `number` chunks, taken by whichever connection is free first."""
    free = [maker.random.random() * 0.1 * run["duration_s"] for _ in range(run["connections"])]
    size, total = run["file_bytes"] // number, run["file_bytes"]
    speeds = [math.exp(maker.random.gauss(0, 0.25)) for _ in free]
    each = 0.85 * run["duration_s"] * len(free) / number
    for index in range(number):
        worker = min(range(len(free)), key=free.__getitem__)
        begin = free[worker]
        free[worker] = begin + each * speeds[worker]
        length = size if index < number - 1 else total - size * (number - 1)
        maker.latency.append([run["run_id"], worker, index, index * size, length, "",
                              max(0.0, begin - 0.2 * each), begin, free[worker]])


def samples(maker):
    run = maker.runs[-1]["run_id"]
    for step in range(5):
        maker.samples.append([run, step * 0.1, "server", 0, 10 * 2**step, "", 40.1, 1.2, 1448, 14480,
                              14480, 0, 10, 95.5, 0.1 * step, 0, 0, ""])
        maker.samples.append([run, step * 0.1, "client", 0] + [""] * 13 + [14480 * step])


def text(value):
    """A value as it stands in a CSV file."""
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def write_table(path, columns, rows):
    """Writes a CSV file: a header of `columns`, and `rows`: dicts, or lists of values in their
    order, the last ones left out where they are blank."""
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        for row in rows:
            values = [row.get(name, "") for name in columns] if isinstance(row, dict) else row
            blanks = [""] * (len(columns) - len(values))
            writer.writerow([text(value) for value in values] + blanks)


def certified(*links):
    """Certificates of links in which nothing was found wrong."""
    return {link: {"link": link, "certified": True, "findings": []} for link in links}


def write_results(folder, script, content, links):
    """Writes a results folder: `content`, {table: rows}, and a meta.json that names the `script`
    and has the certificates of `links`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in content.items():
        write_table(folder / f"{name}.csv", tables.TABLES[name], rows)
    note = f"SYNTHETIC test data made by tests/plots/{Path(script).name}; not measured"
    meta = {"note": note, "commit": "0123456789abcdef", "kernel": "6.1.0-test", "seed": 1,
            "machine": {"cpu": "Test CPU", "cpus": 2}, "links": links}
    (folder / "meta.json").write_text(json.dumps(meta, indent=2) + "\n", encoding="utf-8")


def write(folder):
    """Writes the whole results folder; the same bytes each time."""
    maker = Maker()
    for experiment in (stages, connections, sizes, buffers, pipeline, packet_sweep, peers, samples,
                       clients):
        experiment(maker)
    write_results(folder, __file__, maker.tables(), certified("wan"))


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else GOLDEN)
