"""Projects: mentions of one brought together, money by role and source, progress, programme, places."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ie.document import Document, Entity, Relation, Value
from ie.export.jsonl import as_dict, from_dict
from ie.facts import facts
from ie.normalise import normalise
from ie.normalise.project_names import is_short_for, read_name
from ie.projects import projects_of


def ids(*names: str) -> list[str | None]:
    """Return the project ids of spans that stand one a line."""
    text, entities = "", []
    for index, name in enumerate(names, 1):
        entities.append(Entity(f"T{index}", "PROJECT", ((len(text), len(text) + len(name)),), name))
        text += f"{name} xong.\n"
    found = normalise(Document("report", text, tuple(entities)))
    return [entity.value.ref if entity.value else None for entity in found.entities]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Dự án Đường Trần Phú", "đường Trần Phú"),
        ("công trình Nâng cấp đường Trần Phú đoạn từ chợ đến bến xe", "Đường Trần Phú"),
        ("Chương trình mục tiêu quốc gia xây dựng nông thôn mới giai đoạn 2021-2025", "CT MTQG XD NTM"),
        ("Chương trình 135", "CT 135"),
        ("Dự án “Kè suối Nậm La”, mã 7501877", "Kè chống sạt lở suối Nậm La (mã số 7501877)"),
        ("Hồ Noong Đúc", "HỒ NOONG ĐÚC"),
        ("Dự án Thuỷ lợi Bản Áng", "Thủy lợi Bản Áng"),
    ],
)
def test_spellings_of_one_project(one: str, other: str) -> None:
    assert ids(one, other) == ["P1", "P1"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Đường Trần Phú giai đoạn 1", "Đường Trần Phú giai đoạn 2"),
        ("Đường Trần Phú", "Đường Trần Phú kéo dài"),
        ("Chương trình 134", "Chương trình 135"),
        ("Đề án OCOP", "Chương trình OCOP"),
        ("Tiểu dự án 1", "Tiểu dự án 2"),
        ("Trường Mầm non Tân Lập", "Trường Tiểu học Tân Lập"),
    ],
)
def test_different_projects_stay_apart(one: str, other: str) -> None:
    assert ids(one, other) == ["P1", "P2"]


def test_a_number_is_known_by_the_project_above() -> None:
    text = "Tiểu dự án 2 của Dự án A thuộc; Tiểu dự án 2 của Dự án B xong; Tiểu dự án 2 nữa."
    spans = [("Tiểu dự án 2", 0), ("Dự án A", 17), ("Tiểu dự án 2", 32), ("Dự án B", 49), ("Tiểu dự án 2", 63)]
    entities = tuple(Entity(f"T{i}", "PROJECT", ((at, at + len(name)),), name) for i, (name, at) in enumerate(spans, 1))
    relations = (Relation("R1", "PART_OF", "T1", "T2"), Relation("R2", "PART_OF", "T3", "T4"))
    found = normalise(Document("report", text, entities, relations))
    assert [entity.value.ref if entity.value else None for entity in found.entities] == ["P1", "P2", "P3", "P4", "P5"]
    assert [project.parent for project in projects_of(found)] == ["P2", None, "P4", None, None]


@pytest.mark.parametrize(
    ("text", "kind", "name", "code", "number"),
    [
        ("Dự án Đường Trần Phú", "dự án", "Đường Trần Phú", None, None),
        ("Tiểu dự án 2", "tiểu dự án", "2", None, "2"),
        ("Chương trình 135", "chương trình", "135", None, None),
        ("“Kè suối” (mã 7.338.119)", None, "Kè suối", "7338119", None),
        ("Dự ánh sáng đô thị", None, "Dự ánh sáng đô thị", None, None),
    ],
)
def test_name(text: str, kind: str | None, name: str, code: str | None, number: str | None) -> None:
    found = read_name(text)
    assert (found.kind, found.name, found.code, found.number) == (kind, name, code, number)


def test_short_names_lose_places_only() -> None:
    assert is_short_for("đường trần phú", "đường trần phú đoạn từ chợ đến bến xe")
    assert not is_short_for("đường trần phú", "đường trần phú giai đoạn 2")
    assert not is_short_for("đường", "đường trần phú")


def full_report() -> Document:
    """Return a small report: a project with cost, capital by source, payment and a share of it."""
    parts = [
        ("J1", "PROJECT", "Dự án Kè suối Nậm La"),
        (None, "", " (mã 7501877) tại "), ("L1", "PLACE", "thành phố Sơn La"),
        (None, "", " do Ban Quản lý dự án tỉnh làm chủ đầu tư, tổng mức đầu tư "), ("Q1", "QUANTITY", "120"),
        (None, "", " "), ("U1", "UNIT", "tỷ đồng"), (None, "", ", ngân sách trung ương cấp "), ("Q2", "QUANTITY", "30"),
        (None, "", " "), ("U2", "UNIT", "tỷ đồng"), (None, "", ", giải ngân "), ("Q3", "QUANTITY", "12"),
        (None, "", " "), ("U3", "UNIT", "tỷ đồng"), (None, "", ", đạt "), ("Q4", "QUANTITY", "40"), ("U4", "UNIT", "%"),
        (None, "", ". Công tác đền bù của dự án trên còn chậm; "), ("J2", "PROJECT", "Kè suối Nậm La"),
        (None, "", " cần thêm "), ("Q5", "QUANTITY", "5"), (None, "", " "), ("U5", "UNIT", "tỷ đồng"), (None, "", "."),
    ]  # fmt: skip
    text, entities = "", []
    for id, label, words in parts:
        if id:
            entities.append(Entity(id, label, ((len(text), len(text) + len(words)),), words))
        text += words
    pairs = [("HAS_UNIT", f"Q{i}", f"U{i}") for i in range(1, 6)]
    pairs += [("FUNDED", "J1", f"Q{i}") for i in (1, 2, 3)] + [("FUNDED", "J2", "Q5")]
    pairs += [("RATIO_OF", "Q4", "Q3"), ("LOCATED_IN", "J1", "L1")]
    relations = tuple(Relation(f"R{i}", *pair) for i, pair in enumerate(pairs, 1))
    return normalise(Document("report", text, tuple(entities), relations))


def test_a_project_in_full() -> None:
    report = full_report()
    (project,) = projects_of(report)
    assert (project.name, project.kind, project.code) == ("Kè suối Nậm La", "dự án", "7501877")
    assert project.investor == "Ban Quản lý dự án tỉnh"
    assert (project.mentions, project.places) == (("J1", "J2"), ("old/14/116",))
    roles = [(each.quantity, each.role, each.value, each.source) for each in project.money]
    assert roles[:3] == [
        ("Q1", "total_cost", "120000000000", None),
        ("Q2", "capital", "30000000000", "ngân sách trung ương"),
        ("Q3", "disbursed", "12000000000", None),
    ]
    assert (project.total_cost, project.disbursed, project.capital) == ("Q1", "Q3", ("Q2",))
    assert [(each.quantity, each.value, each.of, each.role) for each in project.progress] == [
        ("Q4", "40", "Q3", "disbursed")
    ]
    assert [report.text[start:end] for start, end in project.back] == ["dự án trên"]


def test_facts_carry_the_project_and_json_reads_back() -> None:
    report = full_report()
    assert {fact.id: fact.project_ids for fact in facts(report)}["Q5"] == ("P1",)
    data = json.loads(json.dumps(as_dict(report)))
    assert data["projects"][0]["mentions"] == ["J1", "J2"]
    assert from_dict(data).entities == report.entities


@given(
    st.lists(
        st.sampled_from(["Dự án 1", "Tiểu dự án 2", "dự án trên", "Hồ A", "Dự án Hồ A", "", "“”", "CT MTQG"]),
        max_size=6,
    )
)
def test_every_mention_is_in_one_project(names: list[str]) -> None:
    text = "\n".join(names)
    entities, at = [], 0
    for index, name in enumerate(names):
        entities.append(Entity(f"T{index}", "PROJECT", ((at, at + len(name)),), name))
        at += len(name) + 1
    found = normalise(Document("report", text, tuple(entities)))
    mentions = [id for project in projects_of(found) for id in project.mentions]
    assert sorted(mentions) == sorted(entity.id for entity in found.entities if entity.value)
    assert all(isinstance(entity.value, Value) or not entity.text.strip("“”") for entity in found.entities)
