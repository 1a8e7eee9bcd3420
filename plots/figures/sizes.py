"""Completion time against the size of the file (experiment `sizes`), both axes logarithmic."""

from plots import sweep, wording

NAME = "sizes"
ASKS = "How long does a file of a given size take?"


def draw(results):
    """One panel for each link; one curve for each part."""
    yield from sweep.draw_sweep(results, sweep.Sweep(
        name=NAME, title=ASKS, x="file_bytes", x_label="size of the file", write=wording.size,
        quantity="time", one_panel=("file_bytes",),
        remark="A flat curve is time spent before the first byte; a slope is time spent on bytes."))
