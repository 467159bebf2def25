"""What a first pass believes of the pairs around a pair, for a second pass to see.

Relations of a report hang together: a share takes its period through its amount, a number has one unit, a list of parts
one total. A pair's neighbours are the pairs that share its head or its tail, and those of the spans beside its head.
This is stacked inference in the sense of Wolpert (1992), with soft counts for features; no gradient goes through them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from thinc.types import Floats2d

from ie.candidates import Pairs

VIEWS = 9
"""Blocks of columns, each one column a relation type; see `of`."""
MOST = 3.0


def of(batch: Sequence[Pairs], scores: Floats2d, rows: np.ndarray | None = None) -> Floats2d:
    """Return `(pairs, VIEWS * types)` soft counts, from the `(pairs, types)` logits of the first pass.

    With `rows` those of these pairs alone are worked out. The blocks: the pair itself; other pairs from its head; other
    pairs to its tail; pairs to its head; pairs from its tail; the same relation of its head's strongest amount or total
    to the same tail; that of the spans of its head's label before and after the head to the same tail, as the items of
    a list have; what else the one before has.
    """
    allowed = np.concatenate([found.allowed for found in batch])
    belief = allowed / (1 + np.exp(-np.clip(scores, -30, 30)))
    base = np.concatenate([[0], np.cumsum([len(found.spans) for found in batch])])
    heads = np.concatenate([found.head + start for found, start in zip(batch, base[:-1], strict=True)])
    tails = np.concatenate([found.tail + start for found, start in zip(batch, base[:-1], strict=True)])
    from_span, to_span = _sums(heads, belief, int(base[-1])), _sums(tails, belief, int(base[-1]))
    known, kin = _Known(heads, tails, belief), _kin(heads, tails, allowed, belief)
    before, after = _beside(batch, base)
    own, head, tail = (belief, heads, tails) if rows is None else (belief[rows], heads[rows], tails[rows])
    one_before = before[head]
    alike_before = known.of(one_before, tail)
    blocks = [
        own,
        from_span[head] - own,
        to_span[tail] - own,
        to_span[head],
        from_span[tail],
        known.of(kin.tail[head], tail) * kin.strength[head][:, None],
        alike_before,
        known.of(after[head], tail),
        np.where((one_before >= 0)[:, None], from_span[one_before], 0) - alike_before,
    ]
    return np.minimum(np.hstack(blocks), MOST).astype(np.float32)


def _sums(index: np.ndarray, belief: np.ndarray, size: int) -> np.ndarray:
    """Return `(spans, types)`: the belief summed over the pairs of each span."""
    columns = [np.bincount(index, weights=column, minlength=size) for column in belief.T]
    return np.stack(columns, axis=1)


class _Known:
    """The beliefs in pairs, looked up by head and tail."""

    def __init__(self, heads: np.ndarray, tails: np.ndarray, belief: np.ndarray) -> None:
        self.belief = belief
        self._size = int(max(heads.max(), tails.max())) + 1
        keys = heads * self._size + tails
        self._order = np.argsort(keys, kind="stable")
        self._keys = keys[self._order]

    def of(self, head: np.ndarray, tail: np.ndarray) -> np.ndarray:
        """Return `(pairs, types)`: the beliefs in the pairs, 0 where a head is -1 or the pair is no candidate."""
        wanted = head * self._size + tail
        at = np.minimum(np.searchsorted(self._keys, wanted), len(self._keys) - 1)
        there = (self._keys[at] == wanted) & (head >= 0)
        return np.where(there[:, None], self.belief[self._order[at]], 0)  # type: ignore[no-any-return]


def _beside(batch: Sequence[Pairs], base: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return for each span of the batch the spans of its label before and after it in its text, -1 for none."""
    before, after = np.full((2, int(base[-1])), -1, dtype=np.int64)
    for found, start in zip(batch, base[:-1].tolist(), strict=True):
        last: dict[str, int] = {}
        for index, span in enumerate(found.spans, start):
            other = last.get(span.label)
            if other is not None:
                before[index], after[other] = other, index
            last[span.label] = index
    return before, after


class _Kin(NamedTuple):
    """By span: its strongest kin (a span of its label, such as its amount or total), -1 for none, and how strong."""

    tail: np.ndarray
    strength: np.ndarray


def _kin(heads: np.ndarray, tails: np.ndarray, allowed: np.ndarray, belief: np.ndarray) -> _Kin:
    from ie.candidates import relation_names

    size = int(heads.max()) + 1
    found = _Kin(np.full(size, -1, dtype=np.int64), np.zeros(size))
    alike = np.flatnonzero(allowed[:, relation_names().index("PART_OF")])
    if len(alike):
        strength = belief[alike].max(axis=1)
        rising = np.argsort(strength, kind="stable")
        found.tail[heads[alike[rising]]] = tails[alike[rising]]
        found.strength[heads[alike[rising]]] = strength[rising]
    return found
