"""Part 3 goes on where it was interrupted, and never from what it cannot trust."""

import json
import os
import signal

import lab
import pytest
from proxy import Proxy
from started import EACH_MODEL, Client, assert_failed, names_in, read_report

SCHEDULES = pytest.mark.parametrize("schedule", ["static", "dynamic"])
MIB = 1 << 20
SIZE = 8 * MIB
STARTING_OVER = "part3_client: the file has changed on the server: starting over\n"


def interrupted(server, home, *options, sent=signal.SIGINT):
    """Leaves a download undone: bytes have come, not all. Returns what the record says is there."""
    lab.make_file(server.files / "file", SIZE)
    hold(server, home, home / "file.part", SIZE // 8, sent, "--connections", 3, *options)
    return bytes_on_record(home)


def hold(server, home, awaited, after, sent, *options):
    """Holds a download back until the file `awaited` has something in it, and ends its client by a
    signal."""
    with Proxy(server, hold_after=after) as proxy:
        with Client(3, proxy, "file", "-o", home, *options) as client:
            proxy.wait_until_holding()
            lab.wait_until(lambda: awaited.exists() and awaited.stat().st_blocks > 0,
                           f"{awaited.name} is there")  # fmt: skip
            client.signal(sent)
            assert client.wait() == (1 if sent == signal.SIGINT else -sent)


def bytes_on_record(home):
    record = json.loads((home / "file.part.dlab").read_text())
    return sum(end - begin for begin, end in record["received"])


def forge(home, received):
    """Lets the record say that these ranges are here."""
    control = home / "file.part.dlab"
    record = json.loads(control.read_text())
    control.write_text(json.dumps({**record, "received": received}))


def resumed(server, home, *options):
    return lab.part_client(3, server, "file", "-o", home, "--resume", "--quiet", "--report",
                           home / "report", *options)  # fmt: skip


def assert_whole(server, home, result):
    assert result.returncode == 0, result.stderr
    assert names_in(home) == ["file", "report"]
    assert (home / "file").read_bytes() == (server.files / "file").read_bytes()
    report = read_report(home / "report")
    assert report["verified"] == "yes"
    return report


def bytes_asked_for(server):
    lines = (line for line in server.stderr().splitlines() if line.startswith("request=GET"))
    return sum(int(line.partition(" length=")[2].split()[0]) for line in lines)


@pytest.fixture
def server(served):
    with lab.part_server(3, served, "--log") as server:
        server.files = served
        yield server


@EACH_MODEL
@SCHEDULES
def test_an_interrupted_download_goes_on_with_the_missing_bytes(server, home, schedule, model):
    there = interrupted(server, home, "--schedule", schedule, *model)
    assert names_in(home) == ["file.part", "file.part.dlab"]
    assert 0 < there < SIZE
    asked_before = bytes_asked_for(server)
    report = assert_whole(server, home, resumed(server, home, "--schedule", schedule, *model))
    assert report["bytes_received"] == SIZE - there
    if schedule == "static":
        assert bytes_asked_for(server) - asked_before == SIZE - there


@pytest.mark.parametrize("connections", [1, 2, 50])
def test_another_number_of_connections_may_go_on(server, home, connections):
    there = interrupted(server, home)
    report = assert_whole(server, home, resumed(server, home, "--connections", connections))
    assert report["bytes_received"] == SIZE - there


def test_a_download_may_be_interrupted_again_and_again(server, home):
    there = interrupted(server, home)
    for _ in range(2):
        before = there
        hold(server, home, home / "file.part", SIZE // 64, signal.SIGINT, "--resume",
             "--connections", 3)  # fmt: skip
        there = bytes_on_record(home)
        assert there >= before
    assert_whole(server, home, resumed(server, home))


@EACH_MODEL
def test_a_killed_client_leaves_a_record_that_is_true(server, home, model):
    """Records are written every 64 MiB; what came since the last one is brought again."""
    size = 72 * MIB
    lab.make_file(server.files / "file", size)
    hold(server, home, home / "file.part.dlab", 68 * MIB, signal.SIGKILL, "--connections", 1,
         *model)  # fmt: skip
    there = bytes_on_record(home)
    assert 64 * MIB <= there < size
    report = assert_whole(server, home, resumed(server, home, *model))
    assert report["bytes_received"] == size - there


@EACH_MODEL
def test_a_resumption_that_cannot_reach_its_server_keeps_what_it_has(server, home, model):
    there = interrupted(server, home)
    kept = (home / "file.part").read_bytes()
    with lab.nobody() as address:
        assert_failed(3, resumed(address, home, *model), "Connection refused")
    assert (home / "file.part").read_bytes() == kept
    report = assert_whole(server, home, resumed(server, home))
    assert report["bytes_received"] == SIZE - there


@EACH_MODEL
def test_a_resumption_of_what_is_all_here_only_verifies(server, home, model):
    interrupted(server, home)
    data = (server.files / "file").read_bytes()
    (home / "file.part").write_bytes(data)
    forge(home, [[0, SIZE]])
    report = assert_whole(server, home, resumed(server, home, *model))
    assert report["bytes_received"] == 0


def test_nothing_to_resume_is_a_download_from_the_front(server, home):
    lab.make_file(server.files / "file", SIZE)
    assert assert_whole(server, home, resumed(server, home))["bytes_received"] == SIZE


@EACH_MODEL
def test_a_file_that_changed_on_the_server_is_brought_anew_and_that_is_said(server, home, model):
    interrupted(server, home)
    lab.make_file(server.files / "file", SIZE - 5, seed=2)
    result = resumed(server, home, *model)
    assert result.stderr == STARTING_OVER
    assert assert_whole(server, home, result)["bytes_received"] == SIZE - 5


def test_a_file_that_vanished_from_the_server_fails_and_keeps_what_is_here(server, home):
    interrupted(server, home)
    os.remove(server.files / "file")
    assert_failed(3, resumed(server, home), "not-found")
    assert names_in(home) == ["file.part", "file.part.dlab", "report"]


def test_without_resume_leftovers_are_replaced(server, home):
    interrupted(server, home)
    result = lab.part_client(3, server, "file", "-o", home, "--report", home / "report")
    assert assert_whole(server, home, result)["bytes_received"] == SIZE


DAMAGE = {
    "cut": lambda text: text[:-10],
    "empty": lambda text: "",
    "not JSON": lambda text: "received everything",
    "beyond the size": lambda text: text.replace('"received":[[', f'"received":[[0,{SIZE + 1}],['),
    "another name": lambda text: text.replace('"name_hex":"', '"name_hex":"41'),
    "another size": lambda text: text.replace(f'"size":{SIZE}', f'"size":{SIZE + 1}'),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_record_is_not_believed(server, home, damage):
    interrupted(server, home)
    control = home / "file.part.dlab"
    before = control.read_text()
    control.write_text(DAMAGE[damage](before))
    assert control.read_text() != before
    assert assert_whole(server, home, resumed(server, home))["bytes_received"] == SIZE


def test_a_folder_in_the_records_place_is_no_record(server, home):
    lab.make_file(server.files / "file", SIZE)
    (home / "file.part.dlab").mkdir()
    result = resumed(server, home)
    assert result.returncode == 0, result.stderr
    assert (home / "file").read_bytes() == (server.files / "file").read_bytes()


@pytest.mark.parametrize("change", ["missing", "shorter", "longer"])
def test_a_part_file_that_does_not_fit_its_record_is_not_gone_on_from(server, home, change):
    interrupted(server, home)
    if change == "missing":
        os.remove(home / "file.part")
    else:
        os.truncate(home / "file.part", SIZE + {"shorter": -1, "longer": 1}[change])
    assert assert_whole(server, home, resumed(server, home))["bytes_received"] == SIZE


def test_a_record_that_lies_is_found_out_by_the_digest_and_forgotten(server, home):
    interrupted(server, home)
    forge(home, [[0, SIZE - 1]])
    assert_failed(3, resumed(server, home), "not the bytes that were sent", exit_code=3)
    assert names_in(home) == ["report"]
    assert assert_whole(server, home, resumed(server, home))["bytes_received"] == SIZE


def test_offsets_beyond_4_GiB_are_gone_on_from(server, home):
    """All of a large file but its end is here already; nobody has to write or hash it."""
    size, end = 5 << 30, b"the end of a large file"
    lab.make_sparse(server.files / "file", size)
    with open(server.files / "file", "r+b") as file:
        file.seek(size - len(end))
        file.write(end)
    hold(server, home, home / "file.part", MIB, signal.SIGINT, "--connections", 1)
    forge(home, [[0, size - 1000]])
    result = resumed(server, home, "--no-verify")
    assert result.returncode == 0, result.stderr
    assert read_report(home / "report")["bytes_received"] == 1000
    with open(home / "file", "rb") as file:
        assert os.fstat(file.fileno()).st_size == size
        file.seek(size - len(end))
        assert file.read() == end
    os.remove(home / "file")


def test_resuming_what_is_not_kept_is_a_wrong_command_line(home):
    result = lab.part_client(3, "127.0.0.1:9003", "file", "--resume", "--sink", "discard")
    assert_failed(3, result, "--resume needs a file", exit_code=2)
