"""The table of results for a terminal: one line per cell, and what failed."""

import math

from plots import caption, cells, stats, wording

HEADINGS = ["", "n", "mean time", "throughput", "95 % interval", "unit"]
HOW = """\
Throughput is bytes over the mean time; its interval is Student's 95 % interval of the mean time,
turned into a rate. Failed, timed out and warm-up runs are not counted."""


def table(results):
    """The whole text: a block for each experiment, in the order of runs.csv."""
    blocks = [_block(name, cells.of_experiment(results.runs, name))
              for name in results.runs["experiment"].unique()]
    return "\n\n".join(blocks + [HOW]) if blocks else "no runs"


def _block(name, rows):
    good = cells.counted(rows)
    links = [wording.LOOPBACK if link == "loopback" else link
             for link in sorted(rows["link"].unique())]
    title = f"{name} ({'; '.join(links)}{_shared(good)})"
    lines = [title]
    if len(good):
        lines += _columns([HEADINGS] + numbers(good))
    return "\n".join(lines + _failures(rows))


def numbers(good):
    """The lines of one experiment's counted runs, one for each cell, as texts below HEADINGS."""
    return [_line(label, cell) for label, cell in cells.curves(good, [])]


def _shared(good):
    """What all runs of the experiment have in common, for its title."""
    words = [cells.label(good.iloc[0], [name], default="")
             for name in ("file_bytes", "sink", "congestion_requested")
             if len(good) and good[name].nunique(dropna=False) == 1]
    return "".join(f"; {word}" for word in words if word)


def _line(label, cell):
    unit, factor = wording.rate_unit(cell["link"].iloc[0])
    time, rate = stats.mean_interval(cell["time_s"]), cells.goodput(cell)
    known = not math.isnan(rate.low)
    span = (f"{wording.number(rate.low * factor)} to {wording.number(rate.high * factor)}" if known
            else f"– (n < {stats.FEWEST})" if rate.n < stats.FEWEST else "– (too wide)")
    return [label, str(rate.n), wording.seconds(time.mean), wording.number(rate.mean * factor), span,
            unit]


def _columns(lines):
    widths = [max(len(line[place]) for line in lines) for place in range(len(HEADINGS))]
    return ["  " + "  ".join([line[0].ljust(widths[0])]
                             + [text.rjust(width) for text, width in zip(line[1:-1], widths[1:-1])]
                             + [line[-1]]).rstrip() for line in lines]


def _failures(rows):
    """One line for each contestant and reason, such as '3 failed: part 3: connect: refused'."""
    rows = rows[cells.tried(rows) & (rows["status"] != "ok")]
    lines = []
    for (status, contestant, error), part in cells.groups(rows, ["status", "contestant", "error"]):
        who = wording.setting("contestant", contestant)
        where = f" ({wording.span(sorted(part['connections']), '{:g}'.format)} connections)"
        lines.append(f"  {len(part)} {caption.NOT_COUNTED[status]}: {who}{where}: "
                     f"{error or 'no reason given'}")
    return lines
