"""setup.sh installs what is missing and can be had, and says what to do where it cannot."""

import pytest

from machine import Machine

# Knows all packages but these; answers as apt-cache of apt 2 does.
APT_CACHE = """\
shift
for package; do
  case $package in
    {gone}) ;;
    *) printf '%s:\\n  Installed: (none)\\n  Candidate: 1.0\\n' "$package" ;;
  esac
done"""


@pytest.fixture(name="machine")
def fixture_machine(tmp_path):
    """A machine of Debian's kind with nothing installed but nginx, and root's."""
    machine = Machine(tmp_path)
    machine.pretend("dpkg-query", "exit 1")
    machine.pretend("apt-cache", APT_CACHE.format(gone="none"))
    machine.pretend("apt-get", f'echo "$*" >>"{tmp_path}/apt"')
    machine.pretend("id", "echo 0")
    machine.pretend("nginx")
    machine.log = tmp_path / "apt"
    return machine


def asked(machine):
    """The packages that apt-get was asked to install."""
    lines = machine.log.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if " install " in line][0].split(" install ")[1].split()


def test_what_is_missing_is_installed(machine):
    done = machine.run("setup.sh", "--peers")
    assert (done.returncode, done.stderr) == (0, "")
    assert {"g++", "libcli11-dev", "wrk"} <= set(asked(machine)) and "nginx" not in asked(machine)


def test_a_package_that_is_not_offered_is_done_without(machine):
    machine.pretend("apt-cache", APT_CACHE.format(gone="wrk | chromium | chromium-driver"))
    done = machine.run("setup.sh", "--peers", "--tests")
    assert done.returncode == 0
    assert "has no package wrk chromium chromium-driver; " in done.stdout
    assert "aria2" in asked(machine) and "wrk" not in asked(machine)


def test_without_a_package_that_all_needs_nothing_is_installed(machine):
    machine.pretend("apt-cache", APT_CACHE.format(gone="libcli11-dev"))
    done = machine.run("setup.sh")
    assert done.returncode == 1 and "no package libcli11-dev here" in done.stderr
    assert " install " not in machine.log.read_text(encoding="utf-8")


def test_an_ordinary_user_gets_the_line_to_type(machine):
    machine.pretend("id", "echo 1000")
    machine.pretend("sudo", "exit 1")
    done = machine.run("setup.sh")
    assert done.returncode == 1 and "  sudo apt-get update && sudo apt-get install" in done.stderr


def test_without_apt_get_it_says_what_is_needed(machine):
    (machine.bin / "apt-get").unlink()
    (machine.bin / "dpkg-query").unlink()
    done = machine.run("setup.sh")
    assert done.returncode == 1 and "CLI11" in done.stderr and "Ninja" in done.stderr
    for line in done.stderr.splitlines():
        if line.startswith("setup: programs"):
            assert "g++" in line.split() and "libcli11-dev" not in line


def test_what_is_missing_can_be_asked_for(machine):
    done = machine.run("setup.sh", "--missing")
    assert done.returncode == 0 and {"g++", "python3-numpy"} <= set(done.stdout.split())
    assert not machine.log.exists()


def test_with_a_python_of_ones_own_no_package_for_python_is_asked_for(machine):
    machine.pretend("mine")
    done = machine.run("setup.sh", "--missing", DLAB_PYTHON=str(machine.bin / "mine"))
    assert "g++" in done.stdout.split() and "python3-numpy" not in done.stdout


def test_an_unknown_option_is_told(machine):
    done = machine.run("setup.sh", "--everything")
    assert done.returncode == 2 and "setup: there is no option --everything" in done.stderr
