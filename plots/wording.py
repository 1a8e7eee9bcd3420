"""Values of the tables in plain words: sizes, rates, settings, links."""

import math

from plots.columns import SETTING_WORDS

CONTESTANTS = {"part1": "part 1", "part2": "part 2", "part3": "part 3", "part4": "part 4"}
# The parts of `duration_s`, by their columns, in their order.
PHASES = {"setup_s": "set-up", "ramp_s": "ramp", "steady_s": "steady", "tail_s": "tail"}
LOOPBACK = "loopback: CPU and memory, no network"
BURSTS = {"bursty": 8}  # links whose losses come in bursts: how many packets one loses


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
    rounded = float(f"{value:.3g}")
    return f"{rounded:.{max(0, 2 - math.floor(math.log10(abs(rounded))))}f}"


def times(value, beside=None):
    """A ratio, or an end of its interval with as many decimals as `beside`: 0.97, 1.05, 8.1."""
    return f"{value:.{2 if abs(beside or value) < 2 else 1}f}"


def seconds(value):
    """A time with its unit: 12.3 ms, 4.56 s."""
    if value is None or math.isnan(value):
        return "–"
    for factor, unit in ((1.0, "s"), (1e3, "ms")):
        if abs(value) * factor >= 1.0:
            return f"{number(value * factor)} {unit}"
    return f"{number(value * 1e6)} µs"


def round_seconds(value):
    """A time on an axis, no more digits than it has: 5 ms, 1.5 s, 200 µs."""
    for factor, unit in ((1.0, "s"), (1e3, "ms"), (1e6, "µs")):
        if abs(value) * factor >= 0.9999:
            return f"{value * factor:.4g} {unit}"
    return f"{value * 1e9:.4g} ns"


def count(number_of, noun, plural=None):
    """'1 run', '3 runs'."""
    return f"{number_of} {noun if number_of == 1 else plural or noun + 's'}"


def span(values, write=str):
    """'5' where all values are alike, else '5 to 9'; values must not be empty."""
    low, high = min(values), max(values)
    return write(low) if low == high else f"{write(low)} to {write(high)}"


class _Value:
    """A value that a template of `SETTING_WORDS` writes: as Python does, `{:size}`, or with a noun,
    `{:count CPU}`, whose plural may follow a slash."""

    def __init__(self, value):
        self._value = value

    def __format__(self, how):
        if how == "size":
            return size(self._value)
        if how.startswith("count "):
            return count(int(self._value), *how.removeprefix("count ").split("/"))
        return format(self._value, how)


_OTHERWISE = {
    "contestant": lambda name: CONTESTANTS.get(name, name),
    "sink": lambda name: "to a file" if name == "file" else "discarded",
    "requests_per_connection": lambda number: (
        "persistent" if number == 0 else f"{count(int(number), 'request')} a connection"),
}


def setting(column, value):
    """One setting of a run in words, or '' where it is blank (so it says nothing)."""
    if value == "" or (isinstance(value, float) and math.isnan(value)):
        return ""
    if column in _OTHERWISE:
        return _OTHERWISE[column](value)
    return SETTING_WORDS.get(column, "{}").format(_Value(value))


def link(row):
    """The link of a run (a row of runs.csv) with its properties."""
    if row["link"] == "loopback":
        return LOOPBACK
    texts = {"rate_mbit_s": "{:g} Mbit/s", "rtt_ms": "{:g} ms round trip",
             "loss_pct": "{:g} % random loss", "queue_packets": "queue of {:g} packets"}
    parts = ["no random loss" if column == "loss_pct" and row[column] == 0
             else text.format(row[column])
             for column, text in texts.items() if not math.isnan(row[column])]
    parts = [_bursts(part, row["link"]) for part in parts]
    return f"{row['link']}: {', '.join(parts)}" if parts else row["link"]


def _bursts(part, link_name):
    bursts = BURSTS.get(link_name)
    return part.replace("random loss", f"loss in bursts of {bursts}") if bursts else part


def rate_unit(link_name):
    """(unit, factor from Mbit/s): MB/s on loopback, Mbit/s on links."""
    return ("MB/s", 0.125) if link_name == "loopback" else ("Mbit/s", 1.0)
