"""Values of the tables in plain words: sizes, rates, settings, links."""

import math

CONTESTANTS = {"part1": "part 1", "part2": "part 2", "part3": "part 3"}
LOOPBACK = "loopback: CPU and memory, no network"


def size(count):
    """A byte count as people write it: 8192 -> '8 KiB', 50000000 -> '50 MB', 30000 -> '30 kB'."""
    count = int(count)
    best = f"{count} B"
    for base, units in ((1024, ("KiB", "MiB", "GiB")), (1000, ("kB", "MB", "GB"))):
        for power, unit in enumerate(units, start=1):
            if count >= base**power and count % base**power == 0:
                best = min(best, f"{count // base**power} {unit}", key=len)
    if len(best) > 8 and count >= 10_000:
        return f"{count / 1e6:.3g} MB" if count >= 1e6 else f"{count / 1e3:.3g} kB"
    return best


def number(value):
    """A number with three significant digits and no exponent: 0.0123, 4.56, 1234."""
    if value is None or math.isnan(value):
        return "–"
    if value == 0 or abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.{max(0, 2 - math.floor(math.log10(abs(value))))}f}"


def seconds(value):
    """A time with its unit: 12.3 ms, 4.56 s."""
    if value is None or math.isnan(value):
        return "–"
    for factor, unit in ((1.0, "s"), (1e3, "ms")):
        if abs(value) * factor >= 1.0:
            return f"{number(value * factor)} {unit}"
    return f"{number(value * 1e6)} µs"


def count(number_of, noun, plural=None):
    """'1 run', '3 runs'."""
    return f"{number_of} {noun if number_of == 1 else plural or noun + 's'}"


def span(values, write=str):
    """'5' where all values are alike, else '5 to 9'; values must not be empty."""
    low, high = min(values), max(values)
    return write(low) if low == high else f"{write(low)} to {write(high)}"


def setting(column, value):
    """One setting of a run in words, or '' where it is blank (so it says nothing)."""
    if value == "" or (isinstance(value, float) and math.isnan(value)):
        return ""
    if column in ("packet_bytes", "buffer_bytes", "receive_buffer_bytes", "file_bytes"):
        noun = {"packet_bytes": "packets", "buffer_bytes": "buffer", "file_bytes": "file",
                "receive_buffer_bytes": "receive buffer"}[column]
        return f"{size(value)} {noun}"
    if column == "connections":
        return count(int(value), "connection")
    words = {"contestant": CONTESTANTS.get(value, value), "batch_packets": f"batch {value}",
             "nagle": f"Nagle {value}", "client_cpus": f"CPUs {value}", "schedule": f"{value} schedule"}
    if column in ("batch_packets", "work_mbyte_s", "planned_seconds"):
        unit = {"batch_packets": "batch {:g}", "work_mbyte_s": "work {:g} MB/s",
                "planned_seconds": "{:g} s timed"}[column]
        return unit.format(value)
    if column == "sink":
        return "to a file" if value == "file" else "discarded"
    return str(words.get(column, value))


def link(row):
    """The link of a run (a row of runs.csv) with its properties."""
    if row["link"] == "loopback":
        return LOOPBACK
    parts = []
    for column, text in (("rate_mbit_s", "{:g} Mbit/s"), ("rtt_ms", "{:g} ms round trip"),
                         ("loss_pct", "{:g} % random loss"), ("queue_packets", "queue of {:g} packets")):
        if not math.isnan(row[column]):
            parts.append(text.format(row[column]).replace("0 % random loss", "no random loss", 1)
                         if row[column] == 0 else text.format(row[column]))
    return f"{row['link']}: {', '.join(parts)}" if parts else row["link"]


def rate_unit(link_name):
    """(unit, factor from Mbit/s): MB/s on loopback, Mbit/s on links."""
    return ("MB/s", 0.125) if link_name == "loopback" else ("Mbit/s", 1.0)
