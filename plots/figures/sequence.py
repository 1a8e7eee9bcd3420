"""The time-sequence diagram of part 2: which packet arrived when, and how long it was held back."""

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from plots import caption, cells, one_run, style, wording
from plots.output import Drawing

NAME = "sequence"
ASKS = "In which order do the packets arrive?"
CLOSE_UP = 64  # packets recorded, the first to arrive
KINDS = {"in turn": {"color": style.COLOURS[0], "marker": "."},
         "early, waits for a lower one": {"color": style.COLOURS[4], "marker": "^"},
         "asked for again": {"color": style.COLOURS[1], "marker": "D"},
         "came twice": {"color": "black", "marker": "x"}}
HELD = {"colors": "#aaaaaa", "linewidths": 0.6, "zorder": 1}
HOW = "Each mark: a packet's arrival at the client; the grey line: until it went out in order."
AGAIN = "A packet asked for again is known by going out after a higher number."


def draw(results):
    """A figure for each contestant and order of packets of which a run of part 2 has rows."""
    good = cells.counted(results.runs)
    good = good[(good["part"] == 2) & good["run_id"].isin(results.latency["run_id"].unique())]
    for (contestant,), own in cells.groups(good, ["contestant"]) if len(good) else ():
        alike = _alike(own)
        kind = contestant.removeprefix("part2").removeprefix("_")
        for (order,), rows in cells.groups(own, ["packet_order"]):
            same = alike[alike["packet_order"] == order]
            run, cell = one_run.pick(same if len(same) else rows)
            yield from _of_run(results, "-".join(filter(None, [NAME, kind, order])), run, cell)


def _of_run(results, name, run, cell):
    packets = results.latency[results.latency["run_id"] == run["run_id"]]
    packets = packets.dropna(subset=["first_byte_s"])
    if len(packets):
        yield _figure(results, name, run, cell,
                      packets.assign(kind=kinds(packets)).sort_values("index", kind="stable"))


def _alike(good):
    """The rows that differ in the order of their packets only: of all such sets, the one with most
    orders (then most runs)."""
    others = [name for name in cells.varying(good, ["experiment", *cells.SETTINGS])
              if name != "packet_order"]
    return max((rows for _, rows in cells.groups(good, others)), default=good,
               key=lambda rows: (rows["packet_order"].nunique(), len(rows)))


def kinds(packets):
    """What became of each packet (one row of latency.csv each): an array of the words of KINDS.

    Within one answer packets go out in order, so one that goes out after a higher number has come
    in a later answer: it had been asked for again. (Of a hole at the very end one cannot tell.)
    """
    found = np.where(packets["done_s"] > packets["first_byte_s"], "early, waits for a lower one",
                     "in turn").astype(object)
    order = np.argsort(packets["index"].to_numpy(), kind="stable")
    done = packets["done_s"].to_numpy()[order]
    soonest_above = np.fmin.accumulate(done[::-1])[::-1]  # what came twice was never done
    found[order[done > soonest_above]] = "asked for again"
    arrivals = packets.sort_values("first_byte_s", kind="stable")
    twice = arrivals["index"].duplicated()
    found[packets.index.isin(arrivals.index[twice]) | packets["done_s"].isna()] = "came twice"
    return found


def _figure(results, name, run, cell, packets):
    _, factor = one_run.time_unit(run["time_s"])
    figure, axes = style.sheet(2, 1, panel=(7.6, 2.6))
    close = packets.nsmallest(CLOSE_UP, "first_byte_s")
    _draw_panel(axes[0, 0], packets, factor, "the whole file")
    _draw_panel(axes[1, 0], close, factor, f"the first {len(close)} to arrive, of those recorded")
    axes[1, 0].set_xlabel(f"time since the first connect, {one_run.time_unit(run['time_s'])[0]}")
    text = caption.build(results, _sentences(run, cell, packets), cell)
    shown = [kind for kind in KINDS if (packets["kind"] == kind).any()]
    handles = [Line2D([], [], linestyle="none", label=kind, **KINDS[kind]) for kind in shown]
    if (packets["done_s"] > packets["first_byte_s"]).any():
        handles.append(Line2D([], [], color=HELD["colors"], linewidth=HELD["linewidths"],
                              label="held back at the client"))
    style.finish(figure, ASKS, text, handles)
    return Drawing(name, figure, packets.drop(columns=["intended_s"]), text)


def _sentences(run, cell, packets):
    what = cells.label(run, ["contestant", "packet_order", "packet_bytes", "batch_packets",
                             "nagle"])
    said = [f"One run: {run['run_id']}, {what}{one_run.nearest(cell, 'packets')}; "
            f"{wording.seconds(run['time_s'])}.", HOW]
    said += [AGAIN] * bool((packets["kind"] == "asked for again").any())
    whole = -(-run["file_bytes"] // packets["bytes"].max())
    if len(packets) < whole:
        said.append(f"A sample of {len(packets)} of {whole:.0f} packets was recorded.")
    if run["duplicate_bytes"] > 0:
        said.append(f"{wording.size(run['duplicate_bytes'])} came more than once.")
    return said


def _draw_panel(axes, packets, factor, title):
    arrived, done = packets["first_byte_s"] * factor, packets["done_s"] * factor
    axes.add_collection(LineCollection([[(a, y), (b, y)] for a, b, y in
                                        zip(arrived, done, packets["index"]) if b > a], **HELD))
    size = 4.5 if len(packets) <= 2 * CLOSE_UP else 2.2
    for kind, look in KINDS.items():
        own = packets["kind"] == kind
        axes.plot(arrived[own], packets["index"][own], linestyle="none", markersize=size,
                  markeredgewidth=0.8 if look["marker"] == "x" else 0, **look)
    axes.autoscale_view()
    axes.set_ylabel("packet number")
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.set_title(title)
