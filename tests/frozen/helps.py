"""What a program's --help says of its command line, however it is laid out.

Read are the names and what stands for their values, of texts by CLI11, by argparse and by hand.
"""

import re

NAME = r"-{1,2}\w[\w-]*(?:\{\w+\})?"
OPTION = re.compile(rf"^\s+(?P<names>{NAME}(?:,\s*{NAME})*)(?P<rest>.*)$")
# "{a, b}", "TEXT:{a,b}", "RATE[,RATE...]", "FIGURE [RESULTS]", "[=json]"; no "Excludes: --quick".
VALUE = re.compile(r"(?: (?P<words>\{[^}]*\})| [A-Z]+:(?P<checked>\{[^}]*\})|"
                   r"(?P<kind> [A-Z]+(?![a-z])(?:\[,[A-Z.]+\]| \[[A-Z]+\])?|\[=\w+\]))")
NUMBERS = ("UINT", "INT", "FLOAT")
SUBCOMMANDS = re.compile(r"^subcommands:$(.*?)(?:\n\s*\n|\Z)",
                         re.IGNORECASE | re.DOTALL | re.MULTILINE)  # fmt: skip
SUBCOMMAND = re.compile(r"^\s+([a-z][\w-]*)  ", re.MULTILINE)


def items(text):
    """The command line that a help text describes: "SERVER", "[FILE]", "-o,--output TEXT"."""
    return positionals(text) + [item for line in text.splitlines() if (item := _option(line))]


def positionals(text):
    """The words of the line of usage that are no options; those in brackets may be left out."""
    usage = re.search(r"usage:(.*?)(?:\n\s*\n|\Z)", text, re.IGNORECASE | re.DOTALL)
    without = re.sub(r"\[-[^]]*\]|\(-[^)]*\)|\[OPTIONS\]|\[SUBCOMMAND\]", "", usage[1])
    return re.findall(r"(?<=\s)(?:\[[A-Z_ ]+\]|[A-Z_]+)(?:\.\.\.)?(?=\s|$)", without)


def subcommands(text):
    """Those that CLI11 lists."""
    listed = SUBCOMMANDS.search(text)
    return SUBCOMMAND.findall(listed[1]) if listed else []


def _option(line):
    found = OPTION.match(line)
    if not found:
        return None
    names = re.sub(r"\{\w+\}|\s", "", found["names"])
    return names + _value(VALUE.match(found["rest"]))


def _value(found):
    if not found:
        return ""
    if words := found["words"] or found["checked"]:
        return " " + words.replace(", ", ",")
    return " NUMBER" if found["kind"].strip() in NUMBERS else found["kind"]
