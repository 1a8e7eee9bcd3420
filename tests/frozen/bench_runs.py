"""Real runs of the bench, of two contestants whose clients are told what to do."""

import json
import signal
import subprocess

import lab
from running import Ended, path_of

EXPERIMENT = {
    "title": "Two", "question": "How does it end?", "budget_s": 60, "startup_runs": 0,
    "figures": ["stages"], "verdicts": ["ratios"],
    "settings": {"sink": "file", "file_bytes": 1000, "link": "loopback",
                 "congestion_requested": "cubic"},
    "cells": [{"contestant": ["one", "two"]}],
    "ratios": [{"of": {"contestant": "one"}, "to": {"contestant": "two"}, "measure": "transfer"}],
    "quick": {"blocks": 1, "budget_s": 60},
}  # fmt: skip
TEAM = {
    "title": "a server, and a client that is told what to do",
    "servers": [["{bin}/part1_server", "--root", "{root}", "--host", "{server}",
                 "--port", "{port}"]],
    "client_options": {"sink=file": []},
}  # fmt: skip
GOOD = ["{bin}/part1_client", "{server}:{port}", "{file}", "-o", "{output}", "--quiet"]


def words(place, client=None, more=None):
    """The options of the bench for an experiment in which both run the command line `client`.
    more: further keys of the contestants."""
    race, teams = place.folder / "race", place.folder / "teams"
    for folder in (race, teams):
        folder.mkdir(exist_ok=True)
    (race / "race.json").write_text(json.dumps(EXPERIMENT))
    for name in ("one", "two"):
        team = {**TEAM, "clients": [client or GOOD], **(more or {})}
        (teams / f"{name}.json").write_text(json.dumps(team))
    return ["--experiments", race, "--contestants", teams, "--out", place.folder / "out",
            "--allow-debug", "--no-turn"]  # fmt: skip


def bench(place, *options, **team):
    """The ended dlab_bench."""
    return lab.run(path_of("dlab_bench"), *words(place, **team), *options)


def run_bench(place, *options):
    """The ended ./run_bench.sh, which takes the build that is there."""
    return lab.run(*script(), *words(place), *options)


def script():
    return ["env", f"DLAB_BUILD={lab.BIN.parent}", path_of("run_bench.sh")]


def interrupted(place, program, number):
    """The ended bench that was sent the signal in the middle of a run."""
    begun = place.folder / "begun"
    begun.unlink(missing_ok=True)
    waits = ["sh", "-c", f"touch '{begun}'; exec sleep 60"]
    command = [*program, *words(place, waits)]
    with subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True) as process:  # fmt: skip
        try:
            lab.wait_until(begun.exists, "a run has begun")
            process.send_signal(number)
            said = process.communicate(timeout=20)
        finally:
            process.kill()
    return Ended(process.returncode, *said)


SITUATIONS = {
    "--list": lambda place: bench(place, "--list"),
    "--dry-run": lambda place: bench(place, "--dry-run"),
    "--print-columns": lambda place: bench(place, "--print-columns"),
    "all runs are well": bench,
    "a client of ours failed": lambda place: bench(place, client=["false"], more={"part": 1}),
    "a client of others failed": lambda place: bench(place, client=["false"]),
    "a client of others failed, --strict": lambda place: bench(
        place, "--strict", client=["false"]),
    "there is no such experiment": lambda place: bench(place, "--experiment", "missing"),
    "a key of a contestant is wrong": lambda place: bench(place, more={"missing": 1}),
    "SIGINT": lambda place: interrupted(place, [path_of("dlab_bench")], signal.SIGINT),
    "SIGTERM": lambda place: interrupted(place, [path_of("dlab_bench")], signal.SIGTERM),
}  # fmt: skip
SCRIPT_SITUATIONS = {
    "--list": lambda place: run_bench(place, "--list"),
    "--dry-run": lambda place: run_bench(place, "--dry-run"),
    "an option without its value": lambda _: lab.run(path_of("run_bench.sh"), "--out"),
    "DLAB_BUILD is no build": lambda place: lab.run(
        "env", f"DLAB_BUILD={place.home}", path_of("run_bench.sh")),
    "SIGINT": lambda place: interrupted(place, script(), signal.SIGINT),
    "SIGTERM": lambda place: interrupted(place, script(), signal.SIGTERM),
}  # fmt: skip
