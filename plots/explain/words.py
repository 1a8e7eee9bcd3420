"""The story of one run in plain sentences."""

from plots import cells, links, wording
from plots.explain import analysis

NO_SAMPLES = "It has no samples, so runs.csv is all that is known of it."


def tell(story):
    """The story as a list of sentences."""
    told = [_what(story.run), _outcome(story)]
    if story.counts:
        told.append(_phases(story.run))
    if not story.sampled:
        told.append(NO_SAMPLES)
    elif story.counts:
        told += [_opening(story.lives), _slow_start(story.lives), _losses(story),
                 _ends(story.run, story.lives)]
    if story.counts and story.run["limited_by"]:
        told.append(_limited_by(story))
    return [sentence for sentence in told if sentence]


def _what(run):
    what = cells.label(run, ["contestant", "connections", "schedule", "packet_order",
                             "congestion_requested", "file_bytes", "planned_seconds"])
    return (f"Run {run['run_id']} of the experiment {run['experiment']}, block {run['block']:g}: "
            f"{what}, over {run['link']}.")


def _outcome(story):
    run = story.run
    if run["warmup"] == "yes":
        return "It was a warm-up run and does not count."
    if not story.counts:
        return f"It does not count: {run['status']}{': ' * bool(run['error'])}{run['error']}."
    unit, factor = wording.rate_unit(run["link"])
    return (f"It took {wording.seconds(run['time_s'])} for "
            f"{wording.size(run['megabits'] / 8e-6)}, that is "
            f"{wording.number(run['run_goodput_mbit_s'] * factor)} {unit}.")


def _phases(run):
    known = [f"{name} {wording.seconds(run[column]) if run[column] else 'none'}"
             for column, name in wording.PHASES.items() if run[column] == run[column]]
    return f"Its time: {', '.join(known)}." if known else ""


def _opening(lives):
    return (f"{wording.count(len(lives), 'connection')} took part, first seen open "
            f"{_when(lives['open_s'])}, and with data {_when(lives['first_byte_s'])}.")


def _slow_start(lives):
    ended = lives.dropna(subset=["slow_start_end_s"])
    if ended.empty:
        return "Slow start was not seen to end on any connection."
    where = f" on {len(ended)} of {len(lives)} connections" if len(lives) > 1 else ""
    first = ended.loc[ended["slow_start_end_s"].idxmin(), "connection"]
    earliest = f", earliest on connection {first:.0f}" if len(ended) > 1 else ""
    return f"Slow start was seen to be over{where} {_when(ended['slow_start_end_s'])}{earliest}."


def _losses(story):
    losses = story.losses
    if losses.empty:
        return "No segment was seen to be sent again."
    again = f"{wording.count(int(losses['segments'].sum()), 'segment')} had been sent again"
    first, worst = losses.iloc[0], losses.loc[losses["segments"].idxmax()]
    if len(losses) == 1:
        return (f"{again}, seen at {wording.seconds(first['t_s'])} on connection "
                f"{first['connection']:.0f}.")
    number = len(set(losses["connection"]))
    where = f", on {number} of {len(story.lives)} connections" if len(story.lives) > 1 else ""
    return (f"{again}, seen at {len(losses)} sampling instants{where}: the first at "
            f"{wording.seconds(first['t_s'])}, most at {wording.seconds(worst['t_s'])} "
            f"({worst['segments']:.0f}, on connection {worst['connection']:.0f}).")


def _ends(run, lives):
    late = analysis.straggler(lives.set_index("connection")["end_s"])
    if run["planned_seconds"] == run["planned_seconds"]:
        return "It was a timed run: all connections worked until its time was up."
    if late is None:
        return ""
    share = 100 * late.after_median_s / run["time_s"]
    next_one = (f", {wording.seconds(late.after_next_s)} after the last but one"
                if late.after_next_s > 0 else ", together with another one")
    return (f"Connection {late.connection} ended last, at {wording.seconds(late.end_s)}: "
            f"{wording.seconds(late.after_median_s)} after the median ({share:.0f} % of the time)"
            f"{next_one}.")


def _when(moments):
    """'at 40.0 ms' or 'between 40.0 ms and 1.20 s', of a Series of seconds."""
    known = sorted(moments.dropna())
    if not known:
        return "at a moment not known"
    low, high = wording.seconds(known[0]), wording.seconds(known[-1])
    return f"at {low}" if low == high else f"between {low} and {high}"


def _limited_by(story):
    why = _why(story)
    cause = links.cause(story.run["limited_by"], story.run)
    return f"Limited by {cause}{': ' * bool(why)}{why}."


def _why(story):
    """The columns that gave the verdict `limited_by` (docs/metrics.md), in words."""
    run, cause = story.run, story.run["limited_by"]
    if cause == "start-up":
        return _share("set-up and ramp", run["setup_s"] + run["ramp_s"], run, "more than half")
    if cause == "straggler's tail":
        return _share("the tail", run["tail_s"], run, "more than half")
    if cause in ("receiver", "CPU"):
        return (f"the client used {wording.seconds(run['client_cpu_s'])} of CPU, the server "
                f"{wording.seconds(run['server_cpu_s'])}, in {wording.seconds(run['time_s'])}")
    if cause in ("receive window", "send buffer"):
        return _held_back(story, cause)
    return "; ".join([_filled(run)] + _more(run, cause))


def _share(name, seconds, run, limit):
    return (f"{name} took {wording.seconds(seconds)} of {wording.seconds(run['time_s'])}, "
            f"{100 * seconds / run['time_s']:.0f} %, {limit}")


def _held_back(story, cause):
    held = analysis.held(story.server)
    share = held.by_receiver if cause == "receive window" else held.by_send_buffer
    if share != share:
        return ""
    return (f"it held the server's sockets back for {100 * share:.0f} % of the time in which they "
            "had something to send")


def _filled(run):
    """How much of the link's capacity the steady phase, and others, took."""
    capacity, own = links.capacity(run), run["steady_goodput_mbit_s"]
    if not capacity > 0 or own != own:
        return "its steady goodput is not known"
    others = run["bystander_mbit_s"]
    beside = f", others {wording.number(others)}" if others > 0 else ""
    can = wording.number(capacity)
    of_it = f"of {can} that the link can carry" if own < capacity else (
        f"as much as the link can carry ({can})")
    return f"in its steady phase it carried {wording.number(own)} Mbit/s{beside}, {of_it}"


def _more(run, cause):
    if cause == "server cap" and run["limit_rate_mbit_s"] > 0:
        return [f"the server granted {run['connections']:.0f} times "
                f"{wording.number(run['limit_rate_mbit_s'])}"]
    if cause == "loss":
        return [f"segments were sent again at {run['loss_events']:.0f} sampling instants, "
                f"{run['retransmitted_segments']:.0f} in all"]
    if cause == "congestion window":
        return ["nothing had to be sent again, the window was still growing"]
    return []
