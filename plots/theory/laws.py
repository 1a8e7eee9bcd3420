"""The laws that the lab measures, as data: what each expects, what it accepts, what must break it.

A cell is a dict of one measured point's settings: `connections`, `rate_mbit_s` (of the link, IP
bytes counted), `rtt_s` (queueing included), `loss` (a fraction), `window_bytes`, `file_bytes`,
`setup_rtts` (1 if left out). A control is a measurement that the law must miss: made under another
condition, and held to the band of the cell that it imitates. Where the two could hardly be told
apart its `connections` leave those cells out: a deep buffer promises 95 %, and from N = 4 on that
is within Altman's band.
"""

from dataclasses import dataclass
from typing import Callable

from plots.theory import loss, parallel, short


@dataclass(frozen=True)
class Control:
    """A condition under which the law must fail; `connections`: at which N, () for every cell."""

    name: str
    what: str
    link: str
    congestion: str
    connections: tuple = ()


@dataclass(frozen=True)
class Law:
    """`expected(cell)` is the law's value, in `unit`; `band(cell)` is (low, high), None where the
    law makes no promise. `needs` names the cell's settings that both use. `counts_events`: whether
    the law is a mean over loss events, of which a measurement should have seen FEWEST_EVENTS."""

    name: str
    claim: str
    quantity: str
    unit: str
    links: tuple
    congestion: str
    needs: tuple
    expected: Callable
    band: Callable
    controls: tuple
    counts_events: bool = False


FEWEST_EVENTS = 50


def payload_cap(cell):
    """Mbit/s of payload that the cell's link can carry."""
    return cell["rate_mbit_s"] * loss.PAYLOAD_SHARE


def _times(expected, low, high):
    """The band from `low` to `high` times what is expected."""
    return lambda cell: (low * expected(cell), high * expected(cell))


def _within(expected, reach):
    """The band of what is expected, plus and minus `reach`."""
    return lambda cell: (expected(cell) - reach, expected(cell) + reach)


def _always(*numbers):
    return lambda cell: numbers if len(numbers) > 1 else numbers[0]


def _cubic(cell):
    return loss.cubic(cell["loss"], cell["rtt_s"])


def _cubic_over_reno(cell):
    return loss.cubic_window(cell["loss"], cell["rtt_s"]) / loss.cubic_friendly_window(cell["loss"])


def _bbr(cell):
    return loss.bbr_ceiling(payload_cap(cell), cell["loss"])


def _hacker(cell):
    return parallel.hacker_equal(cell["connections"], cell["loss"], cell["rtt_s"],
                                 payload_cap(cell))


def _hacker_band(cell):
    """12 % to N = 4, 5 % from N = 8; of the rounded knee between them nothing is said."""
    reach = 0.12 if cell["connections"] <= 4 else 0.05
    return None if 4 < cell["connections"] < 8 else _times(_hacker, 1 - reach, 1 + reach)(cell)


def _altman(cell):
    return parallel.altman(cell["connections"])


def _window(cell):
    return parallel.window_limited(cell["connections"], cell["window_bytes"], cell["rtt_s"],
                                   payload_cap(cell))


def _short(cell):
    return short.short_transfer_s(cell["file_bytes"], cell["rtt_s"], cell["connections"],
                                  payload_cap(cell), cell.get("setup_rtts", 1))


def _short_band(cell):
    """Half a round trip about the whole rounds, and above them the transmission of all bytes."""
    rounds = short.slow_start_rounds(short.segments(cell["file_bytes"]), cell["connections"])
    whole = (cell.get("setup_rtts", 1) + rounds) * cell["rtt_s"]
    transmission = cell["file_bytes"] * 8e-6 / payload_cap(cell)
    return whole - 0.5 * cell["rtt_s"], whole + 0.5 * cell["rtt_s"] + transmission


def _fairness(cell):
    return parallel.fair_share(cell["connections"])


