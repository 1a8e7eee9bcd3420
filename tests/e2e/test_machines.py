"""The machines that users have: an ordinary user's, a container, Ubuntu's AppArmor. On each of them
loopback is measured, and links work or say what is to be done about it."""

import csv
import json
import os
import re
import shutil
import tempfile
from pathlib import Path

import lab
import pytest

EXPERIMENT = {
    "title": "t", "question": "q?", "budget_s": 600, "startup_runs": 0,
    "settings": {"sink": "discard", "file_bytes": 100_000, "congestion_requested": "cubic"},
    "cells": [{"contestant": "part1", "link": ["loopback", "wan"]}],
    "ratios": [{"of": {"contestant": "part1", "link": "loopback"},
                "to": {"contestant": "part1", "link": "wan"}, "measure": "duration"}],
    "quick": {"blocks": 1, "budget_s": 600},
}  # fmt: skip

# Shell words that make the machine, in a mount namespace.
NODE = "mount -t tmpfs none /dev/net && mknod -m {} /dev/net/tun c 10 200"
TUN = NODE.format(666)
NO_TUN = "mount -t tmpfs none /dev/net"
READ_ONLY_SYS = "mount --bind /proc/sys /proc/sys && mount -o remount,bind,ro /proc/sys"
LITTLE_MEMORY = "ulimit -l 8192"

ORDINARY = ("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups")
ROOT_THAT_MAY_NOT = ("setpriv", "--bounding-set", "-sys_admin,-net_admin", "--inh-caps", "-all")
CONTAINER = r"start the container with --"
NO_NAMESPACES = r"this machine allows no network namespaces \(.+\): "


class Machine:
    """Runs our programs on a machine that is made for each of them."""

    def __init__(self, folder):
        self.folder = folder

    def run(self, prepare, user, *command, refused=None, **how):
        """As `user` (words that become him), who is `refused` a system call (lab.refusing)."""
        refusing = lab.refusing(**{refused: "EPERM"}) if refused else ()
        result = lab.run("unshare", "--mount", "sh", "-c",
                         f'cd {self.folder} && {prepare or ":"} || exit 99; exec "$@"', "sh",
                         *user, *refusing, *command, **how)  # fmt: skip
        if result.returncode == 99 or result.stderr.startswith("unshare: "):
            pytest.skip(f"no such machine can be made here: {result.stderr.strip()}")
        return result

    def linkem(self, prepare, user, *arguments, **how):
        return self.run(prepare, user, lab.BIN / "linkem", *arguments, **how)

    def bench(self, prepare, user, *arguments, **how):
        return self.run(prepare, user, lab.BIN / "dlab_bench", "--allow-debug", "--experiments",
                        self.folder / "experiments", "--out", self.folder / "results",
                        "--turn-folder", self.folder, *arguments, seconds=300, **how)  # fmt: skip

    def rows(self):
        """The rows that count, by their link."""
        path, = self.folder.glob("results/*-quick/runs.csv")
        with path.open(newline="") as file:
            return {row["link"]: row for row in csv.DictReader(file) if row["warmup"] == "no"}

    def meta(self):
        path, = self.folder.glob("results/*-quick/meta.json")
        return json.loads(path.read_text())


def can_be_used_by_others(program):
    return lab.run(*ORDINARY, "test", "-x", program).returncode == 0


@pytest.fixture
def machine():
    if os.geteuid() != 0:
        pytest.skip("only root can become somebody else; the other tests ran without root")
    if not can_be_used_by_others(lab.BIN / "dlab_bench"):
        pytest.skip(f"{lab.BIN} is not for everybody")
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o777)
    (folder / "experiments").mkdir()
    (folder / "experiments" / "x.json").write_text(json.dumps(EXPERIMENT))
    yield Machine(folder)
    shutil.rmtree(folder)


@pytest.fixture(scope="module", autouse=True)
def no_leak_check():
    with lab.no_leak_check():
        yield


# linkem


def test_an_ordinary_user_has_links(machine):
    result = machine.linkem(f"{TUN} && {LITTLE_MEMORY}", ORDINARY, "--link", "wan", "--server",
                            "id -u >&2; echo listening on 0.0.0.0:1; exec tail -f /dev/null", "--",
                            "id", "-u")  # fmt: skip
    if re.search(NO_NAMESPACES, result.stderr):
        pytest.skip(result.stderr.strip())
    assert result.returncode == 0, result.stderr
    assert result.stdout == "65534\n"
    assert "65534\n" in result.stderr
    assert result.stderr.count("the emulator went without real-time scheduling (ulimit -r), ") == 1


# What keeps links from a machine, and what linkem says of it.
LINKLESS = pytest.mark.parametrize("prepare, user, refused, hint", [
    (NO_TUN, ORDINARY, None, "/dev/net/tun: No such file or directory: "
                             f"({CONTAINER}device /dev/net/tun|sudo sh -c 'modprobe tun; )"),
    (NODE.format(600), ORDINARY, None,
     "/dev/net/tun: Permission denied: sudo chmod 666 /dev/net/tun"),
    (TUN, ORDINARY, "unshare",
     f"{NO_NAMESPACES}({CONTAINER}security-opt seccomp=unconfined|run it with sudo)"),
    (TUN, ORDINARY, "map_ids",
     f"{NO_NAMESPACES}({CONTAINER}user root|sudo apparmor_parser -r '/.+/apparmor/dlab')"),
    (NO_TUN, ROOT_THAT_MAY_NOT, "unshare",
     f"{NO_NAMESPACES}{CONTAINER}cap-add SYS_ADMIN --cap-add NET_ADMIN --device /dev/net/tun"),
], ids=["no-tun", "closed-tun", "no-namespaces", "no-mapping", "container"])  # fmt: skip


