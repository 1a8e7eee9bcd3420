"""Waiting at a server: queues in the mean, the accept queue, and clients that knock again."""

import numpy as np

from plots.theory.check import count, number, plain, positive


def md1_wait(load):
    """Mean wait in an M/D/1 queue, in service times: load / (2 (1 - load)), 0 <= load < 1.

    Poisson arrivals, one server, equal work, steady state; half of what M/M/1 waits.
    """
    rho = number("load", load, least=0.0, below=1.0)
    return plain(rho / (2 * (1 - rho)))


def mm1_wait(load):
    """Mean wait in an M/M/1 queue, in service times: load / (1 - load), 0 <= load < 1.

    As `md1_wait`, but the work of a customer is exponentially distributed.
    """
    rho = number("load", load, least=0.0, below=1.0)
    return plain(rho / (1 - rho))


def mm1k_refused(load, places):
    """Share of arrivals that find all `places` (waiting and served) taken, in M/M/1/K; load > 0.

    (1 - rho) rho^K / (1 - rho^(K+1)); 1 / (K + 1) at rho = 1.
    """
    rho, k = positive("load", load), count("places", places)
    # Divided by rho^K above 1, so that no power overflows.
    base = np.where(rho > 1, 1 / rho, rho)
    even = np.isclose(rho, 1, rtol=1e-9)
    base = np.where(even, 0.5, base)  # any number: that branch is not taken
    top = np.where(rho > 1, 1 - base, (1 - base) * base**k)
    return plain(np.where(even, 1 / (k + 1), top / (1 - base ** (k + 1))))


def little(rate_per_s, wait_s):
    """Customers in a system, in the mean: arrivals a second times seconds spent (Little's law)."""
    return plain(number("rate_per_s", rate_per_s, least=0.0)
                 * number("wait_s", wait_s, least=0.0))


def backlog_admitted(clients, backlog, in_service=1):
    """How many of a burst of `clients` get in at once: backlog + 1 queued, and those in service.

    Linux refuses when the queue's length is above the backlog, not when it equals it.
    """
    room = number("backlog", backlog, least=0.0, whole=True) + 1
    busy = number("in_service", in_service, least=0.0, whole=True)
    return plain(np.minimum(count("clients", clients), room + busy))


def burst_s(clients, backlog, service_s, retries=6, linear_timeouts=4):
    """Moments (n,), in s, at which the clients of a burst are done, the first first; plain numbers.

    One server takes `service_s` for each, one after another, with a queue of backlog + 1 places.
    Who finds no place knocks again at the moments of `syn_retries_s`; after `retries` of them a
    client gives up, so that n may be below `clients`.
    """
    each, left = float(positive("service_s", service_s)), int(count("clients", clients))
    done = []
    for moment in (0.0, *syn_retries_s(retries, linear_timeouts)):
        inside = sum(end > moment for end in done)
        admitted = int(backlog_admitted(inside + left, backlog)) - inside
        for _ in range(admitted):
            done.append(max(moment, done[-1] if done else 0.0) + each)
        left -= admitted
        if left == 0:
            break
    return np.array(done)


def syn_retries_s(retries, linear_timeouts=4):
    """Moments (retries,), in s after the first, at which an unanswered SYN is sent again.

    Linux waits 1 s `linear_timeouts` + 1 times, then doubles; 0 is how older kernels behaved.
    """
    number_of = int(count("retries", retries))
    linear = int(number("linear_timeouts", linear_timeouts, least=0.0, whole=True))
    waits = [2.0 ** max(0, i - linear) for i in range(number_of)]
    return np.cumsum(waits)
