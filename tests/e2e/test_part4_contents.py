"""Mirrors with different files under one name: who is named, and what decides."""

import hashlib

import frames
import lab
import pytest
from mirrors import (
    SIZE, FakeMirror, assert_nothing_left, assert_whole, bring, mute, send_range,
)  # fmt: skip
from proxy import Proxy
from started import assert_failed, names_in, read_report

DIFFERENT = "part4_client: the mirrors have different files under this name"
DECIDES = "  --digest HEX or --trust HOST:PORT decides"


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def group(data, *servers):
    names = ", ".join(server.address for server in servers)
    return f"  {len(data)} bytes, sha256 {sha256(data)}: {names}"


def assert_told_apart(result, *groups):
    assert result.returncode == 1
    assert result.stderr.splitlines() == [DIFFERENT, *groups, DECIDES]


def bytes_sent(server):
    lines = (line for line in server.stderr().splitlines() if line.startswith("request=GET"))
    return sum(int(line.partition(" length=")[2].split()[0]) for line in lines)


@pytest.mark.parametrize("by", [1, -1, 200_000, -200_000])
def test_mirrors_that_differ_in_size_are_named_in_groups(home, mirror, data, by):
    """Though a range that begins behind the end of the smaller file is refused without a size."""
    longer = data + data[:by] if by > 0 else data[:by]
    one, two, three = mirror(data), mirror(longer), mirror(data)
    result = bring(home, [one, two, three], 6)
    assert_told_apart(result, group(data, one, three), group(longer, two))
    assert not (home / "file").exists()


def test_mirrors_that_differ_in_contents_are_named_in_groups(home, mirror, data, other):
    one, two, three = mirror(data), mirror(other), mirror(data)
    result = bring(home, [one, two, three], 6)
    assert_told_apart(result, group(data, one, three), group(other, two))
    assert_nothing_left(home)  # bytes of two files are worth nothing
    assert read_report(home / "report")["exit_code"] == 1


def test_a_mirror_that_tells_no_digest_is_named_with_its_reason(home, mirror, data):
    good = mirror(data)
    with FakeMirror(lambda peer, get: send_range(peer, data + b"x", get)) as silent:
        with lab.nobody() as nobody:
            result = bring(home, [good, silent, nobody], 6)
    assert result.returncode == 1
    head, first, second, *rest = result.stderr.splitlines()
    assert [head, first] == [DIFFERENT, group(data, good)]
    assert second == f"  {SIZE + 1} bytes, no digest: {silent.address}"
    assert rest[0].startswith(f"  {silent.address}: digest of ")
    assert rest[1] == f"  {nobody}: connect {nobody}: Connection refused"
    assert rest[2:] == [DECIDES]


def test_who_has_brought_nothing_does_not_count(home, mirror, data, other):
    """One chunk, from the first mirror: what the others have under the name is all the same."""
    assert_whole(home, bring(home, [mirror(data), mirror(other)], 1), data)


def test_bytes_that_no_mirror_has_are_corrupted_on_the_way(home, mirror, data):
    one, two = mirror(data), mirror(data)
    with Proxy(two, corrupt_at=frames.header_bytes("file") + 1000) as proxy:
        result = bring(home, [one, proxy], 6)
    assert_failed(4, result, "not the bytes that were sent", exit_code=3)
    assert_nothing_left(home)


def test_when_who_brought_it_tells_no_digest_the_others_are_asked(home, mirror, data):
    """All of it has come from one that then says no more; a later run has only to ask others."""
    with FakeMirror(lambda peer, get: send_range(peer, data, get)) as fake:
        result = bring(home, [fake], 2)
    assert result.returncode == 1
    head, reason = result.stderr.splitlines()
    assert head == "part4_client: no mirror can be asked for the digest"
    assert reason.startswith(f"  {fake.address}: digest of ")
    assert "file.part" in names_in(home)
    assert_whole(home, bring(home, [mirror(data)], 2, "--resume"), data, received=0)


@pytest.mark.parametrize("upper", [False, True])
def test_a_digest_decides_and_who_differs_is_asked_for_no_byte(home, mirror, data, other, upper):
    wrong, larger, right = mirror(other), mirror(data + b"x"), mirror(data)
    digest = sha256(data).upper() if upper else sha256(data)
    result = bring(home, [wrong, larger, right], 6, "--digest", digest)
    report = assert_whole(home, result, data)
    assert (bytes_sent(wrong), bytes_sent(larger), bytes_sent(right)) == (0, 0, SIZE)
    assert report["retries"] <= 2, "each is asked once, at most"


def test_whoever_is_trusted_decides(home, mirror, data, other):
    one, two, trusted = mirror(data), mirror(data), mirror(other)
    assert_whole(home, bring(home, [one, two, trusted], 6, "--trust", trusted.address), other)
    assert bytes_sent(one) == bytes_sent(two) == 0


def test_those_with_the_trusted_ones_file_help(home, mirror, data, other):
    one, two, trusted = mirror(data), mirror(other), mirror(data)
    assert_whole(home, bring(home, [one, two, trusted], 6, "--trust", trusted.address), data)
    assert bytes_sent(one) > 0 and bytes_sent(trusted) > 0 and bytes_sent(two) == 0


def test_a_digest_that_nobody_has_brings_nothing(home, mirror, data, other):
    one, two = mirror(data), mirror(other)
    result = bring(home, [one, two], 6, "--digest", "0" * 64)
    assert result.returncode == 1
    assert result.stderr == (
        "part4_client: Cannot transfer this file\n"
        f"  {one.address}: {one.address}: serves another file\n"
        f"  {two.address}: {two.address}: serves another file\n"
    )
    assert_nothing_left(home)


def test_a_trusted_server_that_is_down_is_replaced_by_nobody(home, mirror, data):
    with lab.nobody() as address:
        result = bring(home, [mirror(data), address], 6, "--trust", address)
    assert result.returncode == 1
    assert result.stderr == (
        "part4_client: Cannot transfer this file\n"
        f"  {address}: connect {address}: Connection refused\n"
    )


def test_what_comes_is_compared_with_the_digest_that_is_wanted(home, mirror, data):
    server = mirror(data)
    with Proxy(server, corrupt_at=frames.header_bytes("file") + 1000) as proxy:
        result = bring(home, [proxy], 1, "--digest", sha256(data))
    assert_failed(4, result, f"not those of the digest {sha256(data)}", exit_code=3)


def test_a_silent_mirror_holds_up_one_thread_while_it_is_asked_for_its_digest(home, mirror, data):
    """Though half of the chunks begin at it."""
    with mute() as address:
        result = bring(home, [mirror(data), address], 6, "--digest", sha256(data),
                       "--stall-timeout", "300ms")  # fmt: skip
    assert assert_whole(home, result, data)["retries"] >= 1


@pytest.mark.parametrize("options, reason", [
    (["--digest", "0" * 63], "is no SHA-256"), (["--digest", "g" * 64], "is no SHA-256"),
    (["--digest", ""], "--digest"), (["--trust", "127.0.0.1:10"], "does not name it"),
    (["--trust", "nonsense"], "does not name it"),
    (["--trust", "127.0.0.1:9", "--digest", "0" * 64], "--trust"),
])  # fmt: skip
def test_a_wish_that_makes_no_sense_is_refused(home, options, reason):
    result = bring(home, ["127.0.0.1 9"], 6, *options)
    assert_failed(4, result, reason, exit_code=2)
