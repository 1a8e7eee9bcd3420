"""What the samples of one run tell: when its connections opened, lost, and ended.

Pure functions on frames with the columns of samples.csv (docs/metrics.md), of one run and by time.
The samples are moments: what is said to have happened at one happened since the one before.
"""

import math
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Straggler:
    """The connection that ended last, when, and how long after the median and the last but one."""

    connection: int
    end_s: float
    after_median_s: float
    after_next_s: float


@dataclass(frozen=True)
class Held:
    """Shares of the time in which the server's sockets had something to send, NaN where none."""

    by_receiver: float
    by_send_buffer: float


def lives(server, client, asked=None):
    """One row for each connection: `connection`, `open_s` (when it is first heard of),
    `first_byte_s`, `slow_start_end_s`, `end_s`; NaN where the samples do not tell.

    `asked`: rows of latency.csv, whose requests tell earlier that a connection is open.
    """
    asked = asked if asked is not None else pd.DataFrame({"connection": [], "sent_s": []})
    numbers = sorted(set(server["connection"]) | set(client["connection"]))
    rows = []
    for number in numbers:
        sent, got = (side[side["connection"] == number] for side in (server, client))
        requests = asked.loc[asked["connection"] == number, "sent_s"]
        heard = [moment for moment in (sent["t_s"].min(), got["t_s"].min(), requests.min())
                 if moment == moment]
        rows.append({"connection": int(number), "open_s": min(heard, default=math.nan),
                     "first_byte_s": got.loc[got["bytes_received"] > 0, "t_s"].min(),
                     "slow_start_end_s": slow_start_end(sent), "end_s": end(got)})
    return pd.DataFrame(rows)


def slow_start_end(sent):
    """When one connection's window first fell or its ssthresh was set; NaN if neither."""
    set_at = sent.loc[sent["ssthresh_segments"].notna(), "t_s"]
    fell_at = sent.loc[sent["cwnd_segments"].diff() < 0, "t_s"]
    moments = [times.iloc[0] for times in (set_at, fell_at) if len(times)]
    return min(moments, default=math.nan)


def losses(server):
    """The instants at which segments had been sent again: `connection`, `t_s`, `segments`."""
    found = [server.iloc[:0][["connection", "t_s"]].assign(segments=0.0)]
    for number, sent in server.groupby("connection"):
        more = sent["retransmits"].diff().fillna(sent["retransmits"])
        rose = more > 0
        found.append(pd.DataFrame({"connection": number, "t_s": sent.loc[rose, "t_s"],
                                   "segments": more[rose]}))
    return pd.concat(found).sort_values("t_s", kind="stable").reset_index(drop=True)


def end(got):
    """When one connection had all bytes that it ever got; NaN where it got none."""
    most = got["bytes_received"].max()
    return got.loc[got["bytes_received"] == most, "t_s"].min() if most else math.nan


def straggler(ends):
    """The Straggler of `ends`, a Series of end_s by connection; None for fewer than two."""
    ends = ends.dropna().sort_values(kind="stable")
    if len(ends) < 2:
        return None
    last = ends.iloc[-1]
    return Straggler(int(ends.index[-1]), last, last - ends.median(), last - ends.iloc[-2])


def held(server):
    """How the server's sockets were held back, all connections together (Held)."""
    columns = ["busy_s", "rwnd_limited_s", "sndbuf_limited_s"]
    last = server.groupby("connection")[columns].max().sum()
    if not last["busy_s"] > 0:
        return Held(math.nan, math.nan)
    return Held(last["rwnd_limited_s"] / last["busy_s"], last["sndbuf_limited_s"] / last["busy_s"])
