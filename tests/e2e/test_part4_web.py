"""Part 4's client with mirrors that are web servers: good ones, and such that break the rules."""

import contextlib
import os
import re
import signal
import urllib.parse

import lab
import pytest
from mirrors import (
    SIZE, FakeWeb, assert_nothing_left, assert_whole, bring, client, mute, part_head, refusal,
    send_part, servers_file, web_head,
)  # fmt: skip
from proxy import Proxy
from started import Client, assert_failed, names_in
from web import make_certificate, needs, nginx_on_port, url

MIB = 1 << 20


# --- good ones ------------------------------------------------------------------------------------


@needs("nginx")
@pytest.mark.parametrize("size, chunks", [
    (SIZE, 4), (SIZE, 1000), (5 * MIB + 1, 3), (1, 1), (0, 2),
])  # fmt: skip
def test_a_file_comes_from_nginx(served, home, tmp_path, size, chunks):
    data = lab.make_file(served / "file", size)
    with nginx_on_port(served, tmp_path / "nginx") as server:
        report = assert_whole(home, bring(home, [url(server)], chunks), data, verified="no")
    assert report["retries"] == 0


@needs("nginx")
@pytest.mark.parametrize("options", [
    ["--select", "adaptive", "--steal", "--endgame", "--replace"], ["--writer", "locked"],
    ["--threads", "1", "--receive-buffer", "64KiB"], ["--buffer", "1"], ["--buffer", "16MiB"],
], ids=" ".join)  # fmt: skip
def test_every_option_does_for_a_web_server(served, home, tmp_path, data, options):
    with nginx_on_port(served, tmp_path / "nginx") as server:
        twice = [url(server), url(server, "./")]  # one server by two names
        result = bring(home, twice, 7, *options)
    assert_whole(home, result, data, verified="no")


@needs("nginx")
@needs("openssl")
def test_https_needs_somebody_who_vouches_for_the_server(served, home, tmp_path, data):
    certificate = make_certificate(tmp_path / "server.pem")
    with nginx_on_port(served, tmp_path / "nginx", certificate) as server:
        mirror = url(server).replace("http:", "https:")
        assert_whole(home, bring(home, [mirror], 4, "--cacert", certificate), data, verified="no")
        result = bring(home, [mirror])
    assert result.returncode == 1
    assert "SSL certificate problem: self-signed certificate" in result.stderr


@needs("nginx")
@needs("openssl")
def test_another_certificate_does_not_do(served, home, tmp_path, data):
    certificate = make_certificate(tmp_path / "server.pem")
    other = make_certificate(tmp_path / "other.pem")
    with nginx_on_port(served, tmp_path / "nginx", certificate) as server:
        result = bring(home, [url(server).replace("http:", "https:")], 4, "--cacert", other)
    assert result.returncode == 1 and "SSL certificate problem" in result.stderr


@needs("nginx")
@needs("openssl")
def test_nobody_is_sent_from_https_to_http(served, home, tmp_path, data, good):
    certificate = make_certificate(tmp_path / "server.pem")
    with FakeWeb(lambda peer, get: send_part(peer, data, get)) as plain:
        settings = f"location /file {{ return 302 {plain.address}; }}"
        with nginx_on_port(served, tmp_path / "nginx", certificate, settings) as server:
            mirror = url(server).replace("http:", "https:")
            result = bring(home, [mirror, good], 2, "--cacert", certificate)
        assert_whole(home, result, data)
        assert plain.asked == 0


def test_our_own_server_is_a_web_server(served, home, data):
    with lab.part_server(3, served) as server:
        report = assert_whole(home, bring(home, [url(server)], 4), data, verified="no")
    assert report["retries"] == 0


def test_all_kinds_of_mirrors_may_be_mixed(served, home, data, good):
    with lab.part_server(3, served) as web, lab.part_server(1, served) as one:
        servers = [url(web), one, good, url(web, "file")]
        report = assert_whole(home, bring(home, servers, 8), data)
    assert report["retries"] == 0


def test_another_files_bytes_are_found_out_by_a_mirror_of_ours(home, data, good):
    other = bytes(SIZE)
    with FakeWeb(lambda peer, get: send_part(peer, other, get)) as mirror:
        result = bring(home, [good, mirror], 2)
    assert result.returncode == 3
    assert_nothing_left(home)


