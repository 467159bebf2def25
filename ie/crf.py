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
    ends = lengths.repeat(labels)
    inside = np.arange(size)[:, None] < ends
    emit, top = _emissions(_flat(scores), inside)
    moves = _probable(learned, count)
    alpha, scale = _forwards(emit, moves)
    beta, reach = _backwards(emit, scale, moves, inside)
    last = (alpha * beta)[ends - 1, :, np.arange(count * labels)].sum(axis=1) + TINY
    total = np.where(inside, np.log(scale) + top, 0.0).sum(axis=0) + np.log(last)
    expected = _expected(alpha[:-1], reach[:-1], moves, inside[1:], labels)
    marginals = _joint(alpha, beta, inside).transpose(0, 2, 1).reshape(scores.shape)
    return total.reshape(count, labels), marginals.astype(np.float32), expected


def certainty(scores: np.ndarray, lengths: np.ndarray, learned: np.ndarray, tags: np.ndarray) -> np.ndarray:
    """Return the probability `(T, N, C)` of each of the `tags`, worked out where a paragraph has a span of the label.

    Elsewhere it stays 0: most labels have no span in most paragraphs.
    """
    size, count, labels, _ = scores.shape
    flat = tags.reshape(size, -1)
    busy = np.flatnonzero(flat.any(axis=0))
    sure = np.zeros(flat.shape, dtype=np.float32)
    if len(busy):
        inside = np.arange(size)[:, None] < lengths.repeat(labels)[busy]
        emit, _ = _emissions(_flat(scores)[..., busy], inside)
        moves = np.ascontiguousarray(_probable(learned, count)[..., busy])
        alpha, scale = _forwards(emit, moves)
        joint = _joint(alpha, _backwards(emit, scale, moves, inside)[0], inside)
        sure[:, busy] = np.take_along_axis(joint, flat[:, None, busy], axis=1)[:, 0]
    return sure.reshape(tags.shape)


def _flat(scores: np.ndarray) -> np.ndarray:
    """Return `(T, N, C, K)` scores as `(T, K, N * C)`."""
    size, count, labels, tags = scores.shape
    return scores.reshape(size, count * labels, tags).transpose(0, 2, 1)


def _probable(learned: np.ndarray, count: int) -> np.ndarray:
    """Return the weights of the moves from tag to tag, `(K, K, N * C)` for N paragraphs."""
    return _side_by_side(np.exp(learned.astype(np.float64)) * (ALLOWED == 0), count)


def _forwards(emit: np.ndarray, moves: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the scaled forward probabilities `(T, K, M)` and what each position was scaled by `(T, M)`."""
    alpha, scale = np.empty_like(emit), np.empty((len(emit), emit.shape[2]))
    current = emit[0] * (START == 0)[:, None]
    for t in range(len(emit)):
        if t:
            current = (current[:, None] * moves).sum(axis=0) * emit[t]
        scale[t] = current.sum(axis=0) + TINY
        alpha[t] = current = current / scale[t]
    return alpha, scale


def _backwards(
    emit: np.ndarray, scale: np.ndarray, moves: np.ndarray, inside: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the scaled backward probabilities `(T, K, M)` and what each position hands to the one before it."""
    final = (END == 0).astype(np.float64)[:, None]
    beta, reach = np.empty_like(emit), np.zeros_like(emit)
    beta[-1] = current = np.broadcast_to(final, emit[0].shape)
    for t in range(len(emit) - 2, -1, -1):
        reach[t] = emit[t + 1] * current / scale[t + 1]
        current = np.where(inside[t + 1], (moves * reach[t]).sum(axis=1), final)
        beta[t] = current
    return beta, reach


def _joint(alpha: np.ndarray, beta: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Return the marginals `(T, K, M)`, zero beyond the end of a paragraph."""
    joint = alpha * beta
    joint *= (inside / (joint.sum(axis=1) + TINY))[:, None]
    return joint


def _emissions(scores: np.ndarray, inside: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return `(T, K, M)` exponentials of the scores over their best tag, and the best scores `(T, M)`."""
    flat = np.where(inside[:, None], scores.astype(np.float64), 0.0)
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
    flat = np.ascontiguousarray(_flat(scores))
    moves = _side_by_side(learned + ALLOWED, count)
    ends = lengths.repeat(labels)
    best = np.empty_like(flat)
    best[0] = flat[0] + START[:, None]
    for t in range(1, size):
        best[t] = (best[t - 1][:, None] + moves).max(axis=0) + flat[t]
    column = np.arange(count * labels)
    current = (best[ends - 1, :, column].T + END[:, None]).argmax(axis=0)
    found = np.zeros((size, count * labels), dtype=np.int64)
    for t in range(size - 1, -1, -1):
        held = t < ends
        found[t] = np.where(held, current, O)
        if t:
            paths = best[t - 1] + moves[:, current, column]
            # Of equal tags the last.
            current = np.where(held, tags - 1 - paths[::-1].argmax(axis=0), current)
    return found.reshape(size, count, labels)
