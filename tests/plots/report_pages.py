"""What the tests of the report's page share: the page read, and SYNTHETIC samples to replay."""

import csv
import json
import math
import random
from html.parser import HTMLParser

from plots import tables

VOID = {"meta", "link", "img", "input", "br"}


class Page(HTMLParser):
    """A page taken apart: `elements` (tag, attributes) in order, `ids`, `headings` (level, text),
    `text` without scripts and styles, `data` (the JSON), and `open` tags that nothing closed."""

    def __init__(self, source):
        super().__init__()
        self.elements, self.headings, self.open, self.words = [], [], [], []
        self.script = ""
        self.feed(source)
        self.close()
        self.ids = [about["id"] for _, about in self.elements if "id" in about]
        self.text = " ".join(" ".join(self.words).split())
        self.data = json.loads(self.script) if self.script else None

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append((tag, dict(attrs)))
        if tag in ("h1", "h2", "h3", "h4"):
            self.headings.append((int(tag[1]), ""))

    def handle_endtag(self, tag):
        assert self.open and self.open[-1][0] == tag, f"</{tag}> closes {self.open[-1:]}"
        self.open.pop()

    def handle_data(self, data):
        tag, about = self.open[-1] if self.open else ("", {})
        if tag == "script" and about.get("type") == "application/json":
            self.script += data
        if tag in ("script", "style"):
            return
        self.words.append(data)
        if tag in ("h1", "h2", "h3", "h4"):
            level, text = self.headings[-1]
            self.headings[-1] = (level, text + data)

    def all(self, tag):
        """The attributes of each element `tag`."""
        return [about for name, about in self.elements if name == tag]


def add_samples(folder, run_id, connections=10, seconds=0.02):
    """Writes samples.csv anew: windows as saws and even progress of one run of part 3."""
    chance = random.Random(20240307)
    with open(folder / "latency.csv", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["run_id"] == run_id]
    total = {number: sum(int(row["bytes"]) for row in rows if int(row["connection"]) == number)
             for number in range(connections)}
    with open(folder / "samples.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, tables.TABLES["samples"], lineterminator="\n")
        writer.writeheader()
        for step in range(20):
            for number in range(connections):
                about = {"run_id": run_id, "t_s": seconds * step / 20, "connection": number}
                saw = 10 + (step + number) % 7 * 3 + chance.randrange(3)
                writer.writerow({**about, "side": "server", "cwnd_segments": saw, "srtt_ms": 40})
                writer.writerow({**about, "side": "client",
                                 "bytes_received": math.floor(total[number] * step / 20)})
