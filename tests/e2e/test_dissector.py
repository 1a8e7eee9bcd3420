"""The Wireshark dissector, against the captures that ship and against fresh ones of every part."""

import shutil
import subprocess
from pathlib import Path

import lab
import pytest

from tests import lua_in_tshark

FOLDER = Path(__file__).parents[2] / "docs" / "wireshark"
SCRIPT = FOLDER / "dlab.lua"
PICTURE = Path(__file__).parents[2] / "data" / "Data-50kB.jpg"
GET, GET_PACKETS, DIGEST, LIST, FILE, PACKET, MARK, FILE_DIGEST = (
    0x01, 0x02, 0x03, 0x04, 0x81, 0x82, 0x83, 0x84)  # fmt: skip

if not shutil.which("tshark"):
    pytest.skip("there is no tshark: ./setup.sh --tests installs it", allow_module_level=True)
if reason := lua_in_tshark.obstacle():
    pytest.skip(reason, allow_module_level=True)


def dissect(capture, *fields, passes=1, only="dlab"):
    """A row of lists for each packet of ours: the values of each field in it."""
    columns = [word for field in fields for word in ("-e", field)]
    result = subprocess.run(
        ["tshark", "-X", f"lua_script:{SCRIPT}", *(["-2"] if passes == 2 else []), "-r", capture,
         "-Y", only, "-T", "fields", "-E", "separator=;", *columns],
        capture_output=True, text=True, timeout=120)  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert "Lua" not in result.stderr, result.stderr
    return [[value.split(",") if value else [] for value in line.split(";")]
            for line in result.stdout.splitlines()]  # fmt: skip


def types_in(capture, **how):
    return [int(kind, 16) for (kinds,) in dissect(capture, "dlab.type", **how) for kind in kinds]


def content_of(capture, bytes_field, position_field):
    """The file as the capture brought it, put together by the positions that the dissector tells.
    Where one connection took work over from another, bytes may have come twice."""
    pieces = []
    for contents, positions in dissect(capture, bytes_field, position_field, only=bytes_field):
        for content, position in zip(contents, positions[-len(contents):]):
            pieces.append((int(position), bytes.fromhex(content.replace(":", ""))))
    whole = b""
    for position, piece in sorted(pieces):
        assert position <= len(whole), "a gap"
        known = whole[position:position + len(piece)]
        assert piece.startswith(known), "two contents of one place"
        whole += piece[len(known):]
    return whole


@pytest.fixture(scope="module", name="folder")
def fixture_folder(tmp_path_factory):
    """With the picture; programs that are run meanwhile are not checked for leaks."""
    folder = tmp_path_factory.mktemp("capture")
    shutil.copy(PICTURE, folder)
    with lab.no_leak_check():
        yield folder


def capture(folder, part, *options):
    """The capture of a download by a part, on a port that says nothing."""
    path = folder / f"fresh{part}.pcap"
    server = f"{lab.BIN}/part{part}_server --host 0.0.0.0 --root {folder} "
    server += "0" if part == 4 else "--port 0"
    client = [lab.BIN / f"part{part}_client", "{server}:{port}"]
    if part == 4:
        servers = folder / "servers.txt"
        client = ["sh", "-c", f"echo {{server}} {{port}} >{servers}; exec \"$@\"", "sh",
                  lab.BIN / "part4_client", servers, "3"]
    result = lab.run(lab.BIN / "linkem", "--link", "lan", "--pcap", path, "--server", server, "--",
                     *client, PICTURE.name, "-o", folder / "out.jpg", "--quiet", *options)
    if result.returncode == 125:
        pytest.skip(result.stderr.splitlines()[-1])
    assert result.returncode == 0, result.stderr
    return path


@pytest.mark.parametrize("passes", [1, 2])
def test_part_1_that_ships(passes):
    types = types_in(FOLDER / "part1.pcap", passes=passes)
    assert types == [GET, FILE, DIGEST, FILE_DIGEST]
    whole = content_of(FOLDER / "part1.pcap", "dlab.raw", "dlab.raw_position")
    assert whole == PICTURE.read_bytes()


@pytest.mark.parametrize("passes", [1, 2])
def test_part_2_that_ships(passes):
    types = types_in(FOLDER / "part2.pcap", passes=passes)
    assert types[:2] == [GET_PACKETS, FILE] and types[-2:] == [DIGEST, FILE_DIGEST]
    assert types.count(GET_PACKETS) > 1, "something was lost and asked for again"
    rows = dissect(FOLDER / "part2.pcap", "dlab.sequence", only="dlab.type == 0x82")
    numbers = [int(number) for (sequence,) in rows for number in sequence]
    assert sorted(numbers) == list(range(13)) and numbers != sorted(numbers)


@pytest.mark.parametrize("passes", [1, 2])
def test_part_3_that_ships(passes):
    types = types_in(FOLDER / "part3.pcap", passes=passes)
    assert types.count(GET) == types.count(FILE) > 1
    assert content_of(FOLDER / "part3.pcap", "dlab.raw", "dlab.raw_position") == PICTURE.read_bytes()


@pytest.mark.parametrize("passes", [1, 2])
def test_part_4_that_ships(passes):
    types = types_in(FOLDER / "part4.pcap", passes=passes)
    assert sorted(types) == [GET] * 4 + [DIGEST] + [FILE] * 4 + [FILE_DIGEST]
    connections = dissect(FOLDER / "part4.pcap", "tcp.stream", only="dlab.type == 0x01")
    assert len({stream for ((stream,),) in connections}) == 4, "one for each request"
    assert content_of(FOLDER / "part4.pcap", "dlab.raw", "dlab.raw_position") == PICTURE.read_bytes()


@pytest.mark.parametrize("part, options", [
    (1, ["--buffer", "1000"]), (2, ["--packet-size", "300"]), (3, ["--connections", "5"]),
    (4, ["--threads", "2"]),
])  # fmt: skip
def test_a_fresh_capture_on_another_port_is_understood(folder, part, options):
    path = capture(folder, part, *options)
    types = types_in(path)
    assert types_in(path, passes=2) == types
    assert types[0] == (GET_PACKETS if part == 2 else GET) and FILE_DIGEST in types
    assert dissect(path, "dlab.type", only="dlab.malformed") == []
    if part == 2:
        assert types.count(PACKET) == -(-PICTURE.stat().st_size // 300)
    else:
        assert content_of(path, "dlab.raw", "dlab.raw_position") == PICTURE.read_bytes()


def test_what_is_none_of_ours_is_said_and_breaks_nothing(tmp_path):
    """The first bytes of the answer are spoilt."""
    whole = (FOLDER / "part1.pcap").read_bytes()
    at = whole.index(b"\xd1LAB\x01\x81")
    path = tmp_path / "spoilt.pcap"
    path.write_bytes(whole[:at] + b"HTTP/1" + whole[at + 6:])
    assert dissect(path, "frame.number", only="dlab.malformed")
    assert types_in(path)[0] == GET


def test_a_body_that_ends_early_is_malformed(tmp_path):
    """A name longer than its frame."""
    whole = (FOLDER / "part1.pcap").read_bytes()
    at = whole.index(b"\x00\x0dData-50kB.jpg")
    path = tmp_path / "short.pcap"
    path.write_bytes(whole[:at] + b"\x7f\x0d" + whole[at + 2:])
    assert dissect(path, "frame.number", only="dlab.malformed")
