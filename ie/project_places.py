"""Whose a place of a project is, as the guidelines decide it by the spans alone (section 4 of corpus/GUIDELINES.md).

Every PLACE inside the name of a PROJECT is LOCATED_IN of the project. A figure has the places of its project, inside
its name or said after it, through the project.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from ie.candidates import Pairs, relation_names
from ie.spans import Key, Link


def settled(found: Pairs, scores: np.ndarray, limits: np.ndarray) -> np.ndarray:
    """Return the scores `(pairs, relation types)`: places inside a project's name reach their limit with the project,
    and have 0 with a figure.
    """
    inside = _inside(found.spans)
    if not inside:
        return scores
    kind = relation_names().index("LOCATED_IN")
    tails = np.flatnonzero(np.isin(found.tail, list(inside)))
    column = scores[:, kind].copy()
    for row, head, tail in zip(tails.tolist(), found.head[tails].tolist(), found.tail[tails].tolist(), strict=True):
        if head in inside[tail]:
            column[row] = max(column[row], limits[kind])
        elif found.spans[head].label == "QUANTITY":
            column[row] = 0.0
    changed = scores.copy()
    changed[:, kind] = column
    return changed


def _inside(spans: Sequence[Key]) -> dict[int, list[int]]:
    """Return for each PLACE inside projects, by its number among the spans, the numbers of these."""
    projects = [(number, span) for number, span in enumerate(spans) if span.label == "PROJECT"]
    found: dict[int, list[int]] = {}
    for number, span in enumerate(spans):
        if span.label == "PLACE":
            around = [at for at, project in projects if project.start <= span.start and span.end <= project.end]
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
