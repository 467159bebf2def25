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
    doc, keys = on_tokens(document, tokenize, losses=losses)
    marked: dict[Key, tuple[tuple[str, str], ...]] = {}
    for entity in document.entities:
        kept = tuple(pair for pair in entity.attributes if pair[0] != "Open")
        if kept and entity.id in keys:
            marked[keys[entity.id]] = kept
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


def on_tokens(
    document: Document, tokenize: Callable[[str], Doc], *, losses: Losses | None = None
) -> tuple[Doc, dict[str, Key]]:
    """Return the bare Doc of the reflowed text, and the gold spans that stand on its tokens by the id of the entity."""
    losses = Losses() if losses is None else losses
    flowed = reflow(document.text)
    doc = tokenize(flowed.text)
    back = flowed.from_source()
    found = ((entity.id, _key(entity, document, flowed, back, doc, losses)) for entity in document.entities)
    return doc, {id: key for id, key in found if key is not None}


def broken(document: Document) -> set[str]:
    """Return the ids of the spans that reflow drops or breaks; no token is needed to tell."""
    flowed = reflow(document.text)
    back = flowed.from_source()
    return {e.id for e in document.entities if isinstance(_place(e, document.text, flowed.text, back), str)}


def _key(
    entity: Entity, document: Document, flowed: Reflowed, back: dict[int, int], doc: Doc, losses: Losses
) -> Key | None:
    place = _place(entity, document.text, flowed.text, back)
    span = None if isinstance(place, str) else doc.char_span(*place)
    if span is None:
        reason = place if isinstance(place, str) else "no token boundary"
        losses.add(reason, entity.label, f"{document.name} {entity.id} {entity.text!r}")
        return None
    return Key(entity.label, span.start, span.end)


def _place(entity: Entity, source: str, text: str, back: dict[int, int]) -> tuple[int, int] | str:
    """Return where a span of the source stands in the reflowed `text`, or why it stands nowhere in one piece."""
    wanted = [at for start, end in entity.fragments for at in range(start, end) if not source[at].isspace()]
    known = [back[at] for at in wanted if at in back]
    if len(known) < len(wanted) or not known:
        return "reflow dropped it"
    start, end = min(known), max(known) + 1
    if "".join(text[start:end].split()) != "".join(source[at] for at in wanted):
        return "reflow broke it"
    return start, end
