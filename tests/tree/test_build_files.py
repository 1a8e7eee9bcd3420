"""Every source is named in a CMakeLists.txt, every Python test in tests/python_tests.cmake."""

import re

import pytest
from files import ROOT, files, plant


def cmake_files(root):
    return files(root, "CMakeLists.txt", ".cmake")


def words(file):
    text = re.sub(r"#[^\n]*", "", file.read_text())
    return re.findall(r"[^\s()\"]+", text)


def unnamed_sources(root):
    """Sources that no build file names by their path from its folder."""
    named = set()
    for file in cmake_files(root):
        named |= {(file.parent / word).resolve() for word in words(file) if word.endswith(".cpp")}
    return [path.relative_to(root).as_posix() for path in files(root, ".cpp")
            if path.resolve() not in named]  # fmt: skip


def gathered_sources(root):
    """Build files that gather sources instead of naming them."""
    gather = re.compile(r"file\s*\(\s*GLOB|aux_source_directory", re.IGNORECASE)
    return [file.relative_to(root).as_posix() for file in cmake_files(root)
            if gather.search(re.sub(r"#[^\n]*", "", file.read_text()))]  # fmt: skip


def unlisted_tests(root):
    """Python test modules that ctest does not run."""
    listing = root / "tests" / "python_tests.cmake"
    listed = words(listing) if listing.exists() else []
    tests = (path for path in files(root / "tests", ".py") if path.name.startswith("test_"))
    modules = (path.relative_to(root / "tests").as_posix() for path in tests)
    return [module for module in modules if module not in listed]


def test_every_source_is_named():
    assert unnamed_sources(ROOT) == []


def test_no_build_file_gathers_sources():
    assert gathered_sources(ROOT) == []


def test_ctest_runs_every_python_test():
    assert unlisted_tests(ROOT) == []


def test_an_unnamed_source_is_found(tmp_path):
    plant(tmp_path, "common/CMakeLists.txt", "dlab_library(x SOURCES net/a.cpp) # net/b.cpp\n")
    plant(tmp_path, "common/net/a.cpp", "")
    plant(tmp_path, "common/net/b.cpp", "")
    plant(tmp_path, "other/net/a.cpp", "")
    assert unnamed_sources(tmp_path) == ["common/net/b.cpp", "other/net/a.cpp"]


@pytest.mark.parametrize("text", ["file(GLOB sources *.cpp)", "file( glob_recurse s *.cpp)",
                                  "aux_source_directory(. sources)"])  # fmt: skip
def test_gathering_is_found(tmp_path, text):
    plant(tmp_path, "common/CMakeLists.txt", text)
    assert gathered_sources(tmp_path) == ["common/CMakeLists.txt"]


def test_an_unlisted_test_is_found(tmp_path):
    plant(tmp_path, "tests/python_tests.cmake", "dlab_python_tests(e2e/test_a.py)\n")
    plant(tmp_path, "tests/e2e/test_a.py", "")
    plant(tmp_path, "tests/e2e/test_b.py", "")
    assert unlisted_tests(tmp_path) == ["e2e/test_b.py"]
