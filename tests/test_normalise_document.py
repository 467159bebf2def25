"""Values of whole documents: inline gold, units taken along, the report's own time and habit, counts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ie import brat
from ie.document import Document, Entity, Relation, Value
from ie.normalise import LABELS, normalisation_report, normalise
from ie.normalise.context import Context
from ie.normalise.periods import Anchor
from tests.inline_gold import document


def value(found: Document, id: str) -> Value:
    held = found.entity(id).value
    assert held is not None, id
    return held


@pytest.mark.parametrize(
    ("number", "unit", "gold"),
    [
        ("57.210", "triệu đồng", "57210000000 VND"),
        ("1.250,5", "tỷ đồng", "1250500000000 VND"),
        ("8,5", "tr.đ", "8500000 VND"),
        ("12,5", "ha", "12.5 ha"),
        ("3,2", "nghìn ha", "3200 ha"),
        ("16,5", "%", "16.5 %"),
        ("1,2", "điểm %", "1.2 điểm %"),
        ("52,4", "tạ/ha", "52.4 tạ/ha"),
        ("45", "triệu đồng/người/năm", "45000000 VND/người/năm"),
        ("1,5", "triệu lượt", "1500000 lượt"),
        ("04", "xã, thị trấn", "4 xã, thị trấn"),
        ("2 tỷ 735", "triệu đồng", "2735000000 VND"),
        ("hai mươi", "nghìn tấn", "20000 tấn"),
        ("1,2 triệu", "người", "1200000 người"),
        ("64/72", "hộ", "64/72 hộ"),
        ("10-15", "triệu đồng", "10000000-15000000 VND"),
        ("3", "tỷ", "3000000000 VND"),
    ],
)
def test_inline_gold(number: str, unit: str, gold: str) -> None:
    found = normalise(document(f"Đạt {{Q1 {number}}} {{U1 {unit}}}.", "Q1 HAS_UNIT U1"))
    held = value(found, "Q1")
    joined = {"number": "", "fraction": "/", "range": "-"}[held.kind]
    assert f"{held.number}{joined}{held.upper or ''} {held.unit}" == gold


def test_a_quantity_without_unit_keeps_its_number() -> None:
    held = value(normalise(document("Ngô {Q1 1.045}, sắn 30.")), "Q1")
    assert held == Value("number", number="1045")


def test_the_surest_unit_counts() -> None:
    marked = "Giá {Q1 12} {U1 triệu đồng} hay {U2 tấn}."
    found = normalise(document(marked, "Q1 HAS_UNIT U2 0.4; Q1 HAS_UNIT U1 0.9"))
    assert value(found, "Q1").unit == "VND"
    found = normalise(document(marked, "Q1 HAS_UNIT U2; Q1 HAS_UNIT U1 0.9"))
    assert value(found, "Q1").unit == "tấn"


def test_the_report_s_habit_reaches_its_numbers() -> None:
    dotted = "Đường dài {Q1 1.744} {U1 km}; rộng 7.5 m, dày 0.2 m, tổng 21.4 ha."
    regular = "Đường dài {Q1 1.744} {U1 km}; rộng 7,5 m, dày 0,2 m, tổng 1.021,4 ha."
    assert value(normalise(document(dotted, "Q1 HAS_UNIT U1")), "Q1").number == "1.744"
    assert value(normalise(document(regular, "Q1 HAS_UNIT U1")), "Q1").number == "1744"


def test_the_report_s_time_reaches_its_periods() -> None:
    marked = "BÁO CÁO\nTình hình tháng 02 năm 2023\nTrong {P1 tháng}, lũy kế {P2 2 tháng} và {P3 quý I}."
    found = normalise(document(marked))
    assert [(value(found, id).start, value(found, id).end) for id in ("P1", "P2", "P3")] == [
        ("2023-02-01", "2023-02-28"),
        ("2023-01-01", "2023-02-28"),
        ("2023-01-01", "2023-03-31"),
    ]


def test_a_given_context_wins() -> None:
    found = normalise(document("Trong {P1 tháng 02}."), context=Context(anchor=Anchor(2019)))
    assert value(found, "P1").start == "2019-02-01"


def test_every_label_has_its_kind() -> None:
    marked = "{J1 Dự án Cải tạo {L1 đường Trần Phú}} theo {G1 Quyết định số 15/QĐ-UBND}: {Q1 2} {U1 km} {I1 đường}"
    found = normalise(document(marked))
    kinds = {entity.id: entity.value.kind if entity.value else None for entity in found.entities}
    assert kinds == {
        "J1": "project", "L1": "place", "G1": "legal", "Q1": "number", "U1": "unit", "I1": "indicator",
    }  # fmt: skip


def test_what_cannot_be_read_is_counted() -> None:
    found = normalise(document("{Q1 rất nhiều} và {Q2 12} {U1 hộ}, {P1 thời gian qua}, {G1 Quyết định}"))
    assert normalisation_report(found) == {
        "QUANTITY": {"done": 1, "failed": 1},
        "UNIT": {"done": 1, "failed": 0},
        "PERIOD": {"done": 0, "failed": 1, "an open stretch of years or months": 1},
        "LEGAL": {"done": 0, "failed": 1},
        "PLACE": {"done": 0, "failed": 0, "linked": 0, "ambiguous": 0, "unlinked": 0},
        "PROJECT": {"done": 0, "failed": 0},
        "INDICATOR": {"done": 0, "failed": 0},
    }


def test_normalising_twice_changes_nothing_and_only_values_change() -> None:
    before = document("Thu {Q1*Estimate 57.210} {U1 triệu đồng} {P1 năm 2023}.", "Q1 HAS_UNIT U1; Q1 IN_PERIOD P1")
    once = normalise(before)
    assert normalise(once) == once
    assert (once.text, once.relations) == (before.text, before.relations)
    assert [(e.id, e.fragments, e.attributes) for e in once.entities] == [
        (e.id, e.fragments, e.attributes) for e in before.entities
    ]


@given(
    st.lists(st.tuples(st.sampled_from(LABELS), st.text())),
    st.text(max_size=100),
)
def test_odd_spans_never_raise(spans: list[tuple[str, str]], text: str) -> None:
    entities = tuple(Entity(f"T{i}", label, ((0, 1),), held) for i, (label, held) in enumerate(spans))
    relations = (Relation("R1", "HAS_UNIT", "T0", "T1"), Relation("R2", "HAS_UNIT", "T9", "T8"))
    found = normalise(Document("odd", text, entities, relations))
    assert sum(counts["done"] + counts["failed"] for counts in normalisation_report(found).values()) == len(spans)


def real_documents(folder: Path) -> Iterator[Document]:
    for path in sorted(folder.glob("*.ann")):
        yield brat.read(path)


def test_nearly_all_gold_spans_of_real_text_are_read(shared: Path) -> None:
    counts: dict[str, list[int]] = {}
    for found in real_documents(shared / "real-dev"):
        for label, held in normalisation_report(normalise(found)).items():
            done, failed = counts.setdefault(label, [0, 0])
            counts[label] = [done + held["done"], failed + held["failed"]]
    shares = {label: done / (done + failed) for label, (done, failed) in counts.items()}
    assert min(shares[label] for label in ("QUANTITY", "UNIT", "LEGAL", "PLACE", "PROJECT")) == 1
    assert shares["PERIOD"] > 0.8
