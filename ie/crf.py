"""Linear-chain conditional random fields over BILUO tags, one a label, run side by side.

All labels and all paragraphs of a batch go through one recursion over positions, so the cost in Python grows with the
longest paragraph, not with the text. Lafferty, McCallum and Pereira (2001), https://dl.acm.org/doi/10.5555/645530.655813.
Shapes: N paragraphs, T positions, C labels, K tags. Padding stands at the end of a paragraph.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from thinc.api import Model

TAGS = ("O", "B", "I", "L", "U")
O, B, I, L, U = range(5)  # noqa: E741
_PAIRS = ((O, O), (O, B), (O, U), (B, I), (B, L), (I, I), (I, L), (L, O), (L, B), (L, U), (U, O), (U, B), (U, U))
NEVER = -1e4
"""Score of what may not be: low enough to vanish, finite so that float32 arithmetic stays defined."""
ALLOWED = np.full((5, 5), NEVER, dtype=np.float32)
for _pair in _PAIRS:
    ALLOWED[_pair] = 0.0
START = np.array([0, 0, NEVER, NEVER, 0], dtype=np.float32)
END = np.array([0, NEVER, NEVER, 0, 0], dtype=np.float32)


def transitions(labels: int) -> Model:
    """Return a layer that holds the learned transition scores, `(labels, 5, 5)`, zero at first."""
    return Model("ie_transitions", _no_forward, params={"T": np.zeros((labels, 5, 5), dtype=np.float32)})


def _no_forward(model: Model, X: object, is_train: bool):  # type: ignore[no-untyped-def]
    raise NotImplementedError("the transitions are read by ie.entities, not run as a layer")


def pad(parts: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Stack `(length, C, K)` arrays into `(T, N, C, K)` and return it with the lengths."""
    lengths = np.array([len(part) for part in parts])
    out = np.zeros((int(lengths.max()), len(parts), *parts[0].shape[1:]), dtype=np.float32)
    for index, part in enumerate(parts):
        out[: len(part), index] = part
    return out, lengths


def _logsumexp(values: np.ndarray, axis: int) -> np.ndarray:
    top = values.max(axis=axis, keepdims=True)
    return np.log(np.exp(values - top).sum(axis=axis)) + np.squeeze(top, axis)  # type: ignore[no-any-return]


def forward_backward(
    scores: np.ndarray, lengths: np.ndarray, learned: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return log Z `(N, C)`, tag marginals `(T, N, C, K)` and expected transitions `(C, K, K)`."""
    size = len(scores)
    moves = learned + ALLOWED
    alpha = np.empty_like(scores)
    alpha[0] = scores[0] + START
    for t in range(1, size):
        alpha[t] = scores[t] + _logsumexp(alpha[t - 1][..., :, None] + moves, axis=-2)
    last = alpha[lengths - 1, np.arange(len(lengths))] + END
    total = _logsumexp(last, axis=-1)
    beta = np.empty_like(scores)
    beta[:] = END
    expected = np.zeros_like(learned, dtype=np.float64)
    for t in range(size - 2, -1, -1):
        reach = scores[t + 1] + beta[t + 1]
        inside = (t + 1 < lengths)[:, None, None]
        beta[t] = np.where(inside, _logsumexp(moves + reach[..., None, :], axis=-1), END)
        pairs = alpha[t][..., :, None] + moves + reach[..., None, :] - total[..., None, None]
        expected += np.exp(np.where(inside[..., None], pairs, NEVER)).sum(axis=0)
    # Padding holds sums that mean nothing and may be large: it is put out of reach before exp.
    held = (np.arange(size)[:, None] < lengths[None, :])[..., None, None]
    marginals = np.exp(np.where(held, alpha + beta - total[..., None], NEVER))
    return total, marginals, expected


def viterbi(scores: np.ndarray, lengths: np.ndarray, learned: np.ndarray) -> np.ndarray:
    """Return the best well-formed tags `(T, N, C)`; O beyond the end of a paragraph."""
    size, count, labels, _ = scores.shape
    moves = learned + ALLOWED
    back = np.zeros(scores.shape, dtype=np.int8)
    best = scores[0] + START
    finals = np.where((lengths == 1)[:, None, None], best, 0.0)
    for t in range(1, size):
        paths = best[..., :, None] + moves
        back[t] = paths.argmax(axis=-2)
        best = paths.max(axis=-2) + scores[t]
        finals = np.where((lengths == t + 1)[:, None, None], best, finals)
    tags = np.zeros((size, count, labels), dtype=np.int64)
    current = (finals + END).argmax(axis=-1)
    for t in range(size - 1, -1, -1):
        inside = (t < lengths)[:, None]
        tags[t] = np.where(inside, current, O)
        stepped = np.take_along_axis(back[t], current[..., None], axis=-1)[..., 0]
        current = np.where(inside & (t > 0), stepped, current)
    return tags
