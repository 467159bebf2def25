"""Label Studio's JSON: one task a document, spans as `labels`, attributes as `choices` of their region, relations.

A span of several fragments becomes several regions joined by the relation `FRAGMENT`, so nothing of it is lost.
`ie.export.label_studio` writes it, here it is read back. See https://labelstud.io/guide/export.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from corpus.convert.limits import NOTES, RELATION_IDS, SCORES, renumbered
from corpus.files import parse_json
from ie.document import Document, Entity, Fragment, Relation, fragments_text
from ie.errors import FormatError
from ie.export.label_studio import FRAGMENT, Units, config, write
from ie.schema import schema

LIMITS = (NOTES, SCORES, RELATION_IDS)
__all__ = ["LIMITS", "config", "read", "write"]


def read(data: str, *, where: str) -> list[Document]:
    """Return the documents of an export; FormatError naming the task when it is not one, or an id is not known."""
    tasks = parse_json(data, where)
    if not isinstance(tasks, list):
        raise FormatError(f"{where}: expected a list of tasks; export as JSON, not JSON-MIN")
    return [_document(task, number, f"{where}: task {number}") for number, task in enumerate(tasks, 1)]


def _document(task: Mapping[str, Any], number: int, where: str) -> Document:
    try:
        text = task["data"]["text"]
        annotations = [made for made in task["annotations"] if not made.get("was_cancelled")]
        result = annotations[-1]["result"] if annotations else []
        if not isinstance(text, str) or not all(isinstance(item.get("type"), str) for item in result):
            raise TypeError
    except (AttributeError, KeyError, TypeError) as error:
        raise FormatError(f"{where}: has no data.text and annotations with results; export as JSON") from error
    entities = _entities(text, result, where)
    links = [item for item in result if item["type"] == "relation" and FRAGMENT not in item.get("labels", ())]
    relations = tuple(_relation(n, item, entities, where) for n, item in enumerate(links, 1))
    name, meta = task["data"].get("name", f"task-{number}"), task["data"].get("meta", {})
    document = Document(name, text, tuple(entities.values()), relations, meta=meta)
    own = all(entity.id[:1] == "T" and entity.id[1:].isdigit() for entity in document.entities)
    return document if own else renumbered(document)


def _entities(text: str, result: Sequence[Mapping[str, Any]], where: str) -> dict[str, Entity]:
    joints = [i for i in result if i["type"] == "relation" and FRAGMENT in i.get("labels", ())]
    owner = {joint.get("to_id", ""): joint.get("from_id", "") for joint in joints}
    units = Units(text)
    labels: dict[str, str] = {}
    fragments: dict[str, list[Fragment]] = {}
    marks: dict[str, list[str]] = {}
    for item in result:
        id = owner.get(item.get("id", ""), item.get("id", ""))
        if item["type"] == "labels":
            label, fragment = _region(item, units, len(text), f"{where} region {id}")
            labels.setdefault(id, label)
            fragments.setdefault(id, []).append(fragment)
        elif item["type"] == "choices":
            marks[id] = item.get("value", {}).get("choices", [])
    made = {}
    for id, label in labels.items():
        schema().check_label(label, f"{where} region {id}")
        parts = tuple(sorted(fragments[id]))
        pairs = tuple((name, value) for name, _, value in (mark.partition("=") for mark in marks.get(id, ())))
        made[id] = Entity(id, label, parts, fragments_text(text, parts), pairs)
    return made


def _region(item: Mapping[str, Any], units: Units, length: int, where: str) -> tuple[str, Fragment]:
    """Return the label of a region and where it stands; FormatError when it has none or lies outside the text."""
    try:
        value = item["value"]
        label, start, end = value["labels"][0], units.points(value["start"]), units.points(value["end"])
    except (IndexError, KeyError, TypeError) as error:
        raise FormatError(f"{where}: has no label, start and end; label it anew or delete it") from error
    if not 0 <= start < end <= length:
        raise FormatError(f"{where}: from {start} to {end} is outside the text or empty; label it anew")
    return label, (start, end)


def _relation(number: int, item: Mapping[str, Any], entities: Mapping[str, Entity], where: str) -> Relation:
    head, tail = item.get("from_id"), item.get("to_id")
    if head not in entities or tail not in entities:
        raise FormatError(f"{where}: relation {number} joins {head} and {tail}, which are not both regions")
    if item.get("direction") == "left":
        head, tail = tail, head
    labels = item.get("labels") or ["(none)"]
    schema().check_relation(labels[0], entities[head].label, entities[tail].label, f"{where} relation {number}")
    return Relation(f"R{number}", labels[0], head, tail)
