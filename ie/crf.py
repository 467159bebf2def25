"""Linear-chain conditional random fields over BILUO tags, one a label, run side by side.

All labels and all paragraphs of a batch go through one recursion over positions, so the cost in Python grows with the
longest paragraph, not with the text. Lafferty, McCallum and Pereira (2001), https://dl.acm.org/doi/10.5555/645530.655813.
Shapes: S tokens, C labels, K tags; N paragraphs `[start, start + length)` of the tokens, in their order. A field is one
label of one paragraph. Fields are laid out step by step, the longest first, so nothing is padded (`_Cells`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

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
# Without the Python around them: there are thousands of small steps.
_add, _most = np.add.reduce, np.maximum.reduce
START = np.array([0, 0, NEVER, NEVER, 0], dtype=np.float32)
END = np.array([0, NEVER, NEVER, 0, 0], dtype=np.float32)


def transitions(labels: int) -> Model:
    """Return a layer that holds the learned transition scores, `(labels, 5, 5)`, zero at first."""
    return Model("ie_transitions", _no_forward, params={"T": np.zeros((labels, 5, 5), dtype=np.float32)})


def _no_forward(model: Model, X: object, is_train: bool):  # type: ignore[no-untyped-def]
    raise NotImplementedError("the transitions are read by ie.entities, not run as a layer")


class _Cells(NamedTuple):
    """The positions of M fields: all first ones, then all second ones, and so on; longer fields before shorter."""

    token: np.ndarray
    label: np.ndarray
    field: np.ndarray
    """Of each cell."""
    firsts: list[int]
    """The first cell of each step and, one longer, the end."""
    label_of_field: np.ndarray
    last: np.ndarray
    """The last cell of each field."""

    def steps(self) -> Iterator[tuple[slice, slice]]:
        """Yield the cells of each step but the first, and the cells of the same fields one step before."""
        for before, now, end in zip(self.firsts, self.firsts[1:], self.firsts[2:], strict=False):
            yield slice(now, end), slice(before, before + end - now)


def _cells(starts: np.ndarray, lengths: np.ndarray, labels: np.ndarray) -> _Cells:
    """Lay out fields given by first token, length and label `(M,)`."""
    order = np.argsort(-lengths, kind="stable")
    starts, lengths, labels = starts[order], lengths[order], labels[order]
    active = len(lengths) - np.searchsorted(lengths[::-1], np.arange(lengths[0]), side="right")
    firsts = np.concatenate([[0], np.cumsum(active)])
    step = np.repeat(np.arange(len(active)), active)
    field = np.arange(firsts[-1]) - firsts[step]
    last = firsts[lengths - 1] + np.arange(len(lengths))
    return _Cells(starts[field] + step, labels[field], field, firsts.tolist(), labels, last)


def _all_fields(starts: np.ndarray, lengths: np.ndarray, labels: int) -> _Cells:
    return _cells(starts.repeat(labels), lengths.repeat(labels), np.tile(np.arange(labels), len(starts)))


def forward_backward(
    scores: np.ndarray, starts: np.ndarray, lengths: np.ndarray, learned: np.ndarray
) -> tuple[float, np.ndarray, np.ndarray]:
    """Return the sum of log Z, tag marginals `(S, C, K)`, 0 outside paragraphs, and expected transitions `(C, K, K)`.

    Works on scaled probabilities in float64, as Rabiner (1989) does for hidden Markov models: no exponential and no
    logarithm inside the recursion.
    """
    cells = _all_fields(starts, lengths, scores.shape[1])
    emit, top = _emissions(scores, cells)
    moves = _probable(learned, cells)
    alpha, scale = _forwards(emit, moves, cells)
    beta = _backwards(emit / scale, moves, cells)
    last = (alpha * beta)[:, cells.last].sum(axis=0) + TINY
    total = float(np.log(scale).sum() + top.sum() + np.log(last).sum())
    marginals = np.zeros(scores.shape, dtype=np.float32)
    marginals[cells.token, cells.label] = _joint(alpha, beta).T
    return total, marginals, _expected(alpha, beta * emit, moves, cells)


def certainty(
    scores: np.ndarray, starts: np.ndarray, lengths: np.ndarray, learned: np.ndarray, tags: np.ndarray
) -> np.ndarray:
    """Return the probability `(S, C)` of each of the `tags`, worked out where a paragraph has a span of the label.

    Elsewhere it stays 0: most labels have no span in most paragraphs.
    """
    sure = np.zeros(tags.shape, dtype=np.float32)
    paragraph, label = np.nonzero(np.add.reduceat(tags != O, starts, axis=0))
    if len(paragraph):
        cells = _cells(starts[paragraph], lengths[paragraph], label)
        emit, _ = _emissions(scores, cells)
        moves = _probable(learned, cells)
        alpha, scale = _forwards(emit, moves, cells)
        joint = _joint(alpha, _backwards(emit / scale, moves, cells))
        where = cells.token, cells.label
        sure[where] = joint[tags[where], np.arange(len(cells.token))]
    return sure


def _emissions(scores: np.ndarray, cells: _Cells) -> tuple[np.ndarray, np.ndarray]:
    """Return exponentials of the scores over their best tag, `(K, cells)`, and the best scores."""
    flat = np.ascontiguousarray(scores[cells.token, cells.label].T, dtype=np.float64)
    top = flat.max(axis=0)
    return np.exp(np.maximum(flat - top, FLOOR)), top


def _probable(learned: np.ndarray, cells: _Cells) -> np.ndarray:
    """Return the weights of the moves from tag to tag, `(K, K, M)`."""
    return _of_fields(np.exp(learned.astype(np.float64)) * (ALLOWED == 0), cells)


def _of_fields(moves: np.ndarray, cells: _Cells) -> np.ndarray:
    """Return `(C, K, K)` transitions as those of each field, `(K, K, M)`."""
    return np.ascontiguousarray(moves.transpose(1, 2, 0)[..., cells.label_of_field])


def _forwards(emit: np.ndarray, moves: np.ndarray, cells: _Cells) -> tuple[np.ndarray, np.ndarray]:
    """Return the scaled forward probabilities `(K, cells)` and what each cell was scaled by."""
    alpha, scale = np.empty_like(emit), np.empty(emit.shape[1])
    now = slice(0, cells.firsts[1])
    step = emit[:, now] * (START == 0)[:, None]
    scale[now] = total = _add(step, axis=0) + TINY
    alpha[:, now] = step / total
    for now, before in cells.steps():
        step = _add(alpha[:, None, before] * moves[..., : now.stop - now.start], axis=0)
        step *= emit[:, now]
        scale[now] = total = _add(step, axis=0) + TINY
        np.divide(step, total, out=alpha[:, now])
    return alpha, scale


def _backwards(emit: np.ndarray, moves: np.ndarray, cells: _Cells) -> np.ndarray:
    """Return the scaled backward probabilities `(K, cells)`; `emit` is over what the forward ones are scaled by."""
    beta = np.repeat((END == 0).astype(np.float64)[:, None], emit.shape[1], axis=1)
    for now, before in reversed([*cells.steps()]):
        handed = emit[:, now] * beta[:, now]
        _add(moves[..., : now.stop - now.start] * handed, axis=1, out=beta[:, before])
    return beta


def _joint(alpha: np.ndarray, beta: np.ndarray) -> np.ndarray:
    """Return the marginals `(K, cells)`."""
    joint = alpha * beta
    joint /= joint.sum(axis=0) + TINY
    return joint


def _expected(alpha: np.ndarray, handed: np.ndarray, moves: np.ndarray, cells: _Cells) -> np.ndarray:
    """Return `(C, K, K)`: how often each transition is expected, over all paragraphs and positions."""
    labels, tags = int(cells.label.max()) + 1, len(moves)
    now = np.arange(cells.firsts[1], len(cells.field))
    before = now - np.repeat(np.diff(cells.firsts[:-1]), np.diff(cells.firsts[1:]))
    found = np.zeros((labels, tags, tags))
    for label in range(labels):
        mine = cells.label[now] == label
        field = int(np.flatnonzero(cells.label_of_field == label)[0])
        a, b, move = alpha[:, before[mine]], handed[:, now[mine]], moves[..., field]
        mass = np.einsum("in,ij,jn->n", a, move, b, optimize=True) + TINY
        found[label] = (a / mass) @ b.T * move
    return found


def viterbi(scores: np.ndarray, starts: np.ndarray, lengths: np.ndarray, learned: np.ndarray) -> np.ndarray:
    """Return the best well-formed tags `(S, C)`; O outside paragraphs."""
    cells = _all_fields(starts, lengths, scores.shape[1])
    moves = _of_fields(learned + ALLOWED, cells)
    emit = np.ascontiguousarray(scores[cells.token, cells.label].T)
    tags = np.zeros(scores.shape[:2], dtype=np.int64)
    tags[cells.token, cells.label] = _traced(_best(emit, moves, cells), moves, cells)
    return tags


def _best(emit: np.ndarray, moves: np.ndarray, cells: _Cells) -> np.ndarray:
    """Return the score `(K, cells)` of the best path to each tag of each cell."""
    best = emit.copy()
    best[:, : cells.firsts[1]] += START[:, None]
    for now, before in cells.steps():
        best[:, now] += _most(best[:, None, before] + moves[..., : now.stop - now.start], axis=0)
    return best


def _traced(best: np.ndarray, moves: np.ndarray, cells: _Cells) -> np.ndarray:
    """Return the tags `(cells,)` of the best paths, followed back from their ends."""
    found = np.empty(best.shape[1], dtype=np.int64)
    found[cells.last] = (best[:, cells.last] + END[:, None]).argmax(axis=0)
    fields = np.arange(len(cells.last))
    for now, before in reversed([*cells.steps()]):
        paths = best[:, before] + moves[:, found[now], fields[: now.stop - now.start]]
        # Of equal tags the last.
        found[before] = len(best) - 1 - paths[::-1].argmax(axis=0)
    return found
