"""A linear classifier of span pairs: logistic regression by stochastic gradient descent on hashed features.

It sees the candidate pairs of the pipeline, each on its own. Features: labels, order, distance, how many spans lie
between, the words between and beside, the first and last word of either span.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from spacy.tokens import Doc

from ie import spans as carry
from ie.candidates import Pairs, pairs, relation_names
from ie.relations import targets
from ie.spans import Key, Link

SIZE = 2**18
NONE = "none"
MODEL = "linear.npz"
NEAR = 12
"""So many words between two spans are looked at one by one; of more, the first and last few."""


def train(docs: Sequence[Doc], out: Path, *, seed: int) -> None:
    """Learn from the relations that the Docs carry and write the weights to `out`."""
    from scipy.sparse import vstack
    from sklearn.linear_model import SGDClassifier

    found = [pairs(doc, carry.keys(doc)) for doc in docs]
    rows = vstack([_hashed(doc, each) for doc, each in zip(docs, found, strict=True)], format="csr")
    truth = np.concatenate([_classes(doc, each) for doc, each in zip(docs, found, strict=True)])
    model = SGDClassifier(loss="log_loss", alpha=1e-6, max_iter=15, tol=None, average=True, random_state=seed)
    model.fit(rows, truth)
    weights, bias = model.coef_, model.intercept_
    if len(model.classes_) == 2:  # one row for two classes: that of the second
        weights, bias = np.vstack([-weights, weights]), np.concatenate([-bias, bias])
    np.savez(out / MODEL, weights=weights.astype(np.float32), bias=bias, classes=model.classes_)


def _classes(doc: Doc, found: Pairs) -> np.ndarray:
    """Return the relation of each pair, `none` where there is none."""
    table = targets(doc, found)
    names = np.array([*relation_names(), NONE])
    return names[np.where(table.any(axis=1), table.argmax(axis=1), len(names) - 1)]


def _hashed(doc: Doc, found: Pairs):  # type: ignore[no-untyped-def]
    from sklearn.feature_extraction import FeatureHasher

    return FeatureHasher(SIZE, input_type="string", alternate_sign=False, dtype=np.float32).transform(
        pair_features(doc, found)
    )


class Linker:
    """The trained classifier of a folder."""

    def __init__(self, folder: Path) -> None:
        with np.load(folder / MODEL) as table:
            self.weights, self.bias = table["weights"], table["bias"]
            self.classes = [str(name) for name in table["classes"]]

    def __call__(self, doc: Doc) -> Doc:
        """Set the relations among the spans that `doc` has: for each pair the best class that the schema allows."""
        found = pairs(doc, carry.keys(doc))
        links = list(self._links(doc, found)) if len(found.head) else []
        carry.set_relations(doc, links)
        return doc

    def _links(self, doc: Doc, found: Pairs) -> Iterator[Link]:
        from scipy.special import expit

        scores = expit(_hashed(doc, found) @ self.weights.T + self.bias)
        allowed = np.ones(scores.shape, dtype=bool)
        for column, name in enumerate(self.classes):
            if name != NONE:
                allowed[:, column] = found.allowed[:, relation_names().index(name)]
        best = np.where(allowed, scores, -1.0).argmax(axis=1)
        for row, column in enumerate(best.tolist()):
            if self.classes[column] != NONE:
                head, tail = found.spans[found.head[row]], found.spans[found.tail[row]]
                yield Link(self.classes[column], head, tail, float(scores[row, column]))


def pair_features(doc: Doc, found: Pairs) -> Iterator[list[str]]:
    """Yield the features of each pair."""
    words = ["0" if token.text[0].isdigit() else token.text.lower() for token in doc]
    starts = [span.start for span in found.spans]
    for head, tail in zip(found.head.tolist(), found.tail.tolist(), strict=True):
        yield _pair(words, found.spans[head], found.spans[tail], starts)


def _pair(words: Sequence[str], head: Key, tail: Key, starts: Sequence[int]) -> list[str]:
    first, second = (head, tail) if head.start <= tail.start else (tail, head)
    low, high = first.end, max(first.end, second.start)
    both = f"{head.label}>{tail.label}" + (">" if head is first else "<")
    between = words[low:high]
    near = between if len(between) <= NEAR else [*between[:4], *between[-4:]]
    spans = bisect_left(starts, high) - bisect_left(starts, low)
    found = [both, f"{both} d={_step(high - low)}", f"{both} n={min(spans, 6)}", f"{both} nested={second.start < low}"]
    found += [f"{both} {word}" for word in near]
    found += [f"{both} in={' '.join(between)}"] if len(between) <= 4 else []
    found += [f"{both} mark={mark}" for mark in (".", ";", ":", "(", ")", "\n") if mark in between]
    for name, span in (("head", head), ("tail", tail)):
        found += [f"{both} {name}0={words[span.start]}", f"{both} {name}1={words[span.end - 1]}"]
        found += [f"{both} {name}-={_word(words, span.start - 1)}", f"{both} {name}+={_word(words, span.end)}"]
    return found


def _step(distance: int) -> int:
    """Return the distance in steps that grow: 0, 1, 2, 4, 8 …"""
    return distance.bit_length()


def _word(words: Sequence[str], place: int) -> str:
    return words[place] if 0 <= place < len(words) else "edge"