@LINKLESS
def test_without_links_linkem_says_what_to_do(machine, prepare, user, refused, hint):
    result = machine.linkem(prepare, user, "--", "echo", "ran", refused=refused)
    assert (result.returncode, result.stdout) == (125, ""), result.stderr
    assert re.fullmatch(f"linkem: {hint}.*\n", result.stderr), result.stderr
    if user == ROOT_THAT_MAY_NOT:
        assert "sudo" not in result.stderr and "as root" not in result.stderr


@LINKLESS
def test_a_check_tells_the_same(machine, prepare, user, refused, hint):
    result = machine.linkem(prepare, user, "check", refused=refused)
    assert result.returncode == 1, result.stderr
    assert re.search(f"^links=no\nhint={hint}", result.stdout, re.MULTILINE), result.stdout


def test_a_check_tells_what_was_granted(machine):
    result = machine.linkem(TUN, (), "check")
    told = dict(line.split("=", 1) for line in result.stdout.splitlines())
    if told["links"] == "no":
        pytest.skip(told["hint"])
    assert result.returncode == 0
    assert list(told) == ["namespaces", "links", "pinned", "realtime", "awake", "locked_memory"]
    assert told["namespaces"] in ("root", "user")


def test_where_user_namespaces_are_switched_off_linkem_says_so():
    forbid = "echo 0 >/proc/sys/user/max_user_namespaces || exit 99; " \
             'exec setpriv --bounding-set=-sys_admin "$@"'
    result = lab.run("unshare", "--user", "--map-root-user", "sh", "-c", forbid, "sh",
                     lab.BIN / "linkem", "--", "echo", "ran")  # fmt: skip
    if result.returncode == 99 or result.stderr.startswith("unshare: "):
        pytest.skip(f"namespaces cannot be forbidden here: {result.stderr.strip()}")
    assert result.returncode == 125
    assert "no network namespaces (user namespaces are switched off): " in result.stderr


# dlab_bench


def assert_measured(row):
    assert row["status"] == "ok", row["error"]
    assert row["congestion_used"] != ""


def test_an_ordinary_user_measures_links(machine):
    result = machine.bench(f"{TUN} && {LITTLE_MEMORY}", ORDINARY)
    rows = machine.rows()
    if rows["wan"]["status"] == "unavailable":
        pytest.skip(rows["wan"]["error"])
    assert result.returncode == 0, result.stderr
    assert_measured(rows["loopback"])
    assert rows["wan"]["status"] in ("ok", "void"), rows["wan"]["error"]
    assert result.stderr.count("the emulator goes without real-time scheduling (ulimit -r)") == 1
    certificate = machine.meta()["links"]["wan"]
    assert certificate["realtime"] is False and certificate["locked_memory"] in (True, False)
    assert machine.meta()["network"]["pinned"] is True


@LINKLESS
def test_without_links_loopback_is_measured(machine, prepare, user, refused, hint):
    result = machine.bench(prepare, user, refused=refused)
    assert result.returncode == 0, result.stderr
    rows = machine.rows()
    assert_measured(rows["loopback"])
    assert rows["wan"]["status"] == "unavailable"
    assert re.match(hint, rows["wan"]["error"]), rows["wan"]["error"]
    assert re.match(hint, machine.meta()["links"]["wan"]["unavailable"])
    assert re.search(f"^\\d+ unavailable: {hint}", result.stdout, re.MULTILINE), result.stdout
    if refused:
        assert machine.meta()["network"]["namespace"] == "host"
        assert result.stderr.count("runs share the machine's network") == 1


def test_a_session_that_could_measure_nothing_says_why_and_fails(machine):
    result = machine.bench(TUN, ORDINARY, "--filter", "wan", refused="unshare")
    assert result.returncode == 1
    assert re.search(f"^dlab_bench: nothing was measured: {NO_NAMESPACES}", result.stderr,
                     re.MULTILINE), result.stderr  # fmt: skip
    assert machine.meta()["exit_code"] == 1


def test_where_proc_sys_is_read_only_all_works_with_the_machines_buffers(machine):
    result = machine.bench(READ_ONLY_SYS, (), "--filter", "loopback")
    assert result.returncode == 0, result.stderr
    assert_measured(machine.rows()["loopback"])
    assert machine.meta()["network"]["pinned"] is False
    assert result.stderr.count("warning: /proc/sys may not be written") == 1
    check = machine.linkem(f"{TUN} && {READ_ONLY_SYS}", (), "check")
    if "links=no" in check.stdout:
        pytest.skip(check.stdout)
    assert "links=yes\npinned=no\n" in check.stdout


def test_a_server_by_io_uring_is_unavailable_where_that_is_refused(machine):
    """By epoll, as it would serve instead, it would be another server under this one's name."""
    settings = {**EXPERIMENT["settings"], "link": "loopback", "planned_requests": 5}
    cells = [{"contestant": "load", "server_model": ["epoll", "io_uring"]}]
    ratio = {"of": {"contestant": "load", "server_model": "epoll"},
             "to": {"contestant": "load", "server_model": "io_uring"},
             "measure": "goodput"}  # fmt: skip
    (machine.folder / "experiments" / "x.json").write_text(json.dumps(
        {**EXPERIMENT, "settings": settings, "cells": cells, "ratios": [ratio]}))
    result = machine.bench("", (), refused="io_uring_setup")
    assert result.returncode == 0, result.stderr
    assert ("\n1 unavailable: io_uring: Operation not permitted: start the container with "
            "--security-opt seccomp=unconfined\n") in result.stdout  # fmt: skip
