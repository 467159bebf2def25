import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ie import beliefs
from ie.candidates import Pairs, relation_names
from ie.spans import Key

COUNT = len(relation_names())
PART_OF = relation_names().index("PART_OF")
LABELS = ("QUANTITY", "PLACE", "QUANTITY", "QUANTITY", "PLACE", "QUANTITY")


def _pairs(links: list[tuple[int, int]], allowed: np.ndarray) -> Pairs:
    spans = tuple(Key(label, at, at + 1) for at, label in enumerate(LABELS))
    head, tail = (np.array(column, dtype=np.int64) for column in zip(*links, strict=True))
    return Pairs(spans, head, tail, np.zeros((len(links), 1)), allowed)


def _slowly(links: list[tuple[int, int]], belief: np.ndarray, allowed: np.ndarray) -> np.ndarray:
    """Work the blocks out pair by pair."""
    rows = []
    for at, (head, tail) in enumerate(links):
        others = [k for k in range(len(links)) if k != at]
        from_head = sum((belief[k] for k in others if links[k][0] == head), np.zeros(COUNT))
        to_tail = sum((belief[k] for k in others if links[k][1] == tail), np.zeros(COUNT))
        to_head = sum((belief[k] for k in range(len(links)) if links[k][1] == head), np.zeros(COUNT))
        from_tail = sum((belief[k] for k in range(len(links)) if links[k][0] == tail), np.zeros(COUNT))
        kin = [k for k in range(len(links)) if links[k][0] == head and allowed[k, PART_OF]]
        through = np.zeros(COUNT)
        if kin:
            best = max(kin, key=lambda k: belief[k].max())
            via = [k for k in range(len(links)) if links[k] == (links[best][1], tail)]
            if via:
                through = belief[via[0]] * belief[best].max()
        before = [k for k in range(head) if LABELS[k] == LABELS[head]][-1:]
        after = [k for k in range(head + 1, len(LABELS)) if LABELS[k] == LABELS[head]][:1]
        alike, next_alike = (
            sum((belief[k] for k in range(len(links)) if links[k] in [(b, tail) for b in beside]), np.zeros(COUNT))
            for beside in (before, after)
        )
        other = sum((belief[k] for k in range(len(links)) if links[k][0] in before), np.zeros(COUNT)) - alike
        blocks = [belief[at], from_head, to_tail, to_head, from_tail, through, alike, next_alike, other]
        rows.append(np.concatenate(blocks))
    return np.minimum(np.array(rows), beliefs.MOST)


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[tuple[int, int]], np.ndarray, np.ndarray]:
    every = [(a, b) for a in range(6) for b in range(6) if a != b]
    links = sorted(draw(st.lists(st.sampled_from(every), min_size=1, max_size=20, unique=True)))
    random = np.random.default_rng(draw(st.integers(0, 1000)))
    return links, random.normal(size=(len(links), COUNT)).astype(np.float32), random.random((len(links), COUNT)) < 0.7


@given(cases())
def test_blocks_are_what_a_walk_over_all_pairs_gives(
    case: tuple[list[tuple[int, int]], np.ndarray, np.ndarray],
) -> None:
    links, scores, allowed = case
    belief = allowed / (1 + np.exp(-scores))
    found = beliefs.of([_pairs(links, allowed)], scores)
    assert found == pytest.approx(_slowly(links, belief, allowed), abs=1e-5)
    rows = np.arange(0, len(links), 2)
    assert np.array_equal(beliefs.of([_pairs(links, allowed)], scores, rows), found[rows])


def test_documents_of_a_batch_keep_apart() -> None:
    links = [(0, 1), (1, 2), (2, 0)]
    allowed = np.ones((3, COUNT), dtype=bool)
    scores = np.random.default_rng(1).normal(size=(6, COUNT)).astype(np.float32)
    one, two = (_pairs(links, allowed) for _ in range(2))
    together = beliefs.of([one, two], scores)
    assert together[:3] == pytest.approx(beliefs.of([one], scores[:3]))
    assert together[3:] == pytest.approx(beliefs.of([two], scores[3:]))
