"""Choose the threshold of each relation type on the dev reports, end to end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from ie import spans as carry
from ie.candidates import Pairs, relation_names
from ie.relations import decode
from ie.spans import Key

GRID = (0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7)
LOOSE = ("INDICATOR", "PERIOD")
"""Labels whose ends count when they overlap, as in the headline of `evaluation`."""


def tune(nlp: Language, references: Sequence[Doc]) -> dict[str, float]:
    """Return for each relation type the threshold with the best F1 on `references`, set it in the pipeline.

    Of thresholds that score alike the one nearest to a half is taken; a type without gold keeps a half.
    """
    component = nlp.get_pipe("ie_relations")
    scored = []
    for reference in references:
        with nlp.select_pipes(disable=["ie_relations"]):
            doc = nlp(reference.text)
        found, scores = component.predict([doc])
        scored.append((reference, found[0], scores[0]))
    tables = {limit: _counts(scored, limit) for limit in GRID}
    best = {
        name: max(GRID, key=lambda limit: (_f1(tables[limit][name]), -abs(limit - 0.5))) for name in relation_names()
    }
    chosen = {name: limit if tables[limit][name][2] else 0.5 for name, limit in best.items()}
    component.cfg["thresholds"] = chosen
    return chosen


def _counts(scored: list[tuple[Doc, Pairs, np.ndarray]], limit: float) -> dict[str, tuple[int, int, int]]:
    right, guessed, gold = Counter[str](), Counter[str](), Counter[str]()
    limits = np.full(len(relation_names()), limit)
    for reference, found, scores in scored:
        wanted = list(carry.relations(reference))
        gold.update(link.type for link in wanted)
        for link in decode(found, scores, limits):
            guessed[link.type] += 1
            hit = next(
                (w for w in wanted if w.type == link.type and _same(w.head, link.head) and _same(w.tail, link.tail)),
                None,
            )
            if hit is not None:
                right[link.type] += 1
                wanted.remove(hit)
    return {name: (right[name], guessed[name], gold[name]) for name in relation_names()}


def _best(counts: dict[float, tuple[int, int, int]]) -> float:
    if not any(gold for _, _, gold in counts.values()):
        return 0.5
    return max(counts, key=lambda limit: (_f1(counts[limit]), -abs(limit - 0.5)))


def _same(gold: Key, found: Key) -> bool:
    if gold.label != found.label:
        return False
    return gold == found or (gold.label in LOOSE and gold.start < found.end and found.start < gold.end)


def _f1(entry: tuple[int, int, int]) -> float:
    right, guessed, gold = entry
    return 2 * right / (guessed + gold) if guessed + gold else 0.0
