"""User and password of a URL: they open the door, and nobody else gets to see them."""

import base64
import stat

import lab
import pytest
from mirrors import (
    NOT_VERIFIED, SIZE, FakeWeb, bring, client, part_head, refusal, send_part, servers_file,
)  # fmt: skip
from started import Client, assert_failed, names_in, read_report
from test_terminal import Terminal

SECRET = "s3cr t/@"
USERINFO = "us%65r:s3cr%20t%2F%40"
# A WebGet tells values in lower case.
BASIC = f"basic {base64.b64encode(f'user:{SECRET}'.encode()).decode().lower()}"


def secured(address, userinfo=USERINFO):
    return address.replace("http://", f"http://{userinfo}@")


def assert_secret(*texts):
    for text in texts:
        assert "s3cr" not in text and "us%65r" not in text and "user" not in text, text


class Guarded(FakeWeb):
    """Wants user and password; with hold, sends half of the first range and then waits."""

    def __init__(self, data, hold=False):
        self.holding = lab.threading.Event()
        self.hold = hold

        def answer(peer, get):
            if get.fields.get("authorization") != BASIC:
                peer.sendall(refusal(401, 'WWW-Authenticate: Basic realm="x"'))
            elif self.hold and not get.is_for_size:
                middle = (get.begin + get.end) // 2
                tag = 'ETag: "a"'
                peer.sendall(part_head(SIZE, get, tag) + data[get.begin : middle])
                self.holding.set()
                self.dawdle(60)
            else:
                send_part(peer, data, get, 'ETag: "a"')

        super().__init__(answer)


@pytest.mark.parametrize("userinfo", [USERINFO, "user:s3cr%20t%2f@"])
def test_they_open_the_door_and_are_seen_nowhere(home, data, userinfo):
    with Guarded(data) as mirror:
        server = secured(mirror.address, userinfo)
        result = bring(home, [server], 4, "--rows", home / "rows")
    assert result.returncode == 0, result.stderr
    assert (home / "file").read_bytes() == data
    assert NOT_VERIFIED in result.stderr
    assert_secret(result.stderr, (home / "report").read_text(), (home / "rows").read_text())


def test_a_wrong_password_is_told_without_it(home, data):
    with Guarded(data) as mirror, lab.nobody() as nobody:
        wrong = mirror.address.replace("http://", "http://user:s3cret@")
        result = bring(home, [wrong, f"http://user:s3cret@{nobody}/file"])
    assert result.returncode == 1
    assert result.stderr == (
        "part4_client: Cannot transfer this file\n"
        f"  {mirror.address}: get {mirror.address}: forbidden: HTTP status 401\n"
        f"  http://{nobody}/file: connect http://{nobody}/file: Connection refused\n"
    )
    assert_secret((home / "report").read_text())


def test_the_record_is_its_owners_and_a_resumption_knows_its_mirror_again(home, data):
    with Guarded(data, hold=True) as mirror:
        servers = servers_file(home, secured(mirror.address))
        with Client(4, servers, 1, "file", "-o", home / "file", "--no-verify") as started:
            assert mirror.holding.wait(20)
            lab.wait_until(lambda: (home / "file.part").stat().st_blocks > 0, "bytes are here")
            started.signal(lab.signal.SIGINT)
            assert started.wait() == 1
            assert_secret(started.stderr())
        record = home / "file.part.dlab"
        assert stat.S_IMODE(record.stat().st_mode) == 0o600
        assert_secret(record.read_text())
        assert mirror.address in record.read_text()
        mirror.hold = False
        result = bring(home, [secured(mirror.address)], 1, "--resume", "--no-verify", "--quiet")
    assert (result.returncode, result.stderr) == (0, "")
    assert (home / "file").read_bytes() == data
    assert 0 < read_report(home / "report")["bytes_received"] < SIZE


def test_the_picture_does_not_show_them(home, data):
    with Guarded(data) as mirror:
        servers = servers_file(home, secured(mirror.address))
        command = [lab.BIN / "part4_client", servers, "1", "file", "-o", home / "file"]
        with Terminal(*command, cwd=home) as terminal:
            assert terminal.wait() == 0, terminal.text
    assert f" 0 {mirror.address[:20]}" in terminal.text
    assert_secret(terminal.text)


def test_another_host_is_not_told_them(home, data):
    seen = []

    def behind(peer, get):
        seen.append(get.fields.get("authorization"))
        send_part(peer, data, get, 'ETag: "a"')

    with FakeWeb(behind) as other:
        location = f"Location: {other.address}"
        with FakeWeb(lambda peer, _: peer.sendall(refusal(302, location))) as mirror:
            result = bring(home, [secured(mirror.address)], 1)
    assert result.returncode == 0, result.stderr
    assert seen == [None, None]


def test_those_of_a_redirection_open_the_door_and_are_shown_nowhere(home, data):
    def answer(peer, get):
        if get.target == "/file":
            peer.sendall(refusal(302, f"Location: {secured(mirror.url)}behind"))
        elif get.fields.get("authorization") == BASIC:
            send_part(peer, data, get, 'ETag: "a"')
        else:
            peer.sendall(refusal(401))

    with FakeWeb(answer) as mirror:
        result = bring(home, [mirror], 2)
    assert result.returncode == 0, result.stderr
    assert (home / "file").read_bytes() == data
    assert_secret(result.stderr, (home / "report").read_text())


@pytest.mark.parametrize("line", [
    "ftp://user:s3cret@host/f", "user:s3cret@host:80", "http://user:s3cret@/f", "s3cret@host:80",
    "http://user:s3/cret@host/f", "http://user:s3 cret@host/f", "http:// user:s3cret@host/",
])  # fmt: skip
def test_a_line_that_makes_no_sense_is_named_without_them(home, line):
    result = client(servers_file(home, line), 1, "file", cwd=home)
    assert_failed(4, result, "***@", exit_code=2)
    assert_secret(result.stderr)


@pytest.mark.parametrize("arguments", [
    ["http://user:s3cret@host/f", 1], ["servers.txt", 1, "file", "http://user:s3cret@host/f"],
    ["servers.txt", 1, "file", "--trust", "http://user:s3cret@host/f"],
    ["servers.txt", 1, "file", "--trust", "http://user:s3cret@host/else"],
    ["servers.txt", "http://user:s3cret@host/f"],
], ids=range(5))  # fmt: skip
def test_a_url_in_a_wrong_place_is_refused_without_them(home, arguments):
    servers_file(home, "http://user:s3cret@host/f")
    result = client(*arguments, cwd=home)
    assert result.returncode == 2
    assert_secret(result.stderr)
    assert names_in(home) == ["servers.txt"]


@pytest.mark.parametrize("part", [1, 2, 3])
def test_a_url_in_place_of_a_server_is_refused_without_them(home, part):
    result = lab.part_client(part, "http://user:s3cret@host:80/f", "file", cwd=home)
    assert result.returncode == 2
    assert_secret(result.stderr)
