"""What the programs write down: report, rows, samples, the lines for a person."""

import csv
import json
import os
import subprocess

import lab
import mirrors
import pytest
from started import MODELS, read_report

PARTS = pytest.mark.parametrize("part", [1, 3])
SIZE = 3_000_000
KEYS = set(
    "schema program part connections schedule client_model sink server name version file_bytes "
    "planned_seconds status error exit_code t0_monotonic_ns verified bytes_received "
    "duplicate_bytes retries verify_s fsync_s duration_s setup_s ramp_s steady_s tail_s ttfb_s "
    "goodput_mbit_s steady_goodput_mbit_s jain_index per_connection packets remarks".split()
)


def downloaded(part, served, home, *options):
    """The report of a download."""
    lab.make_file(served / "file", SIZE)
    with lab.part_server(part, served) as server:
        result = lab.part_client(part, server, "file", "-o", home, "--report", home / "report",
                                 "--rows", home / "rows", *options)  # fmt: skip
    assert result.returncode == 0, result.stderr
    return read_report(home / "report")


def assert_adds_up(report):
    assert report["bytes_received"] == report["file_bytes"] == SIZE
    each = report["per_connection"]
    assert len(each) == report["connections"]
    assert sum(one["bytes"] for one in each) == SIZE + report["duplicate_bytes"]
    for one in each:
        assert one["bytes"] == (one["progress"][-1][1] if one["progress"] else 0)
        assert one["progress"] == sorted(one["progress"])
    phases = [report[name] for name in ("setup_s", "ramp_s", "steady_s", "tail_s")]
    assert all(phase >= 0 for phase in phases)
    assert sum(phases) == pytest.approx(report["duration_s"], abs=1e-6)
    goodput = SIZE * 8e-6 / report["duration_s"]
    assert report["goodput_mbit_s"] == pytest.approx(goodput, rel=1e-6)


def test_part1_reports_a_complete_and_consistent_transfer(served, home):
    report = downloaded(1, served, home)
    assert set(report) == KEYS
    assert_adds_up(report)
    assert (report["part"], report["status"], report["exit_code"]) == (1, "ok", 0)
    assert (report["error"], report["verified"], report["connections"]) == (None, "yes", 1)
    assert report["client_model"] == "single"


@pytest.mark.parametrize("part", [1, 2, 3, 4])
@pytest.mark.parametrize("option", ["--report", "--rows"])
def test_what_cannot_be_written_is_told_before_the_download(served, home, part, option):
    lab.make_file(served / "file", SIZE)
    with lab.part_server(part, served) as server:
        source = ["file"] if part != 4 else ["4", "file"]
        where = server if part != 4 else mirrors.servers_file(served, server)
        result = lab.part_client(part, where, *source, "-o", home, option, home / "none" / "it")
    assert (result.returncode, list(home.iterdir())) == (1, [])
    assert result.stderr == (f"part{part}_client: open {home / 'none' / 'it'}: "
                             "No such file or directory\n")  # fmt: skip


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("schedule", ["static", "dynamic"])
@pytest.mark.parametrize("connections", [1, 4, 50])
def test_part3_reports_a_complete_and_consistent_transfer(
    served, home, connections, schedule, model
):
    report = downloaded(3, served, home, "--connections", connections, "--schedule", schedule,
                        *MODELS[model])  # fmt: skip
    assert report["client_model"] == model
    assert set(report) == KEYS
    assert_adds_up(report)
    assert (report["part"], report["schedule"], report["retries"]) == (3, schedule, 0)
    assert (report["status"], report["verified"]) == ("ok", "yes")


def test_a_pipeline_and_a_transfer_not_verified_say_so(served, home):
    report = downloaded(1, served, home, "--pipeline", "--no-verify")
    assert (report["client_model"], report["verified"]) == ("pipeline", "no")
    assert report["verify_s"] is None


@PARTS
def test_a_failure_is_reported_too(served, home, part):
    with lab.part_server(part, served) as server:
        result = lab.part_client(part, server, "no \x1b such\udcff", "-o", home / "x",
                                 "--report", home / "report")  # fmt: skip
    report = read_report(home / "report")
    assert (result.returncode, report["status"], report["exit_code"]) == (1, "failed", 1)
    assert "not-found" in report["error"]
    assert "\x1b" not in result.stderr
    assert report["bytes_received"] == 0


def test_a_report_that_cannot_be_written_fails_the_run(served, home):
    lab.make_file(served / "file", 10)
    with lab.part_server(1, served) as server:
        result = lab.part_client(1, server, "file", "-o", home, "--report", home / "no" / "where")
    assert result.returncode == 1
    assert "no/where" in result.stderr


