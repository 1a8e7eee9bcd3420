"""How much a connection had in flight, from the server's samples."""

import numpy as np

from plots import theory


def flight_bytes(samples, runs):
    """Bytes that one connection of a cell's `runs` had in flight: the median of each run's steady
    phase, averaged over the runs. None where `samples` (of samples.csv) tells nothing of them."""
    about = runs.set_index("run_id")[["setup_s", "ramp_s", "steady_s"]].astype(float)
    table = samples[samples["run_id"].isin(about.index)].join(about, on="run_id")
    begin = table["setup_s"] + table["ramp_s"]
    steady = table[(table["t_s"] >= begin) & (table["t_s"] <= begin + table["steady_s"])]
    flight = steady["unacked_segments"] * steady["mss_bytes"].fillna(theory.MSS_BYTES)
    flight = flight[flight > 0]
    medians = flight.groupby(steady["run_id"].reindex(flight.index), observed=True).median()
    return float(np.mean(medians)) if len(medians) else None
