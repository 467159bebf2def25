"""Label Studio's JSON: one task a document, spans as `labels`, attributes as `choices` of their region, relations.

A span of several fragments becomes several regions joined by the relation `FRAGMENT`, so nothing of it is lost.
`CONFIG` is the labelling interface that fits. Offsets are code points; Label Studio counts UTF-16 units, which is the
same below U+10000, and other texts are refused. See https://labelstud.io/guide/export.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from corpus.convert.limits import NOTES, RELATION_IDS, SCORES, renumbered
from corpus.files import parse_json, pretty_json
from ie.document import Document, Entity, Fragment, Relation, fragments_text
from ie.errors import FormatError
from ie.schema import schema

LIMITS = (NOTES, SCORES, RELATION_IDS)
FRAGMENT = "FRAGMENT"
_SPANS, _CHOICES, _TEXT = "spans", "attributes", "text"


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
    """Return the tasks of the documents as JSON; FormatError for a text with characters beyond U+FFFF."""
    return pretty_json([_task(document) for document in documents])


def _task(document: Document) -> dict[str, Any]:
    beyond = next((at for at, char in enumerate(document.text) if ord(char) > 0xFFFF), None)
    if beyond is not None:
        raise FormatError(f"{document.name}: character {beyond} is beyond U+FFFF, which Label Studio counts as two")
    result = [item for entity in document.entities for item in _regions(document.text, entity)]
    result += [_link(r.head, r.tail, r.type) for r in document.relations]
    data = {"text": document.text, "name": document.name, "meta": document.meta}
    return {"data": data, "annotations": [{"result": result}]}


def _regions(text: str, entity: Entity) -> Iterator[dict[str, Any]]:
    for number, (start, end) in enumerate(entity.fragments):
        id = entity.id if not number else f"{entity.id}.{number}"
        place = {"start": start, "end": end, "text": text[start:end]}
        frame = {"id": id, "to_name": _TEXT}
        yield {**frame, "from_name": _SPANS, "type": "labels", "value": {**place, "labels": [entity.label]}}
        if number:
            yield _link(entity.id, id, FRAGMENT)
        elif entity.attributes:
            marks = [f"{name}={value}" if value else name for name, value in entity.attributes]
            yield {**frame, "from_name": _CHOICES, "type": "choices", "value": {**place, "choices": marks}}


def _link(head: str, tail: str, type: str) -> dict[str, Any]:
    return {"type": "relation", "from_id": head, "to_id": tail, "direction": "right", "labels": [type]}


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
    except (KeyError, TypeError) as error:
        raise FormatError(f"{where}: has no data.text and annotations; export as JSON") from error
    entities = _entities(text, result, where)
    links = [item for item in result if item["type"] == "relation" and FRAGMENT not in item.get("labels", ())]
    relations = tuple(_relation(n, item, entities, where) for n, item in enumerate(links, 1))
    name, meta = task["data"].get("name", f"task-{number}"), task["data"].get("meta", {})
    document = Document(name, text, tuple(entities.values()), relations, meta=meta)
    own = all(entity.id[:1] == "T" and entity.id[1:].isdigit() for entity in document.entities)
    return document if own else renumbered(document)


def _entities(text: str, result: Sequence[Mapping[str, Any]], where: str) -> dict[str, Entity]:
    owner = {i["to_id"]: i["from_id"] for i in result if i["type"] == "relation" and FRAGMENT in i.get("labels", ())}
    labels: dict[str, str] = {}
    fragments: dict[str, list[Fragment]] = {}
    marks: dict[str, list[str]] = {}
    for item in result:
        id = owner.get(item.get("id", ""), item.get("id", ""))
        if item["type"] == "labels":
            labels.setdefault(id, item["value"]["labels"][0])
            fragments.setdefault(id, []).append((item["value"]["start"], item["value"]["end"]))
        elif item["type"] == "choices":
            marks[id] = item["value"]["choices"]
    made = {}
    for id, label in labels.items():
        schema().check_label(label, f"{where} region {id}")
        parts = tuple(sorted(fragments[id]))
        pairs = tuple((name, value) for name, _, value in (mark.partition("=") for mark in marks.get(id, ())))
        made[id] = Entity(id, label, parts, fragments_text(text, parts), pairs)
    return made


def _relation(number: int, item: Mapping[str, Any], entities: Mapping[str, Entity], where: str) -> Relation:
    head, tail = item["from_id"], item["to_id"]
    if head not in entities or tail not in entities:
        raise FormatError(f"{where}: relation {number} joins {head} and {tail}, which are not both regions")
    if item.get("direction") == "left":
        head, tail = tail, head
    labels = item.get("labels") or ["(none)"]
    schema().check_relation(labels[0], entities[head].label, entities[tail].label, f"{where} relation {number}")
    return Relation(f"R{number}", labels[0], head, tail)
