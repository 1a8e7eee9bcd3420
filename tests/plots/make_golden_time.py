"""Makes tests/plots/golden_time/: SYNTHETIC runs with samples, packets and bystanders' requests.

Nothing in it was measured. Its download over `noisy` with four connections follows a story told
below in numbers, so that what is said of it can be held to them. Run from the repository root:

    /usr/bin/python3 -m tests.plots.make_golden_time
"""

import math
import sys
from pathlib import Path

from tests.plots.make_golden import PART1, PART2, PART3, Maker, certified, write_results

GOLDEN = Path(__file__).parent / "golden_time"
NOISY = {"link": "noisy", "rate_mbit_s": 100, "rtt_ms": 20, "loss_pct": 1, "queue_packets": 170,
         "congestion_requested": "reno", "congestion_used": "reno"}
BLOAT = {"link": "bloat", "rate_mbit_s": 20, "rtt_ms": 40, "loss_pct": 0, "queue_packets": 1000}
SIZE = 10_000_000
WINDOW = 16            # packets that the server may mix
STEP_S = 0.04          # from one sample to the next
SEGMENT = 1448
# The story: of each connection the moment of its first sample, that of its first loss, which ends
# slow start, the segments sent again then, and the moment of its last byte.
STORY = {0: (0.04, 0.20, 3, 1.00), 1: (0.04, 0.24, 5, 1.04), 2: (0.08, 0.28, 2, 1.00),
         3: (0.08, 0.36, 8, 1.40)}
SECOND_LOSS = (3, 0.80, 1)  # connection, moment, segments


def download(maker, block, number, seconds, **more):
    """A run of `connections` with its phases; nothing is left of it to chance but a little time."""
    seconds *= math.exp(maker.random.gauss(0, 0.03))
    setup, tail = 0.045, 0.1 * seconds if number > 1 else 0.0
    ramp = 0.1 * seconds
    return maker.run("connections", block, {**PART3, "connections": number}, seconds, **{
        "duration_s": seconds, "setup_s": setup, "ramp_s": ramp, "tail_s": tail,
        "steady_s": seconds - setup - ramp - tail, "file_bytes": SIZE, "bytes_received": SIZE,
        "goodput_mbit_s": SIZE * 8e-6 / seconds, **more})


def downloads(maker):
    for block in range(5):
        for number, seconds in ((1, 10.0), (2, 5.2), (4, 2.6), (12, 1.1)):
            row = download(maker, block, number, seconds, limited_by="loss", **NOISY)
            if number == 12 and block == 0:
                told(maker, row, {index: (0.04, 0.2, 1, 1.0) for index in range(12)}, 0.2)
        for number, seconds in ((1, 0.02), (4, 0.015)):
            row = download(maker, block, number, seconds, setup_s=0.001)
            row["steady_s"] = row["duration_s"] * 0.9 - 0.001 - row["tail_s"]
            if block == 0:
                told(maker, row, {index: (0.002, 9.0, 0, 0.014) for index in range(number)}, 0.001)
    story(maker)


def story(maker):
    """The run of the story, and one that failed."""
    row = download(maker, 5, 4, 1.0, limited_by="loss", loss_events=5,
                   retransmitted_segments=19, steady_goodput_mbit_s=66.0, **NOISY)
    row.update(run_id="story", duration_s=1.4, setup_s=0.05, ramp_s=0.15, steady_s=0.8, tail_s=0.4,
               goodput_mbit_s=SIZE * 8e-6 / 1.4, bystander_mbit_s=0)
    told(maker, row, STORY, STEP_S, SECOND_LOSS)
    maker.fail("connections", 6, {**PART3, "connections": 4}, "failed",
               "connect 10.0.0.1:9003: Connection refused")
    maker.runs[-1]["run_id"] = "broken"


def told(maker, run, lives, step, again=(None, 0.0, 0)):
    """Samples of a run: each connection doubles its window, halves it at its loss, then grows."""
    share = run["file_bytes"] // len(lives)
    for number, (opened, loss, segments, end) in lives.items():
        cwnd, threshold, resent = 10, "", 0
        for moment in range(round(opened / step), math.ceil(run["duration_s"] / step)):
            t = moment * step
            if t >= loss and threshold == "":
                cwnd, resent = cwnd // 2, segments
                threshold = cwnd
            elif number == again[0] and moment == round(again[1] / step):
                cwnd, resent = cwnd // 2, resent + again[2]
                threshold = cwnd
            elif moment > round(opened / step):
                cwnd = min(cwnd * 2, 160) if threshold == "" else cwnd + 1
            done = min(max((t - opened) / (end - opened), 0.0), 1.0)
            acked = round(share * done)
            rtt = (run.get("rtt_ms") or 0.2) * (1 + 0.1 * maker.random.random())
            busy = max(t - opened, 0.0)
            maker.samples.append([run["run_id"], t, "server", number, cwnd, threshold, rtt, rtt / 8,
                                  SEGMENT, acked, acked + resent * SEGMENT, resent,
                                  cwnd if done < 1 else 0, 8e-6 * share / (end - opened), busy,
                                  0.1 * busy, 0.0, ""])
            if t <= end:
                maker.samples.append([run["run_id"], t, "client", number, *[""] * 13, acked])
        maker.samples.append([run["run_id"], end, "client", number, *[""] * 13, share])


