"""Project records judged by what a person found: pairs of mentions, roles of amounts."""

import json
from pathlib import Path

import pytest

from corpus.values import text_hash
from evaluation.projects import TOGETHER, Checked, counts, read_checked
from evaluation.scores import Counts
from ie.document import Document
from ie.errors import FormatError
from ie.normalise import normalise
from ie.projects import Money, Project, projects_of
from tests.inline_gold import document

CHECKED = Checked((("T1", "T2"),), {"T5": "total_cost", "T6": "capital"})


def project(*mentions: str, money: tuple[Money, ...] = ()) -> Project:
    return Project("P1", "k", "n", mentions=mentions, money=money)


def test_what_agrees_is_found() -> None:
    money = (Money("T5", "total_cost"), Money("T6", "capital"), Money("T9", "done"))
    found = counts(CHECKED, (project("T1", "T2", money=money), project("T3")))
    assert (found[TOGETHER], found["total_cost"], found["capital"]) == (Counts(1), Counts(1), Counts(1))
    assert found["done"] == Counts()  # nobody said what T9 is


def test_what_is_kept_apart_is_missed_and_a_wrong_role_is_spurious_too() -> None:
    found = counts(CHECKED, (project("T1", "T3"), project("T2", money=(Money("T5", "capital"),))))
    assert found[TOGETHER] == Counts(0, 1, 1)
    assert (found["total_cost"], found["capital"]) == (Counts(0, 0, 1), Counts(0, 1, 1))


def test_a_check_of_another_text_is_refused(tmp_path: Path) -> None:
    made = Document("r", "text")
    path = tmp_path / "r.json"
    for sha, roles in (("0", {}), (text_hash(made), {"T1": "done"})):
        path.write_text(json.dumps({"sha256": sha, "together": [], "roles": roles}), "utf-8")
        with pytest.raises(FormatError):
            read_checked(path, made)


@pytest.mark.parametrize(
    ("words", "role"),
    [
        ("đã thanh toán 412 triệu đồng/", "capital"),
        ("chi trả ", "disbursed"),
        ("còn tồn ", "remaining"),
        ("ngân sách tỉnh ", "capital"),
        ("nhân công ", "unstated"),
    ],
)
def test_roles_of_amounts(words: str, role: str) -> None:
    made = document(f"{{J1 Dự án Kè sông Lô}}: {words}{{Q1 530}} {{U1 triệu đồng}}.", "Q1 HAS_UNIT U1; J1 FUNDED Q1")
    ((record,),) = (projects_of(normalise(made)),)
    assert [money.role for money in record.money] == [role]


def test_names_of_one_programme_are_one() -> None:
    names = (
        "Chương trình mục tiêu quốc gia xây dựng nông thôn mới",
        "CTMTQG xây dựng NTM",
        "Chương trình nông thôn mới",
    )
    made = document("; ".join(f"{{J{n} {name}}}" for n, name in enumerate(names)) + ".", "")
    assert len(projects_of(normalise(made))) == 1


def test_a_name_without_its_route_is_short() -> None:
    made = document(
        "{J1 Dự án Đường nối QL.39 với ĐT.376 qua Cụm Chính Nghĩa}; {J2 Dự án Đường nối QL.39 với ĐT.376}.", ""
    )
    assert len(projects_of(normalise(made))) == 1
