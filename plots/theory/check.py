"""What the laws accept: numbers or arrays of them, within limits that a refusal names."""

import math

import numpy as np


def number(name, value, above=-math.inf, least=-math.inf, below=math.inf, most=math.inf,
           whole=False):
    """`value`, a number or an array of any shape, as floats.

    Every element must lie in the open limits `above`, `below` and the closed ones `least`, `most`,
    and be a whole number where `whole` asks for it. Infinity passes only as `most=math.inf` with
    `below=None`; NaN never. ValueError names the argument and what is allowed.
    """
    array = np.asarray(value, dtype=float)
    good = (array > above) if above > -math.inf else (array >= least)
    good &= (array <= most) if below is None else (array < below) & (array <= most)
    if whole:
        good &= np.floor(array) == array
    if array.size == 0 or not np.all(good):
        allowed = _allowed(above, least, below, most, whole)
        raise ValueError(f"{name} must be {allowed}, not {value}")
    return array


def _allowed(above, least, below, most, whole):
    limits = [f"above {above:g}" if above > -math.inf else "",
              f"at least {least:g}" if least > -math.inf else "",
              f"below {below:g}" if below is not None and below < math.inf else "",
              f"at most {most:g}" if most < math.inf else ""]
    kind = "a whole number " if whole else "a number "
    return (kind + " and ".join(limit for limit in limits if limit)).strip()


def positive(name, value):
    """`value` as floats above 0."""
    return number(name, value, above=0.0)


def rate_cap(name, value):
    """`value` as floats above 0; infinity means no cap."""
    return number(name, value, above=0.0, below=None)


def count(name, value):
    """`value` as whole floats from 1 up."""
    return number(name, value, least=1.0, whole=True)


def lossy(name, value):
    """`value` as a probability of loss above 0 and below 1: no loss, no law."""
    return number(name, value, above=0.0, below=1.0)


def probability(name, value):
    """`value` as a probability from 0 to below 1."""
    return number(name, value, least=0.0, below=1.0)


def plain(result):
    """A float where `result` has no dimensions, else the array."""
    return float(result) if np.ndim(result) == 0 else result
