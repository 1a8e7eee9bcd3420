"""SYNTHETIC results of the experiment `theory`, made from the laws themselves: nothing of them was
measured. The cells are those of bench/experiments/theory.json."""

import csv
import itertools
import json
import math
import random
from pathlib import Path

from plots import tables, theory

ROOT = Path(__file__).resolve().parents[2]
LINKS = {"noisy": (100, 20, 1, 170), "lossy": (100, 40, 0.1, 350), "wan": (100, 40, 0, 350),
         "longlossy": (100, 100, 0.01, 850), "lossy50": (50, 50, 0.1, 210),
         "shallow": (200, 12, 0, 10), "shallow50": (50, 40, 0, 8), "shallow50-tail": (50, 40, 0, 8),
         "longfat": (500, 100, 0, 4200), "fair50": (50, 20, 0, 83)}
COLUMNS = list(tables.TABLES["runs"])
CERTIFIED = {link: {"certified": True} for link in LINKS}


def planned_cells():
    """The settings of each cell of the experiment, as dicts."""
    text = (ROOT / "bench/experiments/theory.json").read_text(encoding="utf-8")
    plan = json.loads(text)
    for cell in plan["cells"]:
        whole = {"connections": 1, **plan["settings"], **cell}
        whole.pop("quick", None)
        lists = [value if isinstance(value, list) else [value] for value in whole.values()]
        for values in itertools.product(*lists):
            yield dict(zip(whole, values))


def truth(cell):
    """What the laws promise in a cell, and what their controls would give: Mbit/s, or s."""
    rate, rtt_ms, loss_pct, _ = LINKS[cell["link"]]
    n, rtt, loss = cell["connections"], rtt_ms / 1e3, loss_pct / 100
    cap, algorithm = rate * theory.PAYLOAD_SHARE, cell["congestion_requested"]
    if "planned_seconds" not in cell:
        return theory.short_transfer_s(cell["file_bytes"], rtt, n, cap, 1 if n == 1 else 2)
    if algorithm == "bbr":
        return 0.97 * theory.bbr_ceiling(cap, loss)
    if cell["link"] == "longfat":
        size = cell.get("receive_buffer_bytes")
        return theory.window_limited(n, size, rtt, cap) if size else 300.0
    if loss:
        return min(cap, 1.1 * theory.cubic(loss, rtt) if algorithm == "cubic"
                   else theory.hacker_equal(n, loss, rtt, cap))
    if cell.get("background_flows"):
        return cap * theory.fair_share(n)
    share = {"shallow": theory.altman(n), "shallow50": theory.altman(n),
             "shallow50-tail": 0.79 + 0.005 * n, "wan": 0.995}
    return cap * share[cell["link"]]


class Results:
    """Rows to be written: `change(row)` may alter each of them, or return False to leave it out."""

    def __init__(self, blocks=8, noise=0.01, shift=lambda cell: 1.0):
        chance = random.Random(11)
        self.meta, self.runs = {"links": dict(CERTIFIED)}, []
        for block in range(blocks):
            for cell in planned_cells():
                value = truth(cell) * shift(cell) * math.exp(chance.gauss(0, noise))
                self.runs.append(self._row(cell, block, value))

    def _row(self, cell, block, value):
        rate, rtt_ms, loss_pct, queue = LINKS[cell["link"]]
        row = {"schema": 1, "run_id": f"r{len(self.runs):05d}", "experiment": "theory",
               "block": block, "order_in_block": 0, "seed": 1, "started_unix_ns": 10**18, "part": 3,
               "status": "ok", "warmup": "no", "rate_mbit_s": rate, "rtt_ms": rtt_ms,
               "loss_pct": loss_pct, "queue_packets": queue, "loss_events": 60 if loss_pct else 0,
               "setup_s": 2 * rtt_ms / 1e3, "ramp_s": 1, "steady_s": 4,
               "congestion_used": cell["congestion_requested"], **cell}
        row.pop("verify")
        if "planned_seconds" not in cell:
            return {**row, "duration_s": value, "goodput_mbit_s": cell["file_bytes"] * 8e-6 / value}
        row.update(duration_s=cell["planned_seconds"], goodput_mbit_s=0.9 * value,
                   steady_goodput_mbit_s=value)
        if cell.get("background_flows"):
            row["bystander_mbit_s"] = rate - value / theory.PAYLOAD_SHARE
        return row

    def where(self, **settings):
        """The rows with these settings; None stands for a blank."""
        return [row for row in self.runs
                if all(row.get(name) == value for name, value in settings.items())]

    def change(self, found, **values):
        for row in found:
            row.update(values)

    def drop(self, found):
        gone = {row["run_id"] for row in found}
        self.runs = [row for row in self.runs if row["run_id"] not in gone]

    def write(self, folder):
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "runs.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, extrasaction="ignore", lineterminator="\n")
            writer.writeheader()
            writer.writerows(self.runs)
        (folder / "meta.json").write_text(json.dumps(self.meta), encoding="utf-8")
        return folder
