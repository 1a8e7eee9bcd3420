"""The lists of what users rely on, and how to say what has become of them.

A list is a text file of this folder, one item a line, "GROUP: ITEM". A line that begins with # says
what the list holds.
"""

import difflib
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def groups(name):
    """{group: items, in the order of the file} of the list `name`."""
    found = {}
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            group, _, item = line.partition(": ")
            found.setdefault(group, []).append(item)
    return found


def warning(name):
    """What a failure begins with."""
    return (f"frozen: users' scripts rely on this; a change goes into tests/frozen/{name} and into "
            "the release's notes:")  # fmt: skip


def expect(name, group, found):
    """Fails where `found` are not the items of `group` in the list `name`, in the list's order."""
    lines = list(difflib.ndiff(groups(name).get(group, []), list(found)))
    changed = [f"{line[0]} {group}: {line[2:]}" for line in lines if line[0] in "+-"]
    if changed:
        pytest.fail("\n".join([warning(name), *changed]), pytrace=False)


def expect_in_any_order(name, group, found):
    """The same where the order does not matter."""
    expect(name, group, _as_listed(groups(name).get(group, []), found))


def _as_listed(listed, found):
    """`found`, what is listed first and as it is there."""
    found = set(found)
    return [item for item in listed if item in found] + sorted(found - set(listed))
