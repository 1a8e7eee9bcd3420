"""What the data answers to the questions of the notebooks; looking here first spoils the fun.

Each function returns {question: coursework.Fact}; a number that the data has not is NaN, a word "".
"""

import math

import numpy as np

from plots import cells, links, mirrors, pairs, stats, theory, wanted
from plots.coursework import Fact

HEADER_BYTES = 44            # of a packet of part 2, docs/protocol.md
PACKET_BYTES = 1400          # part 2's default payload
WORK_MBYTE_S = 500           # the processing rate that notebook 01 asks about


def mean(numbers):
    """Mean of what is not blank; NaN where all is."""
    return float(np.mean(numbers.dropna())) if numbers.notna().any() else math.nan


def times_faster(slower, faster):
    """How many times faster the runs `faster` are, pair by pair within blocks: a stats.Estimate."""
    return stats.ratio_interval(pairs.ratios(slower, faster, "time_s"))


def empty_files(runs, contestant):
    """The runs of `contestant` that fetched 0 bytes over loopback; warm-up runs, all of them."""
    return runs[(runs["contestant"] == contestant) & (runs["file_bytes"] == 0)
                & (runs["link"] == "loopback") & (runs["status"] == "ok")]


def single(results):
    """Notebook 01: part 1 and the Python pair on loopback, experiment `stages`."""
    good = cells.counted(wanted.rows(results, "stages"))
    ours, python = (good[good["contestant"] == name] for name in ("part1", "python_pair"))
    empty, python_empty = (empty_files(results.runs, name) for name in ("part1", "python_pair"))
    setup, seconds = mean(empty["duration_s"]), mean(ours["time_s"])
    rate, work = cells.goodput(ours).mean / 8, mean(ours["megabits"]) / 8 / WORK_MBYTE_S
    copying = mean(python["server_cpu_s"]) - mean(python_empty["server_cpu_s"])
    sendfile = mean(ours["server_cpu_s"]) - mean(empty["server_cpu_s"])
    return {"setup_ms": Fact(setup * 1e3),
            "goodput_mbyte_s": Fact(rate),
            "setup_percent": Fact(100 * setup / seconds),
            "seconds_for_10_gb": Fact(10_000 / rate),
            "pipeline_gain": Fact((seconds + work) / max(seconds, work)),
            "copy_over_sendfile": Fact(copying / sendfile)}


def reordering_extent(sequence):
    """Largest reordering extent (RFC 4737) of packets that came in the order `sequence` (n,): how
    many places after the first that overtook it a packet came."""
    sequence = np.asarray(sequence)
    highest = np.maximum.accumulate(sequence)
    overtaken = np.flatnonzero(highest > sequence)
    first = np.searchsorted(highest, sequence[overtaken], side="right")
    return int(np.max(overtaken - first, initial=0))


def waits_s(rows):
    """Seconds that each packet of `rows` waited in the client for those before it."""
    return rows["done_s"] - rows["first_byte_s"]


def packets(results, shuffled):
    """Notebook 02: experiment `stages`, and the `shuffled` packets of one download."""
    good = cells.counted(wanted.rows(results, "stages"))
    first, second = (good[good["contestant"] == name] for name in ("part1", "part2"))
    number = math.ceil(second["file_bytes"].max() / PACKET_BYTES) if len(second) else math.nan
    waits = waits_s(shuffled)
    arrived = shuffled.sort_values("first_byte_s")["index"]
    extent = reordering_extent(arrived) if len(arrived) else math.nan
    return {"packets": Fact(number, 0.001),
            "header_mbyte": Fact(number * HEADER_BYTES / 1e6),
            "payload_percent": Fact(100 * theory.payload_share(PACKET_BYTES,
                                                               PACKET_BYTES + HEADER_BYTES), 0.005),
            "time_over_part1": Fact(times_faster(second, first).mean),
            "waiting_percent": Fact(100 * mean((waits > 0).where(waits.notna())), 0.05),
            "places_out_of_order": Fact(extent, 0.02)}


def over_link(results, link):
    """The counted runs of part 3 over `link`, experiment `connections`, dynamic schedule."""
    good = cells.by_algorithm(cells.counted(wanted.rows(results, "connections")))
    return good[(good["link"] == link) & (good["contestant"] == "part3")
                & (good["schedule"] == "dynamic")]


def on_loopback(results):
    """As `over_link`, on loopback."""
    return over_link(results, "loopback")


