"""The report for a terminal, as JSON, and as the numbers of the figure."""

import json
import math
import textwrap

import pandas as pd

from plots import stats, theory, wording
from plots.theory_report import findings

WIDTH = 100
HEADINGS = ["", "n", "measured", "law", "ratio", "band", "losses", "lies"]
COLUMNS = ["law", "control", "cell", "link", "congestion", "connections", "receive_buffer_bytes",
           "file_bytes", "background_flows", "experiments", "n", "unit", "measured", "low", "high",
           "law_value", "band_low", "band_high", "ratio", "ratio_low", "ratio_high",
           "loss_events", "void", "lies", "why_not_judged", "note", "outcome"]
HOW = f"""\
Measured: mean over the blocks. Law: what it says for this cell (docs/theory.md has formula and \
source). Ratio: measured over law, with Student's 95 % interval from n = 2 on; n < {stats.FEWEST} \
is marked with a star: figures draw no interval there. Band: where that interval must lie for the \
law to be met. Losses: loss events in all runs of the cell. A law holds when every interval lies \
inside its band and every control's outside; a control inside shows that the test tells nothing. \
It fails when one lies on the wrong side; what lies across an end of the band needs more runs."""


def terminal(report):
    """The whole report in words."""
    blocks = [_summary(report)] + [_block(finding) for finding in report.findings]
    others = ", ".join(findings.uncounted(report.others)) or "none"
    return "\n\n".join(blocks + [_fit(report), _wrap(f"Runs that do not count: {others}.", ""),
                                 _wrap(HOW, "")])


def _summary(report):
    lines = [[finding.law.name, finding.outcome,
              wording.count(len(finding.points), "cell"),
              wording.count(len(finding.controls), "control"),
              f"{len(finding.missing)} missing"] for finding in report.findings]
    return "\n".join(_columns(lines, "llrrr"))


def _block(finding):
    """One law: what it says, what was measured, and why the verdict is what it is."""
    law = finding.law
    unit = "" if law.unit == "1" else f", {law.unit}"
    lines = [f"{law.name}: {finding.outcome.upper()}", _wrap(f"the law: {law.claim}", "  "),
             f"  compared: {law.quantity}{unit}"]
    lines += _table(finding) if finding.points or finding.controls else ["  not measured"]
    lines += [_wrap(f"- {line}", "  ") for line in _reasons(finding) + _notes(finding.points)]
    if finding.missing:
        lines.append(_wrap(f"- missing: {'; '.join(finding.missing)}", "  "))
    return "\n".join(lines)


def _table(finding):
    """A line for each point, and the controls below a line that says what each of them is."""
    points = finding.points + finding.controls
    head, *lines = _columns([HEADINGS] + [_line(point) for point in points], "lrrrllrl")
    what = {control.name: control.what for control in finding.law.controls}
    table, above = [head], ""
    for point, line in zip(points, lines):
        if point.control != above:
            table.append(_wrap(f"control, {point.control}: {what[point.control]}", "  "))
        table.append(line)
        above = point.control
    return table


def _line(point):
    low, high = (point.ratio(end) for end in (point.mean.low, point.mean.high))
    band = _span(*(point.ratio(end) for end in point.band)) if point.band else "–"
    losses = "–" if point.loss_events is None else str(point.loss_events)
    others = findings.uncounted(point.cell.others)
    lies = point.where + (f" ({', '.join(others)})" if others else "")
    ratio = f"{wording.number(point.ratio(point.mean.value))} {_brackets(low, high)}"
    return ["  " * bool(point.control) + point.label,
            f"{point.mean.n}{'*' * (point.mean.n < stats.FEWEST)}",
            wording.number(point.mean.value), wording.number(point.expected), ratio, band, losses,
            lies]


def _reasons(finding):
    """Why the verdict is what it is, as far as the table does not show it by itself."""
    judged = [point for point in finding.points + finding.controls if not point.reason]
    lines = []
    if finding.outcome == theory.HOLDS:
        lines.append("every cell that was judged lies inside, every control outside")
    if any(point.where == findings.NO_INTERVAL for point in judged):
        lines.append("too few runs: from a single block no interval follows")
    if finding.law.counts_events:
        lines += [f"{point.label}: fewer than {theory.FEWEST_EVENTS} loss events "
                  f"({point.loss_events})" for point in finding.points if point.few_losses]
    return lines + [line.removeprefix(f"{finding.law.name}: ") for line in finding.reasons
                    if not _shown(line)]


