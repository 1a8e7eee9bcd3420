"""How a program speeds up with workers. On two cores at most sigma can be fitted, and no peak."""

import numpy as np

from plots.theory.check import count, number, plain, positive


def amdahl(workers, serial):
    """Speed-up of N workers with a serial share s: 1 / (s + (1 - s) / N), 0 <= s <= 1."""
    s = number("serial", serial, least=0.0, most=1.0)
    return plain(1 / (s + (1 - s) / count("workers", workers)))


def usl(workers, sigma, kappa, one_worker=1.0):
    """Throughput X(1) N / (1 + sigma (N-1) + kappa N (N-1)): waiting, and keeping in step.

    Gunther's universal scalability law; 0 <= sigma <= 1, kappa >= 0. X(1) must be fitted too.
    """
    n = count("workers", workers)
    waiting = number("sigma", sigma, least=0.0, most=1.0) * (n - 1)
    in_step = number("kappa", kappa, least=0.0) * n * (n - 1)
    return plain(positive("one_worker", one_worker) * n / (1 + waiting + in_step))


def usl_peak(sigma, kappa):
    """The N at which `usl` is highest: sqrt((1 - sigma) / kappa), kappa > 0; not rounded."""
    return plain(np.sqrt((1 - number("sigma", sigma, least=0.0, most=1.0))
                         / positive("kappa", kappa)))
