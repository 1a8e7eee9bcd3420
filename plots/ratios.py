"""What the ratios of each experiment that wants them judged say, as the bench recorded them."""

import math
import re

from plots import judging, links, recorded, stats, wanted, wording
from plots.judging import HELP, HURT, OPEN, SAME

HOW = """\
A ratio says how many times faster what is named first is than what stands behind "over": above 1 it
is the faster one. faster: above 1.05; as fast: within 0.95 to 1.05; slower: below 0.95; each with
the whole 95 % interval, of 8 pairs or more (5 where it lies beyond 1.5 or below 0.67), after Holm's
correction over all ratios of an experiment."""
WORDS = {HELP: "faster", SAME: "as fast", HURT: "slower", OPEN: OPEN}


def text(results):
    """A block for each experiment, in the order of runs.csv; "" without any."""
    blocks = [_block(one.runs["experiment"].iloc[0], one)
              for one in wanted.of_verdict(results, "ratios")]
    how = [HOW] if any("\n" in block for block in blocks) else []
    return "\n\n".join(blocks + how)


def _block(name, results):
    told = recorded.section(recorded.section(results.meta, "experiments"), name)
    ratios = [one for one in recorded.sections(told, "ratios") if _is_told(one)]
    if not ratios:
        return f"{name}: nothing of it was measured that its ratios compare"
    question = f": {told['question']}" if told.get("question") else ""
    outcomes = judging.judge([_comparison(one) for one in ratios])
    lines = [_line(one, outcome.outcome, results) for one, outcome in zip(ratios, outcomes)]
    return "\n".join([f"{name}{question}", *lines])


def _is_told(ratio):
    n, wanted = ratio.get("n"), ["geometric_mean", "median"]
    if not recorded.is_number(n) or n < 1:
        return False
    wanted += ["low", "high"] if n >= stats.FEWEST else []
    return all(recorded.is_number(ratio.get(name)) and ratio[name] > 0 for name in wanted)


def _comparison(ratio):
    """The Comparison, not yet judged, of a recorded ratio: its interval tells its spread."""
    n = int(ratio["n"])
    low, high = (ratio["low"], ratio["high"]) if n >= stats.FEWEST else (math.nan, math.nan)
    half = math.log(high / low) / 2
    spread = (half * math.sqrt(n) / stats.student_quantile(0.5 + stats.CONFIDENCE / 2, n - 1)
              if n >= stats.FEWEST else math.nan)
    return judging.Comparison(0, stats.Estimate(n, ratio["geometric_mean"], low, high,
                                                ratio["median"]), spread)


def _line(ratio, outcome, results):
    estimate = _comparison(ratio).estimate
    span = "no interval" if math.isnan(estimate.low) else ", ".join(
        wording.times(end, estimate.mean) for end in (estimate.low, estimate.high))
    says = _refusal(ratio, results) or WORDS[outcome]
    return (f"    {ratio.get('name', '')}: {wording.times(estimate.mean)}x [{span}], "
            f"n = {ratio['n']}: {says}")


def _refusal(ratio, results):
    """'no verdict, the link is not certified: ...' where nothing follows from the ratio, else ''."""
    of_one = re.search(r"/link:([^/]+)", str(ratio.get("of", "")))
    for link in [of_one[1]] if of_one else results.runs["link"].unique():
        certificate = links.certificate(results.meta, link)
        if not certificate.certified:
            return f"no verdict, the link is {certificate.words}"
    return ""
