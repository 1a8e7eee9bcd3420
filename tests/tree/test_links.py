"""Every link of a page to another place of the project leads somewhere."""

import re

import pytest
from files import ROOT, files, plant

FENCE = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!\w+:)([^)\s#]*)(?:#([^)\s]*))?\)")


def anchors(text):
    """The anchors that a page's headings have, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.MULTILINE)
    plain = (re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading) for heading in headings)
    return {re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in plain}


def broken_links(root):
    wrong = []
    for page in files(root, ".md"):
        for path, anchor in LINK.findall(FENCE.sub("", page.read_text())):
            target = page.parent / path if path else page
            if not target.exists() or anchor and anchor not in anchors(target.read_text()):
                wrong.append(f"{page.relative_to(root)}: {path}{anchor and '#'}{anchor}")
    return wrong


def test_every_link_leads_somewhere():
    assert broken_links(ROOT) == []


@pytest.mark.parametrize("link", ["gone.md", "docs/", "other.md#gone", "#gone"])
def test_a_broken_link_is_found(tmp_path, link):
    plant(tmp_path, "other.md", "# Other\n")
    plant(tmp_path, "page.md", f"# Page\n[here]({link})\n")
    assert broken_links(tmp_path) == [f"page.md: {link}"]


def test_links_that_lead_somewhere_pass(tmp_path):
    plant(tmp_path, "docs/other.md", "# Ubuntu 23.10, `and` later\n```\n# no heading\n```\n")
    links = ["docs", "docs/other.md", "docs/other.md#ubuntu-2310-and-later", "#page",
             "https://example.org/#x"]  # fmt: skip
    plant(tmp_path, "page.md", "# Page\n" + " ".join(f"[x]({link})" for link in links) + "\n")
    assert broken_links(tmp_path) == []
