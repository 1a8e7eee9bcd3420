"""Experiments of which nothing can be drawn, and why: one line each."""

from plots import caption, cells


def empty_experiments(results):
    """['sizes: no run counts (6 runs failed)', 'short: runs.csv has no row of it']: those of
    runs.csv in its order, then those that only meta.json names."""
    lines = []
    for name in results.runs["experiment"].unique():
        rows = cells.of_experiment(results.runs, name)
        if cells.counted(rows).empty:
            why = caption.failures(rows) or "nothing but runs to warm up"
            lines.append(f"{name}: no run counts ({why})")
    planned = results.meta.get("experiments")
    known = set(results.runs["experiment"])
    return lines + [f"{name}: runs.csv has no row of it"
                    for name in (planned if isinstance(planned, dict) else ()) if name not in known]
