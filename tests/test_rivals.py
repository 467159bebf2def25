import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ie import rivals
from ie.candidates import Pairs, relation_names
from ie.spans import Key

LABELS = ("QUANTITY", "PLACE", "QUANTITY", "QUANTITY", "PLACE", "QUANTITY")
Links = list[tuple[int, int]]


def _pairs(links: Links) -> Pairs:
    spans = tuple(Key(label, at, at + 1) for at, label in enumerate(LABELS))
    head, tail = (np.array([link[end] for link in links], dtype=np.int64) for end in (0, 1))
    allowed = np.ones((len(links), len(relation_names())), dtype=bool)
    return Pairs(spans, head, tail, np.zeros((len(links), 1)), allowed)


def _slowly(links: Links, X: np.ndarray) -> np.ndarray:
    """Work the blocks out pair by pair."""
    rows = []
    for at, (head, tail) in enumerate(links):
        from_head = [k for k, (h, t) in enumerate(links) if h == head and LABELS[t] == LABELS[tail]]
        to_tail = [k for k, (h, t) in enumerate(links) if t == tail and LABELS[h] == LABELS[head]]
        blocks = [block for group in (from_head, to_tail) for block in (X[group].max(0) - X[at], X[group].mean(0))]
        rows.append(np.concatenate(blocks))
    return np.array(rows)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Links, np.ndarray]:
    every = [(a, b) for a in range(6) for b in range(6) if a != b]
    links = sorted(draw(st.lists(st.sampled_from(every), min_size=1, max_size=20, unique=True)))
    return links, np.random.default_rng(draw(st.integers(0, 1000))).normal(size=(len(links), 3))


@given(cases())
def test_blocks_are_what_a_walk_over_all_pairs_gives(case: tuple[Links, np.ndarray]) -> None:
    links, X = case
    assert rivals.beside([_pairs(links)], X)[0] == pytest.approx(_slowly(links, X))


@given(cases())
def test_gradients_are_those_of_small_steps(case: tuple[Links, np.ndarray]) -> None:
    links, X = case
    weights = np.random.default_rng(1).normal(size=(len(links), rivals.VIEWS * X.shape[1]))
    found = rivals.beside([_pairs(links)], X)[1](weights)
    for place in np.ndindex(*X.shape):
        step = np.zeros_like(X)
        step[place] = 1e-6
        rise = rivals.beside([_pairs(links)], X + step)[0] - rivals.beside([_pairs(links)], X - step)[0]
        assert found[place] == pytest.approx((rise * weights).sum() / 2e-6, abs=1e-4)


def test_equals_share_the_gradient_of_the_best() -> None:
    X = np.zeros((2, 1))
    weights = np.array([[1.0, 0, 0, 0], [1.0, 0, 0, 0]])
    assert rivals.beside([_pairs([(0, 1), (0, 4)])], X)[1](weights).tolist() == [[0.0], [0.0]]


def test_reports_of_a_batch_have_no_rivals_in_each_other() -> None:
    one, two = [(0, 1), (2, 1)], [(0, 1), (0, 4), (3, 1)]
    X = np.random.default_rng(0).normal(size=(5, 2))
    together = rivals.beside([_pairs(one), _pairs(two)], X)[0]
    assert together == pytest.approx(np.vstack([_slowly(one, X[:2]), _slowly(two, X[2:])]))


def test_no_pairs_have_no_rivals() -> None:
    empty = np.zeros((0, 3), dtype=np.float32)
    found, back = rivals.beside([_pairs([])], empty)
    assert found.shape == (0, rivals.VIEWS * 3)
    assert back(found).shape == (0, 3)
