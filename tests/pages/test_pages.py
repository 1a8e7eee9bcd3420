"""What a page tells its reader to type is typed, and prints what the page shows."""

import re
import warnings

import pytest
from commands import ROOT, Lacking, programs
from fences import fences
from masks import difference
from reader import Reader, WentWrong

LISTING = (ROOT / "tests" / "python_tests.cmake").read_text()
PAGES = re.search(r"pages/test_pages\.py ([^)]*)\)", LISTING)[1].split()
# In every Debian (packages of priority "required"), or part of bash.
ALWAYS_THERE = set("cat cmp cp diff echo grep ls mkdir printf touch ulimit".split())
OF_IPROUTE2 = {"nstat", "ss"}


def pages():
    """All pages of the project, as their paths below it."""
    found = (path.relative_to(ROOT) for path in ROOT.rglob("*.md"))
    made = re.compile(r"\..*|build.*|results|generated")
    return sorted(str(path) for path in found if not any(map(made.fullmatch, path.parts)))


def fences_of(page):
    return fences(page, (ROOT / page).read_text())


def typed_fences(page):
    return [fence for fence in fences_of(page)
            if fence.language == "sh" and "not run" not in fence.notes]  # fmt: skip


def pytest_generate_tests(metafunc):
    if "page" in metafunc.fixturenames:
        only = metafunc.config.getoption("--page")
        metafunc.parametrize("page", [only] if only else PAGES)


def read(reader, page):
    """Types all that the page shows: what went wrong, and what could not be tried."""
    faults, untried, printed = [], [], None
    for fence in fences_of(page):
        try:
            if "saved as" in fence.notes:
                reader.save(fence)
            elif fence.language == "sh":
                printed = None if "not run" in fence.notes else reader.type(fence)
            elif fence.language == "output" and printed is not None:
                fault = difference(fence.text, printed, fence.notes.get("differs", ""))
                faults += [f"{fence}: {fault}"] if fault else []
        except Lacking as reason:
            untried.append(f"{fence}: {reason}")
            printed = None
        except WentWrong as fault:
            faults.append(f"{fence}: {fault}")
            printed = None
    return faults, untried


def test_a_page_does_what_it_shows(page, tmp_path):
    with Reader(tmp_path) as reader:
        faults, untried = read(reader, page)
    assert not faults, "\n\n".join(faults)
    if len(untried) == len(typed_fences(page)):
        pytest.skip("; ".join(untried))
    for reason in untried:
        warnings.warn(f"not run: {reason}")


def test_every_page_with_commands_is_read():
    assert sorted(PAGES) == [page for page in pages() if typed_fences(page)]


def test_every_readme_has_commands_that_are_typed():
    readmes = [page for page in pages() if page.endswith("README.md")]
    assert [page for page in readmes if not typed_fences(page)] == []


def test_commands_stand_in_fences_of_sh():
    command = re.compile(
        r"^ *(?:build/bin/|\./\w+\.sh|(?:/usr/bin/)?python3 |curl |printf |strace )", re.MULTILINE
    )
    others = (fence for page in pages() for fence in fences_of(page) if fence.language != "sh")
    assert [str(fence) for fence in others if command.search(fence.text)] == []


def test_every_program_is_there_or_comes_with_setup():
    setup = (ROOT / "setup.sh").read_text()
    typed = ((fence, program) for page in pages() for fence in typed_fences(page)
             for command in fence.commands() for program in programs(command))  # fmt: skip
    assert [f"{fence}: {program}" for fence, program in typed
            if "/" not in program and program not in ALWAYS_THERE | OF_IPROUTE2
            and not re.search(rf":{re.escape(program)}\b", setup)] == []  # fmt: skip
