import numpy as np

from ie.reach import in_reach, reach
from ie.schema import schema

LABELS = {label: index for index, label in enumerate(schema().labels)}


def _within(head: tuple[str, int, int], tail: tuple[str, int, int], *, sentences: int = 0) -> bool:
    labels = np.array([LABELS[head[0]], LABELS[tail[0]]])
    starts, ends = np.array([head[1], tail[1]]), np.array([head[2], tail[2]])
    return _first_to_second(labels, starts, ends, np.zeros(2, dtype=int), np.array([0, sentences]))


def _first_to_second(*spans: np.ndarray) -> bool:
    return bool(in_reach(*spans, np.array([0]), np.array([1]))[0])


def test_reach_is_given_for_the_pairs_of_the_schema_alone() -> None:
    rules, limits = schema(), reach()
    for head, i in LABELS.items():
        for tail, j in LABELS.items():
            wanted = any(rules.allows(name, head, tail) for name in rules.relations)
            given = any(table[i, j].any() for table in limits)
            assert given == wanted, (head, tail)


def test_a_unit_stands_near_its_number_in_the_same_sentence() -> None:
    assert _within(("QUANTITY", 0, 1), ("UNIT", 1, 2))
    assert not _within(("QUANTITY", 0, 1), ("UNIT", 40, 41))
    assert not _within(("QUANTITY", 0, 1), ("UNIT", 5, 6), sentences=1)


def test_a_place_inside_its_project_is_in_reach() -> None:
    assert _within(("PROJECT", 0, 9), ("PLACE", 4, 6))
    assert not _within(("PLACE", 4, 6), ("PROJECT", 0, 9))


def test_a_lead_in_is_above_its_items_never_below() -> None:
    labels = np.array([LABELS["QUANTITY"], LABELS["PERIOD"]])
    starts, sentences = np.array([50, 3]), np.array([4, 0])
    for rows, wanted in (((3, 1), True), ((1, 3), False), ((20, 1), False)):
        assert _first_to_second(labels, starts, starts + 1, np.array(rows), sentences) == wanted
