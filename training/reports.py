"""Read annotated reports for `spacy train`: the corpus, the real excerpts, any folder of brat files.

A source is written `corpus:train`, `real:train` or `brat:FOLDER`. What cannot be put on tokens is counted and logged,
never dropped silently.
"""

from __future__ import annotations

import hashlib
import logging
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import registry

from ie import brat
from ie.document import Document
from ie.errors import InputError
from ie.gold import Losses, to_reference
from training.sample import nested

logger = logging.getLogger("training")


def documents(source: str) -> list[Document]:
    """Return the gold documents of a source; InputError when its form or folder is unknown."""
    kind, _, value = source.partition(":")
    if kind == "brat":
        return folder_documents(Path(value))
    if kind in ("corpus", "real"):
        import corpus

        return list(corpus.load_real(value) if kind == "real" else corpus.load_documents(value))
    raise InputError(f"unknown source {source!r}; use corpus:SPLIT, real:SPLIT or brat:FOLDER")


def folder_documents(folder: Path) -> list[Document]:
    """Return the brat documents of a folder, in order of name."""
    paths = sorted(folder.glob("*.ann"))
    if not paths:
        raise InputError(f"{folder}: no .ann files; give a folder of brat reports (.txt and .ann)")
    return [brat.read(path) for path in paths]


class _Plain(NamedTuple):
    """A document, its gold on tokens, and how much of the gold tokens cannot hold."""

    document: Document
    reference: Doc
    lost: int


class Reports:
    """A reader for a spaCy config: yields Examples, augmented and reshuffled on every pass when asked.

    With `limit` it reads so many documents of the sources alone (`training.sample`).
    spaCy asks again for every pass only when `[training] max_epochs` is -1; with 0 it keeps the first pass.
    """

    def __init__(
        self,
        sources: Sequence[str],
        *,
        augment: Callable[[Document, random.Random], Document] | None,
        seed: int,
        limit: int = 0,
        shuffle: bool = False,
    ) -> None:
        self.shuffle = shuffle
        self.documents = nested([documents(source) for source in sources], limit, seed=seed)
        self.augment = augment
        self.random = random.Random(seed)
        self._plain: list[_Plain] | None = None
        self.kept = 0

    def __call__(self, nlp: Language) -> Iterator[Example]:
        """Yield one Example a document."""
        if self._plain is None:
            self._plain = self._as_written(nlp)
        order = list(self._plain)
        if self.shuffle:
            self.random.shuffle(order)
        for plain in order:
            if self.augment is None:
                yield Example(plain.reference.copy(), plain.reference)
            else:
                reference = self._varied(plain, nlp)
                yield Example(_bare(reference, nlp), reference)

    def _as_written(self, nlp: Language) -> list[_Plain]:
        """Put the documents on tokens and log what of their gold is lost."""
        found = []
        total: Counter[tuple[str, str]] = Counter()
        for document in self.documents:
            losses = Losses()
            found.append(_Plain(document, to_reference(document, nlp.tokenizer, losses=losses), losses.total))
            total.update(losses.counts)
        for (reason, kind), count in sorted(total.items()):
            logger.warning("gold lost: %s, %s: %d", reason, kind, count)
        return found

    def _varied(self, plain: _Plain, nlp: Language) -> Doc:
        """Return the varied document on tokens, or as it was written where the change would lose gold (`kept`)."""
        changed = self.augment(plain.document, self.random) if self.augment else plain.document
        if changed is plain.document:
            return plain.reference
        losses = Losses()
        reference = to_reference(changed, nlp.tokenizer, losses=losses)
        if losses.total <= plain.lost:
            return reference
        self.kept += 1
        return plain.reference


def _bare(reference: Doc, nlp: Language) -> Doc:
    doc = Doc(reference.vocab, words=[t.text for t in reference], spaces=[bool(t.whitespace_) for t in reference])
    doc.user_data.update({key: value for key, value in reference.user_data.items() if key == "ie_word_starts"})
    return doc


def read_reports(
    sources: Sequence[str],
    augment: Callable[[Document, random.Random], Document] | None = None,
    seed: int = 0,
    limit: int = 0,
    shuffle: bool = False,
) -> Callable[[Language], Iterable[Example]]:
    """Return the reader; registered as `ie.reports.v1`."""
    return Reports(sources, augment=augment, seed=seed, limit=limit, shuffle=shuffle)


registry.readers("ie.reports.v1", func=read_reports)


def losses_of(sources: Iterable[str], tokenize: Any) -> Losses:
    """Return what of the sources' gold cannot be put on tokens."""
    found = Losses()
    for source in sources:
        for document in documents(source):
            to_reference(document, tokenize, losses=found)
    return found


def data_hash(sources: Sequence[str]) -> str:
    """Return a hash over the texts and annotations of the sources."""
    digest = hashlib.sha256()
    for source in sources:
        for document in documents(source):
            digest.update(document.name.encode() + document.text.encode())
            digest.update(repr([(e.label, e.fragments) for e in document.entities]).encode())
            digest.update(repr([(r.type, r.head, r.tail) for r in document.relations]).encode())
    return digest.hexdigest()
