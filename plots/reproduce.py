"""Measuring a figure again: with which options, and whether the new results agree with the old.

`options(results, experiments, figure)` are those of dlab_bench; `compare(old, new)` holds two
results folders against each other, cell by cell.
"""

import argparse
import math
from dataclasses import dataclass

import pandas as pd

from plots import cells, recorded, results, stats, wanted, wording

AGREES, DIFFERS, OPEN = "agrees", "differs", "cannot tell"
WIDE = 1.5      # an interval whose upper end is more times the lower one agrees with too much
ACROSS = ("heatmap",)               # figures of all experiments
# Figures of a session that are drawn from the experiments which want one of these.
SHARED = {"latency": ("stages", "connections", "packets")}
# Options of the recorded command that hold again.
KEPT = ("--filter", "--budget", "--experiments", "--contestants")
HOW = f"""\
Mean goodput with its 95 % interval, {stats.FEWEST} runs or more. differs: the two intervals lie \
apart. agrees: each mean lies in the other's interval, and neither interval is wider than \
{WIDE:g} times its lower end. Else it cannot be told."""
EXAMPLES = """\
examples:
  ./plots.sh reproduce connections-wan results/latest --options
  ./plots.sh reproduce connections-wan results/OLD --with results/NEW

exit status: 0 done, whatever came out; 2 wrong command line, or something could not be read
"""


@dataclass(frozen=True)
class Pair:
    """One cell twice: goodputs in Mbit/s as `stats.Estimate`."""

    label: str
    link: str
    old: stats.Estimate
    new: stats.Estimate

    @property
    def outcome(self):
        ends = [end for one in (self.old, self.new) for end in (one.low, one.high)]
        if any(math.isnan(end) for end in ends):
            return OPEN
        if self.old.high < self.new.low or self.new.high < self.old.low:
            return DIFFERS
        narrow = all(one.high <= WIDE * one.low for one in (self.old, self.new))
        inside = (self.old.low <= self.new.mean <= self.old.high
                  and self.new.low <= self.old.mean <= self.new.high)
        return AGREES if narrow and inside else OPEN


def experiments(figure, found, data=None):
    """The experiments of `found` (Results) that `figure` was drawn from, in the order of
    runs.csv; `data`: its plotted numbers, if not those saved beside it."""
    known = list(found.runs["experiment"].unique())
    own = [name for name in known if figure == name or figure.startswith(f"{name}-")]
    if own:
        return [max(own, key=len)]
    if figure in ACROSS:
        return known
    shown = _saved_numbers(found, figure) if data is None else data
    if "experiment" in shown:
        used = set(shown["experiment"])
    else:
        runs = set(shown["run_id"]) if "run_id" in shown else set()
        used = set(found.runs.loc[found.runs["run_id"].isin(runs), "experiment"])
    return [name for name in known if name in used] or _asking(figure, found)


def _asking(figure, found):
    """The experiments that want what the file `figure` shows, whose numbers do not name them."""
    kind = figure.split("-")[0]
    names = wanted.wanting(found.meta, found.runs, *SHARED.get(kind, [kind]))
    return [name for name in names
            if kind not in wanted.CALLED_AFTER_IT or figure.endswith(f"-{name}")]


def _saved_numbers(found, figure):
    """The plotted numbers beside the saved figure; none where it was not drawn."""
    try:
        return pd.read_csv(found.folder / "figures" / f"{figure}.csv", dtype={"run_id": str})
    except (OSError, ValueError):
        return pd.DataFrame()


def options(found, names, figure=""):
    """The options of dlab_bench, a list, that measure the experiments `names` again, of a figure of
    one link that link alone; None without a seed, or without an experiment."""
    seed = found.meta.get("seed")
    if not isinstance(seed, int) or not names:
        return None
    words = ["--full" if found.meta.get("set") == "full" else "--quick"]
    for name in names:
        words += ["--experiment", name]
    kept = _kept(recorded.listed(found.meta, "command_line"))
    if not any(word.startswith("--filter") for word in kept):
        kept += _of_link(found, names, figure)
    return words + ["--seed", str(seed)] + kept


