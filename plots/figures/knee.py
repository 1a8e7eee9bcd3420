"""Latency under an open load: p99 against offered requests, and the knee."""

import pandas as pd

from plots import caption, cells, load, marks, style, wording
from plots.output import Drawing

NAME = "knee"
ASKS = "How much load does each server design hold?"
HOW = ("p99 of the latency, from when a request was due to its last byte. Pale: single runs. Joined "
       "marks: geometric mean. Bars: its 95 % interval (Student's t on the logs).")


def draw(results):
    """One panel for each size of the file; one curve for each server model."""
    good = load.counted(results)
    good = good[(good["loop"] == "open") & (good["latency_p99_s"] > 0)]
    if good.empty:
        return
    shown = [(rows, f"{wording.size(size)} file, open loop")
             for (size,), rows in cells.groups(good, ["file_bytes"])]
    figure, axes, page = marks.draw_panels(shown, _draw_panel, panel=(6.4, 3.8))
    axes[0].set_ylabel("99 % are done within (logarithmic)")
    behind = results.runs
    behind = behind[(behind["loop"] == "open") & behind["service_time_ms"].isna()]
    found = "; ".join(f"{record['curve']}: {record['knee']}" for record in page.records
                      if record["kind"] == "knee")
    text = caption.build(results, [HOW, load.RULE, f"Found: {found}."], behind, page.per_point)
    style.finish(figure, ASKS, text, page.handles())
    yield Drawing(NAME, figure, pd.DataFrame(page.records), text)


def _draw_panel(axes, rows, title, page):
    models = load.by_model(rows)
    axes.set_xscale("log")
    axes.set_yscale("log")
    for shift, (model, part) in zip(marks.shifts(len(models)), models):
        page.looks[model] = load.look(model)
        _draw_curve(axes, part, {"panel": title, "curve": model}, shift, page)
    style.values_as_ticks(axes.xaxis, rows["offered_requests_s"].unique(), "{:g}".format)
    axes.set_xlabel("offered, requests a second (logarithmic)")
    axes.set_title(title)
    axes.margins(x=0.12, y=0.12)
    style.time_ticks(axes.yaxis)


def _draw_curve(axes, rows, about, shift, page):
    look, points = page.looks[about["curve"]], []
    for offered, cell in marks.by_value(rows, "offered_requests_s"):
        estimate = load.log_mean(cell["latency_p99_s"])
        answered = load.answered(cell).mean()
        marks.points(axes, offered, cell["latency_p99_s"].to_numpy(), look, shift + marks.BESIDE)
        marks.bars(axes, [(offered, estimate)], look, shift)
        points.append((offered, estimate.mean, answered))
        page.per_point.append(estimate.n)
        here = {**about, "offered_requests_s": offered}
        page.records += [{**here, "kind": "run", "run_id": run_id, "latency_p99_s": value}
                         for run_id, value in zip(cell["run_id"], cell["latency_p99_s"])]
        page.records.append({**here, "kind": "mean", "n": estimate.n, "low": estimate.low,
                             "high": estimate.high, "latency_p99_s": estimate.mean,
                             "answered": answered})
    marks.line(axes, [point[:2] for point in points], look, shift)
    knee = load.find_knee(points)
    page.records.append({**about, "kind": "knee", "offered_requests_s": knee.at,
                         "knee": load.knee_words(knee)})
    if knee.at == knee.at and knee.beyond == knee.beyond:
        marks.ring(axes, knee.at, dict((at, p99) for at, p99, _ in points)[knee.at], look, shift)
