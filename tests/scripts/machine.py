"""A machine to run the scripts on: a PATH with some programs of this one, and some pretended."""

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHELL = ("bash env dirname cat mktemp tr fold sed uname nproc df id stat ls head "
         "mkdir realpath date sh cp ln cksum readlink rm").split()


class Machine:
    """`folder`/bin is the whole PATH of what runs here."""

    def __init__(self, folder, programs=()):
        self.bin = folder / "bin"
        self.bin.mkdir()
        for name in [*SHELL, *programs]:
            (self.bin / name).symlink_to(shutil.which(name))

    def pretend(self, name, script="exit 0"):
        """A program that does what the lines of shell `script` say."""
        path = self.bin / name
        path.unlink(missing_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(0o755)

    def run(self, script, *arguments, root=ROOT, options=None, **environment):
        """The finished script of the project in `root`, with this environment and no other."""
        return subprocess.run([root / script, *map(str, arguments)], capture_output=True, text=True,
                              env={"PATH": str(self.bin), **environment}, check=False,
                              **(options or {}))


def everything_below(folder):
    """{path: (kind and rights, size, time of the last change)} of a tree."""
    found = {}
    for place, folders, files in os.walk(folder):
        for name in folders + files:
            path = os.path.join(place, name)
            told = os.lstat(path)
            found[path] = (told.st_mode, told.st_size, told.st_mtime_ns)
    return found
