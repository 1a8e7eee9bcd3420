"""The tables of a results folder: their columns, and a strict reader.

The columns are those of `docs/metrics.md`; a test holds the two against each other. In the lists
below each column stands with the kind of value it takes (`plots/kinds.py`). A `?` at the end marks
the columns of the load generator, younger than some results: where a file lacks them, they are
blank.
"""

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from plots import kinds

SCHEMA = 1

_RUNS = """
    schema integer!            run_id text!             experiment text!
    block integer!             order_in_block integer   seed integer
    started_unix_ns integer    contestant text!         part integer
    connections integer!       schedule text            server_model text
    client_model text          io_path text             packet_bytes integer
    packet_order text          batch_packets integer    nagle on/off
    buffer_bytes integer       receive_buffer_bytes integer   work_mbyte_s number
    client_cpus integer        file_bytes integer       planned_seconds number
    link text!                 rate_mbit_s number       rtt_ms number
    loss_pct number            queue_packets integer    limit_rate_mbit_s number
    limit_rates text           background_flows integer request_every_ms integer
    clients integer?           idle_clients integer?    slow_clients integer?
    protocol dlab/http?        loop closed/open?        offered_requests_s number?
    planned_requests integer?  requests_per_connection integer?   pipeline_depth integer?
    service_time_ms number?    backlog integer?         workers integer?
    server_cpus integer?
    congestion_requested text
    congestion_used text       sink file/discard        status ok/failed/timeout/unavailable/void!
    error text                 bytes_received integer   verified yes/no
    duration_s number          setup_s number           ramp_s number
    steady_s number            tail_s number            ttfb_s number
    server_send_s number       goodput_mbit_s number    steady_goodput_mbit_s number
    loss_events integer        wall_s number            startup_s number
    client_cpu_s number        server_cpu_s number      client_maxrss_kib integer
    retransmitted_segments integer   jain_index number  limited_by text
    late_pct number            late_max_ms number       verify_s number
    fsync_s number             utilisation_pct number   queue_p95_ms number
    lost_packets integer       dropped_packets integer  bystander_mbit_s number
    bystander_p50_ms number    bystander_p95_ms number  bystander_p99_ms number
    retries integer
    duplicate_bytes integer    requests integer?        requests_in_all integer?
    requests_per_s number?     failed_requests integer? error_kinds text?
    latency_mean_s number?     latency_p50_s number?    latency_p90_s number?
    latency_p99_s number?      latency_p999_s number?   latency_max_s number?
    connect_p50_s number?      connect_p99_s number?    connect_max_s number?
    lateness_p99_s number?     lateness_max_s number?   connections_opened integer?
    idle_still_open integer?   server_cpu_us_per_request number?  server_maxrss_kib integer?
    server_memory_kib integer? server_switches integer? warmup yes/no
"""
_LATENCY = """
    run_id text!               connection integer!      index integer!
    offset_bytes integer!      bytes integer!           intended_s number
    sent_s number              first_byte_s number      done_s number
"""
_SAMPLES = """
    run_id text!               t_s number!              side server/client!
    connection integer         cwnd_segments integer    ssthresh_segments integer
    srtt_ms number             rttvar_ms number         mss_bytes integer
    bytes_acked integer        bytes_sent integer       retransmits integer
    unacked_segments integer   delivery_rate_mbit_s number   busy_s number
    rwnd_limited_s number      sndbuf_limited_s number  bytes_received integer
"""


def _columns(text):
    words = text.split()
    return dict(zip(words[::2], (kind.rstrip("?") for kind in words[1::2])))


_YOUNGER = {name for name, kind in zip(_RUNS.split()[::2], _RUNS.split()[1::2])
            if kind.endswith("?")}  # fmt: skip
TABLES = {"runs": _columns(_RUNS), "latency": _columns(_LATENCY), "samples": _columns(_SAMPLES)}


@dataclass
class Table:
    """`rows`: one per readable row, numbers as floats (blank: NaN), the rest as text (blank: "").
    `problems`: one line each, naming file and line. `dropped`: rows that could not be read."""

    rows: pd.DataFrame
    problems: list = field(default_factory=list)
    dropped: int = 0


def empty(columns):
    """A table's frame with no rows."""
    return pd.DataFrame({name: pd.Series(dtype=float if kinds.is_number(kind) else object)
                         for name, kind in columns.items()})


def read_table(path, columns):
    """Reads the CSV file `path`, which must have exactly `columns` (order is free; those of the load
    generator may be missing).

    A missing or empty file is an empty table. A header with a wrong name refuses the whole table; a
    bad row is left out and named in `problems`. Never raises for what stands in the file.
    """
    path = Path(path)
    try:
        data = path.read_bytes() if path.exists() else b""
        text = data.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return Table(empty(columns), [f"{path.name}: {error}"])
    if not text.strip():
        return Table(empty(columns))
    header = next(csv.reader([text.split("\n", 1)[0].rstrip("\r")]))
    fault = _header_fault(header, columns)
    if fault:
        return Table(empty(columns), [f"{path.name}:1: {fault}"])
    rows = _read_plain(text, header, columns)
    return Table(rows) if rows is not None else _read_strictly(path.name, text, header, columns)


def _header_fault(header, columns):
    unknown = [name for name in header if name not in columns]
    missing = [name for name in columns if name not in header and name not in _YOUNGER]
    twice = sorted({name for name in header if header.count(name) > 1})
    faults = [f"{what} {', '.join(repr(name) for name in names)}"
              for what, names in (("unknown column", unknown), ("missing column", missing),
                                  ("repeated column", twice)) if names]
    return "; ".join(faults)


def _read_plain(text, header, columns):
    """The quick way for a big, clean table of numbers; None if anything needs a closer look."""
    width = len(header)
    if columns is TABLES["runs"] or '"' in text or "\r" in text or not text.endswith("\n"):
        return None
    if any(line.count(",") != width - 1 for line in text[:-1].split("\n")):
        return None
    types = {name: float if kinds.is_number(kind) else str for name, kind in columns.items()}
    try:
        rows = pd.read_csv(io.StringIO(text), dtype=types, keep_default_na=False, na_values=[""])
    except ValueError:
        return None
    words = [name for name, kind in columns.items() if not kinds.is_number(kind)]
    rows[words] = rows[words].fillna("")
    fit = all(kinds.column_fits(rows[name], kind) for name, kind in columns.items())
    return rows if fit else None


def _read_strictly(name, text, header, columns):
    """Row by row, so that each problem is told with its line."""
    table, kept = Table(empty(columns)), []
    reader = csv.reader(io.StringIO(text, newline=""))
    next(reader)
    for row in reader:
        fault = _row_fault(row, header, columns)
        if fault:
            table.problems.append(f"{name}:{reader.line_num}: {fault}")
        else:
            kept.append(row)
    if not text.endswith("\n") and kept and not (table.problems and fault):
        table.problems.append(f"{name}:{reader.line_num}: the file ends in the middle of this row")
        kept.pop()
    table.dropped = len(table.problems)
    rows = pd.DataFrame(kept, columns=header, dtype=object)
    rows = rows.reindex(columns=header + [name for name in columns if name not in header],
                        fill_value="")
    for column, kind in columns.items():
        if kinds.is_number(kind):
            rows[column] = pd.to_numeric(rows[column].replace("", np.nan)).astype(float)
    table.rows = rows
    return table


def _row_fault(row, header, columns):
    if len(row) != len(header):
        return f"{len(row)} values for {len(header)} columns (a truncated row?)"
    for name, value in zip(header, row):
        fault = kinds.fault(value, columns[name])
        if fault:
            return f"{name} {fault}"
    return None
