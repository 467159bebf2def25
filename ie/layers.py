"""Layers of thinc that predict faster: without what only learning needs, and each kind of row worked out once.

They have the nodes, weights and training of the layers they stand for. What they predict is the same but for rounding.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from thinc.api import Dropout, HashEmbed, LayerNorm, Maxout, Mish, Model, chain, residual
from thinc.layers.array_getitem import ints_getitem
from thinc.layers.hashembed import forward as learn_hash_embed
from thinc.layers.layernorm import forward as learn_norm
from thinc.layers.maxout import forward as learn_maxout
from thinc.layers.mish import forward as learn_mish
from thinc.layers.residual import forward as learn_residual
from thinc.types import Floats2d, Ints1d, Ragged

from ie.hashing import mixed

ROWS = 256
"""How many rows are worked out together: so few that what stands between the layers stays in the core's own cache."""


def normed_maxout(*, nO: int, nI: int | None, nP: int) -> Model[Floats2d, Floats2d]:
    """Return `Maxout(normalize=True, dropout=0.0)`: the best of `nP` linear maps, normalised."""
    layer = _quick(Maxout(nO=nO, nI=nI, nP=nP), _maxout)
    return chain(chain(layer, layer_norm(nO)), Dropout(0.0))


def layer_norm(width: int) -> Model[Floats2d, Floats2d]:
    """Return `LayerNorm(width)`."""
    return _quick(LayerNorm(nI=width), _norm)


def mish(*, nO: int, nI: int) -> Model[Floats2d, Floats2d]:
    """Return `Mish(nO, nI)`: a linear map and the activation of Misra (2019), https://arxiv.org/abs/1908.08681."""
    return _quick(Mish(nO=nO, nI=nI), _mish)


def hash_embed(*, nO: int, nV: int, column: int, seed: int, dropout: float | None = None) -> Model[Any, Floats2d]:
    """Return `HashEmbed(nO, nV, column=column)`: an id is the sum of the vectors that its four hashes name."""
    layer = HashEmbed(nO=nO, nV=nV, seed=seed, dropout=dropout)
    return chain(ints_getitem((slice(0, None), column)), _quick(layer, _hash_embed))


def _quick(layer: Model, forward: Callable) -> Model:
    """Return a layer with the dimensions, weights and start of `layer` that goes another way."""
    dims = {name: layer.get_dim(name) if layer.has_dim(name) else None for name in layer.dim_names}
    params = dict.fromkeys(layer.param_names)
    attrs, parts = dict(layer.attrs), list(layer.layers)
    return Model(layer.name, forward, init=layer.init, dims=dims, params=params, attrs=attrs, layers=parts)


def _hash_embed(model: Model, ids: Ints1d, is_train: bool):  # type: ignore[no-untyped-def]
    if is_train or not len(ids):
        return learn_hash_embed(model, ids, is_train)
    E = model.get_param("E")
    keys = model.ops.hash(np.ascontiguousarray(ids, dtype=np.uint64), model.attrs["seed"]) % len(E)
    Y = E.take(keys[:, 0], axis=0)
    for column in range(1, keys.shape[1]):
        Y += E.take(keys[:, column], axis=0)
    return Y, not_learned


def _maxout(model: Model, X: Floats2d, is_train: bool):  # type: ignore[no-untyped-def]
    if is_train:
        return learn_maxout(model, X, is_train)
    maps = _Maps(model)
    best = model.ops.alloc2f(len(X), model.get_dim("nO"), zeros=False)
    for rows in _blocks(len(X)):
        maps.best(X[rows], best[rows])
    return best, not_learned


def _norm(model: Model, X: Floats2d, is_train: bool):  # type: ignore[no-untyped-def]
    if is_train:
        return learn_norm(model, X, is_train)
    Y = X.copy()
    _normalise(model, Y)
    return Y, not_learned


def _normalise(model: Model, Y: Floats2d) -> None:
    """Normalise rows where they stand."""
    Y -= Y.mean(axis=1, keepdims=True)
    spread = np.einsum("ij,ij->i", Y, Y) / Y.shape[1] + 1e-8
    Y *= (spread**-0.5)[:, None]
    Y *= model.get_param("G")
    Y += model.get_param("b")


class _Maps:
    """The linear maps of a maxout layer: all first ones side by side, then all second ones.

    So the best of them is found between whole blocks.
    """

    def __init__(self, model: Model) -> None:
        W, b, self.gemm = model.get_param("W"), model.get_param("b"), model.ops.gemm
        self.width, pieces = W.shape[:2]
        self.W = np.concatenate([W[:, piece] for piece in range(pieces)]).T
        self.b = np.concatenate([b[:, piece] for piece in range(pieces)])
        self.room = np.empty((ROWS, len(self.b)), dtype=np.float32)

    def best(self, X: Floats2d, out: Floats2d) -> None:
        """Write the best maps of at most ROWS rows to `out`."""
        Y = self.gemm(X, self.W, out=self.room[: len(X)])
        Y += self.b
        out[:] = Y[:, : self.width]
        for first in range(self.width, Y.shape[1], self.width):
            np.maximum(out, Y[:, first : first + self.width], out=out)


def _blocks(size: int) -> list[slice]:
    return [slice(first, min(first + ROWS, size)) for first in range(0, size, ROWS)]


