"""Every command that a README or a page of docs/ shows names a program that exists."""

import re

import pytest
from files import ROOT, files, plant

BLOCK = re.compile(r"^```(?:sh|bash|console|shell)?\n(.*?)^```", re.MULTILINE | re.DOTALL)
OURS = re.compile(r"part\d+_\w+|dlab_\w+|linkem\w*")
TARGET = re.compile(r"\b(?:dlab_program|add_executable|dlab_test|add_custom_target)\s*\(\s*(\w+)")
# Words that may stand before the program that is meant.
BEFORE = {"$", "sudo", "time", "nice", "env", "strace", "command", "then", "do", "exec", "timeout"}


def commands(text):
    """The words of every command in the page's blocks, pipelines taken apart."""
    for block in BLOCK.findall(text):
        for line in block.replace("\\\n", " ").splitlines():
            for command in re.split(r"[|;&]+|\$\(", line.partition(" #")[0]):
                yield command.split()


def programs(words):
    """The words that should name a program or script of ours."""
    for index, word in enumerate(words):
        before = words[:index]
        first = all(w in BEFORE or "=" in w or w.startswith("-") or w.isdigit() for w in before)
        script = bool(before) and re.search(r"python3?$|^bash$|^sh$", before[-1])
        module = len(before) > 1 and before[-1] == "-m" and "python" in before[-2]
        if module and word != "venv" and word != "pip":
            yield word.replace(".", "/") + "/"
        elif (first and (OURS.fullmatch(word) or word.startswith(("./", "build/bin/")))
              or script and not word.startswith("-")):  # fmt: skip
            yield word


def exists(root, folder, word, targets):
    name = word.removeprefix("./")
    if name.startswith("build/") and "/bin/" in name or OURS.fullmatch(name):
        return name.rpartition("/")[2] in targets
    return (root / name).exists() or (folder / name).exists()


def missing_programs(root):
    targets = set()
    for file in files(root, "CMakeLists.txt", ".cmake"):
        targets |= set(TARGET.findall(file.read_text()))
    wrong = []
    for page in files(root, ".md"):
        words = (word for command in commands(page.read_text()) for word in programs(command))
        wrong += [f"{page.relative_to(root)}: {word}" for word in words
                  if not exists(root, page.parent, word, targets)]  # fmt: skip
    return wrong


def test_every_program_that_a_page_names_exists():
    assert missing_programs(ROOT) == []


SEEDED = [
    "./run_everything.sh --full",
    "build/bin/part9_server --port 9001",
    "part9_client 127.0.0.1:9001 Data.jpg",
    "$ sudo nice -n 5 ./gone.sh",
    "printf x | part9_client HOST:9001",
    "python3 tools/gone.py",
    "/usr/bin/python3 -m gone results/latest",
    "strace -f build/bin/part9_server",
]


@pytest.mark.parametrize("line", SEEDED)
def test_a_program_that_does_not_exist_is_found(tmp_path, line):
    plant(tmp_path, "README.md", f"Try:\n```sh\n{line}\n```\n")
    assert len(missing_programs(tmp_path)) == 1


def test_programs_that_exist_pass(tmp_path):
    plant(tmp_path, "run.sh", "")
    plant(tmp_path, "tools/make.py", "")
    plant(tmp_path, "plots/__init__.py", "")
    plant(tmp_path, "CMakeLists.txt", "dlab_program(part9_server SOURCES a.cpp)\n")
    block = (
        "./run.sh  # ./comment.sh\nbuild/bin/part9_server --port 1 &\npart9_server\n"
        "python3 tools/make.py && python3 -m plots x\nnc localhost 1 | xxd\ncat ./anything\n"
    )
    plant(tmp_path, "part9/README.md", f"```\n{block}```\n```cpp\npart9_gone();\n```\n")
    assert missing_programs(tmp_path) == []