@pytest.mark.parametrize("name", ["with space", "über.txt", "50% & <b>+1;a=b", "#hash?", "a:b"])
def test_any_name_can_be_asked_for(served, home, name):
    data = lab.make_file(served / name, 1000)
    with lab.part_server(3, served) as server:
        result = client(servers_file(home, url(server)), 2, name, "-o", f"{home}/", "--no-verify")
        assert result.returncode == 0, result.stderr
        assert (home / name).read_bytes() == data
        (home / name).unlink()
        whole_url = url(server, urllib.parse.quote(name))
        result = client(servers_file(home, whole_url), 2, "-o", f"{home}/", "--no-verify")
    assert result.returncode == 0, result.stderr
    assert (home / name).read_bytes() == data


def test_without_a_name_in_the_urls_one_is_missing(home):
    result = client(servers_file(home, "http://127.0.0.1:9/"), 1, cwd=home)
    assert_failed(4, result, "FILE is missing", exit_code=2)


def test_what_was_not_to_be_verified_is_not_said_to_be_unverified(served, home, data):
    with lab.part_server(3, served) as server:
        result = bring(home, [url(server)], 4, "--no-verify", "--quiet")
    assert (result.returncode, result.stderr) == (0, "")


def test_proxies_of_the_environment_are_not_used(served, home, data, monkeypatch):
    with lab.nobody() as nobody, lab.part_server(3, served) as server:
        monkeypatch.setenv("http_proxy", f"http://{nobody}/")
        monkeypatch.setenv("all_proxy", f"http://{nobody}/")
        assert_whole(home, bring(home, [url(server)]), data, verified="no")


# --- trouble --------------------------------------------------------------------------------------


def test_when_all_are_down_each_says_why(home):
    with lab.nobody() as first, lab.nobody() as second:
        result = bring(home, [f"http://{first}/", f"http://{second}/other"])
    assert result.returncode == 1
    assert result.stderr == (
        "part4_client: Cannot transfer this file\n"
        f"  http://{first}/: connect http://{first}/file: Connection refused\n"
        f"  http://{second}/other: connect http://{second}/other: Connection refused\n"
    )


@needs("nginx")
def test_a_web_server_that_is_killed_in_the_middle_is_replaced(served, home, tmp_path):
    data = lab.make_file(served / "file", 16 * MIB)
    with contextlib.ExitStack() as stack:
        dying = stack.enter_context(nginx_on_port(served, tmp_path / "nginx"))
        good = stack.enter_context(lab.part_server(4, served))
        proxy = stack.enter_context(Proxy(dying, hold_after=MIB))
        servers = servers_file(home, good, url(proxy))
        with Client(4, servers, 2, "file", "-o", home / "file") as started:
            proxy.wait_until_holding()
            dying.kill()
            proxy.release()
            assert started.wait() == 0, started.stderr()
    assert (home / "file").read_bytes() == data


@needs("nginx")
def test_a_file_that_is_changed_in_the_middle_is_not_mixed_with_the_old_one(
    served, home, tmp_path
):
    """Of the same size: the tag tells."""
    lab.make_file(served / "file", 8 * MIB)
    with nginx_on_port(served, tmp_path / "nginx") as server:
        with Proxy(server, hold_after=MIB, connections=2) as proxy:
            servers = servers_file(home, url(proxy))
            options = ["-o", home / "file", "--threads", "1"]
            with Client(4, servers, 2, "file", *options) as started:
                proxy.wait_until_holding()
                (served / "file").rename(served / "old")
                lab.make_file(served / "file", 8 * MIB, seed=2)
                os.utime(served / "file", (1, 1))  # nginx makes its tag of seconds
                proxy.release()
                assert started.wait() == 1
                lines = started.stderr().splitlines()
    assert lines[0] == "part4_client: not all chunks are downloaded"
    assert "chunk 1: bytes 4194304 to 8388608 are missing" in lines[1]
    assert "the file was changed during the download" in lines[2]
    assert names_in(home) == ["file.part", "file.part.dlab", "servers.txt"]


