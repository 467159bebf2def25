"""W3C Web Annotation as JSON-LD: a text and an annotation page for each document.

Every span is an annotation whose target is the text file beside the page, found by position (code points, end
exclusive) and by quotation; its label is a classifying body, its value a describing one. Every relation links two of
those annotations. See https://www.w3.org/TR/annotation-model/.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ie.document import Document, Entity, Relation
from ie.export.files import Names, folder

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
AROUND = 32
"""Characters of prefix and suffix that a quotation carries."""


def write(documents: Iterable[Document], target: Path) -> int:
    """Write `<name>.txt` and `<name>.jsonld` into the folder `target`; return how many documents there were."""
    names, count = Names(), 0
    with folder(target) as part:
        for document in documents:
            count += 1
            name = names.name(document.name)
            (part / f"{name}.txt").write_bytes(document.text.encode("utf-8"))
            text = json.dumps(page(document, name), ensure_ascii=False, indent=1)
            (part / f"{name}.jsonld").write_bytes(f"{text}\n".encode())
    return count


def page(document: Document, name: str) -> dict[str, Any]:
    """Return the annotation page of a document; ids and the text are relative to the page's own address."""
    here = quote(name)
    items = [_span(document, entity, here) for entity in document.entities]
    items += [_link(relation, here) for relation in document.relations]
    return {"@context": CONTEXT, "id": f"{here}.jsonld", "type": "AnnotationPage", "items": items}


def _span(document: Document, entity: Entity, here: str) -> dict[str, Any]:
    bodies: list[dict[str, Any]] = [{"type": "TextualBody", "purpose": "classifying", "value": entity.label}]
    for attribute, value in entity.attributes:
        said = f"{attribute}={value}" if value else attribute
        bodies.append({"type": "TextualBody", "purpose": "tagging", "value": said})
    if entity.value:
        value = json.dumps(entity.value.as_dict(), ensure_ascii=False)
        bodies.append({"type": "TextualBody", "purpose": "describing", "format": "application/json", "value": value})
    targets = [_target(document.text, start, end, here) for start, end in entity.fragments]
    return {
        "id": f"{here}.jsonld#{entity.id}",
        "type": "Annotation",
        "motivation": "classifying",
        "body": bodies,
        "target": targets[0] if len(targets) == 1 else targets,
    }


def _target(text: str, start: int, end: int, here: str) -> dict[str, Any]:
    found: dict[str, Any] = {"type": "TextQuoteSelector", "exact": text[start:end]}
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    found |= {"prefix": before} if before else {}
    found |= {"suffix": after} if after else {}
    return {
        "type": "SpecificResource",
        "source": f"{here}.txt",
        "selector": [{"type": "TextPositionSelector", "start": start, "end": end}, found],
    }


def _link(relation: Relation, here: str) -> dict[str, Any]:
    return {
        "id": f"{here}.jsonld#{relation.id}",
        "type": "Annotation",
        "motivation": "linking",
        "body": [
            {"type": "TextualBody", "purpose": "classifying", "value": relation.type},
            {"type": "SpecificResource", "source": f"{here}.jsonld#{relation.tail}", "purpose": "linking"},
        ],
        "target": f"{here}.jsonld#{relation.head}",
    }
