"""Each law beside what was measured for it: points, controls, what is missing, and the verdict."""

import math
from dataclasses import dataclass, field, replace

import pandas as pd

from plots import bounds, links, theory, windows, wording
from plots.theory_report import estimates, places, rows

NO_VERDICT = "no verdict"      # nothing but links that are not certified
NOT_JUDGED = "not judged"
NO_INTERVAL = "no interval"


@dataclass(frozen=True)
class Point:
    """One cell's measurement beside the law. `control`: its name, "" for the law's own points.
    `about`: the settings at which `expected` and `band` are the law's, all three as `theory.Law`
    has them; `where`: the judge's word, NO_INTERVAL or NOT_JUDGED; `reason`: why it is not judged,
    "" where it is. `note`: what else one should know of it."""

    control: str
    cell: rows.Cell
    label: str
    mean: estimates.Mean
    loss_events: int
    about: dict
    expected: float
    band: tuple
    where: str
    reason: str = ""
    note: str = ""

    @property
    def measurement(self):
        return theory.Measurement(self.mean.value, self.mean.low, self.mean.high, self.about,
                                  self.loss_events)

    @property
    def few_losses(self):
        """Whether the judge says so of it: see `theory.FEWEST_EVENTS`."""
        return (not self.control and not self.reason and self.loss_events is not None
                and self.loss_events < theory.FEWEST_EVENTS)

    def ratio(self, value):
        """`value`, in the law's unit, as a multiple of what the law expects."""
        return value / self.expected


@dataclass(frozen=True)
class Finding:
    """`outcome`: the judge's, or NO_VERDICT. `missing`: a line for each cell without a value."""

    law: theory.Law
    points: list
    controls: list
    missing: list
    outcome: str
    reasons: list


@dataclass(frozen=True)
class Report:
    """`mathis_c`: {where: Mean}, fitted. `rows`: all runs of the laws' cells; `others`: how many of
    them do not count, by why."""

    findings: list
    mathis_c: dict
    others: dict
    rows: object = field(repr=False)


def find(results):
    """The Report on all laws."""
    wanted = [place for where in (*places.LAW.values(), *places.CONTROL.values())
              for place in where]
    cells = [cell for cell in rows.gather(rows.usable(results))
             if any(place.has(cell, *one) for place in wanted for one in place.cells())]
    seeker = _Seeker(results, cells)
    found = [seeker.finding(law) for law in theory.LAWS.values()]
    used = [cell.tried for cell in cells]
    others = {}
    for cell in cells:
        for word, number in cell.others.items():
            others[word] = others.get(word, 0) + number
    return Report(found, _mathis_c(found), others,
                  pd.concat(used) if used else results.runs.iloc[:0])


class _Seeker:
    """Looks up cells, links' certificates and windows of one results folder."""

    def __init__(self, results, cells):
        self.results, self.meta = results, results.meta
        self._samples = None
        self.cells = [self._with_round_trip(cell) for cell in cells]

    def _read_samples(self):
        if self._samples is None:
            self._samples = rows.samples(self.results)
        return self._samples

    def _with_round_trip(self, cell):
        """`cell`; in one of timed runs over a link that loses packets, with the round trip that the
        senders saw: the laws of loss speak of that, and not of an empty link's."""
        if not cell.timed or cell.rows.empty or not (cell.rows["loss_pct"] > 0).all():
            return cell
        return replace(cell, rtt_s=windows.round_trip_s(self._read_samples(), cell.rows))

    def _window(self, cell):
        """(bytes, note): the window that was there, else the one that was asked for."""
        flight = windows.flight_bytes(self._read_samples(), cell.rows)
        asked = wording.size(cell.buffer_bytes)
        if flight is None:
            return cell.buffer_bytes, f"window: {asked} asked for; no samples tell what was there"
        return flight, f"window: {flight / 1e3:.1f} kB in flight, {asked} asked for"

    def finding(self, law):
        """The Finding on one theory.Law."""
        own, missing = self._measured(law, "", places.LAW[law.name])
        points = [self._point(law, "", *one, one[0]) for one in own]
        controls = []
        for control in law.controls:
            found, lacking = self._measured(law, control.name,
                                            places.CONTROL[law.name, control.name])
            missing += [f"control {control.name}: {line}" for line in lacking]
            for one in found:
                controls += [self._point(law, control.name, *one, cell)
                             for cell in _imitated(law, control, one[0], own)]
        return self._judged(law, points, controls, missing)

    def _measured(self, law, control, where):
        """([(cell, values by block, loss events)], lines on what is missing)."""
        found, missing = [], []
        for place in where:
            for number, size in place.cells():
                cells = [cell for cell in self.cells if place.has(cell, number, size)]
                good = [one for one in (self._values(law, cell) for cell in cells) if one]
                good = [one for one in good if control or _worth(law, one)]
                found += good
                if place.planned and not good:
                    others = [text for cell in cells for text in uncounted(cell.others)]
                    why = f" ({', '.join(others)})" if others else ""
                    missing.append(f"{_name(place, number, size, law)} not measured{why}")
        return found, missing

    def _values(self, law, cell):
        """(cell, its values by block, its loss events), or None where there are none."""
        if cell.rows.empty:
            return None
        if law.name not in places.OVER_RENO:
            values = places.VALUE[law.name](cell)
            return (cell, values, cell.loss_events) if len(values) else None
        for reno in self.cells:
            if _like(reno, cell) and len(values := estimates.over(cell, reno)):
                seen = [cell.loss_events, reno.loss_events]
                return cell, values, None if None in seen else min(seen)
        return None

    def _point(self, law, control, cell, values, events, imitated):
        """The Point of `cell`, held to the law at the settings of the cell `imitated`."""
        about, note = dict(imitated.settings), ""
        if imitated.buffer_bytes is not None:
            about["window_bytes"], note = self._window(imitated)
        if law.counts_events and imitated.rtt_s is not None:
            note = _round_trip(imitated)
        average = _average(law, values)
        band = theory.band_of(law, about)
        reason = uncertified(self.meta, sorted({cell.link, imitated.link}))
        reason = reason or ("" if band else "the law says nothing here")
        point = Point(control, cell, _label(cell, imitated, law), average, events, about,
                      law.expected(about), band, NOT_JUDGED, reason, note)
        if reason:
            return point
        single = average.n < estimates.FEWEST_FOR_AN_INTERVAL
        return replace(point, where=NO_INTERVAL if single
                       else theory.place(point.measurement, band))

    def _judged(self, law, points, controls, missing):
        """The Finding: the judge's verdict on the points and controls whose links are certified."""
        judged = [point for point in points if not point.reason]
        by_name = {control.name: [point.measurement for point in controls
                                  if point.control == control.name and not point.reason]
                   for control in law.controls}
        verdict = theory.judge(law, [point.measurement for point in judged], by_name)
        reasons = [_measured_but_barred(line, law, controls) for line in verdict.reasons]
        barred = {f"not judged: {point.reason}" for point in points + controls
                  if point.band and point.reason}
        if barred and points and not judged:
            return Finding(law, points, controls, missing, NO_VERDICT, sorted(barred))
        return Finding(law, points, controls, missing, verdict.outcome, reasons + sorted(barred))


