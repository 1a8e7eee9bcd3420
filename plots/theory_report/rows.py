"""The runs that the report may use, and the cells in which they stand together."""

from dataclasses import dataclass

import pandas as pd

from plots import cells, links, tables, wanted

CONTESTANTS = ("part3", "part3_paced")
# Settings that no law speaks of: a run that has one measures something else.
FOREIGN = ("limit_rate_mbit_s", "limit_rates", "buffer_bytes", "work_mbyte_s", "client_cpus")
KEY = ["link", "algorithm", "connections", "receive_buffer_bytes", "file_bytes",
       "background_flows", "timed"]


@dataclass(frozen=True)
class Cell:
    """All runs of one setting. `tried`: all; `rows`: those that count, each with `at`, its
    experiment and block; `others`: how many do not, by what became of them. `rtt_s`: the round trip
    that the senders saw, where that is known. `planned`: an experiment made it for a law."""

    link: str
    algorithm: str
    connections: int
    buffer_bytes: int       # None: the kernel tunes it
    file_bytes: int
    background: int
    timed: bool
    tried: pd.DataFrame
    rows: pd.DataFrame
    others: dict
    planned: bool
    rtt_s: float = None

    @property
    def experiments(self):
        return tuple(sorted(set(self.rows["experiment"])))

    @property
    def loss_events(self):
        """Seen in all runs together; None where they were not counted."""
        seen = self.rows["loss_events"]
        return None if seen.isna().any() else int(seen.sum())

    @property
    def settings(self):
        """What the laws may ask for, in the units of `theory.Law`: loss is a fraction."""
        row = self.rows.iloc[0]
        rtt_s = row["rtt_ms"] / 1e3 if self.rtt_s is None else self.rtt_s
        return {"connections": self.connections, "rate_mbit_s": row["rate_mbit_s"],
                "rtt_s": rtt_s, "loss": row["loss_pct"] / 100,
                "file_bytes": self.file_bytes, "setup_rtts": links.setup_rtts(self.connections)}


def usable(results):
    """The rows that could speak for a law, those that failed or are void included, with the
    columns `algorithm`, `timed` and `planned`: of the experiments that want the verdict `laws`, or
    `theory`, which are planned for it."""
    runs = results.runs
    speaking, planned = (runs["experiment"].isin(wanted.judged(results, *words))
                         for words in (("laws", "theory"), ("theory",)))
    rows = runs[speaking & runs["contestant"].isin(CONTESTANTS) & cells.tried(runs)
                & (runs["link"] != "loopback") & (runs["connections"] > 0)].assign(planned=planned)
    rows = cells.without(rows, FOREIGN)
    rows = rows.assign(timed=rows["planned_seconds"].notna(),
                       algorithm=cells.algorithm(rows),
                       background_flows=rows["background_flows"].fillna(0))
    return rows[(rows["schedule"] == "static") != rows["timed"]]


def gather(rows):
    """The Cells of `usable` rows, in sorted order; one may have no row that counts."""
    return [_cell(key, part) for key, part in cells.groups(rows, KEY)]


def _cell(key, part):
    link, algorithm, connections, buffer_bytes, file_bytes, background, timed = key
    value = part["steady_goodput_mbit_s"] if timed else part["duration_s"]
    ok, asked = part["status"] == "ok", part["error"] == ""
    known = ((value > 0) & (part["rate_mbit_s"] > 0) & (part["rtt_ms"] > 0)
             & part["loss_pct"].notna())
    good = part[ok & asked & known].copy()
    good["at"] = [f"{name} {block:g}" for name, block in zip(good["experiment"], good["block"])]
    others = part.loc[~ok, "status"].value_counts().sort_index().to_dict()
    others["not as asked"] = int((ok & ~asked).sum())
    others["without a value"] = int((ok & asked).sum()) - len(good)
    return Cell(link, algorithm, int(connections), _whole(buffer_bytes), _whole(file_bytes),
                int(background), bool(timed), part, good,
                {word: int(number) for word, number in others.items() if number},
                bool(good["planned"].any()))


def _whole(value):
    return None if pd.isna(value) else int(value)


def samples(results):
    """The samples of both sides; no rows where there are none. Those that were not read with the
    runs are read here; what cannot be read joins `problems`."""
    if len(results.samples):
        return results.samples
    table = tables.read_table(results.folder / "samples.csv", tables.TABLES["samples"])
    results.problems.extend(table.problems)
    return table.rows
