"""One flow against random loss: Mathis, PFTK, CUBIC, BBR, and how many loss events a run sees.

Loss is a fraction (0.01 is 1 %), counted in congestion events per packet; rates are Mbit/s of TCP
payload; windows are segments.
"""

import math

import numpy as np

from plots.theory.check import count, lossy, number, plain, positive, probability, rate_cap

MSS_BYTES = 1448          # payload of a packet of 1500 bytes: 20 IP, 20 TCP, 12 timestamp option
PAYLOAD_SHARE = MSS_BYTES / 1500

# The constant of Mathis's law by (how losses come, segments that one ACK acknowledges). A Reno that
# counts acknowledged segments, as Linux does, belongs to the 1 even where ACKs are delayed.
MATHIS_C = {("periodic", 1): math.sqrt(3 / 2), ("periodic", 2): math.sqrt(3 / 4),
            ("random", 1): 1.31, ("random", 2): 0.93}
RENO_C = 1.28             # a per-round model of Reno at a random loss of 0.1 % to 1 %


def payload_share(mss_bytes=MSS_BYTES, packet_bytes=1500):
    """Largest share of a link's rate that payload can have, if it counts `packet_bytes` each."""
    return plain(positive("mss_bytes", mss_bytes)
                 / number("packet_bytes", packet_bytes, least=np.max(mss_bytes)))


def _mbit_s(segments, seconds, mss_bytes):
    return plain(segments * positive("mss_bytes", mss_bytes) * 8 / seconds / 1e6)


def mathis(loss, rtt_s, c=MATHIS_C["random", 1], mss_bytes=MSS_BYTES):
    """Mbit/s of one Reno flow: MSS / RTT * c / sqrt(loss). `rtt_s` includes waiting in queues.

    Holds for 0 < loss < 2 % or so, isolated losses, no timeouts, no limit by window or link, and
    many loss events. Mathis, Semke, Mahdavi, Ott 1997; `c` from MATHIS_C.
    """
    window = positive("c", c) / np.sqrt(lossy("loss", loss))
    return _mbit_s(window, positive("rtt_s", rtt_s), mss_bytes)


def mathis_constant(rate_mbit_s, loss, rtt_s, mss_bytes=MSS_BYTES):
    """The c with which `mathis` gives the measured `rate_mbit_s`: what a run's fit publishes."""
    return plain(positive("rate_mbit_s", rate_mbit_s) / mathis(loss, rtt_s, 1.0, mss_bytes))


def pftk(loss, rtt_s, timeout_s=None, acked_per_ack=1, window_segments=math.inf,
         mss_bytes=MSS_BYTES):
    """Mbit/s of one Reno flow with timeouts, the approximate form of Padhye et al. 1998.

    `timeout_s` is the first retransmission timeout, RTT + 0.2 s if left out. `window_segments` caps
    the window. Meant for 0 < loss < 1 where `mathis` fails, above 2 %; SACK and RACK turn many
    of its timeouts into fast recovery, so that Linux lies above. RFC 3819, 8.5 prints it for
    `acked_per_ack` = 2.
    """
    p, rtt = lossy("loss", loss), positive("rtt_s", rtt_s)
    timeout = rtt + 0.2 if timeout_s is None else positive("timeout_s", timeout_s)
    b = count("acked_per_ack", acked_per_ack)
    halving = rtt * np.sqrt(2 * b * p / 3)
    stall = timeout * np.minimum(1, 3 * np.sqrt(3 * b * p / 8)) * p * (1 + 32 * p**2)
    window_limit = rate_cap("window_segments", window_segments) / rtt
    return _mbit_s(np.minimum(window_limit, 1 / (halving + stall)), 1.0, mss_bytes)


def pftk_window(loss):
    """w(p) of PFTK's full form: mean window in segments at a loss, for one ACK every two segments.

    (2/3)(1 + sqrt(3 (1 - p) / p + 1)), 0 < p < 1; as SLAC prints it.
    """
    p = lossy("loss", loss)
    return plain(2 / 3 * (1 + np.sqrt(3 * (1 - p) / p + 1)))


def pftk_backoff(loss):
    """G(p) of PFTK's full form: length of a row of timeouts, in first timeouts (doubling to 64).

    1 + p + 2 p^2 + 4 p^3 + 8 p^4 + 16 p^5 + 32 p^6, 0 <= p < 1; as SLAC prints it.
    """
    p = probability("loss", loss)
    return plain(1 + sum(2**i * p ** (i + 1) for i in range(6)))


def reno_window(loss, c=1.2):
    """Mean window of Reno in segments, c / sqrt(loss); 1.2 is what RFC 9438's tables round to."""
    return plain(positive("c", c) / np.sqrt(lossy("loss", loss)))


