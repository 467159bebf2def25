"""Leave out what was scored too low."""

from __future__ import annotations

from dataclasses import replace

from ie.document import Document


def above(document: Document, score: float) -> Document:
    """Return the document without entities and relations scored below `score`; relations of those go too."""
    if score <= 0:
        return document
    entities = tuple(e for e in document.entities if e.score is None or e.score >= score)
    known = {e.id for e in entities}
    relations = tuple(
        r for r in document.relations if r.head in known and r.tail in known and (r.score is None or r.score >= score)
    )
    return replace(document, entities=entities, relations=relations)
