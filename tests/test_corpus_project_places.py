"""Figures linked to a place of their project: they have it through the project."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.checks.project_places import doubled, problems
from tests.inline_gold import document

KE = (
    "{J1 Dự án Kè {L1 sông Nậm Pàn}} tại {L2 xã Chiềng Mung}: {I1 tổng mức đầu tư} {Q1 38,5} {U1 tỷ đồng}, "
    "{I2 dài} {Q2 2,4} {U2 km}. Ở {L3 bản Nà Hạ} cần di dời {Q3 12} {U3 hộ}"
)


@pytest.mark.parametrize(
    ("relations", "found"),
    [
        # Inside the name it is the project's, whoever the figure belongs to.
        ("J1 LOCATED_IN L1; J1 FUNDED Q1; Q1 LOCATED_IN L1", ["R3"]),
        ("Q3 LOCATED_IN L1", ["R1"]),
        # After the name it is the project's where it is LOCATED_IN it, for its money and what its sentence says of it.
        ("J1 LOCATED_IN L2; J1 FUNDED Q1; Q1 LOCATED_IN L2", ["R3"]),
        ("J1 LOCATED_IN L2; Q2 LOCATED_IN L2", ["R2"]),
        ("J1 FUNDED Q1; Q1 LOCATED_IN L2", []),
        # Another sentence has its own places, and may name the project's again.
        ("J1 LOCATED_IN L2; Q3 LOCATED_IN L3", []),
        ("J1 LOCATED_IN L3; Q3 LOCATED_IN L3", []),
    ],
)
def test_a_figure_has_the_places_of_its_project_through_it(relations: str, found: list[str]) -> None:
    assert [relation.id for relation in doubled(document(KE, relations))] == found


def test_a_place_before_the_project_holds_for_the_figures_too() -> None:
    text = "Tại {L1 xã Chiềng Mung}, {J1 Dự án Kè Nậm Pàn} có {I1 tổng mức đầu tư} {Q1 38,5} tỷ đồng"
    assert not doubled(document(text, "J1 LOCATED_IN L1; J1 FUNDED Q1; Q1 LOCATED_IN L1"))


@pytest.mark.parametrize(("place", "found"), [("P. Quyết Thắng", ["R2"]), ("TP. Sơn La", ["R2"]), ("bản Hẹo. Nay", [])])
def test_the_full_stop_of_an_abbreviation_ends_no_sentence(place: str, found: list[str]) -> None:
    text = f"Mở rộng {{J1 Khu công nghiệp Mai Sơn}}, {{L1 {place}}}: {{Q1 280,4}} {{U1 ha}}"
    assert [relation.id for relation in doubled(document(text, "J1 LOCATED_IN L1; Q1 LOCATED_IN L1"))] == found


def test_of_two_projects_a_figure_is_the_nearers() -> None:
    text = "{J1 Dự án Kè} ({L1 xã A}) và {J2 Dự án Cầu} ({L2 xã B}) cần {Q1 12} tỷ đồng"
    both = "J1 LOCATED_IN L1; J2 LOCATED_IN L2; Q1 LOCATED_IN L1; Q1 LOCATED_IN L2"
    assert [relation.id for relation in doubled(document(text, both))] == ["R4"]


def test_a_problem_names_the_line() -> None:
    (found,) = problems(document(KE, "Q1 LOCATED_IN L1"), {"R1": 7}, Path("a.ann"))
    assert str(found).startswith("a.ann:7: LOCATED_IN R1 gives a figure the place of its project")
