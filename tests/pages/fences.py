"""The fences of a page, and what its author says of each in comments above it.

A fence of `sh` holds commands, one of `output` what the commands before it print. The notes:

    <!-- not run: takes three minutes -->   why no test can run these commands
    <!-- typed: 2 -->                       what a person types when the command asks
    <!-- exits with 1 -->                   with which each command ends, else with 0
    <!-- saved as servers.txt -->           no commands, but a file that later ones use
    <!-- differs: 0x14-0x1b, 0x2c -->       bytes of this dump that are others each time
"""

import dataclasses
import re

FENCE = re.compile(
    r"(?P<notes>(?:^ *<!-- [^\n]* -->\n)*)"
    r"^(?P<indent> *)```(?P<language>\w*)\n(?P<text>.*?)^(?P=indent)```$",
    re.MULTILINE | re.DOTALL,
)
NOTE = re.compile(r"<!-- (not run:|typed:|exits with|saved as|differs:) (.+) -->")
HERE_DOCUMENT = re.compile(r"<<-?'?(\w+)'?")


@dataclasses.dataclass(frozen=True)
class Fence:
    page: str
    line: int
    language: str
    text: str
    notes: dict

    def __str__(self):
        return f"{self.page}:{self.line}"

    def commands(self):
        """What is typed at once: a line with those that a backslash or a here-document adds."""
        found, open_until = [], None
        for line in self.text.splitlines():
            if open_until or (found and found[-1].endswith("\\")):
                found[-1] += "\n" + line
            elif line.strip() and not line.startswith("#"):
                found.append(line)
            if open_until:
                open_until = None if line == open_until else open_until
            elif start := HERE_DOCUMENT.search(line):
                open_until = start[1]
        return found


def fences(page, text):
    """All fences of the page's text, in their order."""
    return [_fence(page, text, match) for match in FENCE.finditer(text)]


def _fence(page, text, match):
    lines = match["text"].splitlines(keepends=True)
    without_indent = "".join(line.removeprefix(match["indent"]) for line in lines)
    notes = {name.rstrip(":"): value for name, value in NOTE.findall(match["notes"])}
    line = text.count("\n", 0, match.start("language")) + 1
    return Fence(page, line, match["language"], without_indent, notes)
