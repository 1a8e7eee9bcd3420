"""Who brought which bytes when, from several mirrors of which one may fail (part 4)."""

import pandas as pd
from matplotlib.patches import Patch, Rectangle

from plots import caption, cells, mirrors, one_run, style, wording
from plots.output import Drawing

NAME = "failover"
ASKS = "Who brought what, and who took over?"
HATCHES = ["", "////", "....", "xxxx", "----", "++++"]
MARGIN = 1.17     # of the time axis: room for what each mirror brought
LABELLED = 0.06   # of both axes: a box so large has its mirror's number
HOW = ("Above: when each mirror delivered; the number is what it brought. Below: each range from its "
       "first byte to its last, against its place in the file. Dashed: when a mirror was killed, "
       "halted or slowed down or began to lie. Cross: the last that came from one that failed.")


def draw(results):
    """A figure for each case: one run for each way to select, side by side."""
    good = mirrors.counted(results)
    told = results.latency[results.latency["mirror"].notna()]
    good = good[good["run_id"].isin(told["run_id"].unique())]
    for text, rows in mirrors.by_case(good):
        panels = [_panel(told, schedule, runs) for schedule, runs in mirrors.by_schedule(rows)]
        if panels:
            yield _figure(results, text, panels)


def _panel(latency, schedule, rows):
    """(schedule, the run nearest to the median, its fellows, its ranges)."""
    run = one_run.nearest_first(rows).iloc[0]
    ranges = latency[latency["run_id"] == run["run_id"]].dropna(subset=["first_byte_s", "done_s"])
    return schedule, run, rows, ranges.sort_values(["first_byte_s", "offset_bytes"])


def _figure(results, text, panels):
    fates = mirrors.fates(text)
    figure, axes = style.sheet(2, len(panels), panel=(4.6, 2.2), sharex="col", sharey="row",
                               gridspec_kw={"height_ratios": [1, 1.7]})
    for column, (schedule, run, _, ranges) in enumerate(panels):
        upper, lower = axes[:, column]
        _draw_lanes(upper, ranges, fates)
        _draw_places(lower, ranges)
        for place in (upper, lower):
            _draw_fates(place, fates)
        _draw_last(lower, ranges, fates)
        upper.set_title(f"{schedule}: {wording.seconds(run['time_s'])}, "
                        f"{wording.times(run['over_ideal'])} times S / Σr")
        lower.set_xlim(0, max(ranges["done_s"].max(), run["time_s"]) * MARGIN)
        lower.set_ylim(0, run["file_bytes"] / 1e6)
        lower.set_xlabel("time since the first connect, s")
    axes[0, 0].set_ylabel("mirror")
    axes[1, 0].set_ylabel("place in the file, MB")
    runs = pd.concat([rows for *_, rows, _ in panels])
    told = caption.build(results, [_which(text, panels), HOW], runs)
    style.finish(figure, ASKS, told, _handles(len(fates)))
    data = pd.concat([ranges.assign(schedule=schedule) for schedule, *_, ranges in panels])
    return Drawing(f"{NAME}-{mirrors.name(text)}", figure, data.drop(columns=["intended_s"]), told)


def _which(text, panels):
    """'Mirrors: 1 of 4 killed after 0.8 s. Runs r10, r5, each nearest to the median of ...'."""
    names = ", ".join(run["run_id"] for _, run, *_ in panels)
    number = min(len(rows) for _, _, rows, _ in panels)
    nearest = f", each nearest to the median of {number} with ranges recorded" * (number > 1)
    what = cells.label(panels[0][1], ["contestant", "connections"])
    return f"Mirrors: {mirrors.case(text)}; {what}. Run {names}{nearest}."


def _look(mirror):
    """How the boxes of a mirror look, the same in every figure."""
    mirror = int(mirror)
    return {"facecolor": style.COLOURS[mirror % len(style.COLOURS)], "alpha": 0.75,
            "hatch": HATCHES[mirror % len(HATCHES)], "edgecolor": "white", "linewidth": 0.7}


def _handles(number):
    return [Patch(label=f"mirror {mirror + 1}", **_look(mirror)) for mirror in range(number)]


def _draw_lanes(axes, ranges, fates):
    for one in ranges.itertuples():
        axes.add_patch(Rectangle((one.first_byte_s, one.mirror + 0.6),
                                 one.done_s - one.first_byte_s, 0.8, **_look(one.mirror)))
    brought = ranges.groupby("mirror")["bytes"].sum()
    for mirror in range(len(fates)):
        axes.annotate(mirrors.size(brought.get(mirror, 0)), (1.0, mirror + 1),
                      xycoords=("axes fraction", "data"), xytext=(-2, 0), va="center", ha="right",
                      textcoords="offset points", fontsize=style.note_size())
    axes.set_ylim(len(fates) + 0.6, 0.4)
    axes.set_yticks(range(1, len(fates) + 1))
    axes.grid(axis="y", visible=False)


def _draw_places(axes, ranges):
    whole = ranges["offset_bytes"].max() + ranges["bytes"].max()
    for one in ranges.itertuples():
        wide, high = one.done_s - one.first_byte_s, one.bytes / 1e6
        axes.add_patch(Rectangle((one.first_byte_s, one.offset_bytes / 1e6), wide, high,
                                 **_look(one.mirror)))
        if wide > LABELLED * ranges["done_s"].max() and one.bytes > 0.5 * LABELLED * whole:
            axes.text(one.first_byte_s + wide / 2, one.offset_bytes / 1e6 + high / 2,
                      f"{one.mirror + 1:g}", ha="center", va="center",
                      fontsize=style.note_size(),
                      bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6})


def _draw_fates(axes, fates):
    for fate in fates:
        if fate.turns:
            axes.axvline(fate.at_s, color="black", linestyle=(0, (4, 2)), linewidth=1.0)


def _draw_last(axes, ranges, fates):
    """Where a mirror that failed stopped."""
    for mirror, fate in enumerate(fates):
        own = ranges[ranges["mirror"] == mirror]
        if not fate.remains and len(own):
            last = own.loc[own["done_s"].idxmax()]
            axes.plot([last["done_s"]], [(last["offset_bytes"] + last["bytes"]) / 1e6], "X",
                      color="black", markersize=7, markeredgecolor="white", clip_on=False,
                      zorder=5)
