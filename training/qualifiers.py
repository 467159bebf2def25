"""Choose on dev how sure the tagger must be of a qualifier (estimate, planned, …): it says the rare ones too seldom."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from ie import spans as carry
from ie.entities import qualifier_key, qualifier_names

GRID = np.arange(-4.0, 2.01, 0.25)
"""Least log-odds tried."""


def tune_qualifiers(nlp: Language, references: Sequence[Doc]) -> dict[str, float]:
    """Return for each qualifier the limit with the best F1 on the gold quantities of dev; set it in the pipeline.

    Of limits that score alike the one nearest to none is taken; a qualifier without gold keeps none.
    """
    rows, truth = observed(nlp, references)
    limits = {qualifier_key(pair): best(rows[:, i], truth[:, i]) for i, pair in enumerate(qualifier_names())}
    nlp.get_pipe("ie_entities").cfg["limits"] = limits
    return limits


def observed(nlp: Language, references: Sequence[Doc]) -> tuple[np.ndarray, np.ndarray]:
    """Return `(quantities, qualifiers)` log-odds and what is true, of the gold quantities."""
    names = qualifier_names()
    rows, truth = [np.zeros((0, len(names)))], [np.zeros((0, len(names)), dtype=bool)]
    for reference in references:
        logits, marked = _logits(nlp, reference.text), carry.attributes(reference)
        keys = [key for key in carry.keys(reference) if key.label == "QUANTITY"]
        if keys:
            rows.append(np.stack([logits[key.start : key.end].mean(axis=0) for key in keys]))
            truth.append(np.array([[pair in marked.get(key, ()) for pair in names] for key in keys]))
    return np.concatenate(rows), np.concatenate(truth)


def _logits(nlp: Language, text: str) -> np.ndarray:
    doc = nlp.make_doc(text)
    for name, component in nlp.pipeline:
        if name == "ie_entities":
            return component.predict([doc])[0][:, -len(qualifier_names()) :]  # type: ignore[no-any-return]
        doc = component(doc)
    raise ValueError("the pipeline has no ie_entities")


def best(odds: np.ndarray, truth: np.ndarray) -> float:
    """Return the limit of the grid with the best F1."""
    if not truth.any():
        return 0.0
    return float(max(GRID, key=lambda limit: (round(_f1(odds > limit, truth), 4), -abs(limit))))


def _f1(said: np.ndarray, truth: np.ndarray) -> float:
    return float(2 * (said & truth).sum() / (said.sum() + truth.sum()))
