"""Nothing is left for later, and no test sleeps to be right."""

import re

import pytest
from files import CPP, ROOT, files, plant

LATER = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b")
SLEEP = re.compile(r"\b(u|nano)?sle" r"ep(_for|_until)?\s*\(|^\s*sleep\s+[\d.]+", re.MULTILINE)
CODE = (*CPP, ".py", ".sh", ".cmake", "CMakeLists.txt", ".ci/run")


def places(root, below, pattern, endings):
    """Where the pattern stands, as "file:line"."""
    found = []
    for file in files(root / below, *endings):
        text = file.read_text(errors="replace")
        lines = (text.count("\n", 0, match.start()) + 1 for match in pattern.finditer(text))
        found += [f"{file.relative_to(root)}:{line}" for line in lines]
    return found


def left_for_later(root):
    return places(root, ".", LATER, (*CODE, ".md", ".json", "run"))


def sleeping_tests(root):
    return places(root, "tests", SLEEP, CODE)


def test_nothing_is_left_for_later():
    assert left_for_later(ROOT) == []


def test_no_test_sleeps():
    assert sleeping_tests(ROOT) == []


@pytest.mark.parametrize("word", ["TO" "DO", "FIX" "ME"])
def test_a_note_to_ourselves_is_found(tmp_path, word):
    plant(tmp_path, "common/a.cpp", f"int a;\n// {word}: b\n")
    plant(tmp_path, "build/a.cpp", f"// {word}\n")
    assert left_for_later(tmp_path) == ["common/a.cpp:2"]


@pytest.mark.parametrize("name, text", [
    ("a.py", "time.sle" "ep(1)"),
    ("a.cpp", "std::this_thread::sle" "ep_for(1s);"),
    ("a.cpp", "usle" "ep (1);"),
    ("a.sh", "sle" "ep 1"),
])  # fmt: skip
def test_a_sleeping_test_is_found(tmp_path, name, text):
    plant(tmp_path, f"tests/{name}", text + "\n")
    plant(tmp_path, f"common/{name}", text + "\n")
    assert sleeping_tests(tmp_path) == [f"tests/{name}:1"]
