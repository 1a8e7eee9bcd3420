"""The story of one run as a picture: its timeline with what happened written into it."""

import pandas as pd
from matplotlib.lines import Line2D

from plots import caption, one_run, style, wording
from plots.explain import analysis, words
from plots.figures import phases, timeline
from plots.output import Drawing

MOMENTS = {"open_s": "open by", "first_byte_s": "first byte by",
           "slow_start_end_s": "slow start ended by", "end_s": "ended"}
TURN = {"color": "#444444", "linewidth": 0.9, "linestyle": (0, (4, 3))}
END_OF_SLOW_START = {"marker": "v", "markersize": 6, "color": style.COLOURS[1], "zorder": 3,
                     "markeredgecolor": "white", "markeredgewidth": 0.6, "linestyle": "none"}


def draw(results, story):
    """The Drawing `explain-RUN_ID`; None for a run that has neither samples nor phases."""
    if not story.counts:
        return None
    if story.sampled:
        return _with_samples(results, story)
    known = not story.run[list(wording.PHASES)].isna().any()
    return _without_samples(results, story) if known else None


def name_of(story):
    """The name of the files."""
    return f"explain-{story.run['run_id']}"


def _with_samples(results, story):
    figure, axes, data = timeline.chart(story.run, story.server, story.client)
    entries = timeline.handles(story.run) + _draw_slow_start(axes[1], story)
    entries += _draw_phases(axes, story.run)
    _draw_straggler(axes[0], story)
    text = caption.build(results, words.tell(story) + [timeline.how(story.run, data)], story.rows)
    style.finish(figure, _title(story), text, entries)
    return Drawing(name_of(story), figure, pd.concat([data, events(story)]), text)


def _title(story):
    return f"What happened in run {story.run['run_id']}?"


def _draw_phases(axes, run):
    """A strip of the four phases above, and a dashed line where one ends; their legend entries."""
    lengths = run[list(wording.PHASES)]
    if lengths.isna().any():
        return []
    _, factor = one_run.time_unit(run["time_s"])
    strip = axes[0].inset_axes([0.0, 1.03, 1.0, 0.06], sharex=axes[0])
    phases.stack(strip, 0, lengths, factor)
    strip.set_axis_off()
    for turn in lengths.cumsum()[:-1]:
        if 0 < turn < 0.999 * run["time_s"]:
            for place in axes:
                place.axvline(turn * factor, **TURN)
    return [phases.bar_of(column) for column in wording.PHASES]


def _draw_slow_start(axes, story):
    """A mark on each window's curve where slow start had ended; the legend's entry for it."""
    _, factor = one_run.time_unit(story.run["time_s"])
    ended = story.lives.dropna(subset=["slow_start_end_s"])
    for life in ended.itertuples():
        own = story.server[(story.server["connection"] == life.connection)
                           & (story.server["t_s"] == life.slow_start_end_s)]
        axes.plot(own["t_s"] * factor, own["cwnd_segments"], **END_OF_SLOW_START)
    return [Line2D([], [], label="slow start had ended", **END_OF_SLOW_START)] * bool(
        len(ended))


def _draw_straggler(axes, story):
    """Names the connection that ended last, above the strip."""
    late = analysis.straggler(story.lives.set_index("connection")["end_s"])
    if late is None or not story.run["tail_s"] > 0:
        return
    _, factor = one_run.time_unit(story.run["time_s"])
    axes.text(late.end_s * factor, 1.1, f"connection {late.connection} ended last", ha="right",
              va="bottom", fontsize=8, transform=axes.get_xaxis_transform())


def events(story):
    """What happened to each connection, as rows of the plotted numbers: `quantity` is what, `t_s`
    when; of segments sent again `value` is how many."""
    run_id = story.run["run_id"]
    rows = [{"run_id": run_id, "quantity": name, "connection": life["connection"],
             "t_s": life[column]} for column, name in MOMENTS.items()
            for _, life in story.lives.iterrows() if life[column] == life[column]]
    rows += [{"run_id": run_id, "quantity": "sent again", "unit": "segment",
              "connection": loss.connection, "t_s": loss.t_s, "value": loss.segments}
             for loss in story.losses.itertuples()]
    return pd.DataFrame(rows)


def _without_samples(results, story):
    """One bar: the four phases of the run."""
    run = story.run
    unit, factor = one_run.time_unit(run["time_s"])
    lengths = run[list(wording.PHASES)]
    figure, axes = style.sheet(panel=(7.6, 1.2))
    phases.stack(axes[0, 0], 0, lengths, factor)
    axes[0, 0].set_yticks([])
    axes[0, 0].set_xlabel(f"time since the first connect, {unit}")
    axes[0, 0].set_xlim(0, run["time_s"] * factor * 1.01)
    text = caption.build(results, words.tell(story), story.rows)
    style.finish(figure, _title(story), text, [phases.bar_of(column) for column in wording.PHASES])
    data = pd.DataFrame([{"run_id": run["run_id"], **lengths}])
    return Drawing(name_of(story), figure, data, text)
