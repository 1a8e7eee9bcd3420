"""What a command that a page shows starts, and whether this machine can do it."""

import functools
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ.get("DLAB_BIN", ROOT / "build" / "bin"))
PORT = re.compile(r"\b9[01]\d\d\b")  # of our servers; 0: any
OPERATORS = {"|", "||", "&&", ";", "&", "("}
# Programs that a container may forbid, and what tells.
ATTEMPTS = {
    "build/bin/linkem": (BIN / "linkem", "--quiet", "--", "true"),
    "strace": ("strace", "-o", "/dev/null", "true"),
    "tshark": (sys.executable, ROOT / "tests" / "lua_in_tshark.py"),
}


class Lacking(Exception):
    """Why this machine cannot do what the page shows."""


def programs(command):
    """The programs that a command starts, but for those of here-documents and substitutions."""
    words = shlex.shlex(command.partition("<<")[0], posix=True, punctuation_chars=True)
    words.whitespace_split = True
    first, before = True, ""
    for word in words:
        if before == "--server":
            yield from programs(word)
        if word in OPERATORS or word == "--":  # linkem's client stands behind --
            first = True
        elif first and not re.match(r"\w+=", word):
            yield word
            first = False
        before = word


def server_port(command):
    """Where the server listens that the command is; nothing when it is none."""
    words = shlex.split(command, comments=True)
    if words[0] == "strace":
        words = [word for word in words if "/" in word or PORT.fullmatch(word)]
    if not re.fullmatch(r"build/bin/part\d_server", words[0]):
        return None
    return next(filter(PORT.fullmatch, words), "0")


def look_for_what_it_needs(command):
    """Raises Lacking where a program is not there, or may not do what it does."""
    for program in programs(command):
        if "/" not in program and failure_of("bash", "-c", f"type {shlex.quote(program)}"):
            raise Lacking(f"{program} is not installed")
        attempt = ATTEMPTS.get(program)
        if attempt and "--list" not in command and (reason := failure_of(*attempt)):
            raise Lacking(f"{program} does not work here: {reason}")
    look_for_congestion_control(command)


def look_for_congestion_control(command):
    """Raises Lacking where a server on a link may not choose what the command lets it choose: tcp(7),
    tcp_allowed_congestion_control."""
    for chosen in re.findall(r"part\d_server[^'|]* --congestion (\w+)", command):
        server = f"{shlex.quote(str(BIN / 'part1_server'))} --host 0.0.0.0 --congestion {chosen}"
        if reason := failure_of(BIN / "linkem", "--quiet", "--server", server, "--", "true"):
            raise Lacking(f"{chosen} may not be chosen here: {reason}")


@functools.cache
def failure_of(*command):
    """The last line that it says when it fails; nothing when it does not."""
    ran = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                         timeout=60)  # fmt: skip
    return None if ran.returncode == 0 else (ran.stderr.splitlines() or ["no word why"])[-1]
