"""Can this bench be trusted? What came out where it was tested itself (self_test.json)."""

from plots import self_test
from plots.report.parts import Table

FILE = "self_test.json"
HEADINGS = ["test", "found", "wanted", "holds"]


def tested(results):
    """A dict for the page: `holds`, `says`, `table`; None without a file. One that cannot be read
    joins the problems of `results`."""
    path = results.folder / FILE
    if not path.exists():
        return None
    try:
        checks = self_test.load(path)
    except (OSError, ValueError) as error:
        results.problems.append(f"{FILE}: {error}")
        return None
    rows = [[one.name, one.found, one.wanted, "yes" if one.holds else "no"] for one in checks]
    return {"holds": all(one.holds for one in checks), "says": self_test.verdict(checks),
            "table": Table("The bench tested on what is known beforehand", HEADINGS, rows)}
