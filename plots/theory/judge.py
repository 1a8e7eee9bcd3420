"""Holds measurements to a law: inside its band, and its negative controls outside of theirs."""

import math
from dataclasses import dataclass, field

from plots.theory.laws import FEWEST_EVENTS, LAWS

HOLDS, FAILS, OPEN = "holds", "fails", "cannot tell yet"
INSIDE, OUTSIDE, ACROSS = "inside", "outside", "across"


@dataclass(frozen=True)
class Measurement:
    """A point estimate with its 95 % interval, in the law's unit; NaN ends: no interval.

    `cell`: the settings that the law needs. `loss_events`: seen in all its runs together, None
    where they were not counted.
    """

    value: float
    low: float
    high: float
    cell: dict = field(default_factory=dict)
    loss_events: int = None


@dataclass(frozen=True)
class Verdict:
    """`outcome` is HOLDS, FAILS or OPEN; `reasons` are lines of text, one a finding."""

    law: str
    outcome: str
    reasons: tuple

    @property
    def passed(self):
        return self.outcome == HOLDS


def band_of(law, cell):
    """(low, high) that `law` accepts at `cell`, or None; ValueError names a setting it lacks."""
    missing = [name for name in law.needs if name not in cell]
    if missing:
        raise ValueError(f"{law.name} needs a cell with {', '.join(law.needs)}: "
                         f"{', '.join(missing)} is missing")
    return law.band(cell)


def place(measured, band):
    """INSIDE when the whole interval lies in the band (ends included), OUTSIDE when none of it
    does, ACROSS when it lies across an end or there is no interval."""
    low, high = band
    if math.isnan(measured.low) or math.isnan(measured.high):
        return ACROSS
    if measured.low > measured.high or not measured.low <= measured.value <= measured.high:
        raise ValueError("a measurement must have low <= value <= high, not "
                         f"{measured.low}, {measured.value}, {measured.high}")
    if measured.high < low or measured.low > high:
        return OUTSIDE
    return INSIDE if low <= measured.low and measured.high <= high else ACROSS


def judge(law, measured, controls=None):
    """The Verdict on `law` (a Law, or its name in LAWS).

    `measured`: Measurements at the law's cells. `controls`: lists of Measurements by the control's
    name, each with the cell whose band it must miss. HOLDS: every interval inside, every control
    measured and outside. FAILS: an interval outside, or a control inside. OPEN: anything between,
    as too few runs for an interval, no control, or a point outside that saw fewer than
    FEWEST_EVENTS losses.
    """
    law = _known(law)
    controls = dict(controls or {})
    unknown = set(controls) - {control.name for control in law.controls}
    if unknown:
        raise ValueError(f"{law.name} has the controls "
                         f"{', '.join(control.name for control in law.controls)}, "
                         f"not {', '.join(sorted(unknown))}")
    findings = [_judge_points(law, measured)]
    findings += [_judge_control(law, control, controls.get(control.name, ()))
                 for control in law.controls]
    outcomes = [outcome for outcome, _ in findings]
    outcome = next((word for word in (FAILS, OPEN) if word in outcomes), HOLDS)
    return Verdict(law.name, outcome, tuple(line for _, lines in findings for line in lines))


def _known(law):
    if not isinstance(law, str):
        return law
    if law not in LAWS:
        raise ValueError(f"no law {law!r}: there are {', '.join(LAWS)}")
    return LAWS[law]


def _judge_points(law, measured):
    """(outcome, lines) of the law's own measurements."""
    outcomes, lines = [], []
    for point in measured:
        band = band_of(law, point.cell)
        if band is None:
            continue
        where = place(point, band)
        few = law.counts_events and _too_few(point)
        outcomes.append({INSIDE: HOLDS, OUTSIDE: OPEN if few else FAILS, ACROSS: OPEN}[where])
        lines.append(_line(law, "", point, band, where))
        if few:
            lines.append(f"fewer than {FEWEST_EVENTS} loss events: {point.loss_events}")
    if not outcomes:
        return OPEN, [f"{law.name}: nothing was measured where the law has a band"]
    return next((word for word in (FAILS, OPEN) if word in outcomes), HOLDS), lines


def _judge_control(law, control, measured):
    """(outcome, lines) of one negative control: HOLDS where it misses the band, as it must."""
    outcomes, lines = [], []
    for point in measured:
        band = band_of(law, point.cell)
        if band is None or not _tells(control, point.cell):
            continue
        where = place(point, band)
        outcomes.append({INSIDE: FAILS, OUTSIDE: HOLDS, ACROSS: OPEN}[where])
        lines.append(_line(law, f"control {control.name}, ", point, band, where))
    if not outcomes:
        return OPEN, [f"{law.name}: the control {control.name} was not measured: {control.what}"]
    return next((word for word in (FAILS, OPEN) if word in outcomes), HOLDS), lines


def _too_few(point):
    return point.loss_events is not None and point.loss_events < FEWEST_EVENTS


def _tells(control, cell):
    return not control.connections or cell.get("connections") in control.connections


def _line(law, who, point, band, where):
    unit = "" if law.unit == "1" else " " + law.unit
    at = f"N = {point.cell['connections']}: " if "connections" in point.cell else ""
    found = f"{point.value:.3g} ({point.low:.3g} to {point.high:.3g}){unit}"
    if math.isnan(point.low) or math.isnan(point.high):
        return f"{law.name}: {who}{at}{point.value:.3g}{unit} without an interval: too few runs"
    return (f"{law.name}: {who}{at}{found} lies {where} the band {band[0]:.3g} to {band[1]:.3g}"
            .replace("lies across", "lies across an end of"))