@pytest.mark.parametrize("reset", [False, True])
def test_what_is_missing_when_a_connection_breaks_is_asked_for_elsewhere(
    served, home, data, good, reset
):
    with lab.part_server(3, served) as server:
        with Proxy(server, cut_after=20_000, reset=reset) as proxy:
            result = bring(home, [good, url(proxy)], 4)
    report = assert_whole(home, result, data)
    assert report["retries"] >= 1
    assert report["duplicate_bytes"] == 0


def test_a_server_that_never_answers_is_passed_over(home, data, good):
    with mute() as address:
        result = bring(home, [f"http://{address}/", good], 4, "--stall-timeout", "300ms")
    assert assert_whole(home, result, data)["retries"] >= 1


def test_a_host_that_does_not_answer_is_passed_over(home, data, good):
    with lab.silence() as address:
        result = bring(home, [f"http://{address}/", good], 4, "--connect-timeout", "300ms")
    assert_whole(home, result, data)


def test_a_server_that_trickles_is_relieved(home, data, good):
    def answer(peer, get):
        peer.sendall(part_head(SIZE, get))
        for offset in range(get.begin, get.end):
            peer.sendall(data[offset : offset + 1])
            mirror.dawdle(1)

    with FakeWeb(answer) as mirror:
        result = bring(home, [good, mirror], 2, "--steal", "--endgame")
        assert_whole(home, result, data)
        assert mirror.asked == 1


@pytest.mark.parametrize("silent_from", ["the start", "the first byte"])
def test_an_interrupted_download_ends_at_once(home, silent_from):
    def answer(peer, get):
        if silent_from == "the first byte":
            peer.sendall(part_head(SIZE, get) + b"a")
        waiting.set()
        mirror.dawdle(60)

    waiting = lab.threading.Event()
    with FakeWeb(answer) as mirror:
        with Client(4, servers_file(home, mirror), 2, "file", "-o", home / "file") as started:
            assert waiting.wait(20)
            started.signal(signal.SIGTERM)
            assert started.wait(20) == 1
            assert started.stderr() == "part4_client: interrupted\n"
    assert "file" not in names_in(home)


def test_a_server_without_ranges_brings_the_file_all_the_same(home, data):
    def answer(peer, get):
        assert get.fields["accept-encoding"] == "identity"
        peer.sendall(web_head(200, f"Content-Length: {SIZE}") + data)

    with FakeWeb(answer) as mirror:
        report = assert_whole(home, bring(home, [mirror], 5), data, verified="no")
    assert report["duplicate_bytes"] == report["retries"] == 0


def test_redirections_are_followed(home, data):
    def answer(peer, get):
        if get.target.count("x") < 5:
            peer.sendall(web_head(302, f"Location: {get.target}x", "Content-Length: 3") + b"no.")
        else:
            send_part(peer, data, get)

    with FakeWeb(answer) as mirror:
        assert_whole(home, bring(home, [mirror]), data, verified="no")


def chunked(data):
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(data), data) if data else b"0\r\n\r\n"


def part_head_and_front(get, front):
    return part_head(SIZE, get) + front


def in_chunks(get, body):
    return web_head(206, f"Content-Range: bytes {get.begin}-{get.end - 1}/{SIZE}",
                    "Transfer-Encoding: chunked") + chunked(body)  # fmt: skip


def another_range(begin, end, size=SIZE):
    return web_head(206, f"Content-Range: bytes {begin}-{end - 1}/{size}",
                    f"Content-Length: {end - begin}") + bytes(end - begin)  # fmt: skip


