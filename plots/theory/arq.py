"""Efficiency of repeat-request protocols: useful frames over those the line could have carried.

`a` is the one-way delay over the time of a frame; `loss` the probability that a frame or its
acknowledgement is lost. The ideal timer fires when the acknowledgement is due. Textbook formulas,
from memory.
"""

import numpy as np

from plots.theory.check import count, number, plain, probability


def _cycle(a):
    return 1 + 2 * number("a", a, least=0.0)


def stop_and_wait(loss, a):
    """(1 - p) / (1 + 2a); 0 <= loss < 1, a >= 0."""
    return plain((1 - probability("loss", loss)) / _cycle(a))


def stop_and_wait_timed(loss, a, timeout_frames):
    """With a real timer of `timeout_frames` frame times, at least 2a: a lost frame costs 1 + that.

    A frame takes 1 + 2a + p/(1-p) (1 + timeout) frame times (our derivation).
    """
    p, cycle = probability("loss", loss), _cycle(a)
    timeout = number("timeout_frames", timeout_frames, least=float(np.max(cycle)) - 1)
    return plain(1 / (cycle + p / (1 - p) * (1 + timeout)))


def go_back_n(loss, a, window):
    """(1-p)/(1+2ap) for a window W >= 1+2a, else W(1-p)/((1+2a)(1-p+Wp))."""
    p, cycle, w = probability("loss", loss), _cycle(a), count("window", window)
    open_window = (1 - p) / (1 + (cycle - 1) * p)
    return plain(np.where(w >= cycle, open_window, w * (1 - p) / (cycle * (1 - p + w * p))))


def selective_repeat(loss, a, window):
    """(1 - p) min(1, W / (1 + 2a)): only what was lost is sent again."""
    return plain((1 - probability("loss", loss))
                 * np.minimum(1, count("window", window) / _cycle(a)))