def cubic_region_window(loss, rtt_s, beta=0.7, c=0.4):
    """AVG_W: mean window of CUBIC's cubic growth alone, in segments, with a loss every 1/p packets.

    (c (3 + beta) / (4 (1 - beta)))^(1/4) (RTT / p)^(3/4); c in segments/s^3. RFC 9438, 5.1.
    """
    return plain(_cubic_factor(beta, c) * (positive("rtt_s", rtt_s) / lossy("loss", loss)) ** 0.75)


def _cubic_factor(beta=0.7, c=0.4):
    b = number("beta", beta, above=0.0, below=1.0)
    return (positive("c", c) * (3 + b) / (4 * (1 - b))) ** 0.25


def cubic_friendly_window(loss, beta=0.7):
    """AVG_AIMD: mean window of CUBIC's Reno-friendly estimate, in segments (RFC 9438, 4.3).

    sqrt(alpha (1 + beta) / (2 (1 - beta) p)) with alpha = 3 (1 - beta) / (1 + beta), which is
    sqrt(1.5 / p) for every beta: no advantage over Reno.
    """
    b = number("beta", beta, above=0.0, below=1.0)
    alpha = 3 * (1 - b) / (1 + b)
    return plain(np.sqrt(alpha * (1 + b) / (2 * (1 - b) * lossy("loss", loss))))


def cubic_window(loss, rtt_s, beta=0.7, c=0.4):
    """Mean window of CUBIC in segments: the larger of its cubic and its Reno-friendly window.

    Deterministic loss; random loss adds 13 to 24 % (our model). RFC 9438, 4.3 and 5.1.
    """
    return plain(np.maximum(cubic_region_window(loss, rtt_s, beta, c),
                            cubic_friendly_window(loss, beta)))


def cubic(loss, rtt_s, mss_bytes=MSS_BYTES):
    """Mbit/s of one CUBIC flow: `cubic_window` segments a round trip. Limits as for `mathis`."""
    return _mbit_s(cubic_window(loss, rtt_s), positive("rtt_s", rtt_s), mss_bytes)


def reno_loss_allowed(rate_mbit_s, rtt_s, packet_bytes=1500, c=1.2):
    """The loss at which Reno's window still carries `rate_mbit_s` (packets counted whole)."""
    return plain((positive("c", c) / _window(rate_mbit_s, rtt_s, packet_bytes)) ** 2)


def cubic_loss_allowed(rate_mbit_s, rtt_s, packet_bytes=1500):
    """The loss at which CUBIC's cubic region still carries `rate_mbit_s`; not its Reno region."""
    ratio = _cubic_factor() / _window(rate_mbit_s, rtt_s, packet_bytes)
    return plain(positive("rtt_s", rtt_s) * ratio ** (4 / 3))


def _window(rate_mbit_s, rtt_s, packet_bytes):
    return (positive("rate_mbit_s", rate_mbit_s) * 1e6 * positive("rtt_s", rtt_s)
            / (positive("packet_bytes", packet_bytes) * 8))


def bbr_ceiling(rate_mbit_s, loss):
    """Mbit/s that BBR version 1 can deliver on a lossy link: rate * (1 - loss), 0 <= loss < 1.

    Reached to 5 % loss, nearly to 15 %, lost before `bbr_knee_loss`. `rate_mbit_s` is what the link
    carries of payload. Cardwell et al., ACM Queue 2016, figure 8.
    """
    return plain(positive("rate_mbit_s", rate_mbit_s) * (1 - probability("loss", loss)))


def bbr_knee_loss(probe_gain=1.25):
    """The loss that probing no longer makes up for: 1 - 1 / gain (our derivation)."""
    return plain(1 - 1 / number("probe_gain", probe_gain, above=1.0))


def loss_events_expected(seconds, loss, rtt_s, connections=1, c=RENO_C):
    """Loss events that Reno flows see in `seconds`: N T c sqrt(loss) / RTT (our derivation).

    Below 50 a run cannot tell a law from luck: see `relative_deviation`. Limits as for `mathis`.
    """
    return plain(count("connections", connections) * positive("seconds", seconds) * positive("c", c)
                 * np.sqrt(lossy("loss", loss)) / positive("rtt_s", rtt_s))


def relative_deviation(loss_events):
    """Standard deviation over mean of a Reno flow's rate after `loss_events`: 0.52 / sqrt(n).

    A fit to our model of the steady state; short transfers with their slow start vary more.
    """
    return plain(0.52 / np.sqrt(positive("loss_events", loss_events)))
