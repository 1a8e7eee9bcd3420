"""What theory expects, and how far the measurement lies from it.

A table of one experiment is made from `results` that have the runs of that one alone.
"""

import math

from plots import bounds, cells, links, load, stats, theory, wanted, wording
from plots.report.parts import Table
from plots.theory_report import text as theory_text

MODEL_HEADINGS = ["link", "congestion control", "program", "N", "measured", "theory expects",
                  "measured / theory", "steady phase / theory", "n", "link certified"]
NO_FORMULA = "no formula"
# Figures of experiments of which no formula says what they should give.
WITHOUT_FORMULA = ("stages", "sizes", "buffers", "packets", "pipeline", "peers")
WAIT_HEADINGS = ["requests/s", "load", "mean wait, service times", "M/D/1 expects",
                 "measured / theory", "n"]
TRIP_HEADINGS = ["protocol", "way", "files", "round trips", "by the book", "measured / theory", "n"]
LAW_HEADINGS = ["cell", "n", "measured", "law", "measured / law", "band of the ratio", "lies"]


def steady_states(results):
    """A Table of the cells over links, whole files and their steady phases beside
    what one formula tells of the latter, or None."""
    good = cells.counted(results.runs)
    good = cells.by_algorithm(good[good["link"] != "loopback"])
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
        measured = cells.goodput(rows)
        yield [rows["link"].iloc[0], algorithm, label, f"{number:g}",
               f"{wording.number(measured.mean)} Mbit/s",
               *_beside_theory(rows, measured, links.model(rows.iloc[0], algorithm, [number])),
               str(measured.n)]


def _beside_theory(rows, measured, model):
    """Of one line: what theory expects, the file over it, and the steady phase over it."""
    if model is None:
        return [NO_FORMULA, "", ""]
    expected = float(model.goodput[0])
    steady = stats.mean_interval(rows["steady_goodput_mbit_s"].dropna())
    return [f"{wording.number(expected)} Mbit/s", _ratio(measured, expected),
            _ratio(steady, expected)]


def _ratio(measured, expected):
    words = wording.number(measured.mean / expected)
    if math.isnan(measured.low):
        return words
    low, high = (wording.number(end / expected) for end in (measured.low, measured.high))
    return f"{words} [{low}, {high}]"


def waits(results):
    """A Table of the mean waits before one server beside M/D/1, or None."""
    good = cells.counted(load.queue_rows(results))
    if good.empty:
        return None
    service_s, told = load.service(results)
    lines = []
    for (rate,), rows in cells.groups(good, ["offered_requests_s"]):
        rho = rate * service_s
        if rho <= load.NEARLY_FULL:
            wait = stats.mean_interval(rows["latency_mean_s"] / service_s - 1, bounds=bounds.ANY)
            law = theory.md1_wait(rho)
            lines.append([f"{rate:g}", f"{rho:.2f}", wording.number(wait.mean),
                          wording.number(law), _ratio(wait, law), str(wait.n)])
    return Table(f"Waiting before one server. {told}", WAIT_HEADINGS, lines) if lines else None


def round_trips(results):
    """A Table of the round trips that many small files took beside the book's, or None."""
    good = cells.counted(results.runs)
    lines = [line for (_, protocol), panel in cells.groups(good[good["rtt_ms"] > 0],
                                                           ["link", "protocol"])
             for words, arguments, rows in load.ways(panel)
             for line in _trips(protocol, words, arguments, rows)]
    return Table("Round trips of many small files, transmission included", TRIP_HEADINGS,
                 lines) if lines else None


def _trips(protocol, words, arguments, rows):
    """Yields a row for each number of files of one way."""
    for (number,), cell in cells.groups(rows, ["planned_requests"]):
        first = cell.iloc[0]
        rtt_s = first["rtt_ms"] / 1e3
        took = stats.mean_interval(cell["time_s"] / rtt_s)
        book = theory.objects_s(number, rtt_s, first["file_bytes"], links.capacity(first),
                                **arguments) / rtt_s
        yield [protocol, words, f"{number:g}", wording.number(took.mean), wording.number(book),
               _ratio(took, book), str(took.n)]


# By figure: the table that lays the measurement beside theory.
TABLES = {"connections": steady_states, "queue": waits, "objects": round_trips}


def beside_theory(results, experiment, figures):
    """The Table of an experiment that wants `figures`, or None."""
    table = next((TABLES[name] for name in figures if name in TABLES), None)
    return table(wanted.only(results, experiment)) if table else None


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
