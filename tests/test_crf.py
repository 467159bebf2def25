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
def case() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Scores of ten tokens: paragraphs of four, one and two, with tokens outside between and after them."""
    random = np.random.default_rng(3)
    scores = random.normal(size=(10, 2, 5)).astype(np.float32)
    return scores, np.array([0, 5, 7]), np.array([4, 1, 2]), random.normal(size=(2, 5, 5)).astype(np.float32)


Case = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def test_against_all_paths(case: Case) -> None:
    scores, starts, lengths, learned = case
    total, marginals, expected = crf.forward_backward(*case)
    best = crf.viterbi(*case)
    moves, logs = np.zeros_like(expected), 0.0
    for (start, length), c in itertools.product(zip(starts, lengths, strict=True), range(2)):
        paths = _paths(length)
        values = np.array([
            sum(scores[start + t, c, tag] for t, tag in enumerate(path))
            + sum(learned[c, a, b] for a, b in itertools.pairwise(path))
            for path in paths
        ])  # fmt: skip
        weights = np.exp(values) / np.exp(values).sum()
        logs += np.log(np.exp(values).sum())
        assert tuple(best[start : start + length, c]) == paths[int(values.argmax())]
        for t in range(length):
            wanted = [sum(w for w, path in zip(weights, paths, strict=True) if path[t] == tag) for tag in range(5)]
            assert marginals[start + t, c] == pytest.approx(wanted, abs=1e-4)
        for weight, path in zip(weights, paths, strict=True):
            for a, b in itertools.pairwise(path):
                moves[c, a, b] += weight
    assert total == pytest.approx(logs, abs=1e-4)
    assert expected == pytest.approx(moves, abs=1e-3)


def test_tokens_outside_paragraphs_count_for_nothing(case: Case) -> None:
    scores, starts, lengths, learned = case
    total, marginals, expected = crf.forward_backward(*case)
    outside = [4, 6, 9]
    beside = scores.copy()
    beside[outside] = 1e6
    again = crf.forward_backward(beside, starts, lengths, learned)
    assert again[0] == total
    assert np.array_equal(again[1], marginals)
    assert np.array_equal(again[2], expected)
    assert not marginals[outside].any()
    assert not crf.viterbi(beside, starts, lengths, learned)[outside].any()


def test_paragraphs_alone_or_together(case: Case) -> None:
    scores, starts, lengths, learned = case
    together = crf.forward_backward(*case)
    alone = [
        crf.forward_backward(scores[s : s + n], np.array([0]), np.array([n]), learned)
        for s, n in zip(starts, lengths, strict=True)
    ]
    assert together[0] == pytest.approx(sum(total for total, _, _ in alone), abs=1e-9)
    for (_, marginals, _), start, length in zip(alone, starts, lengths, strict=True):
        assert together[1][start : start + length] == pytest.approx(marginals, abs=1e-7)


def test_scores_of_any_size_stay_finite(case: Case) -> None:
    scores, starts, lengths, learned = case
    total, marginals, expected = crf.forward_backward(scores * 1000, starts, lengths, learned)
    assert np.isfinite(total)
    assert np.isfinite(marginals).all()
    assert np.isfinite(expected).all()


def test_certainty_is_the_marginal_of_the_tag_where_a_label_has_a_span(case: Case) -> None:
    tags = np.zeros((10, 2), dtype=np.int64)
    tags[1:3, 1] = crf.B, crf.L
    tags[5, 0] = crf.U
    _, marginals, _ = crf.forward_backward(*case)
    sure = crf.certainty(*case, tags)
    wanted = np.take_along_axis(marginals, tags[..., None], axis=-1)[..., 0]
    assert sure[:4, 1] == pytest.approx(wanted[:4, 1], abs=1e-7)
    assert sure[5, 0] == pytest.approx(wanted[5, 0], abs=1e-7)
    assert not sure[:4, 0].any()
    assert not sure[4:, 1].any()
    assert not sure[6:].any()
