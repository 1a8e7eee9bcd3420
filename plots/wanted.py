"""Which figures and verdicts an experiment wants.

Its file says so, and the bench copies that into meta.json. A session older than that is taken for
one of the experiments that bench/experiments has today, by their names.

A figure is a word of bench/figures.json, or an object that describes a sweep (`Sweep`).
"""

import json
import re
from dataclasses import MISSING, dataclass, fields, replace
from functools import cache
from pathlib import Path

from plots import cells, kinds, recorded
from plots.columns import TABLES

BENCH = Path(__file__).resolve().parents[1] / "bench"
KNOWN = json.loads((BENCH / "figures.json").read_text(encoding="utf-8"))
VERDICTS = ["ratios"]          # where nobody says anything else
OF_SESSIONS = KNOWN["figures_of_sessions"]  # drawn of all runs, whoever wants them
NAME = re.compile("[a-z0-9_]+")  # of a sweep: its files are called so
SETTINGS = set(cells.KEY) - {"experiment"}
QUANTITIES = ("goodput", "time")
# Figures whose drawings are called after the experiment, whatever else was run.
CALLED_AFTER_IT = ("price", "cost", "peers")


@dataclass(frozen=True)
class Sweep:
    """The figure of a quantity against one setting that was varied.

    `x`: the setting's column. `y`: "goodput" (a rate from zero) or "time" (logarithmic). `panels`:
    settings that make panels of their own, beside link, algorithm, size and sink. `remark`: a
    sentence for the caption.
    """

    name: str
    asks: str
    x: str
    x_label: str
    y: str = "goodput"
    panels: tuple = ()
    remark: str = ""


def told(meta, experiment):
    """What `meta` tells of the experiment, a dict; of what it leaves out its own file is asked."""
    entry = recorded.section(recorded.section(meta, "experiments"), experiment)
    return {**_planned(experiment), **entry}


@cache
def _planned(experiment):
    """The keys for readers in the experiment's own file; none where it cannot be read."""
    if not re.fullmatch(r"[\w.-]+", experiment):
        return {}
    try:
        text = (BENCH / "experiments" / f"{experiment}.json").read_text(encoding="utf-8-sig")
        planned = json.loads(text)
    except (OSError, ValueError):
        return {}
    kept = ("title", "question", "figures", "verdicts")
    return {key: planned[key] for key in kept if key in planned}


def figures(meta, experiment):
    """{name: its Sweep, None where the figure is a module} of what the experiment wants."""
    entries = [_figure(entry) for entry in recorded.listed(told(meta, experiment), "figures")]
    return dict(entry for entry in entries if entry)


def verdicts(meta, experiment):
    """The words of the verdicts that the experiment wants, a list."""
    about = told(meta, experiment)
    return [word for word in recorded.listed(about, "verdicts") if word in KNOWN["verdicts"]
            ] if "verdicts" in about else VERDICTS


def _figure(entry):
    """(name, Sweep or None) of an entry, None where it makes no sense."""
    if isinstance(entry, str):
        return (entry, None) if entry in KNOWN["figures"] else None
    sweep = _sweep(entry) if isinstance(entry, dict) else None
    return (sweep.name, sweep) if sweep else None


def _sweep(entry):
    """The Sweep that an object describes, None where a key is missing or makes no sense."""
    needed = {one.name for one in fields(Sweep) if one.default is MISSING}
    if not needed <= entry.keys() <= {one.name for one in fields(Sweep)}:
        return None
    panels = recorded.listed(entry, "panels")
    texts = [value for key, value in entry.items() if key != "panels"] + panels
    if not all(isinstance(text, str) for text in texts):
        return None
    sweep = Sweep(**{**entry, "panels": tuple(panels)})
    sound = (NAME.fullmatch(sweep.name) and sweep.name not in [*KNOWN["figures"], *OF_SESSIONS]
             and sweep.x in SETTINGS and kinds.is_number(TABLES["runs"][sweep.x])
             and sweep.y in QUANTITIES and set(panels) <= SETTINGS)
    return sweep if sound else None


def faults(meta):
    """A line for each thing that an experiment of `meta` wants and nobody knows."""
    lines = []
    for name in recorded.section(meta, "experiments"):
        about = told(meta, name)
        strange = [("figure", entry) for entry in recorded.listed(about, "figures")
                   if _figure(entry) is None]
        strange += [("verdict", entry) for entry in recorded.listed(about, "verdicts")
                    if entry not in KNOWN["verdicts"]]
        lines += [f"meta.json: experiment {_short(name)} wants a {kind} that is not known: "
                  f"{_short(entry)}" for kind, entry in strange]
    return lines


def _short(entry):
    """What stands in a JSON file, for a terminal."""
    return json.dumps(entry)[:80]


def wanting(meta, runs, *names):
    """The experiments of `runs` that want one of the figures `names`, in the order of runs.csv."""
    return [one for one in runs["experiment"].unique() if figures(meta, one).keys() & set(names)]


def of_figure(results, figure):
    """[Results of one experiment] for each that wants `figure`."""
    return [only(results, name) for name in wanting(results.meta, results.runs, figure)]


def judged(results, *words):
    """The experiments that want one of the verdicts `words`, in the order of runs.csv."""
    return [one for one in results.runs["experiment"].unique()
            if set(verdicts(results.meta, one)) & set(words)]


def of_verdict(results, word):
    """[Results of one experiment] for each that wants the verdict `word`."""
    return [only(results, name) for name in judged(results, word)]


def only(results, experiment):
    """`results` with the runs of one experiment alone."""
    return replace(results, runs=cells.of_experiment(results.runs, experiment))


def first(results, figure):
    """`results` with the runs of the first experiment that wants `figure`; none without any."""
    return next(iter(of_figure(results, figure)), only(results, ""))


def rows(results, figure):
    """The runs of the first experiment that wants `figure`."""
    return first(results, figure).runs


def sweeps(results):
    """{name: the question} of all figures of the session that are sweeps."""
    return {name: sweep.asks for experiment in results.runs["experiment"].unique()
            for name, sweep in figures(results.meta, experiment).items() if sweep}


def shipped_sweeps():
    """The same of bench/experiments."""
    names = sorted(path.stem for path in (BENCH / "experiments").glob("*.json"))
    return {name: sweep.asks for experiment in names
            for name, sweep in figures({}, experiment).items() if sweep}


def drawn_as(name, figure, experiment, results):
    """What the drawing `name` of `figure` is called: where several experiments want the figure, the
    experiment's name stands before it, should it not do so anyhow."""
    alone = figure in CALLED_AFTER_IT or len(wanting(results.meta, results.runs, figure)) < 2
    begins = f"{name}-".startswith(f"{experiment}-")
    return name if alone or begins else f"{experiment}-{name}"
