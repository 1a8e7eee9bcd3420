"""Situations that programs get into: SITUATIONS[program][what it is called](Place) is what ended.

They need no speed, and all of them together take seconds.
"""

import functools
import hashlib
import select
import shutil
import signal
import socket
import subprocess

import bench_runs
import frames
import lab
import pytest
from fake_server import FakeServer
from mirrors import FakeMirror, mute
from place import PARTS, SIZE
from proxy import Proxy
from running import Ended, path_of, plots
from started import Client

GOLDEN = lab.ROOT / "tests" / "plots" / "golden"
WRONG_BYTE = {"corrupt_at": frames.header_bytes("file") + 1000}


def of_every_program(name, *words):
    """words: what its command line cannot do without."""
    return {
        "--help": lambda _: lab.run(path_of(name), "--help"),
        "there is no such option": lambda _: lab.run(path_of(name), *words, "--no-such-option"),
    }


# Clients


def nobody_listens(place, part):
    with lab.nobody() as address:
        return place.fetch(part, server=address)


def wrong_bytes(place, part):
    if part == 2:  # which has a wrong packet sent again
        return packets_of_another_file(place)
    digest = ["--digest", hashlib.sha256(place.data).hexdigest()] if part == 4 else []
    one = ["--connections", 1] if part == 3 else []
    with Proxy(place.server(part), **WRONG_BYTE) as proxy:
        return place.fetch(part, *digest, *one, server=proxy)


def packets_of_another_file(place):
    def answer(peer, _):
        peer.send(frames.file(3) + frames.packet(0, b"abc", 0) + frames.mark(1))

    with FakeServer(answer, frames.file_digest(3, hashlib.sha256(b"xyz"))) as server:
        return place.fetch(2, server=server)