# What a server answers to a request for bytes, of which `front` are the first, and what the client
# says to it; libcurl has said it in several ways.
BROKEN = {
    "other bytes": (lambda get, _: another_range(get.begin + 1, get.end + 1), "another range"),
    "fewer bytes": (lambda get, _: another_range(get.begin, get.end - 1), "another range"),
    "more bytes": (lambda get, _: another_range(get.begin, get.end + 1), "another range"),
    "no size": (lambda get, _: another_range(get.begin, get.end, "*"), "does not tell the size"),
    "no range": (lambda get, front: web_head(206, "Content-Length: 9") + front, "another range"),
    "no version": (part_head_and_front, "was changed during the download"),
    "a short body": (part_head_and_front, "bytes remaining to read|bytes missing"),
    "a short chunked body": (in_chunks, "bytes of a range still to come"),
    "a wrong length": (
        lambda get, front: part_head_and_front(get, front).replace(b"Length: ", b"Length: 1"),
        "Content-Length 1"),
    "a body of unknown length": (
        lambda get, front: web_head(200) + front, "does not tell the size"),
    "gzip": (lambda get, front: part_head(SIZE, get, "Content-Encoding: gzip") + front, "encoded"),
    "404": (lambda *_: refusal(404), "not-found: HTTP status 404"),
    "403": (lambda *_: refusal(403), "forbidden: HTTP status 403"),
    "500": (lambda *_: refusal(500), "internal: HTTP status 500"),
    "a way in circles": (lambda *_: refusal(301, "Location: /file"), "redirects"),
    "a way elsewhere": (lambda *_: refusal(301, "Location: file:///etc/passwd"), "not supported|disabled"),
    "no HTTP": (lambda *_: b"SSH-2.0-OpenSSH_9\r\n", "HTTP/0.9"),
    "nothing": (lambda *_: b"", "Empty reply"),
}  # fmt: skip
# And such that end the download: a range behind the end of the file is another size, too.
ANOTHER_SIZE = {
    "another size": (lambda get, _: another_range(get.begin, get.end, SIZE + 1), None),
    "the end": (lambda get, _: another_range(get.begin, get.end - 1, get.end - 1), None),
    "416": (lambda *_: refusal(416, "Content-Range: bytes */9"), None),
}
# How often it is asked for bytes before it is left alone; five times if it may think better of it.
ASKED = {"a way in circles": 6, "a short body": 5, "a short chunked body": 5, "500": 5,
         "nothing": 5}  # fmt: skip


@contextlib.contextmanager
def broken_mirror(what, data):
    """Tells the size, and then breaks the rules."""

    def answer(peer, get):
        if get.is_for_size:
            send_part(peer, data, get, *(['ETag: "a"'] if what == "no version" else []))
        else:
            peer.sendall((BROKEN | ANOTHER_SIZE)[what][0](get, data[get.begin :][:9]))

    with FakeWeb(answer) as mirror:
        yield mirror


@pytest.mark.parametrize("what", BROKEN)
def test_nothing_wrong_gets_into_the_file(home, data, good, what):
    with broken_mirror(what, data) as mirror:
        result = bring(home, [mirror, good], 8, "--threads", "1")
        report = assert_whole(home, result, data)
        assert 1 <= mirror.asked <= ASKED.get(what, 1)
    assert report["retries"] >= 1


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_wrong_is_said(home, data, what):
    with broken_mirror(what, data) as mirror:
        result = bring(home, [mirror], 1)
    head, chunk, *trail = result.stderr.splitlines()
    assert result.returncode == 1
    if "--resume" in trail[-1]:  # bytes of a short body are kept
        trail.pop()
    assert head == "part4_client: not all chunks are downloaded"
    assert chunk.endswith(f"to {SIZE} are missing")
    assert all(line.startswith(f"    {mirror.address}: ") for line in trail)
    assert re.search(BROKEN[what][1], trail[-1])


@pytest.mark.parametrize("what", ANOTHER_SIZE)
def test_another_size_ends_the_download(home, data, good, what):
    """Told with a range; asked for the size alone, this mirror tells that of all."""
    with broken_mirror(what, data) as mirror:
        result = bring(home, [good, mirror], 2)
    assert result.returncode == 1
    lines = result.stderr.splitlines()
    assert lines[0] == "part4_client: the mirrors have different files under this name"
    assert lines[1].startswith(f"  {SIZE} bytes, sha256 ")
    assert lines[2].startswith(f"  {SIZE} bytes, no digest: {mirror.address}")


def test_more_than_was_asked_for_is_not_looked_at(home, data):
    def answer(peer, get):
        peer.sendall(in_chunks(get, data[get.begin : get.end] + bytes(100_000)))

    with FakeWeb(answer) as mirror:
        report = assert_whole(home, bring(home, [mirror], 2), data, verified="no")
    assert report["retries"] == 0
