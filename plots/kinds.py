"""The kinds of values a column may hold: `text`, `integer`, `number` (both from 0 up), or one of the
words `a/b/c`. A `!` at the end: the cell is never blank.
"""

import re

import numpy as np


def is_number(kind):
    """Whether a column of this kind holds numbers."""
    return kind.rstrip("!") in ("integer", "number")


def column_fits(values, kind):
    """Whether a whole column passes what `fault` asks of single values."""
    if not is_number(kind):
        choices = kind.rstrip("!").split("/")
        fits = values.isin(choices + [""]).all() if len(choices) > 1 else True
        return bool(fits and not (kind.endswith("!") and (values == "").any()))
    known = values.dropna().to_numpy()
    whole = not kind.startswith("integer") or (np.floor(known) == known).all()
    return bool(whole and (known >= 0).all() and (known < np.inf).all()
                and not (kind.endswith("!") and len(known) < len(values)))


def fault(value, kind):
    """What is wrong with one cell, or None."""
    base = kind.rstrip("!")
    if value == "":
        return "is blank" if kind.endswith("!") else None
    if base == "integer":
        return None if re.fullmatch(r"\d+(\.0+)?", value) else f"is {value!r}, not a whole number"
    if base == "number":
        good = re.fullmatch(r"(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", value)
        return None if good else f"is {value!r}, not a number from 0 up"
    if "/" in base and value not in base.split("/"):
        return f"is {value!r}, not one of {base.replace('/', ', ')}"
    return None