@PARTS
def test_rows_tell_every_range_and_when_it_came(served, home, part):
    downloaded(part, served, home)
    rows = list(csv.DictReader((home / "rows").open()))
    assert list(rows[0]) == ["connection", "index", "offset_bytes", "bytes", "intended_s", "sent_s",
                             "first_byte_s", "done_s", "mirror"]  # fmt: skip
    for row in rows:
        assert float(row["sent_s"]) <= float(row["first_byte_s"]) <= float(row["done_s"])
    assert covered(rows) == SIZE


def covered(rows):
    """How far the ranges of the rows reach from the front without a gap."""
    position = 0
    for begin, size in sorted((int(row["offset_bytes"]), int(row["bytes"])) for row in rows):
        assert begin <= position, f"nobody tells of the bytes from {position} on"
        position = max(position, begin + size)
    return position


@PARTS
def test_samples_of_each_connection_are_whole_rows(served, home, part):
    lab.make_file(served / "file", SIZE)
    with lab.part_server(part, served, "--samples", home / "samples") as server:
        lab.part_client(part, server, "file", "-o", home, "--report", home / "report")
        assert server.stop() == 0
    rows = list(csv.reader((home / "samples").open()))
    assert {len(row) for row in rows} == {len(rows[0])}
    assert rows[0][:3] == ["t_monotonic_ns", "local_port", "peer_port"]
    sampled = {int(row[2]) for row in rows[1:]}
    report = read_report(home / "report")
    assert {one["local_port"] for one in report["per_connection"] if one["bytes"]} <= sampled


@PARTS
def test_the_log_has_a_line_per_request(served, home, part):
    lab.make_file(served / "file one", 1000)
    with lab.part_server(part, served, "--log") as server:
        options = () if part == 1 else ("--connections", 1)
        lab.part_client(part, server, "file one", "-o", home, *options)
        lab.part_client(part, server, "missing", "-o", home)
        server.wait_for_log(r"missing.* status=not-found")
        first, second, third = server.stderr().splitlines()
    assert first.startswith("request=GET client=127.0.0.1:")
    assert "name=file%20one offset=0 length=1000 sent=1000" in first
    assert first.endswith("status=ok")
    assert second.startswith("request=DIGEST")
    assert "name=missing" in third


@PARTS
def test_quiet_says_nothing_and_otherwise_there_is_one_line(served, home, part):
    lab.make_file(served / "file", 1000)
    with lab.part_server(part, served) as server:
        quiet = lab.part_client(part, server, "file", "-o", home, "--quiet")
        loud = lab.part_client(part, server, "file", "-o", home)
    assert (quiet.stdout, quiet.stderr) == ("", "")
    assert loud.stdout == ""
    assert loud.stderr.startswith("file: 1000 B in ") and loud.stderr.endswith(", verified\n")
    assert loud.stderr.count("\n") == 1


def test_the_report_is_json_whatever_the_name(served, home):
    name = b"na\xffme\"\n"
    (served / name.decode(errors="surrogateescape")).write_bytes(b"content")
    with lab.part_server(1, served) as server:
        result = lab.part_client(1, server, name.decode(errors="surrogateescape"), "-o",
                                 home / "x", "--report", home / "report")  # fmt: skip
    assert result.returncode == 0
    assert json.loads((home / "report").read_bytes())["bytes_received"] == 7


# Where it goes


@PARTS
@pytest.mark.parametrize("option, beginning", [("--report", "{"), ("--rows", "connection,index,")])
def test_what_goes_to_standard_output_follows_what_is_there(
    served, home, part, option, beginning
):
    lab.make_file(served / "file", 1000)
    with lab.part_server(part, served) as server, (home / "all").open("w+") as output:
        output.write("before\n")
        output.flush()
        result = subprocess.run(
            [lab.BIN / f"part{part}_client", server.address, "file", "-o", home / "file", "--quiet",
             option, "/dev/stdout"], stdin=subprocess.DEVNULL, stdout=output,
            stderr=subprocess.PIPE, timeout=60)  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert (home / "all").read_text().startswith(f"before\n{beginning}")


@PARTS
def test_samples_may_go_to_a_pipe(served, part):
    lab.make_file(served / "file", 1000)
    read_end, write_end = os.pipe()
    with os.fdopen(read_end) as pipe:
        with lab.part_server(part, served, "--samples", f"/proc/{os.getpid()}/fd/{write_end}"):
            os.close(write_end)
            assert pipe.readline().startswith("t_monotonic_ns,local_port,")
