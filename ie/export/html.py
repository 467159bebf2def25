"""One self-contained HTML page: texts with nested spans, facts and findings that lead to their evidence.

No outside resource is named and a policy in the page forbids any; it works from a file. Colours come from the schema.
`page.html`, `page.css` and `page.js` are its frame.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from html import escape
from importlib import resources

from ie.audit import Finding, audit
from ie.document import Document
from ie.export.label_studio import Units
from ie.export.marks import marked
from ie.export.table import COLUMNS, row
from ie.facts import Fact, facts
from ie.schema import schema

_PLACE = re.compile(r"<!--([A-Z]+)-->|/\*([A-Z]+)\*/")


def page(documents: Sequence[Document]) -> str:
    """Return the page of the documents."""
    home = resources.files("ie.export")
    frame, style, script = ((home / f"page.{kind}").read_text("utf-8") for kind in ("html", "css", "js"))
    colours = "".join(f".{name} {{ --c: {label.colour}; }}\n" for name, label in schema().labels.items())
    parts = {
        "STYLE": colours + style,
        "SCRIPT": script,
        "PICKER": "".join(f'<option value="{at}">{escape(d.name)}</option>' for at, d in enumerate(documents)),
        "KEYS": "".join(map(_key, schema().labels)),
        "BODY": "".join(_section(document, at) for at, document in enumerate(documents)),
    }
    return _PLACE.sub(lambda match: parts[match[1] or match[2]], frame)


def _key(name: str) -> str:
    return f'<label class="key {name}"><input type="checkbox" checked value="{name}">{name}</label>'


def _section(document: Document, at: int) -> str:
    prefix, units = f"d{at}-", Units(document.text)
    rows = facts(document)
    findings = audit(document, known=rows)
    warnings = "".join(f"<li>{escape(warning)}</li>" for warning in document.warnings)
    return (
        f'<section class="document" data-at="{at}" aria-label="{escape(document.name, quote=True)}">'
        f'<div class="text" tabindex="0" role="region" aria-label="Text"><h2>{escape(document.name)}</h2>'
        f'<ul class="warnings">{warnings}</ul><div class="report" lang="vi">{marked(document, prefix)}</div></div>'
        f'<div class="side">{_findings(findings, prefix, units)}{_facts(rows, document, prefix, units)}</div>'
        f'<script type="application/json" class="relations">{_relations(document, prefix)}</script></section>'
    )


def _relations(document: Document, prefix: str) -> str:
    links = [[r.type, prefix + r.head, prefix + r.tail] for r in document.relations]
    return json.dumps(links).replace("<", "\\u003c")


def _facts(rows: Sequence[Fact], document: Document, prefix: str, units: Units) -> str:
    head = "".join(f'<th scope="col">{name}</th>' for name in ("figure", "of what and when", "where, of what, by what"))
    body = "".join(_fact(fact, document, prefix, units) for fact in rows)
    return (
        f'<h3>Facts <span class="count" role="status"></span></h3><table class="facts"><caption class="hidden">'
        f"Enter leads to the evidence, arrows to the next fact, Escape back</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _fact(fact: Fact, document: Document, prefix: str, units: Units) -> str:
    cells = dict(zip(COLUMNS, row(fact, document), strict=True))
    target = _target(prefix + fact.id, fact.evidence_start, fact.evidence_end, units)
    places = "\n".join(fact.places)
    data = f'data-indicator="{_quoted(fact.indicator or "")}" data-places="{_quoted(places)}"'
    figure = _stacked(f"{fact.text} {fact.unit_text or ''}", f"{cells.pop('value')} {cells.pop('unit')}")
    what = _stacked(cells.pop("indicator"), cells.pop("period"))
    rest = "".join(f"<div><small>{escape(name)}</small> {escape(cell)}</div>" for name, cell in cells.items() if cell)
    return f'<tr tabindex="-1" {target} {data}><td>{figure}</td><td>{what}</td><td>{rest}</td></tr>'


def _stacked(first: str, second: str) -> str:
    """Return two lines of a cell, the second quieter; left out where it says the same."""
    below = f"<div><small>{escape(second.strip())}</small></div>" if second.strip() not in ("", first.strip()) else ""
    return escape(first.strip()) + below


def _findings(findings: Sequence[Finding], prefix: str, units: Units) -> str:
    if not findings:
        return '<h3>Audit</h3><p class="none">No contradiction found in the sums that could be checked.</p>'
    items = "".join(_finding(finding, prefix, units) for finding in findings)
    return f'<h3>Audit <span class="number">{len(findings)}</span></h3><ol class="findings">{items}</ol>'


def _finding(finding: Finding, prefix: str, units: Units) -> str:
    buttons = "".join(
        f'<button type="button" {_target(prefix + e.quantity, e.sentence_start, e.sentence_end, units)}>'
        f"{escape(e.text)}</button>"
        for e in finding.evidence
    )
    return (
        f'<li class="{finding.severity}"><b>{escape(finding.kind)}, {finding.severity}:</b> {escape(finding.message)}'
        f'<div class="sum">{escape(finding.arithmetic)}</div><div class="go">{buttons}</div></li>'
    )


def _target(id: str, start: int, end: int, units: Units) -> str:
    """Return the attributes that lead to a mark and the sentence around it, in UTF-16 units as a browser counts."""
    return f'data-goto="{_quoted(id)}" data-from="{units.units(start)}" data-to="{units.units(end)}"'


def _quoted(text: str) -> str:
    return escape(text, quote=True)
