"""What the experiments of a results folder came to, for a terminal."""

from plots import ratios, verdicts


def text(results, judged):
    """The ratios of each experiment, then `judged`, the Verdicts on N connections."""
    texts = [ratios.text(results), verdicts.text(judged)]
    return "\n\n".join(text for text in texts if text) or "no runs"
