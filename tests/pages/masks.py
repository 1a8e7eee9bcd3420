"""Is what was printed what the page shows? Whatever is another each time is masked on both sides:
numbers, sizes, times, rates, digests. A line of three dots stands for any number of lines."""

import re

DUMP = re.compile(r"^[0-9a-f]{8}: ((?:[0-9a-f]{2,4} )+)", re.MULTILINE)
MASKS = [
    (r"\b(?=\w*\d)[0-9a-f]{8,}\b", "#"),  # digests, versions
    (r"\d+(?:[.,:]\d+)*", "#"),
    (r"# ?(?:B|[kMG]B|[KMG]iB)\b", "# B"),
    (r"# ?(?:ns|us|µs|ms|s|min)\b", "# s"),
    (r"# ?(?:[kMG]?bit/s)", "# bit/s"),
    (r"\s+", " "),
]


def masked(line):
    for pattern, mask in MASKS:
        line = re.sub(pattern, mask, line)
    return line.strip()


def difference(shown, printed, differs=""):
    """What is wrong with what was printed, in words; nothing when it is as shown."""
    if DUMP.search(shown):
        return _difference_of_dumps(shown, printed, _offsets(differs))
    lines, found = _masked_lines(shown), _masked_lines(printed)
    pattern = "".join(r"(?:.*\n)*" if line == "...\n" else re.escape(line) for line in lines)
    if re.fullmatch(pattern, "".join(found)):
        return None
    return f"shown, masked:\n{''.join(lines)}printed, masked:\n{''.join(found)}"


def _masked_lines(text):
    return [masked(line) + "\n" for line in text.splitlines() if line.strip()]


def _offsets(differs):
    """The set of offsets that "0x14-0x1b, 0x2c" means."""
    offsets = set()
    for word in differs.replace(",", " ").split():
        first, _, last = word.partition("-")
        offsets |= set(range(int(first, 16), int(last or first, 16) + 1))
    return offsets


def _difference_of_dumps(shown, printed, differs):
    """The same for what xxd prints: bytes are compared, but for those at the offsets `differs`."""
    shown, printed = (bytes.fromhex("".join(DUMP.findall(text))) for text in (shown, printed))
    if len(shown) != len(printed):
        return f"{len(shown)} bytes are shown, {len(printed)} printed"
    wrong = [hex(i) for i, pair in enumerate(zip(shown, printed))
             if pair[0] != pair[1] and i not in differs]  # fmt: skip
    return f"other bytes than shown at {', '.join(wrong)}" if wrong else None
