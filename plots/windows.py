"""How much a connection had in flight, and for how long, from the server's samples."""

import numpy as np

from plots import theory


def flight_bytes(samples, runs):
    """Bytes that one connection of a cell's `runs` had in flight: the median of each run's steady
    phase, averaged over the runs. None where `samples` (of samples.csv) tells nothing of them."""
    steady = _steady(samples, runs)
    flight = steady["unacked_segments"] * steady["mss_bytes"].fillna(theory.MSS_BYTES)
    flight = flight[flight > 0]
    medians = flight.groupby(steady["run_id"].reindex(flight.index), observed=True).median()
    return float(np.mean(medians)) if len(medians) else None


def round_trip_s(samples, runs):
    """The round trip that the senders of a cell's `runs` saw, waiting included: the smoothed one of
    RFC 6298, averaged over each run's steady phase and then over the runs. None as above."""
    steady = _steady(samples, runs)
    known = steady[steady["srtt_ms"] > 0]
    means = known.groupby("run_id", observed=True)["srtt_ms"].mean()
    return float(np.mean(means)) / 1e3 if len(means) else None


def _steady(samples, runs):
    """The rows of `samples` within the steady phases of `runs`."""
    about = runs.set_index("run_id")[["setup_s", "ramp_s", "steady_s"]].astype(float)
    table = samples[samples["run_id"].isin(about.index)].join(about, on="run_id")
    begin = table["setup_s"] + table["ramp_s"]
    return table[(table["t_s"] >= begin) & (table["t_s"] <= begin + table["steady_s"])]
