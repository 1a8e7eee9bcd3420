"""What the tests of the figures share: a figure drawn twice has the same bytes."""

from plots import figures

KINDS = (".png", ".pdf", ".svg", ".csv", ".txt")


def draw_twice(name, read, folder):
    """Saves the figure `name` of the Results `read` twice in `folder`, and fails where a file of
    the second time is not that of the first. Returns the names of what was drawn."""
    first, second = (figures.draw_and_save(name, read, folder / turn)
                     for turn in ("first", "second"))
    assert [path.name for path in first] == [path.name for path in second]
    for one, other in zip(first, second):
        for kind in KINDS:
            content = one.with_suffix(kind).read_bytes()
            assert len(content) > 100, one.with_suffix(kind)
            assert content == other.with_suffix(kind).read_bytes(), one.with_suffix(kind)
    return [path.stem for path in first]
