"""part3_server and the programs that people download with; and what nginx answers them."""

import concurrent.futures
import os
import urllib.parse

import lab
import pytest
from web import ask, needs, nginx, request, url

OLD = 1_500_000_000
MIB = 1 << 20
SIZE = 6 * MIB
CURL = ("curl", "--disable", "--silent", "--show-error")
# How each fetches one URL into one file; the last four over several connections, or on from what
# is there already.
FETCH = {
    "curl": lambda address, path: [*CURL, "--fail", "-o", path, address],
    "wget": lambda address, path: ["wget", "--no-config", "-q", "-O", path, address],
    "axel": lambda address, path: ["axel", "-q", "-n", "4", "-o", path, address],
    "aria2c": lambda address, path: [
        "aria2c", "--no-conf", "-q", "-x4", "-s4", "-k1M", "-d", path.parent, "-o", path.name,
        address],
}  # fmt: skip
RESUME = {
    "curl": lambda address, path: [*CURL, "--fail", "-C", "-", "-o", path, address],
    "wget": lambda address, path: ["wget", "--no-config", "-q", "-c", "-O", path, address],
    "aria2c": lambda address, path: [
        "aria2c", "--no-conf", "-q", "-c", "-d", path.parent, "-o", path.name, address],
}  # fmt: skip
ODD_NAMES = ["with space", "über.txt", "50% & <b>+1;a=b", "a:b", "quote'\"", "#hash?", "%2e%2e"]


def programs(table):
    return [pytest.param(name, marks=needs(name)) for name in table]


@pytest.fixture(name="content")
def fixture_content(served):
    content = lab.make_file(served / "file", SIZE)
    lab.let_settle(served / "file")
    return content


@pytest.fixture(name="server")
def fixture_server(served, content):
    with lab.part_server(3, served, "--log") as server:
        yield server


def must(*command, **how):
    result = lab.run(*command, **how)
    assert result.returncode == 0, f"{command[0]}: {result.stdout} {result.stderr}"
    return result.stdout


@pytest.mark.parametrize("program", programs(FETCH))
def test_a_file_arrives_whole(server, home, content, program):
    must(*FETCH[program](url(server, "file"), home / "got"))
    assert (home / "got").read_bytes() == content


@pytest.mark.parametrize("program", programs(["axel", "aria2c"]))
def test_download_managers_use_ranges(server, home, content, program):
    must(*FETCH[program](url(server, "file"), home / "got"))
    lab.wait_until(lambda: "offset=0 " in server.stderr(), "the front is logged")
    server.wait_for_log(r"offset=[1-9]\d+ length=\d+ sent=[1-9]")


@pytest.mark.parametrize("program", programs(RESUME))
def test_a_download_goes_on_where_it_ended(server, home, content, program):
    (home / "got").write_bytes(content[:MIB])
    must(*RESUME[program](url(server, "file"), home / "got"))
    assert (home / "got").read_bytes() == content
    server.wait_for_log(f"offset={MIB} length={SIZE - MIB} sent={SIZE - MIB} ")


@needs("curl")
def test_curl_is_told_that_there_is_no_more(server, home, content):
    code = must(*CURL, "-r", f"{SIZE}-", "-w", "%{http_code}", "-o", home / "got",
                url(server, "file"))  # fmt: skip
    assert code == "416"


@needs("wget")
def test_wget_fetches_a_file_again_only_when_it_is_newer(served, server, home, content):
    fetch = ("wget", "--no-config", "-nv", "-N", url(server, "file"))
    must(*fetch, cwd=home)
    assert (home / "file").stat().st_mtime == int((served / "file").stat().st_mtime)
    must(*fetch, cwd=home)
    server.wait_for_log("name=file .*status=304")
    os.utime(served / "file", (2_000_000_000, 2_000_000_000))  # nobody believes the future
    os.utime(home / "file", (OLD, OLD))
    must(*fetch, cwd=home)
    lab.wait_until(lambda: server.stderr().count("status=ok") == 2, "it was fetched again")


@needs("curl")
def test_curl_keeps_a_files_date_and_asks_by_it(served, server, home, content):
    os.utime(served / "file", (OLD, OLD))
    must(*CURL, "-R", "-o", home / "got", url(server, "file"))
    assert (home / "got").stat().st_mtime == OLD
    again = must(*CURL, "-z", home / "got", "-o", home / "got", "-w", "%{http_code}",
                 url(server, "file"))  # fmt: skip
    assert again == "304"
    assert (home / "got").read_bytes() == content


@needs("aria2c")
def test_aria2_fetches_on_condition(server, home, content):
    fetch = ("aria2c", "--no-conf", "-q", "--conditional-get=true", "--allow-overwrite=true",
             "-d", home, url(server, "file"))  # fmt: skip
    must(*fetch)
    must(*fetch)
    server.wait_for_log("name=file .*status=304")
    assert (home / "file").read_bytes() == content


