"""The certificate of each link: what was asked for beside what was measured."""

import math

from plots import links, wording
from plots.report.parts import Table

HEADINGS = ["quantity", "asked", "measured", "tolerance", "holds"]


def certificates(results):
    """One dict for each link of the results: `link`, `words`, `table`, `about`."""
    told = results.meta.get("links")
    names = set(told) if isinstance(told, dict) else set()
    names |= set(results.runs["link"]) - {"loopback"}
    return [_certificate(results, name) for name in sorted(names)]


def _certificate(results, name):
    certificate = links.certificate(results.meta, name)
    told = results.meta.get("links")
    entry = told.get(name) if isinstance(told, dict) else None
    entry = entry if isinstance(entry, dict) else {}
    findings = entry.get("findings")
    rows = [_row(one) for one in findings if isinstance(one, dict)] if isinstance(
        findings, list) else []
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
    known = isinstance(value, (int, float)) and not isinstance(value, bool)
    return f"{value:.5g} {unit}".strip() if known and math.isfinite(value) else "not known"


def _about(entry):
    """How the certificate was got, as sentences."""
    words = []
    if isinstance(entry.get("attempts"), int):
        words.append(f"{wording.count(entry['attempts'], 'attempt')}.")
    for key, text in (("realtime", "real-time scheduling"), ("awake", "processors kept awake")):
        if isinstance(entry.get(key), bool):
            words.append(f"{text[0].upper()}{text[1:]}: {'yes' if entry[key] else 'no'}.")
    if isinstance(entry.get("late_max_ms"), (int, float)):
        words.append(f"Latest packet of the emulator meanwhile: {entry['late_max_ms']:.3g} ms.")
    if entry.get("unavailable"):
        words.append(f"Not available: {entry['unavailable']}.")
    return " ".join(words)
