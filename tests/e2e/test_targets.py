"""Where a download goes, and what it never touches."""

import signal

import lab
import pytest
from proxy import Proxy
from started import Client, assert_failed, names_in

PARTS = pytest.mark.parametrize("part", [1, 3])
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
