"""The doctor tells what a machine can do, changes nothing, and needs next to nothing itself."""

import json
import os
import re
import resource
import shutil
import tempfile
from pathlib import Path

import pytest

from machine import ROOT, Machine, everything_below

NAMES = {"source", "system", "machine", "user", "build", "packages", "compiler", "cmake", "python",
         "peers", "processors", "memory", "disk", "namespaces", "tun", "proc-sys", "locked-memory",
         "real-time", "openat2", "io_uring", "congestion", "ipv6"}
SCRATCH_USER = 54321
UNMAPPED = 'case "$*" in "-U true") exit 0 ;; *) exit 1 ;; esac'


@pytest.fixture(name="place")
def fixture_place():
    """A folder that anybody may enter, as those of pytest are not."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)


@pytest.fixture(name="project")
def fixture_project(place):
    """The scripts, in a folder that is no clone."""
    folder = place / "it's {here}; now"
    folder.mkdir()
    for name in ("run_bench.sh", "setup.sh"):
        shutil.copy(ROOT / name, folder)
    for name in ("cmake", "doctor"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / "plots").mkdir()
    shutil.copy(ROOT / "plots" / "packages.py", folder / "plots")
    return folder


@pytest.fixture(name="machine")
def fixture_machine(place):
    return Machine(place)


def diagnosis(machine, project, **options):
    """({fact: its entry}, the whole) of the finished --doctor=json."""
    done = machine.run("run_bench.sh", "--doctor=json", root=project, **options)
    assert (done.returncode, done.stderr) == (0, "")
    whole = json.loads(done.stdout)
    return {one["name"]: one for one in whole["facts"]}, whole


def check(facts):
    """Each no has a loss, and nothing else has."""
    assert NAMES <= set(facts)
    for one in facts.values():
        assert one["state"] in ("yes", "no", "-") and one["detail"]
        assert bool(one["lost"]) == (one["state"] == "no"), one


def test_on_a_machine_with_bash_alone_each_thing_that_lacks_is_told(machine, project):
    before = everything_below(project)
    facts, whole = diagnosis(machine, project)
    check(facts)
    assert everything_below(project) == before
    lacking = {name for name, one in facts.items() if one["state"] == "no"}
    assert {"packages", "compiler", "cmake", "peers"} <= lacking
    assert facts["source"]["detail"] == f"no clone, in {project}"
    assert whole["loopback"].startswith("no, until packages is mended: ")


def test_in_words_each_no_has_a_line_for_what_is_lost(machine, project):
    done = machine.run("run_bench.sh", "--doctor", root=project)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert sum(line.startswith("no ") for line in lines) == sum("   lost: " in line for line in lines)
    assert lines[-1].startswith("What to expect: loopback: ") and "; links: " in lines[-1]


def test_this_machine_is_told_in_an_empty_environment(machine, project):
    facts, _ = diagnosis(machine, project, PATH=os.defpath)
    check(facts)


def test_where_ids_may_not_be_mapped_a_profile_is_the_remedy(machine, project):
    machine.pretend("unshare", UNMAPPED)
    machine.pretend("id", "echo users")
    facts, whole = diagnosis(machine, project, options=as_scratch_user())
    check(facts)
    told = facts["namespaces"]
    assert told["state"] == "no" and "with mapped ids: no" in told["detail"]
    assert "apparmor_parser -r" in told["mend"] or told["mend"].startswith("start the container")
    assert "sysctl" not in told["mend"]
    assert whole["links"].startswith("no")


def test_nobody_who_is_root_is_told_to_become_root(machine, project):
    if os.geteuid() != 0:
        pytest.skip("this is root's")
    machine.pretend("unshare", "exit 1")
    facts, _ = diagnosis(machine, project)
    assert facts["user"]["detail"] == "root"
    assert not [one for one in facts.values() if "sudo" in one["mend"] or "root" in one["mend"]]


def as_scratch_user():
    if os.geteuid() != 0:
        return {}
    return {"user": SCRATCH_USER, "group": SCRATCH_USER, "extra_groups": []}


def test_a_scratch_user_changes_nothing_and_is_told_no_less(machine, project):
    before = everything_below(project)
    facts, _ = diagnosis(machine, project, options=as_scratch_user())
    check(facts)
    assert facts["user"]["detail"].startswith("an ordinary user")
    assert everything_below(project) == before


def test_who_is_held_to_a_limit_of_locked_memory_is_told(machine, project):
    facts, _ = diagnosis(machine, project, options={**as_scratch_user(), "preexec_fn": limit_locks})
    assert (facts["locked-memory"]["state"], facts["locked-memory"]["detail"]) == ("no", "1 MiB")


def test_who_may_lock_all_is_told_so_whatever_the_limit(machine, project):
    if not may_lock_all():
        pytest.skip("this is for whoever has CAP_IPC_LOCK")
    facts, _ = diagnosis(machine, project, options={"preexec_fn": limit_locks})
    assert facts["locked-memory"]["state"] == "yes"


def limit_locks():
    resource.setrlimit(resource.RLIMIT_MEMLOCK, (1 << 20, 1 << 20))


def may_lock_all():
    capabilities = re.search(r"CapEff:\s*(\w+)", Path("/proc/self/status").read_text())[1]
    everybody = Path("/proc/self/uid_map").read_text().split() == ["0", "0", "4294967295"]
    return everybody and bool(int(capabilities, 16) >> 14 & 1)


def test_a_build_of_somebody_else_is_enough_for_loopback(machine, project, tmp_path):
    (tmp_path / "theirs" / "bin").mkdir(parents=True)
    (tmp_path / "theirs" / "bin" / "dlab_bench").touch(mode=0o755)
    facts, whole = diagnosis(machine, project, DLAB_BUILD=str(tmp_path / "theirs"))
    assert facts["build"]["state"] == "yes" and whole["loopback"] == "yes"


def test_what_the_emulator_finds_decides_on_links(machine, project, tmp_path):
    folder = project / "build" / "bin"
    folder.mkdir(parents=True)
    (folder / "dlab_bench").touch(mode=0o755)
    (folder / "linkem").write_text(
        "#!/bin/sh\necho links=no\necho 'hint=/dev/net/tun: no: start it again'\nexit 1\n",
        encoding="utf-8")
    (folder / "linkem").chmod(0o755)
    (machine.bin / "timeout").symlink_to(shutil.which("timeout"))
    machine.pretend("unshare")
    facts, whole = diagnosis(machine, project)
    assert facts["linkem"]["state"] == "no" and whole["links"].startswith("no, until ")


def test_another_form_is_refused(machine, project):
    done = machine.run("run_bench.sh", "--doctor=xml", root=project)
    assert done.returncode == 2 and "run_bench: --doctor=xml: " in done.stderr
