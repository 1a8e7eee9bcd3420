"""How fast are we: ours over theirs, a forest plot for each sink and algorithm."""

import pandas as pd

from plots import caption, cells, marks, pairs, stats, style, wording
from plots.output import Drawing

NAME = "peers"
ASKS = "How fast are we? Our throughput over theirs"
FACET = ["link", "sink", "congestion_requested", "file_bytes"]
HOW = ("Right of 1 ours is faster. Pale: pairs of runs of one block. Marks and bars: geometric mean "
       "and 95 % interval (Student's t on the logs).")
MEASURE = {"file": "Compared: bytes over (wall time of the client less its own start-up).",
           "discard": "Compared: each program's own goodput at the receiver."}
MOST_DENSE_BYTES = 2 << 30  # the bench makes larger files of holes
HOLES = ("The file is holes but for 3 MiB: on tmpfs what is sent is one page of zeros again and "
         "again, which never leaves the cache.")


def draw(results):
    """A figure for each link, sink, algorithm and size, called after the experiment."""
    rows = results.runs
    good = cells.counted(rows)
    good = good.assign(score=good["run_goodput_mbit_s"].where(good["sink"] == "file",
                                                              good["goodput_mbit_s"]))
    apart = [name for name in cells.varying(good, FACET) if name not in ("sink",
                                                                         "congestion_requested")]
    for key, facet in cells.groups(good, FACET):
        compared = list(comparisons(facet))
        if not compared:
            continue
        first = facet.iloc[0]
        sink = first["sink"] or "discard"
        differing = [wording.size(first[name]) if name == "file_bytes" else first[name]
                     for name in apart]
        words = [first["experiment"], first["sink"], first["congestion_requested"], *differing]
        name = "-".join(word.replace(" ", "") for word in words if word)
        title = f"{ASKS} ({', '.join([wording.setting('sink', sink), *differing])})"
        holes = [HOLES] if first["file_bytes"] > MOST_DENSE_BYTES else []
        figure, records, counts = _forest(compared)
        behind = rows[(rows[FACET] == list(key)).all(axis=1)]
        text = caption.build(results, [*holes, HOW, MEASURE[sink]], behind, counts, of="pairs")
        style.finish(figure, title, text)
        yield Drawing(name, figure, pd.DataFrame(records), text)


def comparisons(facet):
    """Yields (connections, ours, theirs, ratios): each of ours with each of theirs at the same N."""
    for (number,), rows in cells.groups(facet, ["connections"]):
        ours, theirs = rows[rows["part"].notna()], rows[rows["part"].isna()]
        if ours.empty or theirs.empty:
            continue
        for our_name, above in cells.curves(ours, ["connections"]):
            for their_name, below in cells.curves(theirs, ["connections"]):
                ratio = pairs.ratios(above, below, "score")
                if len(ratio):
                    yield int(number), our_name, their_name, ratio


def _forest(compared):
    """The figure without title and caption, the numbers in it, and the n of each line."""
    figure, axes = style.sheet(panel=(8.2, 0.9 + 0.27 * len(compared)))
    axes, look, records, counts = axes[0, 0], style.look(0), [], []
    for place, (number, ours, theirs, ratio) in enumerate(compared):
        estimate = stats.ratio_interval(ratio)
        counts.append(estimate.n)
        marks.lying(axes, ratio, estimate, place, look)
        axes.text(1.02, place, _numbers(estimate), va="center", fontsize=8,
                  transform=axes.get_yaxis_transform())
        records += pairs.records(ratio, estimate, connections=number, ours=ours, theirs=theirs)
    _dress(axes, compared)
    return figure, records, counts


def _numbers(estimate):
    span = (f"{estimate.low:.2f} to {estimate.high:.2f}" if estimate.low == estimate.low
            else "no interval")
    return f"{estimate.mean:.2f} ({span}), median {estimate.median:.2f}, n = {estimate.n}"


def _dress(axes, compared):
    names = [f"{wording.setting('connections', number)}: {ours} / {theirs}"
             for number, ours, theirs, _ in compared]
    axes.set_yticks(range(len(compared)), names)
    axes.set_ylim(len(compared) - 0.4, -0.6)
    axes.grid(axis="y", visible=False)
    for place in range(1, len(compared)):
        if compared[place][0] != compared[place - 1][0]:
            axes.axhline(place - 0.5, color="#bbbbbb", linewidth=0.6)
    axes.axvline(1.0, color="black", linewidth=0.9)
    axes.set_xlabel("ours / theirs (logarithmic)")
    style.ratio_ticks(axes, "x")