@needs("curl")
def test_curl_keeps_its_connection(server):
    used = must(*CURL, "-w", "%{num_connects} ", "-o", "/dev/null", url(server, "file"),
                "-o", "/dev/null", url(server, "file"))  # fmt: skip
    assert used == "1 0 "


@needs("curl")
@pytest.mark.parametrize("name", ODD_NAMES)
def test_any_name_can_be_asked_for(served, server, home, name):
    content = lab.make_file(served / name, 100, seed=len(name))
    must(*FETCH["curl"](url(server, urllib.parse.quote(name)), home / "got"))
    assert (home / "got").read_bytes() == content


@needs("wget")
def test_wget_finds_every_file_by_the_links_of_the_list(served, server, home):
    names = ODD_NAMES[:-1]  # wget saves "%2e%2e" in capitals
    expected = {name: lab.make_file(served / name, 100, seed=i) for i, name in enumerate(names)}
    must("wget", "--no-config", "-q", "--recursive", "--level=1", "--no-host-directories",
         "--restrict-file-names=nocontrol", "-e", "robots=off", url(server), cwd=home)  # fmt: skip
    got = {path.name: path.read_bytes() for path in home.iterdir()}
    assert {name: got.get(name) for name in expected} == expected


@needs("curl")
def test_both_protocols_are_served_at_once(server, home, content):
    def by_http(number):
        must(*FETCH["curl"](url(server, "file"), home / f"http{number}"))

    def by_ours(number):
        result = lab.part_client(3, server, "file", "-o", home / f"ours{number}", "--quiet",
                                 "--connections", "4")  # fmt: skip
        assert result.returncode == 0, result.stderr

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda job: job[0](job[1]), [(by_http, i) for i in range(4)]
                      + [(by_ours, i) for i in range(4)]))  # fmt: skip
    assert all(path.read_bytes() == content for path in home.iterdir())
    assert len(list(home.iterdir())) == 8


# --- the same requests to nginx -------------------------------------------------------------------

SAME = [
    request("/file"),
    request("/file", method="HEAD"),
    request("/file", version="1.0"),
    request("http://test/file"),
    request("/fil%65?a=b"),
    request("/none"),
    request("/file/"),
    request("/file", "Range: bytes=0-0"),
    request("/file", "Range: bytes=1000000-1999999"),
    request("/file", "Range: bytes=6291000-"),
    request("/file", "Range: bytes=-1"),
    request("/file", "Range: bytes=-99999999"),
    request("/file", "Range: bytes=5-99999999"),
    request("/file", f"Range: bytes={SIZE}-"),
    request("/file", "Range: bytes=0-1", 'If-Range: "other"'),
    request("/file", 'If-None-Match: "other"'),
    request("/file", "If-None-Match: *"),
    request("/file", 'If-Match: "other"'),
    request("/file", 'If-Match: "other"', "Range: bytes=0-1", "If-None-Match: *"),
    request("/file", "If-Match: *"),
    request("/file", "If-Unmodified-Since: Fri, 14 Jul 2017 02:40:00 GMT"),
    request("/file", "If-Unmodified-Since: Friday, 14-Jul-17 02:40:00 GMT"),
    request("/file", "If-Unmodified-Since: Tue Jul 14 02:40:00 2037"),
    request("/file", "If-Modified-Since: Fri, 14 Jul 2017 02:40:00 GMT"),
    request("//file"),
    b"\r\n" + request("/file"),
    request("/file", "Content-Length: 0", method="POST"),
    request("/file", "Content-Length: 5", "Transfer-Encoding: chunked"),
    request("/file", "Host: again"),
    request("/%00"),
    request("/file", version="2.0"),
    b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: test\r\n\r\n",
]


@needs("nginx")
def test_nginx_answers_the_same(served, server, content, tmp_path):
    with nginx(served, tmp_path / "nginx") as theirs:
        for sent in SAME:
            head_only = sent.startswith(b"HEAD")
            (ours,) = ask(server, sent, head_only=head_only)
            other = theirs.ask(sent, head_only)
            assert essence(ours) == essence(other), sent[:80]


def essence(answer):
    """What must not differ: for errors the words may."""
    fields = ("content-length", "content-range") if answer.status < 400 else ("content-range",)
    body = answer.body if answer.status < 400 else b""
    return answer.status, [answer.fields.get(name) for name in fields], body


@needs("nginx")
def test_tags_mean_the_same_to_nginx(served, server, content, tmp_path):
    with nginx(served, tmp_path / "nginx") as theirs:
        for answer in (lambda sent: ask(server, sent)[0], theirs.ask):
            tag = answer(request("/file")).fields["etag"]
            assert answer(request("/file", f"If-None-Match: {tag}")).status == 304
            assert answer(request("/file", "Range: bytes=1-2", f"If-Range: {tag}")).status == 206
