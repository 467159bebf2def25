"""One self-contained HTML page: the text with nested spans, relations on hover, the facts table.

No outside resource is named; the page works from a file. Colours come from the schema.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape
from importlib import resources
from itertools import pairwise

from ie.document import Document
from ie.export.table import COLUMNS, row
from ie.facts import facts
from ie.schema import schema


def page(documents: Sequence[Document]) -> str:
    """Return the page of the documents."""
    frame = (resources.files("ie.export") / "page.html").read_text("utf-8")
    colours = "".join(f".{name}{{--c:{label.colour}}}" for name, label in schema().labels.items())
    body = "".join(_section(document, index) for index, document in enumerate(documents))
    keys = "".join(
        f'<label class="key {name}"><input type="checkbox" checked value="{name}">{name}</label>'
        for name in schema().labels
    )
    return frame.replace("/*COLOURS*/", colours).replace("<!--KEYS-->", keys).replace("<!--BODY-->", body)


def _section(document: Document, index: int) -> str:
    prefix = f"d{index}-"
    warnings = "".join(f"<li>{escape(warning)}</li>" for warning in document.warnings)
    return (
        f'<section><h2>{escape(document.name)}</h2><ul class="warnings">{warnings}</ul>'
        f'<div class="report" lang="vi">{marked(document, prefix)}</div>{_facts(document, prefix)}</section>'
        f'<script type="application/json" class="relations">{_relations(document, prefix)}</script>'
    )


def _relations(document: Document, prefix: str) -> str:
    links = [
        {"type": r.type, "head": prefix + r.head, "tail": prefix + r.tail, "score": r.score} for r in document.relations
    ]
    return json.dumps(links).replace("</", "<\\/")


def marked(document: Document, prefix: str = "") -> str:
    """Return the text as HTML with a `mark` for each span; spans that cross are closed and opened again."""
    text = document.text
    spans = sorted((e.start, -e.end, e.id) for e in document.entities)
    known = document.by_id
    edges = sorted({0, len(text), *(e.start for e in document.entities), *(e.end for e in document.entities)})
    out: list[str] = []
    opened: list[str] = []
    upcoming = 0
    for start, end in pairwise(edges):
        while opened and any(known[id].end <= start for id in opened):
            out.append("</mark>")
            closed = opened.pop()
            if known[closed].end > start:
                spans.insert(upcoming, (start, -known[closed].end, closed))
        while upcoming < len(spans) and spans[upcoming][0] == start:
            id = spans[upcoming][2]
            out.append(_open(document, id, prefix, first=document.entity(id).start == start))
            opened.append(id)
            upcoming += 1
        out.append(escape(text[start:end]))
    out.extend("</mark>" for _ in opened)
    return "".join(out)


def _open(document: Document, id: str, prefix: str, *, first: bool) -> str:
    entity = document.entity(id)
    score = f" {entity.score:.2f}" if entity.score is not None else ""
    marks = " ".join(f"{name}{'=' + value if value else ''}" for name, value in entity.attributes)
    title = escape(f"{entity.label}{score} {marks}".strip(), quote=True)
    anchor = f' id="{prefix}{id}"' if first else ""
    return f'<mark class="{entity.label}" data-id="{prefix}{id}"{anchor} tabindex="0" title="{title}">'


def _facts(document: Document, prefix: str) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in COLUMNS)
    rows = "".join(
        f'<tr tabindex="0" data-goto="{prefix}{fact.id}">'
        + "".join(f"<td>{escape(cell)}</td>" for cell in row(fact, document))
        + "</tr>"
        for fact in facts(document)
    )
    return f'<table class="facts"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
