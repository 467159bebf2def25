"""Value gold: what the spans of a report come to, one JSON file a report in `values/`, ids and values without text.

A record maps the ids of annotated spans to their values: `number` (and `upper`) with `unit` for a QUANTITY, `start` and
`end` (or the `key` of a recurring time) for a PERIOD, `key` for a PLACE (empty where it is no administrative unit) and
a LEGAL. `open` lists the spans whose value the text does not settle; they are not judged. `sha256` is that of the text.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from corpus.checks.problem import Problem
from corpus.files import read_json
from corpus.folder import HOME, Folder
from ie.document import Document, Entity, Value
from ie.errors import FormatError, IEError

FIELDS = {
    "QUANTITY": {"kind", "number", "upper", "unit"},
    "PERIOD": {"start", "end", "key"},
    "PLACE": {"key"},
    "LEGAL": {"key"},
}
KINDS = {"PERIOD": "period", "PLACE": "place", "LEGAL": "legal"}


@dataclass(frozen=True)
class ValueGold:
    """The gold values of one report by span id, the ids that are not judged, and the hash of the report's text."""

    values: Mapping[str, Mapping[str, str]]
    open: frozenset[str]
    sha256: str

    def of(self, entity: Entity) -> Value | None:
        """Return the gold value of a span, None where it has none."""
        fields = self.values.get(entity.id)
        if fields is None:
            return None
        kind = fields.get("kind") or KINDS[entity.label]
        return Value(**{"kind": kind, **{name: text or None for name, text in fields.items() if name != "kind"}})

    def put_into(self, document: Document) -> Document:
        """Return the document with the gold values in the place of those that stand."""
        put = tuple(replace(e, value=self.of(e)) if e.id in self.values else e for e in document.entities)
        return replace(document, entities=put)


def read_values(path: Path) -> ValueGold:
    """Read one record; FormatError when it does not have the form of one."""
    data = read_json(path)
    if not isinstance(data, dict) or set(data) != {"sha256", "values", "open"}:
        raise FormatError(f"{path}: not a value record; it needs sha256, values and open and nothing else")
    return ValueGold(data["values"], frozenset(data["open"]), data["sha256"])


def load_values(document: Document, *, root: Path = HOME) -> ValueGold | None:
    """Return the value gold of a report of the corpus, None where it has none or is of another text."""
    path = Folder(root).values / f"{document.name}.json"
    if not path.is_file():
        return None
    found = read_values(path)
    return found if found.sha256 == text_hash(document) else None


def text_hash(document: Document) -> str:
    """Return the hash that a record names its text by."""
    return hashlib.sha256(document.text.encode()).hexdigest()


def record_text(gold: ValueGold) -> str:
    """Return a record as a file: one value a line, in order of the ids."""
    ids = sorted(gold.values, key=_number)
    lines = ",\n".join(f"  {json.dumps(id)}: {json.dumps(dict(gold.values[id]), ensure_ascii=False)}" for id in ids)
    left = json.dumps(sorted(gold.open, key=_number))
    return f'{{\n "sha256": "{gold.sha256}",\n "values": {{\n{lines}\n }},\n "open": {left}\n}}\n'


def _number(id: str) -> int:
    return int(id[1:])


def problems(documents: list[Document], folder: Folder) -> Iterator[Problem]:
    """Yield what is wrong with the value records: unknown reports and spans, values of the wrong form."""
    known = {document.name: document for document in documents}
    for path in sorted(folder.values.glob("*.json")) if folder.values.is_dir() else ():
        try:
            gold = read_values(path)
        except IEError as error:
            yield Problem(path, 0, str(error).removeprefix(f"{path}: "))
            continue
        document = known.get(path.stem)
        if document is None:
            yield Problem(path, 0, "no report of this id; remove the record or add the report")
        elif gold.sha256 != text_hash(document):
            yield Problem(path, 0, "of another text; read the report again and renew the record")
        else:
            yield from (Problem(path, 0, message) for message in _wrong(gold, document))


def _wrong(gold: ValueGold, document: Document) -> Iterator[str]:
    for id in sorted({*gold.values, *gold.open} - set(document.by_id)):
        yield f"{id} is no span of the report"
    for id, fields in gold.values.items():
        entity = document.by_id.get(id)
        if entity is None:
            continue
        if id in gold.open:
            yield f"{id} has a value and is open; choose one"
        if not set(fields) <= FIELDS.get(entity.label, set()):
            yield f"{id} is a {entity.label}, which has no {', '.join(sorted(set(fields) - FIELDS[entity.label]))}"
        elif not _well_formed(entity.label, fields):
            yield f"{id}: {dict(fields)} is no value of a {entity.label}"
    judged = {e.id for e in document.entities if e.label in FIELDS and not e.has("Open")}
    for id in sorted(judged - set(gold.values) - gold.open, key=_number):
        yield f"{id} has no value; give one or list it in open"


def _well_formed(label: str, fields: Mapping[str, str]) -> bool:
    try:
        if label == "QUANTITY":
            return Decimal(fields["number"]) <= Decimal(fields.get("upper", "Infinity")) or fields["kind"] != "range"
        if label == "PERIOD" and "key" not in fields:
            bounds = [date.fromisoformat(fields[name]) for name in ("start", "end") if name in fields]
            return bool(bounds) and bounds == sorted(bounds)
    except (KeyError, ValueError, InvalidOperation):
        return False
    return "key" in fields
