"""From scores of pairs to relations that hold together, by what the guidelines allow a figure to have."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from spacy.tokens import Doc

from ie import spans as carry
from ie.candidates import Pairs, relation_names
from ie.place_owners import settled, through_projects
from ie.schema import schema
from ie.spans import Key, Link

SINGLE = ("HAS_UNIT", "MEASURES", "IN_PERIOD")
"""Relations of which a head has one at most; in gold one period in fifty has company, the others none."""
THROUGH_AMOUNT = ("MEASURES", "IN_PERIOD")
"""What a percentage that is RATIO_OF an amount takes through that amount and has none of its own, by the guidelines."""


def decode(found: Pairs, scores: np.ndarray, limits: np.ndarray) -> list[Link]:
    """Return the relations over their limit, best first where a head may have one only, without cycles of ratios.

    A share has no indicator and no period of its own, a figure no place of its project (`ie.place_owners`).
    """
    names = relation_names()
    scores = settled(found, scores, limits)
    rows, kinds = np.nonzero(scores >= limits)
    values = scores[rows, kinds]
    order = np.argsort(-values, kind="stable")
    heads, tails = found.head[rows], found.tail[rows]
    kept: list[Link] = []
    used: set[tuple[str, Key]] = set()
    towards: dict[tuple[str, Key], set[Key]] = {}
    best = (column[order].tolist() for column in (heads, tails, kinds, values))
    for head_at, tail_at, number, score in zip(*best, strict=True):
        head, tail, kind = found.spans[head_at], found.spans[tail_at], names[number]
        if kind in SINGLE and (kind, head) in used:
            continue
        if kind in ("RATIO_OF", "PART_OF") and _reaches(towards, kind, tail, head):
            continue
        used.add((kind, head))
        towards.setdefault((kind, head), set()).add(tail)
        kept.append(Link(kind, head, tail, score))
    shares = {link.head for link in kept if link.type == "RATIO_OF"}
    kept = [link for link in kept if link.type not in THROUGH_AMOUNT or link.head not in shares]
    return sorted(through_projects(kept), key=lambda k: (k.head.start, k.type, k.tail.start, k.tail.end))


def _reaches(towards: dict[tuple[str, Key], set[Key]], kind: str, start: Key, goal: Key) -> bool:
    """Tell whether relations of one kind already lead from `start` to `goal`."""
    seen: set[Key] = set()
    todo = [start]
    while todo:
        current = todo.pop()
        if current == goal:
            return True
        if current not in seen:
            seen.add(current)
            todo.extend(towards.get((kind, current), ()))
    return False


def drop_alone(doc: Doc, links: Sequence[Link]) -> None:
    """Drop the spans whose label needs a relation (`needed_by` in the schema) that no relation of that type reaches."""
    needs = {name: label.needed_by for name, label in schema().labels.items() if label.needed_by}
    reached = {(link.type, link.tail) for link in links}
    carry.drop_spans(doc, [k for k in carry.keys(doc) if k.label in needs and (needs[k.label], k) not in reached])
