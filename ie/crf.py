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
FLOOR = -300.0
"""Lowest log of an emission over that of the best tag: keeps a path open whatever the scores."""
TINY = 1e-300
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


def forward_backward(
    scores: np.ndarray, lengths: np.ndarray, learned: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return log Z `(N, C)`, tag marginals `(T, N, C, K)` and expected transitions `(C, K, K)`.

    Works on scaled probabilities in float64, as Rabiner (1989) does for hidden Markov models: no exponential and no
    logarithm inside the recursion. Padding holds scores that mean nothing and is left out of all three.
    """
    size, count, labels, _ = scores.shape
    inside = np.repeat((np.arange(size)[:, None] < lengths)[:, :, None], labels, axis=2).reshape(size, -1)
    emit, top = _emissions(scores, inside)
    moves = _side_by_side(np.exp(learned.astype(np.float64)) * (ALLOWED == 0), count)
    first, final = (START == 0)[:, None], (END == 0).astype(np.float64)[:, None]
    alpha, scale = np.empty_like(emit), np.empty(inside.shape)
    current = emit[0] * first
    for t in range(size):
        if t:
            current = (current[:, None] * moves).sum(axis=0) * emit[t]
        scale[t] = current.sum(axis=0) + TINY
        alpha[t] = current = current / scale[t]
    beta, reach = np.empty_like(emit), np.zeros_like(emit)
    beta[-1] = current = np.broadcast_to(final, emit[0].shape)
    for t in range(size - 2, -1, -1):
        reach[t] = emit[t + 1] * current / scale[t + 1]
        current = np.where(inside[t + 1], (moves * reach[t]).sum(axis=1), final)
        beta[t] = current
    last = (alpha * beta)[lengths.repeat(labels) - 1, :, np.arange(count * labels)].sum(axis=1) + TINY
    total = np.where(inside, np.log(scale) + top, 0.0).sum(axis=0) + np.log(last)
    joint = alpha * beta
    joint *= (inside / (joint.sum(axis=1) + TINY))[:, None]
    expected = _expected(alpha[:-1], reach[:-1], moves, inside[1:], labels)
    marginals = joint.transpose(0, 2, 1).reshape(scores.shape)
    return total.reshape(count, labels), marginals.astype(np.float32), expected


def _emissions(scores: np.ndarray, inside: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return `(T, K, N * C)` exponentials of the scores over their best tag, and the best scores `(T, N * C)`."""
    size, count, labels, tags = scores.shape
    flat = scores.reshape(size, count * labels, tags).transpose(0, 2, 1).astype(np.float64)
    flat = np.where(inside[:, None], flat, 0.0)
    top = flat.max(axis=1)
    return np.exp(np.maximum(flat - top[:, None], FLOOR)), top


def _side_by_side(moves: np.ndarray, count: int) -> np.ndarray:
    """Return `(C, K, K)` transitions as `(K, K, N * C)`, for N paragraphs."""
    return np.tile(moves.transpose(1, 2, 0), (1, 1, count))  # type: ignore[no-any-return]


def _expected(alpha: np.ndarray, reach: np.ndarray, moves: np.ndarray, inside: np.ndarray, labels: int) -> np.ndarray:
    """Return `(C, K, K)`: how often each transition is expected, over all paragraphs and positions."""
    if not len(alpha):
        return np.zeros((labels, moves.shape[0], moves.shape[1]))
    mass = np.zeros(inside.shape)
    for tag in range(len(moves)):
        mass += (alpha[:, tag, None] * moves[tag] * reach).sum(axis=1)
    weighted = alpha * (inside / (mass + TINY))[:, None]
    pairs = np.einsum("tim,tjm->ijm", weighted, reach, optimize=True) * moves
    return pairs.reshape(*moves.shape[:2], -1, labels).sum(axis=2).transpose(2, 0, 1)  # type: ignore[no-any-return]


def viterbi(scores: np.ndarray, lengths: np.ndarray, learned: np.ndarray) -> np.ndarray:
    """Return the best well-formed tags `(T, N, C)`; O beyond the end of a paragraph."""
    size, count, labels, tags = scores.shape
    flat = scores.reshape(size, count * labels, tags).transpose(0, 2, 1)
    moves = _side_by_side(learned + ALLOWED, count)
    ends = lengths.repeat(labels)
    back = np.zeros((size, tags, count * labels), dtype=np.int8)
    best = flat[0] + START[:, None]
    finals = np.where(ends == 1, best, 0.0)
    for t in range(1, size):
        paths = best[:, None] + moves
        best = paths.max(axis=0)
        for tag in range(1, tags):
            back[t][paths[tag] == best] = tag
        best = best + flat[t]
        finals = np.where(ends == t + 1, best, finals)
    found = np.zeros((size, count * labels), dtype=np.int64)
    current = (finals + END[:, None]).argmax(axis=0)
    column = np.arange(count * labels)
    for t in range(size - 1, -1, -1):
        held = t < ends
        found[t] = np.where(held, current, O)
        current = np.where(held & (t > 0), back[t, current, column], current)
    return found.reshape(size, count, labels)
