"""Put a gold document on the tokens of a Doc, counting what gets lost on the way.

A gold document is annotated on the source text; the pipeline reads the reflowed text. A span is lost when reflow breaks
it over paragraphs or a token boundary runs through its edge; a relation is lost with either end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from spacy.tokens import Doc

from ie import spans as carry
from ie.document import Document, Entity
from ie.reflow import Reflowed, reflow
from ie.spans import Key, Link


@dataclass
class Losses:
    """How many gold items could not be represented, by `(reason, label or type)`."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    def add(self, reason: str, kind: str, example: str) -> None:
        """Count one lost item."""
        self.counts[(reason, kind)] += 1
        self.examples.append(f"{reason}: {kind} {example}")

    @property
    def total(self) -> int:
        """All lost items."""
        return sum(self.counts.values())


def to_reference(document: Document, tokenize: Callable[[str], Doc], *, losses: Losses | None = None) -> Doc:
    """Return the Doc of the reflowed text with the gold spans, relations and attributes of `document`."""
    losses = Losses() if losses is None else losses
    flowed = reflow(document.text)
    doc = tokenize(flowed.text)
    back = flowed.from_source()
    keys: dict[str, Key] = {}
    marked: dict[Key, tuple[tuple[str, str], ...]] = {}
    for entity in document.entities:
        found = _key(entity, document, flowed, back, doc, losses)
        if found is not None:
            keys[entity.id] = found
            kept = tuple(pair for pair in entity.attributes if pair[0] != "Open")
            if kept:
                marked[found] = kept
    carry.set_spans(doc, set(keys.values()))
    carry.set_attributes(doc, marked)
    links = []
    for relation in document.relations:
        if relation.head in keys and relation.tail in keys:
            links.append(Link(relation.type, keys[relation.head], keys[relation.tail]))
        else:
            losses.add("relation of a lost span", relation.type, f"{document.name} {relation.id}")
    carry.set_relations(doc, links)
    return doc


def _key(
    entity: Entity, document: Document, flowed: Reflowed, back: dict[int, int], doc: Doc, losses: Losses
) -> Key | None:
    example = f"{document.name} {entity.id} {entity.text!r}"
    wanted = [at for start, end in entity.fragments for at in range(start, end) if not document.text[at].isspace()]
    places = [back.get(at) for at in wanted]
    known = [place for place in places if place is not None]
    if len(known) < len(places) or not known:
        losses.add("reflow dropped it", entity.label, example)
        return None
    start, end = min(known), max(known) + 1
    if "".join(flowed.text[start:end].split()) != "".join(document.text[at] for at in wanted):
        losses.add("reflow broke it", entity.label, example)
        return None
    span = doc.char_span(start, end)
    if span is None:
        losses.add("no token boundary", entity.label, example)
        return None
    return Key(entity.label, span.start, span.end)
