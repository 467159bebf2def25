"""Nested layers from spaCy's own recogniser: one transition-based `ner` per label over the shared token vectors.

spaCy's recogniser writes flat entities to `doc.ents`. Here each layer sees the gold spans of its label alone and writes
what it finds to a span group of its own; `ie_collect` brings the groups together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from spacy.language import Language
from spacy.pipeline.ner import EntityRecognizer
from spacy.tokens import Doc, Span
from spacy.training import Example
from spacy.vocab import Vocab
from thinc.api import Model, Optimizer

from ie import spans as carry
from ie.collect import group_of
from ie.spans import Key


class NerLayer(EntityRecognizer):
    """The spaCy component `ie_ner_layer`: finds the spans of one label and sets `doc.spans["ie:LABEL"]`.

    Spans of one label that overlap cannot stand in one layer; the longer is learned.
    """

    def __init__(self, vocab: Vocab, model: Model, name: str, *, label: str) -> None:
        super().__init__(vocab, model, name, scorer=None)
        self.cfg["label"] = label

    @property
    def layer(self) -> str:
        """The label that this layer finds."""
        return self.cfg["label"]  # type: ignore[no-any-return]

    def update(
        self,
        examples: Iterable[Example],
        *,
        drop: float = 0.0,
        sgd: Optimizer | None = None,
        losses: dict[str, float] | None = None,
    ) -> dict[str, float]:
        """Learn the layer from one batch."""
        chosen = [flattened(example, self.layer) for example in examples if len(example.predicted)]
        return super().update(chosen, drop=drop, sgd=sgd, losses=losses)  # type: ignore[no-any-return]

    def initialize(
        self, get_examples: Callable[[], Iterable[Example]], nlp: Language | None = None, labels: Any = None
    ) -> None:
        """Make the moves of the label and infer the missing dimensions from a few examples."""
        self.add_label(self.layer)
        sample = [flattened(example, self.layer) for example, _ in zip(get_examples(), range(10), strict=False)]
        super().initialize(lambda: sample, nlp=None, labels=labels)

    def set_annotations(self, docs: Sequence[Doc], states: Any) -> None:
        """Put what was found into the group of the layer and leave `doc.ents` as it was."""
        before = [list(doc.ents) for doc in docs]
        for doc in docs:
            doc.set_ents([], default="missing")
        super().set_annotations(docs, states)
        for doc, kept in zip(docs, before, strict=True):
            doc.spans[group_of(self.layer)] = [Span(doc, e.start, e.end, label=self.layer) for e in doc.ents]
            doc.set_ents(kept, default="outside")


def flattened(example: Example, label: str) -> Example:
    """Return an example whose gold entities are the spans of `label`, without overlaps, the longer ones kept."""
    reference = Doc(
        example.reference.vocab,
        words=[token.text for token in example.reference],
        spaces=[bool(token.whitespace_) for token in example.reference],
    )
    kept = longest(key for key in carry.keys(example.reference) if key.label == label)
    reference.set_ents([Span(reference, key.start, key.end, label=label) for key in kept], default="outside")
    return Example(example.predicted, reference)


def longest(keys: Iterable[Key]) -> list[Key]:
    """Return spans that do not overlap, the longer kept, in order of the text."""
    kept: list[Key] = []
    for key in sorted(keys, key=lambda k: (k.start - k.end, k.start)):
        if all(key.end <= other.start or other.end <= key.start for other in kept):
            kept.append(key)
    return sorted(kept, key=lambda k: k.start)


def create_ner_layer(nlp: Language, name: str, model: Model, label: str) -> NerLayer:
    """Build the component; registered as the factory `ie_ner_layer`."""
    return NerLayer(nlp.vocab, model, name, label=label)


Language.factory("ie_ner_layer", default_config={"model": None, "label": ""}, func=create_ner_layer)
