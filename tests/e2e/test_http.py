"""part3_server speaks HTTP/1.1: requests by hand, good and bad."""

import itertools
import os

import frames
import lab
import pytest
from test_hostile_pace import is_answered_within
from web import ask, receive_answer, request

MODELS = ["iterative", "threads", "pool", "processes", "prefork", "epoll", "io_uring"]
CONTENT = bytes(range(256)) * 40
OLD = 1_500_000_000
DATE, BEFORE = "Fri, 14 Jul 2017 02:40:00 GMT", "Fri, 14 Jul 2017 02:39:59 GMT"


@pytest.fixture(name="server")
def fixture_server(served):
    (served / "file").write_bytes(CONTENT)
    lab.let_settle(served / "file")
    with lab.part_server(3, served, "--log") as server:
        yield server


def statuses(answers):
    return [answer.status for answer in answers]


@pytest.mark.parametrize("model", MODELS)
def test_every_model_answers_requests_that_came_in_one_segment_in_their_order(served, model):
    (served / "file").write_bytes(CONTENT)
    with lab.part_server(3, served, "--model", model) as server:
        whole, none, part, listing = ask(
            server, request("/file"), request("/none"), request("/file", "Range: bytes=-3"),
            request("/"))  # fmt: skip
    assert whole.body == CONTENT and whole.status == 200
    assert none.status == 404 and none.body == b"404 no such file\n"
    assert part.status == 206 and part.body == CONTENT[-3:]
    assert listing.status == 200 and b'<a href="/file">file</a>' in listing.body


@pytest.mark.parametrize("model", MODELS)
def test_every_model_judges_conditions_and_passes_over_empty_lines(served, model):
    (served / "file").write_bytes(CONTENT)
    os.utime(served / "file", (OLD, OLD))
    with lab.part_server(3, served, "--model", model) as server:
        answers = ask(
            server, b"\r\n\r\n" + request("//file"), request("/file", 'If-Match: "other"'),
            request("/file", "If-Match: *", "Range: bytes=0-0"),
            request("/file", f"If-Modified-Since: {DATE}"),
            request("/file", f"If-Unmodified-Since: {BEFORE}", "Range: bytes=0-0"),
            request("/file", f"If-Range: {DATE}", "Range: bytes=0-0"),
            b"\r\n" + request("/file", f"If-Range: {BEFORE}", "Range: bytes=0-0"))  # fmt: skip
    assert statuses(answers) == [200, 412, 206, 304, 412, 206, 200]
    assert answers[0].body == CONTENT and answers[0].fields["last-modified"] == DATE


def test_a_connection_goes_on_from_request_to_request(server):
    with lab.RawClient(server) as client:
        for path, status in [("/file", 200), ("/none", 404), ("/../x", 403), ("/file", 200)]:
            client.send(request(path))
            answer = receive_answer(client)
            assert answer.status == status
            assert answer.fields["connection"] == "keep-alive"


@pytest.mark.parametrize("last", [
    request("/file", "Connection: close"), request("/file", version="1.0"),
    request("/file", "Content-Length: 5", method="POST") + b"hello",
])  # fmt: skip
def test_a_connection_ends_when_it_must(server, last):
    with lab.RawClient(server) as client:
        client.send(last + request("/file"))
        assert receive_answer(client).fields["connection"] == "close"
        assert client.receive_all() == b""


def test_a_client_of_http_1_0_may_keep_its_connection(server):
    keep = request("/file", "Connection: keep-alive", version="1.0")
    assert statuses(ask(server, keep, keep)) == [200, 200]


def test_head_is_get_without_its_body(server):
    head, whole = ask(server, request("/file", method="HEAD"), head_only=True), ask(
        server, request("/file"))  # fmt: skip
    without_date = [{**answer.fields, "date": ""} for answer in [*head, *whole]]
    assert without_date[0] == without_date[1]
    assert head[0].fields["content-length"] == str(len(CONTENT))


@pytest.mark.parametrize("field, status, place, body", [
    ("bytes=0-0", 206, "bytes 0-0/10240", CONTENT[:1]),
    ("bytes=10000-", 206, "bytes 10000-10239/10240", CONTENT[10000:]),
    ("bytes=-500", 206, "bytes 9740-10239/10240", CONTENT[-500:]),
    ("bytes=5-99999999999999999999", 206, "bytes 5-10239/10240", CONTENT[5:]),
    ("bytes=0-1,5-6", 200, None, CONTENT),
    ("bytes=9-8", 200, None, CONTENT),
    ("bytes=10240-", 416, "bytes */10240", None),
])  # fmt: skip
def test_ranges(server, field, status, place, body):
    (answer,) = ask(server, request("/file", f"Range: {field}"))
    assert answer.status == status and answer.fields.get("content-range") == place
    assert body is None or answer.body == body


def test_a_tag_tells_whether_the_file_is_still_the_same(served, server):
    (answer,) = ask(server, request("/file"))
    tag = answer.fields["etag"]
    same = [request("/file", f"If-None-Match: {tag}"),
            request("/file", "Range: bytes=0-4", f"If-Range: {tag}")]  # fmt: skip
    assert statuses(ask(server, *same)) == [304, 206]
    (served / "file").write_bytes(CONTENT + b"more")
    assert statuses(ask(server, *same)) == [200, 200]


