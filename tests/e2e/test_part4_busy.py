"""Servers that have too much to do: they are left alone for as long as they ask, and those that let
in a few connections are asked by a few."""

import email.utils
import threading
import time

import frames
import lab
import pytest
from mirrors import (
    SIZE, FakeMirror, FakeWeb, assert_whole, bring, part_head, refusal, send_part, send_range,
    servers_file,
)  # fmt: skip
from test_terminal import Terminal
from web import url


class Busy(FakeWeb):
    """Refuses as long as refuses(number of the request) says, with these fields, and then answers
    honestly. gaps: how long it was left alone after each refusal."""

    def __init__(self, data, refuses, status, *fields):
        self.gaps = []
        self.refused_at = None
        self.requests = 0
        lock = threading.Lock()

        def answer(peer, get):
            with lock:
                self.requests += 1
                if self.refused_at:
                    self.gaps.append(time.monotonic() - self.refused_at)
                    self.refused_at = None
                if refuses(self.requests):
                    self.refused_at = time.monotonic()
                    return peer.sendall(refusal(status, *(field() for field in fields)))
            return send_part(peer, data, get, 'ETag: "a"')

        super().__init__(answer)


def seconds():
    return "Retry-After: 1"


def date(ahead):
    return lambda: email.utils.formatdate(time.time() + ahead, usegmt=True)


def assert_left_alone(mirror, times, least=1):
    assert len(mirror.gaps) == times and min(mirror.gaps) >= least, mirror.gaps


@pytest.mark.parametrize("status", [429, 503])
def test_all_that_is_asked_at_the_start_may_be_busy(home, data, status):
    with Busy(data, lambda number: number <= 2, status, seconds) as mirror:
        assert_whole(home, bring(home, [mirror], 4), data, verified="no")
        assert_left_alone(mirror, 2)


@pytest.mark.parametrize("clock_error", [0, -3600, 3600])
def test_a_date_is_read_by_the_clock_of_the_server(home, data, clock_error):
    fields = [lambda: "Date: " + date(clock_error)(),
              lambda: "Retry-After: " + date(clock_error + 2)()]  # fmt: skip
    with Busy(data, lambda number: number == 1, 503, *fields) as mirror:
        assert_whole(home, bring(home, [mirror], 1), data, verified="no")
        assert_left_alone(mirror, 1)


def test_who_is_busy_at_the_start_is_left_alone_while_another_one_brings_the_file(home, data):
    """It is not asked again at all: the other one is done before."""
    with Busy(data, lambda number: number == 1, 503, lambda: "Retry-After: 200") as busy:
        with FakeWeb(lambda peer, get: send_part(peer, data, get, 'ETag: "b"')) as mirror:
            assert_whole(home, bring(home, [busy, mirror], 4), data, verified="no")
        assert busy.requests == 1


@pytest.mark.parametrize("number", [2, 3])
def test_one_refused_request_of_many_does_not_end_the_download(home, data, number):
    with Busy(data, lambda now: now == number, 429, seconds) as mirror:
        report = assert_whole(home, bring(home, [mirror], 4), data, verified="no")
    assert report["retries"] == 1


def test_a_wait_longer_than_the_deadline_is_not_begun(home, data):
    with Busy(data, lambda _: True, 503, lambda: "Retry-After: 3600") as mirror:
        result = bring(home, [mirror], 1, "--deadline", "1000s")
        assert mirror.requests == 1
    assert result.returncode == 1
    assert result.stderr == (
        "part4_client: Cannot transfer this file\n"
        f"  {mirror.address}: get {mirror.address}: busy: HTTP status 503, Retry-After: 3600\n"
    )


def test_a_deadline_ends_a_wait(home, data):
    with Busy(data, lambda _: True, 503, seconds) as mirror:
        result = bring(home, [mirror], 1, "--deadline", "1500ms")
    assert result.returncode == 1
    assert "HTTP status 503" in result.stderr or "deadline of 1.5 s" in result.stderr


def test_the_picture_tells_who_has_asked_to_wait(home, data):
    with Busy(data, lambda number: number == 1, 503, seconds) as mirror:
        command = [lab.BIN / "part4_client", servers_file(home, mirror), "1", "file"]
        with Terminal(*command, cwd=home) as terminal:
            terminal.read_until("asked to wait, 1 s left: ")
            assert terminal.wait() == 0, terminal.text


# --- few connections ------------------------------------------------------------------------------


def refuse_in_http(peer):
    peer.sendall(refusal(503))


def refuse_in_our_language(peer):
    peer.sendall(frames.error(10, "2 clients at most"))


def close_at_once(peer):
    """Without an answer."""


class Narrow:
    """answer() of a mirror that lets in two connections at once, and holds the first two until it
    has had to refuse."""

    def __init__(self, honest, refuse):
        self.honest, self.refuse = honest, refuse
        self.lock = threading.Lock()
        self.inside = 0
        self.refused = threading.Event()

    def __call__(self, peer, get):
        with self.lock:
            is_let_in = self.inside < 2
            self.inside += is_let_in
        if not is_let_in:
            self.refuse(peer)
            self.refused.set()
            return
        try:
            if not get.is_for_size:
                self.honest(peer, get, half=True)
                assert self.refused.wait(20)
        finally:  # before its client can see the end, and come back
            with self.lock:
                self.inside -= 1
        self.honest(peer, get, half=False)


def web_halves(data):
    def honest(peer, get, half):
        if half:
            return peer.sendall(part_head(SIZE, get, 'ETag: "a"') + data[get.begin : get.begin + 1])
        if get.is_for_size:
            return send_part(peer, data, get, 'ETag: "a"')
        return peer.sendall(data[get.begin + 1 : get.end])

    return honest


def lab_halves(data):
    def honest(peer, get, half):
        if half:
            return peer.sendall(frames.file(SIZE, get.offset, get.length)
                                + data[get.offset : get.offset + 1])  # fmt: skip
        if get.is_for_size:
            return send_range(peer, data, get)
        return peer.sendall(data[get.offset + 1 : get.offset + get.length])

    return honest


@pytest.mark.parametrize("kind, halves, refuse", [
    (FakeWeb, web_halves, refuse_in_http), (FakeWeb, web_halves, close_at_once),
    (FakeMirror, lab_halves, refuse_in_our_language), (FakeMirror, lab_halves, close_at_once),
], ids=["503", "web, closed", "busy", "closed"])  # fmt: skip
def test_a_server_that_lets_in_two_of_eight_is_asked_by_two(home, data, kind, halves, refuse):
    with kind(Narrow(halves(data), refuse)) as mirror:
        result = bring(home, [mirror], 8, "--no-verify")
    assert result.returncode == 0, result.stderr
    assert (home / "file").read_bytes() == data


@pytest.mark.parametrize("address", [lambda server: server, url], ids=["dlab", "http"])
def test_our_own_server_that_lets_in_two_is_asked_by_two(served, home, data, address):
    limits = ("--max-connections", 2, "--limit-rate", "4Mbit")
    with lab.part_server(3, served, *limits) as server:
        result = bring(home, [address(server)], 8)
    assert result.returncode == 0, result.stderr
    assert (home / "file").read_bytes() == data
