"""The record of a real excerpt: where its text stands in public and what is annotated on it, without the text.

One JSON file an excerpt, one entity and one relation a line, so that a problem has a line and a change a readable diff.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corpus.files import digest, parse_json, read_text
from ie.document import Document, Entity, Relation, fragments_text
from ie.errors import FormatError, SchemaError
from ie.schema import schema

PLACE = ("repository", "commit", "path", "start", "end", "word_segmented", "sha256")
"""Fields that say where the text of an excerpt stands in public."""
_EXTRA = ("place", "year", "level", "kind")
_KEYS = ("id", *PLACE, *_EXTRA, "entities", "relations")


@dataclass(frozen=True)
class Reference:
    """An annotated excerpt without its text.

    `start` (inclusive) and `end` (exclusive) are characters of the public file as it is after decoding and, where
    `word_segmented`, after rebuilding; the excerpt has one line end more. `sha256` is that of the excerpt in UTF-8.
    """

    id: str
    repository: str
    commit: str
    path: str
    start: int
    end: int
    word_segmented: bool
    sha256: str
    entities: tuple[Entity, ...] = ()
    relations: tuple[Relation, ...] = ()
    meta: dict[str, str] = field(default_factory=dict)

    @property
    def length(self) -> int:
        """Characters of the excerpt, its last line end included."""
        return self.end - self.start + 1

    def fits(self, text: str) -> bool:
        """Tell whether `text` is the excerpt this record was made from."""
        return digest(text.encode("utf-8")) == self.sha256

    def document(self, text: str, *, split: str) -> Document:
        """Return the document of the excerpt; FormatError when `text` is not the one that was annotated."""
        if not self.fits(text):
            raise FormatError(f"{self.id}: the text differs from the annotated one; fetch it again")
        entities = tuple(
            Entity(e.id, e.label, e.fragments, fragments_text(text, e.fragments), e.attributes) for e in self.entities
        )
        meta = {**self.meta, "id": self.id, "split": split, "source": "real", "repository": self.repository}
        return Document(self.id, text, entities, self.relations, meta=meta)


def of_document(document: Document, place: Mapping[str, Any]) -> Reference:
    """Return the record of an annotated excerpt; `place` is its entry in a `sources.json`."""
    entities = tuple(Entity(e.id, e.label, e.fragments, "", e.attributes) for e in document.entities)
    meta = {key: str(place[key]) for key in _EXTRA if key in place}
    return _reference({**place, "id": document.name}, entities, document.relations, meta)


def format(reference: Reference) -> str:
    """Return the record as JSON, one entity and one relation a line."""
    head = {"id": reference.id} | {key: getattr(reference, key) for key in PLACE} | reference.meta
    entities = [
        {"id": e.id, "label": e.label, "fragments": e.fragments, "attributes": dict(e.attributes)}
        for e in reference.entities
    ]
    relations = [{"id": r.id, "type": r.type, "head": r.head, "tail": r.tail} for r in reference.relations]
    rows = [f' "{key}": {_compact(value)}' for key, value in head.items()]
    rows += [f' "{name}": [{_lines(items)}]' for name, items in (("entities", entities), ("relations", relations))]
    return "{\n" + ",\n".join(rows) + "\n}\n"


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _lines(items: list[dict[str, Any]]) -> str:
    return "\n  " + ",\n  ".join(_compact(item) for item in items) + "\n " if items else ""


def read(path: Path) -> Reference:
    """Return the record in a file; FormatError naming the file and the line when it breaks the format."""
    return parse(read_text(path), str(path))


def parse(text: str, where: str) -> Reference:
    """Return the record of a JSON text; FormatError or SchemaError naming the line of the first mistake."""
    row = parse_json(text, where)
    _check_head(row, where)
    lines = line_of_ids(text)
    length = row["end"] - row["start"] + 1
    entities: dict[str, Entity] = {}
    for item in row["entities"]:
        place = _line(item, lines, where)
        entity = _entity(item, length, place)
        if entity.id in entities:
            raise FormatError(f"{place}: id {entity.id} is used twice")
        entities[entity.id] = entity
    relations = tuple(_relation(item, entities, _line(item, lines, where)) for item in row["relations"])
    meta = {key: row[key] for key in _EXTRA if key in row}
    return _reference(row, tuple(entities.values()), relations, meta)


def _reference(
    place: Mapping[str, Any], entities: tuple[Entity, ...], relations: tuple[Relation, ...], meta: dict[str, str]
) -> Reference:
    known = {key: place[key] for key in PLACE}
    return Reference(id=place["id"], **known, entities=entities, relations=relations, meta=meta)


def _check_head(row: Any, where: str) -> None:
    if not isinstance(row, dict):
        raise FormatError(f"{where}: expected a JSON object")
    wrong = [key for key in ("id", *PLACE, "entities", "relations") if key not in row]
    wrong += [key for key in row if key not in _KEYS]
    if wrong:
        raise FormatError(f"{where}: missing or unknown {', '.join(wrong)}; the keys are {', '.join(_KEYS)}")
    if not all(isinstance(row[key], int) for key in ("start", "end")) or not 0 <= row["start"] < row["end"]:
        raise FormatError(f"{where}: start and end must be whole numbers, start before end")
    if not all(isinstance(item, dict) for key in ("entities", "relations") for item in row[key]):
        raise FormatError(f"{where}: entities and relations must be lists of objects")


def _line(item: Mapping[str, Any], lines: Mapping[str, int], where: str) -> str:
    number = lines.get(str(item.get("id", "")), 0)
    return f"{where}:{number}" if number else where


def line_of_ids(text: str) -> dict[str, int]:
    """Return the line (from 1) on which each entity and relation of a record stands."""
    found = ((number, re.match(r' +\{"id": "([^"]+)"', line)) for number, line in enumerate(text.split("\n"), 1))
    return {match.group(1): number for number, match in found if match}


def _entity(item: Mapping[str, Any], length: int, where: str) -> Entity:
    if set(item) != {"id", "label", "fragments", "attributes"}:
        raise FormatError(f"{where}: an entity has id, label, fragments and attributes, not {', '.join(item)}")
    schema().check_label(item["label"], where)
    position = 0
    for start, end in item["fragments"]:
        if not position <= start < end <= length:
            raise FormatError(f"{where}: offsets {start} {end} are out of order or beyond the excerpt ({length})")
        position = end
    if not position:
        raise FormatError(f"{where}: {item['id']} has no fragment")
    for name, value in item["attributes"].items():
        schema().check_attribute(name, value or None, item["label"], where)
    fragments = tuple((start, end) for start, end in item["fragments"])
    return Entity(item["id"], item["label"], fragments, "", tuple(item["attributes"].items()))


def _relation(item: Mapping[str, Any], entities: Mapping[str, Entity], where: str) -> Relation:
    if set(item) != {"id", "type", "head", "tail"}:
        raise FormatError(f"{where}: a relation has id, type, head and tail, not {', '.join(item)}")
    for end in (item["head"], item["tail"]):
        if end not in entities:
            raise SchemaError(f"{where}: {item['type']} names {end}, which is not in the file")
    schema().check_relation(item["type"], entities[item["head"]].label, entities[item["tail"]].label, where)
    return Relation(item["id"], item["type"], item["head"], item["tail"])
