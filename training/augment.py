"""Vary annotated reports while training, so that the pipeline learns from more spellings and layouts than were written.

Each part of `PARTS` is a kind of change with a strength of its own. Labels stay exact: every change goes through
`training.edits`. In a config `ie.augment.v1` varies the documents before they are tokenised (for `ie.reports.v1`),
`ie.augment_examples.v1` is the same for a reader of spaCy's own.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import registry

from ie import spans as carry
from ie.document import Document, Entity, Relation
from ie.gold import broken, to_reference
from training.edits import Edit, apply
from training.vary import habits, layout, legal, letters, numbers, places, units

Augment = Callable[[Document, random.Random], Document]


class Part(NamedTuple):
    """A kind of change: the share of documents it touches at strength 1, and what it does to one."""

    share: float
    change: Callable[[Document, random.Random], list[Edit]]


PARTS: dict[str, Part] = {
    "digits": Part(0.7, numbers.digits),
    "scales": Part(0.4, numbers.scales),
    "shapes": Part(0.5, numbers.shapes),
    "ranges": Part(0.3, numbers.ranges),
    "habits": Part(0.06, habits.dots),
    "units": Part(0.3, units.units),
    "glue": Part(0.3, units.glue),
    "places": Part(0.5, places.places),
    "types": Part(0.4, places.types),
    "legal": Part(0.5, legal.legal),
    "tones": Part(0.3, letters.tones),
    "ocr": Part(0.1, letters.ocr),
    "marks": Part(0.15, layout.marks),
    "blanks": Part(0.15, layout.blanks),
    "wraps": Part(0.15, layout.wraps),
    "capitals": Part(0.15, letters.capitals),
}
"""The parts in the order in which they are made, each on what the ones before it left."""


def augment(
    document: Document,
    rng: random.Random,
    *,
    strength: float = 1.0,
    parts: Mapping[str, float] | None = None,
    share: float = 1.0,
) -> Document:
    """Return a varied copy of `document`, or the document itself when chance leaves it alone.

    `parts` gives single parts a strength that multiplies `strength`; a part that it does not name has 1. Of all
    documents `share` may be varied, the rest stays as written. Changes after which reflow would break a span are taken
    back, from the last one on.
    """
    if share < 1 and rng.random() >= share:
        return document
    stages = [document]
    for name, part in PARTS.items():
        if rng.random() < part.share * strength * (parts or {}).get(name, 1.0):
            changed = apply(stages[-1], part.change(stages[-1], rng))
            stages += [changed] if changed is not stages[-1] else []
    return _whole(stages)


def _whole(stages: list[Document]) -> Document:
    """Return the last of the stages of a document in which reflow breaks no span that it leaves whole in the first."""
    allowed: set[str] | None = None
    for stage in reversed(stages[1:]):
        lost = broken(stage)
        if lost and allowed is None:
            allowed = broken(stages[0])
        if lost <= (allowed or set()):
            return stage
    return stages[0]


def create_augmenter(strength: float = 1.0, parts: dict[str, float] | None = None, share: float = 1.0) -> Augment:
    """Return what varies documents as `augment` does; registered as `ie.augment.v1`.

    Raises ValueError when `parts` names a part that is not one of `PARTS`.
    """
    unknown = sorted(set(parts or {}) - set(PARTS))
    if unknown:
        raise ValueError(f"unknown parts of augmentation {', '.join(unknown)}; use some of {', '.join(PARTS)}")

    def varied(document: Document, rng: random.Random) -> Document:
        return augment(document, rng, strength=strength, parts=parts, share=share)

    return varied


def create_example_augmenter(
    strength: float = 1.0, parts: dict[str, float] | None = None, seed: int = 0, share: float = 1.0
) -> Callable[[Language, Example], Iterator[Example]]:
    """Return an augmenter of spaCy's own kind, from Example to Examples; registered as `ie.augment_examples.v1`."""
    varied, rng = create_augmenter(strength, parts, share), random.Random(seed)

    def examples(nlp: Language, example: Example) -> Iterator[Example]:
        reference = to_reference(varied(document_of(example.reference), rng), nlp.tokenizer)
        yield Example(nlp.make_doc(reference.text), reference)

    return examples


def document_of(doc: Doc) -> Document:
    """Return the annotation that a Doc carries as a document over its text."""
    ids = {key: f"T{number}" for number, key in enumerate(carry.keys(doc), 1)}
    marked = carry.attributes(doc)
    entities = []
    for key, id in ids.items():
        span = doc[key.start : key.end]
        place = (span.start_char, span.end_char)
        entities.append(Entity(id, key.label, (place,), span.text, marked.get(key, ())))
    links = enumerate(carry.relations(doc), 1)
    relations = tuple(Relation(f"R{n}", link.type, ids[link.head], ids[link.tail]) for n, link in links)
    return Document("doc", doc.text, tuple(entities), relations)


registry.augmenters("ie.augment.v1", func=create_augmenter)
registry.augmenters("ie.augment_examples.v1", func=create_example_augmenter)
