"""Choose on the dev reports, end to end: how readily each label is found, and the threshold of each relation type."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from math import sqrt

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from ie import spans as carry
from ie.candidates import Pairs, relation_names
from ie.decode import decode
from ie.spans import Key

GRID = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85)
BIASES = (-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0)
Table = dict[str, tuple[int, int, int]]
LOOSE = ("INDICATOR", "PERIOD")
"""Labels whose ends count when they overlap, as in the headline of `evaluation`."""
REACH = 2
"""Thresholds are judged by the mean over so many of the grid to each side: the best single one is often luck."""


def tune(nlp: Language, groups: Sequence[Sequence[Doc]]) -> dict[str, float]:
    """Return for each relation type the threshold with the best F1, the mean over `groups`; set it in the pipeline.

    A group is one source of dev reports. Each counts by the root of its gold relations of the type: a large source does
    not drown a small one, and a source with a handful of them does not decide. A threshold is judged with the next ones
    (`REACH`). Of those that score alike the one nearest to a half is taken; a type without gold keeps a half.
    """
    component = nlp.get_pipe("ie_relations")
    tables: dict[float, list[Table]] = {limit: [] for limit in GRID}
    for references in groups:
        scored = []
        for reference in references:
            with nlp.select_pipes(disable=["ie_relations"]):
                doc = nlp(reference.text)
            found, scores = component.predict([doc])
            scored.append((reference, found[0], scores[0]))
        for limit in GRID:
            tables[limit].append(_counts(scored, limit))
    component.cfg["thresholds"] = {name: best_setting(tables, name, 0.5, reach=REACH) for name in relation_names()}
    return dict(component.cfg["thresholds"])


def tune_bias(nlp: Language, groups: Sequence[Sequence[Doc]]) -> dict[str, float]:
    """Return for each label the bias with the best F1 (by overlap for LOOSE), the mean over `groups`; set it.

    Groups count as in `tune`. Of biases that score alike the one nearest to none is taken.
    """
    component = nlp.get_pipe("ie_entities")
    tables: dict[float, list[Table]] = {}
    for bias in BIASES:
        component.cfg["bias"] = dict.fromkeys(component.labels, bias)
        tables[bias] = []
        for references in groups:
            found = [nlp(reference.text) for reference in references]
            tables[bias].append({label: _span_counts(references, found, label) for label in component.labels})
    component.cfg["bias"] = {label: best_setting(tables, label, 0.0) for label in component.labels}
    return dict(component.cfg["bias"])


def best_setting(tables: Mapping[float, Sequence[Table]], name: str, middle: float, *, reach: int = 0) -> float:
    """Return the setting whose F1 of `name` is best on the whole, of equals the nearest to `middle`.

    `tables` has for each setting, in rising order, one `{name: (right, guessed, gold)}` a group; a group counts by the
    root of its gold. With `reach` a setting scores the mean of itself and as many to each side, so far as there are.
    """
    settings = list(tables)
    scores = [_mean(tables[setting], name) for setting in settings]

    def score(place: int) -> float:
        near = scores[max(0, place - reach) : place + reach + 1]
        return round(sum(near) / len(near), 4)

    best = max(range(len(settings)), key=lambda place: (score(place), -abs(settings[place] - middle)))
    return settings[best]


def _mean(groups: Sequence[Table], name: str) -> float:
    entries = [table[name] for table in groups if table[name][2]]
    weights = [sqrt(gold) for _, _, gold in entries]
    scores = [weight * _f1(entry) for weight, entry in zip(weights, entries, strict=True)]
    return sum(scores) / sum(weights) if entries else 0.0


def _span_counts(references: Sequence[Doc], found: Sequence[Doc], label: str) -> tuple[int, int, int]:
    right = guessed = gold = 0
    for reference, doc in zip(references, found, strict=True):
        wanted = [key for key in carry.keys(reference) if key.label == label]
        gold += len(wanted)
        for key in (key for key in carry.keys(doc) if key.label == label):
            guessed += 1
            hit = next((w for w in wanted if same(w, key)), None)
            if hit is not None:
                right += 1
                wanted.remove(hit)
    return right, guessed, gold


def _counts(scored: list[tuple[Doc, Pairs, np.ndarray]], limit: float) -> Table:
    right, guessed, gold = Counter[str](), Counter[str](), Counter[str]()
    limits = np.full(len(relation_names()), limit)
    for reference, found, scores in scored:
        wanted = list(carry.relations(reference))
        gold.update(link.type for link in wanted)
        for link in decode(found, scores, limits):
            guessed[link.type] += 1
            hit = next(
                (w for w in wanted if w.type == link.type and same(w.head, link.head) and same(w.tail, link.tail)),
                None,
            )
            if hit is not None:
                right[link.type] += 1
                wanted.remove(hit)
    return {name: (right[name], guessed[name], gold[name]) for name in relation_names()}


def same(gold: Key, found: Key) -> bool:
    """Tell whether a span answers a gold one: the same tokens, or shared ones for LOOSE labels."""
    if gold.label != found.label:
        return False
    return gold == found or (gold.label in LOOSE and gold.start < found.end and found.start < gold.end)


def _f1(entry: tuple[int, int, int]) -> float:
    right, guessed, gold = entry
    return 2 * right / (guessed + gold) if guessed + gold else 0.0