def dilated_step(*, width: int, distance: int, pieces: int) -> Model[Floats2d, Floats2d]:
    """Return `residual(chain(window, normed_maxout))`: a row adds what it and those `distance` away from it say."""
    step = residual(chain(dilated_window(distance), normed_maxout(nO=width, nI=3 * width, nP=pieces)))
    return _quick(step, _step)


def dilated_window(distance: int) -> Model[Floats2d, Floats2d]:
    """Return a layer that sets beside each row the rows `distance` before and after it, zeros beyond the ends."""
    return Model("dilated_window", _window, attrs={"distance": distance})


def _window(model: Model, X: Floats2d, is_train: bool):  # type: ignore[no-untyped-def]
    far, width = model.attrs["distance"], X.shape[1]
    Y = model.ops.alloc2f(X.shape[0], 3 * width)
    Y[:, width : 2 * width] = X
    Y[far:, :width] = X[:-far]
    Y[:-far, 2 * width :] = X[far:]

    def backprop(dY: Floats2d) -> Floats2d:
        dX = dY[:, width : 2 * width].copy()
        dX[:-far] += dY[far:, :width]
        dX[far:] += dY[:-far, 2 * width :]
        return dX

    return Y, backprop


def _step(model: Model, X: Floats2d, is_train: bool):  # type: ignore[no-untyped-def]
    if is_train:
        return learn_residual(model, X, is_train)
    window, normed = model.layers[0].layers
    maxout, norm = normed.layers[0].layers
    maps, far, width = _Maps(maxout), window.attrs["distance"], X.shape[1]
    padded = model.ops.alloc2f(len(X) + 2 * far, width)
    padded[far : len(X) + far] = X
    beside = np.empty((ROWS, 3 * width), dtype=np.float32)
    out = model.ops.alloc2f(len(X), maps.width, zeros=False)
    for rows in _blocks(len(X)):
        near, Y = beside[: rows.stop - rows.start], out[rows]
        for place in range(3):
            at = place * far
            near[:, place * width : (place + 1) * width] = padded[rows.start + at : rows.stop + at]
        maps.best(near, Y)
        _normalise(norm, Y)
        Y += X[rows]
    return out, not_learned


def _mish(model: Model, X: Floats2d, is_train: bool):  # type: ignore[no-untyped-def]
    if is_train:
        return learn_mish(model, X, is_train)
    Y = model.ops.gemm(X, model.get_param("W"), trans2=True)
    Y += model.get_param("b")
    # tanh(log(1 + e)) with one exponential; past 20 it is 1 in float32.
    e = np.exp(np.minimum(Y, 20.0))
    e *= e + 2
    Y *= e / (e + 2)
    return Y, not_learned


def not_learned(gradient: Any) -> Any:
    """Refuse to learn from what was predicted."""
    raise NotImplementedError("the layer predicted; call it with is_train=True to learn")


def rows_once(layer: Model[Any, Floats2d]) -> Model[Ragged, Ragged]:
    """Return `with_array(layer)` for integer rows that predicts each kind of row once; half the tokens are repeats."""
    return Model(f"rows_once({layer.name})", _rows_once, init=_init_rows, layers=[layer], dims={"nO": None})


def _init_rows(model: Model, X: Ragged | None = None, Y: Ragged | None = None) -> None:
    layer = model.layers[0]
    layer.initialize(X=None if X is None else X.dataXd, Y=None if Y is None else Y.dataXd)


def _rows_once(model: Model, X: Ragged, is_train: bool):  # type: ignore[no-untyped-def]
    layer = model.layers[0]
    if not is_train:
        kinds, of_row = _kinds(X.dataXd)
        return Ragged(layer.predict(X.dataXd[kinds])[of_row], X.lengths), not_learned
    Y, back = layer(X.dataXd, is_train)

    def backprop(dY: Ragged) -> Ragged:
        return Ragged(back(dY.dataXd), dY.lengths)

    return Ragged(Y, X.lengths), backprop


def _kinds(table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return a row of each kind, and for every row the number of its kind; 64 bits stand for a row."""
    ids = mixed(np.zeros(len(table), dtype=np.uint64), *table.T)
    _, kinds, of_row = np.unique(ids, return_index=True, return_inverse=True)
    return kinds, of_row


def columns_once(layers: Sequence[Model], table: np.ndarray, into: Floats2d) -> None:
    """Add to `into` what the `hash_embed` layers say of the columns of `table`, each kind of id worked out once.

    `table` is `(rows, columns)` of ids, a column a layer; all columns are sorted in one call.
    """
    ids = np.ascontiguousarray(table.T)
    # Places in all columns one after the other: in one column at a time numpy is half as fast.
    order = ids.argsort(axis=1)
    order += np.arange(len(ids))[:, None] * ids.shape[1]
    ranked = ids.ravel().take(order)
    new = np.ones(ids.shape, dtype=bool)
    np.not_equal(ranked[:, 1:], ranked[:, :-1], out=new[:, 1:])
    kind_of = np.empty(ids.shape, dtype=np.int64)
    kind_of.ravel()[order] = np.cumsum(new, axis=1) - 1
    for layer, column, first, kind in zip(layers, ranked, new, kind_of, strict=True):
        into += _hash_embed(layer.layers[-1], column[first], False)[0].take(kind, axis=0)
