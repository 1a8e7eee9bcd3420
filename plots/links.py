"""The emulated links: what they can carry, what theory expects of N connections, certificates."""

import math
from dataclasses import dataclass

import numpy as np

from plots import recorded, theory, wording

CAP_MBIT_S = 10          # what the server of the link `cap` gives each connection at most
BACKGROUND_FLOWS = 4     # others' flows on the link `busy`
SHARED = "measured without a turn, another session may have measured at the same time"
# Links on which a single formula does not say what N files gain: `longfat` is a matter of windows
# and of slow start, the `-tail` ones lie between two laws.
WITHOUT_MODEL = ("longfat", "shallow-tail", "shallow50-tail")


@dataclass(frozen=True)
class Certificate:
    """Whether a link did what was asked of it; `reason` says why not, "" where it did."""

    certified: bool
    reason: str

    @property
    def words(self):
        return "certified" if self.certified else f"not certified: {self.reason}"


@dataclass(frozen=True)
class Model:
    """What theory expects: `formula` in words, `goodput` (n,) in Mbit/s at the N asked for; `bend`:
    the N, not rounded, at which a rise ends at the capacity, NaN where none does."""

    formula: str
    goodput: np.ndarray
    bend: float = math.nan


def capacity(row):
    """Mbit/s of payload that the link of a run can carry; NaN where it has no rate."""
    return row["rate_mbit_s"] * theory.PAYLOAD_SHARE


def cause(limited_by, row):
    """`limited_by` of a run in words: a loss is told to be the link's own where it has one."""
    if limited_by != "loss" or not row["loss_pct"] > 0:
        return limited_by
    return "loss in bursts" if row["link"] in wording.BURSTS else "random loss"


def setup_rtts(connections):
    """Round trips before part 3's data can flow: one for the handshake, with several connections
    one more, as the first asks for the size and the others wait for the answer (its README)."""
    return 1 if connections == 1 else 2


def share_of_user(runs):
    """Our steady goodput as a share of what we and the others got, both as payload; (n,)."""
    mine, others = runs["steady_goodput_mbit_s"], runs["bystander_mbit_s"] * theory.PAYLOAD_SHARE
    return mine / (mine + others)


def certificate(meta, link):
    """The Certificate of `link` in `meta` (meta.json); what is missing or strange certifies not.
    Loopback needs none, but without this machine's turn nothing is certified."""
    if meta.get("turn") is False:
        return Certificate(False, SHARED)
    if link == "loopback":
        return Certificate(True, "")
    entry = recorded.section(recorded.section(meta, "links"), link)
    if not entry:
        return Certificate(False, "no certificate in meta.json")
    if entry.get("certified") is True:
        return Certificate(True, "")
    if unavailable := entry.get("unavailable"):
        return Certificate(False, str(unavailable))
    broken = [finding for finding in recorded.sections(entry, "findings")
              if finding.get("holds") is not True]
    return Certificate(False, ", ".join(_finding(entry) for entry in broken) or "no reason given")


def _finding(entry):
    """'rate to the client 92.1 Mbit/s instead of 100'."""
    measured, asked = (_number(entry.get(key)) for key in ("measured", "asked"))
    got = f"{measured} {entry.get('unit', '')}".strip() if measured else "could not be measured"
    instead = f" instead of {asked}" if asked else ""
    return f"{entry.get('quantity', 'a quantity')} {got}{instead}"


def _number(value):
    return f"{value:.4g}" if recorded.is_number(value) else ""


def model(row, algorithm, numbers):
    """The Model of `numbers` (n,) connections under `algorithm` on the link of a run, or None.

    It speaks of the steady state, with the round trip of an empty queue.
    """
    limit, numbers = capacity(row), np.asarray(numbers, dtype=float)
    if math.isnan(limit) or row["link"] in WITHOUT_MODEL:
        return None
    special = {"cap": _capped, "busy": _shared, "shallow": _sawtooth,
               "shallow50": _sawtooth}.get(row["link"])
    if special:
        return special(limit, algorithm, numbers)
    if row["loss_pct"] > 0:
        return _lossy(row, limit, algorithm, numbers)
    return Model("the capacity, for any N", np.full(numbers.shape, limit))


def _capped(limit, _, numbers):
    return Model(f"N × {CAP_MBIT_S} Mbit/s, the server's cap, at most the capacity",
                 np.minimum(limit, CAP_MBIT_S * numbers), limit / CAP_MBIT_S)


def _shared(limit, _, numbers):
    return Model(f"N / (N + {BACKGROUND_FLOWS}) of the capacity",
                 limit * theory.fair_share(numbers, BACKGROUND_FLOWS))


def _sawtooth(limit, algorithm, numbers):
    if algorithm != "reno":
        return None
    return Model("1 - 1/(1 + 3N) of the capacity (Altman)", limit * theory.altman(numbers))


def _lossy(row, limit, algorithm, numbers):
    loss = row["loss_pct"] / 100
    if algorithm == "bbr":
        ceiling = theory.bbr_ceiling(limit, loss)
        return Model("the capacity less the loss, for any N", np.full(numbers.shape, ceiling))
    if algorithm not in ("reno", "cubic") or not row["rtt_ms"] > 0:
        return None
    events = loss / wording.BURSTS.get(row["link"], 1)
    name = "Mathis" if algorithm == "reno" else "RFC 9438"
    flow = (theory.mathis(events, row["rtt_ms"] / 1e3, theory.RENO_C) if algorithm == "reno"
            else theory.cubic(events, row["rtt_ms"] / 1e3))
    return Model(f"N × {wording.number(flow)} Mbit/s ({name}), at most the capacity",
                 np.minimum(limit, flow * numbers), limit / flow)
