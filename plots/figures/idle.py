"""What clients cost that do nothing: memory, and the busy ones' p99."""

import pandas as pd

from plots import bounds, caption, cells, load, marks, pairs, stats, style
from plots.output import Drawing

NAME = "idle"
ASKS = "What do idle clients cost?"
SAME = ["clients", "file_bytes", "requests_per_connection", "loop"]
KIB_AT_MOST, P99_AT_MOST = 4.0, 1.5
HOW = ("Each run beside the run of its block without idle clients. Memory: what the server's "
       "processes held more (pages of no file; the kernel's own are not in it), over the idle "
       "connections that were still open at the end. p99: the busy clients' latency over that without the idle ones. Pale: pairs. "
       "Marks and bars: mean (of ratios the geometric one) and 95 % interval. Dotted: the lab's own "
       f"aim, {KIB_AT_MOST:g} KiB and {P99_AT_MOST:g}.")


def draw(results):
    """Two panels, memory and p99; a line for each model and number of idle clients."""
    good = load.counted(results)
    good = cells.without(good[good["loop"] == "closed"], ["slow_clients"])
    lines = list(_lines(good))
    if not lines:
        return
    figure, axes = style.sheet(1, 2, panel=(4.3, 1.0 + 0.3 * len(lines)), sharey=True)
    records = _draw(axes[0], lines)
    axes[0, 0].set_yticks(range(len(lines)), [name for name, *_ in lines])
    axes[0, 0].set_ylim(len(lines) - 0.4, -0.6)
    counts = [record["n"] for record in records if "n" in record]
    behind = results.runs
    text = caption.build(results, [HOW], behind[behind["idle_clients"] > 0], counts, of="pairs")
    style.finish(figure, ASKS, text)
    yield Drawing(NAME, figure, pd.DataFrame(records), text)


def _lines(good):
    """Yields (label, model, KiB an idle connection by block, p99 ratio by block)."""
    for model, rows in load.by_model(good):
        alone = rows[rows["idle_clients"].isna()]
        for (number, *same), crowd in cells.groups(rows[rows["idle_clients"] > 0],
                                                   ["idle_clients", *SAME]):
            fellow = alone[(alone[SAME] == same).all(axis=1)]
            ratio = pairs.ratios(crowd, fellow, "latency_p99_s")
            kept = pairs.by_block(crowd, "idle_still_open")
            more = ((pairs.by_block(crowd, "server_memory_kib")
                     - pairs.by_block(fellow, "server_memory_kib")) / kept).dropna()
            if len(ratio) and len(more):
                yield f"{model}, {_told(number, kept.min())} idle", model, more, ratio


def _told(number, kept):
    """'10000', or '1840 of 10000' where the server closed the others."""
    return f"{number:.0f}" if round(kept) >= number else f"{kept:.0f} of {number:.0f}"


def _draw(axes, lines):
    """Draws all lines into both panels; returns the plotted numbers."""
    records = []
    for height, (label, model, more, ratio) in enumerate(lines):
        for place, values, estimate, quantity in (
                (axes[0], more, stats.mean_interval(more, bounds=bounds.ANY), "memory_kib"),
                (axes[1], ratio, stats.ratio_interval(ratio), "p99_ratio")):
            marks.lying(place, values, estimate, height, load.look(model))
            about = {"line": label, "quantity": quantity}
            records += [{**about, "kind": "pair", "block": block, "value": value}
                        for block, value in values.items()]
            records.append({**about, "kind": "mean", "n": estimate.n, "value": estimate.mean,
                            "low": estimate.low, "high": estimate.high})
    for place, aim, title in ((axes[0], KIB_AT_MOST, "memory, KiB an idle connection"),
                              (axes[1], P99_AT_MOST, "p99 with idle ones / without")):
        place.axvline(aim, **marks.CAPACITY)
        place.set_xlabel(title)
        place.grid(axis="y", visible=False)
    axes[0].set_xlim(min(0, axes[0].get_xlim()[0]), max(axes[0].get_xlim()[1], 1.1 * KIB_AT_MOST))
    axes[1].axvline(1.0, color="black", linewidth=0.9)
    style.ratio_ticks(axes[1], "x")
    return records
