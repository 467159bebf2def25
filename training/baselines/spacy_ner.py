"""spaCy's `ner` as it comes: rule tokens, `HashEmbedCNN`, transitions over spans that do not overlap.

It reads the source as it stands. Of gold spans that overlap, the longest is learnt; the others it can never find.
"""

from __future__ import annotations

import logging
import random
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.training import Example
from spacy.util import filter_spans, fix_random_seed, minibatch
from thinc.api import NumpyOps, set_current_ops

from ie.document import Document, Entity, fragments_text, split_at_line_ends

logger = logging.getLogger("training")
CHUNK = 400
"""Characters after which a paragraph end cuts the text: short Docs train several times as fast as whole reports."""


def chunks(text: str) -> list[tuple[int, int]]:
    """Return `[start, end)` of pieces of at least CHUNK characters that end at a blank line."""
    found, start = [], 0
    while start < len(text):
        end = text.find("\n\n", start + CHUNK)
        end = len(text) if end < 0 else end + 2
        found.append((start, end))
        start = end
    return found


def example(nlp: Language, document: Document, bounds: tuple[int, int], lost: Counter[str]) -> Example:
    """Return one piece of a document with the spans that stock tokens and one layer can hold, the others counted."""
    start, end = bounds
    doc = nlp.make_doc(document.text[start:end])
    spans: list[Span] = []
    for entity in document.entities:
        if start <= entity.start < end:
            span = doc.char_span(entity.start - start, entity.end - start, label=entity.label)
            if span is None:
                lost["no token boundary"] += 1
            else:
                spans.append(span)
    kept = filter_spans(spans)
    lost["overlaps a longer span"] += len(spans) - len(kept)
    doc.set_ents(kept)
    return Example(nlp.make_doc(doc.text), doc)


def train(documents: Sequence[Document], out: Path, *, seed: int, steps: int, minutes: float) -> int:
    """Train for `steps` or `minutes` of the processor, write the pipeline to `out` and return the steps made."""
    set_current_ops(NumpyOps(use_blis=False))
    fix_random_seed(seed)
    nlp = spacy.blank("xx")
    nlp.add_pipe("ner")
    lost: Counter[str] = Counter()
    examples = [example(nlp, document, bounds, lost) for document in documents for bounds in chunks(document.text)]
    logger.info("spacy-ner: %d pieces; gold spans it cannot learn: %s", len(examples), dict(lost))
    optimizer = nlp.initialize(lambda: examples)
    rng, begun, step = random.Random(seed), time.process_time(), 0
    while step < steps and time.process_time() - begun < 60 * minutes:
        rng.shuffle(examples)
        losses: dict[str, float] = {}
        for batch in minibatch(examples, 16):
            nlp.update(batch, sgd=optimizer, drop=0.2, losses=losses)
            step += 1
            if step >= steps or time.process_time() - begun >= 60 * minutes:
                break
        logger.info("spacy-ner: step %d, loss %.0f", step, losses["ner"])
    with nlp.use_params(optimizer.averages):
        nlp.to_disk(out / "pipeline")
    return step


class Tagger:
    """The trained pipeline of a folder."""

    def __init__(self, folder: Path) -> None:
        self.nlp = spacy.load(folder / "pipeline")

    def __call__(self, document: Document) -> Document:
        """Return the document with the spans found; the model gives no scores and no relations."""
        found: list[Entity] = []
        for start, end in chunks(document.text):
            doc: Doc = self.nlp(document.text[start:end])
            for span in doc.ents:
                parts = split_at_line_ends(document.text, start + span.start_char, start + span.end_char)
                found.append(
                    Entity(f"T{len(found) + 1}", span.label_, parts, fragments_text(document.text, parts), source=parts)
                )
        return Document(document.name, document.text, tuple(found))
