"""One JSON object a document, in a stable order of keys; the contract is in the README."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ie.audit import audit
from ie.document import About, Document, Entity, Relation, Value
from ie.errors import FormatError
from ie.facts import facts
from ie.layout import Page
from ie.places import places_of
from ie.projects import projects_of
from ie.references import references_of


def as_dict(document: Document) -> dict[str, Any]:
    """Return a tagged document as plain data: `start` and `end` index `text`, `source` the file's characters."""
    known = facts(document)
    found: dict[str, Any] = {
        "document": document.name,
        "sha256": document.meta.get("sha256", ""),
        "about": document.about.as_dict() if document.about else None,
        "text": document.text,
        "entities": [_entity(entity) for entity in document.entities],
        "relations": [
            {"id": r.id, "type": r.type, "head": r.head, "tail": r.tail, "score": r.score} for r in document.relations
        ],
        "facts": [fact.as_dict() for fact in known],
        "audit": [finding.as_dict() for finding in audit(document, known=known)],
        "places": [unit.as_dict() for unit in places_of(document)],
        "legal": [cited.as_dict() for cited in references_of(document)],
        "projects": [project.as_dict() for project in projects_of(document)],
        "warnings": list(document.warnings),
        "encoding": document.meta.get("encoding", ""),
        "format": document.meta.get("format", ""),
    }
    if document.pages:
        found["pages"] = [_page(page) for page in document.pages]
    return found


def _page(page: Page) -> dict[str, Any]:
    return {
        "number": page.number,
        "width": page.width,
        "height": page.height,
        "confidence": page.confidence,
        "source": [page.start, page.end],
    }


def _entity(entity: Entity) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": entity.id,
        "label": entity.label,
        "start": entity.start,
        "end": entity.end,
        "text": entity.text,
        "source": [list(fragment) for fragment in entity.source],
        "score": entity.score,
        "value": entity.value.as_dict() if entity.value else None,
    }
    if entity.attributes:
        found["attributes"] = {name: value or True for name, value in entity.attributes}
    if entity.page is not None:
        found["page"] = entity.page
    if entity.bbox:
        found["bbox"] = [list(box) for box in entity.bbox]
    if entity.confidence is not None:
        found["confidence"] = entity.confidence
    return found


def dumps(document: Document) -> str:
    """Return the line of one document, without line end."""
    return json.dumps(as_dict(document), ensure_ascii=False)


def load(path: Path) -> Iterator[Document]:
    """Yield the documents of a JSONL file; FormatError names file and line of a broken one."""
    with path.open(encoding="utf-8") as stream:
        for number, line in enumerate(stream, 1):
            if not line.strip():
                continue
            try:
                yield from_dict(json.loads(line))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                message = f"{path}:{number}: not a line written by `ie tag` ({error!r}); tag the file again"
                raise FormatError(message) from error


def from_dict(data: dict[str, Any]) -> Document:
    """Build a document from the data of one line."""
    entities = tuple(
        Entity(
            e["id"],
            e["label"],
            ((e["start"], e["end"]),),
            e["text"],
            tuple((name, "" if value is True else value) for name, value in e.get("attributes", {}).items()),
            e.get("score"),
            Value.from_dict(e["value"]) if e.get("value") else None,
            tuple((a, b) for a, b in e.get("source", [])),
            e.get("page"),
            tuple((page, left, top, right, bottom) for page, left, top, right, bottom in e.get("bbox", ())),
            e.get("confidence"),
        )
        for e in data["entities"]
    )
    relations = tuple(Relation(r["id"], r["type"], r["head"], r["tail"], r.get("score")) for r in data["relations"])
    meta = {name: data.get(name, "") for name in ("sha256", "encoding", "format")}
    pages = tuple(
        Page(p["number"], p["source"][0], p["source"][1], p["width"], p["height"], p["confidence"])
        for p in data.get("pages", ())
    )
    warnings, about = tuple(data.get("warnings", ())), data.get("about")
    said = About(**_tuples(about)) if about else None
    return Document(data["document"], data["text"], entities, relations, (), meta, warnings, pages, said)


def _tuples(data: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(item) if isinstance(item, list) else item for key, item in data.items()}