def interrupted(place, part):
    """The client is sent SIGINT while the server says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(20)
        with Client(part, *place.words(part, "%s:%d" % listener.getsockname())) as client:
            peer, _ = listener.accept()
            client.signal(signal.SIGINT)
            code = client.wait()
            peer.close()
            return Ended(code, stderr=client.stderr())


def time_is_over(place, part):
    with mute() as address:
        return place.fetch(part, "--deadline", "50ms", server=address)


def of_client(part):
    words = ["127.0.0.1:1", *([1] if part == 4 else []), "file"]
    return {
        **of_every_program(f"part{part}_client", *words),
        "the file is whole": lambda place: place.fetch(part),
        "no server is named": lambda _: lab.run(path_of(f"part{part}_client")),
        "the server has no such file": lambda place: place.fetch(part, name="missing"),
        "nobody listens": lambda place: nobody_listens(place, part),
        "a byte is not the one that was sent": lambda place: wrong_bytes(place, part),
        "SIGINT": lambda place: interrupted(place, part),
        "the deadline has passed": lambda place: time_is_over(place, part),
        "the file cannot be saved": lambda place: place.fetch(part, target="/dev/null/file"),
    }


def no_mirror_has_its_bytes(place):
    """The only one tells the size, and no more."""

    def answer(peer, get):
        peer.sendall(frames.file(SIZE, length=0) if get.is_for_size else frames.error(12, "no"))

    with FakeMirror(answer) as mirror:
        return place.fetch(4, server=mirror)


OF_PART_4 = {
    "no server brings a chunk": no_mirror_has_its_bytes,
    "the servers file names no server": lambda place: place.fetch(4, server="# nobody"),
}

# Servers


def told_to_end(place, part, number):
    """The server is sent the signal once it has said something."""
    words = [path_of(f"part{part}_server"), "--port", "0", "--root", place.served]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            select.select([process.stdout], [], [], 20)
            process.send_signal(number)
            out, error = process.communicate(timeout=20)
        finally:
            process.kill()
    return Ended(process.returncode, out.decode(), error.decode())


def of_server(part):
    name = f"part{part}_server"
    return {
        **of_every_program(name),
        "it listens until SIGTERM": lambda place: told_to_end(place, part, signal.SIGTERM),
        "it listens until SIGINT": lambda place: told_to_end(place, part, signal.SIGINT),
        "the folder to serve is missing": lambda place: lab.run(
            path_of(name), "--port", 0, "--root", place.folder / "missing"),
        "the port is taken": lambda place: lab.run(
            path_of(name), "--port", place.server(part).port, "--root", place.served),
    }  # fmt: skip


# Load generators


def load_on_nobody(place):
    with lab.nobody() as address:
        return place.load(server=address)


def small_requests(place, *options):
    """They go on until they are told to end: here, as soon as one was answered."""
    with lab.part_server(3, place.served, "--log") as server:
        words = [path_of("dlab_requests"), server.address, "file", *options]
        with subprocess.Popen([str(word) for word in words], stderr=subprocess.PIPE,
                              text=True) as process:  # fmt: skip
            server.wait_for_log("file")
            process.send_signal(signal.SIGTERM)
            _, said = process.communicate(timeout=20)
    return Ended(process.returncode, stderr=said)


def requests_to_nobody(_):
    with lab.nobody() as address:
        return lab.run(path_of("dlab_requests"), address, "file")


LOAD = {
    **of_every_program("dlab_load", "127.0.0.1:1", "file"),
    "all requests are answered": lambda place: place.load(),
    "the server has no such file": lambda place: place.load(name="missing"),
    "nobody listens": load_on_nobody,
}
REQUESTS = {
    **of_every_program("dlab_requests", "127.0.0.1:1", "file"),
    "it asks until SIGTERM": small_requests,
    "nobody listens": requests_to_nobody,
}

# Links


@functools.cache
def obstacle_to_links():
    """Why this machine has no emulated links; None where it has."""
    told = lab.run(path_of("linkem"), "check").stdout
    return None if "links=yes" in told else told


def over_link(*words):
    """linkem with these words, on a machine that has links."""
    if obstacle_to_links():
        pytest.skip(obstacle_to_links())
    with lab.no_leak_check():
        return lab.run(path_of("linkem"), "--quiet", *words)


def client_over_link(script):
    return over_link("--", "sh", "-c", script)


LINKEM = {
    **of_every_program("linkem"),
    "--list": lambda _: lab.run(path_of("linkem"), "--list"),
    "no client is named": lambda _: lab.run(path_of("linkem"), "--link", "wan"),
    "there is no such link": lambda _: lab.run(path_of("linkem"), "--link", "x", "--", "true"),
    "links can be had, check": lambda _: over_link("check"),
    "the client ends with 0": lambda _: client_over_link("exit 0"),
    "the client ends with 7": lambda _: client_over_link("exit 7"),
    "SIGKILL ends the client": lambda _: client_over_link("kill -KILL $$"),
    "SIGTERM ends the client": lambda _: client_over_link("kill -TERM $$"),
    "the client is no program": lambda _: over_link("--", "/dev/null"),
    "the client takes too long": lambda _: over_link("--timeout", "10ms", "--", "sleep", "60"),
    "the server ends before it listens": lambda _: over_link("--server", "true", "--", "true"),
}

# Scripts


def copied_results(place):
    return shutil.copytree(GOLDEN, place.folder / "results", dirs_exist_ok=True)


def broken_results(place):
    """They have a row of nonsense."""
    folder = copied_results(place)
    with open(folder / "runs.csv", "a", encoding="utf-8") as runs:
        runs.write("nonsense\n")
    return folder


SETUP = {
    **of_every_program("setup.sh"),
    "--missing": lambda _: lab.run(path_of("setup.sh"), "--missing"),
}
RUN_TESTS = {
    "--help": lambda _: lab.run(path_of("run_tests.sh"), "--help"),
    "there is no such preset": lambda _: lab.run(path_of("run_tests.sh"), "--preset", "x"),
}
PLOTS = {
    "--help": lambda _: plots("--help"),
    "there is no such option": lambda _: plots("--no-such-option"),
    "table": lambda _: plots("table", GOLDEN),
    "no results are named": lambda _: plots("table"),
    "there are no such results": lambda place: plots("table", place.folder / "missing"),
    "a row of the results cannot be read": lambda place: plots("table", broken_results(place)),
    "there is no such run": lambda _: plots("explain", GOLDEN, "missing"),
    "a check of self-test failed": lambda place: plots("self-test", copied_results(place)),
}

SITUATIONS = {
    **{f"part{part}_client": of_client(part) for part in PARTS},
    **{f"part{part}_server": of_server(part) for part in PARTS},
    "dlab_load": LOAD,
    "dlab_requests": REQUESTS,
    "dlab_bench": {**of_every_program("dlab_bench"), **bench_runs.SITUATIONS},
    "linkem": LINKEM,
    "run_bench.sh": {"--help": of_every_program("run_bench.sh")["--help"],
                     **bench_runs.SCRIPT_SITUATIONS},
    "setup.sh": SETUP,
    "run_tests.sh": RUN_TESTS,
    "plots.sh": PLOTS,
}  # fmt: skip
SITUATIONS["part4_client"].update(OF_PART_4)
