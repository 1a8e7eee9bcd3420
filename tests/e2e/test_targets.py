"""Where a download goes, and what it never touches."""

import contextlib
import os
import signal

import lab
import pytest
from mirrors import servers_file
from proxy import Proxy
from started import Client, assert_failed, names_in

PARTS = pytest.mark.parametrize("part", [1, 3])
EACH_PART = pytest.mark.parametrize("part", [1, 2, 3, 4])
SIZE = 300_000


@PARTS
def test_without_o_the_file_comes_to_the_working_folder_under_its_own_name(served, home, part):
    (served / "sub").mkdir()
    data = lab.make_file(served / "sub" / "file", SIZE)
    with lab.part_server(part, served) as server:
        assert lab.part_client(part, server, "sub/file", cwd=home).returncode == 0
    assert names_in(home) == ["file"]
    assert (home / "file").read_bytes() == data


@PARTS
@pytest.mark.parametrize("output", ["other", ".", "./", "folder", "folder/", "folder/other"])
def test_o_names_a_file_or_the_folder_for_it(served, home, part, output):
    data = lab.make_file(served / "file", SIZE)
    (home / "folder").mkdir()
    with lab.part_server(part, served) as server:
        assert lab.part_client(part, server, "file", "-o", output, cwd=home).returncode == 0
    target = home / output
    target = target / "file" if target.is_dir() else target
    assert target.read_bytes() == data
    assert len(list(home.rglob("*"))) == 2, "the target, the empty folder, and nothing else"


@PARTS
@pytest.mark.parametrize("output", ["nowhere/", "nowhere/file", "a_file/"])
def test_a_folder_that_is_not_there_is_named_in_the_error(served, home, part, output):
    lab.make_file(served / "file", 10)
    (home / "a_file").write_text("mine")
    with lab.part_server(part, served) as server:
        result = lab.part_client(part, server, "file", "-o", output, cwd=home)
    assert_failed(part, result, f"create {output.rstrip('/')}")
    assert names_in(home) == ["a_file"]


@PARTS
def test_what_stood_under_the_final_name_stays_until_the_download_is_whole(served, home, part):
    data = lab.make_file(served / "file", SIZE)
    (home / "file").write_text("before")
    with lab.part_server(part, served) as server:
        with Proxy(server, hold_after=10_000) as proxy:
            with Client(part, proxy, "file", "-o", home) as client:
                proxy.wait_until_holding()
                assert (home / "file").read_text() == "before"
                proxy.release()
                assert client.wait() == 0
    assert (home / "file").read_bytes() == data


@PARTS
def test_discard_writes_nothing(served, home, part):
    lab.make_file(served / "file", SIZE)
    with lab.part_server(part, served) as server:
        result = lab.part_client(part, server, "file", "--sink", "discard", cwd=home)
    assert result.returncode == 0, result.stderr
    assert names_in(home) == []


@PARTS
def test_leftovers_of_another_download_are_replaced(served, home, part):
    data = lab.make_file(served / "file", SIZE)
    (home / "file.part").write_bytes(b"x" * 2 * SIZE)
    (home / "file.part.dlab").write_text("junk")
    with lab.part_server(part, served) as server:
        assert lab.part_client(part, server, "file", "-o", home).returncode == 0
    assert (home / "file").read_bytes() == data
    assert "file.part" not in names_in(home)


@PARTS
def test_a_link_laid_where_the_part_file_goes_is_not_followed(served, home, part):
    lab.make_file(served / "file", SIZE)
    (home / "precious").write_text("mine")
    (home / "file.part").symlink_to(home / "precious")
    with lab.part_server(part, served) as server:
        result = lab.part_client(part, server, "file", "-o", home)
    assert_failed(part, result, "symbolic links")
    assert (home / "precious").read_text() == "mine"


@PARTS
def test_a_second_client_on_the_same_target_is_refused(served, home, part):
    data = lab.make_file(served / "file", SIZE)
    with lab.part_server(3, served) as server:
        with Proxy(server, hold_after=10_000) as proxy:
            with Client(part, proxy, "file", "-o", home) as first:
                proxy.wait_until_holding()
                for other in (1, 3):
                    second = lab.part_client(other, server, "file", "-o", home)
                    assert_failed(other, second, "another download")
                proxy.release()
                assert first.wait() == 0
    assert names_in(home) == ["file"]
    assert (home / "file").read_bytes() == data


@PARTS
@pytest.mark.parametrize("error", ["ENOLCK", "ENOSYS", "EOPNOTSUPP"])
def test_a_file_system_without_locks_is_no_other_download(served, home, part, error):
    lab.make_file(served / "file", SIZE)
    with lab.part_server(part, served) as server:
        result = lab.part_client(part, server, "file", "-o", home,
                                 prefix=lab.refusing(flock=error))  # fmt: skip
    assert_failed(part, result, "its file system has no locks")
    assert "another download" not in result.stderr
    assert "file" not in names_in(home)


@PARTS
def test_a_client_in_the_servers_own_folder_does_not_harm_what_is_served(served, part):
    data = lab.make_file(served / "file", SIZE)
    with lab.part_server(part, served) as server:
        with Proxy(server, hold_after=10_000) as proxy:
            with Client(part, proxy, "file", cwd=served) as client:
                proxy.wait_until_holding()
                assert (served / "file").read_bytes() == data
                proxy.release()
                assert client.wait() == 0, client.stderr()
    assert names_in(served) == ["file"]
    assert (served / "file").read_bytes() == data