def _round_trip(cell):
    asked = cell.rows["rtt_ms"].iloc[0]
    return f"round trip: {1e3 * cell.rtt_s:.1f} ms as the sender saw it, {asked:g} without waiting"


def _measured_but_barred(line, law, controls):
    """The judge's `line`; of a control that was measured, but on a link without a certificate, it
    does not say that it was not."""
    for name in {point.control for point in controls if point.band and point.reason}:
        if line.startswith(f"{law.name}: the control {name} was not measured"):
            return f"{law.name}: the control {name} was measured, but cannot be judged"
    return line


def _worth(law, one):
    """Runs of other experiments may be too short for a law about loss events."""
    cell, _, events = one
    return (cell.planned or not law.counts_events or events is None
            or events >= theory.FEWEST_EVENTS)


def _like(reno, cell):
    return (reno.algorithm == "reno" and not reno.rows.empty
            and (reno.link, reno.connections, reno.buffer_bytes, reno.file_bytes, reno.background,
                 reno.timed) == (cell.link, cell.connections, cell.buffer_bytes, cell.file_bytes,
                                 cell.background, cell.timed))


def _imitated(law, control, cell, own):
    """The cells to whose bands a control is held."""
    rule = places.IMITATES.get((law.name, control.name))
    if rule is None:
        return [cell]
    return [point for point, _, _ in own if rule(cell, point)
            and (not control.connections or point.connections in control.connections)]


def uncertified(meta, names):
    """Why no conclusion may be drawn from one of the links `names`, "" where all are certified."""
    for name in names:
        certificate = links.certificate(meta, name)
        if not certificate.certified:
            return f"{name} is {certificate.words}"
    return ""


def uncounted(others):
    """['3 void', '1 failed']."""
    return [f"{number} {word}" for word, number in others.items()]


def _name(place, number, size, law):
    over = " over reno" if law.name in places.OVER_RENO else ""
    words = [place.link, place.algorithm + over, f"N = {number}"]
    if size is not None:
        words.append(wording.size(size))
    if place.buffer_bytes is not None:
        words.append(f"{wording.size(place.buffer_bytes)} buffer")
    return ", ".join(words + ["1 other flow"] * bool(place.background))


def _label(cell, imitated, law):
    """The cell in words; a control that imitates another says which."""
    place = places.Place(cell.link, cell.algorithm, buffer_bytes=cell.buffer_bytes,
                         background=cell.background)
    text = _name(place, cell.connections, None if cell.timed else cell.file_bytes, law)
    if not cell.planned:
        text += f" ({', '.join(cell.experiments)})"
    if imitated is cell:
        return text
    if imitated.link != cell.link:
        return f"{text}, as {imitated.link}"
    buffer = imitated.buffer_bytes
    return text + (f", as {wording.size(buffer)} buffer" if buffer is not None
                   else f", as N = {imitated.connections}")


def _average(law, values):
    if law.name in places.OVER_RENO:
        return estimates.geometric_mean(values)
    return estimates.mean(values, bounds.SHARE if law.name in places.SHARES
                          else bounds.NOT_NEGATIVE)


def _mathis_c(found):
    """The fitted C of each link and, over the blocks that have all of them, of all together."""
    points = [point for finding in found if finding.law.name == "mathis"
              for point in finding.points if not point.reason]
    fits = {point.label: point.mean for point in points}
    if len(points) > 1:
        by_block = [estimates.mathis_c(point.cell) for point in points]
        common = set.intersection(*(set(values.index) for values in by_block))
        if common:
            fits["all together"] = estimates.mean(
                [math.fsum(values[at] for values in by_block) / len(by_block)
                 for at in sorted(common)])
    return fits
