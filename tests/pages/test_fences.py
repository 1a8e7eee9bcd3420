"""Fences are told apart, with their commands and notes; what is printed is compared with masks."""

import pytest
from commands import programs, server_port
from fences import fences
from masks import difference

PAGE = """# Page
```
a drawing
```

<!-- not run: takes long -->
<!-- exits with 1 -->
```sh
./run.sh --full
```

1. A step:

   ```sh
   one --a \\
       --b   # a comment
   # two: not today
   cat > file <<'END'
   three \\
   END
   four
   ```
"""


def commands(text):
    return fences("page", f"```sh\n{text}```\n")[0].commands()


def test_fences_are_found_with_their_places():
    assert [(str(fence), fence.language) for fence in fences("page", PAGE)] == [
        ("page:2", ""), ("page:8", "sh"), ("page:14", "sh")
    ]  # fmt: skip


def test_notes_are_those_right_above():
    assert [fence.notes for fence in fences("page", PAGE)] == [
        {}, {"not run": "takes long", "exits with": "1"}, {}
    ]  # fmt: skip


def test_a_command_goes_on_behind_a_backslash_and_in_a_here_document():
    assert fences("page", PAGE)[2].commands() == [
        "one --a \\\n    --b   # a comment", "cat > file <<'END'\nthree \\\nEND", "four"
    ]  # fmt: skip


@pytest.mark.parametrize("shown, printed", [
    ("4.9 MiB in 0.938 s (5.5 MB/s)", "48.1 KiB in 17 ms (980 kB/s)"),
    ("listening on 127.0.0.1:9001", "listening on 127.0.0.1:41123"),
    ("sha256 6edf9053...", "sha256 0b6a7d1c..."),
    ("a  1\n\nb", "a 22  \nb\n"),
    ("first\n...\nlast", "first\n1\n2\nlast"),
    ("...\nlast", "last"),
])  # fmt: skip
def test_what_is_another_each_time_is_as_shown(shown, printed):
    assert difference(shown, printed) is None


@pytest.mark.parametrize("shown, printed", [
    ("Data.jpg: 1 B, verified", "Data.jpg: 1 B"),
    ("a", "a\nb"),
    ("a\nb", "a"),
    ("first\n...\nlast", "last\nfirst"),
])  # fmt: skip
def test_another_text_is_found(shown, printed):
    assert "printed" in difference(shown, printed)


DUMP = "00000000: d14c 4142 0181  .LAB..\n00000006: ff       .\n"


def test_a_dump_is_compared_byte_by_byte():
    assert difference(DUMP, DUMP) is None
    assert difference(DUMP, DUMP.replace("4142", "4143")) == "other bytes than shown at 0x3"
    assert difference(DUMP, DUMP.splitlines()[0] + "\n") == "7 bytes are shown, 6 printed"


def test_bytes_of_a_dump_may_differ_where_the_page_says_so():
    other = DUMP.replace("4142 0181", "4100 0082")
    assert difference(DUMP, other, "0x3-0x4, 0x5") is None
    assert difference(DUMP, other, "0x3") == "other bytes than shown at 0x4, 0x5"


@pytest.mark.parametrize("command, started", [
    ("curl -s URL && cmp a b   # both", ["curl", "cmp"]),
    ("X=1 printf 'a; b | c' \\\n  | nc -N host 1 | xxd", ["printf", "nc", "xxd"]),
    ("cat > file <<'END'\nls\nEND", ["cat"]),
    ("(ulimit -f 1; build/bin/linkem --server 'sh -c x' -- y)", ["ulimit", "build/bin/linkem", "sh", "y"]),
])  # fmt: skip
def test_the_programs_of_a_command_are_known(command, started):
    assert list(programs(command)) == started


@pytest.mark.parametrize("command, port", [
    ("build/bin/part1_server --root data --port 9001 --log", "9001"),
    ("build/bin/part4_server 9004 --root data", "9004"),
    ("build/bin/part4_server 0 --root data   # any", "0"),
    ("strace -f -e trace=network build/bin/part1_server --port 9001", "9001"),
    ("build/bin/part1_client 127.0.0.1:9001 Data.jpg", None),
    ("build/bin/linkem --server 'build/bin/part1_server --port 9001' -- true", None),
])  # fmt: skip
def test_a_server_is_told_from_other_commands(command, port):
    assert server_port(command) == port
