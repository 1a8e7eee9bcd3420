"""Which columns a figure cannot do without, of those that a results folder may lack.

They are those without which the same runs give other numbers; a test holds the figures to it.
"""

from plots.columns import NEEDED_BY


def by_all(table, column):
    """Whether nothing of `table` ("runs") can be used without `column`: runs would be added up that
    must not be."""
    return "all" in _by(table, column)


def of(figure):
    """What `figure` cannot do without: {"runs.wall_s", ...}, less what all need."""
    return {column for column, figures in NEEDED_BY.items() if figure in figures}


def left_out(table, missing):
    """The figures that need one of the columns `missing` of `table`, as the table names them."""
    figures = dict.fromkeys(figure for name in missing for figure in _by(table, name))
    return [figure for figure in figures if figure != "all"]


def _by(table, column):
    return NEEDED_BY.get(f"{table}.{column}", [])
