"""How far a tail may stand from its head to be a candidate, read from `reach.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import NamedTuple

import numpy as np

from ie.schema import schema

SENTENCES = 3
"""Tails stand in the head's sentence or at most two sentences away."""


class Reach(NamedTuple):
    """Limits by label of head and tail, 0 where there is no candidate.

    `before` and `after` are `(labels, labels, SENTENCES)` tokens between the two; `above` and `below` are
    `(labels, labels)` paragraphs.
    """

    before: np.ndarray
    after: np.ndarray
    above: np.ndarray
    below: np.ndarray


@cache
def reach() -> Reach:
    """Return the limits, in the order of the labels of the schema."""
    labels = {label: index for index, label in enumerate(schema().labels)}
    count = len(labels)
    found = Reach(
        np.zeros((count, count, SENTENCES), dtype=np.int64),
        np.zeros((count, count, SENTENCES), dtype=np.int64),
        np.zeros((count, count), dtype=np.int64),
        np.zeros((count, count), dtype=np.int64),
    )
    for row in tomllib.loads((resources.files("ie") / "reach.toml").read_text("utf-8"))["reach"]:
        at = labels[row["head"]], labels[row["tail"]]
        for side in ("before", "after"):
            limits = row.get(side, [])
            getattr(found, side)[at][: len(limits)] = limits
        found.above[at], found.below[at] = row.get("above", 0), row.get("below", 0)
    return found


def in_reach(
    labels: np.ndarray,
    starts: np.ndarray,
    ends: np.ndarray,
    paragraph: np.ndarray,
    sentence: np.ndarray,
    head: np.ndarray,
    tail: np.ndarray,
) -> np.ndarray:
    """Tell which pairs are near enough: in one paragraph, or in two, where the outline joins them.

    The latter is the caller's to know. `head` and `tail` number the spans that the other arrays describe.
    """
    limits = reach()
    pair = labels[head], labels[tail]
    gap = np.maximum(starts[head], starts[tail]) - np.minimum(ends[head], ends[tail])
    apart = np.abs(sentence[head] - sentence[tail])
    step = np.minimum(apart, SENTENCES - 1)
    behind = starts[tail] < starts[head]
    allowed = np.where(behind, limits.before[(*pair, step)], limits.after[(*pair, step)])
    rows = paragraph[tail] - paragraph[head]
    within = (rows == 0) & (allowed > 0) & (gap < allowed) & (apart < SENTENCES)
    return within | ((rows < 0) & (-rows < limits.above[pair])) | ((rows > 0) & (rows < limits.below[pair]))
