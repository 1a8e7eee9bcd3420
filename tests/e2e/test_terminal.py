"""What a person at a terminal sees."""

import os
import pty
import select
import subprocess

import lab
import pytest

PARTS = pytest.mark.parametrize("part", [1, 3])


class Terminal:
    """A program on a terminal of its own."""

    def __init__(self, *command, cwd):
        self.screen, inside = pty.openpty()
        self.process = subprocess.Popen(
            list(map(str, command)), cwd=cwd, stdin=inside, stdout=inside, stderr=inside
        )
        os.close(inside)
        self.text = ""

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
