"""The relation step of a pipeline on the gold spans: what it would find if no span were missed or invented."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ie.document import Document, Entity, Relation


def related(documents: Sequence[Document], folder: Path | None) -> list[Document]:
    """Return the documents with the relations that a pipeline finds among their spans.

    `folder` is that of the pipeline, None the released one. Spans that reflow or the tokenizer cannot hold take no part
    and are missed with their relations.
    """
    import ie

    nlp = ie.load(folder)
    return [_related(document, nlp) for document in documents]


def _related(document: Document, nlp: Any) -> Document:
    from ie import spans as carry
    from ie.gold import to_reference
    from ie.reflow import reflow

    doc = to_reference(document, nlp.tokenizer)
    for name, component in nlp.pipeline:
        if "doc.spans" not in nlp.get_pipe_meta(name).assigns:
            doc = component(doc)
    flowed = reflow(document.text)
    ids: dict[carry.Key, str] = {}
    entities = []
    for key in carry.keys(doc):
        start, end = doc[key.start].idx, doc[key.start : key.end].end_char
        ids[key] = f"T{len(ids) + 1}"
        parts = flowed.source(start, end, document.text)
        entities.append(Entity(ids[key], key.label, ((start, end),), flowed.text[start:end], source=parts))
    links = enumerate(carry.relations(doc), 1)
    relations = tuple(Relation(f"R{n}", x.type, ids[x.head], ids[x.tail], round(x.score, 4)) for n, x in links)
    return Document(document.name, flowed.text, tuple(entities), relations)
