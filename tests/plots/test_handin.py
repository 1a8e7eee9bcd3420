"""The zip that a student hands in."""

import csv
import io
import re
import zipfile

import pytest
from PIL import Image

from plots import cells, cli, handin, results, style
from tests.plots import make_golden, make_golden_links

pytestmark = pytest.mark.filterwarnings("error")


@pytest.fixture(scope="module", name="read")
def fixture_read():
    return results.load(make_golden.GOLDEN)


@pytest.fixture(scope="module", name="packed")
def fixture_packed(read, tmp_path_factory):
    """{name: content} of the zip of the golden results."""
    path = tmp_path_factory.mktemp("zip") / "coursework.zip"
    names = handin.pack(read, path)
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == names
        return {name: archive.read(name) for name in names}


def test_all_that_is_promised_is_there(packed):
    assert {"README.txt", "table.tex", "summary.csv", "conditions.txt", "verdicts.txt",
            "captions.txt", "figures/connections.pdf", "figures/stages.png"} <= set(packed)


def test_figures_are_as_wide_as_a_column(packed):
    for name, content in packed.items():
        if name.endswith(".png"):
            with Image.open(io.BytesIO(content)) as image:
                assert abs(image.width - 300 * style.COLUMN_INCHES) <= 1, name
        if name.endswith(".pdf"):
            width = re.search(rb"/MediaBox \[ 0 0 ([0-9.]+)", content)[1]
            assert abs(float(width) - 72 * style.COLUMN_INCHES) < 1, name


def test_each_figure_has_its_caption(packed):
    text = packed["captions.txt"].decode()
    for name in packed:
        if name.endswith(".pdf"):
            assert f"{name[len('figures/'):-len('.pdf')]}: " in text


def test_the_summary_has_a_row_for_each_cell(read, packed):
    rows = list(csv.DictReader(io.StringIO(packed["summary.csv"].decode())))
    good = cells.counted(cells.of_experiment(read.runs, "stages"))
    stages = [row for row in rows if row["experiment"] == "stages"]
    assert len(stages) == len(list(cells.curves(good, [])))
    for row in stages:
        assert float(row["low"]) < float(row["goodput_mbit_s"]) < float(row["high"])


def test_each_experiment_has_a_tabular_that_a_page_can_hold(read, packed):
    parts = packed["table.tex"].decode().split("\\begin{tabular}{@{}p{0.3\\columnwidth}rrrrl@{}}\n")
    assert len(parts) - 1 == cells.counted(read.runs)["experiment"].nunique()
    for part in parts[1:]:
        assert part.startswith("\\toprule\n") and part.count("\\end{tabular}\\par}") == 1
        assert part.count(r" \\") <= 60
    text = packed["table.tex"].decode()
    assert text.count("{") - text.count("\\{") == text.count("}") - text.count("\\}")


def test_the_table_is_latex(packed):
    text = packed["table.tex"].decode()
    assert not re.search(r"(?<!\\)[%#_]", text), "letters that LaTeX would take for its own"
    assert not re.search(r"(?<!\$)[<>]", text), "in LaTeX's old encoding these are other letters"
    body = [line for line in text.splitlines() if line.endswith(r" \\") and "multi" not in line]
    assert body and all(line.count(" & ") == 5 for line in body)


def test_the_table_has_a_block_for_each_link_and_algorithm():
    text = handin.table(results.load(make_golden_links.GOLDEN))
    blocks = re.findall(r"\\emph\{(.*)\}\}", text)
    assert "connections: noisy, reno" in blocks and "connections: noisy, cubic" in blocks
    assert len(blocks) == len(set(blocks))
    for block in text.split(r"\midrule")[1:]:
        assert len({line.split(" & ")[-1] for line in block.splitlines() if " & " in line}) == 1


def test_the_conditions_name_what_failed(tmp_path):
    text = handin.conditions(results.load(make_golden_links.GOLDEN))
    assert "Kernel: " in text and "link wan: 100 Mbit/s, 40 ms" in text
    assert "experiment connections: 11 blocks\n" in text
    assert "; certified: " in text and "; not certified: queue 120 packets" in text


def test_the_same_results_give_the_same_zip(read, packed, tmp_path):
    handin.pack(read, tmp_path / "again.zip")
    with zipfile.ZipFile(tmp_path / "again.zip") as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == packed


def test_the_command_says_where_the_zip_is(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(handin, "FIGURES", ("stages",))
    path = tmp_path / "mine.zip"
    assert cli.main(["coursework", str(make_golden.GOLDEN), "--out", str(path)]) == 0
    assert capsys.readouterr().out == f"{path}\n" and path.exists()
    with pytest.raises(SystemExit) as end:
        cli.main(["coursework", str(make_golden.GOLDEN), "--out", str(tmp_path / "no" / "a.zip")])
    assert end.value.code == 2
