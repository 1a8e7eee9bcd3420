"""Do N connections help? A verdict for each link, algorithm and schedule of an experiment that
wants the verdict `connections`.

`find(results)` judges, `text(verdicts)` prints, `save(verdicts, results, path)` writes JSON.
"""

import json
import math
from dataclasses import dataclass

from plots import caption, cells, judging, links, pairs, stats, wanted, wording
from plots.judging import HELP, HURT, OPEN, SAME

WORD = "connections"
HOW = """\
A ratio says how many times faster N connections are than one (above 1 they are faster): the
geometric mean of the blocks' pairs, with its 95 % interval (Student's t on the logs). help: above
1.05; make no difference: within 0.95 to 1.05; hurt: below 0.95; each with the whole interval, of 8
pairs or more (5 where it lies beyond 1.5 or below 0.67), after Holm's correction over all ratios of
a link."""


@dataclass(frozen=True)
class Flow:
    """What the runs of one cell say of its limit: the `limited_by` that most of them name ("" where
    none does), how many name it, and their mean goodput."""

    limited_by: str
    named: int
    goodput: stats.Estimate


@dataclass
class Verdict:
    """One subject: a link under one algorithm with one schedule, in one experiment. `label` tells it
    from the others.

    `outcome` is that of its headline, None where no verdict may be given; `one` and `flows[N]` are
    the Flows with one and with N connections, `cause` the limit of the former in words; `capacity`
    is the link's, for payload, in Mbit/s.
    """

    experiment: str
    link: str
    label: str
    settings: dict
    certificate: links.Certificate
    capacity: float
    one: Flow
    cause: str
    flows: dict
    comparisons: list
    not_counted: str
    errors: list

    @property
    def outcome(self):
        if not self.certificate.certified:
            return None
        outcomes = [one.outcome for one in self.comparisons]
        return next((word for word in (HELP, HURT, SAME) if word in outcomes), OPEN)


def find(results):
    """The Verdicts of `results`, by experiment and link in the order of runs.csv; of several
    experiments, labels name theirs."""
    asking = wanted.of_verdict(results, WORD)
    found = [verdict for one in asking for verdict in _of_experiment(one.meta, one.runs)]
    if len(asking) > 1:
        for verdict in found:
            verdict.label = f"{verdict.experiment}, {verdict.label}"
    return found


def _of_experiment(meta, runs):
    runs = cells.by_algorithm(runs[cells.tried(runs)])
    return [verdict for link in runs["link"].unique()
            for verdict in _of_link(meta, runs[runs["link"] == link])]


def _of_link(meta, runs):
    subjects = list(cells.subjects(runs))
    compared = [_compare(rows) for _, rows in subjects]
    judged = iter(judging.judge([one for family in compared for one in family]))
    return [_verdict(meta, label, rows, [next(judged) for _ in family])
            for (label, rows), family in zip(subjects, compared)]


def _compare(rows):
    """[Comparison] of each N above 1 with one connection, block by block; timed runs by goodput."""
    good = cells.counted(rows)
    timed = good["planned_seconds"].notna().any()
    one, found = good[good["connections"] == 1], []
    for number in sorted(rows.loc[rows["connections"] > 1, "connections"].unique()):
        many = good[good["connections"] == number]
        ratio = (pairs.ratios(many, one, "run_goodput_mbit_s") if timed
                 else pairs.ratios(one, many, "time_s"))
        found.append(judging.compare(int(number), ratio))
    return found


def _verdict(meta, label, rows, comparisons):
    good, link, experiment = cells.counted(rows), rows["link"].iloc[0], rows["experiment"].iloc[0]
    settings = rows.iloc[0][cells.SUBJECT].to_dict()
    certificate = links.certificate(meta, link)
    flows = {int(number): _flow(good[good["connections"] == number])
             for number in sorted(rows["connections"].unique())}
    failed = rows[(rows["status"] != "ok") & (rows["error"] != "")]
    one = flows.pop(1, None)
    cause = links.cause(one.limited_by, rows.iloc[0]) if one else ""
    capacity = links.capacity(rows[["rate_mbit_s"]].max())
    return Verdict(experiment, link, label, settings, certificate, capacity, one, cause, flows,
                   comparisons, caption.failures(rows), sorted(failed["error"].unique()))


