"""What stands in meta.json and the like, whoever wrote it: a value of another kind than expected
counts as missing."""

import math


def section(of, name):
    """The object `name` in the object `of`; an empty one where there is none."""
    found = of.get(name)
    return found if isinstance(found, dict) else {}


def listed(of, name):
    """The values of the array `name` in the object `of`; none where there is no such array."""
    found = of.get(name)
    return found if isinstance(found, list) else []


def sections(of, name):
    """The objects among `listed(of, name)`."""
    return [one for one in listed(of, name) if isinstance(one, dict)]


def is_number(value):
    """Whether `value` is a finite number; true and false are none."""
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return number and math.isfinite(value)
