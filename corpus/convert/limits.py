"""What an exchange format cannot hold, and how much of a document that is.

Each format names its limits. `reduced` takes away from a document what a format cannot hold: importing an export gives
exactly that, which the round-trip tests check. `losses` tells the user what an export would drop.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ie.document import Document, Entity, Relation, split_at_line_ends


@dataclass(frozen=True)
class Limit:
    """One thing a format cannot hold: its name, how often a document has it, and the document without it."""

    name: str
    count: Callable[[Document], int]
    remove: Callable[[Document], Document]


def losses(document: Document, limits: tuple[Limit, ...]) -> list[str]:
    """Return a line for each limit that touches the document."""
    counted = ((limit.name, limit.count(document)) for limit in limits)
    return [f"{count} {name}" for name, count in counted if count]


def reduced(document: Document, limits: tuple[Limit, ...]) -> Document:
    """Return the document as it comes back from a format with these limits."""
    for limit in limits:
        document = limit.remove(document)
    return document


def renumbered(document: Document) -> Document:
    """Give entities T1, T2, … and relations R1, R2, … in their order."""
    ids = {entity.id: f"T{number}" for number, entity in enumerate(document.entities, 1)}
    entities = tuple(replace(entity, id=ids[entity.id]) for entity in document.entities)
    relations = tuple(
        Relation(f"R{number}", r.type, ids[r.head], ids[r.tail], r.score)
        for number, r in enumerate(document.relations, 1)
    )
    return replace(document, entities=entities, relations=relations)


def _without_relations(document: Document) -> Document:
    return replace(document, relations=())


def _without_attributes(document: Document) -> Document:
    return replace(document, entities=tuple(replace(entity, attributes=()) for entity in document.entities))


def _attribute_count(document: Document) -> int:
    return sum(len(entity.attributes) for entity in document.entities)


def _without_scores(document: Document) -> Document:
    entities = tuple(replace(entity, score=None, value=None, source=()) for entity in document.entities)
    return replace(document, entities=entities, relations=tuple(replace(r, score=None) for r in document.relations))


def _scored(document: Document) -> int:
    spans = sum(e.score is not None or e.value is not None or bool(e.source) for e in document.entities)
    return spans + sum(relation.score is not None for relation in document.relations)


def _relation_ids(document: Document) -> Document:
    numbered = tuple(replace(relation, id=f"R{n}") for n, relation in enumerate(document.relations, 1))
    return replace(document, relations=numbered)


def _out_of_order(document: Document) -> int:
    return sum(relation.id != f"R{n}" for n, relation in enumerate(document.relations, 1))


def is_interrupted(document: Document, entity: Entity) -> bool:
    """Tell whether something other than a line end cuts the span."""
    return entity.fragments != split_at_line_ends(document.text, entity.start, entity.end)


def _interrupted(document: Document) -> int:
    return sum(is_interrupted(document, entity) for entity in document.entities)


def _hulls(document: Document) -> Document:
    """Stretch interrupted spans over what interrupts them."""
    text = document.text
    entities = []
    for entity in document.entities:
        fragments = split_at_line_ends(text, entity.start, entity.end)
        entities.append(replace(entity, fragments=fragments, text=" ".join(text[a:b] for a, b in fragments)))
    return replace(document, entities=tuple(entities))


def _inner(document: Document) -> set[str]:
    """Return the ids of spans that overlap an earlier or longer one of the same label."""
    order = sorted(document.entities, key=lambda entity: (entity.start, -entity.end))
    ends: dict[str, int] = {}
    inner = set()
    for entity in order:
        if entity.start < ends.get(entity.label, 0):
            inner.add(entity.id)
        else:
            ends[entity.label] = entity.end
    return inner


def _without_inner(document: Document) -> Document:
    gone = _inner(document)
    kept = tuple(entity for entity in document.entities if entity.id not in gone)
    links = tuple(r for r in document.relations if r.head not in gone and r.tail not in gone)
    return replace(document, entities=kept, relations=links)


def _in_text_order(document: Document) -> Document:
    order = sorted(document.entities, key=lambda entity: (entity.start, -entity.end, entity.label))
    return renumbered(replace(document, entities=tuple(order)))


def _unordered(document: Document) -> int:
    order = _in_text_order(document).entities
    return sum(one != two for one, two in zip(order, document.entities, strict=True))


def _without_meta(document: Document) -> Document:
    return replace(document, meta={})


def _without_notes(document: Document) -> Document:
    return replace(document, notes=())


def _relation_count(document: Document) -> int:
    return len(document.relations)


def _note_count(document: Document) -> int:
    return len(document.notes)


def _inner_count(document: Document) -> int:
    return len(_inner(document))


def _meta_count(document: Document) -> int:
    return len(document.meta)


RELATIONS = Limit("relations", _relation_count, _without_relations)
ATTRIBUTES = Limit("attributes", _attribute_count, _without_attributes)
NOTES = Limit("notes", _note_count, _without_notes)
SCORES = Limit("scores, values and source offsets", _scored, _without_scores)
RELATION_IDS = Limit("relation ids out of order", _out_of_order, _relation_ids)
INTERRUPTED = Limit("interrupted spans (stretched over the gap)", _interrupted, _hulls)
SAME_LABEL_NESTING = Limit("spans inside one of the same label", _inner_count, _without_inner)
IDS = Limit("entity ids out of the order of the text", _unordered, _in_text_order)
META = Limit("metadata entries", _meta_count, _without_meta)
