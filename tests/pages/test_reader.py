"""The reader types in a place of its own, and leaves nothing behind."""

from pathlib import Path

import pytest
from commands import ROOT, Lacking
from fences import fences
from jobs import wait_for
from reader import Reader, WentWrong


@pytest.fixture
def reader(tmp_path):
    with Reader(tmp_path) as reader:
        yield reader


def fence(text, notes=""):
    return fences("page", f"{notes}```sh\n{text}\n```\n")[0]


def is_alive(pid):
    """Does it still run? (proc(5): a state of Z is a process that has ended)"""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_what_commands_print_is_told(reader):
    assert reader.type(fence("echo one\necho two >&2")) == "one\ntwo\n"


def test_commands_change_a_copy(reader):
    reader.type(fence("echo changed > data/Data.jpg\necho made > made"))
    assert (ROOT / "data" / "Data.jpg").read_bytes()[:2] == b"\xff\xd8"
    assert not (ROOT / "made").exists()


def test_tmp_is_a_folder_of_its_own_and_called_tmp(reader):
    assert reader.type(fence("echo kept > /tmp/file\nls /tmp/file")) == "/tmp/file\n"
    assert (reader.tmp / "file").read_text() == "kept\n"


def test_a_port_is_another_one_and_the_same_each_time(reader):
    first, again, other = reader.type(fence("printf '%s\\n' 9001 HOST:9001 9002")).split()
    assert first != "9001" and again == f"HOST:{first}" and other != first


def test_a_file_that_the_page_shows_is_there_for_its_commands(reader):
    reader.save(fence("127.0.0.1:9004", "<!-- saved as servers.txt -->\n"))
    assert reader.type(fence("cat servers.txt")) == f"127.0.0.1:{reader._port('9004')}\n"


def test_a_line_is_typed_at_a_terminal(reader):
    asks = fence("test -t 0 && read -r line && echo got $line", "<!-- typed: two -->\n")
    assert "got two" in reader.type(asks)


def test_a_command_that_fails_is_told_with_what_it_said(reader):
    with pytest.raises(WentWrong, match="ended with 1: cat: gone"):
        reader.type(fence("cat gone"))


def test_a_command_may_fail_where_the_page_says_so(reader):
    reader.type(fence("cmp data/Data.jpg data/README.md", "<!-- exits with 1 -->\n"))


def test_a_program_that_is_not_here_is_no_fault_of_the_page(reader):
    with pytest.raises(Lacking, match="no-such-program is not installed"):
        reader.type(fence("echo | no-such-program"))


def test_what_a_command_leaves_running_is_ended(reader):
    pid = int(reader.type(fence("tail -f /dev/null & echo $!")))
    assert wait_for(lambda: not is_alive(pid))


SERVER = "build/bin/part1_server --root data --port 9001"
ASK = "build/bin/part1_client 127.0.0.1:9001 Data-50kB.jpg -o /tmp --quiet"


def test_a_server_serves_until_another_one_has_its_port(reader):
    reader.type(fence(f"{SERVER}\n{ASK}"))
    first = reader.servers["9001"]
    reader.type(fence(f"{SERVER} --log\n{ASK}"))
    assert not is_alive(first.process.pid)


def test_no_server_outlives_its_page(tmp_path):
    with Reader(tmp_path) as reader:
        reader.type(fence(SERVER))
        pid = reader.servers["9001"].process.pid
        assert is_alive(pid)
    assert not is_alive(pid)


def test_a_server_that_does_not_start_is_told(reader):
    with pytest.raises(WentWrong, match="does not listen: .*gone"):
        reader.type(fence("build/bin/part1_server --root gone --port 9001"))
