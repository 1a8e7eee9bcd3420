"""What the page begins with: the verdicts, and under what conditions everything was measured."""

import math

from plots import judging, recorded, verdicts, wanted, wording
from plots.report.parts import Table

HEADINGS = ["N", "times as fast as one", "95 % interval", "pairs", "goodput", "limited by", "says"]
FIGURE = "connections"   # shows what a verdict stands on
LOOKS = {judging.HELP: "help", judging.SAME: "same", judging.HURT: "hurt", judging.OPEN: "open"}


def judged(results):
    """One dict for each verdict: `look` (a CSS class), `text`, `figure` (its name), `table`,
    `not_counted`."""
    return [_verdict(results, verdicts.record(one)) for one in verdicts.find(results)]


def _verdict(results, one):
    certified = one["certified"] is not False
    name = FIGURE + (f"-{one['link']}" if one["network"] else "")
    name = wanted.drawn_as(name, FIGURE, one["experiment"], results)
    return {"look": LOOKS.get(one["verdict"], "none"), "text": one["text"], "figure": name,
            "not_counted": one["not_counted"],
            "table": Table(f"What the verdict on {one['link']}, {one['congestion']}, "
                           f"{one['schedule']} stands on", HEADINGS,
                           [_row(one["link"], cell, certified) for cell in one["comparisons"]])}


def _row(link, cell, certified):
    unit, factor = wording.rate_unit(link)
    known = not math.isnan(cell["low"])
    span = (f"{wording.times(cell['low'], cell['ratio'])} to "
            f"{wording.times(cell['high'], cell['ratio'])}" if known else "none")
    says = cell["verdict"] if certified else "no verdict on an uncertified link"
    if cell["verdict"] == judging.OPEN and cell["more_repetitions"]:
        says += f" (about {cell['more_repetitions']} more repetitions)"
    return [str(cell["connections"]),
            wording.times(cell["ratio"]) if cell["pairs"] else "no pairs", span,
            str(cell["pairs"]), f"{wording.number(cell['goodput_mbit_s'] * factor)} {unit}",
            cell["limited_by"] or "not recorded", says]


def conditions(meta):
    """[(what, value)] of meta.json, in words; what was not recorded is left out."""
    machine, build, network = (recorded.section(meta, name)
                               for name in ("machine", "build", "network"))
    memory = machine.get("memory_kib")
    sysctls = recorded.section(network, "sysctls")
    found = [
        ("Processor", machine.get("cpu")), ("Processors used", _processors(machine)),
        ("Memory", f"{memory / 2**20:.1f} GiB" if recorded.is_number(memory) else None),
        ("Kernel", meta.get("kernel")), ("Commit", meta.get("commit")),
        ("Seed", meta.get("seed")), ("Set", meta.get("set")),
        ("Started", meta.get("started")), ("Finished", meta.get("finished")),
        ("Command", " ".join(map(str, recorded.listed(meta, "command_line")))),
        ("Build", " ".join(str(build[name]).strip() for name in ("type", "compiler", "flags")
                           if build.get(name))),
        ("Congestion controls", sysctls.get("tcp_available_congestion_control")),
        ("Receive buffers (tcp_rmem)", _spaced(sysctls.get("tcp_rmem"))),
        ("Send buffers (tcp_wmem)", _spaced(sysctls.get("tcp_wmem"))),
        ("Files lie on", meta.get("scratch_filesystem")),
        ("Other programs", "; ".join(_programs(recorded.section(meta, "programs")))),
        ("Exit status of the bench", meta.get("exit_code")), ("Note", meta.get("note"))]
    return [(name, str(value)) for name, value in found if value not in (None, "")]


def _processors(machine):
    """'1 of 2, by a quota the time of 0.5': how many may be used, and what else restrains them."""
    used, whole, quota = (machine.get(name) for name in ("cpus", "cpus_of_machine", "cpu_quota"))
    of = f" of {whole}" if recorded.is_number(whole) and whole != used else ""
    by = f", by a quota the time of {quota:g}" if recorded.is_number(quota) else ""
    return None if used is None else f"{used}{of}{by}"


def _spaced(value):
    return " ".join(str(value).split()) if value else None


def _programs(versions):
    """The first three words of what each program says of itself, up to the first bracket."""
    return [f"{name}: {' '.join(str(text).partition('(')[0].split()[:3])}"
            for name, text in versions.items()]
