"""Label plain text with several trained pipelines at once, for a new pipeline to learn from.

Self-training as Scudder (1965) had it, with a committee for a teacher: the pipelines' tag scores are averaged before
they are decoded, and so are the scores of pairs. What is written are brat files to train on (`--source brat:DIR`); they
hold the text they were made of and are not for shipping.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from corpus.passages import without
from ie import brat, tokens
from ie import spans as carry
from ie.candidates import relation_names
from ie.decode import decode
from ie.document import Document, Entity, Relation
from ie.errors import InputError
from ie.spans import Key, Link
from training.pretrain import lines

WORDS_A_DOCUMENT = 900
_FIGURE = re.compile(r"\d\s?(?:%|[^\W\d_])")
FIGURES = 20
"""Of a document that is taken."""


def dense(texts: Iterable[str], *, seed: int = 0) -> list[str]:
    """Return the paragraphs as documents of about 900 words each, those with 20 figures and more, in random order.

    Paragraphs stay with their neighbours, so that what leads in to a list, or heads a section, stands above it.
    """
    documents: list[str] = []
    current: list[str] = []
    words = 0
    for paragraph in texts:
        current.append(paragraph)
        words += len(paragraph.split())
        if words >= WORDS_A_DOCUMENT:
            documents.append("\n".join(current) + "\n")
            current, words = [], 0
    kept = [text for text in documents if len(_FIGURE.findall(text)) >= FIGURES]
    random.Random(seed).shuffle(kept)
    return kept


class Committee:
    """Pipelines of one architecture that answer with one voice."""

    def __init__(self, pipelines: Sequence[Language]) -> None:
        self.pipelines = list(pipelines)
        self.entities = [nlp.get_pipe("ie_entities") for nlp in self.pipelines]
        self.relations = [nlp.get_pipe("ie_relations") for nlp in self.pipelines]
        first = self.entities[0]
        moves = [each.model.get_ref("transitions").get_param("T") for each in self.entities]
        first.model.get_ref("transitions").set_param("T", np.mean(moves, axis=0))
        first.cfg["bias"] = {
            label: float(np.mean([each.cfg["bias"].get(label, 0.0) for each in self.entities]))
            for label in first.labels
        }
        limits = [
            [each.cfg["thresholds"].get(name, each.cfg["threshold"]) for name in relation_names()]
            for each in self.relations
        ]
        self.limits = np.mean(limits, axis=0)

    def label(self, text: str, *, name: str) -> Document:
        """Return the text with the spans and relations that the committee agrees on."""
        docs = [self._embedded(nlp, text) for nlp in self.pipelines]
        logits = [each.predict([doc])[0] for each, doc in zip(self.entities, docs, strict=True)]
        self.entities[0].set_annotations([docs[0]], [np.mean(logits, axis=0)])
        found = carry.keys(docs[0])
        for doc in docs[1:]:
            carry.set_spans(doc, found)
        voices = [each.predict([doc]) for each, doc in zip(self.relations, docs, strict=True)]
        scores = np.mean([score[0] for _, score in voices], axis=0)
        return _document(docs[0], found, decode(voices[0][0][0], scores, self.limits), name)

    @staticmethod
    def _embedded(nlp: Language, text: str) -> Doc:
        doc = nlp.make_doc(text)
        return nlp.get_pipe("tok2vec")(doc)  # type: ignore[no-any-return]


def _document(doc: Doc, found: Sequence[Key], links: Sequence[Link], name: str) -> Document:
    text, (starts, ends) = doc.text, tokens.bounds(doc)
    marked = carry.attributes(doc)
    ids = {key: f"T{number}" for number, key in enumerate(found, 1)}
    entities = []
    for key, id in ids.items():
        start, end = starts[key.start], ends[key.end - 1]
        entities.append(Entity(id, key.label, ((start, end),), text[start:end], marked.get(key, ())))
    relations = [Relation(f"R{n}", link.type, ids[link.head], ids[link.tail]) for n, link in enumerate(links, 1)]
    return Document(name, text, tuple(entities), tuple(relations))


def run(
    paths: Iterable[Path],
    models: Sequence[Path],
    out: Path,
    *,
    documents: int,
    seed: int,
    unlike: Iterable[Document] = (),
) -> Iterator[int]:
    """Label up to `documents` documents made of the text of `paths` into `out`; yield how many are done.

    None of them shares eight words in a row with a document of `unlike`, which are those to be judged on.
    """
    made = dense(lines(paths), seed=seed)
    texts = list(islice(without(made, (document.text for document in unlike)), documents))
    if not texts:
        raise InputError(
            f"no {WORDS_A_DOCUMENT} words with {FIGURES} figures in {', '.join(map(str, paths))}; give more plain text"
        )
    committee = Committee([spacy.load(model) for model in models])
    out.mkdir(parents=True, exist_ok=True)
    for number, text in enumerate(texts, 1):
        brat.write(committee.label(text, name=f"silver-{number:05}"), out)
        yield number
