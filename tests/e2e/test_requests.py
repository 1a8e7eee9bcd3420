"""dlab_requests: small requests at a steady pace."""

import csv
import signal
import subprocess

import lab
import pytest


def asker(server, *options):
    command = [lab.BIN / "dlab_requests", server.address, *options]
    return subprocess.Popen(list(map(str, command)), stderr=subprocess.PIPE, text=True)


def rows_of(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def test_it_asks_until_it_is_told_to_end(served, home):
    lab.make_file(served / "file", 5000)
    with lab.part_server(3, served, "--log") as server:
        process = asker(server, "file", "--every", "2ms", "--bytes", "700", "--rows", home / "rows")
        lab.wait_until(lambda: server.stderr().count("\n") >= 5, "five answers")
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0, process.stderr.read()
    rows = rows_of(home / "rows")
    assert len(rows) >= 4
    assert [int(row["index"]) for row in rows] == list(range(len(rows)))
    for row in rows:
        assert row["bytes"] == "700"
        assert float(row["intended_s"]) == pytest.approx(int(row["index"]) * 0.002)
        times = [float(row[name]) for name in ("intended_s", "sent_s", "first_byte_s", "done_s")]
        assert times == sorted(times)


def test_a_server_that_leaves_ends_it_and_the_rows_are_kept(served, home):
    lab.make_file(served / "file", 5000)
    with lab.part_server(3, served, "--log") as server:
        process = asker(server, "file", "--every", "2ms", "--rows", home / "rows")
        lab.wait_until(lambda: server.stderr().count("\n") >= 3, "three answers")
        server.kill()
        assert process.wait(20) == 1
    assert "127.0.0.1" in process.stderr.read()
    assert len(rows_of(home / "rows")) >= 2


def test_a_file_that_is_not_there_is_said(served, home):
    with lab.part_server(3, served) as server:
        process = asker(server, "nothing")
        assert process.wait(20) == 1
    assert "nothing" in process.stderr.read()
