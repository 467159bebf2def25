"""Which pairs of spans may be related.

Candidates are pairs that the schema allows within a paragraph (a few sentences apart at most) or between a paragraph
and those above it in the outline, as near as `ie.reach` says for their labels. Gold pairs outside are lost to the
model; `ie.relations` counts them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from spacy.tokens import Doc

from ie.reach import in_reach
from ie.schema import schema
from ie.scope import Scope, scope
from ie.spans import Key
from ie.views import FEATURES, Spans, table

MAX_SPANS_A_TOKEN = 0.8
"""More spans than that come from a model that has learned nothing yet; their pairs would fill the memory."""


@dataclass(frozen=True)
class Pairs:
    """Candidate pairs of one Doc: `head` and `tail` index `spans`; `table` is `(pairs, FEATURES)` of hashed ids.

    `allowed` is `(pairs, relation types)`, bool, by the schema.
    """

    spans: tuple[Key, ...]
    head: np.ndarray
    tail: np.ndarray
    table: np.ndarray
    allowed: np.ndarray


def relation_names() -> tuple[str, ...]:
    """Return the relation types in the order of the model's outputs."""
    return tuple(schema().relations)


@cache
def _signature() -> np.ndarray:
    """Return `(labels, labels, relations)`: what the schema allows."""
    rules = schema()
    labels = tuple(rules.labels)
    table = np.zeros((len(labels), len(labels), len(rules.relations)), dtype=bool)
    for i, head in enumerate(labels):
        for j, tail in enumerate(labels):
            table[i, j] = [rules.allows(name, head, tail) for name in rules.relations]
    return table


def pairs(doc: Doc, spans: Sequence[Key]) -> Pairs:
    """Return the candidate pairs among `spans`, sorted by head and tail."""
    ordered = tuple(sorted(spans, key=lambda k: (k.start, -k.end, k.label)))
    names = {label: index for index, label in enumerate(schema().labels)}
    signature = _signature()
    count = len(ordered)
    if count < 2 or count > MAX_SPANS_A_TOKEN * len(doc) + 50:
        return _empty(ordered)
    where = scope(doc)
    arrays = Spans(
        np.array([names[span.label] for span in ordered]),
        np.array([span.start for span in ordered]),
        np.array([span.end for span in ordered]),
    )
    head, tail = _near(where, *arrays)
    if not len(head):
        return _empty(ordered)
    allowed = signature[arrays.labels[head], arrays.labels[tail]]
    return Pairs(ordered, head, tail, table(doc, where, arrays, head, tail), allowed)


def _empty(spans: tuple[Key, ...]) -> Pairs:
    none = np.zeros(0, dtype=np.int64)
    return Pairs(
        spans, none, none, np.zeros((0, FEATURES), dtype=np.uint64), np.zeros((0, len(relation_names())), dtype=bool)
    )


def _near(where: Scope, labels: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return head and tail of the pairs in reach of each other, sorted by head and tail."""
    paragraph = where.paragraph[starts]
    head, tail = _in_sight(where, paragraph)
    kept = in_reach(labels, starts, ends, paragraph, where.sentence[starts], head, tail)
    head, tail = head[kept], tail[kept]
    order = np.lexsort((tail, head))
    return head[order], tail[order]


def _in_sight(where: Scope, paragraph: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the pairs, both ways, of different spans in one paragraph or in two that the outline joins."""
    # Spans are sorted: those of a paragraph stand together.
    numbers, firsts = np.unique(paragraph, return_index=True)
    members = dict(zip(numbers.tolist(), np.split(np.arange(len(paragraph)), firsts[1:]), strict=True))
    heads, tails = [], []
    for number, inside in members.items():
        uppers = [members[ancestor] for ancestor in where.ancestors[number] if ancestor in members]
        seen = np.concatenate([inside, *uppers])
        head, tail = np.repeat(inside, len(seen)), np.tile(seen, len(inside))
        above = paragraph[tail] != number
        heads += [head, tail[above]]
        tails += [tail, head[above]]
    head, tail = np.concatenate(heads), np.concatenate(tails)
    return head[head != tail], tail[head != tail]
