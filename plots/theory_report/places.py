"""Where each law is measured: the cells of the laws and of their negative controls."""

from dataclasses import dataclass

from plots.theory_report import estimates


@dataclass(frozen=True)
class Place:
    """Cells on one link, one for each of `connections` and `files`. `files`: timed runs where it
    is (None,). `planned`: an experiment for the laws measures them, so that they can be missing."""

    link: str
    algorithm: str
    connections: tuple = (1,)
    buffer_bytes: int = None
    files: tuple = (None,)
    background: int = 0
    planned: bool = True

    def cells(self):
        """(connections, file_bytes or None) of each cell."""
        return [(number, size) for size in self.files for number in self.connections]

    def has(self, cell, number, size):
        """Whether `cell` is the one with `number` connections and files of `size`."""
        return (cell.link == self.link and cell.algorithm == self.algorithm
                and cell.connections == number and cell.buffer_bytes == self.buffer_bytes
                and cell.background == self.background and cell.timed == (size is None)
                and size in (None, cell.file_bytes))


FILES = (15000, 100000, 1000000)
LONGLOSSY = (Place("longlossy", "cubic"),)
NOISY, LOSSY = Place("noisy", "cubic"), Place("lossy", "cubic", planned=False)
RENO = (Place("noisy", "reno"), Place("lossy", "reno"))
BBR = (Place("noisy", "bbr"), Place("lossy", "bbr"))
SHARED = (Place("fair50", "reno", (1, 2, 4, 8), background=1),)

LAW = {
    "mathis": RENO, "cubic-rate": LONGLOSSY, "cubic-advantage": LONGLOSSY,
    "cubic-as-reno": (NOISY, LOSSY), "bbr": BBR,
    "hacker": (Place("lossy50", "reno", (1, 2, 3, 4, 8)),),
    "altman": (Place("shallow50", "reno", (1, 2, 3, 4, 6, 8)), Place("shallow", "reno", (1, 3, 8))),
    "window": (Place("longfat", "cubic", (1, 4, 16), 65536),
               Place("longfat", "cubic", (1, 4, 16), 262144, planned=False)),
    "short": (Place("longfat", "cubic", (1, 2, 4, 8, 16), files=FILES),
              Place("wan", "cubic", (1, 2, 4, 8, 16), files=FILES, planned=False)),
    "fairness": SHARED,
}
CONTROL = {
    ("mathis", "bbr"): BBR, ("cubic-rate", "reno"): (Place("longlossy", "reno"),),
    ("cubic-advantage", "short path"): (NOISY,), ("cubic-as-reno", "long path"): LONGLOSSY,
    ("bbr", "reno"): RENO, ("hacker", "bbr"): (Place("lossy50", "bbr"),),
    ("altman", "drop-tail"): (Place("shallow50-tail", "reno", (3, 4, 6, 8)),),
    ("altman", "deep buffer"): (Place("wan", "reno", (1, 2, 3)),),
    ("window", "tuned window"): (Place("longfat", "cubic"),),
    ("short", "one connection"): (
        Place("longfat", "cubic", files=(1000000,)),
        Place("wan", "cubic", files=(1000000,), planned=False)),
    ("fairness", "one against one"): (
        Place("fair50", "reno", background=1),),
}
# What a control imitates: a cell of the law for which this holds. Those that are not named here
# are held to the law at their own settings.
IMITATES = {
    ("cubic-advantage", "short path"): lambda control, cell: True,
    ("cubic-as-reno", "long path"): lambda control, cell: True,
    ("window", "tuned window"): lambda control, cell: cell.connections == control.connections,
    ("short", "one connection"): lambda control, cell:
        (cell.link, cell.file_bytes) == (control.link, control.file_bytes),
    ("fairness", "one against one"): lambda control, cell:
        (cell.link, cell.algorithm) == (control.link, control.algorithm),
}
# Laws about CUBIC's goodput over Reno's in the same place; the others have a value of one cell.
OVER_RENO = ("cubic-advantage", "cubic-as-reno")
# Laws about a share, which lies between 0 and 1.
SHARES = ("altman", "fairness")
VALUE = {"mathis": estimates.mathis_c, "cubic-rate": estimates.goodput, "bbr": estimates.goodput,
         "hacker": estimates.goodput, "altman": estimates.share_of_link,
         "window": estimates.goodput, "short": estimates.duration,
         "fairness": estimates.share_of_user}
