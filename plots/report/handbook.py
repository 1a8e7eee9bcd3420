"""What docs/experiments.md tells of an experiment: what theory expects, and how to read it; and of
a figure that several experiments share."""

import re
from pathlib import Path

from markupsafe import Markup, escape

PAGE = Path(__file__).resolve().parents[2] / "docs" / "experiments.md"


def told(*names, page=PAGE):
    """{"theory": [Markup], "reading": [Markup]}: paragraphs that begin so, of the first of `names`,
    an experiment's and its figures', that has a section; none without one."""
    found = (paragraphs for name in names if (paragraphs := _paragraphs(name, page)))
    paragraphs = next(found, [])
    return {name: [_marked(told) for told in _beginning(paragraphs, start) if told]
            for name, start in (("theory", "Theory"), ("reading", "Reading"))}


def reading(figure, page=PAGE):
    """[Markup]: how to read the figure (its NAME, as `./plots.sh --list` has it)."""
    return [_marked(told) for told in
            _beginning(_paragraphs("The figures", page), f"Reading `{figure}`")]


def _paragraphs(title, page):
    """The paragraphs of the section `title`, a line each; none without a page."""
    if not page.is_file():
        return []
    sections = re.split(r"^## ", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    section = next((text for text in sections if text.split("\n", 1)[0] == title), "")
    return [" ".join(text.split()) for text in section.split("\n\n")]


def _beginning(paragraphs, start):
    """What follows the first words of the paragraphs whose first words, in italics, begin so."""
    return [text.split("*", 2)[2].strip() for text in paragraphs if text.startswith(f"*{start}")]


def _marked(text):
    """Code, bold words and links of a paragraph as HTML; a link keeps its words only."""
    text = str(escape(text))
    for pattern, into in ((r"\[([^\]]*)\]\([^)]*\)", r"\1"), (r"`([^`]*)`", r"<code>\1</code>"),
                          (r"\*\*([^*]*)\*\*", r"<strong>\1</strong>"),
                          (r"\*([^*]*)\*", r"<em>\1</em>")):
        text = re.sub(pattern, into, text)
    return Markup(text)
