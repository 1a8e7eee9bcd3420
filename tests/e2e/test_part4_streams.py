"""Web servers that know no ranges, or do not tell how large the file is."""

import gzip

import lab
import pytest
from mirrors import (
    SIZE, FakeWeb, assert_whole, bring, refusal, send_part, servers_file, web_head,
)  # fmt: skip
from started import names_in, read_report
from test_part4_contents import sha256
from test_terminal import Terminal

LENGTH = f"Content-Length: {SIZE}"
CHUNKED = "Transfer-Encoding: chunked"
TAG = 'ETag: "a"'


class Whole(FakeWeb):
    """Answers 200 with the whole file, whatever is asked for. pace: the first half comes in pieces,
    so many seconds apart."""

    def __init__(self, data, *fields, pace=0):
        def answer(peer, get):
            peer.sendall(web_head(200, *fields))
            for begin in range(0, len(data), 10_000):
                piece = data[begin : begin + 10_000]
                self.dawdle(pace if begin < len(data) // 2 else 0)
                if CHUNKED in fields:
                    peer.sendall(b"%x\r\n%s\r\n" % (len(piece), piece))
                else:
                    peer.sendall(piece)
            if CHUNKED in fields:
                peer.sendall(b"0\r\n\r\n")

        super().__init__(answer)


def test_a_file_without_ranges_is_sent_once_however_many_chunks_it_has(home, data):
    with Whole(data, LENGTH, TAG) as mirror:
        report = assert_whole(home, bring(home, [mirror], 8), data, verified="no")
        assert mirror.asked == 1
    assert report["duplicate_bytes"] == report["retries"] == 0


def test_bytes_that_are_skipped_are_no_stall(home, data, good):
    """The first half comes from the other mirror."""
    with Whole(data, LENGTH, TAG, pace=0.1) as mirror:
        options = ["--threads", 1, "--stall-timeout", "1s", "--no-verify"]
        result = bring(home, [good, mirror], 2, *options)
    assert result.returncode == 0, result.stderr
    assert (home / "file").read_bytes() == data
    assert read_report(home / "report")["retries"] == 0


def test_others_bring_ranges_beside_a_stream(home, data, good):
    with Whole(data, LENGTH, TAG) as mirror:
        assert_whole(home, bring(home, [mirror, good], 8), data)


@pytest.mark.parametrize("fields", [
    [CHUNKED], [], [CHUNKED, TAG],
], ids=["chunked", "until the end", "with a tag"])  # fmt: skip
@pytest.mark.parametrize("chunks", [1, 8])
def test_a_file_of_unknown_size_comes_in_one_stream(home, data, fields, chunks):
    with Whole(data, *fields) as mirror:
        result = bring(home, [mirror], chunks)
        report = assert_whole(home, result, data, verified="no")
        assert mirror.asked == 1
    assert (report["file_bytes"], report["connections"]) == (SIZE, 1)
    assert result.stderr.count("\n") == 2, "the summary, and that it was not verified"


def test_an_empty_file_of_unknown_size_is_a_file(home):
    with Whole(b"", CHUNKED) as mirror:
        assert_whole(home, bring(home, [mirror], 4), b"", verified="no")


def test_a_mirror_that_tells_the_size_goes_before_one_that_does_not(home, data, good):
    with Whole(data, CHUNKED) as mirror:
        report = assert_whole(home, bring(home, [mirror, good], 4), data)
    assert report["connections"] == 4


def test_the_digest_of_a_file_of_unknown_size_is_compared(home, data):
    digest = sha256(data)
    with Whole(data, CHUNKED) as mirror:
        assert_whole(home, bring(home, [mirror], 4, "--digest", digest), data)
    with Whole(data[:-1], CHUNKED) as mirror:
        assert bring(home, [mirror], 4, "--digest", digest).returncode == 3


def test_a_stream_of_unknown_size_that_breaks_is_no_file(home, data):
    def answer(peer, _):
        peer.sendall(web_head(200, CHUNKED) + b"3e8\r\n" + data[:1000] + b"\r\n")

    with FakeWeb(answer) as mirror:
        result = bring(home, [mirror], 4)
    assert result.returncode == 1
    assert "chunk 0: bytes 1000 to the end are missing" in result.stderr
    assert "--resume" not in result.stderr, "nobody could compare the rest with it"
    assert names_in(home) == ["report", "servers.txt"]


def test_a_range_may_be_told_without_the_size(home, data):
    def answer(peer, get):
        if get.end is None:
            return peer.sendall(web_head(200, LENGTH) + data)
        head = web_head(206, f"Content-Range: bytes {get.begin}-{get.end - 1}/*",
                        f"Content-Length: {get.end - get.begin}")  # fmt: skip
        return peer.sendall(head + data[get.begin : get.end])

    with FakeWeb(answer) as mirror:
        assert_whole(home, bring(home, [mirror], 4), data, verified="no")


@pytest.mark.parametrize("fields", [[], ["Content-Range: bytes */0"]], ids=["bare", "with range"])
def test_an_empty_file_has_no_range(home, fields):
    def answer(peer, get):
        empty = web_head(200, "Content-Length: 0")
        peer.sendall(empty if get.end is None else refusal(416, *fields))

    with FakeWeb(answer) as mirror:
        assert_whole(home, bring(home, [mirror], 4), b"", verified="no")


def test_the_picture_of_a_file_of_unknown_size_tells_what_has_come(home, data):
    with Whole(data, CHUNKED, pace=0.02) as mirror:
        command = [lab.BIN / "part4_client", servers_file(home, mirror), "1", "file"]
        with Terminal(*command, cwd=home) as terminal:
            terminal.read_until("[....")
            assert terminal.wait() == 0, terminal.text
    assert (home / "file").read_bytes() == data


@pytest.mark.parametrize("word", ["identity", "Identity", "IDENTITY", ""])
def test_content_that_is_not_encoded_may_say_so(home, data, word):
    with FakeWeb(lambda peer, get: send_part(peer, data, get, f"Content-Encoding: {word}")) as one:
        assert_whole(home, bring(home, [one], 4), data, verified="no")


@pytest.mark.parametrize("label", ["Content-Type: application/gzip", "Content-Type: text/plain"])
def test_a_gzip_file_that_is_called_encoded_is_kept_as_it_is_served(home, label):
    data = gzip.compress(b"abc" * 1000)
    with FakeWeb(lambda peer, get: send_part(peer, data, get, TAG, label,
                                             "Content-Encoding: gzip")) as mirror:  # fmt: skip
        result = bring(home, [mirror], 2)
    if "gzip" in label:
        assert_whole(home, result, data, verified="no")
        assert f"{mirror.address}: calls encoded what is the file itself" in result.stderr
    else:
        assert result.returncode == 1
        assert "encoded, though that was not asked for: gzip" in result.stderr


# --- versions -------------------------------------------------------------------------------------


def replaced(old, new, fields_of):
    """answer() of a server whose file is replaced after its third request."""
    requests = iter(range(1000))

    def answer(peer, get):
        data = old if next(requests) < 3 else new
        send_part(peer, data, get, *fields_of(data))

    return answer


@pytest.fixture
def other():
    return bytes(SIZE)


def test_a_weak_tag_that_changes_tells_that_the_file_has_changed(home, data, other):
    answer = replaced(data, other, lambda now: [f'ETag: W/"{now[0]}"'])
    with FakeWeb(answer) as mirror:
        result = bring(home, [mirror], 8, "--threads", 1)
    assert result.returncode == 1
    assert f"{mirror.address}: the file was changed during the download" in result.stderr


@pytest.mark.parametrize("fields", [
    [], ['ETag: W/"same"'], ["Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT",
                            "Date: Sun, 06 Nov 1994 08:49:37 GMT"],
], ids=["none", "a weak tag", "a date of this second"])  # fmt: skip
def test_that_nothing_would_tell_of_a_change_is_said(home, data, other, fields):
    with FakeWeb(replaced(data, other, lambda _: fields)) as mirror:
        result = bring(home, [mirror], 8, "--threads", 1, "--no-verify")
    sentence = f"{mirror.address}: tells neither a strong entity tag nor a date"
    assert result.returncode == 0
    assert sentence in result.stderr
    assert sentence in " ".join(read_report(home / "report")["remarks"])


def test_what_a_digest_has_proved_needs_no_remark(home, data):
    with FakeWeb(lambda peer, get: send_part(peer, data, get)) as mirror:
        result = bring(home, [mirror], 8, "--digest", sha256(data))
    assert_whole(home, result, data)
    assert "strong entity tag" not in result.stderr


def redirector(*mirrors):
    """Sends each request to another mirror."""
    turn = iter(range(100_000))

    def answer(peer, _):
        mirror = mirrors[next(turn) % len(mirrors)]
        peer.sendall(refusal(302, f"Location: {mirror.address}?token=s3cret"))

    return FakeWeb(answer)


def tagged(data, tag):
    return FakeWeb(lambda peer, get: send_part(peer, data, get, f'ETag: "{tag}"'))


@pytest.mark.parametrize("options", [["--no-verify"], ["--digest"], ["--threads", "1"]], ids=" ".join)
def test_mirrors_behind_one_url_have_a_version_each(home, data, options):
    options = [*options, sha256(data)] if options == ["--digest"] else options
    with tagged(data, 1) as one, tagged(data, 2) as two, redirector(one, two) as front:
        result = bring(home, [front], 8, *options)
    assert result.returncode == 0, result.stderr
    assert (home / "file").read_bytes() == data


def test_a_file_that_is_changed_behind_a_redirection_is_told(home, data, other):
    answer = replaced(data, other, lambda now: [f'ETag: "{now[0]}"'])
    with FakeWeb(answer) as mirror, redirector(mirror) as front:
        result = bring(home, [front], 8, "--threads", 1)
    assert result.returncode == 1
    assert f"{mirror.address}: the file was changed during the download" in result.stderr
    assert "s3cret" not in result.stderr + (home / "file.part.dlab").read_text()
    assert f"{front.address} -> {mirror.address}" in (home / "file.part.dlab").read_text()


def test_mirrors_of_different_sizes_behind_one_url_are_told(home, data):
    with tagged(data, 1) as one, tagged(data + b"x", 2) as two, redirector(one, two) as front:
        result = bring(home, [front], 8, "--threads", 1)
    assert result.returncode == 1
    assert "the mirrors have different files under this name" in result.stderr
    assert f"{front.address} -> {two.address} tells {SIZE + 1} bytes" in result.stderr
