"""A section for each experiment: its question, its numbers, and the runs that do not count."""

from plots import caption, cells, recorded, terminal, wanted, wording
from plots.report import handbook
from plots.report.parts import Table, run_list

LOST = ["status", "program", "link", "runs", "which", "reason"]
RATIOS = ["ratio", "pairs", "geometric mean", "95 % interval", "median", "target"]


def sections(results):
    """One dict for each experiment, in the order of runs.csv."""
    return [_section(results, name, cells.of_experiment(results.runs, name))
            for name in results.runs["experiment"].unique()]


def _section(results, name, rows):
    told, figures = wanted.told(results.meta, name), wanted.figures(results.meta, name)
    good = cells.counted(rows)
    return {"name": name, "title": str(told.get("title") or name),
            "question": str(told.get("question") or ""), "figures": list(figures),
            "told": handbook.told(name, *figures),
            "counts": _counts(rows, good, told), "lost": lost(rows),
            "numbers": Table(f"The numbers of {name}", ["program and settings",
                                                        *terminal.HEADINGS[1:]],
                             terminal.numbers(good)) if len(good) else None,
            "ratios": _ratios(name, recorded.sections(told, "ratios"))}


def _counts(rows, good, told):
    """'81 runs, 76 of them count (not counted: 1 run void); stopped by budget.'"""
    tried = int(cells.tried(rows).sum())
    lost_words = caption.failures(rows)
    words = f"{wording.count(tried, 'run')}, {len(good)} of them count"
    words += f" (not counted: {lost_words})" if lost_words else ""
    warm = len(rows) - tried
    words += f"; {warm} more to warm up" if warm else ""
    stopped = told.get("stopped_by")
    return f"{words}{f'; stopped by: {stopped}' if stopped else ''}."


def lost(rows):
    """A Table of the runs that failed, were void or unavailable, by reason; None without any."""
    rows = rows[cells.tried(rows) & (rows["status"] != "ok")]
    lines = [[caption.NOT_COUNTED[status], wording.setting("contestant", contestant), link,
              str(len(part)), run_list(part["run_id"]), error or "no reason given"]
             for (status, contestant, link, error), part in cells.groups(
                 rows, ["status", "contestant", "link", "error"])] if len(rows) else []
    return Table("Runs that do not count, and why", LOST, lines) if lines else None


def _ratios(name, ratios):
    """A Table of the ratios that the runner wrote down; None without any."""
    lines = [_ratio(one) for one in ratios if one.get("n")]
    return Table(f"The ratios of {name}, as the bench found them", RATIOS,
                 lines) if lines else None


def _ratio(one):
    mean, low, high, median, target = (_number(one.get(key)) for key in (
        "geometric_mean", "low", "high", "median", "target"))
    return [str(one.get("name", "")), str(one["n"]), mean,
            f"{low} to {high}" if low and high else "none", median, target]


def _number(value):
    return wording.times(value) if recorded.is_number(value) and value > 0 else ""
