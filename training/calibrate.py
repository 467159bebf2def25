"""Choose on dev what the pipeline's scores mean: Platt's map for each label and relation type.

Platt (1999), "Probabilistic outputs for support vector machines", with his smoothed targets; a prior holds the map near
the identity where dev has few answers. Answers are judged as in `training.tune`, end to end on predicted spans.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from ie import spans as carry
from ie.calibration import log_odds
from training.tune import same

PRIOR = 2.0
"""Weight of the prior: the square of the distance to slope 1 and shift 0 counts so often."""
START = np.array([1.0, 0.0])
FLATTEST = 0.05
Answers = dict[str, list[tuple[float, bool]]]


def calibrate(nlp: Language, references: Sequence[Doc]) -> dict[str, list[float]]:
    """Return `[slope, shift]` for each label and relation type that dev has answers for; set them in the pipeline."""
    components = [nlp.get_pipe(name) for name in ("ie_entities", "ie_relations") if nlp.has_pipe(name)]
    for component in components:
        component.cfg["calibration"] = {}
    maps = {name: fitted(found) for name, found in sorted(answers(nlp, references).items())}
    for component in components:
        component.cfg["calibration"] = dict(maps)
    return maps


def answers(nlp: Language, references: Sequence[Doc]) -> Answers:
    """Return the score of every predicted span and relation by its name, and whether it is right."""
    found: Answers = defaultdict(list)
    for reference in references:
        doc = nlp(reference.text)
        wanted, scores = carry.keys(reference), carry.scores(doc)
        for key in carry.keys(doc):
            hit = next((gold for gold in wanted if same(gold, key)), None)
            if key in scores:
                found[key.label].append((scores[key], hit is not None))
            if hit is not None:
                wanted.remove(hit)
        links = list(carry.relations(reference))
        for link in carry.relations(doc):
            hits = [x for x in links if x.type == link.type and same(x.head, link.head) and same(x.tail, link.tail)]
            found[link.type].append((link.score, bool(hits)))
            if hits:
                links.remove(hits[0])
    return found


def fitted(found: Sequence[tuple[float, bool]]) -> list[float]:
    """Return the slope and shift of greatest posterior; the slope is never flat or negative."""
    from scipy.optimize import minimize
    from scipy.special import expit

    x = np.array([[log_odds(score), 1.0] for score, _ in found])
    right = np.array([hit for _, hit in found], dtype=float)
    # Platt's targets: as if one more answer of each kind had been seen.
    target = np.where(right == 1, (right.sum() + 1) / (right.sum() + 2), 1 / (len(right) - right.sum() + 2))

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        odds, away = x @ weights, weights - START
        value = (np.logaddexp(0, odds) - target * odds).sum() + PRIOR / 2 * (away @ away)
        return float(value), x.T @ (expit(odds) - target) + PRIOR * away

    slope, shift = minimize(loss, START, jac=True, bounds=[(FLATTEST, None), (None, None)]).x
    return [round(float(slope), 4), round(float(shift), 4)]