def _flow(cell):
    causes = cell.loc[cell["limited_by"] != "", "limited_by"].value_counts()
    most = min(causes[causes == causes.max()].index, default="")
    return Flow(most, int(causes.get(most, 0)), cells.goodput(cell))


def headline(verdict):
    """The verdict as one sentence, without its full stop."""
    if not verdict.certificate.certified:
        return f"{verdict.label}: no verdict, the link is {verdict.certificate.words}"
    missing = _missing(verdict)
    if missing:
        return f"{verdict.label}: {OPEN}, no run with {missing} counts{_failed(verdict)}"
    best = _telling(verdict)
    says = OPEN if verdict.outcome == OPEN else f"parallel connections {verdict.outcome}"
    advice = f"; {_advice(best)}" if verdict.outcome == OPEN else _others(verdict)
    network = "; this is CPU and memory, no network" if verdict.link == "loopback" else ""
    return (f"{verdict.label}: {says}: {_ratio(best.estimate)} at N = {best.connections}"
            f"{_of_several(verdict)}"
            f"{advice}; {_cause(verdict, best.connections)}{network}")


def _missing(verdict):
    """'one connection' or 'several connections' where no run with that many counts, else ''."""
    if verdict.one is None or not verdict.one.goodput.n:
        return "one connection"
    return "" if any(flow.goodput.n for flow in verdict.flows.values()) else "several connections"


def _telling(verdict):
    """The comparison that the headline quotes: with its outcome, and farthest from 1."""
    same = [one for one in verdict.comparisons if one.outcome == verdict.outcome]
    return max((one for one in same if one.estimate.n),
               key=lambda one: abs(math.log(one.estimate.mean)), default=same[-1])


def _of_several(verdict):
    """', the best of 4 that help': of several, the one quoted is a little too good (or too bad)."""
    same = sum(one.outcome == verdict.outcome and one.estimate.n > 0 for one in verdict.comparisons)
    words = "best of {} that help" if verdict.outcome == HELP else "farthest from 1 of {} alike"
    return f", the {words.format(same)}" if same > 1 else ""


def _ratio(estimate):
    if not estimate.n:
        return "no pairs"
    mean = estimate.mean
    span = "no interval" if math.isnan(estimate.low) else ", ".join(
        wording.times(end, mean) for end in (estimate.low, estimate.high))
    return f"{wording.times(mean)}x [{span}]"


def _advice(one):
    if one.more is None:
        return (f"more than {judging.MOST_MORE} more repetitions: it lies too close to a limit or "
                "scatters too much")
    return f"about {wording.count(one.more, 'more repetition')}"


def _others(verdict):
    """What else is told or open at other N: '; at N = 50 they hurt'."""
    words = []
    for outcome in (HURT, SAME, OPEN):
        numbers = [str(one.connections) for one in verdict.comparisons if one.outcome == outcome]
        if numbers and outcome != verdict.outcome:
            at = f"at N = {', '.join(numbers)}"
            words.append(f"; {outcome} {at}" if outcome == OPEN else f"; {at} they {outcome}")
    return "".join(words)


def _failed(verdict):
    errors = f" ({'; '.join(verdict.errors)})" if verdict.errors else ""
    return f": {verdict.not_counted}{errors}" if verdict.not_counted else ""


