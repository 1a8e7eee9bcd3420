"""Draws the figures of a results folder and prints its table: `./plots.sh RESULTS`.

The package meets the rest of the lab only at the files `runs.csv`, `latency.csv`, `samples.csv`
and `meta.json`, which `docs/metrics.md` explains column by column.
"""