LAWS = {law.name: law for law in (
    Law("mathis", "one Reno flow under random loss runs at MSS/RTT times C/sqrt(p)",
        "C, from rate, round trip and loss", "1", ("noisy", "lossy"), "reno", (),
        _always(loss.MATHIS_C["random", 1]), _always(1.1, 1.45),
        (Control("bbr", "BBR, which does not slow down for loss", "noisy", "bbr"),),
        counts_events=True),
    Law("cubic-rate", "one CUBIC flow has the window of RFC 9438",
        "goodput of one flow", "Mbit/s", ("longlossy",), "cubic", ("loss", "rtt_s"),
        _cubic, _times(_cubic, 0.9, 1.35),
        (Control("reno", "Reno on the same link, whose window is smaller", "longlossy", "reno"),),
        counts_events=True),
    Law("cubic-advantage", "where loss is rare and the path long, CUBIC is faster than Reno",
        "CUBIC's goodput over Reno's", "1", ("longlossy",), "cubic", ("loss", "rtt_s"),
        _cubic_over_reno, _always(1.2, 2.0),
        (Control("short path", "the same ratio on a shorter path with more loss", "noisy",
                 "cubic"),),
        counts_events=True),
    Law("cubic-as-reno", "where loss is frequent or the path short, CUBIC does what Reno does",
        "CUBIC's goodput over Reno's", "1", ("noisy", "lossy"), "cubic", ("loss", "rtt_s"),
        _cubic_over_reno, _always(0.9, 1.3),
        (Control("long path", "the same ratio where CUBIC's own growth rules", "longlossy",
                 "cubic"),),
        counts_events=True),
    Law("bbr", "BBR delivers what the link lets through, up to a loss of 10 %",
        "goodput of one flow", "Mbit/s", ("noisy", "lossy"), "bbr", ("rate_mbit_s", "loss"),
        _bbr, _times(_bbr, 0.85, 1.0),
        (Control("reno", "Reno, which takes loss for congestion", "noisy", "reno"),)),
    Law("hacker", "N Reno flows under random loss carry N times one flow, until the link is full",
        "goodput of N flows", "Mbit/s", ("lossy50",), "reno",
        ("connections", "loss", "rtt_s", "rate_mbit_s"), _hacker, _hacker_band,
        (Control("bbr", "BBR, of which one flow fills the link", "lossy50", "bbr", (1, 2, 3, 4)),),
        counts_events=True),
    Law("altman", "N Reno flows of which one is hit at a time fill 1 - 1/(1 + 3N) of a link",
        "share of the payload limit", "1", ("shallow50", "shallow"), "reno", ("connections",),
        _altman, _within(_altman, 0.04),
        (Control("drop-tail", "plain drop-tail, which hits several flows at once", "shallow50",
                 "reno", (3, 4, 6, 8)),
         Control("deep buffer", "a queue of one bandwidth-delay product, which one flow keeps full",
                 "wan", "reno", (1, 2, 3)))),
    Law("window", "N flows with windows of W carry N W / RTT, until the link is full",
        "goodput of N flows", "Mbit/s", ("longfat",), "cubic",
        ("connections", "window_bytes", "rtt_s", "rate_mbit_s"), _window, _times(_window, 0.9, 1.1),
        (Control("tuned window", "one flow whose window is left to the kernel", "longfat", "cubic",
                 (1,)),)),
    Law("short", "a short file takes a handshake and k rounds of slow start, log2 N fewer with N",
        "completion time", "s", ("wan",), "cubic",
        ("connections", "file_bytes", "rtt_s", "rate_mbit_s"), _short, _short_band,
        (Control("one connection", "the same file (1 MB) over one connection", "wan", "cubic",
                 (8, 16)),)),
    Law("fairness", "N flows against one take N / (N + 1) of the link",
        "share of the user with N flows", "1", ("fair50",), "reno", ("connections",),
        _fairness, _within(_fairness, 0.05),
        (Control("one against one", "a user with one flow, or queues that are fair to users",
                 "fair50", "reno", (2, 4, 8, 16)),)),
)}
