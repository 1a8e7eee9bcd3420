"""What theory expects, and how far the measurement lies from it."""

import math

from plots import cells, links, stats, verdicts, wording
from plots.report.parts import Table
from plots.theory_report import text as theory_text

MODEL_HEADINGS = ["link", "congestion control", "program", "N", "measured", "theory expects",
                  "measured / theory", "n", "link certified"]
LAW_HEADINGS = ["cell", "n", "measured", "law", "measured / law", "band of the ratio", "lies"]


def steady_states(results):
    """A Table of the cells of `connections` for whose link one formula tells the goodput, or None."""
    good = cells.counted(cells.of_experiment(results.runs, verdicts.EXPERIMENT))
    good = cells.by_algorithm(good)
    lines = [line + [_certified(results.meta, link)]
             for (link, algorithm), rows in cells.groups(good, ["link", "congestion_requested"])
             for label, curve in cells.curves(rows, ["connections"])
             for line in _curve(algorithm, label, curve)]
    if not lines:
        return None
    return Table("Goodput of files against what theory expects of the steady state",
                 MODEL_HEADINGS, lines)


def _certified(meta, link):
    return "yes" if links.certificate(meta, link).certified else "no: nothing follows from it"


def _curve(algorithm, label, curve):
    """Yields a row for each N of one curve, but for the certificate."""
    for (number,), rows in cells.groups(curve, ["connections"]):
        model = links.model(rows.iloc[0], algorithm, [number])
        if model is None:
            continue
        measured, expected = cells.goodput(rows), float(model.goodput[0])
        yield [rows["link"].iloc[0], algorithm, label, f"{number:g}",
               f"{wording.number(measured.mean)} Mbit/s", f"{wording.number(expected)} Mbit/s",
               _ratio(measured, expected), str(measured.n)]


def _ratio(measured, expected):
    words = wording.number(measured.mean / expected)
    if math.isnan(measured.low):
        return words
    low, high = (wording.number(end / expected) for end in (measured.low, measured.high))
    return f"{words} [{low}, {high}]"


def laws(report):
    """One dict for each law of `report` that something was measured for: `name`, `claim`,
    `outcome`, `table`, `reasons`."""
    return [_law(finding) for finding in report.findings if finding.points or finding.controls]


def _law(finding):
    unit = "" if finding.law.unit == "1" else f", {finding.law.unit}"
    rows = [_point(theory_text.record(finding, point))
            for point in finding.points + finding.controls]
    return {"name": finding.law.name, "claim": finding.law.claim, "outcome": finding.outcome,
            "reasons": finding.reasons + [f"missing: {line}" for line in finding.missing],
            "table": Table(f"{finding.law.name}: {finding.law.quantity}{unit}", LAW_HEADINGS, rows)}


def _point(one):
    """A row of the table from a record of the report on the laws."""
    cell = f"control {one['control']}: {one['cell']}" if one["control"] else one["cell"]
    over = [end / one["law_value"] if end is not None else math.nan
            for end in (one["band_low"], one["band_high"])]
    ratio = _span(one["ratio_low"], one["ratio_high"])
    few = "*" * (one["n"] < stats.FEWEST)
    return [cell, f"{one['n']}{few}", wording.number(one["measured"]),
            wording.number(one["law_value"]), f"{wording.number(one['ratio'])} {ratio}".strip(),
            _span(*over), one["lies"] + (f": {one['why_not_judged']}"
                                         if one["why_not_judged"] else "")]


def _span(low, high):
    if low is None or high is None or math.isnan(low) or math.isnan(high):
        return ""
    return f"[{wording.number(low)}, {wording.number(high)}]"
