"""What the rivals of a pair look like: the pairs that one relation would be chosen from.

Whether a figure belongs to a place depends on the other places it could belong to, and on the other figures the place
could be of. Every pair is set beside the best and the mean of the pairs that share its head and have a tail of the same
label, and of those that share its tail and have a head of the same label. It is pooling over sets, as in Zaheer et al.
(2017), https://arxiv.org/abs/1703.06114, with the pair's own distance to the best.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from thinc.types import Floats2d

from ie.candidates import Pairs
from ie.schema import schema

VIEWS = 4
"""Blocks of columns that `beside` returns, each as wide as its input."""


class Group(NamedTuple):
    """Sets of pairs: `order` puts those of a set together, set k from `firsts[k]` on; `of` is the set of each pair."""

    order: np.ndarray
    firsts: np.ndarray
    sizes: np.ndarray
    of: np.ndarray


def groups(batch: Sequence[Pairs]) -> tuple[Group, Group]:
    """Return the sets of pairs of a batch with one head and one label of the tails, and with one tail and one label."""
    numbers = {label: index for index, label in enumerate(schema().labels)}
    keys: tuple[list[np.ndarray], list[np.ndarray]] = ([], [])
    base = 0
    for found in batch:
        labels = np.array([numbers[span.label] for span in found.spans], dtype=np.int64)
        for into, one, other in zip(keys, (found.head, found.tail), (found.tail, found.head), strict=True):
            into.append((one + base) * len(numbers) + labels[other])
        base += len(found.spans)
    by_head, by_tail = (_group(np.concatenate(each)) for each in keys)
    return by_head, by_tail


def _group(keys: np.ndarray) -> Group:
    order = np.argsort(keys, kind="stable")
    ranked = keys[order]
    new = np.concatenate([[True], ranked[1:] != ranked[:-1]])
    of = np.empty(len(keys), dtype=np.int64)
    of[order] = np.cumsum(new) - 1
    firsts = np.flatnonzero(new)
    return Group(order, firsts, np.diff(firsts, append=len(keys)), of)


def beside(batch: Sequence[Pairs], X: Floats2d):  # type: ignore[no-untyped-def]
    """Return `(pairs, VIEWS * width)` of `(pairs, width)`, and the way back of its gradient.

    The blocks, for the pairs of the same head and for those of the same tail: how much better the best of them is than
    the pair, column by column, and their mean.
    """
    width = X.shape[1]
    if not len(X):
        return np.zeros((0, VIEWS * width), dtype=X.dtype), lambda gradient: np.zeros_like(X)
    by_head, by_tail = (_Pool(group, X) for group in groups(batch))

    def backprop(gradient: Floats2d) -> Floats2d:
        parts = np.split(gradient, VIEWS, axis=1)
        return by_head.back(*parts[:2]) + by_tail.back(*parts[2:])

    return np.hstack([*by_head.views(), *by_tail.views()]), backprop


class _Pool:
    """The best and the mean of each set, `(sets, width)`."""

    def __init__(self, group: Group, X: Floats2d) -> None:
        self.group, self.X = group, X
        ranked = X[group.order]
        self.best = np.maximum.reduceat(ranked, group.firsts)
        self.mean = np.add.reduceat(ranked, group.firsts) / group.sizes[:, None].astype(X.dtype)

    def views(self) -> tuple[Floats2d, Floats2d]:
        """Return for each pair how far the best of its set is ahead of it, and the mean of its set."""
        return self.best[self.group.of] - self.X, self.mean[self.group.of]

    def back(self, ahead: Floats2d, mean: Floats2d) -> Floats2d:
        """Return the gradient of X from those of the distance to the best and of the mean; equals share the former."""
        group = self.group
        wins = (self.best[group.of] == self.X).astype(self.X.dtype)
        winners = np.add.reduceat(wins[group.order], group.firsts)
        of_best = np.add.reduceat(ahead[group.order], group.firsts) / winners
        of_mean = np.add.reduceat(mean[group.order], group.firsts) / group.sizes[:, None].astype(self.X.dtype)
        return wins * of_best[group.of] - ahead + of_mean[group.of]
