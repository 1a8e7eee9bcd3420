"""Makes tests/plots/golden_load/: SYNTHETIC runs of the load generator against server models.

Nothing in it was measured. Its knees, its queue and its burst are put in by formulas told below, so
that the figures can be held to them. Run from the repository root:

    /usr/bin/python3 -m tests.plots.make_golden_load
"""

import math
import sys
from pathlib import Path

from plots import theory
from tests.plots.make_golden import PHASES, Maker, blank, certified, write_results

GOLDEN = Path(__file__).parent / "golden_load"
OURS = {"contestant": "load", "part": 3, "connections": 1, "client_model": "load",
        "file_bytes": 1024, "protocol": "http", "requests_per_connection": 0}
NGINX = {**OURS, "contestant": "nginx_load", "part": "", "server_model": "nginx"}
BLOCKS = 5
# Requests a second of one core, and CPU time of a request in µs, by model.
SPEED = {"iterative": (9000, 100), "threads": (12_000, 80), "pool": (13_000, 75),
         "processes": (2500, 390), "prefork": (11_000, 88), "epoll": (15_000, 60),
         "io_uring": (16_000, 55), "nginx": (14_000, 66)}
# Loads and the p99 there, in ms; beyond a model's knee it is above ten times the first, or the
# share answered below 99 %.
LOADS = (1000, 4000, 8000, 16_000)
P99_MS = {"threads": (0.3, 0.4, 4.0, 900.0), "epoll": (0.3, 0.35, 0.5, 2.0),
          "nginx": (0.3, 0.4, 0.6, 2.5)}
LATE = {("nginx", 16_000): 0.97}
KIB_IDLE = {"threads": 12.0, "epoll": 0.5, "io_uring": 0.6}
SERVICE_S = 0.0052


def served(model):
    return NGINX if model == "nginx" else {**OURS, "server_model": model}


def under_load(maker, block, cell, rate, p99_s, **more):
    """A run of three seconds with `rate` answers a second; all numbers scatter a little."""
    def about(value):
        return value * math.exp(maker.random.gauss(0, 0.03))
    requests = round(3 * rate)
    row = maker.run("models", block, cell, 3.0, duration_s=3.0, planned_seconds=3, client_cpus=1,
                    server_cpus=1, **{"loop": "closed", **more})
    given = {"requests": requests, "requests_in_all": requests, "failed_requests": 0,
             "requests_per_s": requests / 3, "latency_p50_s": about(p99_s / 3),
             "latency_p99_s": about(p99_s), "latency_mean_s": about(p99_s / 2.5),
             "server_cpu_us_per_request": about(SPEED[row["server_model"]][1]),
             "server_memory_kib": round(about(2000)), "bytes_received": 1024 * requests,
             "goodput_mbit_s": 1024 * 8e-6 * requests / 3}
    for name, value in given.items():
        row[name] = more.get(name, value)
    blank(row, *PHASES)
    return row


def closed(maker):
    for block in range(BLOCKS):
        for model, (rate, _) in SPEED.items():
            few = {**served(model), "clients": 100, "requests_per_connection": 1}
            under_load(maker, block, few, rate / 4 * math.exp(maker.random.gauss(0, 0.03)), 0.02)
            if model in ("threads", "epoll", "io_uring", "nginx"):
                cell = {**served(model), "clients": 50}
                under_load(maker, block, cell, rate, 0.005)
    maker.fail("models", 0, {**served("iterative"), "clients": 10, "slow_clients": 4}, "failed",
               "client: exit code 1: dlab_load: nothing was answered: unanswered")


def idle(maker):
    """Beside 10,000 idle clients: KIB_IDLE more for each, and a p99 1.2 times as long."""
    for block in range(BLOCKS):
        for model, each in KIB_IDLE.items():
            under_load(maker, block, {**served(model), "clients": 50, "idle_clients": 10_000},
                       SPEED[model][0], 0.006, server_memory_kib=round(2000 + 10_000 * each),
                       idle_still_open=10_000)
        under_load(maker, block, {**NGINX, "clients": 50, "idle_clients": 10_000}, 14_000, 0.005,
                   server_memory_kib=2400, idle_still_open=1840)


