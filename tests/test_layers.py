import numpy as np
import pytest
from thinc.api import HashEmbed, Linear, Model, Ragged, chain, use_ops

from ie.layers import columns_once, dilated_step, hash_embed, layer_norm, mish, normed_maxout, rows_once


@pytest.fixture
def rows() -> np.ndarray:
    return np.random.default_rng(5).normal(scale=4, size=(17, 6)).astype(np.float32)


@pytest.mark.parametrize(
    "layer",
    [
        normed_maxout(nO=4, nI=6, nP=3),
        layer_norm(6),
        mish(nO=4, nI=6),
        dilated_step(width=6, distance=1, pieces=3),
        dilated_step(width=6, distance=8, pieces=2),
        dilated_step(width=6, distance=40, pieces=2),
    ],
)
@pytest.mark.parametrize("block", [4, 17, 256])
def test_predicts_what_it_learned_with(
    layer: Model, rows: np.ndarray, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ie.layers.ROWS", block)
    with use_ops("numpy"):
        layer.initialize()
        for node in layer.walk():
            for name in node.param_names:
                node.set_param(name, np.random.default_rng(1).normal(size=node.get_param(name).shape).astype("f"))
        learned, _ = layer(rows, is_train=True)
        assert layer.predict(rows) == pytest.approx(learned, abs=1e-5)
        assert layer.predict(rows[:0]).shape == learned[:0].shape


def test_ids_are_embedded_as_they_were_learned_with() -> None:
    layer = hash_embed(nO=4, nV=50, column=1, seed=3)
    layer.initialize()
    table = np.random.default_rng(2).integers(0, 2**40, size=(9, 3)).astype(np.uint64)
    learned, _ = layer(table, is_train=True)
    assert layer.predict(table) == pytest.approx(learned)
    assert layer.predict(table) == pytest.approx(_thinc_predicts(layer, table))
    assert layer.predict(table[:0]).shape == (0, 4)


def _thinc_predicts(layer: Model, table: np.ndarray) -> np.ndarray:
    standard = HashEmbed(nO=4, nV=50, column=1, seed=3)
    standard.initialize()
    return standard.from_bytes(layer.to_bytes()).predict(table)


def test_mish_of_large_values_is_the_value_and_of_small_ones_nothing() -> None:
    layer = mish(nO=1, nI=1)
    layer.initialize()
    layer.set_param("W", np.ones((1, 1), dtype="f"))
    assert layer.predict(np.array([[1e4], [-1e4]], dtype="f")).ravel().tolist() == [1e4, 0.0]


def test_a_layer_that_predicted_cannot_learn_from_it(rows: np.ndarray) -> None:
    layer = layer_norm(6)
    layer.initialize()
    _, backprop = layer(rows, is_train=False)
    with pytest.raises(NotImplementedError, match="is_train=True"):
        backprop(rows)


def _embed() -> Model:
    return chain(HashEmbed(nO=4, nV=50, column=1, seed=3), Linear(nO=3, nI=4))


def test_equal_rows_are_predicted_once_and_alike() -> None:
    seen: list[int] = []

    def counted(model: Model, X: np.ndarray, is_train: bool):  # type: ignore[no-untyped-def]
        seen.append(len(X))
        return X[:, :1].astype("f"), lambda dY: dY

    ids = np.array([[1, 2], [3, 4], [1, 2], [1, 4], [3, 4]], dtype=np.uint64)
    given = Ragged(ids, np.array([2, 3], dtype="i"))
    found = rows_once(Model("counted", counted)).predict(given)
    assert seen == [3]
    assert found.dataXd.ravel().tolist() == [1, 3, 1, 1, 3]
    assert found.lengths.tolist() == [2, 3]


def test_rows_once_learns_from_every_row() -> None:
    ids = np.array([[1, 2], [3, 4], [1, 2]], dtype=np.uint64)
    given = Ragged(ids, np.array([3], dtype="i"))
    layer = rows_once(_embed())
    layer.initialize(X=given)
    learned, backprop = layer(given, is_train=True)
    assert layer.predict(given).dataXd == pytest.approx(learned.dataXd, abs=1e-6)
    backprop(Ragged(np.ones((3, 3), dtype="f"), given.lengths))
    linear = layer.layers[0].layers[-1]
    assert linear.get_grad("b").tolist() == [3.0, 3.0, 3.0]


def test_columns_say_what_their_layers_say_row_by_row() -> None:
    layers = [hash_embed(nO=4, nV=50, column=column, seed=3 + column) for column in range(2)]
    for layer in layers:
        layer.initialize()
    table = np.array([[5, 1], [6, 1], [5, 2], [7, 1], [6, 9]], dtype=np.uint64)
    found = np.ones((5, 4), dtype="f")
    columns_once(layers, table, found)
    assert found == pytest.approx(1 + sum(layer.predict(table) for layer in layers))


def test_columns_of_no_rows_say_nothing() -> None:
    layer = hash_embed(nO=4, nV=50, column=0, seed=3)
    layer.initialize()
    found = np.zeros((0, 4), dtype="f")
    columns_once([layer], np.zeros((0, 1), dtype=np.uint64), found)
    assert found.shape == (0, 4)
