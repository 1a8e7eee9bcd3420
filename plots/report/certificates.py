"""The certificate of each link: what was asked for beside what was measured."""

from plots import links, recorded, wording
from plots.report.parts import Table

HEADINGS = ["quantity", "asked", "measured", "tolerance", "holds"]


def certificates(results):
    """One dict for each link of the results: `link`, `words`, `table`, `about`."""
    names = set(recorded.section(results.meta, "links"))
    names |= set(results.runs["link"]) - {"loopback"}
    return [_certificate(results, name) for name in sorted(names)]


def _certificate(results, name):
    certificate = links.certificate(results.meta, name)
    entry = recorded.section(recorded.section(results.meta, "links"), name)
    rows = [_row(one) for one in recorded.sections(entry, "findings")]
    runs = results.runs[results.runs["link"] == name]
    return {"link": wording.link(runs.iloc[0]) if len(runs) else name, "words": certificate.words,
            "certified": certificate.certified, "about": _about(entry),
            "table": Table(f"Link {name}: asked against measured", HEADINGS, rows)}


def _row(finding):
    unit = str(finding.get("unit") or "")
    asked, measured, tolerance = (_number(finding.get(key), unit)
                                  for key in ("asked", "measured", "tolerance"))
    return [str(finding.get("quantity", "")), asked, measured, f"± {tolerance}",
            "yes" if finding.get("holds") is True else "no"]


def _number(value, unit):
    return f"{value:.5g} {unit}".strip() if recorded.is_number(value) else "not known"


def _about(entry):
    """How the certificate was got, as sentences."""
    words = []
    if isinstance(entry.get("attempts"), int):
        words.append(f"{wording.count(entry['attempts'], 'attempt')}.")
    for key, text in (("realtime", "real-time scheduling"), ("awake", "processors kept awake"),
                      ("locked_memory", "locked memory"), ("pinned", "TCP buffers of its own")):
        if isinstance(entry.get(key), bool):
            words.append(f"{text[0].upper()}{text[1:]}: {'yes' if entry[key] else 'no'}.")
    if recorded.is_number(entry.get("late_max_ms")):
        words.append(f"Latest packet of the emulator meanwhile: {entry['late_max_ms']:.3g} ms.")
    if entry.get("unavailable"):
        words.append(f"Not available: {entry['unavailable']}.")
    return " ".join(words)
