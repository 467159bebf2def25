"""A report as one flat row: what the exports hold and `datasets` reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ie.document import Document, Entity, Relation, fragments_text

if TYPE_CHECKING:
    from datasets import Features

TEXT_FIELDS = ("id", "split", "title", "place", "province", "level")
LAST_FIELDS = ("kind", "layout", "author")


def row_of(document: Document) -> dict[str, Any]:
    """Return the row of a report that carries its metadata, the date as ISO 8601 text."""
    meta = document.meta
    return {
        **{name: meta[name] for name in TEXT_FIELDS},
        "date": meta["date"],
        "year": int(meta["year"]),
        **{name: meta[name] for name in LAST_FIELDS},
        "phenomena": meta["phenomena"].split(),
        "text": document.text,
        "entities": [entity_row(entity) for entity in document.entities],
        "relations": [{"id": r.id, "type": r.type, "head": r.head, "tail": r.tail} for r in document.relations],
    }


def entity_row(entity: Entity) -> dict[str, Any]:
    """Return an entity as nested plain values; offsets are characters of the text, ends exclusive."""
    return {
        "id": entity.id,
        "label": entity.label,
        "text": entity.text,
        "start": entity.start,
        "end": entity.end,
        "fragments": [{"start": start, "end": end} for start, end in entity.fragments],
        "attributes": [{"name": name, "value": value} for name, value in entity.attributes],
    }


def document_of(row: dict[str, Any]) -> Document:
    """Return the report of a row, of an export or of a dataset; `row_of` undoes it."""
    text = row["text"]
    entities = []
    for item in row["entities"]:
        fragments = tuple((part["start"], part["end"]) for part in item["fragments"])
        attributes = tuple((pair["name"], pair["value"]) for pair in item["attributes"])
        entities.append(Entity(item["id"], item["label"], fragments, fragments_text(text, fragments), attributes))
    relations = tuple(Relation(r["id"], r["type"], r["head"], r["tail"]) for r in row["relations"])
    meta = {name: str(row[name]) for name in (*TEXT_FIELDS, "date", "year", *LAST_FIELDS)}
    meta["phenomena"] = " ".join(row["phenomena"])
    return Document(row["id"], text, tuple(entities), relations, meta=meta)


def features() -> Features:
    """Return the typed features of a row, the same that the dataset card's head declares."""
    from datasets import Features, List, Value

    word, place = Value("string"), Value("int32")
    return Features(
        {
            **dict.fromkeys(TEXT_FIELDS, word),
            "date": Value("date32"),
            "year": place,
            **dict.fromkeys(LAST_FIELDS, word),
            "phenomena": List(word),
            "text": word,
            "entities": List(
                {
                    "id": word,
                    "label": word,
                    "text": word,
                    "start": place,
                    "end": place,
                    "fragments": List({"start": place, "end": place}),
                    "attributes": List({"name": word, "value": word}),
                }
            ),
            "relations": List({"id": word, "type": word, "head": word, "tail": word}),
        }
    )
