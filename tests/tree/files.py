"""Which files are ours, and how their code reads without comments and strings."""

import os
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MADE = re.compile(r"build(-.*)?|results|generated|golden|__pycache__|venv")  # by machines
CPP = (".cpp", ".hpp")
_NOISE = re.compile(
    r'R"(?P<mark>[^()\s\\]*)\(.*?\)(?P=mark)"'  # raw strings
    r'|(?P<line>//[^\n]*)|(?P<block>/\*.*?\*/)'
    r"|\b\d[\w.']*"  # numbers first: 1'000'000 holds no character literal
    r'|"(?:\\.|[^"\\\n])*"' r"|'(?:\\.|[^'\\\n])*'",
    re.DOTALL,
)  # fmt: skip


def files(root, *endings):
    """All files below root with one of the endings, but for what a build or a run made."""
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name == ".ci" or not _skip(name))
        found += [Path(folder, name) for name in sorted(names) if name.endswith(endings)]
    return found


def _skip(name):
    return name.startswith(".") or MADE.fullmatch(name)


def without_noise(text):
    """C++ with comments, strings and preprocessor lines blanked; every line stays where it is."""
    def blank(match):
        word = match[0]
        if word[0].isdigit():
            return word
        return re.sub(r"[^\n]", " ", word)

    text = _NOISE.sub(blank, text)
    return re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", lambda m: re.sub(r"[^\n]", " ", m[0]), text,
                  flags=re.MULTILINE)  # fmt: skip


def plant(root, path, text):
    """Writes a file of a seeded tree."""
    path = Path(root, path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
