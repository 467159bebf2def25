"""Gold on the text that the pipeline works on: reflowed, with the way back to the source."""

from __future__ import annotations

from spacy.language import Language

from ie import spans as carry
from ie.document import Document, Entity, Relation
from ie.gold import to_reference
from ie.normalise import normalise
from ie.reflow import reflow


def reflowed(gold: Document, nlp: Language) -> Document:
    """Return a gold document on its reflowed text, values set; what reflow or the tokens lose is left out."""
    flowed, doc = reflow(gold.text), to_reference(gold, nlp.tokenizer)
    marks, ids = carry.attributes(doc), {}
    entities, relations = [], []
    for key in carry.keys(doc):
        span = doc[key.start : key.end]
        start, end = span.start_char, span.end_char
        ids[key] = f"T{len(entities) + 1}"
        source = flowed.source(start, end, gold.text)
        entities.append(Entity(ids[key], key.label, ((start, end),), span.text, marks.get(key, ()), None, None, source))
    for link in carry.relations(doc):
        relations.append(Relation(f"R{len(relations) + 1}", link.type, ids[link.head], ids[link.tail]))
    made = Document(gold.name, doc.text, tuple(entities), tuple(relations), meta=gold.meta)
    return normalise(made)
