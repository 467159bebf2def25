"""Whose a place is, as far as the guidelines decide it by the spans alone (section 4 of corpus/GUIDELINES.md).

A PLACE inside the name of a PROJECT or LEGAL is LOCATED_IN of these and of nothing else. A figure has the places of its
project, inside its name or said after it, through the project.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from ie.candidates import Pairs, relation_names
from ie.spans import Key, Link

OWNERS = ("PROJECT", "LEGAL")
"""Labels whose spans own the places inside them."""


def settled(found: Pairs, scores: np.ndarray, limits: np.ndarray) -> np.ndarray:
    """Return the scores `(pairs, relation types)`: places inside a name reach their limit with it, others have 0."""
    inside = _inside(found.spans)
    if not inside:
        return scores
    kind = relation_names().index("LOCATED_IN")
    rows = np.flatnonzero(np.isin(found.tail, list(inside)))
    changed = scores.copy()
    for row, head, tail in zip(rows.tolist(), found.head[rows].tolist(), found.tail[rows].tolist(), strict=True):
        changed[row, kind] = max(scores[row, kind], limits[kind]) if head in inside[tail] else 0.0
    return changed


def _inside(spans: Sequence[Key]) -> dict[int, list[int]]:
    """Return for each PLACE inside owners, by its number among the spans, the numbers of these."""
    owners = [(number, span) for number, span in enumerate(spans) if span.label in OWNERS]
    found: dict[int, list[int]] = {}
    for number, span in enumerate(spans):
        if span.label == "PLACE":
            around = [at for at, owner in owners if owner.start <= span.start and span.end <= owner.end]
            if around:
                found[number] = around
    return found


def through_projects(links: Sequence[Link]) -> list[Link]:
    """Return the relations without those of figures to a place that is said after their project and is its own."""
    projects: dict[Key, list[Key]] = defaultdict(list)
    located: dict[Key, set[Key]] = defaultdict(set)
    for link in links:
        if link.type == "FUNDED":
            projects[link.tail].append(link.head)
        elif link.type == "LOCATED_IN":
            located[link.head].add(link.tail)
    return [
        link
        for link in links
        if link.type != "LOCATED_IN"
        or link.head.label != "QUANTITY"
        or not any(
            link.tail in located.get(project, ()) and project.end <= link.tail.start
            for project in projects.get(link.head, ())
        )
    ]