def _shown(line):
    """Whether a reason of the judge stands in the table, or among the lines of `_reasons`."""
    expected = theory.OUTSIDE if ": control " in line else theory.INSIDE
    return (f" lies {expected} " in line or "without an interval" in line
            or line.startswith("fewer than "))


def _notes(points):
    """The points' notes; one that all of them share is told once."""
    notes = {point.label: point.note for point in points if point.note}
    if len(notes) == len(points) and len(set(notes.values())) == 1:
        return list(notes.values())[:1]
    return [f"{label}: {note}" for label, note in notes.items()]


def _brackets(low, high):
    return "" if math.isnan(low) else f"[{_span(low, high)}]"


def _span(low, high):
    return f"{wording.number(low)}, {wording.number(high)}"


def _fit(report):
    lines = ["C of Mathis, fitted: " + ("" if report.mathis_c else "not measured")]
    lines += [f"  {where}: {wording.number(mean.value)} {_brackets(mean.low, mean.high)}, "
              f"n = {mean.n}" for where, mean in report.mathis_c.items()]
    return "\n".join(line.rstrip() for line in lines)


def _columns(lines, sides):
    widths = [max(len(line[place]) for line in lines) for place in range(len(sides))]
    return ["  " + "  ".join(text.rjust(width) if side == "r" else text.ljust(width)
                             for text, width, side in zip(line, widths, sides)).rstrip()
            for line in lines]


def _wrap(text, indent):
    return textwrap.fill(text, WIDTH, initial_indent=indent, subsequent_indent=indent + "  " * (
        indent != ""), break_long_words=False, break_on_hyphens=False)


def frame(report):
    """One row for each point and control, in the order of the report."""
    return pd.DataFrame([record(finding, point) for finding in report.findings
                         for point in finding.points + finding.controls], columns=COLUMNS)


def record(finding, point):
    """The numbers of one point by the names of COLUMNS; None where there is none."""
    cell, mean = point.cell, point.mean
    band = point.band or (None, None)
    ends = {"measured": mean.value, "low": mean.low, "high": mean.high}
    ratios = {"ratio": mean.value, "ratio_low": mean.low, "ratio_high": mean.high}
    return {"law": finding.law.name, "control": point.control, "cell": point.label,
            "link": cell.link, "congestion": cell.algorithm, "connections": cell.connections,
            "receive_buffer_bytes": cell.buffer_bytes, "file_bytes": cell.file_bytes,
            "background_flows": cell.background, "experiments": " ".join(cell.experiments),
            "n": mean.n, "unit": finding.law.unit,
            **{name: _plain(value) for name, value in ends.items()},
            "law_value": float(point.expected), "band_low": _plain(band[0]),
            "band_high": _plain(band[1]),
            **{name: _plain(point.ratio(value)) for name, value in ratios.items()},
            "loss_events": point.loss_events, "void": cell.others.get("void", 0),
            "lies": point.where, "why_not_judged": point.reason, "note": point.note,
            "outcome": finding.outcome}


def _plain(value):
    """A number for JSON: None where it is none."""
    return None if value is None or math.isnan(value) else float(value)


def save_json(report, path):
    """Writes the report, the values of all blocks included, to `path`."""
    laws = [{"name": finding.law.name, "claim": finding.law.claim,
             "quantity": finding.law.quantity, "unit": finding.law.unit,
             "outcome": finding.outcome, "reasons": finding.reasons, "missing": finding.missing,
             "points": _records(finding, finding.points),
             "controls": _records(finding, finding.controls)} for finding in report.findings]
    fits = {where: {"c": mean.value, "low": _plain(mean.low), "high": _plain(mean.high),
                    "n": mean.n} for where, mean in report.mathis_c.items()}
    whole = {"schema": 1, "laws": laws, "mathis_c": fits, "runs_not_counted": report.others}
    path.write_text(json.dumps(whole, indent=2, ensure_ascii=False, allow_nan=False) + "\n",
                    encoding="utf-8")


def _records(finding, points):
    return [{**record(finding, point), "values": [float(value) for value in point.mean.values]}
            for point in points]
