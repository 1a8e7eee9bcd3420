"""plots.sh finds a Python that can draw, wherever it is called from and whatever is exported."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "plots" / "golden"


def plots(*arguments, cwd=ROOT, **environment):
    """The finished `plots.sh arguments`."""
    return subprocess.run([ROOT / "plots.sh", *arguments], cwd=cwd, capture_output=True, text=True,
                          env={**os.environ, "DLAB_PYTHON": sys.executable, **environment},
                          check=False)


def test_what_is_exported_for_others_does_not_matter(tmp_path):
    (tmp_path / "settings").write_text("set -o noclobber -o noglob\n", encoding="utf-8")
    done = plots("table", GOLDEN, BASH_ENV=str(tmp_path / "settings"), CDPATH=f"/tmp:{ROOT.parent}", PYTHONSAFEPATH="1", LC_ALL="C",
                 PYTHONHOME="/nowhere", POSIXLY_CORRECT="1", GREP_OPTIONS="--color=always")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("stages (")


def test_modules_that_lie_about_are_not_taken(tmp_path):
    for name in ("numpy", "json", "plots"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('the wrong one')\n")
    done = plots("table", GOLDEN, cwd=tmp_path, PYTHONPATH=str(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")


def test_paths_are_those_of_the_folder_one_is_in(tmp_path):
    (tmp_path / "mine").symlink_to(GOLDEN)
    done = plots("verdicts", "mine", "--out", "it's {here}; now", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "it's {here}; now" / "verdicts.json").is_file()


def test_a_python_that_lacks_the_packages_is_passed_over(tmp_path):
    python = tmp_path / "python3"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" -S "$@"\n')
    python.chmod(0o755)
    found = subprocess.run([ROOT / "setup.sh", "--python"], capture_output=True, text=True,
                           check=False, env={**os.environ, "DLAB_PYTHON": str(python)})
    assert found.stdout.strip() != str(python)
    assert found.returncode == 0 or "requirements.txt" in found.stderr