BAD = [
    (400, b"GET / HTTP/1.1\r\n\r\n"),
    (400, b"GET / HTTP/1.1\nHost: h\n\n"),
    (400, b"GET / HTTP/1.1\r\nHost : h\r\n\r\n"),
    (400, request("/", "Accept: a\r\n b")),
    (400, request("/", "Host: again")),
    (400, request("/%")),
    (400, request("/%00")),
    (400, request("/a#b")),
    (400, request("/", "Content-Length: 5", "Transfer-Encoding: chunked")),
    (400, request("/", "Content-Length: 5", "Content-Length: 6")),
    (413, request("/", "Content-Length: 30")),
    (413, request("/", "Transfer-Encoding: chunked")),
    (414, b"GET /" + b"a" * 9000),
    (431, request("/", "X: " + "x" * 9000)),
    (501, request("/", method="BREW")),
    (501, request("/", "Transfer-Encoding: gzip")),
    (505, request("/", version="2.0")),
]


@pytest.mark.parametrize("status, sent", BAD)
def test_what_is_no_request_is_told_so_and_closed(server, status, sent):
    """Nothing behind it is answered, and however much it is, the answer is not lost to a reset."""
    with lab.RawClient(server) as client:
        client.send(sent + request("/file") + b"x" * 300_000)
        assert receive_answer(client).status == status
        assert client.receive_all() == b""


def test_a_method_that_is_not_allowed_is_told_which_are(server):
    refused, after = ask(server, request("/file", method="DELETE"), request("/file"))
    assert refused.status == 405 and refused.fields["allow"] == "GET, HEAD"
    assert after.body == CONTENT


@pytest.mark.parametrize("path", ["/..", "/../secret", "/sub/../../secret", "/%2e%2e/secret",
                                  "/..%2fsecret", "//etc/passwd", "/%2fetc/passwd", "/link",
                                  "//../secret"])  # fmt: skip
def test_nothing_outside_the_folder_is_served(served, server, path):
    (served.parent / "secret").write_text("secret")
    (served / "sub").mkdir()
    (served / "link").symlink_to("/etc/passwd")
    (answer,) = ask(server, request(path))
    assert answer.status in (400, 403, 404) and b"root:" not in answer.body


def test_a_request_that_comes_byte_by_byte_is_one(server):
    with lab.RawClient(server) as client:
        for byte in request("/file", "Range: bytes=1-2"):
            client.send(bytes([byte]))
        assert receive_answer(client).body == CONTENT[1:3]


def test_a_request_that_trickles_in_has_one_deadline(served):
    with lab.part_server(3, served, "--request-timeout", "200ms") as server:
        with lab.RawClient(server) as client:
            client.send(b"GET / HTTP/1.1\r\nX: ")
            for sent in itertools.count():
                if is_answered_within(client, 0.02):
                    break
                client.send(b"x")
                assert sent < 8000, "the server waits for ever"
            assert receive_answer(client).status == 408
            assert client.receive_all() == b""


def test_one_too_many_is_refused_in_its_language(served):
    with lab.part_server(3, served, "--max-connections", 1) as server, lab.RawClient(server) as one:
        one.send(request("/"))
        assert receive_answer(one).status == 200
        (answer,) = ask(server, request("/"))
        assert answer.status == 503 and answer.fields["connection"] == "close"
        with lab.RawClient(server) as other:
            other.send(frames.get("file"))
            assert frames.receive_error(other) == "busy"


@pytest.mark.parametrize("model", MODELS)
def test_what_is_refused_stands_in_the_log_of_every_model_and_cannot_write_to_a_terminal(
        served, model):  # fmt: skip
    with lab.part_server(3, served, "--log", "--model", model) as server:
        for sent, pattern in [
            (b"GET /\x1b[2J HTTP/1.1\r\n\r\n", r"request=HTTP client=\S+ name= .*status=400\n"),
            (request("/%1b[2J%0a"), r"request=HTTP-GET client=\S+ name=%1B%5B2J%0A .*status=404\n"),
            (b"\x16\x03\x01 this is TLS", r"request=DLAB client=\S+ name= .*status=malformed\n"),
            (frames.frame(0x7F), r"request=DLAB client=\S+ name= .*status=unknown-type\n"),
            (frames.frame(frames.GET), r"request=GET client=\S+ name= .*status=malformed\n"),
        ]:  # fmt: skip
            with lab.RawClient(server) as client:
                client.send(sent)
                client.end_of_input()
                client.receive_all()
            server.wait_for_log(pattern)
        assert "\x1b" not in server.stderr()


def test_requests_stand_in_the_log(server):
    ask(server, request("/file", "Range: bytes=2-5"), request("/a%20b"))
    server.wait_for_log(r"request=HTTP-GET client=\S+ name=file offset=2 length=4 sent=4 .*ok\n")
    server.wait_for_log(r"request=HTTP-GET client=\S+ name=a%20b offset=0 length=0 .*=404\n")
