"""What a value of a kind can be at least and at most. The mean of such values lies there too."""

import math

ANY = (-math.inf, math.inf)
NOT_NEGATIVE = (0.0, math.inf)
SHARE = (0.0, 1.0)
PERCENT = (0.0, 100.0)
# Columns, of the tables and made of them, whose names do not say it. Jain's index of two users is
# 1/2 where one has everything.
_OF = {"jain_index": SHARE, "users": (0.5, 1.0), "share": PERCENT}


def of(column):
    """The bounds of a column's values."""
    return PERCENT if column.endswith("_pct") else _OF.get(column, NOT_NEGATIVE)