def opened(maker):
    """Open loops at LOADS; one run in which the generator was late."""
    for block in range(BLOCKS):
        for model, delays in P99_MS.items():
            for rate, p99_ms in zip(LOADS, delays):
                share = LATE.get((model, rate), 1.0)
                due = 3 * rate
                under_load(maker, block, {**served(model), "clients": 100}, rate * share,
                           p99_ms / 1e3, loop="open", offered_requests_s=rate, requests=due,
                           lateness_p99_s=0.0002)
    maker.fail("models", 5, {**served("epoll"), "clients": 100, "loop": "open",
                             "offered_requests_s": 16_000}, "void",
               "the load generator was late: 1 % of its requests by over 1 ms")


def queue(maker):
    """The iterative server with a service time, a little above M/D/1 with S = SERVICE_S."""
    cell = {**served("iterative"), "clients": 1000, "protocol": "dlab", "backlog": 4096,
            "requests_per_connection": 1, "service_time_ms": 5}
    for block in range(BLOCKS):
        under_load(maker, block, {**cell, "clients": 20}, 1 / SERVICE_S, 20 * SERVICE_S,
                   requests_per_s=1 / SERVICE_S)
        for rate in (20, 100, 140, 160, 180, 200):
            load = rate * SERVICE_S
            wait = theory.md1_wait(min(load, 0.99)) * 1.05 * math.exp(maker.random.gauss(0, 0.05))
            under_load(maker, block, cell, rate, 0.02, loop="open", offered_requests_s=rate,
                       latency_mean_s=SERVICE_S * (1 + wait),
                       latency_p50_s=SERVICE_S * (1 + wait))


def backlog(maker):
    """Bursts of forty clients, done when `burst_s` says, 3 ms later."""
    for model, queued in (("iterative", 5), ("iterative", 20), ("iterative", 128), ("threads", 20)):
        for block in range(BLOCKS):
            done = (theory.burst_s(40, queued, 0.02) if model == "iterative" else [0.02] * 40)
            row = maker.run("backlog", block, {
                **served(model), "clients": 40, "backlog": queued, "planned_requests": 40,
                "service_time_ms": 20, "requests_per_connection": 1, "protocol": "dlab"}, done[-1])
            for index, moment in enumerate(done):
                late = 0.003 + 0.001 * maker.random.random()
                maker.latency.append([row["run_id"], index, index, 0, 1024, "", 0.0001,
                                      moment + late, moment + late])


def objects(maker):
    """Each way takes what the book says; pipelined what slow start makes of it."""
    for block in range(BLOCKS):
        for protocol in ("dlab", "http"):
            for number in (10, 40):
                for clients, each, depth in ((1, 1, ""), (1, 0, ""), (6, 1, ""), (6, 0, ""),
                                             (1, 0, 40)):
                    cell = {**served("threads"), "link": "wan", "protocol": protocol,
                            "clients": clients, "requests_per_connection": each,
                            "pipeline_depth": depth, "planned_requests": number,
                            "file_bytes": 10_000}
                    seconds = (theory.short_transfer_s(1e4 * number, 0.04, rate_mbit_s=96.5)
                               if depth else theory.objects_s(
                                   number, 0.04, 1e4, 96.5, connections=clients,
                                   persistent=each == 0))
                    maker.run("objects", block, cell, seconds)


def write(folder):
    """Writes the whole results folder; the same bytes each time."""
    maker = Maker()
    for experiment in (closed, idle, opened, queue, backlog, objects):
        experiment(maker)
    write_results(folder, __file__, {"runs": maker.runs, "latency": maker.latency},
                  certified("wan"))


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else GOLDEN)