def stages(maker):
    """The three parts with one file: progress of part 1, packets of part 2, chunks of part 3."""
    for block in range(5):
        for part, seconds in ((PART1, 0.020), (PART2, 0.030), (PART3, 0.012)):
            cell = {**part, "file_bytes": SIZE}
            if part is PART3:
                cell["connections"] = 4
            row = maker.run("stages", block, cell, seconds)
            if block == 0 and part is PART1:
                told(maker, row, {0: (0.001, 9.0, 0, row["duration_s"])}, 0.001)
            elif block == 0 and part is PART2:
                packets(maker, row, 611, every=4)
            elif block == 0:
                chunks(maker, row, 16)


def orders(maker):
    """Part 2 in three orders; some packets of two runs are lost, one of another comes twice."""
    for order, lost, twice in (("sequential", (37, 38, 90), ()), ("reversed", (), (20,)),
                               ("shuffled", (5, 77), ())):
        cell = {**PART2, "packet_order": order, "file_bytes": 200 * 16384}
        row = maker.run("packets", 0, cell, 0.02, duplicate_bytes=16384 * len(twice))
        packets(maker, row, 200, lost=lost, twice=twice)


def mixed(maker, order, number):
    """The numbers 0 to `number` - 1 in the order in which they are sent, window by window."""
    for start in range(0, number, WINDOW):
        window = list(range(start, min(start + WINDOW, number)))
        if order == "reversed":
            window.reverse()
        elif order == "shuffled":
            maker.random.shuffle(window)
        yield window


def packets(maker, run, number, lost=(), twice=(), every=1):
    """Rows of latency.csv for each `every`-th of `number` packets, as a reassembler hands them out.

    Windows end with a mark: what is missing then is a hole, and sent again after the last window.
    """
    size, pace = run["packet_bytes"], 0.9 * run["duration_s"] / (number + len(lost))
    now, arrived, rows = 0.001, {}, []
    windows = [[index for index in window if index not in lost]
               for window in mixed(maker, run["packet_order"], number)]
    for window in windows + [[index] for index in lost]:
        due = sorted(window)
        for index in window:
            now += pace
            arrived[index] = now
            while due and due[0] in arrived:
                rows.append((due[0], arrived[due[0]], now))
                due.pop(0)
    rows += [(index, now + pace, now + pace) for index in twice]
    for index, came, done in rows:
        if index % every == 0 or index in lost:
            length = min(size, run["file_bytes"] - index * size)
            maker.latency.append([run["run_id"], 0, index, index * size, length, "", came - 0.0005,
                                  came, done])


def chunks(maker, run, number):
    """Rows of latency.csv: `number` chunks in turn on four connections, the last one slow."""
    size = run["file_bytes"] // number
    each = 0.9 * run["duration_s"] / (number / 4)
    for index in range(number):
        begin = 0.0005 + (index // 4) * each
        slow = 1.3 if index % 4 == 3 else 0.8
        maker.latency.append([run["run_id"], index % 4, index, index * size, size, "",
                              max(0.0, begin - 0.0004), begin, begin + slow * each])


def bystanders(maker):
    """Requests beside timed runs: CUBIC fills the queue, BBR less; one run failed."""
    for algorithm, waits in (("cubic", {1: 600, 4: 900, 16: 1500}), ("bbr", {1: 90, 16: 400})):
        for number, median in waits.items():
            cell = {**PART3, "connections": number}
            for block in range(5):
                middle = median * math.exp(maker.random.gauss(0, 0.1))
                maker.run("bloat", block, cell, 10.0, **BLOAT, congestion_requested=algorithm,
                          congestion_used=algorithm, planned_seconds=10, request_every_ms=50,
                          tail_s="", bystander_p50_ms=middle, bystander_p95_ms=1.6 * middle,
                          bystander_p99_ms=2.0 * middle)
    maker.fail("bloat", 5, {**PART3, "connections": 16}, "failed", "no progress for 30 s, gave up")
    maker.runs[-1].update(BLOAT)


def write(folder):
    """Writes the whole results folder; the same bytes each time."""
    maker = Maker()
    for experiment in (downloads, stages, orders, bystanders):
        experiment(maker)
    write_results(folder, __file__, maker.tables(), certified("noisy", "bloat"))


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else GOLDEN)