@PARTS
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_client_says_so_and_leaves_no_final_name(served, home, part, number):
    lab.make_file(served / "file", SIZE)
    with lab.part_server(part, served) as server:
        with Proxy(server, hold_after=10_000) as proxy:
            with Client(part, proxy, "file", "-o", home) as client:
                proxy.wait_until_holding()
                lab.wait_until((home / "file.part").exists, "the download has begun")
                client.signal(number)
                assert client.wait() == 1
                assert client.stderr() == f"part{part}_client: interrupted\n"
    left = {1: [], 3: ["file.part", "file.part.dlab"]}
    assert names_in(home) == left[part]


def download(part, served, output, *options, name="file", server=(), **how):
    """Runs a client of a server of its own to its end."""
    with lab.part_server(part, served, *server) as mirror:
        words = [servers_file(served.parent, mirror), 4] if part == 4 else [mirror]
        return lab.part_client(part, *words, name, "-o", output, "--quiet", *options, **how)


@EACH_PART
def test_a_link_stays_one_and_the_file_behind_it_is_replaced(served, home, part):
    data = lab.make_file(served / "file", SIZE)
    (home / "away").mkdir()
    (home / "away" / "real").write_text("before")
    (home / "link").symlink_to("away/real")
    assert download(part, served, home / "link").returncode == 0
    assert os.readlink(home / "link") == "away/real"
    assert (home / "away" / "real").read_bytes() == data
    assert names_in(home) == ["away", "link"] and names_in(home / "away") == ["real"]


@EACH_PART
def test_a_strangers_part_file_is_left_alone(served, home, part):
    lab.make_file(served / "file", SIZE)
    lab.make_file(served / "file.part", SIZE, seed=2)
    for name in ("file.part", "file"):
        assert download(part, served, home, name=name).returncode == 0
        assert (home / name).read_bytes() == (served / name).read_bytes()
    assert names_in(home) == ["file", "file.part"]
    assert (home / "file.part").read_bytes() == (served / "file.part").read_bytes()


@pytest.mark.parametrize("part", [3, 4])
def test_beside_a_strangers_part_file_what_came_is_kept_and_gone_on_from(served, home, part):
    data = lab.make_file(served / "file", SIZE)
    (home / "file.part").write_text("a browser's")
    ours = home / "file.1.part"
    with lab.part_server(part, served) as server, Proxy(server, hold_after=10_000) as proxy:
        words = [servers_file(served.parent, proxy), 1, "file"] if part == 4 else [proxy, "file"]
        with Client(part, words[0], *words[1:], "-o", home) as client:
            proxy.wait_until_holding()
            lab.wait_until(lambda: ours.exists() and ours.stat().st_blocks, "bytes are here")
            client.signal(signal.SIGINT)
            assert client.wait() == 1
    assert names_in(home) == ["file.1.part", "file.1.part.dlab", "file.part"]
    assert download(part, served, home, "--resume").returncode == 0
    assert (home / "file").read_bytes() == data
    assert names_in(home) == ["file", "file.part"]
    assert (home / "file.part").read_text() == "a browser's"


@EACH_PART
def test_a_folder_under_the_final_name_is_refused_before_the_server_is_asked(home, part):
    (home / "file").mkdir()
    with lab.nobody() as address:
        words = [servers_file(home.parent, address), 4] if part == 4 else [address]
        result = lab.part_client(part, *words, "file", "-o", home)
    assert_failed(part, result, f"save as {home}/file: Is a directory")
    assert names_in(home) == ["file"]


@EACH_PART
def test_a_name_of_255_bytes_is_saved(served, home, part):
    name = "\u6f22" * 84 + "abc"
    data = lab.make_file(served / name, SIZE)
    result = download(part, served, home, name=name)
    assert result.returncode == 0, result.stderr
    assert names_in(home) == [name]
    assert (home / name).read_bytes() == data


@pytest.mark.parametrize("part", [1, 2])
def test_rows_that_cannot_be_written_do_not_cost_the_file(served, home, part):
    data = lab.make_file(served / "file", SIZE)
    assert_failed(part, download(part, served, home, "--rows", "/dev/full"), "No space left")
    assert (home / "file").read_bytes() == data


@EACH_PART
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_a_signal_that_was_ignored_at_the_start_stays_ignored(served, home, part, number):
    data = lab.make_file(served / "file", SIZE)
    with lab.part_server(part, served) as server, Proxy(server, hold_after=10_000) as proxy:
        words = [servers_file(served.parent, proxy), 1, "file"] if part == 4 else [proxy, "file"]
        with ignoring(number):
            client = Client(part, words[0], *words[1:], "-o", home)
        with client:
            proxy.wait_until_holding()
            client.signal(number)
            proxy.release()
            assert client.wait() == 0, client.stderr()
    assert (home / "file").read_bytes() == data


@contextlib.contextmanager
def ignoring(number):
    """What is started meanwhile ignores the signal, as what a shell starts with & does."""
    before = signal.signal(number, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(number, before)


@pytest.mark.parametrize("part", [3, 4])
def test_a_terminal_that_goes_away_loses_nothing(served, home, part):
    lab.make_file(served / "file", SIZE)
    with lab.part_server(part, served) as server, Proxy(server, hold_after=10_000) as proxy:
        words = [servers_file(served.parent, proxy), 1, "file"] if part == 4 else [proxy, "file"]
        with Client(part, words[0], *words[1:], "-o", home) as client:
            proxy.wait_until_holding()
            lab.wait_until((home / "file.part").exists, "the download has begun")
            lab.wait_until(lambda: (home / "file.part").stat().st_blocks, "bytes are here")
            client.signal(signal.SIGHUP)
            assert client.wait() == 1
    assert names_in(home) == ["file.part", "file.part.dlab"]
