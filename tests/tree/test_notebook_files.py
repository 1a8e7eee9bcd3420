"""Notebooks are committed clean: no outputs, no counts, every cell with a name of its own."""

import json

import pytest
from files import ROOT, files, plant


def unclean(root):
    """What is wrong with the notebooks below root, as "file: what"."""
    wrong = []
    for file in files(root, ".ipynb"):
        book = json.loads(file.read_text(encoding="utf-8"))
        name = file.relative_to(root).as_posix()
        if book.get("nbformat") != 4:
            wrong.append(f"{name}: not of format 4")
        wrong += [f"{name}: {fault}" for fault in _faults(book["cells"])]
    return wrong


def _faults(cells):
    names = [cell.get("id", "") for cell in cells]
    for cell, name in zip(cells, names):
        if not name or names.count(name) > 1:
            yield f"a cell without an id of its own, {name!r}"
        if cell.get("outputs"):
            yield f"cell {name!r} has outputs"
        if cell.get("execution_count") is not None:
            yield f"cell {name!r} has been counted"


def test_the_notebooks_are_clean():
    assert unclean(ROOT) == []


def test_the_notebooks_are_there_to_be_looked_at():
    assert len(files(ROOT / "notebooks", ".ipynb")) == 5


CLEAN = {"cell_type": "code", "execution_count": None, "id": "a", "outputs": [], "source": []}


@pytest.mark.parametrize("change, complaint", [
    ({"outputs": [{"output_type": "stream"}]}, "has outputs"),
    ({"execution_count": 3}, "has been counted"),
    ({"id": ""}, "without an id"),
])  # fmt: skip
def test_what_is_unclean_is_found(tmp_path, change, complaint):
    for name, cells in (("good", [CLEAN]), ("bad", [CLEAN, {**CLEAN, "id": "b", **change}])):
        plant(tmp_path, f"n/{name}.ipynb", json.dumps({"cells": cells, "nbformat": 4}))
    wrong = unclean(tmp_path)
    assert len(wrong) == 1 and wrong[0].startswith("n/bad.ipynb") and complaint in wrong[0]


def test_two_cells_of_one_name_and_another_format_are_found(tmp_path):
    plant(tmp_path, "a.ipynb", json.dumps({"cells": [CLEAN, CLEAN], "nbformat": 3}))
    assert len(unclean(tmp_path)) == 3
