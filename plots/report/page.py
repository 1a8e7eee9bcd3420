"""The page: all parts put into the template."""

import json
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from plots import gaps, style, verdicts
from plots.report import (certificates, chart, experiments, expected, handbook, opening, replay,
                          trust)
from plots.theory_report import findings, text

HERE = Path(__file__).resolve().parent


def build(results, figures=True, folder=None):
    """The whole page as text; without `figures` none is drawn, with `folder` they are also saved."""
    report = findings.find(results)
    pictures = _pictures(results, report, folder) if figures else []  # drawn meanwhile
    content = _content(results, report)
    pictures = list(pictures)
    for section in content["sections"]:
        section["pictures"] = [one for one in pictures if one.experiments == [section["name"]]]
    own = {id(one) for section in content["sections"] for one in section["pictures"]}
    shared = [one for one in pictures if id(one) not in own]
    environment = Environment(loader=FileSystemLoader(HERE), autoescape=True, trim_blocks=True,
                              lstrip_blocks=True, undefined=StrictUndefined)
    return environment.get_template("page.html.j2").render(
        **content, across=_by_kind(shared), drawn={one.name for one in pictures})


def _by_kind(pictures):
    """One dict for each kind of figure, in their order: `kind`, `asks`, `told`, `pictures`."""
    kinds = dict.fromkeys(one.kind for one in pictures)
    groups = [(kind, [one for one in pictures if one.kind == kind]) for kind in kinds]
    return [{"kind": kind, "asks": group[0].asks, "told": handbook.reading(kind),
             "pictures": group} for kind, group in groups]


def _content(results, report):
    """What the template shows, by its names there, but for the pictures."""
    sections = experiments.sections(results)
    for section in sections:
        section["steady"] = expected.beside_theory(results, section["name"], section["figures"])
        section["no_formula"] = bool(set(section["figures"]) & set(expected.WITHOUT_FORMULA))
    subjects, replays = chart.subjects(results), replay.runs(results)
    return {"name": results.folder.resolve().name, "how": verdicts.HOW, "sections": sections,
            "judged": opening.judged(results), "conditions": opening.conditions(results.meta),
            "certificates": certificates.certificates(results), "laws": expected.laws(report),
            "tested": trust.tested(results), "empty": gaps.empty_experiments(results),
            "how_laws": text.HOW, "subjects": subjects, "replays": replays,
            "problems": results.problems,
            "commit": str(results.meta.get("commit") or "not recorded"),
            "css": Markup(_text("page.css")), "js": Markup(_text("page.js")),
            "colours": len(style.COLOURS),
            "data": _json({"palette": style.COLOURS, "subjects": subjects, "replays": replays})}


def _pictures(results, report, folder):
    from plots.report import drawings  # matplotlib takes a while; the page does without it
    return drawings.draw(results, report, folder)


def _text(name):
    return (HERE / name).read_text(encoding="utf-8")


def _json(value):
    """JSON that may stand within a script element, whatever its strings say."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c"))