def _cause(verdict, number):
    """'cause: random loss, one flow is held to 7.40 Mbit/s of 96.5'."""
    held = {HELP: "is held to", OPEN: "carries"}.get(verdict.outcome, "already carries")
    words = (f"cause: {verdict.cause or 'not recorded'}, one flow {held} "
             f"{_rate(verdict, verdict.one)}")
    if math.isfinite(verdict.capacity):
        words += f" of {wording.number(verdict.capacity)}"
    if verdict.outcome == HURT:
        many = verdict.flows[number]
        words += f", {number} carry {_rate(verdict, many)}"
        words += f" (limited by: {many.limited_by})" if many.limited_by else ""
    return words


def _rate(verdict, flow):
    unit, factor = wording.rate_unit(verdict.link)
    return f"{wording.number(flow.goodput.mean * factor)} {unit}"


def text(verdicts):
    """All verdicts with what stands behind each, for a terminal; "" without any."""
    lines = []
    for verdict in verdicts:
        lines.append(headline(verdict))
        lines += [] if _missing(verdict) else [_line(verdict, one) for one in verdict.comparisons]
        if verdict.not_counted:
            lines.append(f"    not counted: {verdict.not_counted}")
    return "\n".join(lines + ["", HOW]) if verdicts else ""


def _line(verdict, one):
    says = f"  {one.outcome}" if verdict.certificate.certified else ""
    if says and one.outcome == OPEN:
        says += f" ({_advice(one)})"
    cause = verdict.flows[one.connections].limited_by
    return (f"    N = {one.connections:<3} {_ratio(one.estimate):<20}  n = {one.estimate.n:<3}"
            f" {_rate(verdict, verdict.flows[one.connections]):>12}  {cause:<16}{says}").rstrip()


def save(verdicts, results, path):
    """Writes the verdicts as JSON; the same bytes for the same results."""
    names = dict.fromkeys(verdict.experiment for verdict in verdicts) or [WORD]
    content = {"schema": 1, "experiment": ", ".join(names), "how": HOW,
               "commit": results.meta.get("commit"), "kernel": results.meta.get("kernel"),
               "verdicts": [record(verdict) for verdict in verdicts]}
    text_of = json.dumps(_plain(content), indent=2, ensure_ascii=False, allow_nan=False)
    path.write_text(text_of + "\n", encoding="utf-8")


def record(verdict):
    """One Verdict as verdicts.json has it; numbers that are not known are None or NaN."""
    settings = dict(verdict.settings)
    loopback, certified = verdict.link == "loopback", verdict.certificate.certified
    return {"experiment": verdict.experiment, "link": verdict.link,
            "congestion": settings.pop("congestion_requested"),
            "schedule": settings.pop("schedule"),
            "settings": {name: int(value) if isinstance(value, float) and value % 1 == 0 else value
                         for name, value in settings.items() if value == value and value != ""},
            "network": not loopback, "certified": None if loopback and certified else certified,
            "certificate": None if loopback and certified else verdict.certificate.words,
            "verdict": verdict.outcome, "text": headline(verdict),
            "capacity_mbit_s": verdict.capacity,
            "one_flow": None if verdict.one is None else _flow_json(verdict.one),
            "not_counted": verdict.not_counted, "errors": verdict.errors,
            "comparisons": [_comparison_json(verdict, one) for one in verdict.comparisons]}


def _comparison_json(verdict, one):
    certified, estimate = verdict.certificate.certified, one.estimate
    return {"connections": one.connections, "pairs": estimate.n, "ratio": estimate.mean,
            "low": estimate.low, "high": estimate.high, "median": estimate.median,
            "p_holm": one.p_holm if certified else None,
            "verdict": one.outcome if certified else None,
            "more_repetitions": one.more if certified else None,
            **_flow_json(verdict.flows[one.connections])}


def _flow_json(flow):
    return {"goodput_mbit_s": flow.goodput.mean, "runs": flow.goodput.n,
            "limited_by": flow.limited_by, "runs_limited_so": flow.named}


def _plain(value):
    """`value` with what JSON cannot say as null, and numbers with nine digits."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return float(f"{value:.9g}") if math.isfinite(value) else None
    return value
