"""Which columns a figure cannot do without, of those that a results folder may lack.

They are those without which the same runs give other numbers; a test holds the figures to it.
"""

OF = {
    "stages": "runs.wall_s runs.startup_s",
    "connections": "runs.rate_mbit_s runs.rtt_ms runs.loss_pct",
    "collapse": "runs.rate_mbit_s",
    "heatmap":
        "runs.receive_buffer_bytes runs.rtt_ms runs.loss_pct runs.limit_rate_mbit_s "
        "runs.background_flows runs.bytes_received",
    "price":
        "runs.background_flows runs.bytes_received runs.steady_goodput_mbit_s "
        "runs.retransmitted_segments runs.queue_p95_ms runs.bystander_mbit_s",
    "fairness":
        "runs.background_flows runs.steady_goodput_mbit_s runs.jain_index runs.bystander_mbit_s",
    "bystander": "runs.bystander_p50_ms runs.bystander_p95_ms runs.bystander_p99_ms",
    "congestion": "runs.rate_mbit_s runs.rtt_ms runs.loss_pct runs.steady_goodput_mbit_s",
    "window":
        "runs.receive_buffer_bytes runs.rate_mbit_s runs.rtt_ms runs.setup_s runs.ramp_s "
        "runs.steady_s runs.steady_goodput_mbit_s samples.unacked_segments",
    "short": "runs.rate_mbit_s runs.rtt_ms",
    "stragglers": "runs.limit_rates",
    "mirrors": "runs.rate_mbit_s runs.mirrors",
    "failover":
        "runs.rate_mbit_s runs.mirrors latency.first_byte_s latency.done_s latency.mirror",
    "phases": "runs.setup_s runs.ramp_s runs.steady_s runs.tail_s",
    "timeline":
        "runs.wall_s runs.startup_s samples.connection samples.cwnd_segments samples.srtt_ms "
        "samples.bytes_received",
    "latency": "runs.part runs.packet_order runs.ttfb_s latency.sent_s latency.done_s",
    "gantt": "runs.part latency.first_byte_s latency.done_s",
    "sequence": "runs.part runs.packet_order latency.first_byte_s latency.done_s",
    "prefix": "runs.part latency.done_s samples.connection samples.bytes_received",
    "buffers": "runs.io_path runs.buffer_bytes",
    "packets": "runs.packet_bytes runs.packet_order runs.batch_packets runs.nagle",
    "clients": "runs.client_model",
    "pipeline": "runs.client_model runs.work_mbyte_s runs.client_cpus",
    "peers": "runs.part runs.sink runs.goodput_mbit_s runs.wall_s runs.startup_s",
    "cost":
        "runs.client_model runs.wall_s runs.startup_s runs.client_cpu_s runs.server_cpu_s "
        "runs.client_maxrss_kib",
    "drift":
        "runs.started_unix_ns runs.client_model runs.io_path runs.packet_bytes "
        "runs.packet_order runs.batch_packets runs.nagle runs.buffer_bytes "
        "runs.receive_buffer_bytes runs.work_mbyte_s runs.client_cpus runs.limit_rates runs.mirrors "
        "runs.sink runs.bytes_received runs.wall_s runs.startup_s",
}


def left_out(table, missing):
    """The figures that need one of the columns `missing` of `table` ("runs"), in OF's order."""
    names = {f"{table}.{name}" for name in missing}
    return [figure for figure, columns in OF.items() if names & set(columns.split())]
