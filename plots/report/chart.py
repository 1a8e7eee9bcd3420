"""The data of the chart that the reader steers: goodput against N for each link and algorithm."""

import numpy as np

from plots import cells, links, verdicts, wanted, wording
from plots.report.parts import short

SUBJECT = ["experiment", "link", "congestion_requested"]


def subjects(results):
    """One dict for each experiment, link and algorithm under which a program ran with several N.

    Goodputs are in `unit`. Points: [run id, N, goodput, limited by, block]; means: [N, mean, low,
    high, n]; model, where the experiment is `judged` by whether N connections help: [N, goodput].
    """
    good = cells.by_algorithm(cells.counted(results.runs))
    several = good.groupby([*SUBJECT, "contestant"])["connections"].transform("nunique") > 1
    return [_subject(results.meta, key, rows) for key, rows in cells.groups(good[several], SUBJECT)]


def _subject(meta, key, rows):
    experiment, link, algorithm = key
    unit, factor = wording.rate_unit(link)
    first = rows.iloc[0]
    numbers = np.arange(1, int(rows["connections"].max()) + 1)
    known = verdicts.WORD in wanted.verdicts(meta, experiment)
    model = links.model(first, algorithm, numbers) if known else None
    certificate = links.certificate(meta, link)
    words = "" if link == "loopback" and certificate.certified else certificate.words
    return {"experiment": experiment, "judged": known, "link": link, "algorithm": algorithm,
            "unit": unit,
            "about": wording.link(first), "certificate": words,
            "capacity": short(links.capacity(first) * factor),
            "formula": model.formula if model else "",
            "model": [[int(number), short(value * factor)] for number, value in
                      zip(numbers, model.goodput)] if model else [],
            "curves": [_curve(label, part, factor)
                       for label, part in cells.curves(rows, ["connections"])]}


def _curve(label, rows, factor):
    means, rows = [], rows.sort_values(["connections", "block"], kind="stable")
    for (number,), cell in cells.groups(rows, ["connections"]):
        one = cells.goodput(cell)
        means.append([int(number)] + [short(value * factor) for value in
                                      (one.mean, one.low, one.high)] + [one.n])
    points = [[run_id, int(number), short(goodput * factor), limited_by, int(block)]
              for run_id, number, goodput, limited_by, block in zip(
                  rows["run_id"], rows["connections"], rows["run_goodput_mbit_s"],
                  rows["limited_by"], rows["block"])]
    return {"label": label, "points": points, "means": means}