def connection_rates(latency, run_id):
    """Mbit/s of each connection of a run (n,), from its chunks: bytes from its first request to its
    last byte."""
    of_one = latency[latency["run_id"] == run_id].groupby("connection")
    seconds = of_one["done_s"].max() - of_one["sent_s"].min()
    return (of_one["bytes"].sum() * 8e-6 / seconds).to_numpy()


def static_ratio(results, number):
    """Times longer that equal ranges would take than an ideal schedule, from the rates that
    `number` connections of a dynamic one had: mean over the runs whose chunks were recorded."""
    runs = on_loopback(results)
    names = runs.loc[runs["connections"] == number, "run_id"]
    rates = [connection_rates(results.latency, name) for name in names]
    ratios = [theory.static_ratio(one) for one in rates if len(one)]
    return float(np.mean(ratios)) if ratios else math.nan


def busy_cores(rows):
    """Cores kept busy by client and server together while the clients ran."""
    return mean((rows["client_cpu_s"] + rows["server_cpu_s"]) / rows["wall_s"])


def multi(results):
    """Notebook 03: part 3 on loopback, experiment `connections`."""
    runs = on_loopback(results)
    at = {number: runs[runs["connections"] == number] for number in (1, 10, 50)}
    return {"faster_at_50": Fact(times_faster(at[1], at[50]).mean),
            "busy_cores_1": Fact(busy_cores(at[1])),
            "busy_cores_10": Fact(busy_cores(at[10])),
            "jain_10": Fact(mean(at[10]["jain_index"]), 0.05),
            "static_ratio_10": Fact(static_ratio(results, 10))}


def cause(rows):
    """The `limited_by` that most runs name, "" where none does."""
    return next(iter(rows.loc[rows["limited_by"] != "", "limited_by"].mode()), "")


def gain(runs, number):
    """How many times faster `number` connections are than one: a stats.Estimate."""
    return times_faster(runs[runs["connections"] == 1], runs[runs["connections"] == number])


def across(results):
    """Notebook 04: part 3 over noisy, cap and wan, experiment `connections`."""
    runs = {link: over_link(results, link) for link in ("noisy", "cap", "wan")}
    one = {link: rows[rows["connections"] == 1] for link, rows in runs.items()}
    ten = runs["cap"][runs["cap"]["connections"] == 10]
    flow, capacity = cells.goodput(one["noisy"]).mean, mean(links.capacity(one["noisy"]))
    return {"noisy_percent_at_1": Fact(100 * flow / capacity),
            "noisy_knee": Fact(theory.knee(capacity, flow) if flow > 0 else math.nan),
            "cap_faster_at_10": Fact(gain(runs["cap"], 10).mean, 0.05),
            "cap_lower_end_at_10": Fact(gain(runs["cap"], 10).low, 0.05),
            "cap_start_percent": Fact(100 * mean((ten["setup_s"] + ten["ramp_s"]) / ten["time_s"])),
            "wan_faster_at_50": Fact(gain(runs["wan"], 50).mean, 0.05),
            "noisy_cause": Fact(cause(one["noisy"])),
            "cap_cause": Fact(cause(one["cap"])),
            "wan_cause": Fact(cause(one["wan"]))}


def brought_mb(latency, runs, mirror):
    """MB that the mirror with this number brought: mean over the `runs` whose ranges were recorded;
    NaN without any."""
    told = latency[latency["run_id"].isin(runs["run_id"]) & latency["mirror"].notna()]
    if told.empty:
        return math.nan
    own = told[told["mirror"] == mirror]
    return float(own["bytes"].sum()) / 1e6 / told["run_id"].nunique()


def several(results):
    """Notebook 05: part 4 with four mirrors, the fourth of them ill, experiment `mirrors`."""
    good = mirrors.counted(wanted.first(results, "mirrors"))
    at = {(name, schedule): rows[rows["schedule"] == schedule]
          for name in ("well", "killed", "stalled", "slow")
          for rows in [good[good["mirrors"].map(mirrors.name) == name]]
          for schedule in ("rotate", "adaptive")}
    killed, stalled = at["killed", "rotate"], at["stalled", "rotate"]
    return {"well_over_best": Fact(mean(at["well", "rotate"]["over_ideal"]), 0.02),
            "slow_over_best": Fact(mean(at["slow", "rotate"]["over_ideal"])),
            "slow_gain": Fact(times_faster(at["slow", "rotate"], at["slow", "adaptive"]).mean),
            "killed_over_best": Fact(mean(at["killed", "adaptive"]["over_ideal"]), 0.05),
            "silence_s": Fact(mean(stalled["time_s"]) - mean(killed["time_s"]), 0.2),
            "killed_brought_mb": Fact(brought_mb(results.latency, killed, 3))}
