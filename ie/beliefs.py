"""What a first pass believes of the pairs around a pair, for a second pass to see.

Relations of a report hang together: a share takes its period through its amount, a number has one unit, a list of parts
one total. A pair's neighbours are the pairs that share its head or its tail. This is stacked inference in the sense of
Wolpert (1992), with soft counts for features; no gradient goes through them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from thinc.types import Floats2d

from ie.candidates import Pairs

VIEWS = 6
"""Blocks of columns, each one column a relation type; see `of`."""
MOST = 3.0


def of(batch: Sequence[Pairs], scores: Floats2d) -> Floats2d:
    """Return `(pairs, VIEWS * types)` soft counts, from the `(pairs, types)` logits of the first pass.

    The blocks: the pair itself; other pairs from its head; other pairs to its tail; pairs to its head; pairs from its
    tail; the same relation of its head's strongest amount or total to the same tail.
    """
    allowed = np.concatenate([found.allowed for found in batch])
    belief = allowed / (1 + np.exp(-np.clip(scores, -30, 30)))
    base = np.concatenate([[0], np.cumsum([len(found.spans) for found in batch])])
    heads = np.concatenate([found.head + start for found, start in zip(batch, base[:-1], strict=True)])
    tails = np.concatenate([found.tail + start for found, start in zip(batch, base[:-1], strict=True)])
    from_span, to_span = _sums(heads, belief, int(base[-1])), _sums(tails, belief, int(base[-1]))
    blocks = [
        belief,
        from_span[heads] - belief,
        to_span[tails] - belief,
        to_span[heads],
        from_span[tails],
        _through_kin(heads, tails, allowed, belief),
    ]
    return np.minimum(np.hstack(blocks), MOST).astype(np.float32)


def _sums(index: np.ndarray, belief: np.ndarray, size: int) -> np.ndarray:
    """Return `(spans, types)`: the belief summed over the pairs of each span."""
    columns = [np.bincount(index, weights=column, minlength=size) for column in belief.T]
    return np.stack(columns, axis=1)


def _through_kin(heads: np.ndarray, tails: np.ndarray, allowed: np.ndarray, belief: np.ndarray) -> np.ndarray:
    """Return for each pair the beliefs of its head's strongest kin (same label, such as an amount) in its tail."""
    alike = np.flatnonzero(_kin(allowed))
    out = np.zeros_like(belief)
    if not len(alike):
        return out
    strength = belief[alike].max(axis=1)
    order = alike[np.argsort(strength, kind="stable")]
    kin = np.full(int(heads.max()) + 1, -1, dtype=np.int64)
    kin[heads[order]] = tails[order]
    sure = np.zeros(len(kin))
    sure[heads[order]] = np.sort(strength, kind="stable")
    size = int(max(heads.max(), tails.max())) + 1
    keys = heads * size + tails
    sorted_rows = np.argsort(keys, kind="stable")
    wanted = kin[heads] * size + tails
    at = np.minimum(np.searchsorted(keys[sorted_rows], wanted), len(keys) - 1)
    rows = sorted_rows[at]
    hit = (keys[rows] == wanted) & (kin[heads] >= 0)
    out[hit] = belief[rows[hit]] * sure[heads[hit]][:, None]
    return out


def _kin(allowed: np.ndarray) -> np.ndarray:
    """Tell which pairs join spans of one label: those that may stand in PART_OF."""
    from ie.candidates import relation_names

    return allowed[:, relation_names().index("PART_OF")]  # type: ignore[no-any-return]
