"""The data of the replay: a few downloads, connection by connection, thinned.

A connection's progress is what the client counted (samples.csv); where it was not sampled, each of
its chunks grows evenly from its first byte to its last (latency.csv).
"""

import numpy as np

from plots import cells, one_run, wording
from plots.report.parts import seconds_as_ms

MOST_RUNS = 12
MOST_CHUNKS = 1000
NUMBERS = (1, 5, 20)       # of each link, the runs with N nearest to these
MOST_POINTS = 1200         # of one run's curves, shared by its connections
FEWEST_POINTS = 24         # of one connection's curve


def runs(results):
    """One dict for each run chosen: `id`, `label`, `bytes`, `ms`, the `unit` of its rates with the
    `factor` from Mbit/s, and `lanes`, one a connection: `chunks` [[offset, bytes]], progress as `t`
    (ms) and `b` (bytes), windows as `ct` (ms) and `cw` (segments); a lane's place in the list is its
    colour, `connection` its number."""
    whole = _whole(results)
    chosen = whole[whole["run_id"].isin(_choose(whole))]
    chunks = results.latency[results.latency["run_id"].isin(chosen["run_id"])]
    samples = results.samples[results.samples["run_id"].isin(chosen["run_id"])]
    chunks, samples = (dict(list(part.groupby("run_id", observed=True)))
                       for part in (chunks, samples))
    nothing = results.samples.iloc[:0]
    return [_run(row, chunks[row["run_id"]], samples.get(row["run_id"], nothing))
            for _, row in chosen.iterrows()]


def _whole(results):
    """The counted runs of part 3 whose chunks, all recorded, make up the file; of the load
    generator's clients each row is a request."""
    good = cells.without(cells.counted(results.runs), ["clients"])
    good = good[(good["part"] == 3) & good["planned_seconds"].isna() & (good["file_bytes"] > 0)]
    rows = results.latency[results.latency["run_id"].isin(good["run_id"])]
    rows = rows.dropna(subset=["first_byte_s", "done_s"])
    found = rows.groupby("run_id", observed=True)["bytes"].agg(["sum", "size"])
    good = good.join(found, on="run_id")
    good = good[(good["sum"] >= good["file_bytes"]) & (good["size"] <= MOST_CHUNKS)]
    good = cells.by_algorithm(good).assign(local=good["link"] == "loopback")
    return good.sort_values(["local", "link", "congestion_requested", "schedule", "connections"],
                            kind="stable")


def _choose(whole):
    """Run ids: for each link, algorithm and schedule, of a few N the run nearest to the median."""
    chosen = []
    for _, rows in whole.groupby(["local", "link", "congestion_requested", "schedule"]):
        present = rows["connections"].unique()
        wanted = {min(present, key=lambda number: abs(number - near)) for near in NUMBERS}
        for number in sorted(wanted):
            cell = rows[rows["connections"] == number]
            chosen.append(one_run.nearest_first(cell)["run_id"].iloc[0])
    return chosen[:MOST_RUNS]


def _run(row, chunks, samples):
    chunks = chunks.dropna(subset=["first_byte_s", "done_s"])
    lanes = list(cells.groups(chunks, ["connection"]))
    most = max(FEWEST_POINTS, MOST_POINTS // len(lanes))
    label = cells.label(row, ["link", "congestion_requested", "connections", "schedule",
                              "file_bytes"])
    unit, factor = wording.rate_unit(row["link"])
    return {"id": row["run_id"], "label": f"{label} ({row['run_id']})",
            "bytes": int(row["file_bytes"]), "unit": unit, "factor": factor,
            "ms": seconds_as_ms([max(row["time_s"], chunks["done_s"].max())])[0],
            "lanes": [_lane(number, part.sort_values("done_s"),
                            samples[samples["connection"] == number], most)
                      for (number,), part in lanes]}


def _lane(number, chunks, samples, most):
    times, counts = _progress(chunks, samples[samples["side"] == "client"])
    server = samples[(samples["side"] == "server") & samples["cwnd_segments"].notna()]
    server = server.sort_values("t_s")
    kept, shown = thin(len(times), most), thin(len(server), most)
    return {"connection": int(number),
            "chunks": [[int(offset), int(size)] for offset, size in
                       zip(chunks["offset_bytes"], chunks["bytes"])],
            "t": seconds_as_ms(times[kept]), "b": [int(count) for count in counts[kept]],
            "ct": seconds_as_ms(server["t_s"].to_numpy()[shown]),
            "cw": [int(size) for size in server["cwnd_segments"].to_numpy()[shown]]}


def _progress(chunks, client):
    """(times in s, bytes so far), both (n,), of one connection; the bytes never fall, and are those
    of all its chunks at the end."""
    total, end = chunks["bytes"].sum(), chunks["done_s"].max()
    client = client[client["bytes_received"].notna() & (client["t_s"] < end)].sort_values("t_s")
    first = float(chunks["first_byte_s"].min())
    if len(client):
        times = np.concatenate([client["t_s"], [end]])
        counts = np.minimum(np.concatenate([client["bytes_received"], [total]]), total)
        return times, np.maximum.accumulate(counts)
    done = chunks["bytes"].cumsum().to_numpy()
    ends = chunks["done_s"].to_numpy()
    starts = np.maximum(chunks["first_byte_s"].to_numpy(), np.concatenate([[first], ends[:-1]]))
    times = np.column_stack([np.minimum(starts, ends), ends]).ravel()
    return times, np.column_stack([np.concatenate([[0.0], done[:-1]]), done]).ravel()


def thin(number, most):
    """Which of `number` points to keep: at most `most`, evenly, first and last among them."""
    return np.unique(np.linspace(0, number - 1, min(number, most)).round().astype(int))
