"""What the spans alone say of places inside names, and what follows from other relations."""

from __future__ import annotations

import numpy as np
import pytest

from ie.candidates import Pairs, relation_names
from ie.decode import decode
from ie.place_owners import settled, through_projects
from ie.spans import Key, Link

# Dự án Kè sông Nậm Pàn tại xã Chiềng Mung : 38,5
PROJECT, INSIDE, BESIDE, FIGURE = Key("PROJECT", 0, 5), Key("PLACE", 2, 5), Key("PLACE", 6, 9), Key("QUANTITY", 10, 11)
SPANS = (PROJECT, INSIDE, BESIDE, FIGURE)
LIMITS = np.full(len(relation_names()), 0.5)
LOCATED = relation_names().index("LOCATED_IN")


def _pairs(*ends: tuple[Key, Key], spans: tuple[Key, ...] = SPANS) -> Pairs:
    head, tail = (np.array([spans.index(pair[side]) for pair in ends]) for side in (0, 1))
    allowed = np.ones((len(ends), len(relation_names())), dtype=bool)
    return Pairs(spans, head, tail, np.zeros((len(ends), 1), dtype=np.uint64), allowed)


def _scores(*located: float) -> np.ndarray:
    scores = np.zeros((len(located), len(relation_names())), dtype=np.float32)
    scores[:, LOCATED] = located
    return scores


@pytest.mark.parametrize(
    ("head", "tail", "score", "expected"),
    [
        (PROJECT, INSIDE, 0.1, 0.5),
        (PROJECT, INSIDE, 0.9, 0.9),
        (FIGURE, INSIDE, 0.9, 0.0),
        (PROJECT, BESIDE, 0.1, 0.1),
        (FIGURE, BESIDE, 0.9, 0.9),
    ],
)
def test_a_place_inside_the_name_is_the_projects_alone(head: Key, tail: Key, score: float, expected: float) -> None:
    scores = _scores(score)
    assert settled(_pairs((head, tail)), scores, LIMITS)[0, LOCATED] == pytest.approx(expected)
    assert scores[0, LOCATED] == np.float32(score)


def test_a_project_in_a_project_shares_its_places() -> None:
    outer = Key("PROJECT", 0, 9)
    spans = (outer, *SPANS)
    found = settled(
        _pairs((outer, INSIDE), (PROJECT, INSIDE), (PROJECT, BESIDE), spans=spans), _scores(0, 0, 0), LIMITS
    )
    assert found[:, LOCATED].tolist() == [0.5, 0.5, 0.0]


def test_a_place_inside_a_document_is_its_issuers() -> None:
    legal, issuer, project = Key("LEGAL", 0, 9), Key("PLACE", 7, 9), Key("PROJECT", 12, 15)
    ends = [(legal, issuer), (project, issuer), (FIGURE, issuer)]
    found = settled(_pairs(*ends, spans=(legal, issuer, FIGURE, project)), _scores(0.1, 0.9, 0.9), LIMITS)
    assert found[:, LOCATED].tolist() == [0.5, 0.0, 0.0]


def test_what_is_settled_is_decoded() -> None:
    found = decode(_pairs((PROJECT, INSIDE), (FIGURE, INSIDE)), _scores(0.1, 0.9), LIMITS)
    assert [(link.type, link.head, link.tail) for link in found] == [("LOCATED_IN", PROJECT, INSIDE)]


@pytest.mark.parametrize(
    ("links", "left"),
    [
        ([("FUNDED", PROJECT, FIGURE), ("LOCATED_IN", PROJECT, BESIDE), ("LOCATED_IN", FIGURE, BESIDE)], 2),
        ([("LOCATED_IN", PROJECT, BESIDE), ("LOCATED_IN", FIGURE, BESIDE)], 2),
        ([("FUNDED", PROJECT, FIGURE), ("LOCATED_IN", FIGURE, BESIDE)], 2),
        ([], 0),
    ],
)
def test_money_has_the_places_said_after_its_project_through_it(links: list[tuple[str, Key, Key]], left: int) -> None:
    made = [Link(*link) for link in links]
    assert through_projects(made) == made[:left]


def test_a_place_before_the_project_holds_for_its_money_too() -> None:
    before, project = Key("PLACE", 0, 2), Key("PROJECT", 3, 6)
    links = [Link("FUNDED", project, FIGURE), Link("LOCATED_IN", project, before), Link("LOCATED_IN", FIGURE, before)]
    assert through_projects(links) == links