def _of_link(found, names, figure):
    """`--filter` for the cells of the link that ends the name of `figure`; nothing where it is of
    no link, or of the only one. The bench names a contestant's cells by what sets them apart."""
    runs = cells.of_experiment(found.runs, *names)
    link = next((name for name in runs["link"].unique() if figure.endswith(f"-{name}")), "")
    if not link or runs["link"].nunique() == 1:
        return []
    several = runs.groupby(["experiment", "contestant"])["link"].nunique() > 1
    there = runs[runs["link"] == link]
    mine = [key for key, _ in cells.groups(there, ["experiment", "contestant"])]
    words = ["/".join(key) + (f"/(.*/)?link:{link}" * bool(several[key])) for key in mine]
    return ["--filter", f"^({'|'.join(words)})(/|$)"]


def _kept(command):
    """The options of the recorded command that say what is measured, and how much of it."""
    command, words = [str(word) for word in command], []
    for place, word in enumerate(command):
        if word in KEPT:
            words += command[place:place + 2]
        elif word.startswith(tuple(f"{name}=" for name in KEPT)):
            words.append(word)
    return words


def compare(old, new):
    """[Pair] of the cells that both Results measured, in sorted order."""
    halves = [cells.by_algorithm(cells.counted(found.runs)) for found in (old, new)]
    both = pd.concat(halves)
    varied = cells.varying(both, cells.KEY) or ["contestant"]
    keys = [{tuple(_plain(value) for value in key): rows
             for key, rows in cells.groups(half, cells.KEY)} for half in halves]
    return [Pair(cells.label(rows.iloc[0], varied), rows["link"].iloc[0], cells.goodput(rows),
                 cells.goodput(keys[1][key]))
            for key, rows in keys[0].items() if key in keys[1]]


def _plain(value):
    """A value that equals its like: blanks are None, not NaN."""
    return None if pd.isna(value) else value


def differences(old, new):
    """Lines on what else differs between the two folders: commit, kernel, processor."""
    pairs = [(name, old.meta.get(name), new.meta.get(name)) for name in ("commit", "kernel")]
    pairs.append(("processor", *[recorded.section(one.meta, "machine").get("cpu")
                                 for one in (old, new)]))
    return [f"{name}: {before} before, {after} now" for name, before, after in pairs
            if before != after]


def text(old, new):
    """The comparison for a terminal."""
    compared = compare(old, new)
    if not compared:
        return "no cell was measured in both"
    width = max(len(pair.label) for pair in compared)
    lines = [f"{pair.outcome:<11}  {pair.label:<{width}}  {_words(pair, pair.old)} before, "
             f"{_words(pair, pair.new)} now" for pair in compared]
    counts = [f"{sum(pair.outcome == word for pair in compared)} {says}" for word, says in
              ((AGREES, "agree"), (DIFFERS, "differ"), (OPEN, "cannot be told"))]
    return "\n".join(lines + differences(old, new)
                     + ["", f"of {wording.count(len(compared), 'cell')}: {', '.join(counts)}", HOW])


def _words(pair, estimate):
    """'94.1 Mbit/s [93.9, 94.3], n = 8'."""
    unit, factor = wording.rate_unit(pair.link)
    low, high = (wording.number(end * factor) for end in (estimate.low, estimate.high))
    span = "no interval" if math.isnan(estimate.low) else f"[{low}, {high}]"
    return f"{wording.number(estimate.mean * factor)} {unit} {span}, n = {estimate.n}"


def main(arguments):
    """Runs `./plots.sh reproduce` with `arguments` (list of str); returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="./plots.sh reproduce", epilog=EXAMPLES,
        description="Says how to measure a figure again, or whether that gave the same.",
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("figure", metavar="FIGURE", help="a figure's or an experiment's name")
    parser.add_argument("results", metavar="RESULTS", help="the results folder it was drawn from")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--options", action="store_true", help="print dlab_bench's, one a line")
    what.add_argument("--with", dest="new", metavar="NEW", help="the folder with the new results")
    chosen = parser.parse_args(arguments)
    try:
        old = results.load(chosen.results, only_runs=True)
        if chosen.options:
            return _print_options(parser, chosen.figure, old)
        print(text(old, results.load(chosen.new, only_runs=True)))
    except results.ResultsError as error:
        parser.exit(2, f"plots: {error}\n")
    return 0


def _print_options(parser, figure, found):
    names = experiments(figure, found)
    words = options(found, names, figure)
    if words is None:
        why = ("meta.json tells no seed" if names else
               f"no run tells from what {figure} is drawn (draw the figures first?)")
        parser.exit(2, f"plots: {found.folder}: {why}\n")
    print("\n".join(words))
    return 0
