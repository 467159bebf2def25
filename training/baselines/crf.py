"""A conditional random field a label over the tokens of a paragraph, with the features of `tokens` (CRFsuite, L-BFGS).

Lafferty, McCallum and Pereira (2001). One model a label lets labels nest, as the gold does; spans of one label cannot.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from spacy.tokens import Doc

from ie import spans as carry
from ie.entities import label_names
from ie.errors import InputError
from ie.spans import Key
from ie.tokenizer import word_starts
from training.baselines.tokens import features

logger = logging.getLogger("training")
ITERATIONS = 100
L1, L2 = 0.05, 0.01


def crfsuite() -> Any:
    """Return the library; InputError when it is not installed."""
    try:
        import pycrfsuite
    except ImportError as error:
        raise InputError("the baseline crf needs python-crfsuite; pip install python-crfsuite") from error
    return pycrfsuite


def paragraphs(doc: Doc) -> Iterator[list[int]]:
    """Yield the tokens of each paragraph, white space left out."""
    found: list[int] = []
    for token in doc:
        if not token.text.isspace():
            found.append(token.i)
        elif "\n" in token.text and found:
            yield found
            found = []
    if found:
        yield found


def sequences(docs: Iterable[Doc]) -> Iterator[tuple[Doc, list[int], list[list[str]]]]:
    """Yield each paragraph as its Doc, its tokens and their features."""
    for doc in docs:
        starts, words = word_starts(doc), [token.text for token in doc]
        for places in paragraphs(doc):
            yield doc, places, features([words[place] for place in places], starts[places])


def tags(keys: Iterable[Key], label: str, size: int) -> list[str]:
    """Return the BIO tags of one label over the tokens of a Doc; of spans that overlap the longer is kept."""
    found = ["O"] * size
    for key in sorted((k for k in keys if k.label == label), key=lambda k: k.start - k.end):
        if all(tag == "O" for tag in found[key.start : key.end]):
            found[key.start : key.end] = ["B"] + ["I"] * (key.end - key.start - 1)
    return found


def train(docs: Sequence[Doc], out: Path, *, iterations: int = ITERATIONS) -> None:
    """Train one model a label on the spans that the Docs carry and write `LABEL.crfsuite` to `out`."""
    library = crfsuite()
    prepared = [(doc, places, library.ItemSequence(rows)) for doc, places, rows in sequences(docs)]
    for label in label_names():
        gold = {id(doc): tags(carry.keys(doc), label, len(doc)) for doc in docs}
        trainer = library.Trainer(algorithm="lbfgs", verbose=False)
        trainer.set_params({"c1": L1, "c2": L2, "max_iterations": iterations, "feature.possible_transitions": True})
        for doc, places, items in prepared:
            trainer.append(items, [gold[id(doc)][place] for place in places])
        trainer.train(str(out / f"{label}.crfsuite"))
        last = trainer.logparser.last_iteration or {}
        logger.info("crf %s: %s iterations, loss %.0f", label, last.get("num"), last.get("loss", float("nan")))


class Tagger:
    """The trained models of a folder."""

    def __init__(self, folder: Path) -> None:
        self.models = {}
        for label in label_names():
            self.models[label] = crfsuite().Tagger()
            self.models[label].open(str(folder / f"{label}.crfsuite"))

    def __call__(self, doc: Doc) -> Doc:
        """Set the spans of `doc`; the score of one is the least marginal of its tags."""
        found: dict[Key, float] = {}
        for _, places, rows in sequences([doc]):
            items = crfsuite().ItemSequence(rows)
            for label, model in self.models.items():
                guessed = model.tag(items)
                for first, last in runs(guessed):
                    sure = min(model.marginal(guessed[place], place) for place in range(first, last + 1))
                    found[Key(label, places[first], places[last] + 1)] = sure
        carry.set_spans(doc, found, found)
        return doc


def runs(guessed: Sequence[str]) -> list[tuple[int, int]]:
    """Return the first and last token of each run `B I …`; an I that follows an O starts one."""
    found: list[list[int]] = []
    for index, tag in enumerate(guessed):
        if tag == "B" or (tag == "I" and (index == 0 or guessed[index - 1] == "O")):
            found.append([index, index])
        elif tag == "I":
            found[-1][1] = index
    return [(first, last) for first, last in found]
