"""A folder made like a long session's, in small: it reads, and everything in it is drawn."""

import pytest

from plots import figures, results, style
from plots.report import page
from tests.plots import make_large
from tests.plots.golden_results import NAMES
from tests.plots.report_pages import Page

SMALL = make_large.Size(copies=1, packets=40, chunks=20, sampled_every=40, samples=12)


@pytest.fixture(scope="module", name="folder")
def fixture_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("large")
    make_large.write(folder, SMALL)
    return folder


def test_it_reads_without_a_problem_and_is_the_same_each_time(folder, tmp_path):
    read = results.load(folder)
    assert read.problems == [] and read.runs["run_id"].is_unique
    make_large.write(tmp_path, SMALL)
    for path in folder.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name


def test_every_figure_can_be_drawn(folder):
    read = results.load(folder)
    with style.settings():
        drawn = {name for name in NAMES for _ in figures.drawn(name, read)}
    assert drawn == set(NAMES)


def test_the_page_has_every_experiment(folder):
    read = results.load(folder)
    found = Page(page.build(read, figures=False))
    assert found.open == []
    for name in read.runs["experiment"].unique():
        assert f"(Experiment {name} :" in found.text
