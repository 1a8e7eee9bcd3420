"""What a person at a terminal sees."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios

import frames
import lab
import pytest
from proxy import Proxy

PARTS = pytest.mark.parametrize("part", [1, 3])
# What a server may call its files: a sequence begun by ESC, one begun by U+009B, and letters that
# would stand in another order.
FOREIGN = ["a\x1b]0;owned\x07", "b\u009b31m", "c\u202egpj"]
STEERS = re.compile("[\x07\u0080-\u009f\u202a-\u202e]|\x1b(?!\\[[0-9]*[AJK])")


class Terminal:
    """A program on a terminal of its own, with type=None on one of an unknown kind."""

    def __init__(self, *command, cwd, type="xterm", columns=80):
        self.screen, inside = pty.openpty()
        self.resize(columns)
        environment = {name: value for name, value in os.environ.items() if name != "TERM"}
        self.process = subprocess.Popen(
            list(map(str, command)), cwd=cwd, stdin=inside, stdout=inside, stderr=inside,
            env=environment | ({"TERM": type} if type else {}),
        )  # fmt: skip
        os.close(inside)
        self.text = ""

    def resize(self, columns):
        fcntl.ioctl(self.screen, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))

    def read_until(self, wanted):
        while wanted not in self.text:
            ready, _, _ = select.select([self.screen], [], [], 20)
            assert ready, f"20 s without {wanted!r}: {self.text!r}"
            self.text += os.read(self.screen, 65536).decode(errors="replace")

    def type(self, text):
        os.write(self.screen, text.encode())

    def wait(self):
        """Its exit code, and the rest of what it writes until then."""
        try:
            while data := os.read(self.screen, 65536):
                self.text += data.decode(errors="replace")
        except OSError:  # the last program has left the terminal
            pass
        return self.process.wait(20)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        os.close(self.screen)


@pytest.fixture
def files(served):
    (served / "folder").mkdir()
    lab.make_file(served / "a.txt", 10)
    lab.make_file(served / "b.txt", 300_000)
    lab.make_file(served / "c\x1b[2J.txt", 30)
    return served


def asked(part, server, home, answer):
    terminal = Terminal(lab.BIN / f"part{part}_client", server.address, cwd=home)
    terminal.read_until("Which file (name or number)? ")
    terminal.type(answer)
    return terminal


@PARTS
@pytest.mark.parametrize("answer", ["b.txt\n", "2\n"])
def test_without_a_name_the_list_is_shown_and_a_choice_downloaded(files, home, part, answer):
    with lab.part_server(part, files) as server, asked(part, server, home, answer) as terminal:
        listing = terminal.text
        assert terminal.wait() == 0, terminal.text
    assert "1  a.txt  (10 B)" in listing
    assert "2  b.txt  (" in listing
    assert "folder" not in listing
    assert "\x1b" not in listing, "a name must not command the terminal"
    assert (home / "b.txt").read_bytes() == (files / "b.txt").read_bytes()


@PARTS
def test_no_choice_is_no_download(files, home, part):
    with lab.part_server(part, files) as server, asked(part, server, home, "\n") as terminal:
        assert terminal.wait() == 2
        assert "no file was chosen" in terminal.text


@PARTS
def test_a_list_from_nobody_fails_at_once(home, part):
    with lab.nobody() as address:
        with Terminal(lab.BIN / f"part{part}_client", address, cwd=home) as terminal:
            assert terminal.wait() == 1
            assert "Connection refused" in terminal.text


@PARTS
@pytest.mark.parametrize("quiet", [False, True])
def test_progress_is_drawn_on_a_terminal_unless_it_is_to_be_quiet(files, home, part, quiet):
    options = ["--quiet"] if quiet else []
    with lab.part_server(part, files) as server:
        command = [lab.BIN / f"part{part}_client", server.address, "b.txt", *options]
        with Terminal(*command, cwd=home) as terminal:
            assert terminal.wait() == 0, terminal.text
    assert ("b.txt" in terminal.text) != quiet
    assert (" 100 %" in terminal.text) != quiet


def client_of(part, server, name, home, *options):
    """The command line of a download; part 4 is told of the server in a file."""
    if part != 4:
        return [lab.BIN / f"part{part}_client", server.address, name, "-o", home, *options]
    (home / "servers").write_text(server.address + "\n")
    return [lab.BIN / "part4_client", home / "servers", 2, name, "-o", home, *options]


EACH_PART = pytest.mark.parametrize("part", [1, 2, 3, 4])


@EACH_PART
@pytest.mark.parametrize("name", FOREIGN, ids=["escape", "c1", "direction"])
def test_no_name_steers_the_terminal(served, home, part, name):
    """Neither in the picture and the summary, nor in what says that there is no such file."""
    lab.make_file(served / name, 200_000)
    with lab.part_server(part, served) as server:
        for asked, code in ((name, 0), (name + "?", 1)):
            with Terminal(*client_of(part, server, asked, home), cwd=home) as terminal:
                assert terminal.wait() == code, terminal.text
                assert name[0] in terminal.text
                assert not STEERS.search(terminal.text), repr(terminal.text)


@EACH_PART
@pytest.mark.parametrize("type", ["dumb", None])
def test_on_a_terminal_that_knows_no_commands_there_is_the_summary_alone(
    files, home, part, type
):
    with lab.part_server(part, files) as server:
        command = client_of(part, server, "b.txt", home)
        with Terminal(*command, cwd=home, type=type) as terminal:
            assert terminal.wait() == 0, terminal.text
    assert "\x1b" not in terminal.text
    assert terminal.text.startswith("b.txt: 293.0 KiB in ")


def test_the_picture_follows_a_terminal_that_is_made_narrower(served, home):
    lab.make_file(served / "file", 3_000_000)
    with lab.part_server(3, served) as server:
        with Proxy(server, hold_after=100_000) as proxy:
            command = client_of(3, proxy, "file", home, "--connections", 3)
            with Terminal(*command, cwd=home, columns=100) as terminal:
                terminal.read_until("file [#")
                terminal.resize(30)
                proxy.release()
                assert terminal.wait() == 0, terminal.text
    pictures = [text for text in terminal.text.split("\x1b[J") if "file [#" in text]
    for line in pictures[-1].split("\x1b[K"):
        assert len(re.sub(r"[\r\n]|\x1b\[[0-9]*A", "", line)) < 30, repr(line)


def test_whoever_waits_for_a_digest_is_told_so(served, home):
    lab.make_file(served / "file", 300_000)
    held = frames.header_bytes("file") + 300_000
    with lab.part_server(1, served) as server, Proxy(server, hold_after=held) as proxy:
        with Terminal(*client_of(1, proxy, "file", home), cwd=home) as terminal:
            terminal.read_until("waiting for a digest of file")
            proxy.release()
            assert terminal.wait() == 0, terminal.text
    summary = r"in (\S+) s \(transfer (\S+) s, .*; verification (\S+) s\), verified"
    whole, transfer, verification = re.search(summary, terminal.text).groups()
    assert float(whole) > float(transfer) + float(verification) - 0.002
