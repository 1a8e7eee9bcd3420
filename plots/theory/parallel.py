"""Several flows at once: what they gain together, and what they take from others.

Rates are Mbit/s of TCP payload; a share is a fraction of what the link can carry of payload.
"""

import math

import numpy as np

from plots.theory.check import count, lossy, number, plain, positive, rate_cap
from plots.theory.loss import MSS_BYTES, RENO_C, mathis


def hacker(losses, rtt_s, cap_mbit_s=math.inf, c=RENO_C, mss_bytes=MSS_BYTES):
    """Mbit/s of flows with `losses` (n,), one each: the sum of their `mathis`, at most the cap.

    Holds while the losses are no congestion of the flows' own making; at the cap they are. The knee
    is rounder than the minimum of two lines. Hacker, Athey, Noble 2002; the formula is from memory.
    """
    flows = lossy("losses", np.atleast_1d(losses))
    if flows.ndim != 1:
        raise ValueError(f"losses must be one number a flow, (n,), not {flows.shape}")
    return plain(np.minimum(rate_cap("cap_mbit_s", cap_mbit_s),
                            np.sum(mathis(flows, rtt_s, c, mss_bytes))))


def hacker_equal(connections, loss, rtt_s, cap_mbit_s=math.inf, c=RENO_C, mss_bytes=MSS_BYTES):
    """`hacker` for N flows with the same loss: N flows of one, at most the cap."""
    return plain(np.minimum(rate_cap("cap_mbit_s", cap_mbit_s),
                            count("connections", connections) * mathis(loss, rtt_s, c, mss_bytes)))


def knee(cap_mbit_s, one_flow_mbit_s):
    """N*, the number of flows at which N times one flow meets the cap; not rounded."""
    return plain(positive("cap_mbit_s", cap_mbit_s) / positive("one_flow_mbit_s", one_flow_mbit_s))


def altman(connections, beta=0.5):
    """Share that N flows with additive increase reach together: 1 - 1/(1 + N (1+beta)/(1-beta)).

    One flow is hit whenever the sum fills the link, and falls to the fraction `beta`, 0 < beta < 1
    (0.5 is Reno). Needs an almost empty buffer and flows that are not hit together; CUBIC does not
    grow linearly. Altman, Barman, Tuffin, Vojnovic 2006.
    """
    b = number("beta", beta, above=0.0, below=1.0)
    return plain(1 - 1 / (1 + count("connections", connections) * (1 + b) / (1 - b)))


def synchronised(beta=0.5):
    """Share where all flows are hit together, for any N: (1 + beta) / 2 (our derivation)."""
    return plain((1 + number("beta", beta, above=0.0, below=1.0)) / 2)


def buffered_share(buffer_bdp):
    """Share that one Reno flow reaches with a buffer of `buffer_bdp` bandwidth-delay products.

    [(3+b)(1-b)/8 + b + b^2/2] / [(1-b)/2 + b + b^2/2] for 0 <= b <= 1; everything from 1 up (our
    derivation: the rate grows linearly until the link is full, then the queue does).
    """
    b = np.minimum(1.0, number("buffer_bdp", buffer_bdp, least=0.0))
    full = b + b**2 / 2
    return plain(((3 + b) * (1 - b) / 8 + full) / ((1 - b) / 2 + full))


def cubic_unbuffered_share(beta=0.7):
    """Share that one CUBIC flow reaches without a buffer: (3 + beta) / 4 (our derivation)."""
    return plain((3 + number("beta", beta, above=0.0, below=1.0)) / 4)


def window_limited(connections, window_bytes, rtt_s, cap_mbit_s=math.inf):
    """Mbit/s of N flows that each may have `window_bytes` in flight: N W / RTT, at most the cap.

    W is the least of congestion window, receive window and send buffer. Needs a path without loss;
    the window must be the measured one, for kernels do not give what SO_RCVBUF names.
    """
    free = (count("connections", connections) * positive("window_bytes", window_bytes) * 8
            / positive("rtt_s", rtt_s) / 1e6)
    return plain(np.minimum(rate_cap("cap_mbit_s", cap_mbit_s), free))


def fair_share(connections, other_connections=1):
    """Share of a user with N flows against others' flows: N / (N + others).

    Needs one shared first-in-first-out queue (or fairness per flow), equal round trips, the same
    congestion control, steady state.
    """
    mine = count("connections", connections)
    return plain(mine / (mine + count("other_connections", other_connections)))


def jain(values):
    """Jain's index of `values` (n,), all >= 0 and not all 0: (sum)^2 / (n sum of squares).

    1 where all are equal, 1/n where one has everything. Jain, Chiu, Hawe 1984.
    """
    rates = number("values", values, least=0.0)
    if rates.ndim != 1 or not rates.any():
        raise ValueError("values must be one number a user, (n,), of which one is above 0")
    return plain(np.sum(rates) ** 2 / (len(rates) * np.sum(rates**2)))


def jain_two_users(connections):
    """Jain's index of two users with N flows and one flow: (N+1)^2 / (2 (N^2 + 1))."""
    n = count("connections", connections)
    return plain((n + 1) ** 2 / (2 * (n**2 + 1)))
