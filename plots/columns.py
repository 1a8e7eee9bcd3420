"""The columns of a results folder's tables, each with its kind of value (`plots/kinds.py`).

They are those of `docs/metrics.md`; a test holds the two against each other. A `?` at the end marks
columns of the load generator and of mirrors, younger than some results.
"""

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
    limit_rates text           mirrors text?
    background_flows integer   request_every_ms integer
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
    client_cpu_s number        server_cpu_s number      throttled_s number?
    client_maxrss_kib integer
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
    server_memory_kib integer? server_threads integer?
    server_switches integer?   warmup yes/no            turn yes/no?
"""
_LATENCY = """
    run_id text!               connection integer!      index integer!
    offset_bytes integer!      bytes integer!           intended_s number
    sent_s number              first_byte_s number      done_s number
    mirror integer?
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


YOUNGER = {name for text in (_RUNS, _LATENCY)
           for name, kind in zip(text.split()[::2], text.split()[1::2]) if kind.endswith("?")}
TABLES = {"runs": _columns(_RUNS), "latency": _columns(_LATENCY), "samples": _columns(_SAMPLES)}
