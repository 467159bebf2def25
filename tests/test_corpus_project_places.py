"""Figures that lead into the name of a project: its places are the project's."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.checks.project_places import problems, through_names
from tests.inline_gold import document

KE = "{J1 Dự án Kè {L1 sông Nậm Pàn}} tại {L2 xã Chiềng Mung}: {I1 tổng mức đầu tư} {Q1 38,5} {U1 tỷ đồng}"


@pytest.mark.parametrize(
    ("relations", "found"),
    [
        ("J1 LOCATED_IN L1; J1 FUNDED Q1; Q1 LOCATED_IN L1", ["R3"]),
        ("Q1 LOCATED_IN L1", ["R1"]),
        # Beside the name it is any figure's; the project keeps its own.
        ("J1 LOCATED_IN L1; J1 LOCATED_IN L2; Q1 LOCATED_IN L2", []),
    ],
)
def test_a_place_inside_a_name_is_the_projects(relations: str, found: list[str]) -> None:
    assert [relation.id for relation in through_names(document(KE, relations))] == found


def test_a_problem_names_the_line() -> None:
    (found,) = problems(document(KE, "Q1 LOCATED_IN L1"), {"R1": 7}, Path("a.ann"))
    assert str(found).startswith("a.ann:7: LOCATED_IN R1 leads a figure into a project's name")
