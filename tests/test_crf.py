import itertools

import numpy as np
import pytest

from ie import crf


def _paths(length: int) -> list[tuple[int, ...]]:
    return [
        path
        for path in itertools.product(range(5), repeat=length)
        if crf.START[path[0]] == crf.END[path[-1]] == 0
        and all(crf.ALLOWED[a, b] == 0 for a, b in itertools.pairwise(path))
    ]  # fmt: skip


@pytest.fixture
def case() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(3)
    scores = random.normal(size=(4, 3, 2, 5)).astype(np.float32)
    return scores, np.array([4, 2, 1]), random.normal(size=(2, 5, 5)).astype(np.float32)


def test_against_all_paths(case: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    scores, lengths, learned = case
    total, marginals, expected = crf.forward_backward(scores, lengths, learned)
    best = crf.viterbi(scores, lengths, learned)
    moves = np.zeros_like(expected)
    for n, c in itertools.product(range(3), range(2)):
        paths = _paths(lengths[n])
        values = np.array([
            sum(scores[t, n, c, tag] for t, tag in enumerate(path))
            + sum(learned[c, a, b] for a, b in itertools.pairwise(path))
            for path in paths
        ])  # fmt: skip
        weights = np.exp(values) / np.exp(values).sum()
        assert total[n, c] == pytest.approx(np.log(np.exp(values).sum()), abs=1e-4)
        assert tuple(best[: lengths[n], n, c]) == paths[int(values.argmax())]
        for t in range(lengths[n]):
            wanted = [sum(w for w, path in zip(weights, paths, strict=True) if path[t] == tag) for tag in range(5)]
            assert marginals[t, n, c] == pytest.approx(wanted, abs=1e-4)
        for weight, path in zip(weights, paths, strict=True):
            for a, b in itertools.pairwise(path):
                moves[c, a, b] += weight
    assert expected == pytest.approx(moves, abs=1e-3)


def test_padding_changes_nothing(case: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    scores, _, learned = case
    alone = crf.forward_backward(scores[:2, 1:2], np.array([2]), learned)
    padded = crf.forward_backward(scores * 1000, np.array([4, 2, 1]), learned)
    assert np.isfinite(padded[1]).all()
    beside = scores.copy()
    beside[2:, 1] = 1e6
    together = crf.forward_backward(beside, np.array([4, 2, 1]), learned)
    assert together[1][:2, 1] == pytest.approx(alone[1][:, 0], abs=1e-5)


def test_certainty_is_the_marginal_of_the_tag_where_a_label_has_a_span(
    case: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    scores, lengths, learned = case
    tags = np.zeros((4, 3, 2), dtype=np.int64)
    tags[1:3, 0, 1] = crf.B, crf.L
    tags[0, 2, 0] = crf.U
    _, marginals, _ = crf.forward_backward(scores, lengths, learned)
    sure = crf.certainty(scores, lengths, learned, tags)
    busy = tags.any(axis=0)
    wanted = np.take_along_axis(marginals, tags[..., None], axis=-1)[..., 0]
    assert np.array_equal(sure[:, busy], wanted[:, busy])
    assert not sure[:, ~busy].any()
