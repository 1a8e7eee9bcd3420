"""docs/experiments.md lists every key of an experiment and of a contestant, and no other."""

import re

import pytest
from files import ROOT

RUNNER = ROOT / "bench" / "runner"
READ = re.compile(
    r"\b(?:text\w*|number\w*|whole_or|flag_or|objects?|raw|has|contains|read_\w+)"
    r'\((?:object, |ratio, )?"(\w+)"'
)


def read_keys(source):
    """The keys of JSON objects that a C++ source asks for."""
    return set(READ.findall(source))


def placeholders(source):
    names = re.search(r"kPlaceholders =[^;]*", source)[0].partition("(")[2]
    return set(re.findall(r'"(\w+)"', names))


def section(page, title):
    return page.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def tables(text):
    """{what the head of a table calls its rows: [row, ...]}, tables of the same head together."""
    found = {}
    for table in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        head, _, *rows = table.splitlines()
        found.setdefault(head.split("|")[1].strip(), []).extend(rows)
    return found


def first_words(rows):
    """What stands in the rows' first cells in the type of code, but for "object." before it."""
    return [word.rpartition(".")[2].strip("{}") for row in rows
            for word in re.findall(r"`([^`]+)`", row.split("|")[1])]  # fmt: skip


def documented():
    page = (ROOT / "docs" / "experiments.md").read_text()
    experiment = tables(section(page, "Writing an experiment"))
    contestant = tables(section(page, "Adding a contestant"))
    return experiment, contestant


def test_every_key_of_an_experiment_is_listed():
    code = "".join((RUNNER / f"{name}.cpp").read_text() for name in ("experiment", "wanted"))
    assert set(first_words(documented()[0]["key"])) == read_keys(code)


def test_every_key_of_a_contestant_is_listed():
    code = (RUNNER / "contestant.cpp").read_text()
    assert set(first_words(documented()[1]["key"])) == read_keys(code)


def test_every_placeholder_is_listed():
    rows = documented()[1]["placeholder"]
    known = placeholders((RUNNER / "contestant.cpp").read_text())
    assert set(first_words(rows)) == known


CODE = """
  read_effort(object, e);
  e.title = object.text("title");
  if (auto quick = object.object("quick")) { quick->whole_or("blocks", 5, 1, 9); }
  r.of = read_selector(object, "of");
  throw DataError(object.where("same"), "no key");
"""


def test_keys_are_found_where_they_are_read():
    assert read_keys(CODE) == {"title", "quick", "blocks", "of"}


@pytest.mark.parametrize("cell, key", [("**`budget_s`**", "budget_s"), ("`quick.blocks`", "blocks"),
                                       ("`{port}`", "port")])  # fmt: skip
def test_a_key_is_read_from_its_row(cell, key):
    assert tables(f"text\n| key | what |\n| --- | --- |\n| {cell} | some |\n") == {
        "key": [f"| {cell} | some |"]
    }
    assert first_words([f"| {cell} | `other` |"]) == [key]
