"""Label Studio's JSON: one task a document, spans as `labels`, attributes as `choices` of their region, relations.

A span of several fragments becomes several regions joined by the relation `FRAGMENT`, so nothing of it is lost.
`config` is the labelling interface that fits. Label Studio counts UTF-16 units, so offsets are turned into those; up to
U+FFFF they are the same. See https://labelstud.io/guide/export.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import Any

from ie.document import Document, Entity
from ie.schema import schema

FRAGMENT = "FRAGMENT"
_SPANS, _CHOICES, _TEXT = "spans", "attributes", "text"


class Units:
    """Offsets of one text in code points and in UTF-16 units."""

    def __init__(self, text: str) -> None:
        self._beyond = [at for at, char in enumerate(text) if ord(char) > 0xFFFF]
        self._units = [at + number + 1 for number, at in enumerate(self._beyond)]

    def units(self, at: int) -> int:
        """Return a code point offset in UTF-16 units."""
        return at + bisect_left(self._beyond, at)

    def points(self, at: int) -> int:
        """Return an offset in UTF-16 units in code points."""
        return at - bisect_left(self._units, at)


def config() -> str:
    """Return the labelling interface as XML, made from the schema."""
    labels = "\n".join(f'    <Label value="{k.name}" background="{k.colour}"/>' for k in schema().labels.values())
    names = "\n".join(f'    <Relation value="{name}"/>' for name in (*schema().relations, FRAGMENT))
    choices = "\n".join(f'    <Choice value="{choice}"/>' for choice in _choices())
    return (
        f'<View>\n  <Relations>\n{names}\n  </Relations>\n  <Labels name="{_SPANS}" toName="{_TEXT}">\n{labels}\n'
        f'  </Labels>\n  <Choices name="{_CHOICES}" toName="{_TEXT}" choice="multiple" perRegion="true">\n{choices}\n'
        f'  </Choices>\n  <Text name="{_TEXT}" value="$text"/>\n</View>\n'
    )


def _choices() -> list[str]:
    kinds = schema().attributes.values()
    return [f"{kind.name}={value}" if value else kind.name for kind in kinds for value in kind.values or ("",)]


def write(documents: Iterable[Document]) -> str:
    """Return the tasks of the documents as JSON."""
    return "[\n" + ",\n".join(map(task, documents)) + "\n]\n"


def task(document: Document) -> str:
    """Return the task of one document as JSON."""
    units = Units(document.text)
    result = [item for entity in document.entities for item in _regions(document.text, entity, units)]
    result += [_link(r.head, r.tail, r.type) for r in document.relations]
    data = {"text": document.text, "name": document.name, "meta": document.meta}
    return json.dumps({"data": data, "annotations": [{"result": result}]}, ensure_ascii=False, indent=1)


def _regions(text: str, entity: Entity, units: Units) -> Iterator[dict[str, Any]]:
    for number, (start, end) in enumerate(entity.fragments):
        id = entity.id if not number else f"{entity.id}.{number}"
        place = {"start": units.units(start), "end": units.units(end), "text": text[start:end]}
        frame = {"id": id, "to_name": _TEXT}
        yield {**frame, "from_name": _SPANS, "type": "labels", "value": {**place, "labels": [entity.label]}}
        if number:
            yield _link(entity.id, id, FRAGMENT)
        elif entity.attributes:
            marks = [f"{name}={value}" if value else name for name, value in entity.attributes]
            yield {**frame, "from_name": _CHOICES, "type": "choices", "value": {**place, "choices": marks}}


def _link(head: str, tail: str, type: str) -> dict[str, Any]:
    return {"type": "relation", "from_id": head, "to_id": tail, "direction": "right", "labels": [type]}
